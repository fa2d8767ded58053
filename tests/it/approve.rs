//! The head of an agency approves a visit: by the own account, at the own time, before it begins.

use crate::console::world::{FIRE, MARKET, World, at, input};
use crate::support::Client;
use crate::support::filing::{FRIDAY, file};
use mashang::actions::{Actor, Target, arrive};
use mashang::domain::filing::Kind;
use mashang::domain::id::FilingId;
use mashang::storage::filings::{self, Scope};
use mashang::storage::users;

async fn head_of_the_brigade() -> World {
    let world = World::new().await;
    let mut tx = world.test.app.db.write().await.expect("a transaction");
    users::set_lead(&mut tx, world.users[2], true).await.expect("a head");
    tx.commit().await.expect("a commit");
    world
}

async fn approve(client: &mut Client, id: FilingId, document: &str) -> crate::support::Answer {
    let path = format!("/console/filings/{id}");
    let page = client.get(&path).await.expect(200, "批准这次检查");
    let version = input(&page, "version");
    client.post_form(&format!("{path}/approve"), &[("version", &version), ("approval_document", document)]).await
}

#[tokio::test]
async fn the_head_approves_a_visit_before_it_begins_by_the_own_account() {
    let world = head_of_the_brigade().await;
    let app = &world.test.app;
    let id = world.file(FIRE, "03-06 10:00").await;
    let mut head = world.signed_in("fire").await;
    head.get("/console/filings").await.expect(200, "1 次检查等您批准").expect(200, "mark=unapproved");
    head.get("/console/filings?mark=unapproved").await.expect(200, &format!("/console/filings/{id}"));
    approve(&mut head, id, &"长".repeat(300)).await.expect(422, "批准单编号");
    let to = approve(&mut head, id, "消检批〔2026〕3号").await.location();
    let page = head.get(&to).await.expect(200, "消检批〔2026〕3号").expect(200, "单位负责人").text();
    assert!(!page.contains("批准这次检查"), "once");
    assert!(!head.get("/console/filings").await.text().contains("等您批准"));
    head.post_form(&format!("{to}/approve"), &[("version", "2")]).await.expect(409, "");

    let mut tx = app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing");
    let approval = record.filing.approval.expect("an approval");
    assert_eq!((approval.approver.as_str(), approval.approved_at), ("联络员甲", app.clock.now()));
}

#[tokio::test]
async fn nobody_else_approves_and_only_what_waits_for_it() {
    let world = head_of_the_brigade().await;
    let app = &world.test.app;
    let id = world.file(FIRE, "03-06 10:00").await;
    // A liaison who is no head reads that it waits; the supervisors neither approve nor read of it here.
    let theirs = world.file_at(1, MARKET, "03-06 10:00").await;
    let mut liaison = world.signed_in("market").await;
    liaison.get(&format!("/console/filings/{theirs}")).await.expect(200, "待本单位负责人登录批准");
    liaison.post_form(&format!("/console/filings/{theirs}/approve"), &[]).await.expect(404, "");
    liaison.post_form(&format!("/console/filings/{id}/approve"), &[]).await.expect(404, "");
    let mut head = world.signed_in("fire").await;
    head.post_form(&format!("/console/filings/{theirs}/approve"), &[]).await.expect(404, "");
    // Immediate inspections need no approval, and one that has begun gets none any more.
    for kind in [Kind::Immediate, Kind::ServiceVisit] {
        let other = world.file_as(FIRE, "03-06 15:00", kind).await;
        head.post_form(&format!("/console/filings/{other}/approve"), &[]).await.expect(409, "");
    }
    app.clock.set(at("03-06 10:02"));
    let mut tx = app.db.write().await.expect("a transaction");
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    arrive(&mut tx, &app.service, app.clock.now(), target).await.expect("arrived");
    tx.commit().await.expect("a commit");
    let mut head = world.signed_in("fire").await;
    head.post_form(&format!("/console/filings/{id}/approve"), &[]).await.expect(409, "");
}

#[tokio::test]
async fn what_the_head_approved_is_not_replaced_from_a_phone() {
    let world = head_of_the_brigade().await;
    let app = &world.test;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(app, &mut phone, FRIDAY).await;
    let id = FilingId::parse(receipt.rsplit('/').next().expect("an id")).expect("an id");
    let papers = format!("{receipt}/papers");
    let before = phone.get(&papers).await.expect(200, "name=\"approver\"");
    let stale = input(&before, "version");
    let mut head = world.signed_in("fire").await;
    let to = approve(&mut head, id, "消检批〔2026〕3号").await.location();
    head.get(&to).await.expect(200, "负责人登录批准");
    phone.get(&receipt).await.expect(200, "负责人登录批准");

    let page = phone.get(&papers).await.expect(200, "负责人登录批准");
    assert!(!page.text().contains("name=\"approver\""), "nothing to type that is refused");
    let typed = |version: String| {
        [("version", version), ("approver", "别人".to_owned()), ("approved_at", "2026-03-01T09:00".to_owned())]
    };
    let fields = typed(input(&page, "version"));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    phone.post_form(&papers, &fields).await.expect(422, "单位负责人已经登录批准");
    let fields = typed(stale);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    phone.post_form(&papers, &fields).await.expect(409, "");
    // The other papers are still entered, and leave the approval alone.
    let version = input(&page, "version");
    phone.post_form(&papers, &[("version", &version), ("special_reference", "备9")]).await.location();
    let mut tx = app.app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing");
    assert_eq!(record.filing.special.filing_reference, "备9");
    let approval = record.filing.approval.expect("an approval");
    assert_eq!((approval.approver.as_str(), approval.account), ("联络员甲", Some(world.users[2])));
}
