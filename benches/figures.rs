//! What the dashboard costs over a million filings: `cargo bench --bench figures`.
//!
//! A database with 1,000,000 filings of 17 agencies at 50,000 enterprises with a code each over a year, 77,000 visit reports and 100,000
//! violations, half of them decided and closed. Nobody came to one filing in nineteen. Measured are the whole page through the router, with all
//! changes folded and with some that wait; lists and the inbox; folding; the nightly check; and a list of 200,000 rows as a workbook and as CSV, with the memory of
//! the process. `MASHANG_BENCH_FILINGS` says how many are stored, `MASHANG_BENCH_DATABASE_URL` measures a fresh PostgreSQL database, or with 0 filings one that was filled before.

#[path = "support/bulk.rs"]
mod bulk;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use bulk::Bulk;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mashang::actions::{Actor, NewUser, Service, Settings, create_user, password};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::domain::agency::Agency;
use mashang::domain::day::{Span, Zone};
use mashang::domain::exemption::{Exemption, ExemptionCode};
use mashang::domain::filing::{Filing, Kind, SpecialPapers, VisitResult};
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId, MatterId, PolicyId, SignId, ViolationId};
use mashang::domain::rules::{Finding, Inputs};
use mashang::domain::sign::{SignState, UnitKind};
use mashang::domain::user::{AlertChoice, Office, Role};
use mashang::domain::violation::{RuleCode, Severity, Subject};
use mashang::i18n::Lang;
use mashang::ids::Ids;
use mashang::storage::enterprises::EnterpriseRecord;
use mashang::storage::filings::FilingRecord;
use mashang::storage::signs::SignRecord;
use mashang::storage::{Db, Tx, enterprises, filings, registries, signs, violations};
use mashang::{jobs, web};
use std::time::{Duration, Instant};
use tower::ServiceExt as _;
use uuid::Uuid;

/// Filings at each enterprise.
const EACH: u32 = 20;
/// Agencies.
const AGENCIES: u32 = 17;
/// Requests of a measurement.
const REQUESTS: usize = 60;
/// Rows of the export.
const ROWS: u32 = 200_000;

type Failure = Box<dyn std::error::Error>;

/// Tuesday 3 March 2026, 10:00 in Shanghai.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_503_200, 0).unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let stored = std::env::var("MASHANG_BENCH_FILINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir()?;
    let db = match std::env::var("MASHANG_BENCH_DATABASE_URL") {
        Ok(url) => Db::open(&url).await?,
        Err(_) => Db::open_scratch(&folder.path().join("bench.db")).await?,
    };
    let settings = Settings {
        public_url: "http://bench.test".to_owned(),
        district: "青禾区".to_owned(),
        hotline: String::new(),
        mail_from: "mashang@bench.invalid".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [0; 32],
        also_hosts: Vec::new(),
    };
    let app = App { db, service: Service::new(Ids::Random, settings), clock: Clock::manual(now()) };
    let begin = Instant::now();
    if stored > 0 {
        fill(&app, stored).await?;
        println!("{stored} filings and {} violations stored in {:.0?}", stored / 10, begin.elapsed());
    }
    nightly_check(&app).await?;

    let router = web::router(app.clone());
    let cookie = sign_in(&app, &router).await?;
    let year = "/console/dashboard?from=2025-03-04&to=2026-03-03";
    measure("dashboard of a year, all folded", &router, &cookie, year).await?;
    measure("dashboard of a month, all folded", &router, &cookie, "/console/dashboard?from=2026-02-01&to=2026-02-28")
        .await?;
    lists(&router, &cookie).await?;
    let mut tx = app.db.write().await?;
    for n in 0..200 {
        let id = EnterpriseId(Uuid::from_u128(9_000_000));
        if n == 0 {
            enterprises::insert(&mut tx, &enterprise(id, 9_000_000)).await?;
        }
        file(&mut tx, &app.service, id, n % EACH, 9_000_000 + n).await?;
    }
    tx.commit().await?;
    measure("dashboard of a year, 200 changes waiting", &router, &cookie, year).await?;
    let begin = Instant::now();
    let changes = jobs::fold_figures(&app).await?;
    println!("folding {changes} changes of filings and days of violations: {:.1?}", begin.elapsed());

    let before = memory();
    for format in ["xlsx", "csv"] {
        let days = i64::from(ROWS) * 365 / i64::from(stored.max(1_000_000));
        let from = Zone::SHANGHAI.local_date(now()) - TimeDelta::days(days);
        let body = format!("list=filings&query=from%3D{from}&format={format}");
        let begin = Instant::now();
        let (status, to, _) = send(&router, "POST", "/console/export", &cookie, body).await?;
        assert_eq!(status, StatusCode::SEE_OTHER);
        jobs::run_tasks(&app).await?;
        let took = begin.elapsed();
        let (_, _, bytes) = send(&router, "GET", &format!("{to}/file"), &cookie, String::new()).await?;
        let rows = if format == "csv" { bytes.split(|b| *b == b'\n').count() - 2 } else { 0 };
        println!(
            "export as {format}: {took:.1?}, {} bytes, {rows} rows counted, memory {before} → {} KiB at most",
            bytes.len(),
            memory()
        );
    }
    // It is due once a day.
    app.clock.advance(TimeDelta::days(1));
    nightly_check(&app).await?;
    app.db.close().await;
    Ok(())
}

async fn nightly_check(app: &App) -> Result<(), Failure> {
    let begin = Instant::now();
    let check = jobs::check_figures(app, app.clock.now()).await?.ok_or("it is due")?;
    println!("nightly check of {} sums: {:.1?}, {} differ", check.cells, begin.elapsed(), check.differing);
    Ok(())
}

/// The most memory that the process has had, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

async fn sign_in(app: &App, router: &Router) -> Result<String, Failure> {
    let hash = password::hash(&app.service, "bench-password").await?;
    let new = NewUser {
        email: "s@bench.test".to_owned(),
        name: "周明".to_owned(),
        role: Role::Supervisor,
        office: Some(Office::Discipline),
        agency: None,
        alerts: AlertChoice::Default,
        lang: Lang::Zh,
    };
    let mut tx = app.db.write().await?;
    create_user(&mut tx, &app.service, now(), &Actor::System, &new, &hash).await?;
    tx.commit().await?;
    let request = Request::post("/console/sign-in")
        .header(HOST, "bench.test")
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("email=s%40bench.test&password=bench-password&next="))?;
    let answer = router.clone().oneshot(request).await?;
    let cookie = answer.headers().get(SET_COOKIE).ok_or("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

async fn send(
    router: &Router,
    method: &str,
    path: &str,
    cookie: &str,
    body: String,
) -> Result<(StatusCode, String, Vec<u8>), Failure> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "bench.test")
        .header(COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))?;
    let answer = router.clone().oneshot(request).await?;
    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    Ok((answer.status(), to, to_bytes(answer.into_body(), usize::MAX).await?.to_vec()))
}

/// Lists of the console that are narrowed to little of what is stored, and the inbox.
async fn lists(router: &Router, cookie: &str) -> Result<(), Failure> {
    let one = EnterpriseId(Uuid::from_u128(1_000_077));
    let lists = [
        ("an enterprise with its filings", format!("/console/enterprises/{one}")),
        (
            "filings at the enterprise of some words",
            "/console/filings?q=%E7%AC%AC77%E5%8F%B7%E4%BC%81%E4%B8%9A".to_owned(),
        ),
        ("filings of words that nobody has", "/console/filings?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%AE%B6".to_owned()),
        ("a filing by its number", "/console/filings?q=00000077".to_owned()),
        ("filings of an agency", format!("/console/filings?agency={}", agency(3))),
        ("the inbox", "/console/violations".to_owned()),
        ("the inbox, all", "/console/violations?tab=all".to_owned()),
        ("the inbox, an agency's", format!("/console/violations?tab=all&agency={}", agency(3))),
        (
            "violations at the enterprise of some words",
            "/console/violations?tab=all&q=%E7%AC%AC77%E5%8F%B7%E4%BC%81%E4%B8%9A".to_owned(),
        ),
    ];
    for (what, path) in lists {
        measure(what, router, cookie, &path).await?;
    }
    Ok(())
}

async fn measure(what: &str, router: &Router, cookie: &str, path: &str) -> Result<(), Failure> {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..REQUESTS {
        let begin = Instant::now();
        let (status, _, _) = send(router, "GET", path, cookie, String::new()).await?;
        assert_eq!(status, StatusCode::OK);
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    let limit = if path.contains("dashboard") { " (at most 300 ms)" } else { "" };
    println!("{what}: median {:.1?}, p95 {:.1?}{limit}", times[REQUESTS / 2], times[REQUESTS * 95 / 100]);
    Ok(())
}

fn agency(n: u32) -> AgencyId {
    AgencyId(Uuid::from_u128(1_000 + u128::from(n)))
}

fn enterprise(id: EnterpriseId, n: u32) -> EnterpriseRecord {
    EnterpriseRecord {
        id,
        uscc: format!("{n:018}"),
        name: format!("第{n}号企业"),
        town: String::new(),
        address: String::new(),
        industry: String::new(),
        credit_class: None,
        tags: Vec::new(),
        email: String::new(),
        search: String::new(),
        pin_hash: None,
        active: true,
        created_at: now() - TimeDelta::days(400),
    }
}

fn sign(id: EnterpriseId, n: u32) -> SignRecord {
    let at = now() - TimeDelta::days(400);
    SignRecord {
        id: SignId(Uuid::from_u128(1_000_000 + u128::from(n))),
        serial: format!("2025-{n:06}"),
        token: format!("{n:026}"),
        short_code: format!("{n:08}"),
        unit_kind: UnitKind::Enterprise,
        unit: Some(id.0),
        site: None,
        place: String::new(),
        state: if n.is_multiple_of(50) { SignState::Printed } else { SignState::Active },
        edition: 1,
        replaces: None,
        blank_batch: None,
        created_at: at,
        printed_at: None,
        printed_host: String::new(),
        issued_at: None,
        bound_at: Some(at),
        first_scanned_at: None,
        last_scanned_at: None,
        grace_until: None,
        revoked_at: None,
        revoked_reason: String::new(),
    }
}

async fn fill(app: &App, stored: u32) -> Result<(), Failure> {
    let mut tx = app.db.write().await?;
    for n in 0..AGENCIES {
        let one = Agency {
            id: agency(n),
            name: format!("第{n}局"),
            short_name: String::new(),
            parent: None,
            emails: Vec::new(),
            areas: Vec::new(),
        };
        registries::insert_agency(&mut tx, &one, now()).await?;
    }
    registries::bump(&mut tx).await?;
    tx.commit().await?;
    let all = stored / EACH;
    let mut bulk = Bulk::begin(&app.db).await?;
    for n in 0..all {
        let (tx, id) = (bulk.tx().await?, EnterpriseId(Uuid::from_u128(1_000_000 + u128::from(n))));
        enterprises::insert(tx, &enterprise(id, n)).await?;
        signs::insert(tx, &sign(id, n)).await?;
    }
    // By time, as filings come.
    for ago in (0..365).rev() {
        for n in 0..all {
            let days = (ago + 365 - n % 365) % 365;
            if days % 18 == 0 && days / 18 < EACH {
                let id = EnterpriseId(Uuid::from_u128(1_000_000 + u128::from(n)));
                file(bulk.tx().await?, &app.service, id, days / 18, n).await?;
            }
        }
    }
    let begin = Instant::now();
    let tx = bulk.tx().await?;
    for statement in [REPORTS, DECIDED, SCANNED] {
        tx.execute(statement, &[]).await?;
    }
    bulk.end().await?;
    jobs::index_enterprises(app).await?;
    println!("reports, decisions, indexes and sums made in {:.0?}", begin.elapsed());
    Ok(())
}

/// A report of one visit in thirteen; of some, nobody knows whose visit it was.
const REPORTS: &str = "INSERT INTO reports (
        id, receipt, enterprise_id, agency_id, agency_text, seq, arrived_at, arrived_day, filed_at, verified,
        documents_demanded, premises_inspected, rectification_asked, form_signed, prohibited, service, words,
        clock_doubtful, matched_filing, version)
    SELECT id, number, enterprise_id, CASE WHEN exemption IS NULL THEN agency_id END, '', seq, planned_start, first_day,
        filed_at, TRUE, FALSE, FALSE, FALSE, FALSE, '[]', FALSE, '', FALSE, CASE WHEN exemption IS NULL THEN id END, 1
    FROM filings WHERE backfiled";

const DECIDED: &str = "UPDATE violations SET state = 'confirmed', decided_at = updated_at, handling = 'closed',
    closed_as = 'corrected', closed_at = updated_at WHERE severity = 3";

/// All codes but one in fifty.
const SCANNED: &str = "UPDATE signs SET printed_at = created_at,
    first_scanned_at = CASE WHEN state = 'active' THEN created_at END,
    last_scanned_at = CASE WHEN state = 'active' THEN created_at END";

/// A visit of the last year with a violation on each tenth.
async fn file(tx: &mut Tx, service: &Service, enterprise: EnterpriseId, visit: u32, n: u32) -> Result<(), Failure> {
    let ago = (visit * 18 + n) % 365;
    let start = now() - TimeDelta::days(i64::from(ago)) - TimeDelta::minutes(i64::from(n % 240));
    // In the order in which they are stored: a random one would write a page of its own for each.
    let number = format!("{:03}-{n:08}", 365 - ago);
    let (end, filed_at) = (start + TimeDelta::hours(2), start - TimeDelta::days(4));
    let by = agency((visit + n) % AGENCIES);
    let exempt = n.is_multiple_of(9);
    let came = !n.is_multiple_of(19);
    let filing = Filing {
        id: FilingId(service.ids.uuid(filed_at)),
        seq: i64::from(visit) + 1,
        agency: by,
        enterprise,
        kind: if n.is_multiple_of(5) { Kind::Special } else { Kind::Daily },
        matters: vec![MatterId(Uuid::from_u128(7))],
        exemption: exempt.then(|| Exemption {
            code: ExemptionCode::E04,
            reason: "收到投诉，需要到现场核实".to_owned(),
            evidence_ref: "投〔2026〕1号".to_owned(),
        }),
        planned: Span::new(start, end).ok_or("two hours")?,
        inspectors: vec!["A1".to_owned(), "A2".to_owned()],
        joint_group: None,
        filed_at,
        rescheduled_at: None,
        arrived_at: came.then_some(start),
        left_at: came.then_some(end),
        result: (came && !n.is_multiple_of(11)).then_some(VisitResult::NoProblem),
        cancelled_at: None,
        assistants: Vec::new(),
        approval: None,
        special: SpecialPapers::default(),
        matters_inspected: Vec::new(),
        presence_confirmed: false,
        unconfirmed: false,
    };
    let (id, day) = (filing.id, Zone::SHANGHAI.local_date(start));
    let record = FilingRecord {
        number: number.clone(),
        note: String::new(),
        source: "web".to_owned(),
        filed_by: None,
        backfiled: n.is_multiple_of(13),
        clock_doubtful: false,
        result_at: None,
        cancel_reason: String::new(),
        inspection_code: number,
        arrival_pin: service.ids.four_digits(),
        presence_confirmed_at: None,
        verdict: Vec::new(),
        version: 1,
        filing,
    };
    filings::insert(tx, &record, (day, day)).await?;
    if (visit + n).is_multiple_of(10) {
        violation(tx, service, (enterprise, by, id), filed_at, day, n).await?;
    }
    Ok(())
}

async fn violation(
    tx: &mut Tx,
    service: &Service,
    (enterprise, by, filing): (EnterpriseId, AgencyId, FilingId),
    at: DateTime<Utc>,
    day: NaiveDate,
    n: u32,
) -> Result<(), Failure> {
    let rules = [RuleCode::Ndd01, RuleCode::Dup01, RuleCode::Fil02, RuleCode::Per01];
    let finding = Finding {
        rule: rules[usize::try_from(n % 4)?],
        subject: Subject::Filing(filing),
        agency: Some(by),
        severity: if n.is_multiple_of(2) { Severity::Warning } else { Severity::Violation },
        evidence: Vec::new(),
        inputs: Inputs::Ndd01 { days: vec![day], executed: true },
        policy: PolicyId(Uuid::nil()),
    };
    let id = ViolationId(service.ids.uuid(at));
    Ok(violations::insert(tx, id, enterprise, &finding, at, Zone::SHANGHAI.local_date(at)).await?)
}
