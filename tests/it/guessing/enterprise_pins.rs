//! The PIN of one enterprise guessed at from many networks.

use super::network;
use crate::enterprise_world::{World, at, input, key};
use crate::support::{Answer, Client};
use chrono::TimeDelta;
use mashang::actions::{Actor, Target, arrive};
use mashang::storage::filings::Scope;

const DESK: &str = "198.51.100.7";

/// Rates a visit that took place, from an address.
pub async fn rate(world: &World, client: &mut Client, from: &str, visit: &str, pin: &str) -> Answer {
    let fields = [("closeness", "4"), ("integrity", "5"), ("satisfaction", "3"), ("pin", pin)];
    client.post_from(from, &world.path(&format!("/rate/{visit}")), &fields).await
}

/// A visit that was there.
pub async fn visited(world: &World, start: &str) -> String {
    let id = world.file(world.fire, at(start), None).await.filing.id;
    let app = &world.app.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    arrive(&mut tx, &app.service, app.clock.now(), target).await.expect("arrived");
    tx.commit().await.expect("a commit");
    id.to_string()
}

async fn guess(world: &World, visit: &str, pin: &str) {
    for number in 0..20 {
        let guess = format!("{number:06}");
        let guess = if guess == pin { "999999" } else { guess.as_str() };
        rate(world, &mut world.app.client(), &network(number), visit, guess).await.expect(422, "PIN 不对");
    }
}

#[tokio::test]
async fn guesses_from_many_networks_end_and_the_desk_that_rated_before_still_rates_and_reports() {
    let world = World::new().await;
    let pin = world.pin().await;
    let (first, second) = (visited(&world, "03-03 10:00").await, visited(&world, "03-03 14:00").await);
    let mut desk = world.app.client();
    desk.get(&world.path(&format!("/rate/{first}"))).await.expect(200, "这台设备会被记住 180 天");
    rate(&world, &mut desk, DESK, &first, &pin).await.expect(200, "谢谢");
    guess(&world, &second, &pin).await;

    let mut stranger = world.app.client();
    let answer = rate(&world, &mut stranger, &network(99), &second, &pin).await;
    answer.expect(422, "请等 1 分钟再试。在以前用 PIN 评价过的设备上不受别人影响");
    rate(&world, &mut desk, DESK, &second, &pin).await.expect(200, "谢谢");

    // A report is never refused for it: it says so once, and is accepted unverified; at the desk it is verified.
    let page = world.send(&mut stranger, &key(1), &[("pin", &pin)]).await.expect(422, "现在暂时不能核对");
    assert_eq!((input(&page, "pin_tried").as_str(), input(&page, "pin").as_str()), ("1", ""));
    assert!(world.reports().await.is_empty());
    world.reported(&mut stranger, &key(1), &[("pin", &pin), ("pin_tried", "1")]).await;
    world.reported(&mut desk, &key(2), &[("pin", &pin)]).await;
    let verified: Vec<bool> = world.reports().await.iter().map(|report| report.report.verified).collect();
    assert_eq!(verified, [false, true]);

    // Never for good.
    world.app.app.clock.advance(TimeDelta::seconds(61));
    world.reported(&mut stranger, &key(3), &[("pin", &pin)]).await;
    assert!(world.reports().await[2].report.verified);
}

#[tokio::test]
async fn a_report_with_the_pin_makes_no_device_known() {
    let world = World::new().await;
    let pin = world.pin().await;
    let mut reporter = world.app.client();
    let sent = world.send(&mut reporter, &key(1), &[("pin", &pin)]).await;
    assert_eq!((sent.status.as_u16(), sent.header("set-cookie")), (303, ""), "nothing is left on the phone");
    let shown = reporter.get(&sent.location()).await.expect(200, "核对上了");
    assert_eq!(shown.header("set-cookie"), "");
    // Nor does it change what a desk's device has.
    let visit = visited(&world, "03-03 10:00").await;
    rate(&world, &mut reporter, DESK, &visit, &pin).await.expect(200, "谢谢");
    let sent = world.send(&mut reporter, &key(2), &[("pin", &pin)]).await;
    assert_eq!((sent.status.as_u16(), sent.header("set-cookie")), (303, ""));
}

#[tokio::test]
async fn a_new_pin_ends_the_wait_and_makes_devices_unknown() {
    let world = World::new().await;
    let pin = world.pin().await;
    let (first, second) = (visited(&world, "03-03 10:00").await, visited(&world, "03-03 14:00").await);
    let mut desk = world.app.client();
    rate(&world, &mut desk, DESK, &first, &pin).await.expect(200, "谢谢");
    guess(&world, &second, &pin).await;
    let pin = world.pin().await;
    guess(&world, &second, &pin).await;
    rate(&world, &mut desk, DESK, &second, &pin).await.expect(422, "暂时不能核对");
    let pin = world.pin().await;
    rate(&world, &mut world.app.client(), &network(99), &second, &pin).await.expect(200, "谢谢");
}
