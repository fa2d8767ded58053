//! Where to go without disturbing twice: keeps the distances that the rules ask for, so that conflicts in the made-up year are meant.

use super::dice::Dice;
use super::registry::District;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Days between two visits of one authority to an enterprise.
const OWN_DAYS: i64 = 61;

/// Days between two visits of whatever authority to an enterprise, so that neither week nor month is crowded.
const ANY_DAYS: i64 = 12;

/// Days between two visits for matters of one group.
const GROUP_DAYS: i64 = 31;

/// A visit that is planned: authority, group of its matter, day.
#[derive(Clone, Copy, Debug)]
struct Planned {
    root: usize,
    group: &'static str,
    day: NaiveDate,
}

/// The visits planned so far, by enterprise.
#[derive(Debug, Default)]
pub struct Calm {
    planned: BTreeMap<usize, Vec<Planned>>,
}

impl Calm {
    /// An enterprise for a visit of an agency for a matter; not the first one, whose story is told elsewhere. A careless agency
    /// goes where it has just been.
    pub fn place(
        &mut self,
        dice: &Dice,
        district: &District,
        (agency, matter): (usize, usize),
        day: NaiveDate,
        careful: bool,
    ) -> usize {
        let place = &district.agencies[agency];
        let visit = Planned { root: place.root, group: place.matters[matter].1, day };
        let others = district.enterprises.len() - 1;
        let mut chosen = self.again(dice, visit).unwrap_or(1 + dice.below(8));
        if careful {
            for _ in 0..80 {
                chosen = 1 + dice.below(others);
                if self.fits(chosen, visit, district.enterprises[chosen].cap) {
                    break;
                }
            }
        }
        self.planned.entry(chosen).or_default().push(visit);
        chosen
    }

    /// An enterprise where the authority is at about the same time.
    fn again(&self, dice: &Dice, visit: Planned) -> Option<usize> {
        let near = |p: &Planned| p.root == visit.root && (p.day - visit.day).num_days().abs() < OWN_DAYS;
        let known: Vec<usize> =
            self.planned.iter().filter(|(_, list)| list.iter().any(near)).map(|(n, _)| *n).collect();
        known.get(dice.below(known.len())).copied()
    }

    fn fits(&self, enterprise: usize, visit: Planned, cap: Option<usize>) -> bool {
        let none = Vec::new();
        let planned = self.planned.get(&enterprise).unwrap_or(&none);
        let apart = |other: &Planned| (other.day - visit.day).num_days().abs();
        let own = |other: &&Planned| other.root == visit.root && other.day.year() == visit.day.year();
        planned.iter().all(|other| {
            apart(other) >= ANY_DAYS
                && (other.root != visit.root || apart(other) >= OWN_DAYS)
                && (visit.group.is_empty() || other.group != visit.group || apart(other) >= GROUP_DAYS)
        }) && cap.is_none_or(|cap| planned.iter().filter(own).count() < cap)
    }
}
