//! The rules of RULES part 4, one family a file: each a pure function of one dossier, the policies, the registries and `now`.

mod inputs;

pub use inputs::{
    Difference, Exceeded, Inputs, InspectorFault, InvalidInspector, MatterFault, Nearest, Period, Tick,
    UnpublishedMatter,
};

use super::dossier::{Dossier, Registries};
use super::id::{FilingId, ReportId};
use super::policy::Policies;
use super::violation::Finding;
use chrono::{DateTime, Utc};

/// What judging a dossier yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Suspected violations, sorted by rule and subject.
    pub findings: Vec<Finding>,
    /// Which report matches which filing.
    pub matches: Vec<(ReportId, FilingId)>,
    /// The next instant at which the result could change by the passing of time alone.
    pub next_change: Option<DateTime<Utc>>,
}

/// Judges a dossier as of `now`.
#[must_use]
pub fn assess(_dossier: &Dossier, _registries: &Registries, _policies: &Policies, _now: DateTime<Utc>) -> Assessment {
    Assessment { findings: Vec::new(), matches: Vec::new(), next_change: None }
}
