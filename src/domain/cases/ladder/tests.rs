//! The ladder around holidays. Times at +08:00.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).expect("an instant").to_utc()
}

#[test]
fn working_days_are_counted_backwards_over_holidays() {
    let holidays = Holidays::official();
    for (from, n, expected) in [
        ("2026-03-10", 0, "2026-03-10"),
        ("2026-03-10", 1, "2026-03-09"),
        ("2026-03-10", 3, "2026-03-05"),
        // 9 May is a make-up Saturday; 1 to 5 May are off.
        ("2026-05-11", 1, "2026-05-09"),
        ("2026-05-11", 3, "2026-05-07"),
        ("2026-05-11", 5, "2026-04-30"),
    ] {
        let found = working_day_before(&holidays, day(from), n);
        assert_eq!(found, day(expected), "{n} before {from}");
        assert_eq!(holidays.wdiff(found, day(from)), i64::from(n));
        assert!(holidays.is_working_day(found));
    }
}

#[test]
fn the_ladder_over_labour_day() {
    let holidays = Holidays::official();
    // Sent on Thursday 30 April, due on Monday 11 May.
    let rungs = ladder(day("2026-05-11"), 5, at("2026-04-30 15:00"), Zone::SHANGHAI, &holidays);
    let expected = [
        (Step::ThreeBefore, "2026-05-07 08:30"),
        (Step::OneBefore, "2026-05-09 08:30"),
        (Step::OnTheDay, "2026-05-11 08:30"),
        (Step::Passed, "2026-05-12 00:00"),
        (Step::ToHead, "2026-05-12 08:30"),
        (Step::Grave, "2026-05-19 00:00"),
        (Step::ToLead, "2026-05-19 08:30"),
    ];
    assert_eq!(rungs, expected.map(|(step, time)| Rung { step, at: at(time) }));
    let late = ladder(day("2026-05-11"), 5, at("2026-05-09 08:30"), Zone::SHANGHAI, &holidays);
    assert_eq!(late.first().map(|rung| rung.step), Some(Step::OnTheDay), "what is past is left out");
}

#[test]
fn mails_after_a_deadline_wait_for_the_next_working_morning() {
    // Due on Friday 25 September 2026: that is a day off, so take Thursday 24; the holiday of National Day begins on 1 October.
    let holidays = Holidays::official();
    let due = day("2026-09-30");
    let rungs = ladder(due, 5, at("2026-09-23 10:00"), Zone::SHANGHAI, &holidays);
    let of = |step| rungs.iter().find(|rung| rung.step == step).map(|rung| rung.at);
    assert_eq!(of(Step::Passed), Some(at("2026-10-01 00:00")), "the rule knows no rest days");
    assert_eq!(of(Step::ToHead), Some(at("2026-10-08 08:30")), "a mail does");
    for rung in rungs.iter().filter(|rung| !matches!(rung.step, Step::Passed | Step::Grave)) {
        assert!(crate::domain::notice::is_daytime(rung.at, Zone::SHANGHAI, &holidays), "{rung:?}");
    }
}
