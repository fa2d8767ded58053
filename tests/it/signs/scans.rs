//! Scans are counted by day, make a sign active, and write nothing while a page is opened.

use super::world::{act, history, print, read, sign};
use crate::support::{HOST, TestApp};
use axum::body::Body;
use axum::http::Method;
use chrono::{NaiveDate, TimeDelta};
use mashang::actions::Scans;
use mashang::domain::sign::{GRACE, SignList, SignState};
use mashang::jobs;
use mashang::storage::sign_lists::{self, SignFilter};
use mashang::storage::sign_scans;

async fn by_day(app: &TestApp, enterprise: usize) -> Vec<(String, i64)> {
    let id = app.seed.enterprises[enterprise].1.id;
    let from = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
    let days = sign_scans::by_day(&mut read(app).await, id, from).await.expect("read");
    days.into_iter().map(|(day, scans)| (day.to_string(), scans)).collect()
}

async fn store(app: &TestApp) {
    jobs::store_scans(&app.app).await.expect("stored");
}

#[tokio::test]
async fn the_first_scan_makes_a_sign_active_and_opening_its_page_writes_nothing() {
    let app = TestApp::new().await;
    let id = app.seed.enterprises[0].1.id;
    print(&app, &[id]).await.expect("printed");
    app.app.clock.advance(TimeDelta::hours(1));
    let first = app.app.clock.now();
    app.client().get(&format!("/e/{}", app.token(0))).await.expect(200, "青禾精密机械");
    assert_eq!(sign(&app, id).await.state, SignState::Printed, "nothing is written while the page is made");
    assert!(by_day(&app, 0).await.is_empty());
    app.app.clock.advance(TimeDelta::seconds(3));
    store(&app).await;
    let scanned = sign(&app, id).await;
    assert_eq!((scanned.state, scanned.first_scanned_at), (SignState::Active, Some(first)));
    app.app.clock.advance(TimeDelta::hours(1));
    app.client().get(&format!("/e/{}", app.token(0))).await.expect(200, "青禾精密机械");
    store(&app).await;
    store(&app).await;
    let again = sign(&app, id).await;
    assert_eq!(again.first_scanned_at, Some(first));
    assert_eq!(again.last_scanned_at, Some(app.app.clock.now()));
    assert_eq!(history(&app, id).await, ["sign.issued", "sign.activated"]);
    assert_eq!(by_day(&app, 0).await, [("2026-03-03".to_owned(), 2)]);
}

#[tokio::test]
async fn scans_are_counted_by_the_local_day_also_by_several_processes() {
    let app = TestApp::new().await;
    let path = format!("/e/{}", app.token(1));
    // Midnight in Shanghai is 16:00 UTC.
    app.app.clock.set("2026-03-04T15:59:59Z".parse().expect("an instant"));
    app.client().get(&path).await;
    app.app.clock.advance(TimeDelta::seconds(1));
    app.client().get(&path).await;
    app.client().get(&path).await;
    store(&app).await;
    let days = [("2026-03-04".to_owned(), 1), ("2026-03-05".to_owned(), 2)];
    assert_eq!(by_day(&app, 1).await, days);
    // Another process adds what it counted, which may be older than what is stored.
    let now = app.app.clock.now();
    let (id, day) = (app.seed.enterprises[1].1.id, NaiveDate::from_ymd_opt(2026, 3, 5).expect("a date"));
    let early = now - TimeDelta::hours(2);
    app.app.service.scans.give_back(vec![(id, day, Scans { count: 5, first: early, last: early })]);
    store(&app).await;
    assert_eq!(by_day(&app, 1).await[1].1, 7);
    assert_eq!(sign(&app, id).await.last_scanned_at, Some(now), "the last scan stays the last");
    assert_eq!(history(&app, id).await, ["sign.issued", "sign.activated"], "once");
}

#[tokio::test]
async fn heads_robots_prefetches_and_coming_back_are_not_counted_and_typed_codes_are() {
    let app = TestApp::new().await;
    let path = format!("/e/{}", app.token(0));
    let mut client = app.client();
    let referer = format!("http://{HOST}{path}/file");
    for (method, name, value) in [
        (Method::HEAD, "accept", "*/*"),
        (Method::GET, "user-agent", "Mozilla/5.0 (compatible; Baiduspider/2.0)"),
        (Method::GET, "sec-purpose", "prefetch"),
        (Method::GET, "sec-fetch-site", "same-origin"),
        (Method::GET, "referer", referer.as_str()),
    ] {
        let request = client.request(method, &path).header(name, value).body(Body::empty()).expect("a request");
        assert_eq!(client.send(request).await.status, 200, "{name}: {value}");
    }
    store(&app).await;
    assert!(by_day(&app, 0).await.is_empty());
    let code = &app.seed.enterprises[0].1.short_code;
    let referer = format!("http://{HOST}/");
    let typed = client.request(Method::GET, &format!("/go?code={code}")).header("referer", referer);
    let typed = typed.body(Body::empty()).expect("a request");
    assert_eq!(client.send(typed).await.location(), path);
    store(&app).await;
    assert_eq!(by_day(&app, 0).await.len(), 1);
}

#[tokio::test]
async fn a_replaced_sign_is_still_counted_but_never_active_again_and_a_closed_one_is_not() {
    let app = TestApp::new().await;
    let id = app.seed.enterprises[0].1.id;
    act!(&app, rotate_sign(id)).expect("replaced");
    let path = format!("/e/{}", app.token(0));
    app.client().get(&path).await.expect(200, "已更换");
    store(&app).await;
    assert_eq!(sign(&app, id).await.state, SignState::Replaced);
    assert_eq!(by_day(&app, 0).await.len(), 1);
    app.app.clock.advance(GRACE);
    app.client().get(&path).await.expect(410, "已经停用");
    store(&app).await;
    assert_eq!(by_day(&app, 0).await.len(), 1);
}

#[tokio::test]
async fn signs_that_were_never_scanned_or_fell_silent_are_found_after_90_days() {
    let app = TestApp::new().await;
    let of = |n: usize| app.seed.enterprises[n].1.id;
    print(&app, &[of(0), of(1)]).await.expect("printed");
    let start = app.app.clock.now();
    app.client().get(&format!("/e/{}", app.token(1))).await;
    store(&app).await;
    let found = async |list, at| {
        let filter = SignFilter { list, kind: None, words: None, other_host_than: None, blank_batch: None };
        let mut tx = read(&app).await;
        let rows = sign_lists::list(&mut tx, &filter, at, "", 100).await.expect("read");
        let counted = sign_lists::counts(&mut tx, at).await.expect("read");
        let count = counted.into_iter().find(|(of, _)| *of == list).expect("a count").1;
        assert_eq!(usize::try_from(count).ok(), Some(rows.len()), "{list}");
        if list == SignList::NeverScanned {
            assert_eq!(sign_lists::never_scanned(&mut tx, at).await.expect("read"), count);
        }
        rows.into_iter().map(|row| row.sign.id).collect::<Vec<_>>()
    };
    let end = start + TimeDelta::days(90);
    for list in [SignList::NeverScanned, SignList::Silent] {
        assert!(found(list, end - TimeDelta::seconds(1)).await.is_empty(), "{list}");
    }
    assert_eq!(found(SignList::NeverScanned, end).await, [of(0)]);
    assert_eq!(found(SignList::Silent, end).await, [of(1)]);
    assert_eq!(found(SignList::NeverPrinted, end).await.len(), 4);
    assert_eq!(found(SignList::All, end).await.len(), 6);
}
