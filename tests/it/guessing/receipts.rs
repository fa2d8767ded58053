//! Receipt numbers guessed at in a network where others look up their own reports.

use crate::enterprise_world::{World, input, key};
use crate::support::{Answer, Client};
use chrono::{DurationRound as _, TimeDelta};
use mashang::actions::open_forms::masked;
use mashang::domain::sign_code::ReceiptNumber;
use mashang::storage::open_form_counts;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

const HERE: &str = "198.51.100.7";
const NEXT_DOOR: &str = "198.51.100.200";
const ELSEWHERE: &str = "203.0.113.9";

/// On the page of a report alone.
const FOUND: &str = "class=\"timeline\"";

/// A number that is well formed and nobody's.
fn nobodys(number: u8) -> String {
    ReceiptNumber::from_random([number; 16]).as_str().to_owned()
}

async fn look(client: &mut Client, from: &str, receipt: &str) -> Answer {
    client.post_from(from, "/r", &[("receipt", receipt)]).await
}

/// As if so many wrong numbers had come from the network of [`HERE`] just now.
async fn wrong(world: &World, numbers: usize) {
    let app = &world.app.app;
    let minute = app.clock.now().duration_trunc(TimeDelta::minutes(1)).expect("a minute");
    let mut tx = app.db.write().await.expect("a transaction");
    for _ in 0..numbers {
        let network = masked(&app.service, "198.51.100");
        open_form_counts::add(&mut tx, "look-up-network", &network, minute).await.expect("counted");
    }
    tx.commit().await.expect("a commit");
}

/// The page's fields, one of them changed.
fn with(page: &Answer, name: &str, value: &str) -> Vec<(String, String)> {
    let mut fields = page.hidden_inputs();
    fields.retain(|(field, _)| field != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}

/// The page's fields with an answer to its work.
fn worked(page: &Answer) -> Vec<(String, String)> {
    let text = page.text();
    let attribute = |name: &str| {
        let rest = text.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in\n{text}"));
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let (seed, bits) = (attribute("data-seed"), attribute("data-bits").parse().expect("a number"));
    let begins =
        |hash: &[u8]| hash.iter().flat_map(|b| (0..8).rev().map(move |bit| b >> bit & 1)).take(bits).all(|b| b == 0);
    let mut tried = (0..100_000_000_u32).map(|number| number.to_string());
    let found = tried.find(|number| begins(&Sha256::digest(format!("{seed}:{number}")))).expect("an answer");
    with(page, "work", &found)
}

#[tokio::test]
async fn wrong_numbers_of_a_network_make_its_next_wait_and_the_neighbour_still_comes_to_the_own_report() {
    let world = World::new().await;
    let (mut guesser, mut neighbour) = (world.app.client(), world.app.client());
    let receipt = world.reported(&mut neighbour, &key(1), &[]).await;
    for _ in 0..40 {
        look(&mut neighbour, NEXT_DOOR, &receipt).await.expect(200, FOUND);
    }
    for number in 0..30 {
        look(&mut guesser, HERE, &nobodys(number)).await.expect(422, "没有这个回执号");
    }
    let page = look(&mut guesser, HERE, &nobodys(31)).await.expect(200, "<b data-left>10</b>");
    assert!(!page.text().contains("没有这个回执号"), "it was not looked at");
    let page = look(&mut neighbour, NEXT_DOOR, &receipt).await.expect(200, "您的上报不受影响");
    look(&mut world.app.client(), ELSEWHERE, &receipt).await.expect(200, FOUND);
    let early = neighbour.post_from(NEXT_DOOR, "/r", &page.hidden_inputs()).await.expect(200, "<b data-left>10</b>");
    world.app.app.clock.advance(TimeDelta::seconds(10));
    // What was waited for one number serves no other.
    let other = with(&early, "receipt", &nobodys(32));
    guesser.post_from(HERE, "/r", &other).await.expect(200, "<b data-left>10</b>");
    neighbour.post_from(NEXT_DOOR, "/r", &early.hidden_inputs()).await.expect(200, FOUND);
    world.app.app.clock.advance(TimeDelta::minutes(11));
    look(&mut guesser, HERE, &nobodys(33)).await.expect(422, "没有这个回执号");
}

#[tokio::test]
async fn a_hundred_sent_at_once_get_no_further_than_one_by_one() {
    let world = World::new().await;
    let mut sent = JoinSet::new();
    for number in 0..100 {
        let mut client = world.app.client();
        sent.spawn(async move { look(&mut client, HERE, &nobodys(number)).await });
    }
    let answers = sent.join_all().await;
    let looked_at = answers.iter().filter(|answer| answer.status.as_u16() == 422).count();
    let asked = answers.iter().filter(|answer| answer.text().contains("回执号有很多对不上")).count();
    assert_eq!((looked_at, asked), (30, 70));
}

#[tokio::test]
async fn after_many_more_a_browser_works_for_each_number_and_no_number_is_ever_refused() {
    let world = World::new().await;
    let mut client = world.app.client();
    let receipt = world.reported(&mut client, &key(1), &[]).await;
    wrong(&world, 60).await;
    let page = look(&mut client, HERE, &receipt).await.expect(200, "正在自动核对").expect(200, "data-bits=\"16\"");
    assert!(!page.text().contains("直接提交"), "there is nothing that could be held");
    let unsolved = client.post_from(HERE, "/r", &page.hidden_inputs()).await;
    unsolved.expect(200, "正在自动核对");
    let answer = worked(&page);
    client.post_from(HERE, "/r", &answer).await.expect(200, FOUND);
    // The work for one number is none for another.
    let mut other = answer.clone();
    for (name, value) in &mut other {
        if name == "receipt" {
            *value = nobodys(9);
        }
    }
    client.post_from(HERE, "/r", &other).await.expect(200, "正在自动核对");
    wrong(&world, 1000).await;
    look(&mut client, HERE, &receipt).await.expect(200, "data-bits=\"21\"");
    client.language = "en";
    look(&mut client, HERE, &receipt).await.expect(200, "it takes a little longer");
}

#[tokio::test]
async fn who_has_the_report_open_adds_and_withdraws_whatever_others_type_meanwhile() {
    let world = World::new().await;
    let mut client = world.app.client();
    let receipt = world.reported(&mut client, &key(1), &[]).await;
    let page = look(&mut client, HERE, &receipt).await.expect(200, FOUND);
    wrong(&world, 500).await;
    look(&mut client, HERE, &receipt).await.expect(200, "正在自动核对");
    let (pass, submission) = (input(&page, "pass"), input(&page, "submission"));
    let fields = [
        ("receipt", receipt.as_str()),
        ("pass", pass.as_str()),
        ("submission", submission.as_str()),
        ("added", "他们还带走了账本"),
    ];
    client.post_from(NEXT_DOOR, "/r/add", &fields).await.expect(200, "补充的内容已经收下");
    let own = [("receipt", receipt.as_str()), ("pass", pass.as_str())];
    let sure = client.post_from(HERE, "/r/withdraw", &own).await.expect(200, "确定撤回吗");
    client.post_from(HERE, "/r/withdraw", &sure.hidden_inputs()[..3]).await.expect(200, "已经撤回");
    // It is for this number alone.
    let other = nobodys(5);
    let foreign = [("receipt", other.as_str()), ("pass", pass.as_str())];
    client.post_from(HERE, "/r", &foreign).await.expect(200, "正在自动核对");
    // Words that were typed without it are kept while the browser works.
    let without = [("receipt", receipt.as_str()), ("added", "一句\n两句")];
    let asked = client.post_from(HERE, "/r/add", &without).await.expect(200, "action=\"/r/add\"");
    assert!(asked.hidden_inputs().contains(&("added".to_owned(), "一句\n两句".to_owned())));
}
