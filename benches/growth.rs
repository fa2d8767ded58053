//! What filing and replaying cost: `cargo bench --bench growth`.
//!
//! Two databases, with ten thousand and with a million stored filings, twenty an enterprise in both. Filing one more (accept, judge, write,
//! commit) is measured on them in turn, so that whatever else the machine does falls on both; the ratio of the medians is to stay
//! at most 1.3. Replaying is measured over the scenario of the tests, in events a second: at least 2,000. `MASHANG_BENCH_FILINGS` makes the
//! larger database smaller for a quick look.
//!
//! Databases here do not wait for the disk: that wait is the same for both and would hide what is looked for.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mashang::actions::{Accompanying, Actor, FileInspection, Service, Settings, audit, file_inspection};
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::day::{Span, Zone};
use mashang::domain::enterprise::CreditClass;
use mashang::domain::filing::{Filing, Kind, SpecialPapers, VisitResult};
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::ids::Ids;
use mashang::replay::{History, replay};
use mashang::storage::enterprises::EnterpriseRecord;
use mashang::storage::filings::FilingRecord;
use mashang::storage::{Db, Tx, enterprises, filings, registries};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Stored filings at each enterprise.
const EACH: u32 = 20;
/// Agencies, with a matter and two inspectors each.
const AGENCIES: u32 = 8;
/// Rounds, and filings a round and database.
const ROUNDS: u32 = 10;
const A_ROUND: u32 = 48;
/// Enterprises entered in one transaction.
const BATCH: u32 = 500;

type Failure = Box<dyn std::error::Error>;

/// A database with its service.
struct Store {
    db: Db,
    service: Service,
    enterprises: Vec<EnterpriseId>,
    filed: usize,
    times: Vec<Duration>,
    _folder: tempfile::TempDir,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    replaying().await?;
    let large = std::env::var("MASHANG_BENCH_FILINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let mut stores = [Store::with(10_000).await?, Store::with(large).await?];
    for _ in 0..ROUNDS {
        for store in &mut stores {
            for _ in 0..A_ROUND {
                store.file_one().await?;
            }
        }
    }
    let [small, large] = stores.each_mut().map(Store::median);
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

/// Tuesday 3 March 2026, 10:00 in Shanghai.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_503_200, 0).unwrap_or_default()
}

impl Store {
    async fn with(stored: u32) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let db = Db::open_scratch(&folder.path().join("bench.db")).await?;
        let settings = Settings {
            public_url: "http://bench.invalid".to_owned(),
            also_hosts: Vec::new(),
            district: "青禾区".to_owned(),
            hotline: String::new(),
            mail_from: "mashang@bench.invalid".to_owned(),
            zone: Zone::SHANGHAI,
            contact_key: [0; 32],
        };
        let service = Service::new(Ids::Random, settings);
        let mut store = Self { db, service, enterprises: Vec::new(), filed: 0, times: Vec::new(), _folder: folder };
        let begin = Instant::now();
        store.enter_registries().await?;
        while store.enterprises.len() < usize::try_from(stored / EACH)? {
            let mut tx = store.db.write().await?;
            for _ in 0..BATCH.min(stored / EACH) {
                store.enter_enterprise(&mut tx).await?;
            }
            tx.commit().await?;
        }
        println!("{stored} filings stored in {:.0?}", begin.elapsed());
        Ok(store)
    }

    fn stored(&self) -> usize {
        self.enterprises.len() * usize::try_from(EACH).unwrap_or(0)
    }

    fn median(&mut self) -> Duration {
        self.times.sort_unstable();
        self.times[self.times.len() / 2]
    }

    async fn enter_registries(&self) -> Result<(), Failure> {
        let mut tx = self.db.write().await?;
        let from = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
        for n in 0..AGENCIES {
            let agency = Agency {
                id: agency(n),
                name: format!("第{n}局"),
                short_name: String::new(),
                parent: None,
                emails: Vec::new(),
                areas: Vec::new(),
            };
            registries::insert_agency(&mut tx, &agency, now()).await?;
            let matter = Matter {
                id: matter(n),
                agency: agency.id,
                name: format!("第{n}项"),
                group: format!("第{}组", n / 2),
                legal_basis: String::new(),
                published_from: from,
                published_to: None,
            };
            registries::insert_matter(&mut tx, &matter, now()).await?;
            for cert_no in inspectors(n) {
                let id = InspectorId(self.service.ids.uuid(now()));
                let (agency, name) = (agency.id, "某某".to_owned());
                let one = Inspector {
                    id,
                    cert_no,
                    name,
                    agency,
                    valid_from: from,
                    valid_to: None,
                    suspended: false,
                    kind: InspectorKind::Officer,
                };
                registries::insert_inspector(&mut tx, &one, now()).await?;
            }
        }
        registries::bump(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// An enterprise with its stored filings: one in eighteen days over the last year, executed, with its audit rows.
    async fn enter_enterprise(&mut self, tx: &mut Tx) -> Result<(), Failure> {
        let id = EnterpriseId(self.service.ids.uuid(now()));
        let record = EnterpriseRecord {
            id,
            uscc: format!("{:018}", self.enterprises.len()),
            name: format!("第{}号企业", self.enterprises.len()),
            town: String::new(),
            address: String::new(),
            industry: String::new(),
            credit_class: Some(CreditClass::D),
            tags: Vec::new(),
            email: String::new(),
            search: String::new(),
            pin_hash: None,
            active: true,
            created_at: now() - TimeDelta::days(400),
        };
        enterprises::insert(tx, &record).await?;
        for n in 0..EACH {
            let record = self.past(id, n);
            let day = Zone::SHANGHAI.local_date(record.filing.planned.start());
            filings::insert(tx, &record, (day, day)).await?;
            let object = ("filing", record.filing.id.0);
            let at = record.filing.filed_at;
            audit::record(tx, &self.service, at, &Actor::System, "filing.accepted", object, serde_json::json!({}))
                .await?;
        }
        self.enterprises.push(id);
        Ok(())
    }

    fn past(&self, enterprise: EnterpriseId, n: u32) -> FilingRecord {
        let start = now() - TimeDelta::days(365) + TimeDelta::days(i64::from(n) * 18);
        let end = start + TimeDelta::hours(2);
        let filed_at = start - TimeDelta::days(7);
        let filing = Filing {
            id: FilingId(self.service.ids.uuid(filed_at)),
            seq: i64::from(n),
            agency: agency(n % AGENCIES),
            enterprise,
            kind: Kind::Daily,
            matters: vec![matter(n % AGENCIES)],
            exemption: None,
            planned: Span::new(start, end).expect("two hours"),
            inspectors: inspectors(n % AGENCIES),
            joint_group: None,
            filed_at,
            rescheduled_at: None,
            arrived_at: Some(start),
            left_at: Some(end),
            result: Some(VisitResult::NoProblem),
            cancelled_at: None,
            assistants: Vec::new(),
            approval: None,
            special: SpecialPapers::default(),
            matters_inspected: Vec::new(),
            presence_confirmed: false,
            unconfirmed: false,
        };
        FilingRecord {
            number: self.service.ids.inspection_code().as_str().to_owned(),
            note: String::new(),
            source: "web".to_owned(),
            filed_by: None,
            backfiled: false,
            clock_doubtful: false,
            result_at: Some(end),
            cancel_reason: String::new(),
            inspection_code: self.service.ids.inspection_code().as_str().to_owned(),
            arrival_pin: self.service.ids.four_digits(),
            presence_confirmed_at: None,
            verdict: Vec::new(),
            version: 1,
            filing,
        }
    }

    /// Files at an enterprise where nothing was filed in this run, somewhere in the middle of the database.
    async fn file_one(&mut self) -> Result<(), Failure> {
        // No divisor of the number of enterprises in either database, so that each is visited once.
        let step = self.enterprises.len() * 7 / 11 + 1;
        let enterprise = self.enterprises[self.filed * step % self.enterprises.len()];
        self.filed += 1;
        let n = u32::try_from(self.filed)? % AGENCIES;
        let start = now() + TimeDelta::days(27) + TimeDelta::minutes(i64::try_from(self.filed)?);
        let command = FileInspection {
            more: Accompanying::default(),
            agency: agency(n),
            enterprise,
            kind: Kind::Daily,
            matters: vec![matter(n)],
            inspectors: inspectors(n),
            planned_start: start,
            planned_end: start + TimeDelta::hours(2),
            exemption: None,
            exemption_reason: String::new(),
            evidence_ref: String::new(),
            joint_group: None,
            arrived_at: None,
            left_at: None,
            note: String::new(),
            source: "web",
        };
        let begin = Instant::now();
        let mut tx = self.db.write().await?;
        file_inspection(&mut tx, &self.service, now(), &Actor::System, None, command).await?;
        tx.commit().await?;
        self.times.push(begin.elapsed());
        Ok(())
    }
}

fn agency(n: u32) -> AgencyId {
    AgencyId(Uuid::from_u128(1_000 + u128::from(n)))
}

fn matter(n: u32) -> MatterId {
    MatterId(Uuid::from_u128(2_000 + u128::from(n)))
}

fn inspectors(n: u32) -> Vec<String> {
    vec![format!("A{n:03}"), format!("B{n:03}")]
}
