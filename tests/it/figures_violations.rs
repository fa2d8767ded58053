//! The daily sums of violations: after any history of changes they say what a count of the violations says, folded or not.

use crate::console::world::{FIRE, MARKET, World, at};
use crate::support::TestApp;
use chrono::{NaiveDate, TimeDelta};
use mashang::domain::cases::Handling;
use mashang::domain::id::{AgencyId, FilingId, PolicyId, ViolationId};
use mashang::domain::rules::Inputs;
use mashang::domain::violation::{Finding, RuleCode, Severity, Subject, ViolationState};
use mashang::jobs;
use mashang::storage::figures::{self, Standing};
use mashang::storage::violations::{self, ViolationRecord};
use mashang::storage::{Backend, StorageError, Tx, figure_stages, figure_violations, merges, violation_inbox};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const RULES: [RuleCode; 3] = [RuleCode::Ndd01, RuleCode::Dup01, RuleCode::Per01];

/// A change. Numbers choose from what is there.
#[derive(Clone, Debug)]
enum Step {
    Raise {
        rule: usize,
        agency: usize,
        severity: u8,
        day: i64,
    },
    Judge {
        which: usize,
        agency: usize,
        severity: u8,
        state: usize,
    },
    Stand {
        which: usize,
        state: usize,
        handling: usize,
        closed: bool,
        act_by: Option<i64>,
        appeal_by: Option<i64>,
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

fn step() -> impl Strategy<Value = Step> {
    let due = || proptest::option::of(-3..4_i64);
    prop_oneof![
        5 => (0..3_usize, 0..3_usize, 1..5_u8, 0..5_i64)
            .prop_map(|(rule, agency, severity, day)| Step::Raise { rule, agency, severity, day }),
        4 => (any::<usize>(), 0..3_usize, 1..5_u8, 0..4_usize)
            .prop_map(|(which, agency, severity, state)| Step::Judge { which, agency, severity, state }),
        4 => (any::<usize>(), 0..4_usize, any::<usize>(), any::<bool>(), due(), due()).prop_map(
            |(which, state, handling, closed, act_by, appeal_by)| Step::Stand {
                which, state, handling, closed, act_by, appeal_by,
            }),
        1 => any::<usize>().prop_map(|which| Step::Undone { which }),
        1 => (0..2_usize).prop_map(|from| Step::Merge { from }),
        3 => Just(Step::Fold),
    ]
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Everything about violations that is read out of the sums.
#[derive(Debug, PartialEq)]
struct Figures {
    days: BTreeMap<NaiveDate, Standing>,
    agencies: BTreeMap<Option<AgencyId>, Standing>,
    rules: BTreeMap<&'static str, Standing>,
    closed: i64,
    tally: BTreeMap<(&'static str, u8, &'static str), i64>,
    open: i64,
}

const PERIOD: (&str, &str) = ("2026-03-01", "2026-03-03");
const CEILING: Severity = Severity::Violation;
const TODAY: &str = "2026-03-03";

async fn read(tx: &mut Tx) -> Figures {
    let (period, ceiling) = ((day(PERIOD.0), day(PERIOD.1)), CEILING.level());
    let by = figures::violations_by_agency_and_rule(tx, period, ceiling).await.expect("sums");
    let tally = figure_violations::tally(tx, period, CEILING).await.expect("sums");
    Figures {
        days: figures::violations_by_day(tx, period, ceiling).await.expect("sums").into_iter().collect(),
        agencies: by.agencies.into_iter().collect(),
        rules: by.rules.into_iter().map(|(rule, standing)| (rule.as_str(), standing)).collect(),
        closed: figure_stages::closed(tx, period, ceiling, 0).await.expect("a sum").0,
        tally: tally.iter().map(|t| ((t.rule.as_str(), t.severity.level(), t.state.as_str()), t.count)).collect(),
        open: violation_inbox::open(tx, CEILING, day(TODAY)).await.expect("a sum"),
    }
}

/// The same, counted one violation after the other.
async fn count(tx: &mut Tx) -> Figures {
    let mut all = Figures {
        days: BTreeMap::new(),
        agencies: BTreeMap::new(),
        rules: BTreeMap::new(),
        closed: 0,
        tally: BTreeMap::new(),
        open: 0,
    };
    for row in tx.fetch_all("SELECT * FROM violations", &[]).await.expect("violations") {
        let v = violations::from_row(&row).expect("a violation");
        let raised: NaiveDate = row.get("raised_day").expect("a day");
        all.open += i64::from(v.severity <= CEILING && is_open(&v, day(TODAY)));
        if v.severity > CEILING || raised < day(PERIOD.0) || raised > day(PERIOD.1) {
            continue;
        }
        *all.tally.entry((v.rule.as_str(), v.severity.level(), v.state.as_str())).or_default() += 1;
        if v.severity.level() >= 2 {
            all.days.entry(raised).or_default().add(v.state, 1);
            all.agencies.entry(v.agency).or_default().add(v.state, 1);
            all.rules.entry(v.rule.as_str()).or_default().add(v.state, 1);
            all.closed += i64::from(v.closed_at.is_some());
        }
    }
    all
}

/// What the inbox calls open: nobody has until today or longer to act, or somebody waits for a later day.
fn is_open(v: &ViolationRecord, today: NaiveDate) -> bool {
    match (v.act_by, v.appeal_by) {
        (None, None) => {
            v.state == ViolationState::Suspected
                && matches!(v.handling, Handling::Untouched | Handling::Explained | Handling::Reopened)
                && (v.severity.level() >= 2 || v.handling == Handling::Explained)
        }
        (Some(act), None) => act > today && v.handling != Handling::Explaining,
        (act, Some(appeal)) => appeal > today && act.is_none_or(|act| act > today),
    }
}

/// One of those that are there.
async fn one(tx: &mut Tx, which: usize) -> Option<ViolationRecord> {
    let all = tx.fetch_all("SELECT * FROM violations ORDER BY id", &[]).await.expect("violations");
    let row = all.get(which.checked_rem(all.len())?)?;
    Some(violations::from_row(row).expect("a violation"))
}

async fn take(app: &TestApp, step: &Step, n: u128) {
    let now = app.app.clock.now();
    let agencies = [None, Some(app.seed.agencies[FIRE]), Some(app.seed.agencies[MARKET])];
    let mut tx = app.app.db.write().await.expect("a transaction");
    match *step {
        Step::Raise { rule, agency, severity, day: later } => {
            let finding = Finding {
                rule: RULES[rule],
                subject: Subject::Filing(FilingId(Uuid::from_u128(n))),
                agency: agencies[agency],
                severity: Severity::from_level(i64::from(severity)).expect("a severity"),
                evidence: Vec::new(),
                inputs: Inputs::Ndd01 { days: Vec::new(), executed: false },
                policy: PolicyId(Uuid::nil()),
            };
            let (id, at) =
                (ViolationId(Uuid::from_u128(n)), app.seed.enterprises[usize::try_from(n % 3).expect("small")].0);
            let raised = day("2026-02-28") + TimeDelta::days(later);
            violations::insert(&mut tx, id, at, &finding, now, raised).await.expect("raised");
        }
        Step::Judge { which, agency, severity, state } => {
            if let Some(mut v) = one(&mut tx, which).await {
                v.agency = agencies[agency];
                v.severity = Severity::from_level(i64::from(severity)).expect("a severity");
                v.state = ViolationState::ALL[state];
                violations::update(&mut tx, &v, now).await.expect("judged");
            }
        }
        Step::Stand { which, state, handling, closed, act_by, appeal_by } => {
            if let Some(v) = one(&mut tx, which).await {
                let mut s = v.standing();
                s.state = ViolationState::ALL[state];
                s.handling = Handling::ALL[handling % Handling::ALL.len()];
                s.closed_at = closed.then_some(now);
                s.act_by = act_by.map(|days| day(TODAY) + TimeDelta::days(days));
                s.appeal_by = appeal_by.map(|days| day(TODAY) + TimeDelta::days(days));
                violations::stand(&mut tx, v.id, v.version, &s, now).await.expect("handled");
            }
        }
        Step::Undone { which } => {
            if let Some(v) = one(&mut tx, which).await {
                let mut s = v.standing();
                s.closed_at = if s.closed_at.is_some() { None } else { Some(now) };
                violations::stand(&mut tx, v.id, v.version, &s, now).await.expect("handled");
                let stale = violations::stand(&mut tx, v.id, v.version, &s, now).await;
                assert!(stale.is_err(), "that version is gone");
            }
            tx.rollback().await.expect("taken back");
            return;
        }
        Step::Merge { from } => {
            // A second time there is nothing to move.
            let (from, into) = (app.seed.enterprises[from].0, app.seed.enterprises[2].0);
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

async fn history(steps: Vec<Step>) {
    let app = TestApp::new().await;
    for (n, step) in (1..).zip(&steps) {
        take(&app, step, n).await;
        let mut tx = app.app.db.read().await.expect("a connection");
        assert_eq!(read(&mut tx).await, count(&mut tx).await, "after step {n}: {step:?}");
        assert_eq!(figure_violations::compare(&mut tx).await.expect("compared").1, 0, "after step {n}: {step:?}");
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
        assert_eq!(figure_violations::compare(&mut tx).await.expect("compared").1, 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn after_any_history_the_sums_say_what_a_count_says(steps in vec(step(), 1..40)) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(history(steps));
    }
}

/// On SQLite there is one writer at a time; on PostgreSQL a decision and an event elsewhere may meet at one violation.
#[tokio::test]
async fn of_two_writers_of_one_version_the_second_is_told_that_it_is_gone() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-10 10:00").await;
    let v = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    let app = &world.test.app;
    if app.db.backend() == Backend::Sqlite {
        return;
    }
    let now = app.clock.now();
    let mut first = app.db.write().await.expect("a transaction");
    let mut standing = v.standing();
    standing.closed_at = Some(now);
    violations::stand(&mut first, v.id, v.version, &standing, now).await.expect("handled");
    let (db, same) = (app.db.clone(), v.clone());
    let second = tokio::spawn(async move {
        let mut tx = db.write().await.expect("a transaction");
        violations::update(&mut tx, &same, now).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!second.is_finished(), "it waits for the first");
    first.commit().await.expect("a commit");
    let second = second.await.expect("no panic").expect_err("that version is gone");
    assert!(matches!(second, StorageError::Stale("violation")), "{second}");
    let mut tx = app.db.read().await.expect("a connection");
    assert_eq!(figure_violations::compare(&mut tx).await.expect("compared").1, 0);
}

#[tokio::test]
async fn the_nightly_check_finds_a_sum_of_violations_that_is_wrong_and_mends_it() {
    let world = World::new().await;
    let app = &world.test.app;
    // A no-disturb day.
    world.file(FIRE, "03-10 10:00").await;
    jobs::fold_figures(app).await.expect("folded");
    let check = jobs::check_figures(app, app.clock.now()).await.expect("checked").expect("it is after three");
    assert_eq!((check.differing, check.rebuilt), (0, false));
    let mut tx = app.db.write().await.expect("a transaction");
    let honest = count(&mut tx).await;
    figure_violations::forget(&mut tx, day("2026-03-03")).await.expect("forgotten");
    tx.commit().await.expect("a commit");
    app.clock.set(at("03-04 10:00"));
    let check = jobs::check_figures(app, app.clock.now()).await.expect("checked").expect("a new day");
    assert!(check.differing > 0 && check.rebuilt, "{check:?}");
    let mut tx = app.db.read().await.expect("a connection");
    assert_eq!(read(&mut tx).await, honest);
    assert_eq!(figure_violations::compare(&mut tx).await.expect("compared").1, 0);
}
