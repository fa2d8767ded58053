//! Cases: requests for an explanation with their answers and deadlines, decisions, appeals, and the rules that judge them.

mod answer;
mod appeal;
mod attachments;
mod closing;
mod consequences;
mod decide;
mod judge;
mod judge_answer;
mod letters;
mod pdf;
mod preview;
mod request;
mod steps;
mod wording;

pub use answer::{NewAnswer, answer_request, ask_extension, hand_over, note_seen};
pub use appeal::{appeal_decision, decide_appeal};
pub use attachments::{ATTACHMENTS_MAX, Attachment, check_attachments};
pub(super) use closing::{after_clearing, after_return};
pub use decide::{CaseDecision, decide_case, hold, undo_decision};
pub use judge_answer::{accept_answer, circulate_listed, decide_extension, return_answer, withdraw_request};
pub use preview::{Preview, Telling, preview_decision};
pub use request::{Draft, DraftItem, draft_request, due_on, send_request};
pub use steps::run_step;
pub use wording::Tells;
