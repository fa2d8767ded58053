//! Inspectors (执法人员) and the validity of their certificates (执法证).

use super::id::{AgencyId, InspectorId};
use chrono::NaiveDate;

/// A person with an enforcement certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspector {
    /// Identity.
    pub id: InspectorId,
    /// Certificate number: how filings name the inspector.
    pub cert_no: String,
    /// Name.
    pub name: String,
    /// The agency that the certificate was issued for.
    pub agency: AgencyId,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity; open if `None`.
    pub valid_to: Option<NaiveDate>,
    /// Suspended from enforcement (暂扣).
    pub suspended: bool,
}

impl Inspector {
    /// Whether the certificate is within its validity on this day (both ends inclusive).
    #[must_use]
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}
