//! Whether the numbers of a policy are ones that a district could mean: a mistyped number must not switch a rule into nonsense.

use super::Policy;

/// The longest look at days: ten years.
const MOST_DAYS: u32 = 3660;

/// The most hours or minutes, visits, inspectors or characters.
const MOST: u32 = 10_000;

/// What is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct PolicyError {
    /// The key, as in the replay file (`rules.DUP-01.days`).
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
    /// The largest number that it takes, if it is one and too large.
    pub most: Option<u32>,
}

impl Policy {
    /// Refuses ranges that are none and numbers beyond reason.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn check(&self) -> Result<(), PolicyError> {
        let wrong = |field, problem: String| Err(PolicyError { field, problem, most: None });
        if let Err(error) = self.no_disturb.calendar().check() {
            return wrong("no_disturb.ranges", error.to_string());
        }
        let r = &self.rules;
        if r.tim_01.from >= r.tim_01.to {
            return wrong("rules.TIM-01.to", "not after `from`".to_owned());
        }
        let numbers = [
            ("rules.DUP-01.days", r.dup_01.days, MOST_DAYS),
            ("rules.DUP-02.days", r.dup_02.days, MOST_DAYS),
            ("rules.DUP-03.day", r.dup_03.day, MOST),
            ("rules.DUP-03.week", r.dup_03.week, MOST),
            ("rules.DUP-03.month", r.dup_03.month, MOST),
            ("rules.FRQ-01.default", r.frq_01.default, MOST),
            ("rules.FIL-01.working_days", r.fil_01.working_days, MOST_DAYS),
            ("rules.FIL-03.hours", r.fil_03.hours, MOST),
            ("rules.FIL-03.working_days", r.fil_03.working_days, MOST_DAYS),
            ("rules.FIL-04.tolerance_days", r.fil_04.tolerance_days, MOST_DAYS),
            ("rules.FIL-04.working_days", r.fil_04.working_days, MOST_DAYS),
            ("rules.PER-01.min", r.per_01.min, MOST),
            ("rules.EXM-01.min_chars", r.exm_01.min_chars, MOST),
            ("rules.EXM-01.working_days", r.exm_01.working_days, MOST_DAYS),
            ("rules.LOW-01.count", r.low_01.count, MOST),
            ("rules.LOW-01.days", r.low_01.days, MOST_DAYS),
            ("rules.RES-01.working_days", r.res_01.working_days, MOST_DAYS),
            ("rules.REC-01.minutes", r.rec_01.minutes, MOST),
            ("rules.JNT-02.minutes", r.jnt_02.minutes, MOST),
            ("rules.JNT-02.days", r.jnt_02.days, MOST_DAYS),
            ("rules.NDD-02.percent", r.ndd_02.percent, 100),
            ("rules.NDD-02.min", r.ndd_02.min, MOST),
            ("rules.FRQ-02.max", r.frq_02.max, MOST),
            ("rules.FRQ-02.days", r.frq_02.days, MOST_DAYS),
            ("rules.FRQ-02.per_complaint", r.frq_02.per_complaint, MOST),
            ("rules.FRQ-03.visits", r.frq_03.visits, MOST),
            ("rules.FRQ-03.persons", r.frq_03.persons, MOST),
            ("rules.FIL-05.working_days", r.fil_05.working_days, MOST_DAYS),
            ("rules.FIL-08.hours", r.fil_08.hours, MOST),
            ("rules.FIL-08.count", r.fil_08.count, MOST),
            ("rules.PER-03.max", r.per_03.max, MOST),
            ("rules.PER-03.joint_max", r.per_03.joint_max, MOST),
            ("rules.TIM-02.minutes", r.tim_02.minutes, MOST),
            ("rules.TIM-02.hours", r.tim_02.hours, MOST),
            ("rules.PRC-02.count", r.prc_02.count, MOST),
            ("rules.PRC-02.days", r.prc_02.days, MOST_DAYS),
            ("rules.EVA-01.count", r.eva_01.count, MOST),
            ("rules.EVA-01.days", r.eva_01.days, MOST_DAYS),
            ("rules.EVA-01.mean", r.eva_01.mean, 5),
            ("rules.RET-01.days", r.ret_01.days, MOST_DAYS),
            ("rules.EXP-01.working_days", r.exp_01.working_days, MOST_DAYS),
            ("rules.EXP-01.extension_days", r.exp_01.extension_days, MOST_DAYS),
            ("rules.EXP-01.grave_days", r.exp_01.grave_days, MOST_DAYS),
            ("rules.EXP-02.working_days", r.exp_02.working_days, MOST_DAYS),
            ("rules.EXP-02.days", r.exp_02.days, MOST_DAYS),
            ("rules.AGG-01.days", r.agg_01.days, MOST_DAYS),
            ("rules.AGG-01.yellow", r.agg_01.yellow, MOST),
            ("rules.AGG-01.red", r.agg_01.red, MOST),
        ];
        match numbers.into_iter().find(|(_, number, most)| number > most) {
            Some((field, number, most)) => {
                Err(PolicyError { field, problem: format!("{number} is more than {most}"), most: Some(most) })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveTime;

    fn field(change: impl FnOnce(&mut Policy)) -> Option<&'static str> {
        let mut policy = Policy::default();
        change(&mut policy);
        policy.check().err().map(|error| error.field)
    }

    #[test]
    fn the_second_wave_is_off_by_default_and_on_in_a_new_installation() {
        use crate::domain::rule::RuleCode;
        for rule in RuleCode::ALL {
            let of_cases = matches!(rule, RuleCode::Exp01 | RuleCode::Exp02 | RuleCode::Agg01);
            assert_eq!(Policy::default().rules.enabled(*rule), *rule <= RuleCode::Int01 || of_cases, "{rule}");
            assert!(Policy::for_installation().rules.enabled(*rule), "{rule}");
        }
        assert_eq!(Policy::for_installation().check(), Ok(()));
        let json = serde_json::json!({ "rules": { "TIM-02": { "enabled": true, "hours": 6 } } });
        let policy: Policy = serde_json::from_value(json).expect("a policy");
        assert_eq!(
            (policy.rules.tim_02.enabled, policy.rules.tim_02.hours, policy.rules.tim_02.minutes),
            (true, 6, 30)
        );
    }

    #[test]
    fn every_rule_of_the_text_may_be_named_also_one_that_is_not_judged() {
        let codes = "NDD-01 DUP-01 DUP-02 DUP-03 FRQ-01 FIL-01 FIL-02 FIL-03 FIL-04 PER-01 PER-02 SCO-02 EXM-01 TIM-01 LOW-01 RES-01 \
                     REC-01 PRC-01 DIS-01 INT-01 JNT-01 JNT-02 EXP-01 EXP-02 AGG-01 NDD-02 FRQ-02 FRQ-03 FIL-05 FIL-06 FIL-07 FIL-08 \
                     PER-03 PER-04 SCO-01 SCO-03 CRD-01 TIM-02 PRC-02 RES-02 EVA-01 RET-01";
        for code in codes.split_whitespace() {
            for enabled in [true, false] {
                let json = serde_json::json!({ "rules": { code: { "enabled": enabled } } });
                assert!(serde_json::from_value::<Policy>(json).is_ok(), "{code}");
            }
        }
        let read = |json| serde_json::from_value::<Policy>(json);
        let policy = read(serde_json::json!({ "rules": { "RES-02": { "enabled": true, "working_days": 20 } } }));
        assert_eq!(policy.expect("a policy"), Policy::default());
        let stored = serde_json::to_value(Policy::for_installation()).expect("JSON");
        assert_eq!(
            (stored["rules"].get("RES-02"), read(stored.clone()).ok()),
            (None, Some(Policy::for_installation()))
        );
        for wrong in [serde_json::json!({ "JNT-01": 1 }), serde_json::json!({ "JNT-01": { "enabled": "yes" } })] {
            assert!(read(serde_json::json!({ "rules": wrong })).is_err());
        }
        assert!(read(serde_json::json!({ "rules": { "JNT-03": { "enabled": true } } })).is_err());
    }

    #[test]
    fn the_defaults_are_sound_and_nonsense_is_named() {
        assert_eq!(field(|_| ()), None);
        assert_eq!(field(|p| p.no_disturb.ranges = vec![(23, 8)]), Some("no_disturb.ranges"));
        assert_eq!(field(|p| p.rules.tim_01.to = NaiveTime::MIN), Some("rules.TIM-01.to"));
        assert_eq!(field(|p| p.rules.dup_01.days = MOST_DAYS), None);
        assert_eq!(field(|p| p.rules.dup_01.days = MOST_DAYS + 1), Some("rules.DUP-01.days"));
        assert_eq!(field(|p| p.rules.ndd_02.percent = 101), Some("rules.NDD-02.percent"));
        assert_eq!(field(|p| p.rules.eva_01.mean = 6), Some("rules.EVA-01.mean"));
        assert_eq!(field(|p| p.rules.res_01.working_days = u32::MAX), Some("rules.RES-01.working_days"));
    }
}
