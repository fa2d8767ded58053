//! The table, and counting working days across holidays, make-up days and year ends.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a test date")
}

#[rstest]
#[case("2026-02-13", true)] // a Friday
#[case("2026-02-14", true)] // a Saturday, made up
#[case("2026-02-15", false)] // a Sunday within the holiday
#[case("2026-02-23", false)] // a Monday, the holiday's last day
#[case("2026-02-24", true)] // a Tuesday
#[case("2026-03-07", false)] // a Saturday
#[case("2026-03-08", false)] // a Sunday
#[case("2026-10-10", true)] // a Saturday, made up
#[case("2024-02-09", true)] // the eve of 2024's Spring Festival was not taken off
#[case("2023-10-01", false)] // before the table: a Sunday
#[case("2023-10-02", true)] // before the table: a Monday, although it was a holiday
#[case("2027-01-01", true)] // after the table: a Friday
#[case("2027-01-02", false)] // after the table: a Saturday
fn a_day_is_worked_by_the_table_else_by_the_weekday(#[case] day: &str, #[case] expected: bool) {
    assert_eq!(Holidays::official().is_working_day(date(day)), expected);
}

#[rstest]
#[case("2026-02-12", "2026-02-24", 3)] // 13, 14 (made up), 24
#[case("2026-02-13", "2026-02-24", 2)]
#[case("2026-02-12", "2026-02-12", 0)]
#[case("2026-02-24", "2026-02-12", 0)]
#[case("2026-09-29", "2026-10-08", 2)] // 30, 8
#[case("2025-12-31", "2026-01-05", 2)] // 4 (made up), 5
#[case("2026-03-06", "2026-03-08", 0)] // a weekend
#[case("2026-03-25", "2026-03-30", 3)] // FIL-04's example
#[case("2024-02-28", "2024-03-01", 2)] // 29 February and 1 March
#[case("2024-01-01", "2025-01-01", 251)] // all working days of 2024
fn wdiff_counts_the_working_days_after_the_first(#[case] a: &str, #[case] b: &str, #[case] expected: i64) {
    assert_eq!(Holidays::official().wdiff(date(a), date(b)), expected);
}

#[rstest]
#[case("2026-02-13", 3, "2026-02-25")]
#[case("2026-09-30", 3, "2026-10-10")] // a Saturday, made up
#[case("2026-04-30", 5, "2026-05-11")]
#[case("2026-03-25", 3, "2026-03-30")]
#[case("2026-03-07", 0, "2026-03-07")] // not a working day, but nothing is counted
#[case("2026-03-07", 1, "2026-03-09")]
#[case("2026-02-14", 1, "2026-02-24")]
#[case("2026-12-31", 1, "2027-01-01")] // provisional
fn addwd_finds_the_earliest_day(#[case] a: &str, #[case] n: u32, #[case] expected: &str) {
    assert_eq!(Holidays::official().addwd(date(a), n), date(expected));
}

#[test]
fn a_deadline_is_the_end_of_its_local_day() {
    let end: DateTime<Utc> = "2026-03-30T16:00:00Z".parse().expect("a test instant");
    assert_eq!(deadline(Zone::SHANGHAI, date("2026-03-30")), end);
}

#[test]
fn days_beyond_the_last_year_are_provisional() {
    let official = Holidays::official();
    assert!(!official.is_provisional(date("2026-12-31")));
    assert!(official.is_provisional(date("2027-01-01")));
    assert!(!official.is_provisional(date("2023-06-01")));
    assert!(Holidays::default().is_provisional(date("2026-01-01")));
}

#[test]
fn the_official_table_is_complete_and_plausible() {
    let official = Holidays::official();
    // The days off and the make-up days by the notices for 2024, 2025 and 2026.
    for (year, off, work) in [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)] {
        let count = |kind| official.rows().filter(|row| row.date.year() == year && row.kind == kind).count();
        assert_eq!((count(HolidayKind::Off), count(HolidayKind::Work)), (off, work), "{year}");
    }
    for row in official.rows() {
        assert!(row.kind == HolidayKind::Off || !is_weekday(row.date), "{}: only a weekend day is made up", row.date);
    }
    assert_eq!(official.kind_of(date("2025-10-06")), Some((HolidayKind::Off, "国庆节、中秋节")));
    assert_eq!(official.kind_of(date("2025-10-09")), None);
}

#[test]
fn a_table_is_read_with_bom_and_crlf_and_written_entries_survive() {
    let table = Holidays::parse_csv("\u{feff}date,kind,name\r\n2027-01-01,off,元旦\r\n2027-01-02,work, 元旦 \r\n");
    let table = table.expect("a good table");
    assert_eq!(table.kind_of(date("2027-01-02")), Some((HolidayKind::Work, "元旦")));
    assert_eq!(Holidays::new(table.rows()), table);
    assert_eq!(Holidays::new(Holidays::official().rows()), Holidays::official());
}

#[rstest]
#[case("date,kind\n", 1, "line")]
#[case("", 1, "line")]
#[case("date,kind,name\n2027-01-01,off,元旦\n2027-02-30,off,x\n", 3, "date")]
#[case("date,kind,name\n2027-01-01,free,元旦\n", 2, "kind")]
#[case("date,kind,name\n2027-01-01,off,元旦\n2027-01-01,work,元旦\n", 3, "date")]
#[case("date,kind,name\n2027-01-01,off\n", 2, "line")]
fn a_broken_table_is_refused_with_its_line(#[case] text: &str, #[case] line: u64, #[case] column: &str) {
    let error = Holidays::parse_csv(text).expect_err("a broken table");
    assert_eq!((error.line, error.column), (line, column), "{error}");
}

#[test]
fn the_limits_of_the_calendar_are_bounded() {
    let official = Holidays::official();
    assert_eq!(official.addwd(NaiveDate::MAX, 0), NaiveDate::MAX);
    assert_eq!(official.addwd(NaiveDate::MAX, 3), NaiveDate::MAX);
    assert_eq!(official.addwd(NaiveDate::MIN, u32::MAX), NaiveDate::MAX);
    assert_eq!(official.wdiff(NaiveDate::MAX, NaiveDate::MIN), 0);
    // 5 days in 7 of 191 million days.
    assert!((136_000_000..137_000_000).contains(&official.wdiff(NaiveDate::MIN, NaiveDate::MAX)));
    assert!(deadline(Zone::SHANGHAI, NaiveDate::MAX) > deadline(Zone::SHANGHAI, date("9999-12-31")));
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0_i64..2_000).prop_map(|n| date("2022-06-01") + TimeDelta::days(n))
}

proptest! {
    #[test]
    fn wdiff_is_the_count_of_working_days(a in days(), length in 0_i64..900) {
        let official = Holidays::official();
        let b = a + TimeDelta::days(length);
        let counted = a.iter_days().skip(1).take_while(|d| *d <= b).filter(|d| official.is_working_day(*d)).count();
        prop_assert_eq!(usize::try_from(official.wdiff(a, b)), Ok(counted));
    }

    #[test]
    fn addwd_is_the_inverse_of_wdiff(a in days(), n in 1_u32..600) {
        let official = Holidays::official();
        let d = official.addwd(a, n);
        prop_assert_eq!(official.wdiff(a, d), i64::from(n));
        prop_assert_eq!(official.wdiff(a, d.pred_opt().expect("not the first date")), i64::from(n) - 1);
        prop_assert!(official.is_working_day(d));
    }

    #[test]
    fn counting_holds_with_any_table(a in days(), n in 0_u32..40, entries in prop::collection::vec((days(), any::<bool>()), 0..300)) {
        let kind = |work| if work { HolidayKind::Work } else { HolidayKind::Off };
        let table = Holidays::new(entries.into_iter().map(|(date, work)| Holiday { date, kind: kind(work), name: String::new() }));
        prop_assert_eq!(table.wdiff(a, table.addwd(a, n)), i64::from(n));
    }
}
