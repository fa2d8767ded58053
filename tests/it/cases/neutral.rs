//! No word that reaches an agency betrays that an enterprise has reported, and what is asked reads the same whatever gave rise to it.

use super::world::Cases;
use crate::console::world::{FIRE, MARKET};
use mashang::domain::cases::{Form, Ground, Unasked, ask_key, unasked};
use mashang::domain::id::{ReportId, ViolationId};
use mashang::domain::policy::Policy;
use mashang::domain::violation::{RuleCode, Severity, Subject};
use mashang::i18n::Lang;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Words that would tell that an enterprise reported, confirmed or rated something.
const TELLING: [&str; 36] = [
    "上报",
    "举报",
    "投诉",
    "反映",
    "评价",
    "评分",
    "低分",
    "差评",
    "确认",
    "回执",
    "线索",
    "知情",
    "爆料",
    "群众",
    "企业说",
    "企业称",
    "企业告",
    "企业提供",
    "来信",
    "来电",
    "report",
    "rating",
    "rated",
    "confirm",
    "complain",
    "receipt",
    "feedback",
    "told",
    "tells",
    "informed",
    "informant",
    "witness",
    "according to",
    "enterprise said",
    "enterprise says",
    "tip-off",
];

fn neutral(text: &str, what: &str) {
    let text = text.replace("码上报备", "").to_lowercase();
    for word in TELLING {
        assert!(!text.contains(word), "“{word}” is in {what}: {text}");
    }
}

/// The rules that an agency can be asked about, each with the forms of its sentences.
fn askable() -> impl Iterator<Item = (RuleCode, &'static [Form])> {
    RuleCode::ALL.iter().map(|rule| (*rule, Ground::of(*rule).forms())).filter(|(_, forms)| !forms.is_empty())
}

#[test]
fn every_rule_that_an_agency_is_asked_about_has_sentences_of_its_own_that_ask_for_reasons_and_papers() {
    let values: [(&'static str, &dyn std::fmt::Display); 5] = [
        ("number", &"BB-1"),
        ("day", &"3月3日"),
        ("enterprise", &"长岭商贸"),
        ("week", &"3月2日至3月8日"),
        ("place", &"禾口镇"),
    ];
    let mut rules = 0;
    for lang in Lang::ALL {
        let mut known = BTreeSet::new();
        for (rule, forms) in askable() {
            rules += 1;
            for form in forms {
                let key = ask_key(rule, *form);
                let words = lang.maybe(&key, &values).unwrap_or_else(|| panic!("no words for {key}"));
                assert!(known.insert(words.clone()), "{key} is that of another rule");
                let (named, left_out) = match form {
                    Form::Filing => (&values[..3], &values[3..]),
                    Form::Week => (&values[3..], &values[..3]),
                };
                assert!(named.iter().all(|(_, value)| words.contains(&value.to_string())), "{key}: {words}");
                assert!(!left_out.iter().any(|(_, value)| words.contains(&value.to_string())), "{key}: {words}");
                let asks = match lang {
                    Lang::Zh => ["请", "附"],
                    Lang::En => ["Please", "attach"],
                };
                assert!(asks.iter().all(|word| words.contains(word)), "{key}: {words}");
                let suspected = words.contains("疑似") || words.contains("suspected");
                assert_eq!(
                    suspected,
                    *form == Form::Filing,
                    "{key}: a filing is suspected of something, a week is not"
                );
            }
        }
    }
    assert_eq!(rules, 2 * 31, "a new rule is looked at here");
}

#[test]
fn no_word_that_an_agency_is_asked_with_tells_on_an_enterprise() {
    let policy = Policy::for_installation();
    for lang in Lang::ALL {
        for (rule, forms) in askable() {
            for form in forms {
                let key = ask_key(rule, *form);
                neutral(&lang.t(&key), &key);
            }
            neutral(&lang.asked_rule(rule, &policy), rule.as_str());
        }
        for key in ["ask-week", "ask-place-any", "explanation-lead"] {
            neutral(&lang.t(key), key);
        }
        for letter in [
            "asked",
            "returned",
            "extended",
            "not-extended",
            "reminder",
            "overdue",
            "outcome",
            "handed-over",
            "withdrawn-request",
            "ended-request",
        ] {
            for part in ["subject", "lead"] {
                neutral(&lang.ta(&format!("mail-{letter}-{part}"), &[("number", &"1"), ("due", &"2")]), letter);
            }
        }
    }
}

#[test]
fn what_rests_on_ratings_alone_or_blames_nobody_is_not_asked_about() {
    let about = Subject::Report(ReportId(Uuid::nil()));
    for (rule, why) in [
        (RuleCode::Eva01, Unasked::Ratings),
        (RuleCode::Frq03, Unasked::Coordination),
        (RuleCode::Ret01, Unasked::Referral),
        (RuleCode::Agg01, Unasked::Supervision),
    ] {
        assert_eq!(unasked(rule, Severity::Warning, about), Some(why), "{rule}");
        for form in [Form::Filing, Form::Week] {
            assert_eq!(Lang::Zh.maybe(&ask_key(rule, form), &[]), None, "{rule} has a sentence that is never sent");
        }
    }
    assert_eq!(unasked(RuleCode::Fil04, Severity::Notice, about), Some(Unasked::MayFile));
    assert_eq!(unasked(RuleCode::Fil04, Severity::Violation, about), None);
    assert_eq!(unasked(RuleCode::Prc01, Severity::Referral, about), Some(Unasked::Referral));
    let other = Subject::Violation(ViolationId(Uuid::nil()));
    assert_eq!(unasked(RuleCode::Prc01, Severity::Warning, other), Some(Unasked::Supervision));
}

/// What a request asks, as its agency reads it in both languages.
async fn asked_of_fire(cases: &Cases, violations: &[ViolationId]) -> Vec<String> {
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, violations).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let mut pages = Vec::new();
    for language in ["zh-CN", "en"] {
        liaison.language = language;
        let text = liaison.get(&format!("/console/explanations/{}", request.id)).await.text();
        let main = text.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("the content");
        let list = main.split("<ol class=\"asked\">").nth(1).and_then(|rest| rest.split("</ol>").next());
        neutral(list.expect("what is asked"), "what is asked");
        pages.push(main.to_owned());
    }
    pages
}

#[tokio::test]
async fn a_visit_that_nobody_filed_is_asked_about_without_enterprise_day_and_hour() {
    let cases = Cases::new().await;
    let report = cases.world.report(Some(FIRE), "02-20 09:17", &[]).await;
    cases.at("03-03 10:30").await;
    let mut about = Vec::new();
    // The 20th is a no-disturb day.
    for rule in [RuleCode::Fil04, RuleCode::Ndd01, RuleCode::Prc01] {
        about.push(cases.world.violation(rule, Subject::Report(report)).await.id);
    }
    let pages = asked_of_fire(&cases, &about).await;
    assert!(pages[0].contains("2月16日（周一）至2月22日（周日）在禾口镇的入企活动"), "{}", pages[0]);
    assert!(pages[1].contains("in 禾口镇 from Mon 16 Feb to Sun 22 Feb"), "{}", pages[1]);
    for page in pages {
        for hint in ["青禾精密", "2月20日", "20 Feb", "09:17", "来人没有说明来意", "3 人", &report.to_string()]
        {
            assert!(!page.contains(hint), "{hint} is in\n{page}");
        }
    }
}

#[tokio::test]
async fn what_an_enterprise_told_of_a_filed_visit_names_neither_the_enterprise_nor_the_filing() {
    let cases = Cases::new().await;
    let filing = cases.world.file(FIRE, "03-05 10:00").await;
    cases.at("03-05 11:00").await;
    let report = cases.world.report(Some(FIRE), "03-05 10:02", &[]).await;
    let number = {
        let mut tx = cases.world.test.app.db.read().await.expect("a connection");
        let record = mashang::storage::filings::get(&mut tx, filing, mashang::storage::filings::Scope::All).await;
        record.expect("read").expect("a filing").number
    };
    // Three came, two were filed.
    let differs = cases.world.violation(RuleCode::Rec01, Subject::Filing(filing)).await;
    let certificate = cases.world.violation(RuleCode::Prc01, Subject::Report(report)).await;
    for page in asked_of_fire(&cases, &[differs.id, certificate.id]).await {
        assert!(page.contains("禾口镇"));
        for hint in ["青禾精密", "3月5日", "5 Mar", "10:02", "3 人", &number, &filing.to_string(), &report.to_string()]
        {
            assert!(!page.contains(hint), "{hint} is in\n{page}");
        }
    }
}

#[tokio::test]
async fn without_a_request_nothing_of_a_report_changes_a_byte_of_a_liaisons_pages() {
    let mut pages: Vec<Vec<Vec<u8>>> = Vec::new();
    for reported in [false, true] {
        let cases = Cases::new().await;
        let violation = cases.conflict("03-16").await;
        if reported {
            cases.world.report(Some(FIRE), "02-20 09:00", &[1]).await;
            cases.world.report(Some(MARKET), "02-20 10:00", &[]).await;
        }
        cases.at("03-03 10:30").await;
        let mut supervisor = cases.world.signed_in("discipline").await;
        // A supervisor decides what rests on a report, and asks about something else.
        if reported {
            let mut tx = cases.world.test.app.db.read().await.expect("a connection");
            let all = mashang::storage::violations::by_enterprise(&mut tx, cases.world.test.seed.enterprises[0].0)
                .await
                .expect("violations");
            drop(tx);
            for one in all.iter().filter(|one| one.rule == RuleCode::Fil04) {
                super::world::decide(&mut supervisor, one.id, &[("kind", "confirm"), ("reason", "")]).await.location();
            }
        }
        assert_eq!(violation.rule, RuleCode::Ndd01);
        let mut liaison = cases.world.signed_in("fire").await;
        let mut seen = Vec::new();
        for path in ["/console/explanations", "/console/explanations?tab=all", "/console/filings"] {
            seen.push(liaison.get(path).await.bytes);
        }
        pages.push(seen);
    }
    assert!(pages[0] == pages[1], "a report shows on a page of a liaison");
}
