//! The supervisors' inbox: each tab shows and counts the violations that it should hold, in its order, whatever the filter, by whichever index they
//! are looked up.

use crate::console::filing_search::crowd;
use crate::console::world::{FIRE, MARKET, World};
use chrono::{NaiveDate, TimeDelta};
use mashang::domain::cases::Handling;
use mashang::domain::id::{FilingId, PolicyId, ViolationId};
use mashang::domain::rules::Inputs;
use mashang::domain::violation::{Finding, RuleCode, Severity, Subject, ViolationState};
use mashang::storage::violation_inbox::{self, InboxCount, InboxFilter, InboxTab};
use mashang::storage::violations::{self, ViolationRecord};
use mashang::storage::{Tx, enterprises};
use std::cmp::Reverse;
use uuid::Uuid;

const RULES: [RuleCode; 3] = [RuleCode::Ndd01, RuleCode::Dup01, RuleCode::Per01];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 3).expect("a date")
}

/// Numbers as if by chance, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let most = u64::try_from(all.len()).expect("few");
        all[usize::try_from(self.below(most)).expect("few")]
    }

    fn due(&mut self) -> Option<NaiveDate> {
        let days = [None, None, None, Some(-1), Some(0), Some(2)];
        self.of(&days).map(|days| today() + TimeDelta::days(days))
    }
}

/// What the tabs tell apart of one violation.
fn kind_of(v: &ViolationRecord) -> InboxCount {
    let sides = [v.act_by, v.appeal_by].map(|due| due.map(|due| due.cmp(&today()) as i64));
    InboxCount {
        state: v.state,
        severity: i64::from(v.severity.level()),
        handling: v.handling,
        due: sides.into_iter().flatten().min(),
        appealed: v.appeal_by.is_some(),
        count: 1,
    }
}

async fn raise(world: &World, sites: &[mashang::domain::id::EnterpriseId]) {
    let (app, mut dice) = (&world.test.app, Dice(7));
    let agencies = [None, Some(world.test.seed.agencies[FIRE]), Some(world.test.seed.agencies[MARKET])];
    let mut tx = app.db.write().await.expect("a transaction");
    for n in 1..=160_u128 {
        let finding = Finding {
            rule: dice.of(&RULES),
            subject: Subject::Filing(FilingId(Uuid::from_u128(n))),
            agency: dice.of(&agencies),
            severity: Severity::from_level(1 + i64::try_from(dice.below(4)).expect("small")).expect("a severity"),
            evidence: Vec::new(),
            inputs: Inputs::Ndd01 { days: Vec::new(), executed: false },
            policy: PolicyId(Uuid::nil()),
        };
        // Some at the same instant.
        let now = app.clock.now() + TimeDelta::hours(i64::try_from(dice.below(40)).expect("small"));
        let day = today() - TimeDelta::days(i64::try_from(dice.below(5)).expect("small"));
        let id = ViolationId(Uuid::from_u128(n));
        violations::insert(&mut tx, id, dice.of(sites), &finding, now, day).await.expect("raised");
        if dice.below(4) > 0 {
            let row = tx.fetch_one("SELECT * FROM violations WHERE id = $1", &[id.into()]).await.expect("there");
            let v = violations::from_row(&row).expect("a violation");
            let mut s = v.standing();
            s.state = dice.of(ViolationState::ALL);
            s.handling = dice.of(Handling::ALL);
            (s.act_by, s.appeal_by) = (dice.due(), dice.due());
            violations::stand(&mut tx, id, v.version, &s, now).await.expect("handled");
        }
    }
    tx.commit().await.expect("a commit");
}

/// Every tab under a filter: what is shown, page by page, and what is counted, is what it should hold of `all`.
async fn compare(tx: &mut Tx, filter: &InboxFilter, all: &[ViolationRecord], what: &str) {
    let counts = violation_inbox::counts(tx, filter, today()).await.expect("counts");
    for tab in InboxTab::ALL {
        let mut wanted: Vec<&ViolationRecord> = all.iter().filter(|v| tab.holds(&kind_of(v))).collect();
        wanted.sort_unstable_by_key(|v| Reverse((v.severity, v.raised_at, v.id)));
        let wanted: Vec<ViolationId> = wanted.into_iter().map(|v| v.id).collect();
        let (mut shown, mut after) = (Vec::new(), None);
        loop {
            let page = violation_inbox::page(tx, filter, tab, today(), after, 7).await.expect("a page");
            shown.extend(page.iter().map(|row| row.violation.id));
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
        }
        assert_eq!(shown, wanted, "{what}, {tab:?}");
        let counted: i64 = counts.iter().filter(|count| tab.holds(count)).map(|count| count.count).sum();
        assert_eq!(usize::try_from(counted).expect("not below zero"), wanted.len(), "{what}, {tab:?}");
    }
}

#[tokio::test]
async fn every_tab_shows_and_counts_what_it_should_hold_under_every_filter() {
    let world = World::new().await;
    let (many, first) = (crowd(&world, 330).await, world.test.seed.enterprises[0].0);
    let sites = [first, world.test.seed.enterprises[1].0, many[0], many[20], many[329]];
    raise(&world, &sites).await;
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let rows = tx.fetch_all("SELECT * FROM violations", &[]).await.expect("violations");
    let all: Vec<ViolationRecord> = rows.iter().map(|row| violations::from_row(row).expect("a violation")).collect();
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.get("raised_day").expect("a day")).collect();
    let name = enterprises::get(&mut tx, first).await.expect("read").expect("an enterprise").name;
    let plain =
        |ceiling| InboxFilter { ceiling, severity: None, rule: None, agency: None, from: None, to: None, words: None };
    let market = world.test.seed.agencies[MARKET];
    let (yesterday, words) = (today() - TimeDelta::days(1), |words: &str| Some(words.to_owned()));
    for ceiling in [Severity::Violation, Severity::Referral] {
        let plain = || plain(ceiling);
        for filter in [
            plain(),
            InboxFilter { severity: Some(Severity::Warning), ..plain() },
            InboxFilter { severity: Some(Severity::Referral), ..plain() },
            InboxFilter { rule: Some(RuleCode::Dup01), agency: Some(market), ..plain() },
            InboxFilter { from: Some(yesterday), to: Some(yesterday), ..plain() },
            InboxFilter { words: words(&name), ..plain() },
            InboxFilter { words: words("繁星第20号"), rule: Some(RuleCode::Ndd01), ..plain() },
            InboxFilter { words: words("繁星"), ..plain() },
            InboxFilter { words: words("繁星"), agency: Some(market), from: Some(yesterday), ..plain() },
            InboxFilter { words: words("没有这家"), ..plain() },
        ] {
            let named = |v: &ViolationRecord| match filter.words.as_deref() {
                Some("繁星") => many.contains(&v.enterprise),
                Some("繁星第20号") => v.enterprise == many[20],
                Some("没有这家") => false,
                Some(_) => v.enterprise == first,
                None => true,
            };
            let passes = |v: &ViolationRecord, day: NaiveDate| {
                v.severity <= filter.ceiling
                    && filter.severity.is_none_or(|s| v.severity == s)
                    && filter.rule.is_none_or(|rule| v.rule == rule)
                    && filter.agency.is_none_or(|agency| v.agency == Some(agency))
                    && filter.from.is_none_or(|from| day >= from)
                    && filter.to.is_none_or(|to| day <= to)
                    && named(v)
            };
            let passing = all.iter().zip(&days).filter(|(v, day)| passes(v, **day));
            let passing: Vec<ViolationRecord> = passing.map(|(v, _)| v.clone()).collect();
            compare(&mut tx, &filter, &passing, &format!("{filter:?}")).await;
        }
    }
}
