//! What the rules need to know of an enterprise (企业).

use super::code_enum::code_enum;
use super::id::EnterpriseId;

code_enum! {
    /// Credit class (信用等级) of an enterprise.
    CreditClass {
        /// Best.
        A = "A",
        /// Good.
        B = "B",
        /// Fair.
        C = "C",
        /// Poor: no cap on the yearly number of inspections.
        D = "D",
    }
}

/// The facts about an enterprise that rules look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enterprise {
    /// Identity.
    pub id: EnterpriseId,
    /// Credit class, `None` if unclassified.
    pub credit_class: Option<CreditClass>,
    /// The town (镇街) it is in; empty if not known.
    pub town: String,
}
