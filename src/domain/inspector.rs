//! Inspectors (执法人员) and the validity of their certificates (执法证).

use super::code_enum::code_enum;
use super::id::{AgencyId, InspectorId};
use chrono::{Days, NaiveDate};

/// A certificate that ends within so many days is about to run out.
pub const RUNS_OUT_SOON: Days = Days::new(30);

code_enum! {
    /// What somebody in the registry of inspectors is.
    InspectorKind {
        /// 执法人员, with an enforcement certificate.
        Officer = "officer",
        /// 辅助人员, with a work pass: may come along, never alone.
        Assistant = "assistant",
    }
}

/// A person with an enforcement certificate, or an assistant with a work pass.
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
    /// Officer or assistant.
    pub kind: InspectorKind,
}

impl Inspector {
    /// Whether the certificate is within its validity on this day (both ends inclusive).
    #[must_use]
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether a certificate in use runs out within [`RUNS_OUT_SOON`] of this day.
    #[must_use]
    pub fn runs_out_soon(&self, day: NaiveDate) -> bool {
        !self.suspended && self.valid_on(day) && self.valid_to.is_some_and(|to| to <= day + RUNS_OUT_SOON)
    }
}
