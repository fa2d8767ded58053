//! Made, printed, handed out, replaced, retired, revoked, bound, moved: each with what it refuses.

use super::world::{act, history, print, sign, spot};
use crate::support::TestApp;
use chrono::TimeDelta;
use mashang::actions::ActionError;
use mashang::domain::sign::{GRACE, SignState, UnitKind};
use mashang::jobs;
use mashang::storage::sign_prints::{self, PrintFilter};

fn field(result: Result<impl Sized, ActionError>) -> (&'static str, &'static str) {
    match result.err().expect("refused") {
        ActionError::Malformed(errors) => (errors[0].field, errors[0].code),
        other => panic!("{other}"),
    }
}

fn state(result: Result<impl Sized, ActionError>) -> &'static str {
    match result.err().expect("refused") {
        ActionError::State(state) => state,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_sign_is_made_printed_and_handed_out() {
    let app = TestApp::new().await;
    let id = app.seed.enterprises[0].1.id;
    assert_eq!(sign(&app, id).await.state, SignState::Generated);
    assert_eq!(act!(&app, hand_out_signs(&[id])).expect("done"), 0, "what is not printed is not handed out");
    assert!(print(&app, &[id]).await.expect("printed").is_empty());
    let printed = sign(&app, id).await;
    assert_eq!((printed.state, printed.printed_host.as_str()), (SignState::Printed, "mashang.test"));
    assert_eq!(printed.printed_at, Some(app.app.clock.now()));
    app.app.clock.advance(TimeDelta::days(1));
    assert_eq!(act!(&app, hand_out_signs(&[id])).expect("done"), 1);
    let issued = sign(&app, id).await;
    assert_eq!((issued.state, issued.issued_at), (SignState::Issued, Some(app.app.clock.now())));
    print(&app, &[id]).await.expect("printed again");
    let again = sign(&app, id).await;
    assert_eq!((again.state, again.printed_at), (SignState::Issued, Some(app.app.clock.now())));
    assert_eq!(history(&app, id).await, ["sign.issued", "sign.handed_out"]);
    let prints = sign_prints::of_sign(&mut super::world::read(&app).await, id).await.expect("read");
    assert_eq!(prints.len(), 2);
}

#[tokio::test]
async fn running_numbers_are_of_the_year_and_never_the_same() {
    let app = TestApp::new().await;
    let first = sign(&app, app.seed.agency_signs["青禾区消防救援大队"].id).await.serial;
    assert_eq!(first, "2026-000001");
    let at_gate = act!(&app, issue_sign(spot(&app, 0, "大门"))).expect("made");
    assert_eq!((at_gate.serial.as_str(), at_gate.edition), ("2026-000007", 1));
    // 31 December 16:00 UTC is New Year in Shanghai.
    app.app.clock.set("2026-12-31T15:59:59Z".parse().expect("an instant"));
    assert_eq!(act!(&app, issue_sign(spot(&app, 0, "前台"))).expect("made").serial, "2026-000008");
    app.app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(act!(&app, issue_sign(spot(&app, 0, "仓库"))).expect("made").serial, "2027-000001");
}

#[tokio::test]
async fn a_replaced_sign_is_retired_when_its_30_days_are_over_to_the_second() {
    let app = TestApp::new().await;
    let old = app.seed.enterprises[0].1.id;
    app.app.clock.advance(TimeDelta::hours(1));
    let made = app.app.clock.now();
    let new = act!(&app, rotate_sign(old)).expect("replaced");
    assert_eq!((new.edition, new.replaces), (2, Some(old)));
    let replaced = sign(&app, old).await;
    assert_eq!((replaced.state, replaced.grace_until), (SignState::Replaced, Some(made + GRACE)));
    assert_eq!(state(act!(&app, rotate_sign(old))), "replaced");
    app.app.clock.set(made + GRACE - TimeDelta::seconds(1));
    jobs::run_due(&app.app, app.app.clock.now()).await.expect("swept");
    assert_eq!(sign(&app, old).await.state, SignState::Replaced);
    app.app.clock.advance(TimeDelta::seconds(1));
    assert!(jobs::run_due(&app.app, app.app.clock.now()).await.expect("swept"));
    assert_eq!(sign(&app, old).await.state, SignState::Retired);
    assert_eq!(history(&app, old).await, ["sign.issued", "sign.replaced", "sign.retired"]);
    assert!(!jobs::run_due(&app.app, app.app.clock.now()).await.expect("swept"), "once");
    assert_eq!(state(act!(&app, revoke_sign(old, "丢失"))), "retired");
    assert_eq!(sign(&app, new.id).await.state, SignState::Generated);
}

#[tokio::test]
async fn a_lost_sign_is_revoked_at_once_with_a_reason_also_in_its_grace() {
    let app = TestApp::new().await;
    let old = app.seed.enterprises[0].1.id;
    act!(&app, rotate_sign(old)).expect("replaced");
    assert_eq!(field(act!(&app, revoke_sign(old, " "))).0, "reason");
    act!(&app, revoke_sign(old, "被人撕走")).expect("revoked");
    let revoked = sign(&app, old).await;
    assert_eq!((revoked.state, revoked.grace_until), (SignState::Revoked, None));
    assert_eq!(revoked.revoked_reason, "被人撕走");
    app.app.clock.advance(GRACE);
    jobs::run_due(&app.app, app.app.clock.now()).await.expect("swept");
    assert_eq!(sign(&app, old).await.state, SignState::Revoked, "the end of the grace changes nothing any more");
}

#[tokio::test]
async fn a_blank_sign_belongs_to_nobody_until_it_is_bound() {
    let app = TestApp::new().await;
    for wrong in [0, -1, 5_001] {
        assert_eq!(field(act!(&app, make_blank_signs(UnitKind::Enterprise, wrong))), ("blank_count", "out_of_range"));
    }
    let batch = act!(&app, make_blank_signs(UnitKind::Enterprise, 3)).expect("made");
    let filter = PrintFilter { blank_batch: Some(batch), ..PrintFilter::default() };
    let ids = sign_prints::select(&mut super::world::read(&app).await, &filter).await.expect("read");
    assert_eq!(ids.len(), 3);
    print(&app, &ids).await.expect("printed");
    let blank = sign(&app, ids[0]).await;
    assert_eq!((blank.state, blank.unit), (SignState::Blank, None));
    assert!(blank.printed_at.is_some());
    assert_eq!(state(act!(&app, rotate_sign(ids[0]))), "blank");
    let agency = app.seed.agencies["青禾区应急管理局"].0;
    assert_eq!(field(act!(&app, bind_sign(ids[0], (UnitKind::Agency, agency).into()))), ("sign_unit", "unknown"));
    assert_eq!(field(act!(&app, bind_sign(ids[0], (UnitKind::Enterprise, agency).into()))), ("sign_unit", "unknown"));
    let bound = act!(&app, bind_sign(ids[0], spot(&app, 1, "前台"))).expect("bound");
    assert_eq!((bound.token.as_str(), bound.serial.as_str()), (blank.token.as_str(), blank.serial.as_str()));
    let stored = sign(&app, ids[0]).await;
    assert_eq!((stored.state, stored.unit), (SignState::Active, Some(app.seed.enterprises[1].0.0)));
    assert_eq!((stored.place.as_str(), stored.edition), ("前台", 1));
    assert_eq!(state(act!(&app, bind_sign(ids[0], spot(&app, 2, "前台")))), "active");
    act!(&app, revoke_sign(ids[1], "一叠空白码丢失")).expect("revoked");
    assert_eq!(state(act!(&app, bind_sign(ids[1], spot(&app, 2, "")))), "revoked");
}

#[tokio::test]
async fn a_sign_that_nobody_scanned_is_moved_and_one_that_was_needs_a_confirmation() {
    let app = TestApp::new().await;
    let id = app.seed.enterprises[0].1.id;
    app.app.clock.advance(TimeDelta::hours(1));
    act!(&app, move_sign(id, spot(&app, 1, "大门"), false)).expect("moved");
    let moved = sign(&app, id).await;
    assert_eq!((moved.unit, moved.place.as_str()), (Some(app.seed.enterprises[1].0.0), "大门"));
    let mut tx = super::world::write(&app).await;
    let now = app.app.clock.now();
    mashang::storage::sign_scans::seen(&mut tx, id, now, now).await.expect("scanned");
    tx.commit().await.expect("a commit");
    assert_eq!(field(act!(&app, move_sign(id, spot(&app, 2, "大门"), false))), ("confirm_move", "required"));
    act!(&app, move_sign(id, spot(&app, 1, "前台"), false)).expect("another place of the same enterprise");
    act!(&app, move_sign(id, spot(&app, 2, "大门"), true)).expect("confirmed");
    assert_eq!(sign(&app, id).await.unit, Some(app.seed.enterprises[2].0.0));
    assert_eq!(history(&app, id).await, ["sign.issued", "sign.moved", "sign.moved", "sign.moved"]);
    act!(&app, revoke_sign(id, "丢失")).expect("revoked");
    assert_eq!(state(act!(&app, move_sign(id, spot(&app, 0, ""), true))), "revoked");
}
