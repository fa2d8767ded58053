//! A request that rests on a report leaves with the next batch, together with others, in an order that tells nothing.

use crate::console::world::{FIRE, World, at};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::storage::cases::requests;
use mashang::storage::violations::ViolationRecord;

async fn ready() -> (World, ViolationRecord, ViolationRecord) {
    let world = World::new().await;
    let report = world.report(Some(FIRE), "02-20 09:17", &[]).await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    pass(&world, "03-03 10:30").await;
    let told = world.violation(RuleCode::Fil04, Subject::Report(report)).await;
    let filed = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    (world, told, filed)
}

async fn pass(world: &World, instant: &str) {
    world.test.app.clock.set(at(instant));
    jobs::run_due(&world.test.app, at(instant)).await.expect("what is due");
}

fn key(violation: &ViolationRecord) -> String {
    format!("{}.{}", violation.id, violation.version)
}

async fn asked(world: &World, violation: &ViolationRecord) -> usize {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    requests::of_violation(&mut tx, violation.id).await.expect("requests").len()
}

#[tokio::test]
async fn what_rests_on_a_report_leaves_at_ten_of_the_next_working_day_with_the_others() {
    let (world, told, filed) = ready().await;
    let mut supervisor = world.signed_in("reform").await;
    let ask = format!("/console/violations/ask?v={}", told.id);
    let page = supervisor.get(&ask).await.expect(200, "将随下一批发出：3月4日（周三）10:00");
    assert!(!page.text().contains("value=\"now\""), "it cannot be sent now");
    // One enterprise fits what is asked.
    page.expect(200, "只去过 1 家企业");
    // Even where the form says so.
    let now = [("v", key(&told)), ("when", "now".to_owned())];
    let fields: Vec<(&str, &str)> = now.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let to = supervisor.post_form("/console/violations/ask", &fields).await.location();
    assert_eq!(to, format!("/console/violations/{}", told.id));
    supervisor.get(&to).await.expect(200, "说明要求在等下一批");
    supervisor.get(&ask).await.expect(409, "已经在等下一批发出");
    // What rests on filings alone may leave now, and is led to the batch where one waits.
    let other = format!("/console/violations/ask?v={}", filed.id);
    let page = supervisor.get(&other).await.expect(200, "value=\"now\"");
    page.expect(200, "value=\"batch\" checked");
    let (mine, when) = (key(&filed), "batch");
    supervisor.post_form("/console/violations/ask", &[("v", &mine), ("when", when)]).await.location();
    let mut liaison = world.signed_in("fire").await;
    let before = liaison.get("/console/explanations").await.bytes;
    pass(&world, "03-04 09:59").await;
    assert!(world.signed_in("fire").await.get("/console/explanations").await.bytes == before);
    assert_eq!((asked(&world, &told).await, asked(&world, &filed).await), (0, 0));
    pass(&world, "03-04 10:00").await;
    assert_eq!((asked(&world, &told).await, asked(&world, &filed).await), (1, 1));
    // Both at one instant.
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let one = requests::of_violation(&mut tx, told.id).await.expect("requests").remove(0);
    let two = requests::of_violation(&mut tx, filed.id).await.expect("requests").remove(0);
    assert_eq!((one.sent_at, one.sent_by), (at("03-04 10:00"), two.sent_by));
    assert_eq!(one.sent_at, two.sent_at);
}

#[tokio::test]
async fn a_request_that_waits_can_be_taken_back_until_it_leaves() {
    let (world, told, _) = ready().await;
    let mut supervisor = world.signed_in("reform").await;
    let to = supervisor.post_form("/console/violations/ask", &[("v", &key(&told))]).await.location();
    let text = supervisor.get(&to).await.text();
    let action = text.split("action=\"").find(|part| part.starts_with("/console/held-requests/")).expect("a form");
    let action = action.split('"').next().expect("its end").to_owned();
    world.signed_in("fire").await.post_form(&action, &[]).await.expect(404, "没有找到");
    let page = supervisor.submit(&action, &[]).await;
    assert!(!page.text().contains("说明要求在等下一批"));
    pass(&world, "03-04 10:00").await;
    assert_eq!(asked(&world, &told).await, 0);
    assert_eq!(supervisor.submit(&action, &[]).await.status, 200, "twice is once");
}

#[tokio::test]
async fn what_changed_since_goes_back_to_its_supervisor() {
    let (world, told, _) = ready().await;
    let mut supervisor = world.signed_in("reform").await;
    let to = supervisor.post_form("/console/violations/ask", &[("v", &key(&told))]).await.location();
    let confirm = format!("/console/violations/{}/confirm", told.id);
    let version = told.version.to_string();
    supervisor.post_form(&confirm, &[("version", &version), ("note", "")]).await.location();
    pass(&world, "03-04 10:00").await;
    assert_eq!(asked(&world, &told).await, 0);
    world.signed_in("reform").await.get(&to).await.expect(200, "没有随那一批发出");
}

#[tokio::test]
async fn no_warning_is_given_where_three_enterprises_fit() {
    use mashang::actions::{Actor, Target, arrive};
    use mashang::storage::filings::Scope;
    let (world, told, _) = ready().await;
    let app = &world.test.app;
    for (enterprise, expected) in [(1, Some("只去过 2 家企业")), (2, None)] {
        app.clock.set(at("02-24 10:00"));
        let id = world.file_at(enterprise, FIRE, "02-25 10:00").await;
        let mut tx = app.db.write().await.expect("a transaction");
        let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
        arrive(&mut tx, &app.service, at("02-25 10:00"), target).await.expect("arrived");
        tx.commit().await.expect("a commit");
        app.clock.set(at("03-03 10:30"));
        let page = world.signed_in("reform").await.get(&format!("/console/violations/ask?v={}", told.id)).await;
        match expected {
            Some(words) => drop(page.expect(200, words)),
            None => assert!(!page.text().contains("只去过"), "{}", page.text()),
        }
    }
}
