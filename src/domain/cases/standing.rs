//! How a violation stands, and what each decision makes of it: one function a transition, which refuses what the state does not allow.

use super::{ClosedAs, DecisionKind, Dismissal, Handling};
use crate::domain::id::UserId;
use crate::domain::violation::ViolationState;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What changes of a violation when people handle it. A decision stores the standing before it, so that it can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What is known.
    pub state: ViolationState,
    /// How far it is handled.
    pub handling: Handling,
    /// What was decided last.
    pub decision_kind: Option<DecisionKind>,
    /// Why it was dismissed.
    pub dismissal: Option<Dismissal>,
    /// When a supervisor decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// The reason given; empty before a decision.
    pub decision_reason: String,
    /// As what it was closed.
    pub closed_as: Option<ClosedAs>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last day for a correction.
    pub follow_up_on: Option<NaiveDate>,
    /// When a supervisor saw that it is corrected.
    pub followed_up_at: Option<DateTime<Utc>>,
    /// The day by which somebody must act, beside an appeal.
    pub act_by: Option<NaiveDate>,
    /// The day by which an appeal that waits is to be decided.
    #[serde(default)]
    pub appeal_by: Option<NaiveDate>,
}

/// The state does not allow it: the code of what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub &'static str);

impl Standing {
    /// Whether nobody has to do anything any more, beside looking again at a correction.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.handling == Handling::Closed || matches!(self.state, ViolationState::Dismissed | ViolationState::Cleared)
    }

    /// Whether a rule may still change or clear it: what a supervisor decided or closed is never touched.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.handling == Handling::Closed || matches!(self.state, ViolationState::Confirmed | ViolationState::Dismissed)
    }

    /// What the state is called when it refuses something.
    const fn refusal(&self) -> Refused {
        Refused(match (self.state, self.handling) {
            (ViolationState::Suspected | ViolationState::Confirmed, Handling::Closed) => "closed",
            (ViolationState::Suspected, Handling::Explaining) => "explaining",
            (ViolationState::Suspected, _) => "suspected",
            (ViolationState::Confirmed, _) => "confirmed",
            (ViolationState::Dismissed, _) => "dismissed",
            (ViolationState::Cleared, _) => "cleared",
        })
    }

    /// The standing after a decision. `follow_up` is the date of a correction, which [`DecisionKind::Correct`] needs. An appeal that waits goes on
    /// waiting, but where there is nothing left to appeal against.
    ///
    /// # Errors
    /// [`Refused`] when the state does not allow it.
    pub fn decided(
        &self,
        kind: DecisionKind,
        now: DateTime<Utc>,
        by: Option<UserId>,
        reason: &str,
        dismissal: Option<Dismissal>,
        follow_up: Option<NaiveDate>,
    ) -> Result<Self, Refused> {
        if !self.allows(kind) {
            return Err(self.refusal());
        }
        let mut next = Self {
            decision_kind: Some(kind),
            decided_at: Some(now),
            decided_by: by,
            decision_reason: reason.to_owned(),
            ..self.clone()
        };
        match kind {
            DecisionKind::Confirm => next.state = ViolationState::Confirmed,
            DecisionKind::Exempt | DecisionKind::Dismiss => {
                next.state = ViolationState::Dismissed;
                next.dismissal = if kind == DecisionKind::Exempt { Some(Dismissal::Exception) } else { dismissal };
                next.close(None, now);
                next.appeal_by = None;
            }
            DecisionKind::Accept => next.close(Some(ClosedAs::Accepted), now),
            DecisionKind::Correct => {
                next.close(Some(ClosedAs::Corrected), now);
                next.follow_up_on = follow_up;
            }
            DecisionKind::Circulate => next.close(Some(ClosedAs::Circulated), now),
            DecisionKind::Transfer => next.close(Some(ClosedAs::Transferred), now),
            DecisionKind::FollowUp => {
                // The confirmation is what counts by its day: looking again does not move it.
                next = Self { followed_up_at: Some(now), ..self.clone() };
            }
            DecisionKind::Uphold => next = self.appealed(None),
            DecisionKind::Reopen => {
                next = Self {
                    state: ViolationState::Suspected,
                    handling: Handling::Reopened,
                    decision_kind: None,
                    dismissal: None,
                    decided_at: None,
                    decided_by: None,
                    decision_reason: String::new(),
                    closed_as: None,
                    closed_at: None,
                    follow_up_on: None,
                    followed_up_at: None,
                    act_by: None,
                    appeal_by: None,
                };
            }
        }
        if self.state == ViolationState::Confirmed && kind != DecisionKind::Reopen {
            // Closing what was confirmed leaves by whom and when it was confirmed.
            next.decided_at = self.decided_at;
            next.decided_by = self.decided_by;
        }
        Ok(next)
    }

    fn close(&mut self, closed_as: Option<ClosedAs>, now: DateTime<Utc>) {
        self.handling = Handling::Closed;
        self.closed_as = closed_as;
        self.closed_at = Some(now);
        self.act_by = None;
    }

    /// The nearest of its deadlines.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.act_by.into_iter().chain(self.appeal_by).min()
    }

    /// An appeal waits until `due_on`; `None` when it no longer does. Nothing else changes.
    #[must_use]
    pub fn appealed(&self, due_on: Option<NaiveDate>) -> Self {
        Self { appeal_by: due_on, ..self.clone() }
    }

    /// Whether this decision can be taken as it stands.
    #[must_use]
    pub fn allows(&self, kind: DecisionKind) -> bool {
        let (suspected, confirmed) = (self.state == ViolationState::Suspected, self.state == ViolationState::Confirmed);
        let closed = self.handling == Handling::Closed;
        match kind {
            DecisionKind::Confirm | DecisionKind::Exempt | DecisionKind::Dismiss => suspected && !closed,
            DecisionKind::Accept => (suspected || confirmed) && self.handling == Handling::Explained,
            DecisionKind::Correct => !closed && (confirmed || suspected && self.handling == Handling::Explained),
            DecisionKind::Circulate => confirmed && !closed,
            DecisionKind::Transfer => (suspected || confirmed) && !closed,
            DecisionKind::FollowUp => self.closed_as == Some(ClosedAs::Corrected) && self.followed_up_at.is_none(),
            DecisionKind::Uphold => self.appeal_by.is_some(),
            DecisionKind::Reopen => closed || confirmed || self.state == ViolationState::Dismissed,
        }
    }

    /// Its agency is asked to explain it by `due_on`.
    ///
    /// # Errors
    /// [`Refused`] when it is closed, or the agency has been asked already.
    pub fn asked(&self, due_on: NaiveDate) -> Result<Self, Refused> {
        let waiting = matches!(self.handling, Handling::Explaining | Handling::Explained);
        if self.is_closed() || waiting {
            return Err(if waiting { Refused("explaining") } else { self.refusal() });
        }
        Ok(Self { handling: Handling::Explaining, act_by: Some(due_on), ..self.clone() })
    }

    /// The deadline of its request has moved, or its answer was returned. A violation that was closed meanwhile stays as it is.
    #[must_use]
    pub fn asked_again(&self, due_on: NaiveDate) -> Self {
        if !matches!(self.handling, Handling::Explaining | Handling::Explained) {
            return self.clone();
        }
        Self { handling: Handling::Explaining, act_by: Some(due_on), ..self.clone() }
    }

    /// Its agency has answered.
    #[must_use]
    pub fn explained(&self) -> Self {
        if self.handling != Handling::Explaining {
            return self.clone();
        }
        Self { handling: Handling::Explained, act_by: None, ..self.clone() }
    }

    /// Its request was withdrawn.
    #[must_use]
    pub fn unasked(&self) -> Self {
        if !matches!(self.handling, Handling::Explaining | Handling::Explained) {
            return self.clone();
        }
        Self { handling: Handling::Untouched, act_by: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
