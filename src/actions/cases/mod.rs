//! Cases: requests for an explanation with their answers and deadlines, decisions, appeals, and the rules that judge them.

mod decide;

pub use decide::{CaseDecision, decide_case, undo_decision};
