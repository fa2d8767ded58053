//! Ratings: supervisors see each, an agency sees sums of whole quarters of five or more.

use crate::console::world::{FIRE, MARKET, World, at};
use mashang::actions::{Actor, Marks, NewPin, Target, arrive, rate_visit, set_enterprise_pin};
use mashang::domain::id::FilingId;
use mashang::storage::filings::Scope;

/// A visit that took place now.
async fn visited(world: &World, agency: &str, start: &str) -> FilingId {
    let id = world.file(agency, start).await;
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    arrive(&mut tx, &app.service, app.clock.now(), target).await.expect("arrived");
    tx.commit().await.expect("a commit");
    id
}

async fn rate(world: &World, id: FilingId, [closeness, integrity, satisfaction]: [u8; 3]) {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let marks = Marks { closeness, integrity, satisfaction };
    rate_visit(&mut tx, &app.service, app.clock.now(), id, marks).await.expect("rated");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn an_agency_sees_a_quarter_once_it_is_over_and_has_five() {
    let world = World::new().await;
    let empty = {
        let mut liaison = world.signed_in("fire").await;
        liaison.get("/console/ratings").await.expect(200, "少于 5 份，不显示").bytes
    };
    let mut visits = Vec::new();
    for day in ["03-03", "03-04", "03-05", "03-06", "03-24"] {
        visits.push(visited(&world, FIRE, &format!("{day} 10:00")).await);
    }
    let other = visited(&world, MARKET, "03-25 10:00").await;
    rate(&world, other, [1, 1, 1]).await;
    for id in &visits[..4] {
        rate(&world, *id, [4, 5, 3]).await;
    }
    let mut liaison = world.signed_in("fire").await;
    // In the quarter itself nothing shows, were there a hundred.
    assert!(liaison.get("/console/ratings").await.bytes == empty, "the quarter that goes on is not shown");
    let clock = &world.test.app.clock;
    clock.set(at("03-31 23:59"));
    assert!(world.signed_in("fire").await.get("/console/ratings").await.bytes == empty);
    let mut reform = world.signed_in("reform").await;
    reform.get("/console/ratings").await.expect(200, FIRE).expect(200, MARKET).expect(200, "4.0 分");
    clock.set(at("04-01 00:00"));
    // Four are as good as none.
    let four = world.signed_in("fire").await.get("/console/ratings").await.text();
    assert!(!four.contains("4.0 分") && four.contains("少于 5 份，不显示"));
    // The fifth came in the quarter.
    clock.set(at("03-31 23:59"));
    rate(&world, visits[4], [5, 5, 5]).await;
    clock.set(at("04-01 00:00"));
    let five = world.signed_in("fire").await.get("/console/ratings").await.expect(200, "4.2 分").expect(200, "3.4 分");
    assert!(!five.text().contains(MARKET));
    world.signed_in("market").await.get("/console/ratings").await.expect(200, "少于 5 份，不显示");
}

#[tokio::test]
async fn an_enterprise_rates_from_its_desk_with_its_pin() {
    let world = World::new().await;
    let id = visited(&world, FIRE, "03-03 10:00").await;
    let later = world.file(FIRE, "03-06 10:00").await;
    let app = &world.test.app;
    let enterprise = world.test.seed.enterprises[0].0;
    let new = NewPin::make(&app.service).await.expect("a PIN");
    let mut tx = app.db.write().await.expect("a transaction");
    let pin = set_enterprise_pin(&mut tx, &app.service, app.clock.now(), &Actor::System, enterprise, new).await;
    let pin = pin.expect("a PIN");
    tx.commit().await.expect("a commit");
    let mut client = world.test.client();
    let desk = format!("/e/{}/enterprise", world.test.token(0));
    let path = format!("/e/{}/rate/{id}", world.test.token(0));
    let shown = client.get(&desk).await.expect(200, "请评价来过的检查").expect(200, &path);
    assert!(!shown.text().contains(&later.to_string()), "nobody has come yet");
    client.get(&path).await.expect(200, "3月3日");
    let marks = [("closeness", "2"), ("integrity", "5"), ("satisfaction", "3")];
    let with = |pin: &str| -> Vec<(String, String)> {
        let own = marks.iter().copied().chain([("pin", pin)]);
        own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    for (typed, words) in [("", "必须填写"), ("000000", "PIN 不对")] {
        let fields = with(if typed == pin { "111111" } else { typed });
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = client.post_form(&path, &fields).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(typed.is_empty() || answer.text().contains(words), "{}", answer.text());
    }
    let fields = with(&pin);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    client.post_form(&path, &fields).await.expect(200, "谢谢");
    assert!(client.get(&desk).await.bytes == shown.bytes, "whether it was rated shows nowhere");
    world.signed_in("discipline").await.get("/console/ratings").await.expect(200, "青禾精密机械有限公司");
    // Not for an enterprise that it was not at, nor for a visit that was none.
    for path in [format!("/e/{}/rate/{id}", world.test.token(1)), format!("/e/{}/rate/{later}", world.test.token(0))] {
        assert_eq!(client.get(&path).await.status, 303, "{path}");
    }
    // An inspector's phone does not rate.
    world.test.inspector("陈小明").await.post_form(&path, &fields).await.expect(403, "");
}
