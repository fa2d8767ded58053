//! Ten years ahead: the table of holidays has no such year, what was signed in has ended, what was chained still holds.

use super::{at, file, id_of, raised, stored};
use crate::api;
use crate::console::world::{FIRE, World};
use crate::figures_out::{made, words};
use crate::support::{TestApp, routes, seed};
use chrono::NaiveDate;
use mashang::actions::{Actor, CheckpointKey, audit, checkpoint_audit, verify_audit};
use mashang::domain::api_token::Holder;
use mashang::domain::audit_chain::unhex;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::mail::{Mailer, Memory};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Monday 3 March 2036, ten in the morning.
const THEN: &str = "2036-03-03 10:00";

/// What each role gets on each page that has no parameter.
async fn statuses(world: &World) -> BTreeMap<String, u16> {
    let mut found = BTreeMap::new();
    for who in ["discipline", "fire", "operator", "admin", ""] {
        let mut client = if who.is_empty() { world.test.client() } else { world.signed_in(who).await };
        for route in routes::all() {
            if route.method == "GET" && !route.path.contains('{') && !route.path.starts_with("/demo") {
                let status = client.get(&route.path).await.status.as_u16();
                found.insert(format!("{who}: {route}"), status);
            }
        }
    }
    found
}

#[tokio::test]
async fn ten_years_ahead_every_page_opens_that_opens_today() {
    let world = World::new().await;
    world.file(FIRE, "03-15 10:00").await;
    world.report(Some(FIRE), "02-20 09:00", &[3]).await;
    let today = statuses(&world).await;
    assert!(today.len() > 200 && today.values().filter(|status| **status == 200).count() > 60);
    world.test.app.clock.set(at(THEN));
    jobs::run_due(&world.test.app, at(THEN)).await.expect("what fell due in ten years");
    jobs::deliver_everything(&world.test.app, &Mailer::Memory(Memory::default())).await.expect("delivered");
    assert_eq!(statuses(&world).await, today);
}

#[tokio::test]
async fn ten_years_ahead_filings_are_taken_and_judged_with_weekdays_for_working_days() {
    let world = World::new().await;
    let app = &world.test;
    app.app.clock.set(at(THEN));
    let mut phone = app.inspector("陈小明").await;
    let open = [("when", "day"), ("date", "2036-03-06"), ("planned_start", "09:00"), ("planned_end", "11:00")];
    let receipt = file(app, &mut phone, 1, &open).await;
    phone.get(&receipt).await.expect(200, "3月6日（周四）09:00–11:00");
    assert_eq!(raised(app, Subject::Filing(id_of(&receipt))).await, []);
    let quiet = [("when", "day"), ("date", "2036-03-10"), ("planned_start", "09:00"), ("planned_end", "11:00")];
    let receipt = file(app, &mut phone, 2, &quiet).await;
    phone.get(&receipt).await.expect(200, "已记录并提示督查人员");
    let id = id_of(&receipt);
    assert!(raised(app, Subject::Filing(id)).await.contains(&RuleCode::Ndd01));
    assert!(!stored(app, id).await.clock_doubtful, "a clock that is ahead is not behind");

    // The days are a guess, and that is said where they count.
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(id)).await.id;
    let mut supervisor = world.signed_in("reform").await;
    let page = supervisor.get(&format!("/console/violations/{violation}")).await;
    page.expect(200, "超出国家已公布的节假日安排");
    app.client().get("/calendar").await.expect(200, "2036 年的放假安排还没有公布").expect(200, "2036年8月");
    app.client().get("/calendar.ics").await.expect(200, "DTSTART;VALUE=DATE:20360308");
    let holidays = app.app.service.snapshot(&mut app.app.db.read().await.expect("read")).await.expect("a snapshot");
    let national_day = NaiveDate::from_ymd_opt(2036, 10, 1).expect("a date");
    assert!(holidays.registries.holidays.is_working_day(national_day), "a Wednesday, for want of a table");

    // The month's report counts them.
    app.app.clock.set(at("2036-04-02 09:00"));
    jobs::run_due(&app.app, app.app.clock.now()).await.expect("what fell due");
    jobs::fold_figures(&app.app).await.expect("folded");
    for (reader, paper) in [("internal", "docx"), ("agencies", "docx"), ("internal", "pdf")] {
        let asked = [("month", "2036-03"), ("reader", reader), ("paper", paper)];
        let (_, bytes) = made(&world, "discipline", "/console/monthly", &asked).await;
        if paper == "pdf" {
            assert!(bytes.starts_with(b"%PDF-"));
        } else {
            let text = words(bytes);
            let counted = if reader == "internal" { "报备入企检查2次" } else { "报备入企检查若干次" };
            assert!(text.contains("2036年3月") && text.contains(counted), "{text}");
        }
    }
}

#[tokio::test]
async fn after_ten_years_what_was_signed_in_has_ended_and_a_token_lasts_until_it_is_revoked() {
    let world = World::new().await;
    let app = &world.test;
    let mut phone = app.inspector("陈小明").await;
    let invite = seed::invite(app, app.seed.inspectors["李芳"]).await;
    let mut supervisor = world.signed_in("reform").await;
    let mut tx = app.app.db.write().await.expect("a transaction");
    let token = api::token(app, &mut tx, Holder::Agency(app.seed.agencies[FIRE])).await;
    tx.commit().await.expect("a commit");
    app.app.clock.set(at(THEN));
    assert!(supervisor.get("/console/filings").await.location().starts_with("/console/sign-in"));
    let form = format!("/e/{}/file", app.token(0));
    let pin = phone.get(&form).await.location();
    assert!(pin.starts_with("/pin?next="), "{pin}");
    assert_eq!(phone.post_form("/pin", &[("pin", "135790"), ("next", &form)]).await.location(), form);
    phone.get(&form).await.expect(200, "入企报备");
    app.client().get(&invite).await.expect(410, "这个邀请不能用了");
    let request = app.client().request(axum::http::Method::GET, "/api/v1/filings");
    let request = request.header("authorization", format!("Bearer {token}")).body(axum::body::Body::empty());
    assert_eq!(app.client().send(request.expect("a request")).await.status, 200);
    // Who comes back signs in as ever.
    world.signed_in("reform").await.get("/console/filings").await.expect(200, "周敏");
}

async fn act(app: &TestApp) {
    let mut tx = app.app.db.write().await.expect("a transaction");
    let object = ("sign", Uuid::from_u128(1));
    let now = app.app.clock.now();
    audit::record(&mut tx, &app.app.service, now, &Actor::System, "sign.issued", object, json!({}))
        .await
        .expect("an act");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn the_chain_over_the_audit_goes_on_by_a_clock_two_hours_behind_ten_years_later_and_set_right_again() {
    let app = TestApp::new().await;
    let key = CheckpointKey::from_seed(&[3; 32]).expect("a key");
    let public = unhex(&key.public()).expect("hexadecimal");
    let mut links = Vec::new();
    for local in
        ["2026-03-03 10:00", "2026-03-03 08:00", "2026-03-03 10:01", THEN, "2026-03-03 10:02", "2026-03-03 10:30"]
    {
        app.app.clock.set(at(local));
        act(&app).await;
        jobs::chain::chain(&app.app).await.expect("chained");
        let mut tx = app.app.db.write().await.expect("a transaction");
        checkpoint_audit(&mut tx, at(local), &key).await.expect("signed");
        let checked = verify_audit(&mut tx, Some(&public), Vec::new()).await.expect("the store answers");
        links.push(checked.unwrap_or_else(|broken| panic!("{local}: {broken:?}")).links);
        tx.commit().await.expect("a commit");
    }
    assert!(links.is_sorted_by(|a, b| a + 1 == *b), "each entry joins at once: {links:?}");
}
