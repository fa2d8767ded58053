//! Which decision is possible from where, and what it makes.

use super::*;

fn now() -> DateTime<Utc> {
    "2026-03-03T02:00:00Z".parse().expect("an instant")
}

fn standing(state: ViolationState, handling: Handling) -> Standing {
    Standing {
        state,
        handling,
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
    }
}

fn decide(from: &Standing, kind: DecisionKind) -> Result<Standing, Refused> {
    from.decided(kind, now(), None, "r", None, None)
}

/// The decisions that a standing allows.
fn allowed(state: ViolationState, handling: Handling) -> Vec<DecisionKind> {
    let from = standing(state, handling);
    DecisionKind::ALL.iter().copied().filter(|kind| decide(&from, *kind).is_ok()).collect()
}

#[test]
fn each_standing_allows_what_the_table_says() {
    use DecisionKind::{Accept, Circulate, Confirm, Correct, Dismiss, Exempt, Reopen, Transfer};
    use Handling::{Closed, Explained, Explaining, Reopened, Untouched};
    use ViolationState::{Cleared, Confirmed, Dismissed, Suspected};
    for handling in [Untouched, Explaining, Reopened] {
        assert_eq!(allowed(Suspected, handling), [Confirm, Exempt, Dismiss, Transfer], "{handling}");
        assert_eq!(allowed(Confirmed, handling), [Correct, Circulate, Transfer, Reopen], "{handling}");
    }
    assert_eq!(allowed(Suspected, Explained), [Confirm, Exempt, Dismiss, Accept, Correct, Transfer]);
    assert_eq!(allowed(Confirmed, Explained), [Accept, Correct, Circulate, Transfer, Reopen]);
    assert_eq!(allowed(Suspected, Closed), [Reopen]);
    assert_eq!(allowed(Confirmed, Closed), [Reopen]);
    assert_eq!(allowed(Dismissed, Closed), [Reopen]);
    assert_eq!(allowed(Cleared, Untouched), []);
}

#[test]
fn closing_what_was_confirmed_leaves_when_and_by_whom() {
    let confirmed = decide(&standing(ViolationState::Suspected, Handling::Explained), DecisionKind::Confirm);
    let confirmed = Standing { decided_at: Some(now() - chrono::TimeDelta::days(3)), ..confirmed.expect("allowed") };
    let day = "2026-03-24".parse().ok();
    let closed = confirmed.decided(DecisionKind::Correct, now(), None, "整改", None, day).expect("allowed");
    assert_eq!((closed.state, closed.handling), (ViolationState::Confirmed, Handling::Closed));
    assert_eq!((closed.decided_at, closed.closed_at), (confirmed.decided_at, Some(now())));
    assert_eq!((closed.closed_as, closed.follow_up_on), (Some(ClosedAs::Corrected), day));
    let seen = decide(&closed, DecisionKind::FollowUp).expect("allowed");
    assert_eq!((seen.followed_up_at, seen.decision_kind), (Some(now()), Some(DecisionKind::Correct)));
    assert_eq!(decide(&seen, DecisionKind::FollowUp), Err(Refused("closed")), "once");
    let again = decide(&seen, DecisionKind::Reopen).expect("allowed");
    assert_eq!(again, standing(ViolationState::Suspected, Handling::Reopened));
}

#[test]
fn an_exemption_and_a_dismissal_close_it() {
    let open = standing(ViolationState::Suspected, Handling::Explaining);
    let exempt = decide(&open, DecisionKind::Exempt).expect("allowed");
    assert_eq!((exempt.state, exempt.dismissal), (ViolationState::Dismissed, Some(Dismissal::Exception)));
    let dismissed =
        open.decided(DecisionKind::Dismiss, now(), None, "r", Some(Dismissal::Facts), None).expect("allowed");
    assert!(dismissed.is_closed() && dismissed.is_settled());
    assert_eq!((dismissed.handling, dismissed.dismissal), (Handling::Closed, Some(Dismissal::Facts)));
}

#[test]
fn asking_and_answering_move_the_handling_only() {
    let due: NaiveDate = "2026-03-10".parse().expect("a date");
    let open = standing(ViolationState::Suspected, Handling::Untouched);
    let asked = open.asked(due).expect("allowed");
    assert_eq!((asked.state, asked.handling, asked.act_by), (open.state, Handling::Explaining, Some(due)));
    assert_eq!(asked.asked(due), Err(Refused("explaining")), "not twice");
    let explained = asked.explained();
    assert_eq!((explained.handling, explained.act_by), (Handling::Explained, None));
    let later = due.succ_opt().expect("a date");
    assert_eq!(explained.asked_again(later).act_by, Some(later));
    assert_eq!(explained.unasked(), open);
    let dismissed = decide(&asked, DecisionKind::Dismiss).expect("allowed");
    assert_eq!(dismissed.explained(), dismissed, "an answer that comes later changes nothing");
    assert_eq!(dismissed.asked_again(later), dismissed);
    assert!(dismissed.asked(due).is_err());
}

#[test]
fn an_appeal_keeps_its_deadline_until_there_is_nothing_left_to_appeal_against() {
    use DecisionKind::{Circulate, Correct, FollowUp, Reopen, Transfer, Uphold};
    let due: NaiveDate = "2026-03-24".parse().expect("a date");
    let confirmed = standing(ViolationState::Confirmed, Handling::Explained).appealed(Some(due));
    for kind in [Correct, Circulate, Transfer] {
        let closed = decide(&confirmed, kind).expect("allowed");
        assert_eq!((closed.act_by, closed.appeal_by, closed.due()), (None, Some(due), Some(due)), "{kind}");
    }
    let corrected = decide(&confirmed, Correct).expect("allowed");
    assert_eq!(decide(&corrected, FollowUp).expect("allowed").appeal_by, Some(due));
    assert_eq!(decide(&corrected, Reopen).expect("allowed").appeal_by, None);
    assert_eq!(decide(&corrected, Uphold).expect("allowed"), corrected.appealed(None), "nothing else changes");
    assert!(decide(&corrected.appealed(None), Uphold).is_err(), "nothing waits");
    let answer: NaiveDate = "2026-03-10".parse().expect("a date");
    let asked = Standing { handling: Handling::Explaining, act_by: Some(answer), ..confirmed };
    assert_eq!(asked.due(), Some(answer), "the nearer of the two");
    assert_eq!(asked.explained().due(), Some(due));
    assert_eq!(asked.appealed(None).due(), Some(answer));
}

#[test]
fn a_standing_that_was_stored_before_appeals_had_a_deadline_is_read() {
    let mut stored = serde_json::to_value(standing(ViolationState::Confirmed, Handling::Closed)).expect("JSON");
    stored.as_object_mut().expect("an object").remove("appeal_by").expect("it is stored");
    let read: Standing = serde_json::from_value(stored).expect("readable");
    assert_eq!(read.appeal_by, None);
}
