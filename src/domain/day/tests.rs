//! Local days and spans at their edges.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const ZONE: Zone = Zone::SHANGHAI;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a test instant")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a test date")
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a known zone")
}

#[rstest]
#[case("2026-03-07T15:59:59Z", "2026-03-07")]
#[case("2026-03-07T16:00:00Z", "2026-03-08")]
#[case("2026-03-23T15:59:59Z", "2026-03-23")]
#[case("2026-03-23T16:00:00Z", "2026-03-24")]
#[case("2024-02-28T16:00:00Z", "2024-02-29")]
#[case("2024-02-29T16:00:00Z", "2024-03-01")]
#[case("2025-12-31T16:00:00Z", "2026-01-01")]
fn the_local_date_changes_at_local_midnight(#[case] instant: &str, #[case] expected: &str) {
    assert_eq!(ZONE.local_date(at(instant)), date(expected));
}

#[rstest]
#[case("2026-03-07T10:00:00+08:00", "2026-03-07T23:30:00+08:00", "2026-03-07", "2026-03-07")]
#[case("2026-03-07T23:30:00+08:00", "2026-03-08T00:00:00+08:00", "2026-03-07", "2026-03-07")]
#[case("2026-03-07T23:30:00+08:00", "2026-03-08T00:00:00.000000001+08:00", "2026-03-07", "2026-03-08")]
#[case("2026-03-07T23:30:00+08:00", "2026-03-08T00:01:00+08:00", "2026-03-07", "2026-03-08")]
#[case("2026-03-08T00:00:00+08:00", "2026-03-09T00:00:00+08:00", "2026-03-08", "2026-03-08")]
#[case("2026-02-27T12:00:00+08:00", "2026-03-02T12:00:00+08:00", "2026-02-27", "2026-03-02")]
fn a_span_touches_its_days_but_not_the_one_it_ends_at(
    #[case] start: &str,
    #[case] end: &str,
    #[case] first: &str,
    #[case] last: &str,
) {
    let span = Span::new(at(start), at(end)).expect("end after start");
    assert_eq!((span.first(ZONE), span.last(ZONE)), (date(first), date(last)));
    let days: Vec<_> = span.days(ZONE).collect();
    let expected: Vec<_> = date(first).iter_days().take_while(|d| *d <= date(last)).collect();
    assert_eq!(days, expected);
}

#[test]
fn a_span_ends_after_it_starts() {
    let (a, b) = (at("2026-03-07T00:00:00Z"), at("2026-03-07T00:00:00.001Z"));
    assert!(Span::new(a, b).is_some());
    assert!(Span::new(a, a).is_none());
    assert!(Span::new(b, a).is_none());
}

#[test]
fn a_span_contains_its_start_but_not_its_end() {
    let (a, b) = (at("2026-03-07T00:00:00Z"), at("2026-03-07T01:00:00Z"));
    let span = Span::new(a, b).expect("end after start");
    assert!(span.contains(a) && !span.contains(b));
    assert!(!span.contains(at("2026-03-06T23:59:59Z")) && span.contains(at("2026-03-07T00:59:59Z")));
}

#[test]
fn a_span_is_read_back_only_in_order() {
    let span = Span::new(at("2026-03-07T00:00:00Z"), at("2026-03-07T01:00:00Z")).expect("end after start");
    let json = serde_json::to_string(&span).expect("a span serialises");
    assert_eq!(json, r#"{"start":"2026-03-07T00:00:00Z","end":"2026-03-07T01:00:00Z"}"#);
    assert_eq!(serde_json::from_str::<Span>(&json).expect("the same span"), span);
    let reversed = r#"{"start":"2026-03-07T01:00:00Z","end":"2026-03-07T00:00:00Z"}"#;
    assert!(serde_json::from_str::<Span>(reversed).is_err());
}

#[rstest]
#[case("Asia/Shanghai", "2026-03-08", "2026-03-07T16:00:00Z")]
#[case("Asia/Kathmandu", "2026-03-08", "2026-03-07T18:15:00Z")]
// Beirut skips from 00:00 to 01:00.
#[case("Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z")]
// Havana shows 00:00 to 01:00 twice.
#[case("America/Havana", "2022-11-06", "2022-11-06T04:00:00Z")]
// Samoa skipped the whole of 2011-12-30.
#[case("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")]
#[case("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z")]
fn a_day_starts_at_its_first_instant(#[case] name: &str, #[case] day: &str, #[case] expected: &str) {
    assert_eq!(zone(name).start_of(date(day)), at(expected));
}

#[rstest]
#[case("Asia/Shanghai", "08:30:00", "2026-03-08T00:30:00Z")]
// New York skips from 02:00 to 03:00.
#[case("America/New_York", "01:59:59", "2026-03-08T06:59:59Z")]
#[case("America/New_York", "02:30:00", "2026-03-08T07:00:00Z")]
#[case("America/New_York", "03:00:00", "2026-03-08T07:00:00Z")]
fn a_skipped_time_of_day_means_the_instant_of_the_skip(#[case] name: &str, #[case] time: &str, #[case] expected: &str) {
    let time = time.parse().expect("a test time");
    assert_eq!(zone(name).instant(date("2026-03-08"), time), at(expected));
}

#[test]
fn a_span_back_across_midnight_still_has_a_day() {
    // St. John's went back from 00:01 to 23:01 of the day before.
    let zone = zone("America/St_Johns");
    let span = Span::new(at("2006-10-29T02:30:30Z"), at("2006-10-29T02:40:00Z")).expect("end after start");
    assert_eq!(span.first(zone), date("2006-10-29"));
    assert_eq!(span.days(zone).collect::<Vec<_>>(), [date("2006-10-29")]);
}

#[test]
fn zones_are_known_by_their_iana_name() {
    assert_eq!(Zone::parse("Asia/Shanghai"), Some(ZONE));
    assert_eq!(ZONE.to_string(), "Asia/Shanghai");
    assert_eq!(Zone::parse("Asia/Chongqing").map(Zone::name), Some("Asia/Chongqing"));
    for wrong in ["", "Shanghai", "+08:00", "Asia/Shanghai "] {
        assert_eq!(Zone::parse(wrong), None, "{wrong:?}");
    }
}

#[test]
fn the_limits_of_time_do_not_panic() {
    for zone in [ZONE, zone("America/New_York"), zone("UTC")] {
        for d in [NaiveDate::MIN, NaiveDate::MAX] {
            // What matters is that there is an answer, and one that goes back to a date.
            let _ = zone.local_date(zone.start_of(d));
        }
        let all = Span::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).expect("end after start");
        assert!(all.first(zone) < all.last(zone));
        let tail =
            Span::new(DateTime::<Utc>::MAX_UTC - TimeDelta::days(1), DateTime::<Utc>::MAX_UTC).expect("in order");
        assert!(tail.days(zone).count() <= 2);
    }
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000).prop_map(|s| DateTime::from_timestamp(s, 0).expect("within the limits"))
}

fn zones() -> impl Strategy<Value = Zone> {
    prop::sample::select(vec!["Asia/Shanghai", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Africa/Casablanca"])
        .prop_map(zone)
}

proptest! {
    #[test]
    fn the_days_of_a_span_are_those_of_its_instants(start in instants(), minutes in 1_i64..20_000, step in 0_i64..20_000) {
        let span = Span::new(start, start + TimeDelta::minutes(minutes)).expect("end after start");
        let days: Vec<_> = span.days(ZONE).collect();
        prop_assert_eq!(days.first(), Some(&span.first(ZONE)));
        prop_assert_eq!(days.last(), Some(&span.last(ZONE)));
        prop_assert!(days.windows(2).all(|w| w[0].succ_opt() == Some(w[1])));
        let within = start + TimeDelta::minutes(step % minutes);
        prop_assert!(days.contains(&ZONE.local_date(within)));
        // Each day of the span has an instant in it, and no other day has.
        for d in &days {
            prop_assert!(ZONE.start_of(*d) < span.end() && ZONE.start_of(*d + TimeDelta::days(1)) > span.start());
        }
        prop_assert!(ZONE.start_of(span.last(ZONE) + TimeDelta::days(1)) >= span.end());
    }

    #[test]
    fn no_instant_before_the_start_of_a_day_belongs_to_it(zone in zones(), t in instants()) {
        let d = zone.local_date(t);
        prop_assert!(zone.start_of(d) <= t);
        prop_assert_eq!(zone.local_date(zone.start_of(d)), d);
        prop_assert!(zone.local_date(zone.start_of(d) - TimeDelta::seconds(1)) < d);
    }
}
