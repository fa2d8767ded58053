//! No word that reaches an agency betrays that an enterprise has reported, and what is asked reads the same whatever gave rise to it.

use super::world::Cases;
use crate::console::world::{FIRE, MARKET};
use mashang::domain::cases::ask_key;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::i18n::Lang;

/// Words that would betray a report, in both languages.
const BETRAYING: [&str; 10] =
    ["上报", "举报", "投诉", "反映", "企业说", "群众", "report", "complain", "told us", "informed"];

fn neutral(text: &str, what: &str) {
    let text = text.replace("码上报备", "").to_lowercase();
    for word in BETRAYING {
        assert!(!text.contains(word), "“{word}” is in {what}: {text}");
    }
}

#[test]
fn no_sentence_that_an_agency_is_asked_with_betrays_a_report() {
    let values: [(&'static str, &dyn std::fmt::Display); 4] =
        [("number", &"BB-1"), ("day", &"3月3日"), ("enterprise", &"长岭商贸"), ("rule", &"规则")];
    for lang in Lang::ALL {
        let mut own = 0;
        for rule in RuleCode::ALL {
            for has_filing in [true, false] {
                let key = ask_key(*rule, has_filing);
                if let Some(words) = lang.maybe(&key, &values) {
                    own += 1;
                    neutral(&words, &key);
                }
            }
        }
        assert!(own >= 8, "the sentences are not found any more");
        for key in ["ask-filing", "ask-visit", "ask-rule-fil-04", "ask-rule-rec-01", "explanation-lead"] {
            neutral(&lang.ta(key, &values), key);
        }
        for letter in ["asked", "returned", "extended", "not-extended", "reminder", "overdue", "outcome", "handed-over"]
        {
            for part in ["subject", "lead"] {
                neutral(&lang.ta(&format!("mail-{letter}-{part}"), &[("number", &"1"), ("due", &"2")]), letter);
            }
        }
    }
}

#[tokio::test]
async fn a_visit_that_nobody_filed_is_asked_about_neutrally_and_without_its_hour() {
    let cases = Cases::new().await;
    let report = cases.world.report(Some(FIRE), "02-20 09:17", &[]).await;
    cases.at("03-03 10:30").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let unfiled = cases.world.violation(RuleCode::Fil04, Subject::Report(report)).await;
    let certificate = cases.world.violation(RuleCode::Prc01, Subject::Report(report)).await;
    let request = cases.ask(&mut supervisor, &[unfiled.id, certificate.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    for language in ["zh-CN", "en"] {
        liaison.language = language;
        let page = liaison.get(&format!("/console/explanations/{}", request.id)).await;
        let text = page.text();
        let asked = text.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("the content");
        let list = asked.split("<ol class=\"asked\">").nth(1).and_then(|rest| rest.split("</ol>").next());
        neutral(list.expect("what is asked"), "what is asked");
        for hint in ["09:17", "来人没有说明来意", "3 人", &report.to_string()] {
            assert!(!asked.contains(hint), "{hint} is in\n{asked}");
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
