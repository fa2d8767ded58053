//! Rules, kinds, exemptions, results and states in words: shared by pages, mails, receipts.

use super::Lang;
use crate::domain::cases::{DecisionKind, Extension, Handling, RequestState, Standing};
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, VisitResult};
use crate::domain::policy::Policy;
use crate::domain::violation::{RuleCode, Severity, ViolationState};

/// The kinds of vocabulary that have a code and a word each.
macro_rules! words_of_codes {
    ($($(#[$meta:meta])* $name:ident($ty:ty) = $prefix:literal;)+) => {$(
        $(#[$meta])*
        #[must_use]
        pub fn $name(self, value: $ty) -> String {
            self.t(&format!(concat!($prefix, "-{}"), key(value.as_str())))
        }
    )+};
}

impl Lang {
    words_of_codes! {
        /// The name of a rule: 无扰日检查.
        rule_name(RuleCode) = "rule";
        /// A kind of inspection: 日常检查.
        kind(Kind) = "kind";
        /// What an exemption rests on: 投诉举报核查.
        exemption(ExemptionCode) = "exemption";
        /// What an exemption needs as evidence: 投诉编号（不写投诉人）.
        exemption_evidence(ExemptionCode) = "evidence";
        /// The result of a visit: 未发现问题.
        visit_result(VisitResult) = "result";
        /// What a supervisor decides: 责令整改并关闭.
        decision(DecisionKind) = "decide";
        /// Where a violation stands: 疑似.
        violation_state(ViolationState) = "violation";
    }

    /// A severity in one word: 关注, 预警, 违规, 线索.
    #[must_use]
    pub fn severity(self, severity: Severity) -> String {
        self.t(&format!("severity-{}", severity.level()))
    }

    /// Where a violation stands, with how far it is handled: 疑似 · 待说明.
    #[must_use]
    pub fn standing(self, standing: &Standing) -> String {
        let state = self.violation_state(standing.state);
        let handling = match (standing.handling, standing.closed_as) {
            (Handling::Untouched, _) | (Handling::Closed, None) => return state,
            (Handling::Closed, Some(closed_as)) => self.t(&format!("closed-{closed_as}")),
            (handling, _) => self.t(&format!("handling-{handling}")),
        };
        format!("{state} · {handling}")
    }

    /// Where a request for an explanation stands, with the extension where one waits.
    #[must_use]
    pub fn request_state(self, state: RequestState, extension: Extension) -> String {
        let words = self.t(&format!("request-{state}"));
        if extension == Extension::Asked && state.awaits_answer() {
            return format!("{words} · {}", self.t("extension-asked"));
        }
        words
    }

    /// A rule as a request names it: without the code, and in words of their own where the rule's own would say that an enterprise tells
    /// something.
    #[must_use]
    pub fn asked_rule(self, rule: RuleCode, policy: &Policy) -> String {
        self.maybe(&format!("ask-rule-{}", key(rule.as_str())), &[]).unwrap_or_else(|| {
            self.ta("ask-rule", &[("name", &self.rule_name(rule)), ("text", &self.rule_text(rule, policy))])
        })
    }

    /// What a rule asks for, in plain words, with the parameters of the policy that judged.
    #[must_use]
    pub fn rule_text(self, rule: RuleCode, policy: &Policy) -> String {
        let text = format!("rule-text-{}", key(rule.as_str()));
        let rules = &policy.rules;
        match rule {
            RuleCode::Ndd01 => {
                let ranges: Vec<String> =
                    policy.no_disturb.ranges.iter().map(|(from, to)| format!("{from}–{to}")).collect();
                self.ta(&text, &[("ranges", &self.join(&ranges))])
            }
            RuleCode::Dup01 => self.ta(&text, &[("days", &rules.dup_01.days)]),
            RuleCode::Dup02 => self.ta(&text, &[("days", &rules.dup_02.days)]),
            RuleCode::Dup03 => {
                let limits = &rules.dup_03;
                self.ta(&text, &[("day", &limits.day), ("week", &limits.week), ("month", &limits.month)])
            }
            RuleCode::Frq01 => {
                let class = &rules.frq_01.by_class;
                let cap = |cap: Option<u32>| cap.map_or_else(|| self.t("rule-no-cap"), |n| n.to_string());
                self.ta(
                    &text,
                    &[
                        ("a", &cap(class.a)),
                        ("b", &cap(class.b)),
                        ("c", &cap(class.c)),
                        ("d", &cap(class.d)),
                        ("other", &rules.frq_01.default),
                    ],
                )
            }
            RuleCode::Fil01 => self.ta(&text, &[("days", &rules.fil_01.working_days)]),
            RuleCode::Fil03 => self.ta(&text, &[("hours", &rules.fil_03.hours), ("days", &rules.fil_03.working_days)]),
            RuleCode::Fil04 => self.ta(&text, &[("days", &rules.fil_04.working_days)]),
            RuleCode::Per01 => self.ta(&text, &[("min", &rules.per_01.min)]),
            RuleCode::Exm01 => {
                self.ta(&text, &[("chars", &rules.exm_01.min_chars), ("days", &rules.exm_01.working_days)])
            }
            RuleCode::Tim01 => {
                let (from, to) = (rules.tim_01.from.format("%H:%M"), rules.tim_01.to.format("%H:%M"));
                self.ta(&text, &[("from", &from), ("to", &to)])
            }
            RuleCode::Low01 => self.ta(&text, &[("count", &rules.low_01.count), ("days", &rules.low_01.days)]),
            RuleCode::Res01 => self.ta(&text, &[("days", &rules.res_01.working_days)]),
            RuleCode::Rec01 => self.ta(&text, &[("minutes", &rules.rec_01.minutes)]),
            RuleCode::Jnt02 => self.ta(&text, &[("minutes", &rules.jnt_02.minutes)]),
            RuleCode::Ndd02 => self.ta(&text, &[("percent", &rules.ndd_02.percent), ("min", &rules.ndd_02.min)]),
            RuleCode::Frq02 => {
                let r = &rules.frq_02;
                self.ta(&text, &[("days", &r.days), ("max", &r.max), ("complaint", &r.per_complaint)])
            }
            RuleCode::Frq03 => self.ta(&text, &[("visits", &rules.frq_03.visits), ("persons", &rules.frq_03.persons)]),
            RuleCode::Fil05 => self.ta(&text, &[("days", &rules.fil_05.working_days)]),
            RuleCode::Fil08 => self.ta(&text, &[("hours", &rules.fil_08.hours), ("count", &rules.fil_08.count)]),
            RuleCode::Per03 => self.ta(&text, &[("max", &rules.per_03.max), ("joint", &rules.per_03.joint_max)]),
            RuleCode::Tim02 => self.ta(&text, &[("minutes", &rules.tim_02.minutes), ("hours", &rules.tim_02.hours)]),
            RuleCode::Prc02 => self.ta(&text, &[("count", &rules.prc_02.count), ("days", &rules.prc_02.days)]),
            RuleCode::Eva01 => {
                let r = &rules.eva_01;
                self.ta(&text, &[("days", &r.days), ("count", &r.count), ("mean", &r.mean)])
            }
            RuleCode::Ret01 => self.ta(&text, &[("days", &rules.ret_01.days)]),
            RuleCode::Exp01 => {
                let r = &rules.exp_01;
                self.ta(&text, &[("days", &r.working_days), ("more", &r.extension_days), ("grave", &r.grave_days)])
            }
            RuleCode::Exp02 => self.ta(&text, &[("days", &rules.exp_02.working_days), ("again", &rules.exp_02.days)]),
            RuleCode::Agg01 => {
                let r = &rules.agg_01;
                self.ta(&text, &[("days", &r.days), ("yellow", &r.yellow), ("red", &r.red)])
            }
            RuleCode::Fil07
            | RuleCode::Per04
            | RuleCode::Sco01
            | RuleCode::Sco03
            | RuleCode::Fil02
            | RuleCode::Per02
            | RuleCode::Sco02
            | RuleCode::Prc01
            | RuleCode::Dis01
            | RuleCode::Int01 => self.t(&text),
        }
    }

    /// Several words one after the other: `甲、乙`, `A, B`.
    #[must_use]
    pub fn join<T: AsRef<str>>(self, words: &[T]) -> String {
        let between = match self {
            Self::Zh => "、",
            Self::En => ", ",
        };
        words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(between)
    }
}

/// A code as a part of a message's key: `NDD-01` → `ndd-01`, `on_request` → `on-request`.
fn key(code: &str) -> String {
    code.to_ascii_lowercase().replace('_', "-")
}
