//! The chain over the audit: whole as long as nobody touches it; and whatever is done to it afterwards is found, and named.

use crate::support::district::District;
use crate::support::{START, TestApp};
use chrono::TimeDelta;
use mashang::actions::{
    Actor, Broken, CheckpointKey, Unchained, audit, chain_entries, checkpoint_audit, unchained_entries, verify_audit,
};
use mashang::domain::audit_chain::{Checkpoint, unhex};
use mashang::domain::user::{AlertChoice, Office};
use mashang::jobs::chain::{Checkpoints, chain, checkpoint};
use mashang::storage::{Param, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

/// Values to bind.
macro_rules! params {
    ($($value:expr),*) => {
        &[$(Param::from($value)),*]
    };
}

const ENTRIES: i64 = 60;

/// Writes entries, a minute apart, and chains them; a checkpoint at 30 and one at the end, kept elsewhere.
async fn chained(test: &TestApp, key: &CheckpointKey) -> Vec<(Checkpoint, Vec<u8>)> {
    let app = &test.app;
    let mut kept = Vec::new();
    for number in 1..=ENTRIES {
        let mut tx = app.db.write().await.expect("a transaction");
        let now = app.clock.now();
        let object = ("sign", Uuid::from_u128(u128::try_from(number).expect("small")));
        audit::record(
            &mut tx,
            &app.service,
            now,
            &Actor::System,
            "sign.issued",
            object,
            json!({ "n": number, "a": "码" }),
        )
        .await
        .expect("recorded");
        tx.commit().await.expect("a commit");
        assert_eq!(chain(app).await.expect("chained"), 1);
        if number == 30 || number == ENTRIES {
            let mut tx = app.db.write().await.expect("a transaction");
            let point = checkpoint_audit(&mut tx, now, key).await.expect("signed").expect("a new one");
            tx.commit().await.expect("a commit");
            kept.push(read(&point));
        }
        app.clock.advance(TimeDelta::minutes(1));
    }
    kept
}

fn read(point: &Value) -> (Checkpoint, Vec<u8>) {
    let bytes = |name: &str| unhex(point[name].as_str().expect("a text")).expect("hexadecimal");
    let at = point["at"].as_str().expect("a text").parse().expect("an instant");
    let hash = bytes("hash").try_into().expect("32 bytes");
    (Checkpoint { seq: point["seq"].as_i64().expect("a number"), hash, at }, bytes("signature"))
}

fn key() -> CheckpointKey {
    CheckpointKey::from_seed(&[3; 32]).expect("a key")
}

async fn verify(tx: &mut Tx, kept: &[(Checkpoint, Vec<u8>)]) -> Result<i64, Broken> {
    let public = unhex(&key().public()).expect("hexadecimal");
    verify_audit(tx, Some(&public), kept.to_vec()).await.expect("the store answers").map(|checked| checked.links)
}

/// Changes that somebody with the database in hand can make. Each must change something.
const KINDS: u64 = 8;

async fn id_of(tx: &mut Tx, seq: i64) -> Uuid {
    let row = tx.fetch_one("SELECT audit_id FROM audit_chain WHERE seq = $1", params![seq]).await.expect("a link");
    row.get("audit_id").expect("an id")
}

async fn run(tx: &mut Tx, sql: &'static str, params: &[Param]) {
    assert!(tx.execute(sql, params).await.expect("the database allows it") > 0, "{sql} changed nothing");
}

/// Does one kind of change at `seq`, and says what must be found.
async fn tamper(tx: &mut Tx, kind: u64, seq: i64) -> Broken {
    let id = id_of(tx, seq).await;
    match kind {
        0 => {
            run(tx, "UPDATE audit SET detail = $2 WHERE id = $1", params![id, json!({ "n": seq, "a": "碼" })]).await;
            Broken::Changed(seq, id)
        }
        1 => {
            run(tx, "UPDATE audit SET actor = 'somebody' WHERE id = $1", params![id]).await;
            Broken::Changed(seq, id)
        }
        2 => {
            run(tx, "DELETE FROM audit WHERE id = $1", params![id]).await;
            Broken::MissingEntry(seq, id)
        }
        3 => {
            run(tx, "DELETE FROM audit WHERE id = $1", params![id]).await;
            run(tx, "DELETE FROM audit_chain WHERE seq = $1", params![seq]).await;
            if seq == ENTRIES { Broken::Shorter(ENTRIES) } else { Broken::MissingLink(seq) }
        }
        4 => {
            let new = Uuid::from_u128(7);
            run(
                tx,
                "INSERT INTO audit (id, at, actor_kind, actor, action, object_kind, object_id, detail)
                    SELECT $2, at, actor_kind, actor, action, object_kind, object_id, detail FROM audit WHERE id = $1",
                params![id, new],
            )
            .await;
            Broken::Inserted(new)
        }
        5 => {
            let other = if seq == 1 { 2 } else { seq - 1 };
            let other_id = id_of(tx, other).await;
            let spare = Uuid::from_u128(8);
            for (number, id) in [(seq, spare), (other, id), (seq, other_id)] {
                run(tx, "UPDATE audit_chain SET audit_id = $2 WHERE seq = $1", params![number, id]).await;
            }
            Broken::Changed(seq.min(other), if seq < other { other_id } else { id })
        }
        6 => {
            // An older copy: entries, links and checkpoints of the database are as they were then.
            run(tx, "DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_chain WHERE seq >= $1)", params![seq])
                .await;
            run(tx, "DELETE FROM audit_chain WHERE seq >= $1", params![seq]).await;
            run(tx, "DELETE FROM audit_checkpoints WHERE seq >= $1", params![seq]).await;
            Broken::Shorter(if seq <= 30 { 30 } else { ENTRIES })
        }
        _ => {
            // The entry changed and the chain written anew behind it, checkpoints of the database thrown away.
            run(tx, "UPDATE audit SET action = 'sign.revoked' WHERE id = $1", params![id]).await;
            run(tx, "DELETE FROM audit_chain WHERE seq >= $1", params![seq]).await;
            run(tx, "DELETE FROM audit_checkpoints WHERE seq >= $1", params![seq]).await;
            let rows = unchained_entries(tx, START.parse().expect("an instant"), Unchained::All).await.expect("read");
            chain_entries(tx, &rows).await.expect("chained");
            assert_eq!(i64::try_from(rows.len()).expect("small"), ENTRIES - seq + 1);
            Broken::Rewritten(if seq <= 30 { 30 } else { ENTRIES })
        }
    }
}

#[tokio::test]
async fn a_thousand_changes_are_each_found_and_named() {
    let test = TestApp::empty().await;
    let kept = chained(&test, &key()).await;
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(verify(&mut tx, &kept).await, Ok(ENTRIES));
    drop(tx);
    let mut dice = 20_260_303_u64;
    for round in 0..1_000_u64 {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let kind = round % KINDS;
        // An entry of the last ten minutes may still be on its way into the chain.
        let newest = if kind == 4 { ENTRIES - 11 } else { ENTRIES };
        let seq = 1 + i64::try_from((dice >> 33) % u64::try_from(newest).expect("small")).expect("small");
        let mut tx = test.app.db.write().await.expect("a transaction");
        let expected = tamper(&mut tx, kind, seq).await;
        assert_eq!(verify(&mut tx, &kept).await, Err(expected), "kind {kind} at {seq}");
        tx.rollback().await.expect("taken back");
    }
}

#[tokio::test]
async fn a_checkpoint_of_another_key_is_refused() {
    let test = TestApp::empty().await;
    let other = CheckpointKey::from_seed(&[4; 32]).expect("a key");
    let kept = chained(&test, &other).await;
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(verify(&mut tx, &kept).await, Err(Broken::BadSignature(30)));
}

#[tokio::test]
async fn what_the_program_does_joins_the_chain_and_checkpoints_become_files() {
    let test = TestApp::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let points = Checkpoints { key: key(), folder: folder.path().join("checkpoints") };
    let chained = chain(&test.app).await.expect("chained");
    assert!(chained > 0, "planting the district left entries");
    checkpoint(&test.app, &points, test.app.clock.now()).await.expect("signed");
    assert_eq!(chain(&test.app).await.expect("chained"), 0, "nothing is chained twice");
    checkpoint(&test.app, &points, test.app.clock.now()).await.expect("signed");
    let files: Vec<_> = std::fs::read_dir(&points.folder).expect("the folder").collect();
    assert_eq!(files.len(), 1, "a chain that did not grow needs no further checkpoint");
    let written = std::fs::read_to_string(files[0].as_ref().expect("a file").path()).expect("readable");
    let kept = vec![read(&serde_json::from_str(&written).expect("JSON"))];
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(verify(&mut tx, &kept).await, Ok(i64::try_from(chained).expect("small")));
}

/// The only line of a text that is a checkpoint.
fn line_of(text: &str) -> Value {
    let lines: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line.trim()).ok())
        .filter(|value: &Value| value.get("signature").is_some())
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    lines[0].clone()
}

#[tokio::test]
async fn the_newest_checkpoint_leaves_the_machine_in_the_digests_of_supervisors() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Digest, "zh-CN").await;
    district.file("2026-03-16").await;
    chain(&test.app).await.expect("chained");
    let folder = tempfile::tempdir().expect("a folder");
    let points = Checkpoints { key: key(), folder: folder.path().to_owned() };
    checkpoint(&test.app, &points, test.app.clock.now()).await.expect("signed");
    district.clock("2026-03-04T08:30");
    let digest = district.mails().await;
    let kept = vec![read(&line_of(&digest[0].text))];
    let mut tx = test.app.db.read().await.expect("a connection");
    assert!(verify(&mut tx, &kept).await.is_ok(), "what the mail says is a checkpoint of this chain");
    drop(tx);
    // Whoever puts an older copy back is told by the mail.
    let mut tx = test.app.db.write().await.expect("a transaction");
    run(&mut tx, "DELETE FROM audit_checkpoints", &[]).await;
    run(&mut tx, "DELETE FROM audit_chain WHERE seq = $1", params![kept[0].0.seq]).await;
    assert_eq!(verify(&mut tx, &kept).await, Err(Broken::Shorter(kept[0].0.seq)));
}

#[tokio::test]
async fn an_entry_of_a_transaction_that_took_its_time_joins_when_all_are_looked_for() {
    let test = TestApp::empty().await;
    let app = &test.app;
    let record = async |at| {
        let mut tx = app.db.write().await.expect("a transaction");
        let object = ("filing", uuid::Uuid::from_u128(1));
        audit::record(&mut tx, &app.service, at, &Actor::System, "filing.accepted", object, json!({}))
            .await
            .expect("recorded");
        tx.commit().await.expect("committed");
    };
    let now = app.clock.now();
    record(now).await;
    assert_eq!(chain(app).await.expect("chained"), 1);
    for minutes in [1, 3] {
        record(now - TimeDelta::minutes(minutes)).await;
    }
    let mut tx = app.db.read().await.expect("a connection");
    for (which, wait) in [(Unchained::Recent, 1), (Unchained::All, 2)] {
        assert_eq!(unchained_entries(&mut tx, now, which).await.expect("read").len(), wait, "{which:?}");
    }
    drop(tx);
    assert_eq!(chain(app).await.expect("chained"), 2);
}
