//! Agencies (单位) and their published matters (检查事项).

use super::id::{AgencyId, MatterId};
use chrono::NaiveDate;

/// An agency: an authority, or a team, station or entrusted body that belongs to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Identity.
    pub id: AgencyId,
    /// Full official name.
    pub name: String,
    /// Usual short name, may be empty.
    pub short_name: String,
    /// The agency that this one belongs to.
    pub parent: Option<AgencyId>,
    /// Where the agency is reached by mail.
    pub emails: Vec<String>,
    /// The towns (镇街) that it may inspect in; empty for the whole district.
    pub areas: Vec<String>,
}

/// A matter that an agency has published as one that it inspects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Identity.
    pub id: MatterId,
    /// The agency whose list it is on.
    pub agency: AgencyId,
    /// Name of the matter.
    pub name: String,
    /// The cross-agency matter group (事项组); empty if it belongs to none.
    pub group: String,
    /// The law and article that it rests on; may be empty.
    pub legal_basis: String,
    /// First day on the published list.
    pub published_from: NaiveDate,
    /// Last day on the published list; open if `None`.
    pub published_to: Option<NaiveDate>,
}

impl Matter {
    /// Whether it is on the published list on this day (both ends inclusive).
    #[must_use]
    pub fn published_on(&self, day: NaiveDate) -> bool {
        self.published_from <= day && self.published_to.is_none_or(|to| day <= to)
    }
}
