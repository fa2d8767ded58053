//! The bells: group robots of supervisors ring beside the mails, for the same notices, and for nothing that agencies are written.

use crate::cases::world::{Cases, answer, decide};
use crate::console::world::{FIRE, World, at, input};
use chrono::TimeDelta;
use mashang::actions::bells::{Address, NewBell, add_bell, set_bell};
use mashang::actions::{Actor, AmendFiling, Target, amend_filing, arrive, cancel_filing};
use mashang::domain::bell::{BellKind, BellState};
use mashang::domain::id::FilingId;
use mashang::domain::user::Office;
use mashang::jobs;
use mashang::storage::filings::Scope;
use mashang::storage::{bells, users};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

/// A robot of our own: it answers as it is told and keeps what it was sent.
struct Robot {
    url: String,
    got: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<&'static str>>,
}

impl Robot {
    /// What it was told since it was asked last.
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.got.lock().expect("unpoisoned"))
    }
}

async fn robot() -> Robot {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/robot/send?key=k", listener.local_addr().expect("an address"));
    let (got, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(r#"{"errcode":0}"#)));
    let robot = Robot { url, got: got.clone(), answer: answer.clone() };
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = String::new();
            let mut buffer = [0; 4096];
            while !text.contains("\r\n\r\n") || !text.trim_end().ends_with('}') {
                let n = stream.read(&mut buffer).await.unwrap_or(0);
                if n == 0 {
                    break;
                }
                text.push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
            got.lock().expect("unpoisoned").push(text);
            let body = *answer.lock().expect("unpoisoned");
            let whole = if body.starts_with("HTTP/1.1 ") {
                body.to_owned()
            } else {
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
            };
            let _ = stream.write_all(whole.as_bytes()).await;
        }
    });
    robot
}

async fn bell(world: &World, kind: BellKind, url: &str, office: Option<Office>) -> Uuid {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let address = Address { url: url.to_owned(), secret: "SEC".to_owned() };
    let new = NewBell { kind, name: "督查工作群".to_owned(), address, office };
    let id = add_bell(&mut tx, &app.service, app.clock.now(), &Actor::System, &new).await.expect("a bell");
    tx.commit().await.expect("a commit");
    id
}

async fn ring(world: &World) -> usize {
    jobs::ring_due(&world.test.app).await.expect("rung")
}

#[tokio::test]
async fn bells_ring_beside_the_mail_without_naming_anybody_and_again_when_a_robot_refuses() {
    let world = World::new().await;
    let robot = robot().await;
    bell(&world, BellKind::DingTalk, &robot.url, None).await;
    *robot.answer.lock().expect("unpoisoned") = r#"{"errcode":310000,"errmsg":"sign not match"}"#;
    world.file(FIRE, "03-15 10:00").await;
    assert_eq!(ring(&world).await, 0);
    assert_eq!(ring(&world).await, 0, "not tried again at once");
    assert_eq!(robot.got.lock().expect("unpoisoned").len(), 1);
    *robot.answer.lock().expect("unpoisoned") = r#"{"errcode":0}"#;
    world.test.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(ring(&world).await, 1);
    assert_eq!(ring(&world).await, 0, "once is enough");
    let got = robot.got.lock().expect("unpoisoned")[1].clone();
    assert!(got.starts_with("POST /robot/send?key=k&timestamp=") && got.contains("&sign="), "{got}");
    assert!(got.contains("NDD-01") && got.contains("/console/violations/"), "{got}");
    for hidden in [FIRE, "青禾精密机械有限公司", "陈小明"] {
        assert!(!got.contains(hidden), "{hidden} in {got}");
    }
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let mails = mashang::storage::mails::list(&mut tx, None, None, 10).await.expect("the mails");
    assert!(!mails.is_empty(), "the mail is written as ever");
}

#[tokio::test]
async fn a_robot_that_leads_elsewhere_is_not_followed_and_rung_again_later() {
    let world = World::new().await;
    let (robot, elsewhere) = (robot().await, robot().await);
    bell(&world, BellKind::DingTalk, &robot.url, None).await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let led = format!(
            "HTTP/1.1 {status}\r\nlocation: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            elsewhere.url
        );
        *robot.answer.lock().expect("unpoisoned") = led.leak();
        world.file(FIRE, "03-15 10:00").await;
        assert_eq!(ring(&world).await, 0, "{status}");
        assert!(!robot.told().is_empty(), "{status}: it was asked");
        assert_eq!(elsewhere.told(), Vec::<String>::new(), "{status}");
        world.test.app.clock.advance(TimeDelta::hours(1));
    }
    *robot.answer.lock().expect("unpoisoned") = r#"{"errcode":0}"#;
    assert!(ring(&world).await > 0, "nothing is lost");
}

#[tokio::test]
async fn severity_4_rings_without_content_and_for_groups_of_the_discipline_office_alone() {
    let world = World::new().await;
    let (anybody, discipline) = (robot().await, robot().await);
    bell(&world, BellKind::WeCom, &anybody.url, None).await;
    bell(&world, BellKind::Feishu, &discipline.url, Some(Office::Discipline)).await;
    world.test.app.clock.set(at("03-03 10:00"));
    world.report(Some(FIRE), "03-03 09:00", &[3]).await;
    ring(&world).await;
    assert!(!anybody.got.lock().expect("unpoisoned").iter().any(|got| got.contains("有一件事项")));
    let got = discipline.got.lock().expect("unpoisoned").clone();
    let one = got.iter().find(|got| got.contains("有一件事项")).expect("a message");
    assert!(!one.contains("INT-01") && !one.contains("violations") && one.contains("\"sign\""), "{one}");
}

#[tokio::test]
async fn nothing_rings_for_what_was_rolled_back_and_a_paused_bell_is_silent() {
    let world = World::new().await;
    let robot = robot().await;
    let app = &world.test.app;
    let id = bell(&world, BellKind::WeCom, &robot.url, None).await;
    let mut tx = app.db.write().await.expect("a transaction");
    let state = BellState::Paused;
    set_bell(&mut tx, &app.service, app.clock.now(), &Actor::System, id, state).await.expect("paused");
    tx.commit().await.expect("a commit");
    world.file(FIRE, "03-15 10:00").await;
    assert_eq!(ring(&world).await, 0);
    let mut tx = app.db.write().await.expect("a transaction");
    set_bell(&mut tx, &app.service, app.clock.now(), &Actor::System, id, BellState::Active).await.expect("resumed");
    tx.rollback().await.expect("a rollback");
    let mut tx = app.db.read().await.expect("a connection");
    assert_eq!(bells::list(&mut tx).await.expect("the bells")[0].state, BellState::Paused);
    assert!(robot.got.lock().expect("unpoisoned").is_empty());
}

#[tokio::test]
async fn an_administrator_adds_tries_and_pauses_a_bell_whose_address_is_never_shown() {
    let world = World::new().await;
    let robot = robot().await;
    let mut admin = world.signed_in("admin").await;
    let bad = [("kind", "wecom"), ("name", "群"), ("url", "http://example.org/x"), ("secret", ""), ("office", "")];
    admin.post_form("/console/bells", &bad).await.expect(422, "错误");
    let good = [("kind", "wecom"), ("name", "督查工作群"), ("url", robot.url.as_str()), ("secret", ""), ("office", "")];
    let page = admin.submit("/console/bells", &good).await.expect(200, "督查工作群").text();
    assert!(!page.contains("key=k"), "an address is a secret");
    let id = page.split("/console/bells/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id").to_owned();
    admin.post_form(&format!("/console/bells/{id}/test"), &[]).await.location();
    assert_eq!(ring(&world).await, 1);
    assert!(robot.got.lock().expect("unpoisoned")[0].contains("测试提醒"));
    admin.submit(&format!("/console/bells/{id}/pause"), &[]).await.expect(200, "已暂停");
    admin.submit(&format!("/console/bells/{id}/resume"), &[]).await.expect(200, "正常");
}

/// The clock stands at this local time, and everything that is due happens; mails too.
async fn moved(cases: &Cases, local: &str) {
    cases.at(local).await;
    while ring(&cases.world).await > 0 {}
}

#[tokio::test]
async fn what_supervisors_are_mailed_about_a_request_rings_in_their_groups_and_what_agencies_are_written_never_does() {
    let cases = Cases::new().await;
    let world = &cases.world;
    let (any, reform, discipline) = (robot().await, robot().await, robot().await);
    bell(world, BellKind::WeCom, &any.url, None).await;
    bell(world, BellKind::DingTalk, &reform.url, Some(Office::Reform)).await;
    bell(world, BellKind::Feishu, &discipline.url, Some(Office::Discipline)).await;
    let mut tx = world.test.app.db.write().await.expect("a transaction");
    users::set_lead(&mut tx, world.users[1], true).await.expect("a lead");
    tx.commit().await.expect("a commit");
    moved(&cases, "03-03 10:00").await;
    let (violation, listed) = (cases.conflict("03-16").await, cases.conflict("03-18").await);
    moved(&cases, "03-03 10:00").await;
    let suspected = || [any.told().len(), reform.told().len(), discipline.told().len()];
    let [to_any, to_reform, to_discipline] = suspected();
    assert!(to_any >= 2 && to_any == to_reform && to_any == to_discipline, "a violation rings everywhere");

    // The liaison is asked by mail; no group hears of it.
    let mut supervisor = world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let unanswered = cases.ask(&mut supervisor, &[listed.id]).await;
    moved(&cases, "03-03 10:20").await;
    assert_eq!(suspected(), [0, 0, 0]);

    // Asked for more time at night: rings in the morning, for the office of the one who sent the request.
    moved(&cases, "03-03 21:00").await;
    let path = format!("/console/explanations/{}", request.id);
    let mut liaison = world.signed_in("fire").await;
    let version = input(&liaison.get(&path).await, "version");
    let fields = [("version", version.as_str()), ("extension_words", "人手不足")];
    liaison.post_form(&format!("{path}/extension"), &fields).await.location();
    moved(&cases, "03-04 08:29").await;
    assert_eq!(suspected(), [0, 0, 0]);
    moved(&cases, "03-04 08:30").await;
    let told = any.told();
    assert_eq!((told.len(), reform.told().len(), discipline.told().len()), (1, 1, 0));
    assert!(
        told[0].contains("申请延期") && told[0].contains(&request.number) && told[0].contains(&path),
        "{}",
        told[0]
    );
    for hidden in [FIRE, "青禾精密机械有限公司", "人手不足", "NDD-01", "联络员甲"] {
        assert!(!told[0].contains(hidden), "{hidden} in {}", told[0]);
    }

    // A session does not last over night.
    let (mut liaison, mut supervisor) = (world.signed_in("fire").await, world.signed_in("reform").await);
    answer(&mut liaison, &request, "上级临时部署", &[]).await.location();
    moved(&cases, "03-04 09:00").await;
    let told = any.told();
    assert!(told.len() == 1 && told[0].contains("单位已说明"), "{told:?}");
    assert_eq!([reform.told().len(), discipline.told().len()], [1, 0]);

    // The outcome is written to the liaison alone; the appeal rings.
    decide(&mut supervisor, violation.id, &[("kind", "confirm"), ("reason", "")]).await.location();
    moved(&cases, "03-04 09:30").await;
    assert_eq!(suspected(), [0, 0, 0]);
    let page = liaison.get(&path).await.expect(200, "提出异议");
    let item = page.text().split("name=\"item\" value=\"").nth(1).expect("an item")[..36].to_owned();
    let fields = [("item", item.as_str()), ("appeal_words", "当天是应急处置")];
    liaison.post_form(&format!("{path}/appeal"), &fields).await.location();
    moved(&cases, "03-04 10:00").await;
    let told = any.told();
    assert!(told.len() == 1 && told[0].contains("单位有异议") && !told[0].contains("应急处置"), "{told:?}");
    assert_eq!([reform.told().len(), discipline.told().len()], [1, 0]);

    // Reminders and the mail to the agency's head ring nowhere; the listing for circulation for the lead's office.
    let mut now = at("03-04 10:00");
    while now <= at("03-20 12:00") {
        world.test.app.clock.set(now);
        cases.run().await;
        while ring(world).await > 0 {}
        now += TimeDelta::minutes(30);
    }
    let is_listing = |told: &String| told.contains("列入通报");
    let (any, reform, discipline) = (any.told(), reform.told(), discipline.told());
    for told in [&any, &discipline] {
        let listing: Vec<_> = told.iter().filter(|told| is_listing(told)).collect();
        assert_eq!(listing.len(), 1, "{told:?}");
        assert!(listing[0].contains(&unanswered.number) && !listing[0].contains(FIRE), "{}", listing[0]);
    }
    assert!(!reform.iter().any(is_listing));
    for told in any.iter().chain(&reform).chain(&discipline) {
        assert!(is_listing(told) || told.contains("/console/violations/"), "a violation or the listing: {told}");
    }
}

#[tokio::test]
async fn a_notice_that_a_robot_refuses_is_tried_again() {
    let cases = Cases::new().await;
    let group = robot().await;
    moved(&cases, "03-03 10:00").await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    bell(&cases.world, BellKind::WeCom, &group.url, None).await;
    *group.answer.lock().expect("unpoisoned") = r#"{"errcode":45009,"errmsg":"too often"}"#;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "上级临时部署", &[]).await.location();
    assert_eq!(ring(&cases.world).await, 0);
    *group.answer.lock().expect("unpoisoned") = r#"{"errcode":0}"#;
    cases.world.test.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(ring(&cases.world).await, 1);
    assert_eq!(group.told().len(), 2);
}

/// Something is done to a filing.
async fn change(world: &World, id: FilingId, what: &str) {
    let app = &world.test.app;
    let (now, target) = (app.clock.now(), Target { id, scope: Scope::All, version: None, actor: &Actor::System });
    let mut tx = app.db.write().await.expect("a transaction");
    let done = match what {
        "cancel" => cancel_filing(&mut tx, &app.service, now, target, "人手不足").await,
        "arrive" => arrive(&mut tx, &app.service, now, target).await,
        day => {
            let start = at(&format!("{day} 10:00"));
            let planned = Some((start, start + TimeDelta::hours(2)));
            amend_filing(&mut tx, &app.service, now, target, AmendFiling { planned, ..AmendFiling::default() }).await
        }
    };
    done.expect("done");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn what_was_cleared_or_decided_before_the_morning_does_not_ring_and_rings_when_it_is_raised_again() {
    let cases = Cases::new().await;
    let group = robot().await;
    bell(&cases.world, BellKind::WeCom, &group.url, None).await;
    moved(&cases, "03-03 21:00").await;
    let world = &cases.world;
    let cancelled = world.file(FIRE, "03-16 10:00").await;
    let moved_away = world.file(FIRE, "03-17 10:00").await;
    let dismissed = cases.conflict("03-18").await;
    let standing = cases.conflict("03-19").await;
    change(world, cancelled, "cancel").await;
    change(world, moved_away, "03-26").await;
    let mut supervisor = world.signed_in("reform").await;
    let fields = [("kind", "dismiss"), ("dismissal", "facts"), ("reason", "日期录错了")];
    decide(&mut supervisor, dismissed.id, &fields).await.location();
    moved(&cases, "03-04 08:30").await;
    let told = group.told();
    let about = |id: &dyn std::fmt::Display| format!("/console/violations/{id}");
    assert!(told.iter().any(|told| told.contains(&about(&standing.id))), "{told:?}");
    assert!(!told.iter().any(|told| told.contains(&about(&dismissed.id))), "{told:?}");
    assert_eq!(told.iter().filter(|told| told.contains("NDD-01")).count(), 1, "{told:?}");
    // Back on a no-disturb day: the same violation stands again, and rings.
    change(world, moved_away, "03-20").await;
    moved(&cases, "03-04 09:00").await;
    assert_eq!(group.told().iter().filter(|told| told.contains("NDD-01")).count(), 1);
}

#[tokio::test]
async fn one_that_rises_before_the_morning_rings_once_and_none_rings_at_night_after_an_outage() {
    let cases = Cases::new().await;
    let group = robot().await;
    bell(&cases.world, BellKind::WeCom, &group.url, None).await;
    moved(&cases, "03-16 06:00").await;
    let rising = cases.world.file(FIRE, "03-16 08:10").await;
    change(&cases.world, rising, "arrive").await;
    moved(&cases, "03-16 08:30").await;
    assert_eq!(group.told().iter().filter(|told| told.contains("NDD-01")).count(), 1, "at 3, not at 2 as well");
    // Due by day, but the robots are reached again at night: what may wait does.
    moved(&cases, "03-16 19:59").await;
    cases.conflict("03-20").await;
    cases.world.test.app.clock.set(at("03-16 20:00"));
    assert_eq!(ring(&cases.world).await, 0);
    cases.world.test.app.clock.set(at("03-17 08:30"));
    assert!(ring(&cases.world).await >= 1);
}

#[tokio::test]
async fn a_robot_without_its_platform_is_asked_for_that_and_not_for_a_decision() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    let sent = [("name", "工作群"), ("url", "https://example.org/robot"), ("secret", ""), ("office", "")];
    let page =
        admin.post_form("/console/bells", &sent).await.expect(422, "<p class=\"err\" id=\"kind-e\">请选择一项").text();
    assert!(!page.contains("请选择决定"));
}
