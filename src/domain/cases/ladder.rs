//! The ladder of a deadline: reminders before it, on the day, to the agency's head after it, to the supervisors' lead in the end.
//!
//! Mails go out at 08:30 of working days only; what a rule says changes at the very end of a day.

use crate::domain::code_enum::code_enum;
use crate::domain::day::Zone;
use crate::domain::holidays::{Holidays, deadline};
use crate::domain::notice::next_morning;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

code_enum! {
    /// A step of a ladder.
    Step {
        /// A reminder three working days before the last day.
        ThreeBefore = "three_before",
        /// A reminder one working day before it.
        OneBefore = "one_before",
        /// A reminder on the last day itself.
        OnTheDay = "on_the_day",
        /// The deadline has passed: EXP-01 is judged.
        Passed = "passed",
        /// The agency's head is told, the next working morning.
        ToHead = "to_head",
        /// The grave deadline has passed: EXP-01 rises.
        Grave = "grave",
        /// The supervisors' lead is told, the next working morning, and the agency is listed for circulation.
        ToLead = "to_lead",
        /// The date of a correction has passed: EXP-02 is judged.
        FollowUp = "follow_up",
    }
}

/// A step with its instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// What is done.
    pub step: Step,
    /// When.
    pub at: DateTime<Utc>,
}

/// The working day that is `n` working days before `day`: the latest `p` with `wdiff(p, day) = n` that is a working day.
#[must_use]
pub fn working_day_before(holidays: &Holidays, day: NaiveDate, n: u32) -> NaiveDate {
    let wanted = i64::from(n);
    let mut before = day;
    while holidays.wdiff(before, day) < wanted || !holidays.is_working_day(before) {
        let Some(earlier) = before.pred_opt() else { break };
        before = earlier;
    }
    before
}

/// The ladder of a deadline whose last day is `due_on`, `grave_after` working days before it becomes grave. Steps that are not after `now` are
/// left out: what was sent yesterday is not reminded of for the day before.
#[must_use]
pub fn ladder(due_on: NaiveDate, grave_after: u32, now: DateTime<Utc>, zone: Zone, holidays: &Holidays) -> Vec<Rung> {
    let morning = |day: NaiveDate| {
        let half_past_eight = NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default();
        zone.instant(day, half_past_eight)
    };
    let passed = deadline(zone, due_on);
    let grave = deadline(zone, holidays.addwd(due_on, grave_after));
    let rungs = [
        (Step::ThreeBefore, morning(working_day_before(holidays, due_on, 3))),
        (Step::OneBefore, morning(working_day_before(holidays, due_on, 1))),
        (Step::OnTheDay, morning(due_on)),
        (Step::Passed, passed),
        (Step::ToHead, next_morning(passed, zone, holidays)),
        (Step::Grave, grave),
        (Step::ToLead, next_morning(grave, zone, holidays)),
    ];
    rungs.into_iter().filter(|(_, at)| *at > now).map(|(step, at)| Rung { step, at }).collect()
}

#[cfg(test)]
mod tests;
