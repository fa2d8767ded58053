//! Requests for an explanation with their answers, decisions and appeals, the steps of deadlines, and the mails about them.

pub mod answers;
pub mod appeals;
pub mod confirmed;
pub mod decisions;
pub mod items;
pub mod mails;
pub mod request_lists;
pub mod requests;
pub mod steps;

use super::statements::Statement;

/// The statements of each table of this family.
pub(super) const FAMILIES: &[&[Statement]] = &[
    answers::STATEMENTS,
    appeals::STATEMENTS,
    confirmed::STATEMENTS,
    decisions::STATEMENTS,
    items::STATEMENTS,
    mails::STATEMENTS,
    request_lists::STATEMENTS,
    requests::STATEMENTS,
    steps::STATEMENTS,
];
