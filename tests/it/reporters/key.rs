//! The key of the contacts: made at the first start, and never made anew where contacts were sealed with one that is gone.

use mashang::storage::Db;
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::reports::{self, ReportRecord};
use std::path::Path;
use std::process::{Command, Output};

fn users(data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mashang"));
    command.env_clear().env("MASHANG_DATA", data).env("LANG", "C.UTF-8").args(["user", "list"]);
    command.output().expect("the program runs")
}

#[track_caller]
fn refused(output: &Output, words: &str) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(words), "{text}");
}

/// A report with a contact that was sealed with some key.
async fn contact(data: &Path) {
    let db = Db::open_sqlite(&data.join("mashang.db")).await.expect("the database");
    let now = "2026-03-03T02:00:00Z".parse().expect("an instant");
    let mut tx = db.write().await.expect("a transaction");
    let enterprise = EnterpriseRecord {
        id: mashang::domain::id::EnterpriseId(uuid::Uuid::from_u128(1)),
        uscc: "91500000MA5U000013".into(),
        name: "青禾精密机械有限公司".into(),
        town: String::new(),
        address: String::new(),
        industry: String::new(),
        credit_class: None,
        tags: vec![],
        email: String::new(),
        search: String::new(),
        pin_hash: None,
        active: true,
        created_at: now,
    };
    enterprises::insert(&mut tx, &enterprise).await.expect("an enterprise");
    let report = mashang::domain::visit_report::Report {
        id: mashang::domain::id::ReportId(uuid::Uuid::from_u128(2)),
        seq: 1,
        enterprise: enterprise.id,
        agency: None,
        matters: Vec::new(),
        arrived_at: now,
        arrival_known: mashang::domain::visit_report::ArrivalKnown::Time,
        filed_at: now,
        verified: false,
        visitors: None,
        shown_certificate: None,
        shown_notice: None,
        documents_demanded: false,
        premises_inspected: false,
        rectification_asked: false,
        form_signed: false,
        prohibited: vec![],
        service: false,
        linked_filing: None,
        withdrawn: false,
    };
    let id = report.id;
    let record = ReportRecord {
        report,
        receipt: "1".into(),
        agency_text: String::new(),
        words: String::new(),
        clock_doubtful: false,
        identity: mashang::domain::reporter::Identity::Hidden,
        matched_filing: None,
        withdrawn_at: None,
        version: 1,
    };
    reports::insert(&mut tx, &record, "2026-03-03".parse().expect("a date")).await.expect("a report");
    reports::add_contact(&mut tx, id, vec![7; 60], now).await.expect("a contact");
    tx.commit().await.expect("a commit");
    db.close().await;
}

#[tokio::test]
async fn a_lost_or_foreign_key_stops_the_start_and_is_not_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("keys/contact.key");
    assert_eq!(users(folder.path()).status.code(), Some(0));
    let first = std::fs::read(&key).expect("made at the first start");
    assert_eq!(users(folder.path()).status.code(), Some(0));
    assert_eq!(std::fs::read(&key).expect("still there"), first);
    // A key that is lost before anything was sealed may be made anew.
    std::fs::remove_file(&key).expect("removed");
    assert_eq!(users(folder.path()).status.code(), Some(0));
    contact(folder.path()).await;
    refused(&users(folder.path()), "is not the one");
    std::fs::remove_file(&key).expect("removed");
    refused(&users(folder.path()), "is missing");
    assert!(!key.exists(), "no new key hides that the contacts are lost");
}
