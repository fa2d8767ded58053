//! What the languages promise.

use super::Lang;
use crate::domain::day::{Span, Zone};
use chrono::{DateTime, NaiveDate, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

#[test]
fn dates_carry_weekdays_in_both_languages() {
    let now = at("2026-03-10T00:00:00Z");
    let when = at("2026-03-18T06:30:00Z");
    assert_eq!(Lang::Zh.time(when, now, Zone::SHANGHAI), "3月18日（周三）14:30");
    assert_eq!(Lang::En.time(when, now, Zone::SHANGHAI), "Wed 18 Mar, 14:30");
}

#[test]
fn the_year_is_written_when_it_is_another_one() {
    let today = NaiveDate::from_ymd_opt(2026, 12, 31).expect("a date");
    let day = NaiveDate::from_ymd_opt(2027, 1, 4).expect("a date");
    assert_eq!(Lang::Zh.date(day, today), "2027年1月4日（周一）");
    assert_eq!(Lang::En.date(day, today), "Mon 4 Jan 2027");
}

#[test]
fn a_span_within_a_day_writes_the_date_once() {
    let now = at("2026-03-10T00:00:00Z");
    let short = Span::new(at("2026-03-18T06:30:00Z"), at("2026-03-18T08:00:00Z")).expect("a span");
    assert_eq!(Lang::Zh.span(short, now, Zone::SHANGHAI), "3月18日（周三）14:30–16:00");
    let long = Span::new(at("2026-03-18T06:30:00Z"), at("2026-03-19T08:00:00Z")).expect("a span");
    assert_eq!(Lang::En.span(long, now, Zone::SHANGHAI), "Wed 18 Mar, 14:30 – Thu 19 Mar, 16:00");
}

#[test]
fn the_browser_s_languages_are_heeded_in_order() {
    assert_eq!(Lang::accepted("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
    assert_eq!(Lang::accepted("fr, zh-TW;q=0.5, en;q=0.3"), Lang::Zh);
    assert_eq!(Lang::accepted("en;q=0, zh"), Lang::Zh);
    assert_eq!(Lang::accepted("en;q=0.5"), Lang::En);
    assert_eq!(Lang::accepted(""), Lang::Zh);
}

#[test]
fn every_code_has_words_in_both_languages() {
    use crate::domain::exemption::ExemptionCode;
    use crate::domain::filing::{Kind, VisitResult};
    use crate::domain::policy::Policy;
    use crate::domain::sign_in_provider::ProviderKind;
    use crate::domain::violation::{RuleCode, ViolationState};
    let policy = Policy::default();
    for lang in Lang::ALL {
        let mut words: Vec<String> = Vec::new();
        words.extend(RuleCode::ALL.iter().flat_map(|r| [lang.rule_name(*r), lang.rule_text(*r, &policy)]));
        words.extend(Kind::ALL.iter().map(|k| lang.kind(*k)));
        words.extend(VisitResult::ALL.iter().map(|r| lang.visit_result(*r)));
        words.extend(ViolationState::ALL.iter().map(|s| lang.violation_state(*s)));
        words.extend(ProviderKind::ALL.iter().map(|kind| lang.t(&format!("external-{kind}"))));
        words.extend(ExemptionCode::ALL.iter().flat_map(|e| [lang.exemption(*e), lang.exemption_evidence(*e)]));
        for text in words {
            assert!(!text.starts_with('[') && !text.contains("{$") && !text.is_empty(), "{text}");
        }
    }
}
