//! What checking the chain over 1,000,000 entries of the audit costs: `cargo bench --bench audit`; on PostgreSQL with
//! `MASHANG_BENCH_DATABASE_URL=postgres://…` (an empty database). `MASHANG_BENCH_ENTRIES` makes it smaller for a quick look.

use chrono::{DateTime, TimeDelta, Utc};
use mashang::actions::{CheckpointKey, Unchained, chain_entries, checkpoint_audit, unchained_entries, verify_audit};
use mashang::storage::Db;
use mashang::storage::audit::{self, AuditRow};
use serde_json::json;
use std::time::Instant;
use uuid::Uuid;

/// Entries of one transaction while they are written.
const BATCH: u128 = 5_000;

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(run());
}

async fn run() {
    let entries = std::env::var("MASHANG_BENCH_ENTRIES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a folder");
    let url = std::env::var("MASHANG_BENCH_DATABASE_URL").ok();
    let db = match &url {
        Some(url) => Db::open(url).await,
        None => Db::open_sqlite(&folder.path().join("audit.db")).await,
    };
    let db = db.expect("a database");
    let begin = Instant::now();
    let from: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().expect("an instant");
    for first in (0..entries).step_by(usize::try_from(BATCH).expect("small")) {
        let mut tx = db.write().await.expect("a transaction");
        for n in first..entries.min(first + BATCH) {
            audit::append(&mut tx, &entry(n, from)).await.expect("an entry");
        }
        tx.commit().await.expect("a commit");
    }
    println!("{entries} entries written: {:.1} s", begin.elapsed().as_secs_f64());

    let begin = Instant::now();
    let mut last = None;
    loop {
        let mut tx = db.write().await.expect("a transaction");
        let mut rows = unchained_entries(&mut tx, from, last.as_ref().map_or(Unchained::All, Unchained::Behind))
            .await
            .expect("read");
        chain_entries(&mut tx, &rows).await.expect("chained");
        tx.commit().await.expect("a commit");
        let Some(newest) = rows.pop() else { break };
        last = Some(newest);
    }
    println!("chained: {:.1} s", begin.elapsed().as_secs_f64());
    let key = CheckpointKey::from_seed(&[7; 32]).expect("a key");
    let mut tx = db.write().await.expect("a transaction");
    checkpoint_audit(&mut tx, from, &key).await.expect("signed").expect("a checkpoint");
    tx.commit().await.expect("a commit");

    for round in 1..=3 {
        let begin = Instant::now();
        let mut tx = db.glance().await.expect("a connection");
        let checked = verify_audit(&mut tx, None, Vec::new()).await.expect("read").expect("whole");
        assert_eq!(u128::try_from(checked.links).ok(), Some(entries));
        println!("verified, round {round}: {:.2} s (limit 10 s for 1,000,000)", begin.elapsed().as_secs_f64());
    }
}

/// An entry as a filing leaves it.
fn entry(n: u128, from: DateTime<Utc>) -> AuditRow {
    let at = from + TimeDelta::seconds(i64::try_from(n).unwrap_or(0));
    AuditRow {
        // Ordered by time, as the program's own are.
        id: Uuid::from_u128(n),
        at,
        actor_kind: "inspector".to_owned(),
        actor: format!("XF-{:04}", n % 1_000),
        action: "filing.accepted".to_owned(),
        object_kind: "filing".to_owned(),
        object_id: Some(Uuid::from_u128(n << 64)),
        detail: json!({ "number": format!("Q{n:09}"), "source": "web", "clock_doubtful": false }),
    }
}
