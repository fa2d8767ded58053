//! The daily sums of filings: after any history of changes they say what a count of the filings says, folded or not.

use crate::console::world::{FIRE, MARKET, World, at};
use crate::support::TestApp;
use chrono::{NaiveDate, TimeDelta};
use mashang::domain::exemption::{Exemption, ExemptionCode};
use mashang::domain::figures::{Sums, year_of};
use mashang::domain::filing::{Kind, VisitResult};
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId};
use mashang::jobs;
use mashang::storage::filings::{self, FilingRecord, Scope};
use mashang::storage::{Backend, StorageError, Tx, figure_days, figure_years, figures, merges};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A change. Numbers choose from what is there.
#[derive(Clone, Debug)]
enum Step {
    File {
        agency: usize,
        enterprise: usize,
        facts: Facts,
    },
    Change {
        which: usize,
        facts: Facts,
    },
    /// The same, taken back before it was committed.
    Undone {
        which: usize,
    },
    Merge {
        from: usize,
    },
    Fold,
}

/// What of a filing is counted.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Facts {
    day: i64,
    kind: usize,
    cancelled: bool,
    arrived: bool,
    exempt: bool,
    result: bool,
    backfiled: bool,
    doubtful: bool,
    unconfirmed: bool,
}

fn facts() -> impl Strategy<Value = Facts> {
    let flags = (any::<[bool; 6]>(), prop::bool::weighted(0.2));
    (0..6_i64, 0..Kind::ALL.len(), flags).prop_map(|(day, kind, (flags, unconfirmed))| {
        let [cancelled, arrived, exempt, result, backfiled, doubtful] = flags;
        Facts { day, kind, cancelled, arrived, exempt, result, backfiled, doubtful, unconfirmed }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..2_usize, 0..3_usize, facts())
            .prop_map(|(agency, enterprise, facts)| Step::File { agency, enterprise, facts }),
        6 => (any::<usize>(), facts()).prop_map(|(which, facts)| Step::Change { which, facts }),
        1 => any::<usize>().prop_map(|which| Step::Undone { which }),
        1 => (0..2_usize).prop_map(|from| Step::Merge { from }),
        3 => Just(Step::Fold),
    ]
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Over the turn of a year, less the first and the last day that a filing may have.
const PERIOD: (&str, &str) = ("2025-12-30", "2026-01-02");

fn period() -> (NaiveDate, NaiveDate) {
    (day(PERIOD.0), day(PERIOD.1))
}

/// Everything about filings that is read out of the sums.
#[derive(Debug, Default, PartialEq)]
struct Figures {
    days: BTreeMap<NaiveDate, Sums>,
    agencies: BTreeMap<AgencyId, Sums>,
    visits: BTreeMap<(i64, EnterpriseId), i64>,
}

const YEARS: [&str; 2] = ["2025-12-31", "2026-01-01"];

async fn read(tx: &mut Tx) -> Figures {
    let mut all = Figures {
        days: figure_days::by_day(tx, period()).await.expect("sums").into_iter().collect(),
        agencies: figure_days::by_agency(tx, period()).await.expect("sums").into_iter().collect(),
        visits: BTreeMap::new(),
    };
    for year in YEARS.map(|text| year_of(day(text))) {
        let busiest = figures::busiest(tx, year, 100).await.expect("the busiest");
        assert!(busiest.is_sorted_by(|a, b| a.visits >= b.visits), "the most first");
        all.visits.extend(busiest.into_iter().map(|one| ((year.0, one.enterprise), one.visits)));
    }
    all
}

/// The same, counted one filing after the other.
async fn count(tx: &mut Tx) -> Figures {
    let mut all = Figures::default();
    for row in tx.fetch_all("SELECT * FROM filings", &[]).await.expect("filings") {
        let r = filings::from_row(&row).expect("a filing");
        let (f, first): (_, NaiveDate) = (&r.filing, row.get("first_day").expect("a day"));
        if f.unconfirmed {
            continue;
        }
        let stands = |is: bool| i64::from(is && f.cancelled_at.is_none());
        let one = Sums {
            filed: 1,
            cancelled: i64::from(f.cancelled_at.is_some()),
            arrived: stands(f.arrived_at.is_some()),
            exempt: stands(f.exemption.is_some()),
            undone: stands(f.arrived_at.is_some() && f.result.is_none()),
            backfiled: stands(r.backfiled),
            doubtful: stands(r.clock_doubtful),
        };
        if stands(f.kind != Kind::ServiceVisit) == 1 {
            *all.visits.entry((year_of(first).0, f.enterprise)).or_default() += 1;
        }
        if first >= period().0 && first <= period().1 {
            all.days.entry(first).or_default().add(&one);
            all.agencies.entry(f.agency).or_default().add(&one);
        }
    }
    all
}

/// One of those that are there.
async fn one(tx: &mut Tx, which: usize) -> Option<FilingRecord> {
    let all = tx.fetch_all("SELECT * FROM filings ORDER BY id", &[]).await.expect("filings");
    Some(filings::from_row(all.get(which.checked_rem(all.len())?)?).expect("a filing"))
}

/// The filing with these facts; its first and last day.
fn with(mut r: FilingRecord, facts: &Facts) -> (FilingRecord, (NaiveDate, NaiveDate)) {
    let first = day("2025-12-29") + TimeDelta::days(facts.day);
    let f = &mut r.filing;
    f.cancelled_at = facts.cancelled.then_some(f.filed_at);
    f.arrived_at = facts.arrived.then_some(f.filed_at);
    f.result = facts.result.then_some(VisitResult::NoProblem);
    let emergency = Exemption { code: ExemptionCode::E01, reason: String::new(), evidence_ref: String::new() };
    f.exemption = facts.exempt.then_some(emergency);
    f.unconfirmed = facts.unconfirmed;
    (r, (first, first))
}

async fn take(app: &TestApp, like: &FilingRecord, step: &Step, n: u16) {
    let mut tx = app.app.db.write().await.expect("a transaction");
    match step {
        Step::File { agency, enterprise, facts } => {
            let mut r = like.clone();
            r.filing.id = FilingId(Uuid::from_u128(n.into()));
            r.filing.seq = 1_000 + i64::from(n);
            r.filing.agency = app.seed.agencies[[FIRE, MARKET][*agency]];
            r.filing.enterprise = app.seed.enterprises[*enterprise].0;
            r.filing.kind = Kind::ALL[facts.kind];
            (r.backfiled, r.clock_doubtful) = (facts.backfiled, facts.doubtful);
            (r.number, r.inspection_code, r.version) = (format!("N{n}"), format!("C{n}"), 1);
            let (r, days) = with(r, facts);
            filings::insert(&mut tx, &r, days).await.expect("filed");
        }
        Step::Change { which, facts } => {
            if let Some(r) = one(&mut tx, *which).await {
                let (r, days) = with(r, facts);
                filings::update(&mut tx, &r, days).await.expect("changed");
            }
        }
        Step::Undone { which } => {
            if let Some(mut r) = one(&mut tx, *which).await {
                r.filing.cancelled_at = if r.filing.cancelled_at.is_some() { None } else { Some(r.filing.filed_at) };
                let days = (day("2026-01-01"), day("2026-01-01"));
                filings::update(&mut tx, &r, days).await.expect("changed");
                let stale = filings::update(&mut tx, &r, days).await;
                assert!(stale.is_err(), "that version is gone");
            }
            tx.rollback().await.expect("taken back");
            return;
        }
        Step::Merge { from } => {
            // A second time there is nothing to move.
            let (from, into) = (app.seed.enterprises[*from].0, app.seed.enterprises[2].0);
            if merges::move_all(&mut tx, from, into).await.is_err() {
                tx.rollback().await.expect("taken back");
                return;
            }
        }
        Step::Fold => {
            tx.rollback().await.expect("nothing");
            jobs::fold_figures(&app.app).await.expect("folded");
            return;
        }
    }
    tx.commit().await.expect("a commit");
}

/// How many sums do not agree with the filings.
async fn differing(tx: &mut Tx) -> (i64, i64) {
    let days = figure_days::compare(tx).await.expect("compared").1;
    (days, figure_years::compare(tx).await.expect("compared").1)
}

async fn history(steps: Vec<Step>) {
    let world = World::new().await;
    let like = world.file(FIRE, "03-04 10:00").await;
    let app = &world.test;
    let mut tx = app.app.db.read().await.expect("a connection");
    let like = filings::get(&mut tx, like, Scope::All).await.expect("read").expect("a filing");
    drop(tx);
    for (n, step) in (1..).zip(&steps) {
        take(app, &like, step, n).await;
        let mut tx = app.app.db.read().await.expect("a connection");
        assert_eq!(read(&mut tx).await, count(&mut tx).await, "after step {n}: {step:?}");
        assert_eq!(differing(&mut tx).await, (0, 0), "after step {n}: {step:?}");
    }
    // Made anew while changes wait, and those folded afterwards.
    for _ in 0..2 {
        let mut tx = app.app.db.write().await.expect("a transaction");
        jobs::rebuild_figures(&mut tx).await.expect("made anew");
        assert_eq!(read(&mut tx).await, count(&mut tx).await, "made anew");
        tx.commit().await.expect("a commit");
        jobs::fold_figures(&app.app).await.expect("folded");
        let mut tx = app.app.db.read().await.expect("a connection");
        assert_eq!(read(&mut tx).await, count(&mut tx).await, "made anew and folded");
        assert_eq!(differing(&mut tx).await, (0, 0));
        assert!(!figure_days::changed(&mut tx).await.expect("read"), "nothing waits");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn after_any_history_the_sums_say_what_a_count_says(steps in vec(step(), 1..40)) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(history(steps));
    }
}

/// On SQLite there is one writer at a time; on PostgreSQL two people may change one filing at once.
#[tokio::test]
async fn of_two_changes_of_one_version_the_second_is_told_that_it_is_gone() {
    let world = World::new().await;
    let id = world.file(FIRE, "03-10 10:00").await;
    let app = &world.test.app;
    if app.db.backend() == Backend::Sqlite {
        return;
    }
    let mut first = app.db.write().await.expect("a transaction");
    let mut r = filings::get(&mut first, id, Scope::All).await.expect("read").expect("a filing");
    r.filing.arrived_at = Some(at("03-10 10:00"));
    let days = (day("2026-03-10"), day("2026-03-10"));
    filings::update(&mut first, &r, days).await.expect("changed");
    let (db, same) = (app.db.clone(), r.clone());
    let second = tokio::spawn(async move {
        let mut tx = db.write().await.expect("a transaction");
        filings::update(&mut tx, &same, days).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!second.is_finished(), "it waits for the first");
    first.commit().await.expect("a commit");
    let second = second.await.expect("no panic").expect_err("that version is gone");
    assert!(matches!(second, StorageError::Stale("filing")), "{second}");
    let mut tx = app.db.read().await.expect("a connection");
    assert_eq!(differing(&mut tx).await, (0, 0));
}
