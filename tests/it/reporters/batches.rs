//! A request that rests on a report leaves with the next batch, together with others, in an order that tells nothing.

use crate::console::world::{FIRE, World, at};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::storage::cases::requests;
use mashang::storage::enterprises;
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
    assert_eq!(to, format!("/console/violations/{}?done=held", told.id));
    supervisor.get(&to).await.expect(200, "说明要求在等下一批").expect(200, "将随下一批发出");
    supervisor.get(&ask).await.expect(409, "已经在等下一批发出");
    // What rests on filings alone may leave now, and is led to the batch where one waits.
    let other = format!("/console/violations/ask?v={}", filed.id);
    let page = supervisor.get(&other).await.expect(200, "value=\"now\"");
    let page = page.expect(200, "value=\"batch\" checked");
    // The days count from when it leaves.
    page.expect(200, "请在 3月11日").expect(200, "现在就发（请在 3月10日");
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

/// Files a visit of the fire brigade and arrives.
async fn visited(world: &World, enterprise: usize, filed: &str, came: &str) {
    use mashang::actions::{Actor, Target, arrive};
    use mashang::storage::filings::Scope;
    let app = &world.test.app;
    app.clock.set(at(filed));
    let id = world.file_at(enterprise, FIRE, came).await;
    let mut tx = app.db.write().await.expect("a transaction");
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    arrive(&mut tx, &app.service, at(came), target).await.expect("arrived");
    tx.commit().await.expect("a commit");
    app.clock.set(at("03-03 10:30"));
}

/// Moves an enterprise to another town.
async fn moved(world: &World, enterprise: usize, town: &str) {
    let id = world.test.seed.enterprises[enterprise].0;
    let mut tx = world.test.app.db.write().await.expect("a transaction");
    let mut record = enterprises::get(&mut tx, id).await.expect("read").expect("an enterprise");
    town.clone_into(&mut record.town);
    enterprises::update(&mut tx, &record).await.expect("moved");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn the_warning_counts_the_enterprises_that_fit_the_words_that_are_sent() {
    let (world, told, _) = ready().await;
    let page = async || world.signed_in("reform").await.get(&format!("/console/violations/ask?v={}", told.id)).await;
    // The report is of Friday the 20th. Not in that week, and not in that town: neither fits what the request says.
    visited(&world, 1, "02-12 10:00", "02-13 10:00").await;
    visited(&world, 1, "02-22 10:00", "02-23 10:00").await;
    moved(&world, 2, "别处镇").await;
    visited(&world, 2, "02-18 10:00", "02-19 10:00").await;
    page().await.expect(200, "2月16日（周一）至2月22日（周日）在禾口镇").expect(200, "只去过 1 家企业");
    visited(&world, 1, "02-15 10:00", "02-16 10:00").await;
    page().await.expect(200, "只去过 2 家企业");
    moved(&world, 2, "禾口镇").await;
    let text = page().await.text();
    assert!(text.contains("2月16日（周一）至2月22日（周日）在禾口镇") && !text.contains("只去过"), "{text}");
    // Without a town the request says less, and only those without one fit for certain.
    moved(&world, 0, "").await;
    page().await.expect(200, "在本区的入企活动").expect(200, "只去过 1 家企业");
}

#[tokio::test]
async fn the_warning_says_so_where_the_words_name_the_enterprise() {
    let (world, told, filed) = ready().await;
    let ask = |ids: &[&ViolationRecord]| {
        let query: Vec<String> = ids.iter().map(|violation| format!("v={}", violation.id)).collect();
        format!("/console/violations/ask?{}", query.join("&"))
    };
    let mut supervisor = world.signed_in("reform").await;
    let named = "要求写明了一家企业";
    for alone in [&told, &filed] {
        assert!(!supervisor.get(&ask(&[alone])).await.expect(200, "要求说明").text().contains(named));
    }
    // Together they name the enterprise that told of one of them.
    supervisor.get(&ask(&[&told, &filed])).await.expect(200, "青禾精密").expect(200, named);
    // Known from the filing, and graver because of what the enterprise told.
    pass(&world, "03-15 12:00").await;
    world.report(Some(FIRE), "03-15 10:05", &[]).await;
    let Subject::Filing(filing) = filed.subject else { panic!("it is about a filing") };
    let graver = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    assert!(graver.severity > filed.severity);
    let mut supervisor = world.signed_in("reform").await;
    supervisor.get(&ask(&[&graver])).await.expect(200, "青禾精密").expect(200, named).expect(200, "将随下一批发出");
}
