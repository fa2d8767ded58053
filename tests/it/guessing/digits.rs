//! The four digits that a visitor tells at the door, guessed at from many networks.

use super::enterprise_pins::{rate, visited};
use super::network;
use crate::enterprise_world::{World, at};
use crate::support::{Answer, Client};
use chrono::TimeDelta;

const DESK: &str = "198.51.100.7";

async fn type_in(world: &World, client: &mut Client, from: &str, digits: &str) -> Answer {
    client.post_from(from, &world.path("/confirm"), &[("digits", digits)]).await
}

/// Twenty wrong ones from as many networks.
async fn guess(world: &World, right: &str) {
    let wrong = if right == "0000" { "1111" } else { "0000" };
    for number in 0..20 {
        type_in(world, &mut world.app.client(), &network(number), wrong).await.expect(422, "没有这四位数字");
    }
}

#[tokio::test]
async fn guesses_from_many_networks_end_and_the_desk_that_rated_before_and_the_code_still_open_the_visit() {
    let world = World::new().await;
    let pin = world.pin().await;
    let mut desk = world.app.client();
    let before = visited(&world, "03-03 10:00").await;
    rate(&world, &mut desk, DESK, &before, &pin).await.expect(200, "谢谢");
    let filing = world.file(world.market, at("03-03 14:00"), None).await;
    let (digits, code) = (filing.arrival_pin.as_str(), filing.inspection_code.as_str());
    guess(&world, digits).await;
    let mut stranger = world.app.client();
    let answer = type_in(&world, &mut stranger, &network(99), digits).await;
    answer.expect(422, "近来有人在多处试本企业来人的四位数字").expect(422, "等 1 分钟再试");
    stranger.language = "en";
    let answer = type_in(&world, &mut stranger, &network(99), digits).await;
    answer.expect(422, "Scan the code on the officers&#39; phone, or wait one minute");
    // The code on the visitor's phone is the other way, for everybody.
    stranger.get(&format!("/i/{code}")).await.expect(200, "This");
    let to = type_in(&world, &mut desk, DESK, digits).await.location();
    assert_eq!(to, format!("/i/{code}"));
    // That the desk was right gives the guessers no new tries, and another enterprise is not held up.
    type_in(&world, &mut world.app.client(), &network(98), digits).await.expect(422, "等 1 分钟再试");

    // Never for good, and the wait grows.
    world.app.app.clock.advance(TimeDelta::seconds(61));
    let wrong = if digits == "0000" { "1111" } else { "0000" };
    type_in(&world, &mut world.app.client(), &network(97), wrong).await.expect(422, "没有这四位数字");
    type_in(&world, &mut world.app.client(), &network(96), digits).await.expect(422, "等 2 分钟再试");
    world.app.app.clock.advance(TimeDelta::seconds(121));
    let to = type_in(&world, &mut world.app.client(), &network(95), digits).await.location();
    assert_eq!(to, format!("/i/{code}"));
    type_in(&world, &mut world.app.client(), &network(94), wrong).await.expect(422, "没有这四位数字");
}

#[tokio::test]
async fn a_known_desk_has_no_more_guesses_than_another() {
    let world = World::new().await;
    let pin = world.pin().await;
    let mut desk = world.app.client();
    let before = visited(&world, "03-03 10:00").await;
    rate(&world, &mut desk, DESK, &before, &pin).await.expect(200, "谢谢");
    let filing = world.file(world.market, at("03-03 14:00"), None).await;
    let wrong = if filing.arrival_pin == "0000" { "1111" } else { "0000" };
    for number in 0..5 {
        type_in(&world, &mut desk, &network(number), wrong).await.expect(422, "没有这四位数字");
    }
    type_in(&world, &mut desk, DESK, &filing.arrival_pin).await.expect(422, "试的次数太多").expect(422, "等 1 分钟");
    // That holds nobody else.
    let to = type_in(&world, &mut world.app.client(), &network(9), &filing.arrival_pin).await.location();
    assert_eq!(to, format!("/i/{}", filing.inspection_code));
}
