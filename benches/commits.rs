//! What sharing commits is worth on SQLite: `cargo bench --bench commits`.
//!
//! Thirty-two at once file over one database with a hundred thousand stored filings, which waits for the disk at each commit as the program does.
//! Rounds with a commit for each filing and rounds with shared commits take turns, so that whatever else the machine does falls on both.
//! Without HTTP: this is the use case and the store alone. `MASHANG_BENCH_FILINGS` changes how many are stored, and `TMPDIR` names the disk.

#[expect(dead_code, reason = "other measurements use more of it")]
mod support;

use mashang::actions::{Actor, FileInspection, file_inspection};
use mashang::clock::Clock;
use mashang::storage::Db;
use std::time::{Duration, Instant};
use support::{Failure, Store};

const CLIENTS: usize = 32;
/// Rounds of each kind, and filings a client and round.
const ROUNDS: usize = 8;
const A_ROUND: usize = 10;

/// What was measured of one kind.
#[derive(Default)]
struct Measured {
    taken: Duration,
    times: Vec<Duration>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let stored = std::env::var("MASHANG_BENCH_FILINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut store = Store::with(stored).await?.durable().await?;
    let mut each = Measured::default();
    let mut shared = Measured::default();
    for _ in 0..ROUNDS {
        round(&mut store, false, &mut each).await?;
        round(&mut store, true, &mut shared).await?;
    }
    let (commits, writes) = store.db.shared_commits();
    let ratio = each.taken.as_secs_f64() / shared.taken.as_secs_f64();
    each.print("a commit each");
    shared.print("shared commits");
    println!("shared commits: {writes} filings in {commits} commits; {ratio:.2} times as many a second");
    store.db.close().await;
    Ok(())
}

async fn round(store: &mut Store, shared: bool, measured: &mut Measured) -> Result<(), Failure> {
    let mut work = Vec::new();
    for _ in 0..CLIENTS {
        let commands = (0..A_ROUND).map(|_| store.next()).collect::<Result<Vec<_>, _>>()?;
        work.push((store.db.clone(), store.service.clone(), commands));
    }
    let begin = Instant::now();
    let clients: Vec<_> = work
        .into_iter()
        .map(|(db, service, commands)| tokio::spawn(async move { client(&db, &service, shared, commands).await }))
        .collect();
    for client in clients {
        measured.times.extend(client.await??);
    }
    measured.taken += begin.elapsed();
    Ok(())
}

/// Files one after the other; how long each took.
async fn client(
    db: &Db,
    service: &mashang::actions::Service,
    shared: bool,
    commands: Vec<FileInspection>,
) -> Result<Vec<Duration>, String> {
    let mut times = Vec::new();
    for command in commands {
        let begin = Instant::now();
        let door = if shared { db.write_shared().await } else { db.write().await };
        let mut tx = door.map_err(|error| error.to_string())?;
        let filed = file_inspection(&mut tx, service, Clock::System.now(), &Actor::System, None, command).await;
        filed.map_err(|error| error.to_string())?;
        tx.commit().await.map_err(|error| error.to_string())?;
        times.push(begin.elapsed());
    }
    Ok(times)
}

impl Measured {
    fn print(&mut self, what: &str) {
        self.times.sort_unstable();
        let count = self.times.len();
        let (p50, p99) = (self.times[count / 2], self.times[count * 99 / 100]);
        let each = Duration::from_secs_f64(self.taken.as_secs_f64() / f64::from(u32::try_from(count).unwrap_or(1)));
        let rate = 1.0 / each.as_secs_f64();
        println!("{what:<15} {rate:>6.0} filings/s, p50 {p50:>8.1?}, p99 {p99:>8.1?} (of {count}, {CLIENTS} at once)");
    }
}
