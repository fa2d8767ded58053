//! EXP-01, EXP-02 and AGG-01: what an agency makes of the supervision itself. Their subjects are requests and violations, so that no dossier
//! judges them; each is a pure function of its own facts all the same.

use super::Inputs;
use crate::domain::code_enum::code_enum;
use crate::domain::day::Zone;
use crate::domain::holidays::{Holidays, deadline};
use crate::domain::id::{AgencyId, ViolationId};
use crate::domain::policy;
use crate::domain::rule::{RuleCode, Severity};
use chrono::{DateTime, NaiveDate, Utc};

code_enum! {
    /// A card of AGG-01.
    Card {
        /// 黄牌.
        Yellow = "yellow",
        /// 红牌.
        Red = "red",
    }
}

/// One round of a request: asked on a day, due on another, answered or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// The local day on which the agency was asked, or its answer was returned.
    pub asked_on: NaiveDate,
    /// The last local day for an answer.
    pub due_on: NaiveDate,
    /// Whether `due_on` is that of the extension.
    pub extended: bool,
    /// When the agency answered.
    pub answered_at: Option<DateTime<Utc>>,
}

/// EXP-01 逾期未说明 (RULES part 5): some round of the request was not answered by the end of its last day. Severity 2; 3 once
/// `grave_days` more working days have passed without an answer. Of several late rounds the gravest counts, of equal ones the first.
#[must_use]
pub fn exp_01(
    rounds: &[Round],
    params: &policy::Exp01,
    zone: Zone,
    holidays: &Holidays,
    now: DateTime<Utc>,
) -> Option<(Severity, Inputs)> {
    let mut found: Option<(Severity, Inputs)> = None;
    for round in rounds {
        let until = round.answered_at.unwrap_or(now);
        if until < deadline(zone, round.due_on) {
            continue;
        }
        let grave_on = holidays.addwd(round.due_on, params.grave_days);
        let severity = if until >= deadline(zone, grave_on) { Severity::Violation } else { Severity::Warning };
        if found.as_ref().is_none_or(|(gravest, _)| *gravest < severity) {
            let inputs = Inputs::Exp01 {
                asked_on: round.asked_on,
                due_on: round.due_on,
                extended: round.extended,
                answered_on: round.answered_at.map(|at| zone.local_date(at)),
                grave_on,
            };
            found = Some((severity, inputs));
        }
    }
    found
}

/// A violation that was closed as corrected or circulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
    /// The last day for the correction, if one was set.
    pub follow_up_on: Option<NaiveDate>,
    /// When a supervisor saw that it is corrected.
    pub followed_up_at: Option<DateTime<Utc>>,
}

/// EXP-02 整改逾期或反复 (RULES part 5): the day agreed for a correction has passed before a supervisor saw it corrected, or the same rule
/// was confirmed at the agency again, after the closing and at most `days` days after its day. Severity 2; 3 if both.
///
/// `again` is the earliest such confirmation, of whatever day.
#[must_use]
pub fn exp_02(
    closing: &Closing,
    again: Option<(ViolationId, DateTime<Utc>)>,
    params: &policy::Exp02,
    zone: Zone,
    now: DateTime<Utc>,
) -> Option<(Severity, Inputs)> {
    let closed_on = zone.local_date(closing.closed_at);
    let seen = closing.followed_up_at.unwrap_or(now);
    let passed = closing.follow_up_on.filter(|day| seen >= deadline(zone, *day));
    let again = again
        .map(|(id, at)| (id, at, zone.local_date(at)))
        .filter(|(_, at, day)| *at > closing.closed_at && (*day - closed_on).num_days() <= i64::from(params.days));
    let severity = match (passed, again) {
        (None, None) => return None,
        (Some(_), Some(_)) => Severity::Violation,
        _ => Severity::Warning,
    };
    let inputs = Inputs::Exp02 {
        closed_on,
        follow_up_on: passed,
        again: again.map(|(id, _, _)| id),
        again_on: again.map(|(_, _, day)| day),
        days: params.days,
    };
    Some((severity, inputs))
}

/// A confirmed violation of the agency, as AGG-01 counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The violation.
    pub id: ViolationId,
    /// Its rule.
    pub rule: RuleCode,
    /// Its severity.
    pub severity: Severity,
    /// When a supervisor confirmed it.
    pub decided_at: DateTime<Utc>,
    /// Whether an earlier yellow card has counted it.
    pub used_yellow: bool,
    /// Whether an earlier red card has counted it.
    pub used_red: bool,
}

/// AGG-01 单位累计 (RULES part 5): with the confirmation of `tip`, `red` (or `yellow`) confirmed violations of severity 2 or 3 lie within
/// `days` days; or one confirmed FIL-04 and one confirmed EXP-01 do. Severity 3 for a red card, 2 for a yellow one; a red card says it all.
///
/// Counted are the violations of the root agency that were confirmed on `0 <= day(tip) − day < days`, `tip` among them; neither AGG-01 itself
/// nor what only the discipline office sees. What a yellow card has counted counts for no further yellow one, what a red card has counted for
/// none at all. `confirmed` may hold anything else; `tip` is the one confirmed last.
#[must_use]
pub fn agg_01(
    tip: ViolationId,
    confirmed: &[Confirmed],
    root: AgencyId,
    params: &policy::Agg01,
    zone: Zone,
) -> Option<(Severity, Inputs)> {
    let tip = confirmed.iter().find(|c| c.id == tip)?;
    let day = |c: &Confirmed| zone.local_date(c.decided_at);
    let age = |c: &Confirmed| (day(tip) - day(c)).num_days();
    let counts = |c: &&Confirmed| {
        matches!(c.severity, Severity::Warning | Severity::Violation)
            && c.rule != RuleCode::Agg01
            && !c.used_red
            && (0..i64::from(params.days)).contains(&age(c))
            && (c.decided_at, c.id) <= (tip.decided_at, tip.id)
    };
    let mut counted: Vec<&Confirmed> = confirmed.iter().filter(counts).collect();
    counted.sort_by_key(|c| (c.decided_at, c.id));
    if !counted.iter().any(|c| c.id == tip.id) {
        return None;
    }
    let enough = |count: usize, limit: u32| limit > 0 && count >= usize::try_from(limit).unwrap_or(usize::MAX);
    let both = [RuleCode::Fil04, RuleCode::Exp01];
    let pair: Vec<&Confirmed> =
        both.iter().filter_map(|rule| counted.iter().find(|c| c.rule == *rule).copied()).collect();
    let (card, counted) = if enough(counted.len(), params.red) {
        (Card::Red, counted)
    } else if pair.len() == both.len() && pair.iter().any(|c| c.id == tip.id) {
        let mut pair = pair;
        pair.sort_by_key(|c| (c.decided_at, c.id));
        (Card::Red, pair)
    } else {
        let fresh: Vec<&Confirmed> = counted.into_iter().filter(|c| !c.used_yellow).collect();
        if !enough(fresh.len(), params.yellow) {
            return None;
        }
        (Card::Yellow, fresh)
    };
    let inputs = Inputs::Agg01 {
        card,
        root,
        first: day(counted.first()?),
        last: day(counted.last()?),
        counted: counted.iter().map(|c| c.id).collect(),
        days: params.days,
    };
    Some((if card == Card::Red { Severity::Violation } else { Severity::Warning }, inputs))
}

#[cfg(test)]
mod tests;
