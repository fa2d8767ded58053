//! The whole program at days and with clocks that are not usual: ten years ahead of the table of holidays, two hours behind, on 29 February, over
//! the turn of a year.

mod ahead;
mod behind;
mod edges;
mod trusted;

use crate::support::filing::{borrowed, fields, review};
use crate::support::{Client, TestApp};
use chrono::{DateTime, Utc};
use mashang::domain::id::FilingId;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::storage::filings::{self, FilingRecord, Scope};
use mashang::storage::violations;

/// An instant from a local time at +08:00.
fn at(local: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).expect("a local time").to_utc()
}

/// Files by the phone of an inspector, as the form does; `number` tells one filing from another. Returns the path of the receipt.
async fn file(app: &TestApp, phone: &mut Client, number: u32, times: &[(&str, &str)]) -> String {
    let path = format!("/e/{}/file", app.token(0));
    let mut typed = fields(app, times);
    for (name, value) in &mut typed {
        if name == "submission" {
            *value = format!("00000000-0000-0000-0000-{number:012}");
        }
    }
    let sent = review(phone, &path, &typed).await;
    phone.post_form(&path, &borrowed(&sent)).await.location()
}

fn id_of(receipt: &str) -> FilingId {
    FilingId::parse(receipt.rsplit('/').next().expect("an id")).expect("an id")
}

async fn stored(app: &TestApp, id: FilingId) -> FilingRecord {
    let mut tx = app.app.db.read().await.expect("a connection");
    filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing")
}

/// The rules that stand on a filing or report.
async fn raised(app: &TestApp, subject: Subject) -> Vec<RuleCode> {
    let mut tx = app.app.db.read().await.expect("a connection");
    let found = violations::by_subject(&mut tx, subject).await.expect("read");
    let mut rules: Vec<RuleCode> = found.into_iter().map(|violation| violation.rule).collect();
    rules.sort_unstable();
    rules
}
