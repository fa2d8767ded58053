//! The routing of alerts at its boundaries. Times are at +08:00; 2026-02-14 is a make-up Saturday, 2026-02-15 to 02-23 the Spring Festival.

use super::{Due, MailKind, alert_kind, case_number, due_at, is_daytime, next_morning};
use crate::domain::day::Zone;
use crate::domain::holidays::Holidays;
use crate::domain::id::ViolationId;
use crate::domain::user::AlertChoice;
use crate::domain::violation::Severity;
use chrono::{DateTime, Utc};
use rstest::rstest;

fn at(local: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{local}+08:00")).expect("a local time").to_utc()
}

fn due(severity: Severity, choice: AlertChoice, now: &str) -> Option<Due> {
    due_at(severity, choice, at(now), Zone::SHANGHAI, &Holidays::official())
}

#[rstest]
#[case::just_before_eight("2026-03-10T07:59:59.999", Some("2026-03-10T08:30:00"))]
#[case::eight("2026-03-10T08:00:00", None)]
#[case::digest_time("2026-03-10T08:30:00", None)]
#[case::last_of_the_day("2026-03-10T19:59:59.999", None)]
#[case::twenty("2026-03-10T20:00:00", Some("2026-03-11T08:30:00"))]
#[case::midnight("2026-03-11T00:00:00", Some("2026-03-11T08:30:00"))]
#[case::friday_evening("2026-03-13T21:00:00", Some("2026-03-16T08:30:00"))]
#[case::saturday_noon("2026-03-14T12:00:00", Some("2026-03-16T08:30:00"))]
#[case::make_up_saturday("2026-02-14T12:00:00", None)]
#[case::before_a_make_up_saturday("2026-02-13T20:00:00", Some("2026-02-14T08:30:00"))]
#[case::holiday_eve("2026-02-14T20:00:00", Some("2026-02-24T08:30:00"))]
#[case::in_a_holiday("2026-02-18T10:00:00", Some("2026-02-24T08:30:00"))]
fn severity_two_by_default(#[case] now: &str, #[case] morning: Option<&str>) {
    let expected = morning.map_or(Due::Now, |morning| Due::At(at(morning)));
    assert_eq!(due(Severity::Warning, AlertChoice::Default, now), Some(expected));
}

#[rstest]
#[case("2026-03-10T08:29:59.999", "2026-03-10T08:30:00")]
#[case("2026-03-10T08:30:00", "2026-03-11T08:30:00")]
#[case("2026-03-10T14:00:00", "2026-03-11T08:30:00")]
#[case("2026-03-14T14:00:00", "2026-03-16T08:30:00")]
fn severity_two_for_who_wants_a_digest(#[case] now: &str, #[case] morning: &str) {
    assert_eq!(due(Severity::Warning, AlertChoice::Digest, now), Some(Due::At(at(morning))));
}

#[rstest]
fn what_is_told_at_any_hour(
    #[values("2026-03-10T12:00:00", "2026-03-10T20:00:00", "2026-03-14T03:00:00", "2026-02-18T10:00:00")] now: &str,
) {
    assert_eq!(due(Severity::Warning, AlertChoice::AnyHour, now), Some(Due::Now));
    for choice in AlertChoice::ALL {
        assert_eq!(due(Severity::Violation, *choice, now), Some(Due::Now));
        assert_eq!(due(Severity::Referral, *choice, now), Some(Due::Now));
        assert_eq!(due(Severity::Notice, *choice, now), None);
    }
}

#[test]
fn only_what_was_asked_for_at_any_hour_may_arrive_at_night() {
    assert!(alert_kind(Severity::Warning, AlertChoice::Default).daytime_only());
    assert!(alert_kind(Severity::Warning, AlertChoice::Digest).daytime_only());
    assert!(!alert_kind(Severity::Warning, AlertChoice::AnyHour).daytime_only());
    assert!(!alert_kind(Severity::Violation, AlertChoice::Digest).daytime_only());
    assert_eq!(alert_kind(Severity::Referral, AlertChoice::AnyHour), MailKind::Referral);
    assert!(MailKind::Digest.daytime_only());
}

#[test]
fn a_morning_is_never_in_the_past_and_always_in_the_daytime() {
    let holidays = Holidays::official();
    let mut now = at("2026-01-01T00:00:00");
    while now < at("2027-03-01T00:00:00") {
        let morning = next_morning(now, Zone::SHANGHAI, &holidays);
        assert!(morning > now);
        assert!(is_daytime(morning, Zone::SHANGHAI, &holidays), "{morning}");
        now += chrono::TimeDelta::minutes(137);
    }
}

#[test]
fn a_case_number_is_short_and_of_the_random_end() {
    let id = ViolationId::parse("019cd000-0000-7000-8000-0000abcd1234").expect("an id");
    assert_eq!(case_number(id), "ABCD-1234");
}
