use super::{Identity, Quarter, invited_at, next_batch};
use crate::domain::day::Zone;
use crate::domain::holidays::Holidays;
use chrono::{DateTime, Utc};

fn at(local: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{local}:00+08:00")).expect("a local time").to_utc()
}

#[test]
fn a_batch_leaves_at_ten_of_the_next_working_day() {
    let holidays = Holidays::official();
    let cases = [
        ("2026-03-03T09:00", "2026-03-04T10:00"),
        ("2026-03-03T23:59", "2026-03-04T10:00"),
        ("2026-03-06T10:00", "2026-03-09T10:00"),
        // Friday before the Spring Festival: the 14th is a make-up working day.
        ("2026-02-13T12:00", "2026-02-14T10:00"),
        ("2026-02-14T12:00", "2026-02-24T10:00"),
    ];
    for (now, leaves) in cases {
        assert_eq!(next_batch(at(now), Zone::SHANGHAI, &holidays), at(leaves), "{now}");
    }
}

#[test]
fn an_invitation_follows_the_visit_by_four_hours_and_never_comes_at_night() {
    let cases = [
        ("2026-03-03T10:00", "2026-03-03T14:00"),
        ("2026-03-03T15:59", "2026-03-03T19:59"),
        ("2026-03-03T16:00", "2026-03-04T09:00"),
        ("2026-03-03T21:00", "2026-03-04T09:00"),
        ("2026-03-03T05:00", "2026-03-03T09:00"),
    ];
    for (left, invited) in cases {
        assert_eq!(invited_at(at(left), Zone::SHANGHAI), at(invited), "{left}");
    }
}

#[test]
fn quarters_follow_each_other_without_a_gap() {
    let quarter = Quarter::of("2026-01-15".parse().expect("a date"));
    assert_eq!(quarter, Quarter { year: 2026, number: 1 });
    assert_eq!(quarter.before(), Quarter { year: 2025, number: 4 });
    assert_eq!(quarter.before().after(), quarter);
    assert_eq!(quarter.before().span(Zone::SHANGHAI).1, quarter.span(Zone::SHANGHAI).0);
    assert_eq!(quarter.span(Zone::SHANGHAI).0, at("2026-01-01T00:00"));
    assert_eq!(Quarter::of("2026-12-31".parse().expect("a date")).number, 4);
}

#[test]
fn disclosure_only_goes_up_in_this_order() {
    assert!(Identity::Hidden < Identity::Superiors && Identity::Superiors < Identity::Open);
}
