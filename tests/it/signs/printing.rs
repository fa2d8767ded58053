//! Which signs are printed, in which order, and what is noted of it.

use super::world::{act, print, read, sign, spot, write};
use crate::support::TestApp;
use chrono::TimeDelta;
use mashang::domain::id::SignId;
use mashang::domain::sign::{SignState, UnitKind};
use mashang::storage::enterprises;
use mashang::storage::sign_prints::{self, PrintFilter};

async fn select(app: &TestApp, filter: PrintFilter) -> Vec<SignId> {
    let mut tx = read(app).await;
    let ids = sign_prints::select(&mut tx, &filter).await.expect("read");
    if filter.ids.is_empty() {
        let counted = sign_prints::count(&mut tx, &filter).await.expect("read");
        assert_eq!(usize::try_from(counted).ok(), Some(ids.len()), "{filter:?}");
    }
    ids
}

async fn settle(app: &TestApp, enterprise: usize, town: &str, address: &str, tags: &[&str]) {
    let mut tx = write(app).await;
    let id = app.seed.enterprises[enterprise].0;
    let mut record = enterprises::get(&mut tx, id).await.expect("read").expect("an enterprise");
    record.town = town.to_owned();
    record.address = address.to_owned();
    record.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    enterprises::update(&mut tx, &record).await.expect("updated");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn signs_are_selected_by_what_they_belong_to_and_sorted_by_the_way_they_are_carried() {
    let app = TestApp::new().await;
    settle(&app, 0, "长岭镇", "建设路1号", &["规上工业", "专精特新"]).await;
    settle(&app, 1, "禾口镇", "建设路12号", &["高新技术"]).await;
    settle(&app, 2, "禾口镇", "建设路8号", &[]).await;
    let of = |n: usize| app.seed.enterprises[n].1.id;
    let enterprises = PrintFilter { kind: Some(UnitKind::Enterprise), ..PrintFilter::default() };
    assert_eq!(select(&app, enterprises.clone()).await, [of(2), of(1), of(0)]);
    let gate = act!(&app, issue_sign(spot(&app, 2, "大门"))).expect("made").id;
    assert_eq!(select(&app, enterprises).await, [of(2), gate, of(1), of(0)], "two of one enterprise by their number");
    assert_eq!(select(&app, PrintFilter { town: Some("禾口镇".into()), ..PrintFilter::default() }).await.len(), 3);
    assert_eq!(select(&app, PrintFilter { tag: Some("专精特新".into()), ..PrintFilter::default() }).await, [of(0)]);
    assert!(select(&app, PrintFilter { tag: Some("专精".into()), ..PrintFilter::default() }).await.is_empty());
    let agency = app.seed.agencies["青禾区应急管理局"];
    let its = app.seed.agency_signs["青禾区应急管理局"].id;
    assert_eq!(select(&app, PrintFilter { agency: Some(agency), ..PrintFilter::default() }).await, [its]);
    assert_eq!(select(&app, PrintFilter::default()).await.len(), 7);
    let loaded = sign_prints::load(&mut read(&app).await, &[gate, its]).await.expect("read");
    assert_eq!((loaded[0].name.as_str(), loaded[0].address.as_str()), ("远山化工有限公司", "建设路8号"));
    assert_eq!((loaded[0].place.as_str(), loaded[0].kind), ("大门", UnitKind::Enterprise));
    assert_eq!((loaded[1].name.as_str(), loaded[1].kind), ("青禾区应急管理局", UnitKind::Agency));
    assert_eq!(loaded[1].serial, sign(&app, its).await.serial);
}

#[tokio::test]
async fn what_was_printed_replaced_or_revoked_is_told_apart() {
    let app = TestApp::new().await;
    let of = |n: usize| app.seed.enterprises[n].1.id;
    let never = PrintFilter { kind: Some(UnitKind::Enterprise), never_printed: true, ..PrintFilter::default() };
    print(&app, &[of(0)]).await.expect("printed");
    assert_eq!(select(&app, never.clone()).await, [of(1), of(2)]);
    let start = app.app.clock.now();
    app.app.clock.advance(TimeDelta::days(10));
    let new = act!(&app, rotate_sign(of(0))).expect("replaced").id;
    act!(&app, revoke_sign(of(1), "丢失")).expect("revoked");
    assert_eq!(select(&app, never).await, [of(2), new]);
    let since = |at| PrintFilter { replaced_since: Some(at), ..PrintFilter::default() };
    assert_eq!(select(&app, since(start)).await, [new]);
    assert!(select(&app, since(app.app.clock.now() + TimeDelta::seconds(1))).await.is_empty());
    let ids = vec![of(0), of(1), of(2), new];
    assert_eq!(select(&app, PrintFilter { ids, ..PrintFilter::default() }).await, [of(2), new], "what is in use");
}

#[tokio::test]
async fn a_batch_marks_what_is_still_in_use_and_telling_it_twice_changes_nothing() {
    let app = TestApp::new().await;
    let mut ids: Vec<SignId> = (0..120).map(|_| SignId(uuid::Uuid::nil())).collect();
    for id in &mut ids {
        *id = act!(&app, issue_sign(spot(&app, 0, ""))).expect("made").id;
    }
    act!(&app, revoke_sign(ids[70], "丢失")).expect("revoked");
    let batch = app.app.service.ids.uuid(app.app.clock.now());
    for _ in 0..2 {
        let left_out = act!(&app, mark_printed(&ids, batch, "mashang.test")).expect("marked");
        assert_eq!(left_out, [ids[70]]);
    }
    assert_eq!(sign(&app, ids[119]).await.state, SignState::Printed);
    assert_eq!(sign(&app, ids[70]).await.printed_at, None);
    let mut tx = read(&app).await;
    assert_eq!(sign_prints::of_sign(&mut tx, ids[3]).await.expect("read").len(), 1);
    assert_eq!(sign_prints::hosts(&mut tx).await.expect("read"), [("mashang.test".to_owned(), 119)]);
}
