//! The no-disturb calendar at the edges of its ranges.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const ZONE: Zone = Zone::SHANGHAI;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a test date")
}

fn dates(texts: &[&str]) -> Vec<NaiveDate> {
    texts.iter().map(|text| date(text)).collect()
}

fn span(start: &str, end: &str) -> Span {
    let at = |text: &str| -> DateTime<Utc> { text.parse().expect("a test instant") };
    Span::new(at(start), at(end)).expect("end after start")
}

#[rstest]
#[case("2026-03-07T23:30:00+08:00", "2026-03-08T00:00:00+08:00", &[])]
#[case("2026-03-07T23:30:00+08:00", "2026-03-08T00:01:00+08:00", &["2026-03-08"])]
#[case("2026-03-07T16:00:00Z", "2026-03-07T17:00:00Z", &["2026-03-08"])]
#[case("2026-03-23T15:59:59Z", "2026-03-23T17:00:00Z", &["2026-03-23"])]
#[case("2026-03-23T16:00:00Z", "2026-03-23T17:00:00Z", &[])]
// A public holiday makes no difference.
#[case("2026-02-23T09:00:00+08:00", "2026-02-23T10:00:00+08:00", &["2026-02-23"])]
#[case("2026-03-22T09:00:00+08:00", "2026-03-25T10:00:00+08:00", &["2026-03-22", "2026-03-23"])]
// From the open days before to those after.
#[case("2026-03-07T09:00:00+08:00", "2026-03-10T00:00:00+08:00", &["2026-03-08", "2026-03-09"])]
fn a_span_touches_no_disturb_days(#[case] start: &str, #[case] end: &str, #[case] expected: &[&str]) {
    assert_eq!(NoDisturb::default().touched(span(start, end), ZONE), dates(expected));
}

#[rstest]
#[case("2026-03-05", true)] // extra
#[case("2026-03-10", false)] // waived
#[case("2026-03-11", true)] // both: extra wins
#[case("2026-03-12", true)] // in the range
#[case("2026-04-10", true)] // waived in March only
#[case("2026-03-31", true)] // the second range
#[case("2026-03-30", false)]
fn extra_adds_and_waived_takes_away(#[case] day: &str, #[case] expected: bool) {
    let calendar = NoDisturb {
        ranges: vec![(8, 23), (31, 31)],
        extra: dates(&["2026-03-05", "2026-03-11"]).into_iter().collect(),
        waived: dates(&["2026-03-10", "2026-03-11"]).into_iter().collect(),
    };
    assert_eq!(calendar.is_no_disturb(date(day)), expected);
}

#[test]
fn the_next_open_days_are_working_days() {
    let holidays = Holidays::official();
    let next = |from, n| NoDisturb::default().next_open_days(date(from), n, &holidays);
    // 7 March 2026 is a Saturday; the 8th to the 23rd are no-disturb days; the 24th is a Tuesday.
    assert_eq!(next("2026-03-06", 3), dates(&["2026-03-06", "2026-03-24", "2026-03-25"]));
    assert_eq!(next("2026-03-07", 1), dates(&["2026-03-24"]));
    // The National Day's first week, then the no-disturb days, then a weekend.
    assert_eq!(next("2026-10-01", 2), dates(&["2026-10-26", "2026-10-27"]));
    // A Saturday that is worked in exchange.
    assert_eq!(next("2026-02-28", 1), dates(&["2026-02-28"]));
    assert!(next("2026-03-06", 0).is_empty());
}

#[test]
fn a_search_without_result_ends() {
    let closed = NoDisturb { ranges: vec![(1, 31)], ..NoDisturb::default() };
    assert!(closed.next_open_days(date("2026-01-01"), 3, &Holidays::official()).is_empty());
    assert!(NoDisturb::default().next_open_days(NaiveDate::MAX, 3, &Holidays::official()).len() <= 1);
}

#[rstest]
#[case("2026-03-01", Some(("2026-02-24", "2026-03-07")))]
#[case("2026-02-24", Some(("2026-02-24", "2026-03-07")))]
#[case("2026-03-07", Some(("2026-02-24", "2026-03-07")))]
#[case("2026-03-08", None)]
#[case("2026-03-23", None)]
#[case("2024-02-29", Some(("2024-02-24", "2024-03-07")))]
#[case("2025-12-31", Some(("2025-12-24", "2026-01-07")))]
fn an_open_window_is_a_maximal_run(#[case] day: &str, #[case] expected: Option<(&str, &str)>) {
    let expected = expected.map(|(first, last)| (date(first), date(last)));
    assert_eq!(NoDisturb::default().open_window(date(day)), expected);
}

#[test]
fn an_open_window_without_end_is_cut() {
    let open = NoDisturb { ranges: Vec::new(), ..NoDisturb::default() };
    let (first, last) = open.open_window(date("2026-03-01")).expect("an open day");
    assert_eq!((last - first).num_days(), 800);
    assert_eq!(open.open_window(NaiveDate::MAX).map(|(_, last)| last), Some(NaiveDate::MAX));
    assert_eq!(open.open_window(NaiveDate::MIN).map(|(first, _)| first), Some(NaiveDate::MIN));
}

#[rstest]
#[case(&[(8, 23)], Ok(()))]
#[case(&[], Ok(()))]
#[case(&[(1, 31), (5, 5)], Ok(()))]
#[case(&[(8, 23), (0, 3)], Err(NoDisturbError::OutsideMonth { number: 2, from: 0, to: 3 }))]
#[case(&[(8, 32)], Err(NoDisturbError::OutsideMonth { number: 1, from: 8, to: 32 }))]
#[case(&[(23, 8)], Err(NoDisturbError::Reversed { number: 1, from: 23, to: 8 }))]
fn ranges_are_checked(#[case] ranges: &[(u8, u8)], #[case] expected: Result<(), NoDisturbError>) {
    assert_eq!(NoDisturb { ranges: ranges.to_vec(), ..NoDisturb::default() }.check(), expected);
}

#[test]
fn the_json_form_is_that_of_the_replay_file() {
    let read = |text| serde_json::from_str::<NoDisturb>(text).expect("a good calendar");
    assert_eq!(read("{}"), NoDisturb::default());
    let calendar = read(r#"{"ranges":[[8,23],[30,31]],"extra":["2026-03-05"],"waived":["2026-03-10"]}"#);
    assert_eq!(calendar.ranges, [(8, 23), (30, 31)]);
    assert!(calendar.extra.contains(&date("2026-03-05")) && calendar.waived.contains(&date("2026-03-10")));
    let written = serde_json::to_string(&calendar).expect("a calendar serialises");
    assert_eq!(written, r#"{"ranges":[[8,23],[30,31]],"extra":["2026-03-05"],"waived":["2026-03-10"]}"#);
    assert_eq!(read(r#"{"ranges":[]}"#).ranges, []);
}

proptest! {
    #[test]
    fn by_default_the_8th_to_the_23rd_of_every_month_is_quiet(n in 0_i64..20_000) {
        let d = date("2000-01-01") + chrono::TimeDelta::days(n);
        prop_assert_eq!(NoDisturb::default().is_no_disturb(d), d.day() >= 8 && d.day() <= 23);
        if let Some((first, last)) = NoDisturb::default().open_window(d) {
            prop_assert!(first <= d && d <= last);
            prop_assert_eq!((first.day(), last.day()), (24, 7));
        }
    }
}
