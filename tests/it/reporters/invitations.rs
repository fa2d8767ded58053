//! The invitation to confirm and rate: after every visit, the same for all, some hours later, to enterprises only.

use super::reported;
use crate::console::world::{FIRE, World, at};
use chrono::NaiveDate;
use mashang::actions::{Actor, AmendFiling, Target, amend_filing, arrive, cancel_filing, leave};
use mashang::domain::id::{FilingId, PolicyId};
use mashang::domain::policy::{Policy, PolicyVersion};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::mail::{Letter, Mailer, Memory};
use mashang::storage::filings::{self, Scope};
use mashang::storage::{enterprises, registries, violations};
use uuid::Uuid;

const ADDRESS: &str = "boss@qh-jx.example";

/// The world in which enterprise 0 has an address.
async fn world() -> World {
    let world = World::new().await;
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let mut record = enterprises::get(&mut tx, world.test.seed.enterprises[0].0).await.expect("read").expect("there");
    ADDRESS.clone_into(&mut record.email);
    enterprises::update(&mut tx, &record).await.expect("changed");
    tx.commit().await.expect("a commit");
    world
}

async fn step(world: &World, id: FilingId, at_time: &str, leaving: bool) {
    let app = &world.test.app;
    app.clock.set(at(at_time));
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    let mut tx = app.db.write().await.expect("a transaction");
    let now = app.clock.now();
    let done = if leaving {
        leave(&mut tx, &app.service, now, target).await
    } else {
        arrive(&mut tx, &app.service, now, target).await
    };
    done.expect("done");
    tx.commit().await.expect("a commit");
}

/// What is sent to the enterprise when the clock stands at this instant.
async fn letters(world: &World, at_time: &str) -> Vec<Letter> {
    let app = &world.test.app;
    app.clock.set(at(at_time));
    let memory = Memory::default();
    jobs::run_due(app, app.clock.now()).await.expect("what is due");
    jobs::deliver_everything(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
    memory.take().into_iter().map(|d| d.letter).filter(|letter| letter.to == ADDRESS).collect()
}

#[tokio::test]
async fn every_visit_is_followed_by_one_invitation_four_hours_after_leaving() {
    let world = world().await;
    let filing = world.file(FIRE, "03-03 10:30").await;
    step(&world, filing, "03-03 10:30", false).await;
    step(&world, filing, "03-03 11:00", true).await;
    assert_eq!(letters(&world, "03-03 14:59").await.len(), 0);
    let sent = letters(&world, "03-03 15:00").await;
    assert_eq!(sent.len(), 1);
    let letter = &sent[0];
    assert!(letter.subject.contains("请核对并评价") && letter.text.contains("/i/"), "{}", letter.text);
    for hidden in [FIRE, "青禾精密机械", "消防"] {
        assert!(!format!("{}{}{}", letter.subject, letter.text, letter.html).contains(hidden), "{hidden}");
    }
    let link = letter.text.split_whitespace().find(|word| word.starts_with("http")).expect("a link");
    let path = link.strip_prefix("http://mashang.test").expect("our host");
    world.test.client().get(path).await.expect(200, "青禾精密机械有限公司").expect(200, "/rate");
    assert_eq!(letters(&world, "03-04 10:00").await.len(), 0, "once");
}

#[tokio::test]
async fn a_visit_that_nobody_checked_in_for_is_followed_by_one_too_whether_or_not_it_was_reported() {
    for report in [false, true] {
        let world = world().await;
        let filing = world.file(FIRE, "03-03 14:00").await;
        let cancelled = world.file(FIRE, "03-04 14:00").await;
        if report {
            reported(&world, &[1]).await;
        }
        let app = &world.test.app;
        let mut tx = app.db.write().await.expect("a transaction");
        let target = Target { id: cancelled, scope: Scope::All, version: None, actor: &Actor::System };
        cancel_filing(&mut tx, &app.service, app.clock.now(), target, "人手不足").await.expect("cancelled");
        tx.commit().await.expect("a commit");
        // Planned until 16:00: four hours later it is too late for that day.
        assert_eq!(letters(&world, "03-03 20:30").await.len(), 0);
        assert_eq!(letters(&world, "03-04 08:59").await.len(), 0);
        let sent = letters(&world, "03-04 09:00").await;
        assert_eq!(sent.len(), 1, "nobody checked in, and nobody cancelled");
        assert!(sent[0].text.contains("没有来过的，不用评价"), "{}", sent[0].text);
        // They check in late, and the filing moves: there was one invitation already.
        step(&world, filing, "03-04 11:00", false).await;
        step(&world, filing, "03-04 11:30", true).await;
        assert_eq!(letters(&world, "03-04 20:30").await.len(), 0, "once a filing");
        assert_eq!(letters(&world, "03-05 12:00").await.len(), 0, "the cancelled one is followed by none");
        // They came and never said that they left: the planned end counts, and no mail comes at night.
        let other = world.file(FIRE, "03-05 18:00").await;
        step(&world, other, "03-05 18:10", false).await;
        assert_eq!(letters(&world, "03-05 23:59").await.len(), 0);
        assert_eq!(letters(&world, "03-06 08:59").await.len(), 0);
        assert_eq!(letters(&world, "03-06 09:00").await.len(), 1);
    }
}

#[tokio::test]
async fn an_invitation_that_is_a_week_late_is_not_sent() {
    let world = world().await;
    let filing = world.file(FIRE, "03-03 10:30").await;
    step(&world, filing, "03-03 10:30", false).await;
    step(&world, filing, "03-03 11:00", true).await;
    assert_eq!(letters(&world, "03-10 11:00").await.len(), 0);
    assert_eq!(letters(&world, "03-10 12:00").await.len(), 0);
}

#[tokio::test]
async fn a_visit_that_was_moved_is_followed_by_its_invitation_at_its_new_time() {
    let world = world().await;
    let filing = world.file(FIRE, "03-03 10:00").await;
    let app = &world.test.app;
    let target = Target { id: filing, scope: Scope::All, version: None, actor: &Actor::System };
    let planned = Some((at("03-05 10:00"), at("03-05 11:00")));
    let mut tx = app.db.write().await.expect("a transaction");
    let command = AmendFiling { planned, ..AmendFiling::default() };
    amend_filing(&mut tx, &app.service, app.clock.now(), target, command).await.expect("moved");
    tx.commit().await.expect("a commit");
    assert_eq!(letters(&world, "03-05 14:59").await.len(), 0);
    assert_eq!(letters(&world, "03-05 15:00").await.len(), 1);
}

/// Puts the policy of a new installation in force, from long ago: it has PRC-02.
async fn all_rules(world: &World) {
    let from = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
    let version = PolicyVersion::new(PolicyId(Uuid::from_u128(7)), from, Policy::for_installation());
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    registries::insert_policy(&mut tx, &version, "", None, app.clock.now()).await.expect("a policy");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("a commit");
}

/// The page of an inspection, which its code opens.
async fn inspection(world: &World, filing: FilingId) -> String {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, filing, Scope::All).await.expect("read").expect("there");
    format!("/i/{}", record.inspection_code)
}

#[tokio::test]
async fn the_desk_and_the_code_offer_the_rating_once_the_time_is_over_and_two_such_are_a_violation_that_no_agency_sees()
{
    let world = world().await;
    let app = &world.test.app;
    all_rules(&world).await;
    let enterprise = world.test.seed.enterprises[0].0;
    let desk = format!("/e/{}/enterprise", world.test.token(0));
    let mut filings = Vec::new();
    for day in ["03-03", "03-05"] {
        let filing = world.file(FIRE, &format!("{day} 14:00")).await;
        let path = inspection(&world, filing).await;
        let mut visitor = world.test.client();
        app.clock.set(at(&format!("{day} 15:59")));
        assert!(!visitor.get(&desk).await.text().contains(&format!("/rate/{filing}")), "it may yet be cancelled");
        assert_eq!(visitor.get(&format!("{path}/rate")).await.location(), path);
        app.clock.set(at(&format!("{day} 16:00")));
        visitor.get(&desk).await.expect(200, "请评价来过的检查").expect(200, &format!("/rate/{filing}"));
        visitor.get(&path).await.expect(200, "评价就表示来过").expect(200, "/rate");
        visitor.get(&format!("{path}/rate")).await.expect(200, "没有来过的，请不要评价");
        let marks = [("closeness", "4"), ("integrity", "5"), ("satisfaction", "4")];
        visitor.post_form(&format!("{path}/rate"), &marks).await.expect(200, "谢谢您的评价");
        filings.push(filing);
    }
    app.clock.set(at("03-06 00:00"));
    jobs::run_due(app, app.clock.now()).await.expect("what is due");
    let mut tx = app.db.read().await.expect("a connection");
    let found = violations::by_enterprise(&mut tx, enterprise).await.expect("violations");
    let found: Vec<_> = found.iter().filter(|v| v.rule == RuleCode::Prc02).map(|v| v.subject).collect();
    assert_eq!(found, [Subject::Filing(filings[1])], "from the second on");
    drop(tx);
    let mut liaison = world.signed_in("fire").await;
    let page =
        liaison.get(&format!("/console/filings/{}", filings[1])).await.expect(200, "青禾精密机械有限公司").text();
    assert!(!page.contains("PRC-02") && !page.contains("未扫码签到"), "the agency sees nothing of it");
}
