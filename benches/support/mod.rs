//! A database full of filings for measuring: agencies, and enterprises that each had ten visits of different agencies over the last two years, on
//! days that are open, so that they are what most filings are: nothing is found about them. Their daily
//! sums are made and their audit is chained.

mod bulk;

use bulk::Bulk;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use mashang::actions::{Accompanying, Actor, FileInspection, Service, Settings, audit};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::day::{Span, Zone};
use mashang::domain::enterprise::CreditClass;
use mashang::domain::filing::{Filing, Kind, SpecialPapers, VisitResult};
use mashang::domain::holidays::Holidays;
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::ids::Ids;
use mashang::storage::enterprises::EnterpriseRecord;
use mashang::storage::filings::FilingRecord;
use mashang::storage::{Db, Tx, enterprises, filings, registries};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;
use uuid::Uuid;

/// Stored filings at each enterprise.
const EACH: u32 = 10;
/// Agencies, with a matter and two inspectors each.
const AGENCIES: u32 = 40;
/// Public holidays: what is filed for one of them is not what most filings are.
static HOLIDAYS: LazyLock<Holidays> = LazyLock::new(Holidays::official);
/// Name of the database file.
pub const FILE: &str = "mashang.db";

pub type Failure = Box<dyn std::error::Error>;

/// A database with its service.
pub struct Store {
    pub db: Db,
    pub service: Service,
    /// The instant of all that is filed now.
    pub now: DateTime<Utc>,
    enterprises: Vec<EnterpriseId>,
    filed: usize,
    folder: Folder,
}

/// Where a database file is: in a folder that goes at the end, or in one that stays.
enum Folder {
    Going(tempfile::TempDir),
    Staying(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Going(folder) => folder.path(),
            Self::Staying(folder) => folder,
        }
    }
}

impl Store {
    /// So many filings in a file that does not wait for the disk.
    pub async fn with(stored: u32) -> Result<Self, Failure> {
        Self::open(stored, None, Folder::Going(tempfile::tempdir()?)).await
    }

    /// The same, or in a PostgreSQL database. With `MASHANG_BENCH_FOLDER` the file is there and stays there: what one measurement filled, the next
    /// finds.
    pub async fn kept(stored: u32, url: Option<&str>) -> Result<Self, Failure> {
        let folder = match std::env::var_os("MASHANG_BENCH_FOLDER") {
            Some(folder) => Folder::Staying(folder.into()),
            None => Folder::Going(tempfile::tempdir()?),
        };
        Self::open(stored, url, folder).await
    }

    async fn open(stored: u32, url: Option<&str>, folder: Folder) -> Result<Self, Failure> {
        let db = match url {
            Some(url) => Db::open(url).await?,
            None => Db::open_scratch(&folder.path().join(FILE)).await?,
        };
        let mut store = Self::over(db, folder);
        let mut tx = store.db.read().await?;
        for row in tx.fetch_all("SELECT id FROM enterprises ORDER BY uscc", &[]).await? {
            store.enterprises.push(row.id("id")?);
        }
        drop(tx);
        if store.enterprises.is_empty() {
            store.fill(stored).await?;
        } else {
            println!("{} filings stored before", store.stored());
        }
        Ok(store)
    }

    async fn fill(&mut self, stored: u32) -> Result<(), Failure> {
        let begin = Instant::now();
        self.enter_registries().await?;
        let mut bulk = Bulk::begin(&self.db).await?;
        for n in 0..stored / EACH {
            self.enter_enterprise(bulk.tx().await?, n).await?;
        }
        // By time, as filings come: those of an enterprise do not lie beside each other.
        for n in 0..EACH {
            for place in 0..stored / EACH {
                self.enter_filing(bulk.tx().await?, place, n).await?;
            }
        }
        println!("{stored} filings stored in {:.0?}", begin.elapsed());
        bulk.end().await?;
        mashang::jobs::index_enterprises(&self.app()).await?;
        mashang::jobs::chain::chain(&self.app()).await?;
        println!("with indexes, sums and chain in {:.0?}", begin.elapsed());
        Ok(())
    }

    fn over(db: Db, folder: Folder) -> Self {
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
        Self { db, service, now: Clock::System.now(), enterprises: Vec::new(), filed: 0, folder }
    }

    /// Opens the same file again as the program opens it: a commit waits for the disk.
    pub async fn durable(mut self) -> Result<Self, Failure> {
        self.db.close().await;
        self.db = Db::open_sqlite(&self.folder().join(FILE)).await?;
        Ok(self)
    }

    /// The program over it, at that instant.
    pub fn app(&self) -> App {
        App { db: self.db.clone(), service: self.service.clone(), clock: Clock::manual(self.now) }
    }

    /// Where the file is, and what else is made beside it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How many were stored at first.
    pub fn stored(&self) -> usize {
        self.enterprises.len() * usize::try_from(EACH).unwrap_or(0)
    }

    /// All enterprises.
    pub fn enterprises(&self) -> &[EnterpriseId] {
        &self.enterprises
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
            registries::insert_agency(&mut tx, &agency, self.now).await?;
            let matter = Matter {
                id: matter(n),
                agency: agency.id,
                name: format!("第{n}项"),
                group: format!("第{n}组"),
                legal_basis: String::new(),
                published_from: from,
                published_to: None,
            };
            registries::insert_matter(&mut tx, &matter, self.now).await?;
            for (k, cert_no) in inspectors(n).into_iter().enumerate() {
                let id = inspector(n, k);
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
                registries::insert_inspector(&mut tx, &one, self.now).await?;
            }
        }
        registries::bump(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    async fn enter_enterprise(&mut self, tx: &mut Tx, n: u32) -> Result<(), Failure> {
        let id = EnterpriseId(self.service.ids.uuid(self.now));
        let record = EnterpriseRecord {
            id,
            uscc: format!("{n:018}"),
            name: format!("第{n}号企业"),
            town: String::new(),
            address: String::new(),
            industry: String::new(),
            credit_class: Some(CreditClass::D),
            tags: Vec::new(),
            email: String::new(),
            search: String::new(),
            pin_hash: None,
            active: true,
            created_at: self.now - TimeDelta::days(400),
        };
        enterprises::insert(tx, &record).await?;
        self.enterprises.push(id);
        Ok(())
    }

    /// A stored filing, executed, with its audit row.
    async fn enter_filing(&self, tx: &mut Tx, place: u32, n: u32) -> Result<(), Failure> {
        let record = self.past(place, n)?;
        let day = Zone::SHANGHAI.local_date(record.filing.planned.start());
        filings::insert(tx, &record, (day, day)).await?;
        let object = ("filing", record.filing.id.0);
        let at = record.filing.filed_at;
        Ok(audit::record(tx, &self.service, at, &Actor::System, "filing.accepted", object, serde_json::json!({}))
            .await?)
    }

    fn past(&self, place: u32, n: u32) -> Result<FilingRecord, Failure> {
        let enterprise = self.enterprises[usize::try_from(place)?];
        // Spread over thirty days, so that no day has more than a few hundred times what a day has.
        let ago = 730 - i64::from(n) * 72 - i64::from(place % 30);
        let start = on_a_day(self.now - TimeDelta::days(ago), false);
        let end = start + TimeDelta::hours(2);
        let by = (place * EACH + n) % AGENCIES;
        // Long enough before for three working days, whatever holidays there are.
        let filed_at = start - TimeDelta::days(20);
        // In the order in which they are stored: a random one would write a page of its own for each.
        let number = format!("{n:02}-{place:08}");
        let filing = Filing {
            id: FilingId(self.service.ids.uuid(filed_at)),
            seq: i64::from(n),
            agency: agency(by),
            enterprise,
            kind: Kind::Daily,
            matters: vec![matter(by)],
            exemption: None,
            planned: Span::new(start, end).expect("two hours"),
            inspectors: inspectors(by),
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
        Ok(FilingRecord {
            number: number.clone(),
            note: String::new(),
            source: "web".to_owned(),
            filed_by: None,
            backfiled: false,
            clock_doubtful: false,
            result_at: Some(end),
            cancel_reason: String::new(),
            inspection_code: number,
            arrival_pin: self.service.ids.four_digits(),
            presence_confirmed_at: None,
            verdict: Vec::new(),
            version: 1,
            filing,
        })
    }

    /// A filing by an agency that was not there yet, at an enterprise where nothing was filed in this run, somewhere in the middle of the database.
    /// One in four is on a no-disturb day.
    pub fn next(&mut self) -> Result<FileInspection, Failure> {
        // No divisor of the number of enterprises in either database, so that each is visited once.
        let step = self.enterprises.len() * 7 / 11 + 1;
        // Where another measurement over the same file has not been.
        let first = usize::try_from(self.now.timestamp())?;
        let place = (first + self.filed * step) % self.enterprises.len();
        let enterprise = self.enterprises[place];
        self.filed += 1;
        let n = (u32::try_from(place)? * EACH + EACH) % AGENCIES;
        let later = TimeDelta::days(27) + TimeDelta::minutes(i64::try_from(self.filed)?);
        let start = on_a_day(self.now + later, self.filed.is_multiple_of(4));
        Ok(FileInspection {
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
        })
    }
}

/// Ten o’clock of the day of the instant or of the next working day after it that is a no-disturb day or is none.
fn on_a_day(instant: DateTime<Utc>, quiet: bool) -> DateTime<Utc> {
    let mut day = Zone::SHANGHAI.local_date(instant);
    while !HOLIDAYS.is_working_day(day) || (8..=23).contains(&day.day()) != quiet {
        day += TimeDelta::days(1);
    }
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(2)
}

fn agency(n: u32) -> AgencyId {
    AgencyId(Uuid::from_u128(1_000 + u128::from(n)))
}

fn matter(n: u32) -> MatterId {
    MatterId(Uuid::from_u128(2_000 + u128::from(n)))
}

/// The inspector of this place in the list of an agency.
pub fn inspector(n: u32, place: usize) -> InspectorId {
    InspectorId(Uuid::from_u128(3_000 + u128::from(n) * 2 + u128::from(place == 1)))
}

fn inspectors(n: u32) -> Vec<String> {
    vec![format!("A{n:03}"), format!("B{n:03}")]
}
