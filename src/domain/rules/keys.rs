//! Inspections small enough to be compared each with each: dates as numbers, names as numbers, sets as bits.

use super::context::FilingFacts;
use crate::domain::exemption::ExemptionCode;
use crate::domain::id::AgencyId;
use crate::domain::policy::Codes;
use chrono::Datelike;
use std::borrow::Cow;
use std::cmp::Reverse;

/// What repetition compares of an inspection.
///
/// The sets are kept as [`trace`]s: no common bit, nothing in common; a common bit must be looked into.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// First local day, in days since the Common Era.
    pub first: i32,
    /// Last local day, likewise.
    pub last: i32,
    /// Week of the first day.
    pub week: i32,
    /// Month of the first day.
    pub month: i32,
    /// Year of the first day.
    pub year: i32,
    /// Which root agency of those in the dossier.
    pub root: u32,
    /// Which joint group of those in the dossier; 0 for none.
    pub joint: u32,
    /// `has_cause`.
    pub has_cause: bool,
    /// The exemption claimed.
    pub exemption: Option<ExemptionCode>,
    /// Trace of `M(f)`.
    pub matters: u64,
    /// Trace of `G(f)`.
    pub groups: u64,
}

impl Key {
    /// Whether it claims one of these exemptions.
    pub fn exempt(&self, codes: &Codes) -> bool {
        self.exemption.is_some_and(|code| codes.contains(&code))
    }

    /// Whether both are of one joint group.
    pub fn joint_with(&self, other: &Self) -> bool {
        self.joint != 0 && self.joint == other.joint
    }
}

/// An executed inspection, as LOW-01 sees it.
#[derive(Clone, Copy)]
pub(super) struct Executed {
    /// Its position in order of acceptance.
    pub at: usize,
    /// Local date of arrival, in days since the Common Era.
    pub day: i32,
    /// Trace of its inspectors.
    pub inspectors: u64,
}

/// One bit of 64 for a member of a set; a set is the union of the bits of its members.
pub(super) fn trace(member: &[u8]) -> u64 {
    // FNV-1a; which bit it is does not matter to any result.
    let hash = member.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    1 << (hash >> 58)
}

/// Short numbers for the agencies and joint groups of a dossier.
#[derive(Default)]
pub(super) struct Names<'a> {
    roots: Vec<AgencyId>,
    joints: Vec<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    /// The key of an inspection.
    pub fn key(&mut self, f: &FilingFacts<'a>) -> Key {
        Key {
            first: f.first.number,
            last: f.last.number,
            week: f.first.week,
            month: f.first.month,
            year: f.first.year(),
            root: number(&mut self.roots, &f.root),
            joint: f.joint.as_ref().map_or(0, |name| number(&mut self.joints, name)),
            has_cause: f.has_cause,
            exemption: f.exemption,
            matters: f.filing.matters.iter().fold(0, |bits, m| bits | trace(m.0.as_bytes())),
            groups: f.groups().fold(0, |bits, group| bits | trace(group.as_bytes())),
        }
    }
}

/// The place of an item in a list, counted from 1; it is added if it is new.
fn number<T: PartialEq + Clone>(list: &mut Vec<T>, item: &T) -> u32 {
    let at = list.iter().position(|known| known == item).unwrap_or_else(|| {
        list.push(item.clone());
        list.len() - 1
    });
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

/// The executed inspections, latest arrival first.
pub(super) fn executed(filings: &[FilingFacts<'_>]) -> Vec<Executed> {
    let mut executed: Vec<_> = filings.iter().filter_map(|f| Some((f.arrival?, f))).collect();
    executed.sort_unstable_by_key(|(arrival, f)| Reverse((arrival.at, f.at)));
    executed
        .into_iter()
        .map(|(arrival, f)| Executed {
            at: f.at,
            day: arrival.local.date().num_days_from_ce(),
            inspectors: f.filing.inspectors.iter().fold(0, |bits, cert| bits | trace(cert.as_bytes())),
        })
        .collect()
}
