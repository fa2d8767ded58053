//! What filing and replaying cost: `cargo bench --bench growth`.
//!
//! Two databases, with ten thousand and with a million stored filings, ten an enterprise in both. Filing one more (accept, judge, write,
//! commit) is measured on them in turn, so that whatever else the machine does falls on both; the ratio of the medians is to stay
//! at most 1.3. Replaying is measured over the scenario of the tests, in events a second: at least 2,000. `MASHANG_BENCH_FILINGS` makes the
//! larger database smaller for a quick look.
//!
//! Databases here do not wait for the disk: that wait is the same for both and would hide what is looked for.

#[expect(dead_code, reason = "other measurements use more of it")]
mod support;

use mashang::actions::{Actor, file_inspection};
use mashang::replay::{History, replay};
use std::time::{Duration, Instant};
use support::{Failure, Store, now};

/// Rounds, and filings a round and database.
const ROUNDS: u32 = 10;
const A_ROUND: u32 = 48;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    replaying().await?;
    let large = std::env::var("MASHANG_BENCH_FILINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let mut stores = [Store::with(10_000).await?, Store::with(large).await?];
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (store, times) in stores.iter_mut().zip(&mut times) {
            for _ in 0..A_ROUND {
                times.push(file_one(store).await?);
            }
        }
    }
    let [small, large] = times.map(median);
    println!("filing with {:>9} stored: {small:>8.0?} (median of {})", stores[0].stored(), ROUNDS * A_ROUND);
    println!("filing with {:>9} stored: {large:>8.0?} (median of {})", stores[1].stored(), ROUNDS * A_ROUND);
    println!("ratio: {:.2} (at most 1.3)", large.as_secs_f64() / small.as_secs_f64());
    for store in &stores {
        store.db.close().await;
    }
    Ok(())
}

/// Replays the scenario some times and prints events a second.
async fn replaying() -> Result<(), Failure> {
    let history = History::parse(include_bytes!("../tests/data/scenario-2024.jsonl"))?;
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let begin = Instant::now();
        replay(&history, None, |_| ()).await?;
        best = best.min(begin.elapsed());
    }
    let lines = u32::try_from(history.len())?;
    println!(
        "replay: {:.0} events/s ({lines} lines, best of 5; at least 2,000)",
        f64::from(lines) / best.as_secs_f64()
    );
    Ok(())
}

/// How long one filing takes.
async fn file_one(store: &mut Store) -> Result<Duration, Failure> {
    let command = store.next()?;
    let begin = Instant::now();
    let mut tx = store.db.write_shared().await?;
    file_inspection(&mut tx, &store.service, now(), &Actor::System, None, command).await?;
    tx.commit().await?;
    Ok(begin.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
