//! Open forms in great numbers: free, then a wait, then a piece of work, then held for a look; accepted and receipted at every step.

mod review;

use crate::enterprise_world::{World, key};
use crate::support::{Answer, Client, TestApp};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use chrono::{DurationRound, TimeDelta};
use mashang::actions::open_forms::masked;
use mashang::actions::{Service, Settings};
use mashang::app::App;
use mashang::ids::Ids;
use mashang::storage::{open_form_counts, quarantine};
use mashang::web::ClientAddr;
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// Somebody's address, and another one in the same network, and one elsewhere.
const HERE: &str = "198.51.100.7";
const NEXT_DOOR: &str = "198.51.100.200";
const ELSEWHERE: &str = "203.0.113.9";

/// Sends a form from an address.
async fn post<N: AsRef<str>, V: AsRef<str>>(client: &mut Client, from: &str, to: &str, fields: &[(N, V)]) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())));
    let mut request = client
        .request(Method::POST, to)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.finish()))
        .expect("a request");
    request.extensions_mut().insert(ClientAddr(Some(from.parse::<IpAddr>().expect("an address"))));
    client.send(request).await
}

/// Sends a whole report from an address.
async fn report(world: &World, from: &str, submission: &str, changes: &[(&str, &str)]) -> Answer {
    let fields = world.answers(submission, changes);
    post(&mut world.app.client(), from, &world.path("/report"), &fields).await
}

/// As if so many forms had been accepted from the network of an address just now.
async fn crowd(app: &TestApp, form: &str, from: &str, forms: usize) {
    let network = ClientAddr(Some(from.parse().expect("an address"))).network();
    counted(app, &format!("{form}-network"), &masked(&app.app.service, &network), forms).await;
}

async fn counted(app: &TestApp, scope: &str, subject: &str, forms: usize) {
    let minute = app.app.clock.now().duration_trunc(TimeDelta::minutes(1)).expect("a minute");
    let mut tx = app.app.db.write().await.expect("a transaction");
    for _ in 0..forms {
        open_form_counts::add(&mut tx, scope, subject, minute).await.expect("counted");
    }
    tx.commit().await.expect("a commit");
}

/// The value of an attribute of a page.
fn attribute(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rest = text.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in\n{text}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Does what the worker of the page does.
fn solve(seed: &str, bits: usize) -> String {
    let begins =
        |hash: &[u8]| hash.iter().flat_map(|b| (0..8).rev().map(move |bit| b >> bit & 1)).take(bits).all(|b| b == 0);
    let mut tried = (0..100_000_000_u32).map(|number| number.to_string());
    tried.find(|number| begins(&Sha256::digest(format!("{seed}:{number}")))).expect("an answer")
}

/// The page's fields with an answer to its work.
fn worked(page: &Answer) -> Vec<(String, String)> {
    let answer = solve(&attribute(page, "data-seed"), attribute(page, "data-bits").parse().expect("a number"));
    with(page, "work", &answer)
}

/// The page's hidden fields, one of them changed.
fn with(page: &Answer, name: &str, value: &str) -> Vec<(String, String)> {
    let mut fields = page.hidden_inputs();
    fields.retain(|(field, _)| field != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}

/// How many reports and filings wait.
async fn waiting(app: &App) -> i64 {
    let mut tx = app.db.read().await.expect("a connection");
    quarantine::count(&mut tx, mashang::domain::open_form::HeldState::Waits).await.expect("a count")
}

#[tokio::test]
async fn thirty_reports_of_a_network_are_free_and_the_next_waits_with_all_that_was_typed() {
    let world = World::new().await;
    for number in 0..30 {
        report(&world, HERE, &key(number), &[]).await.location();
    }
    let words = [("words", "第三十一次\n“引号”与<尖括号>"), ("prohibited", "2"), ("contact", "138")];
    let page = report(&world, NEXT_DOOR, &key(31), &words).await.expect(200, "刚才从您所在的网络提交得比较多");
    assert!(page.text().contains("<b data-left>10</b>"), "{}", page.text());
    assert_eq!(world.reports().await.len(), 30, "nothing is stored yet");
    report(&world, ELSEWHERE, &key(32), &[]).await.location();

    let (to, mut client) = (world.path("/report"), world.app.client());
    world.app.app.clock.advance(TimeDelta::seconds(6));
    let early = post(&mut client, NEXT_DOOR, &to, &page.hidden_inputs()).await.expect(200, "<b data-left>4</b>");
    assert_eq!(world.reports().await.len(), 31);
    world.app.app.clock.advance(TimeDelta::seconds(4));
    let receipt = post(&mut client, NEXT_DOOR, &to, &early.hidden_inputs()).await.location();
    client.get(&receipt).await.expect(200, "已经收下");
    let stored = world.reports().await;
    let last = stored.iter().find(|record| record.words.starts_with("第三十一次")).expect("the report");
    assert!(last.words.contains("“引号”与<尖括号>") && last.report.prohibited == [2], "nothing that was typed is lost");
    assert_eq!(stored.len(), 32);
    // Sent again it is the same one: it neither waits nor counts.
    assert_eq!(post(&mut client, NEXT_DOOR, &to, &early.hidden_inputs()).await.location(), receipt);
    assert_eq!(report(&world, HERE, &key(0), &[("at", "2026-03-03T02:00:00+00:00")]).await.status, 303);
    assert_eq!(world.reports().await.len(), 32);
    // After eleven minutes the network is free.
    world.app.app.clock.advance(TimeDelta::minutes(11));
    report(&world, HERE, &key(33), &[]).await.location();
    assert_eq!(waiting(&world.app.app).await, 0);
}

#[tokio::test]
async fn a_network_is_24_bits_of_ipv4_and_48_of_ipv6() {
    let world = World::new().await;
    crowd(&world.app, "report", "2001:db8:1::1", 30).await;
    let page = report(&world, "2001:db8:1:ffff::9", &key(1), &[]).await;
    page.expect(200, "刚才从您所在的网络提交得比较多");
    report(&world, "2001:db8:2::1", &key(2), &[]).await.location();
    crowd(&world.app, "report", HERE, 30).await;
    report(&world, "::ffff:198.51.100.1", &key(3), &[]).await.expect(200, "刚才从您所在的网络提交得比较多");
    report(&world, "198.51.101.7", &key(4), &[]).await.location();
}

#[tokio::test]
async fn from_the_61st_on_a_browser_works_and_only_its_own_answer_in_time_counts() {
    let world = World::new().await;
    let (to, mut client) = (world.path("/report"), world.app.client());
    crowd(&world.app, "report", HERE, 60).await;
    let page = report(&world, HERE, &key(1), &[]).await.expect(200, "正在自动核对");
    assert_eq!(attribute(&page, "data-bits"), "16");
    let script = client.get(&attribute(&page, "data-worker")).await;
    assert_eq!((script.status.as_u16(), script.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("worker-src 'self'"));

    // Forged: fewer bits, a later end, another signature; each gets a new piece of work.
    let pass = page.hidden_inputs().into_iter().find(|(name, _)| name == "pass").expect("a pass").1;
    let flipped = if pass.ends_with('0') { "1" } else { "0" };
    let forged = [
        pass.replacen("work.16.", "work.1.", 1),
        pass.replacen("work.16.17", "work.16.18", 1),
        format!("{}{flipped}", &pass[..pass.len() - 1]),
        "work.0.9999999999.".to_owned(),
        "x".to_owned(),
    ];
    for forged in forged {
        assert_ne!(forged, pass);
        post(&mut client, HERE, &to, &with(&page, "pass", &forged)).await.expect(200, "正在自动核对");
    }
    assert_eq!(waiting(&world.app.app).await, 0);

    let solved = worked(&page);
    post(&mut client, HERE, &to, &solved).await.location();
    assert_eq!(world.reports().await.len(), 1, "it is a report like any other");
    // The same answer serves no other submission.
    let mut other = solved.clone();
    other.retain(|(name, _)| name != "submission");
    other.push(("submission".to_owned(), key(2)));
    post(&mut client, HERE, &to, &other).await.expect(200, "正在自动核对");
    assert_eq!(world.reports().await.len(), 1);

    // Too late it gets a new one, not a refusal.
    let page = report(&world, HERE, &key(3), &[]).await.expect(200, "正在自动核对");
    let solved = worked(&page);
    world.app.app.clock.advance(TimeDelta::minutes(31));
    crowd(&world.app, "report", HERE, 60).await;
    let again = post(&mut client, HERE, &to, &solved).await.expect(200, "正在自动核对");
    post(&mut client, HERE, &to, &worked(&again)).await.location();
    assert_eq!((world.reports().await.len(), waiting(&world.app.app).await), (2, 0));
}

#[tokio::test]
async fn without_script_it_is_accepted_receipted_and_held() {
    let world = World::new().await;
    let (to, mut client) = (world.path("/report"), world.app.client());
    crowd(&world.app, "report", HERE, 60).await;
    let page = report(&world, HERE, &key(1), &[("words", "无脚本")]).await.expect(200, "按钮直接提交：同样会收下");
    let receipt = post(&mut client, HERE, &to, &page.hidden_inputs()).await.location();
    let digits = crate::enterprise_world::digits(&client.get(&receipt).await.expect(200, "已经收下").text());
    assert_eq!((world.reports().await.len(), waiting(&world.app.app).await), (0, 1), "no rule looks at it");
    // A wrong answer is as good as none.
    let page = report(&world, HERE, &key(2), &[]).await;
    post(&mut client, HERE, &to, &with(&page, "work", "not a number")).await.location();
    assert_eq!(waiting(&world.app.app).await, 2);

    // Its receipt opens it, takes additions, and says what is true: nothing was compared.
    client.post_form("/r", &[("receipt", &digits)]).await.expect(200, "还在由督查人员核对");
    world.app.app.clock.advance(TimeDelta::days(9));
    let found = client.post_form("/r", &[("receipt", &digits)]).await.expect(200, "还在由督查人员核对");
    let fields = with(&found, "added", "补充一句");
    let fields: Vec<_> =
        fields.into_iter().filter(|(name, _)| ["receipt", "submission", "added"].contains(&&**name)).collect();
    post(&mut client, HERE, "/r/add", &fields).await.expect(200, "补充一句");
    client.post_form("/r/withdraw", &[("receipt", &digits), ("sure", "yes")]).await.expect(200, "");
}

#[tokio::test]
async fn a_report_with_the_right_pin_is_held_up_by_nobody() {
    let world = World::new().await;
    let pin = world.pin().await;
    crowd(&world.app, "report", HERE, 500).await;
    counted(&world.app, "report-code", &world.enterprise.to_string(), 500).await;
    report(&world, HERE, &key(1), &[("pin", &pin)]).await.location();
    assert_eq!((world.reports().await.len(), waiting(&world.app.app).await), (1, 0));
    report(&world, HERE, &key(2), &[]).await.location();
    assert_eq!((world.reports().await.len(), waiting(&world.app.app).await), (1, 1));
}

#[tokio::test]
async fn one_enterprise_cannot_be_flooded_from_many_networks_and_nobody_sees_the_limit() {
    let world = World::new().await;
    let code = world.enterprise.to_string();
    counted(&world.app, "report-code", &code, 59).await;
    report(&world, HERE, &key(1), &[]).await.location();
    assert_eq!(waiting(&world.app.app).await, 0);
    counted(&world.app, "report-code", &code, 60).await;
    let to = report(&world, ELSEWHERE, &key(2), &[]).await.location();
    world.app.client().get(&to).await.expect(200, "已经收下");
    assert_eq!((world.reports().await.len(), waiting(&world.app.app).await), (1, 1));
}

#[tokio::test]
async fn two_servers_count_together_and_honour_each_other_s_passes() {
    let world = World::new().await;
    let app = &world.app.app;
    let settings = Settings { ..(*app.service.settings).clone() };
    let second = App { service: Service::new(Ids::seeded(2), settings), ..app.clone() };
    let (mut one, mut two) = (world.app.client(), Client::new(mashang::web::router(second)));
    let to = world.path("/report");
    for number in 0..30 {
        let client = if number % 2 == 0 { &mut one } else { &mut two };
        post(client, HERE, &to, &world.answers(&key(number), &[])).await.location();
    }
    let page = post(&mut one, HERE, &to, &world.answers(&key(40), &[])).await.expect(200, "还要等");
    let other = post(&mut two, HERE, &to, &world.answers(&key(41), &[])).await.expect(200, "还要等");
    app.clock.advance(TimeDelta::seconds(10));
    post(&mut two, HERE, &to, &page.hidden_inputs()).await.location();
    post(&mut one, HERE, &to, &other.hidden_inputs()).await.location();
    assert_eq!(world.reports().await.len(), 32);
}

#[tokio::test]
async fn no_address_is_stored_and_counts_are_let_go() {
    let world = World::new().await;
    report(&world, HERE, &key(1), &[]).await.location();
    let app = &world.app.app;
    let from = app.clock.now() - TimeDelta::days(1);
    let mut tx = app.db.write().await.expect("a transaction");
    let masked = masked(&app.service, "198.51.100");
    assert_eq!(open_form_counts::sum(&mut tx, "report-network", "198.51.100", from).await.expect("a sum"), 0);
    assert_eq!(open_form_counts::sum(&mut tx, "report-network", &masked, from).await.expect("a sum"), 1);
    let gone = open_form_counts::drop_old(&mut tx, app.clock.now() + TimeDelta::hours(1)).await.expect("dropped");
    assert_eq!(gone, 2, "one of the network, one of the enterprise");
}
