//! A violation: suspected (疑似) by a rule, confirmed or dismissed by a person, or cleared (已消除) when its facts are gone.

use super::code_enum::code_enum;

pub use super::rule::{RuleCode, Severity, Subject};
pub use super::rules::{Finding, VerdictLine};

code_enum! {
    /// Where a violation stands.
    ViolationState {
        /// 疑似: a rule says so, nobody has decided.
        Suspected = "suspected",
        /// 认定: a supervisor confirmed it.
        Confirmed = "confirmed",
        /// 排除: a supervisor dismissed it with a reason.
        Dismissed = "dismissed",
        /// 已消除: gone before a supervisor decided; kept on record.
        Cleared = "cleared",
    }
}
