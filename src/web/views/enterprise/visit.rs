//! A filing as an enterprise sees it: who is registered to come, for what, and whether it is now.

use crate::actions::Snapshot;
use crate::domain::day::Zone;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::Filing;
use crate::domain::text::mask_name;
use crate::storage::filings::FilingRecord;
use crate::web::page::Page;
use chrono::{Datelike as _, NaiveDate};

/// Days after its last day for which a visit that nobody has ended is still shown as going on.
const OPEN_END: i64 = 3;

/// Where a filing stands today, in the enterprise's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Taken back by the agency.
    Cancelled,
    /// For a later day.
    Later,
    /// For today, not there yet.
    Today,
    /// They are there.
    There,
    /// They have left today.
    Left,
    /// For a day that is over.
    Over,
}

impl Standing {
    /// Of a filing, on a day.
    pub(super) fn of(filing: &Filing, present: bool, today: NaiveDate, zone: Zone) -> Self {
        let (first, last) = (filing.first_day(zone), filing.last_day(zone));
        let gone = filing.left_at.is_some();
        let here = filing.arrived_at.is_some() || present;
        if !filing.live() {
            Self::Cancelled
        } else if here && !gone && (today - last).num_days() <= OPEN_END {
            Self::There
        } else if last < today {
            Self::Over
        } else if first > today {
            Self::Later
        } else if gone {
            Self::Left
        } else {
            Self::Today
        }
    }

    /// The key of its words: `ent-standing-…`.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Later => "later",
            Self::Today => "today",
            Self::There => "there",
            Self::Left => "left",
            Self::Over => "over",
        }
    }

    /// The class of its badge.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Cancelled | Self::Over => "over",
            Self::Later => "",
            Self::Today => "wait",
            Self::There | Self::Left => "done",
        }
    }

    /// Whether the enterprise may say now that they are there.
    pub(super) const fn confirmable(self) -> bool {
        matches!(self, Self::Today | Self::There)
    }
}

/// An officer of a visit.
pub(super) struct Officer {
    /// Name, masked where only the code on the wall was scanned; empty if the certificate is not in the registry.
    pub name: String,
    /// Certificate number, its end alone where only the code on the wall was scanned.
    pub cert: String,
    /// The certificate is in the registry, valid on the first day, and not suspended.
    pub valid: bool,
}

/// What a page shows of a filing.
pub(super) struct Visit {
    pub agency: String,
    pub kind: String,
    pub matters: Vec<(String, String)>,
    pub officers: Vec<Officer>,
    pub planned: String,
    pub number: String,
    pub standing: Standing,
    pub exemption: Option<(String, String)>,
    /// The no-disturb days that the planned span touches.
    pub quiet: Vec<String>,
    pub inspection: bool,
}

/// How much of the officers' names a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// For those who scanned the code that the officers showed.
    Full,
    /// For everybody who can scan the wall.
    Masked,
}

impl Visit {
    /// A filing in words.
    pub(super) fn new(page: &Page, snapshot: &Snapshot, record: &FilingRecord, names: Names) -> Self {
        let registries = &snapshot.registries;
        let (zone, today) = (registries.zone, page.today());
        let filing = &record.filing;
        let first = filing.first_day(zone);
        let matter = |id| registries.matters.get(id).map(|m| (m.name.clone(), m.legal_basis.clone()));
        let quiet = filing.planned.days(zone).filter(|day| snapshot.policies.on(*day).calendar.is_no_disturb(*day));
        Self {
            agency: registries.agencies.get(&filing.agency).map(|a| a.name.clone()).unwrap_or_default(),
            kind: page.t(&format!("kind-{}", filing.kind.as_str().replace('_', "-"))),
            matters: filing.matters.iter().filter_map(matter).collect(),
            officers: filing.inspectors.iter().map(|cert| officer(snapshot, cert, first, names)).collect(),
            planned: page.lang.span(filing.planned, page.now, zone),
            number: record.number.clone(),
            standing: Standing::of(filing, record.presence_confirmed_at.is_some(), today, zone),
            exemption: filing.exemption.as_ref().map(|e| (exemption_words(page, e.code), e.reason.clone())),
            quiet: quiet.map(|day| page.date(&day)).collect(),
            inspection: filing.inspection(),
        }
    }
}

fn exemption_words(page: &Page, code: ExemptionCode) -> String {
    page.t(&format!("exemption-{}", code.as_str().to_ascii_lowercase()))
}

fn officer(snapshot: &Snapshot, cert: &str, first: NaiveDate, names: Names) -> Officer {
    let known = snapshot.registries.inspectors.get(cert);
    let name = known.map(|i| i.name.as_str()).unwrap_or_default();
    let end: String = cert.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    Officer {
        name: if names == Names::Full { name.to_owned() } else { mask_name(name) },
        cert: if names == Names::Full || end == cert { cert.to_owned() } else { format!("…{end}") },
        valid: known.is_some_and(|i| !i.suspended && i.valid_on(first)),
    }
}

/// How many inspections of an enterprise begin in the year of `today` up to today: from filings alone.
pub(super) fn this_year(records: &[FilingRecord], today: NaiveDate, zone: Zone) -> usize {
    let counted = |filing: &Filing| {
        let first = filing.first_day(zone);
        filing.live() && filing.inspection() && first.year() == today.year() && first <= today
    };
    records.iter().filter(|record| counted(&record.filing)).count()
}
