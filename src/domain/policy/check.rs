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
}

impl Policy {
    /// Refuses ranges that are none and numbers beyond reason.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn check(&self) -> Result<(), PolicyError> {
        let wrong = |field, problem: String| Err(PolicyError { field, problem });
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
            Some((field, number, most)) => wrong(field, format!("{number} is more than {most}")),
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
    fn the_defaults_are_sound_and_nonsense_is_named() {
        assert_eq!(field(|_| ()), None);
        assert_eq!(field(|p| p.no_disturb.ranges = vec![(23, 8)]), Some("no_disturb.ranges"));
        assert_eq!(field(|p| p.rules.tim_01.to = NaiveTime::MIN), Some("rules.TIM-01.to"));
        assert_eq!(field(|p| p.rules.dup_01.days = MOST_DAYS), None);
        assert_eq!(field(|p| p.rules.dup_01.days = MOST_DAYS + 1), Some("rules.DUP-01.days"));
        assert_eq!(field(|p| p.rules.res_01.working_days = u32::MAX), Some("rules.RES-01.working_days"));
    }
}
