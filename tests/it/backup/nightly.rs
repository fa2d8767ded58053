//! The backup of each night, its rotation, and the weekly proof.

use super::keys;
use chrono::{DateTime, TimeDelta, Utc};
use mashang::actions::backup::recipients;
use mashang::actions::{Actor, Service, Settings, audit};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::domain::backup::Drill;
use mashang::domain::day::Zone;
use mashang::ids::Ids;
use mashang::jobs::backups::{Plan, make_due};
use mashang::jobs::chain;
use mashang::storage::backups::{self, Backup, Proof};
use mashang::storage::{Db, Tx};
use std::path::Path;
use uuid::Uuid;

/// A program over a SQLite file, whatever database the other tests run on.
async fn program(folder: &Path) -> App {
    let settings = Settings {
        public_url: "http://mashang.test".to_owned(),
        also_hosts: Vec::new(),
        district: "青禾区".to_owned(),
        hotline: String::new(),
        mail_from: "mashang@example.org".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [7; 32],
    };
    let db = Db::open_sqlite(&folder.join("mashang.db")).await.expect("a SQLite file");
    let app = App {
        db,
        service: Service::new(Ids::seeded(1), settings),
        clock: Clock::manual("2026-03-02T18:30:00Z".parse::<DateTime<Utc>>().expect("an instant")),
    };
    let mut tx = app.db.write().await.expect("a transaction");
    act(&app, &mut tx).await;
    tx.commit().await.expect("a commit");
    assert_eq!(chain::chain(&app).await.expect("chained"), 1);
    app
}

async fn act(app: &App, tx: &mut Tx) {
    let object = ("sign", Uuid::from_u128(1));
    let now = app.clock.now();
    audit::record(tx, &app.service, now, &Actor::System, "sign.issued", object, serde_json::json!({}))
        .await
        .expect("an act");
}

fn plan(folder: &Path, to: &[String], identities: Option<String>) -> Plan {
    std::fs::create_dir_all(folder.join("backups")).expect("a folder");
    Plan {
        folder: folder.join("backups"),
        recipients: recipients(to).expect("keys"),
        identities,
        scratch: folder.to_owned(),
        postgres: None,
        public: Vec::new(),
    }
}

async fn due(app: &App, plan: &Plan) -> bool {
    make_due(app, plan, app.clock.now()).await.expect("noted")
}

async fn noted(app: &App) -> (Vec<Backup>, Vec<Proof>) {
    let mut tx = app.db.read().await.expect("a connection");
    (backups::list(&mut tx, 50).await.expect("backups"), backups::proofs(&mut tx, 50).await.expect("proofs"))
}

fn files(plan: &Plan) -> Vec<String> {
    let entries = std::fs::read_dir(&plan.folder).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("a file").file_name().into_string().expect("a name")).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn each_night_leaves_an_encrypted_backup_and_each_week_a_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let (public, secret) = keys(folder.path(), "key.txt");
    let identities = std::fs::read_to_string(secret).expect("a key");
    let plan = plan(folder.path(), &[public], Some(identities));
    app.clock.set("2026-03-02T17:59:00Z".parse().expect("an instant"));
    assert!(!due(&app, &plan).await, "before two in the morning nothing is made");
    app.clock.advance(TimeDelta::minutes(1));
    assert!(due(&app, &plan).await);
    assert!(!due(&app, &plan).await, "once a night");
    assert_eq!(files(&plan), ["mashang-2026-03-03.backup.age"]);
    let (made, proofs) = noted(&app).await;
    assert!(made.len() == 1 && made[0].encrypted && made[0].trouble.is_empty() && made[0].bytes > 1_000);
    assert_eq!(
        (proofs.len(), proofs[0].how, proofs[0].audit_links, proofs[0].trouble.as_str()),
        (1, Drill::Whole, 1, "")
    );
    for _ in 0..7 {
        app.clock.advance(TimeDelta::days(1));
        assert!(due(&app, &plan).await);
    }
    let (made, proofs) = noted(&app).await;
    assert_eq!((made.len(), proofs.len()), (8, 2));
    assert_eq!(files(&plan).len(), 7, "the last seven days; of the week before, the last is among them");
    for _ in 0..9 {
        app.clock.advance(TimeDelta::days(1));
        due(&app, &plan).await;
    }
    let days: Vec<String> = files(&plan).iter().map(|name| name[13..18].to_owned()).collect();
    assert_eq!(days, ["03-08", "03-13", "03-14", "03-15", "03-16", "03-17", "03-18", "03-19"]);
    let left = std::fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok);
    let left: Vec<_> =
        left.map(|entry| entry.file_name()).filter(|name| name.to_string_lossy().starts_with('.')).collect();
    assert!(left.is_empty(), "no copy lies about: {left:?}");
}

#[tokio::test]
async fn without_the_secret_key_the_copy_is_proved_before_it_is_encrypted() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let (public, _) = keys(folder.path(), "key.txt");
    let plan = plan(folder.path(), &[public], None);
    assert!(due(&app, &plan).await);
    let (_, proofs) = noted(&app).await;
    assert_eq!((proofs[0].how, proofs[0].trouble.as_str(), proofs[0].audit_links), (Drill::BeforeEncryption, "", 1));
}

#[tokio::test]
async fn a_copy_does_not_wait_for_who_writes_nor_they_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let mut tx = app.db.write().await.expect("a transaction");
    act(&app, &mut tx).await;
    let copy = folder.path().join("copy");
    app.db.copy_to(&copy).await.expect("a copy, while somebody has the one connection that writes");
    tx.commit().await.expect("a commit");
    let copy = Db::look_into(&copy).await.expect("the copy");
    for (db, acts) in [(&copy, 1), (&app.db, 2)] {
        let mut tx = db.read().await.expect("a connection");
        let row = tx.fetch_one("SELECT COUNT(*) AS n FROM audit", &[]).await.expect("a row");
        assert_eq!(row.get::<i64>("n").expect("a number"), acts);
    }
}

#[tokio::test]
async fn a_backup_that_fails_is_noted_and_tried_again_after_an_hour() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let mut plan = plan(folder.path(), &[], None);
    let good = plan.folder.clone();
    plan.folder = folder.path().join("not/there");
    assert!(due(&app, &plan).await);
    let (made, _) = noted(&app).await;
    assert!(made.len() == 1 && !made[0].trouble.is_empty());
    plan.folder = good;
    app.clock.advance(TimeDelta::minutes(59));
    assert!(!due(&app, &plan).await || noted(&app).await.0.len() == 1, "not yet");
    app.clock.advance(TimeDelta::minutes(1));
    assert!(due(&app, &plan).await);
    let (made, _) = noted(&app).await;
    assert!(made.len() == 2 && made[0].trouble.is_empty());
}

#[tokio::test]
async fn a_backup_that_was_put_aside_goes_with_the_one_in_its_place_and_alone_as_old_as_any_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let plan = plan(folder.path(), &[], None);
    // One of today that was made and could not be noted, and one of before whose second attempt failed all day.
    for name in ["mashang-2026-03-03.backup", "mashang-2026-03-01.backup.old", "mashang-2026-03-02.backup.age.old"] {
        std::fs::write(plan.folder.join(name), "of an attempt").expect("written");
    }
    std::fs::write(plan.folder.join("other.old"), "not ours").expect("written");
    assert!(due(&app, &plan).await);
    let alone = ["mashang-2026-03-01.backup.old", "mashang-2026-03-02.backup.age.old"];
    assert_eq!(files(&plan), [alone[0], alone[1], "mashang-2026-03-03.backup", "other.old"]);
    for _ in 0..8 {
        app.clock.advance(TimeDelta::days(1));
        assert!(due(&app, &plan).await);
    }
    let left = files(&plan);
    assert!(!left.iter().any(|name| name == alone[1]) && left.contains(&"other.old".to_owned()), "{left:?}");
    assert!(left.contains(&alone[0].to_owned()), "the newest of its week: {left:?}");
}

#[tokio::test]
async fn a_proof_that_fails_says_why_and_is_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let plan = plan(folder.path(), &[], None);
    assert!(due(&app, &plan).await);
    let file = plan.folder.join("mashang-2026-03-03.backup");
    let mut bytes = std::fs::read(&file).expect("a backup");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    app.clock.advance(TimeDelta::days(7));
    // The night's own backup cannot be made, so that the harmed one is the newest.
    std::fs::write(&file, bytes).expect("harmed");
    std::fs::create_dir(plan.folder.join("mashang-2026-03-10.backup.old")).expect("in the way");
    std::fs::create_dir(plan.folder.join("mashang-2026-03-10.backup.old/x")).expect("in the way");
    std::fs::write(plan.folder.join("mashang-2026-03-10.backup"), "in the way").expect("in the way");
    due(&app, &plan).await;
    let (made, proofs) = noted(&app).await;
    assert!(!made[0].trouble.is_empty());
    assert!(proofs.len() == 2 && !proofs[0].trouble.is_empty(), "{proofs:?}");
    app.clock.advance(TimeDelta::hours(1));
    std::fs::remove_dir_all(plan.folder.join("mashang-2026-03-10.backup.old")).expect("away");
    due(&app, &plan).await;
    let (made, proofs) = noted(&app).await;
    assert!(made[0].trouble.is_empty() && proofs[0].trouble.is_empty(), "{made:?} {proofs:?}");
}

#[tokio::test]
async fn after_ten_years_without_a_backup_the_next_is_made_and_proved_and_the_old_one_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path()).await;
    let (public, secret) = keys(folder.path(), "key.txt");
    let plan = plan(folder.path(), &[public], Some(std::fs::read_to_string(secret).expect("a key")));
    assert!(due(&app, &plan).await);
    for day in 0..20 {
        app.clock.set("2036-03-02T18:30:00Z".parse::<DateTime<Utc>>().expect("an instant") + TimeDelta::days(day));
        assert!(due(&app, &plan).await, "day {day}");
    }
    let left = files(&plan);
    assert!(
        left.contains(&"mashang-2026-03-03.backup.age".to_owned()),
        "the newest of one of the last twelve months: {left:?}"
    );
    assert!(left.contains(&"mashang-2036-03-22.backup.age".to_owned()) && left.len() < 12, "{left:?}");
    let (made, proofs) = noted(&app).await;
    assert!(made.iter().all(|made| made.trouble.is_empty()) && proofs.iter().all(|proof| proof.trouble.is_empty()));
    assert_eq!(proofs.len(), 4, "one at once, and one a week from the day on which it was due again");
}
