//! What filing, opening an enterprise's page and replaying cost: `cargo bench --bench growth`.
//!
//! Two databases, with ten thousand and with a million stored filings, ten an enterprise in both. Filing one more (accept, judge, write,
//! commit) and the landing page behind a code, through the router, are measured on them in turn, so that whatever else the machine does falls on
//! both; the ratios of the medians are to stay at most 1.3 and 1.2. Replaying is measured over the scenario of the tests, in events a second: at
//! least 5,000. `MASHANG_BENCH_FILINGS` makes the larger database smaller for a quick look, or larger; `MASHANG_BENCH_FOLDER` is where it is then and stays.
//!
//! Databases here do not wait for the disk: that wait is the same for both and would hide what is looked for.

#[expect(dead_code, reason = "other measurements use more of it")]
mod support;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::HOST;
use axum::http::{Request, StatusCode};
use mashang::actions::{Actor, file_inspection, issue_sign};
use mashang::domain::sign::UnitKind;
use mashang::replay::{History, replay};
use std::time::{Duration, Instant};
use support::{Failure, Store};
use tower::ServiceExt as _;

/// Rounds, and filings a round and database.
const ROUNDS: u32 = 10;
const A_ROUND: u32 = 48;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    replaying().await?;
    let large = std::env::var("MASHANG_BENCH_FILINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let mut stores = [Store::with(10_000).await?, Store::kept(large, None).await?];
    let mut pages = [landing_pages(&stores[0]).await?, landing_pages(&stores[1]).await?];
    let (mut filing, mut landing) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for _ in 0..ROUNDS {
        for place in 0..stores.len() {
            for _ in 0..A_ROUND {
                filing[place].push(file_one(&mut stores[place]).await?);
            }
            for _ in 0..A_ROUND {
                landing[place].push(open_one(&mut pages[place]).await?);
            }
        }
    }
    tell("filing", &stores, filing, 1.3);
    tell("landing page", &stores, landing, 1.2);
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
        "replay: {:.0} events/s ({lines} lines, best of 5; at least 5,000)",
        f64::from(lines) / best.as_secs_f64()
    );
    Ok(())
}

/// How long one filing takes.
async fn file_one(store: &mut Store) -> Result<Duration, Failure> {
    let command = store.next()?;
    let begin = Instant::now();
    let mut tx = store.db.plan().await?;
    file_inspection(&mut tx, &store.service, store.now, &Actor::System, None, command).await?;
    tx.commit().await?;
    Ok(begin.elapsed())
}

/// The router over a database, and codes of enterprises everywhere in it. Each is opened once.
async fn landing_pages(store: &Store) -> Result<(Router, Vec<String>), Failure> {
    let wanted = usize::try_from(ROUNDS * A_ROUND)?;
    let step = store.enterprises().len() / wanted;
    let mut tx = store.db.write().await?;
    let mut codes = Vec::new();
    for enterprise in store.enterprises().iter().step_by(step.max(1)).take(wanted) {
        let spot = (UnitKind::Enterprise, enterprise.0);
        codes.push(issue_sign(&mut tx, &store.service, store.now, &Actor::System, spot).await?.token);
    }
    tx.commit().await?;
    Ok((mashang::web::router(store.app()), codes))
}

/// How long the next landing page takes.
async fn open_one((router, codes): &mut (Router, Vec<String>)) -> Result<Duration, Failure> {
    let code = codes.pop().ok_or("a code")?;
    let request = Request::get(format!("/e/{code}")).header(HOST, "bench.invalid").body(Body::empty())?;
    let begin = Instant::now();
    let answer = router.clone().oneshot(request).await?;
    let status = answer.status();
    to_bytes(answer.into_body(), usize::MAX).await?;
    let took = begin.elapsed();
    assert_eq!(status, StatusCode::OK);
    Ok(took)
}

fn tell(what: &str, stores: &[Store; 2], times: [Vec<Duration>; 2], limit: f64) {
    let [small, large] = times.map(median);
    for (store, time) in stores.iter().zip([small, large]) {
        println!("{what} with {:>9} stored: {time:>8.0?} (median of {})", store.stored(), ROUNDS * A_ROUND);
    }
    println!("{what}, ratio: {:.2} (at most {limit})", large.as_secs_f64() / small.as_secs_f64());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
