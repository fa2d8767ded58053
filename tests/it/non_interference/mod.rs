//! The promise of SAFETY.md, "Protection of those who report": two databases that differ only in enterprise reports, and in all that follows from
//! them but a request that a supervisor sent, give every agency role the same bytes: pages, exports, mails, API answers, statuses, headers.
//!
//! Both histories are the same calls at the same instants; one of them leaves the reports out. Ids are random in life, so each call begins with
//! randomness of its own here: what a report uses up is not missing afterwards, and every other difference counts.
//!
//! The list of what is asked is held against the router: a new route must get a line in [`table`].

mod asking;
mod history;
pub mod table;

use asking::{Answered, Session};
use history::History;
use std::collections::BTreeSet;

/// What one history shows to the agency roles: in its first days, after the deadlines, to every form, and later. `secrets` are ids that only
/// the history with reports has.
async fn told(reported: bool, secrets: &[String]) -> (Vec<Answered>, String) {
    let mut history = History::begin(reported).await;
    let mut session = Session::new(&mut history).await;
    history.first_days().await;
    let mut told = session.look(&mut history, "in the first days", &[]).await;
    history.deadlines_pass().await;
    told.extend(session.look(&mut history, "after the deadlines", secrets).await);
    told.extend(session.send_forms(&mut history, secrets).await);
    history.more_days().await;
    told.extend(session.look(&mut history, "in the end", &[]).await);
    (told, history.letters())
}

/// The ids of reports, their receipts, and the violations that follow from them.
async fn secrets() -> Vec<String> {
    let mut history = History::begin(true).await;
    history.first_days().await;
    history.deadlines_pass().await;
    history.secrets().to_vec()
}

#[tokio::test]
async fn no_agency_role_can_tell_whether_an_enterprise_reported() {
    let secrets = secrets().await;
    assert!(secrets.len() > 10, "there is too little to be hidden: {secrets:?}");
    let ((with, letters_with), (without, letters_without)) = (told(true, &secrets).await, told(false, &secrets).await);
    let leaks: Vec<String> = with.iter().zip(&without).filter_map(|(a, b)| a.difference(b)).collect();
    assert!(leaks.is_empty(), "{} answers differ, with reports and without:\n{}", leaks.len(), leaks.join("\n"));
    assert_eq!(with.len(), without.len());
    assert_eq!(letters_with, letters_without, "letters to agencies");
    every_line_asks_what_it_says(&without);
}

/// A line of an open route reaches something in some role, and one of a closed route nothing in any.
fn every_line_asks_what_it_says(answers: &[Answered]) {
    let mut wrong = Vec::new();
    for (route, how) in table::LINES {
        let mut answered = answers.iter().filter(|a| a.route == *route).peekable();
        assert!(answered.peek().is_some(), "{route} is never asked");
        let reached: BTreeSet<u16> = answered.filter(|a| a.reached()).map(|a| a.status).collect();
        match how {
            table::How::Ask(_) if reached.is_empty() => {
                wrong.push(format!(
                    "{route}: no agency role reaches it as asked; mend what the line asks, or say Closed"
                ));
            }
            table::How::Closed if !reached.is_empty() => {
                wrong.push(format!("{route}: an agency role gets {reached:?}; it is not Closed: say what to ask"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "tests/it/non_interference/table.rs:\n{}", wrong.join("\n"));
}
