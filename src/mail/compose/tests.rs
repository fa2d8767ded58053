//! Every mail in both languages: what it says, what it must not say, and that plain text and HTML say the same.

use super::{Case, Composed, Letterhead, referral_notice, rule_key, violation_alert, violation_digest};
use crate::domain::day::Zone;
use crate::domain::id::{FilingId, ReportId, ViolationId};
use crate::domain::violation::{RuleCode, Severity, Subject};
use crate::i18n::Lang;
use chrono::{DateTime, Utc};
use uuid::Uuid;

const HEAD: Letterhead<'_> = Letterhead {
    public_url: "https://mashang.example.org",
    district: "青禾区",
    hotline: "023-1234 5678",
    zone: Zone::SHANGHAI,
};

fn now() -> DateTime<Utc> {
    "2026-03-10T02:00:00Z".parse().expect("an instant")
}

fn case(rule: RuleCode, severity: Severity, report: bool) -> Case {
    let id = Uuid::from_u128(0x019c_d000_0000_7000_8000_0000_abcd_1234);
    Case {
        violation: ViolationId(id),
        rule,
        severity,
        subject: if report { Subject::Report(ReportId(id)) } else { Subject::Filing(FilingId(id)) },
        agency: Some("区应急管理局 <&> \"A\"".to_owned()),
        at: "2026-03-18T06:30:00Z".parse().expect("an instant"),
    }
}

fn all(lang: Lang) -> Vec<Composed> {
    let filing = case(RuleCode::Ndd01, Severity::Violation, false);
    let report = case(RuleCode::Fil04, Severity::Violation, true);
    let many: Vec<Case> = (0..130).map(|_| filing.clone()).collect();
    vec![
        violation_alert(&HEAD, lang, now(), &filing, false).expect("rendered"),
        violation_alert(&HEAD, lang, now(), &report, true).expect("rendered"),
        violation_digest(&HEAD, lang, now(), &[filing.clone(), report], "").expect("rendered"),
        violation_digest(&HEAD, lang, now(), &many, "").expect("rendered"),
        violation_digest(&HEAD, lang, now(), &[filing], "").expect("rendered"),
        referral_notice(&HEAD, lang).expect("rendered"),
    ]
}

/// The words of an HTML body, as a reader sees them.
fn visible(html: &str) -> String {
    let body = html.split("<body").nth(1).expect("a body");
    let mut text = String::new();
    let mut in_tag = true;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    let entities = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn plain_text_and_html_say_the_same() {
    for lang in Lang::ALL {
        for mail in all(lang) {
            assert_eq!(squeezed(&visible(&mail.html)), squeezed(&mail.text.replace("\n--\n", "\n")));
            assert!(!mail.html.contains("<img") && !mail.html.contains("<&>"), "{}", mail.html);
            assert!(!format!("{mail:?}").contains("[mail-"), "a message is missing: {mail:?}");
            assert_eq!(mail.subject.lines().count(), 1);
        }
    }
}

#[test]
fn an_alert_says_what_which_rule_which_agency_and_when() {
    let mail = violation_alert(&HEAD, Lang::Zh, now(), &case(RuleCode::Ndd01, Severity::Warning, false), false);
    let mail = mail.expect("rendered");
    assert_eq!(mail.subject, "【码上报备】提醒 编号 ABCD-1234");
    for words in [
        "规则：NDD-01 无扰日检查",
        "单位：区应急管理局",
        "时间：3月18日（周三）14:30",
        "级别：2 预警",
        "https://mashang.example.org/console/violations/019cd000-0000-7000-8000-0000abcd1234\n",
        "023-1234 5678",
    ] {
        assert!(mail.text.contains(words), "{words} is not in\n{}", mail.text);
    }
}

#[test]
fn of_a_report_nothing_is_told_not_even_the_hour() {
    for rule in [RuleCode::Fil04, RuleCode::Ndd01, RuleCode::Prc01, RuleCode::Dis01] {
        let case = case(rule, Severity::Violation, true);
        for lang in Lang::ALL {
            let alert = violation_alert(&HEAD, lang, now(), &case, false).expect("rendered");
            let digest = violation_digest(&HEAD, lang, now(), std::slice::from_ref(&case), "").expect("rendered");
            for mail in [alert, digest] {
                let all = format!("{} {} {}", mail.subject, mail.text, mail.html).to_lowercase();
                for word in ["上报", "举报", "report", "14:30", "企业", "enterprise"] {
                    assert!(!all.replace("码上报备", "").contains(word), "{word} is in\n{all}");
                }
            }
        }
    }
    let fil04 = violation_alert(&HEAD, Lang::Zh, now(), &case(RuleCode::Fil04, Severity::Violation, true), false);
    assert!(fil04.expect("rendered").text.contains("情况：未报备入企\n"));
}

#[test]
fn a_notice_for_the_discipline_office_has_no_content() {
    for lang in Lang::ALL {
        let mail = referral_notice(&HEAD, lang).expect("rendered");
        let all = format!("{} {} {}", mail.subject, mail.text, mail.html);
        for rule in RuleCode::ALL {
            assert!(!all.contains(rule.as_str()) && !all.contains(&lang.t(&rule_key(*rule))), "{all}");
        }
        assert!(!all.contains("violations/"));
        assert!(all.contains("https://mashang.example.org/console"));
    }
}

#[test]
fn a_long_digest_lists_a_hundred_and_counts_the_rest() {
    let many: Vec<Case> = (0..130).map(|_| case(RuleCode::Dup01, Severity::Warning, false)).collect();
    let mail = violation_digest(&HEAD, Lang::Zh, now(), &many, "").expect("rendered");
    assert_eq!(mail.text.matches("/console/violations/").count(), 100);
    assert!(mail.text.contains("另有 30 条没有列出"), "{}", mail.text);
    assert_eq!(mail.subject, "【码上报备】提醒 共 130 条");
    let one = violation_digest(&HEAD, Lang::En, now(), &many[..1], "").expect("rendered");
    assert!(one.text.starts_with("1 suspected violation waits"), "{}", one.text);
}

#[test]
fn without_a_hotline_the_administrator_is_named() {
    let head = Letterhead { hotline: "", ..HEAD };
    let mail = referral_notice(&head, Lang::Zh).expect("rendered");
    assert!(mail.text.contains("请联系系统管理员"));
}

#[test]
fn every_rule_has_a_name_in_both_languages() {
    for lang in Lang::ALL {
        for rule in RuleCode::ALL {
            assert!(lang.maybe(&rule_key(*rule), &[]).is_some(), "{rule} in {lang}");
        }
    }
}
