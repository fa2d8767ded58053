//! The dossier: everything about one enterprise that judging needs, and the registries beside it.

use super::agency::{Agency, Matter};
use super::certificate;
use super::day::Zone;
use super::enterprise::Enterprise;
use super::filing::Filing;
use super::holidays::Holidays;
use super::id::{AgencyId, FilingId, MatterId};
use super::inspector::Inspector;
use super::visit_report::Report;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// How far back subjects are judged, in days (RULES part 3).
pub const LOOK_BACK_DAYS: i64 = 400;

/// One enterprise's filings and reports within the look-back.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The enterprise.
    pub enterprise: Enterprise,
    /// Its filings, cancelled ones too.
    pub filings: Vec<Filing>,
    /// Its reports.
    pub reports: Vec<Report>,
    /// How it rated visits.
    pub ratings: Vec<Rating>,
    /// Subjects whose first day is earlier are context only: nothing is raised or cleared for them, because their own
    /// look-back is not wholly in the dossier. `None`: all are judged.
    pub judged_from: Option<NaiveDate>,
}

impl Dossier {
    /// The same dossier without the filings from unknown phones that no agency has called its own: what speaks for or against anybody else.
    /// `None` if there are none.
    #[must_use]
    pub fn confirmed(&self) -> Option<Self> {
        let doubted = |f: &Filing| f.unconfirmed && f.live();
        self.filings
            .iter()
            .any(doubted)
            .then(|| Self { filings: self.filings.iter().filter(|f| !doubted(f)).cloned().collect(), ..self.clone() })
    }

    /// The same dossier as an agency may see it: from filings alone, without anything that the enterprise did.
    #[must_use]
    pub fn without_reports(&self) -> Self {
        let mut own = Self { reports: Vec::new(), ratings: Vec::new(), ..self.clone() };
        for filing in &mut own.filings {
            filing.presence_confirmed = false;
        }
        own
    }
}

/// An enterprise's rating of a visit, each mark 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The filing of the visit.
    pub filing: FilingId,
    /// 亲近度, 清廉度, 满意度.
    pub marks: [u8; 3],
    /// The server's receipt time.
    pub created_at: DateTime<Utc>,
}

impl Rating {
    /// The sum of the three marks, 3 to 15: a mean of marks below `n` is a sum below `3 n`.
    #[must_use]
    pub fn sum(&self) -> u32 {
        self.marks.iter().map(|mark| u32::from(*mark)).sum()
    }

    /// "Very bad": some mark is the worst one.
    #[must_use]
    pub fn very_bad(&self) -> bool {
        self.marks.iter().any(|mark| *mark <= 1)
    }
}

/// What the rules look up: agencies, matters, inspectors, holidays, and the zone of the jurisdiction.
#[derive(Clone, Debug)]
pub struct Registries {
    /// The zone whose local dates count.
    pub zone: Zone,
    /// Public holidays and make-up working days.
    pub holidays: Holidays,
    /// Agencies by id.
    pub agencies: HashMap<AgencyId, Agency>,
    /// Matters by id.
    pub matters: HashMap<MatterId, Matter>,
    /// Inspectors by certificate number.
    pub inspectors: HashMap<String, Inspector>,
}

impl Registries {
    /// The number of a certificate as it was typed, in the form in which the registry has it or would have it.
    #[must_use]
    pub fn certificate(&self, typed: &str) -> String {
        let as_stored = self.inspectors.contains_key(typed);
        if as_stored { typed.to_owned() } else { certificate::plain(typed) }
    }

    /// The same of several, each once.
    #[must_use]
    pub fn certificates(&self, typed: &[String]) -> Vec<String> {
        let mut numbers = Vec::with_capacity(typed.len());
        for number in typed.iter().map(|typed| self.certificate(typed)) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// `root(agency)`: the authority that it belongs to, itself if none. A cycle in bad data ends at its smallest id.
    #[must_use]
    pub fn root(&self, agency: AgencyId) -> AgencyId {
        let parent = |of: AgencyId| self.agencies.get(&of).and_then(|a| a.parent);
        // Nearly all are a root or directly below one: no need to remember the way.
        let Some(first) = parent(agency) else { return agency };
        if parent(first).is_none() {
            return first;
        }
        let mut at = agency;
        let mut seen = vec![at];
        while let Some(above) = parent(at) {
            if seen.contains(&above) {
                return seen.into_iter().min().unwrap_or(agency);
            }
            seen.push(above);
            at = above;
        }
        at
    }

    /// `group(matter)`: its cross-agency group; `None` if unknown or in none.
    #[must_use]
    pub fn group(&self, matter: MatterId) -> Option<&str> {
        self.matters.get(&matter).map(|m| m.group.as_str()).filter(|g| !g.is_empty())
    }
}
