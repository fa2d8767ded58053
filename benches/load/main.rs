//! Filings and pages a second over the real server: `cargo bench --bench load`.
//!
//! A database with a million stored filings, the release binary serving it, and 32 connections that send one request after the other from the same
//! machine. In turn with it, the same connections send to the smallest server that stores the same rows, one commit each ([`limit`]): what is told
//! is the ratio, since both share whatever else the machine does. One filing in four falls on a no-disturb day and is mailed; the other server is
//! measured when the program has sent those mails and rests.
//!
//! `MASHANG_BENCH_FILINGS` changes how many are stored, `MASHANG_BENCH_DATABASE_URL` measures a PostgreSQL database, `TMPDIR` names the disk; in
//! `MASHANG_BENCH_FOLDER` the file stays for the next measurement.

mod client;
mod limit;
mod server;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other measurements use more of it")]
mod support;

use client::{Measured, Request, run};
use mashang::actions::{Actor, NewUser, create_user, issue_sign};
use mashang::domain::api_token::Holder;
use mashang::domain::sign::UnitKind;
use mashang::domain::user::{AlertChoice, Office, Role};
use mashang::i18n::Lang;
use mashang::storage::devices;
use server::Server;
use sqlx::Connection as _;
use std::time::Duration;
use support::{Failure, Store, inspector};

const ROUNDS: usize = 4;
/// Filings that are made ready for a round.
const READY: usize = 24_000;
/// How long a round takes.
const ROUND: Duration = Duration::from_secs(6);
/// Enterprises with a code.
const SIGNS: usize = 1_000;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if let Ok(place) = std::env::var(limit::PLACE) {
        return limit::serve(&place).await;
    }
    let stored = std::env::var("MASHANG_BENCH_FILINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let url = std::env::var("MASHANG_BENCH_DATABASE_URL").ok();
    let mut store = Store::kept(stored, url.as_deref()).await?;
    let known = prepare(&store).await?;
    store.db.close().await;
    // What filling left to be written would hold up the start of the servers.
    std::process::Command::new("sync").status()?;

    let limit = limit::start(store.folder(), url.as_deref()).await?;
    let program = Server::start(store.folder(), url.as_deref()).await?;
    println!("ready after {:.0?} with {} filings stored (at most 500 ms)", program.started_in, store.stored());
    println!("memory at rest: {} MB (at most 60)", program.memory("VmRSS"));

    warm_up(&mut store, &program, &known, url.as_deref()).await?;
    let (mut ours, mut least) = (Measured::default(), Measured::default());
    for _ in 0..ROUNDS {
        let bodies = (0..READY).map(|_| draft(&mut store)).collect::<Result<Vec<_>, _>>()?;
        let requests = |to: &Request| bodies.iter().map(|body| to.with(body)).collect::<Vec<_>>();
        program.rests().await?;
        least.add(run(limit.address, requests(&Request::post("/file")), ROUND, false).await?);
        ours.add(run(program.address, requests(&known.post()), ROUND, false).await?);
    }
    program.rests().await?;
    least.print("the same rows, a commit each");
    ours.print("filings");
    println!("filings: {:.2} times the limit's rate", ours.rate() / least.rate());
    println!("memory: {} MB at most (at most 150)", program.memory("VmHWM"));

    let landing: Vec<Request> = known.codes.iter().map(|code| Request::get(&format!("/e/{code}"))).collect();
    let device = format!("mashang-device={}", known.device);
    let form: Vec<Request> =
        known.codes.iter().map(|code| Request::get(&format!("/e/{code}/file")).header("cookie", &device)).collect();
    for (what, requests) in [("landing of an enterprise", landing), ("form of a filing", form)] {
        let (mut ours, mut least) = (Measured::default(), Measured::default());
        for _ in 0..ROUNDS {
            least.add(run(limit.address, vec![Request::get("/page")], ROUND / 2, true).await?);
            ours.add(run(program.address, requests.clone(), ROUND / 2, true).await?);
        }
        least.print("a row and a page of 10 KB");
        ours.print(what);
        println!("{what}: {:.2} times the limit's rate", ours.rate() / least.rate());
    }
    println!("memory: {} MB at most", program.memory("VmHWM"));
    program.stop().await?;
    limit.stop().await
}

/// What requests need to be let in.
struct Known {
    token: String,
    device: String,
    codes: Vec<String>,
}

impl Known {
    /// A filing's request, without its body.
    fn post(&self) -> Request {
        Request::post("/api/v1/filings").header("authorization", &format!("Bearer {}", self.token))
    }
}

/// Some filings first. What PostgreSQL knows of its tables is then what it knows a minute after the start, when its own vacuum has been.
async fn warm_up(store: &mut Store, program: &Server, known: &Known, url: Option<&str>) -> Result<(), Failure> {
    let bodies = (0..READY / 8).map(|_| draft(store)).collect::<Result<Vec<_>, _>>()?;
    let requests = bodies.iter().map(|body| known.post().with(body)).collect();
    run(program.address, requests, ROUND, false).await?;
    program.rests().await?;
    if let Some(url) = url {
        sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut sqlx::PgConnection::connect(url).await?).await?;
    }
    Ok(())
}

async fn prepare(store: &Store) -> Result<Known, Failure> {
    let (service, now) = (&store.service, store.now);
    let mut tx = store.db.write().await?;
    let holder = Holder::Supervisor(Some(Office::Reform));
    let (_, token) = mashang::actions::create_token(&mut tx, service, now, &Actor::System, "测速", holder).await?;
    let new = NewUser {
        email: format!("{}@bench.invalid", service.ids.uuid(now)),
        name: "周明".to_owned(),
        role: Role::Supervisor,
        office: Some(Office::Discipline),
        agency: None,
        alerts: AlertChoice::Default,
        lang: Lang::Zh,
    };
    create_user(&mut tx, service, now, &Actor::System, &new, "no password").await?;
    let secret = service.ids.secret();
    let digest = mashang::actions::enrol::secret_digest(&secret);
    devices::insert(&mut tx, service.ids.uuid(now), &digest, inspector(0, 0), now).await?;
    let mut codes = Vec::new();
    for enterprise in store.enterprises().iter().take(SIGNS) {
        let spot = (UnitKind::Enterprise, enterprise.0);
        codes.push(issue_sign(&mut tx, service, now, &Actor::System, spot).await?.token);
    }
    tx.commit().await?;
    Ok(Known { token, device: mashang::web::cookies::encode_secret(&secret), codes })
}

/// The body of a filing.
fn draft(store: &mut Store) -> Result<String, Failure> {
    let command = store.next()?;
    Ok(serde_json::json!({
        "agency": command.agency,
        "enterprise": command.enterprise,
        "kind": "daily",
        "matters": command.matters,
        "inspectors": command.inspectors,
        "planned_start": command.planned_start,
        "planned_end": command.planned_end,
    })
    .to_string())
}
