use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

#[test]
fn a_rate_of_nothing_is_none_and_others_are_rounded_to_a_tenth_of_a_percent() {
    assert_eq!(per_mille(0, 0), None);
    assert_eq!(per_mille(1, 3), Some(333));
    assert_eq!(per_mille(2, 3), Some(667));
    assert_eq!(per_mille(5, 5), Some(1000));
}

#[test]
fn a_median_is_the_middle_or_between_the_two_in_the_middle() {
    let days = |list: &[i64]| list.iter().map(|d| TimeDelta::days(*d)).collect::<Vec<_>>();
    assert_eq!(median_tenths(Vec::new()), None);
    assert_eq!(median_tenths(days(&[9, 1, 2])), Some(20));
    assert_eq!(median_tenths(days(&[4, 1])), Some(25));
}

#[test]
fn months_are_those_that_a_period_touches() {
    let all = months((day("2025-11-30"), day("2026-02-01")));
    assert_eq!(all, ["2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01"].map(day));
    assert_eq!(month_end(day("2028-02-03")), day("2028-02-29"));
    assert_eq!(year_of(day("2026-05-05")), (2026, day("2026-01-01"), day("2026-12-31")));
}

#[test]
fn what_is_not_told_follows_neither_from_the_sum_nor_from_the_own_count() {
    let all = |counts: &[i64]| told_beside_their_sum(counts);
    assert_eq!(all(&[0, 9, 7]), (vec![Some(0), Some(9), Some(7)], true), "nothing to hide");
    assert_eq!(
        all(&[3, 9, 7, 0]),
        (vec![None, None, None, Some(0)], true),
        "one small count takes the two smallest with it"
    );
    assert_eq!(all(&[4, 1, 9, 12]), (vec![None, None, None, Some(12)], true), "who has the 4 would know the 1");
    assert_eq!(
        all(&[1, 1, 1, 2, 9]),
        (vec![None, None, None, None, None], true),
        "who has the 2 would know that all others are 1"
    );
    assert_eq!(all(&[1, 1, 1, 1, 1]), (vec![None; 5], false), "they could only be 1 each: the sum is not told");
    assert_eq!(all(&[2, 0]), (vec![None, Some(0)], false), "there is no other");
    assert_eq!(all(&[2, 6, 6, 6, 8]), (vec![None, None, None, None, Some(8)], true), "those of one size go together");
}

#[test]
fn cells_of_1_to_4_are_not_told() {
    assert_eq!([0, 1, 4, 5].map(told), [Some(0), None, None, Some(5)]);
}
