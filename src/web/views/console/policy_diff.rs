//! Two policies side by side: what is another in the second, in words.

use super::policy_numbers::{CAPS, NUMBERS, honoured_words, label_key};
use crate::domain::policy::{Phase, Policy};
use crate::domain::violation::RuleCode;
use crate::web::page::Page;

/// One difference: of which rule, which parameter, from what to what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Code and name of the rule; empty for the policy as a whole.
    pub rule: String,
    pub what: String,
    pub old: String,
    pub new: String,
}

/// What `new` changes of `old`, in the order of the form.
pub(super) fn lines(page: &Page, old: &Policy, new: &Policy) -> Vec<Line> {
    let (mut a, mut b) = (old.clone(), new.clone());
    let mut lines = Vec::new();
    let mut line = |rule: Option<RuleCode>, what: String, old: String, new: String| {
        if old != new {
            let rule = rule.map(|r| format!("{r} {}", page.lang.rule_name(r))).unwrap_or_default();
            lines.push(Line { rule, what, old, new });
        }
    };
    let phase = |phase| {
        page.t(match phase {
            Phase::AtPlanning => "phase-at-planning",
            Phase::AtVisit => "phase-at-visit",
        })
    };
    line(None, page.t("phase"), phase(old.phase), phase(new.phase));
    let ranges = |policy: &Policy| {
        let ranges: Vec<String> = policy.no_disturb.ranges.iter().map(|(from, to)| format!("{from}–{to}")).collect();
        words(page, &ranges)
    };
    line(None, page.t("policy-ranges"), ranges(old), ranges(new));
    let days = |days: &std::collections::BTreeSet<chrono::NaiveDate>| {
        words(page, &days.iter().map(|day| page.date(day)).collect::<Vec<_>>())
    };
    line(None, page.t("extra-days"), days(&old.no_disturb.extra), days(&new.no_disturb.extra));
    line(None, page.t("waived-days"), days(&old.no_disturb.waived), days(&new.no_disturb.waived));
    for rule in RuleCode::ALL {
        let on = |policy: &Policy| page.t(if policy.rules.enabled(*rule) { "rule-on" } else { "rule-off" });
        line(Some(*rule), page.t("state"), on(old), on(new));
        for number in NUMBERS.iter().filter(|number| number.rule == *rule) {
            let (was, is) = ((number.place)(&mut a).to_string(), (number.place)(&mut b).to_string());
            line(Some(*rule), page.t(&label_key(number.name)), was, is);
        }
        if *rule == RuleCode::Frq01 {
            for (name, place) in CAPS {
                let cap = |cap: Option<u32>| cap.map_or_else(|| page.t("rule-no-cap"), |cap| cap.to_string());
                line(Some(*rule), page.t(&label_key(name)), cap(*place(&mut a)), cap(*place(&mut b)));
            }
        }
        if *rule == RuleCode::Tim01 {
            let time = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
            let (was, is) = (&old.rules.tim_01, &new.rules.tim_01);
            line(Some(*rule), page.t("policy-tim-from"), time(was.from), time(is.from));
            line(Some(*rule), page.t("policy-tim-to"), time(was.to), time(is.to));
        }
        let was = honoured_words(page, *rule, &mut a).unwrap_or_default();
        let is = honoured_words(page, *rule, &mut b).unwrap_or_default();
        line(Some(*rule), page.t("policy-exemptions"), was, is);
    }
    lines
}

fn words(page: &Page, list: &[String]) -> String {
    if list.is_empty() { page.t("none") } else { page.lang.join(list) }
}
