//! More passwords and PINs at once than can be checked: who is known goes on, a stranger is told when to come again, and has tried nothing.

use super::enterprise_pins::{rate, visited};
use super::network;
use crate::console::world::{PASSWORD, World};
use crate::enterprise_world::{self, input, key};
use crate::support::{Answer, Client};
use mashang::actions::Service;
use mashang::actions::open_forms::masked;
use mashang::actions::turns::{OF_A_NETWORK, Place, Rank};

const SIGN_IN: &str = "/console/sign-in";

/// As if as many strangers waited as there is room for.
fn crowd(service: &Service) -> Vec<Place> {
    let places: Vec<Place> =
        (0..Rank::Stranger.room() / OF_A_NETWORK).flat_map(|n| crowd_of(service, &network(900 + n))).collect();
    assert_eq!(places.len(), Rank::Stranger.room());
    places
}

/// As if as many waited in one network as it is let.
fn crowd_of(service: &Service, address: &str) -> Vec<Place> {
    let (network, _) = address.rsplit_once('.').expect("an address");
    let network = masked(service, network);
    let places: Vec<Place> = std::iter::from_fn(|| service.turns.place_of_stranger(&network)).collect();
    assert_eq!(places.len(), OF_A_NETWORK);
    places
}

async fn sign_in(client: &mut Client, from: &str) -> Answer {
    client
        .post_from(
            from,
            SIGN_IN,
            &[("email", "reform@qh.gov.cn"), ("password", PASSWORD), ("next", "/console/settings")],
        )
        .await
}

#[tokio::test]
async fn a_stranger_is_told_when_to_come_again_and_has_tried_nothing_and_who_is_known_comes_in() {
    let world = World::new().await;
    let mut known = world.signed_in("reform").await;
    known.post_form("/console/sign-out", &[]).await.location();
    let mut signed_in = world.signed_in("discipline").await;
    let mut phone = world.test.inspector("陈小明").await;
    let held = crowd(&world.test.app.service);
    let mut stranger = world.test.client();
    for number in 0..30 {
        let answer =
            sign_in(&mut stranger, &network(number)).await.expect(503, "现在登录的人太多，密码还没有核对，也不算输错");
        assert_eq!((answer.header("retry-after"), answer.header("set-cookie")), ("5", ""));
        assert_eq!(
            (input(&answer, "email").as_str(), input(&answer, "next").as_str()),
            ("reform@qh.gov.cn", "/console/settings")
        );
        assert!(!answer.text().contains(PASSWORD));
    }
    stranger.language = "en";
    sign_in(&mut stranger, &network(31)).await.expect(503, "Try again in a few seconds");
    // Known by a cookie, by a session, by a phone: none of them waits behind the strangers.
    assert_eq!(sign_in(&mut known, &network(40)).await.location(), "/console/settings");
    let step = "/console/settings/second-step";
    signed_in.post_form(step, &[("act", "begin"), ("current", PASSWORD)]).await.location();
    phone.post_form("/pin", &[("pin", "135790"), ("next", "/my")]).await.location();
    drop(held);
    // Thirty and one refusals were no wrong passwords, neither of a network nor of the account.
    assert_eq!(sign_in(&mut stranger, &network(0)).await.location(), "/console/settings");
}

#[tokio::test]
async fn one_network_turns_away_its_own_and_nobody_elsewhere() {
    let world = World::new().await;
    let held = crowd_of(&world.test.app.service, &network(0));
    let mut stranger = world.test.client();
    let answer = sign_in(&mut stranger, &network(0)).await.expect(503, "现在登录的人太多，密码还没有核对，也不算输错");
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(sign_in(&mut world.test.client(), &network(1)).await.location(), "/console/settings");
    drop(held);
    assert_eq!(sign_in(&mut stranger, &network(0)).await.location(), "/console/settings");
}

#[tokio::test]
async fn a_report_is_accepted_without_the_check_and_a_rating_comes_back_with_its_marks() {
    let world = enterprise_world::World::new().await;
    let pin = world.pin().await;
    let (first, second) = (visited(&world, "03-03 10:00").await, visited(&world, "03-03 14:00").await);
    let mut desk = world.app.client();
    rate(&world, &mut desk, "198.51.100.7", &first, &pin).await.expect(200, "谢谢");
    let held = crowd(&world.app.app.service);
    let mut stranger = world.app.client();
    let answer = rate(&world, &mut stranger, &network(1), &second, &pin).await;
    let answer = answer.expect(503, "现在核对 PIN 的人太多，这一次没有核对，也不算输错");
    assert_eq!(answer.header("retry-after"), "5");
    assert!(answer.text().contains("value=\"4\" checked"), "the marks are still there:\n{}", answer.text());
    let page = world.send(&mut stranger, &key(1), &[("pin", &pin)]).await.expect(422, "现在核对 PIN 的人太多");
    assert_eq!((input(&page, "pin_tried").as_str(), input(&page, "pin").as_str()), ("1", ""));
    assert!(world.reports().await.is_empty());
    world.reported(&mut stranger, &key(1), &[("pin", &pin), ("pin_tried", "1")]).await;
    // The desk that rated before does not wait behind strangers.
    world.reported(&mut desk, &key(2), &[("pin", &pin)]).await;
    rate(&world, &mut desk, "198.51.100.7", &second, &pin).await.expect(200, "谢谢");
    drop(held);
    world.reported(&mut stranger, &key(3), &[("pin", &pin)]).await;
    let verified: Vec<bool> = world.reports().await.iter().map(|report| report.report.verified).collect();
    assert_eq!(verified, [false, true, true]);
}

#[tokio::test]
async fn who_has_no_invite_has_no_hash_made() {
    let world = World::new().await;
    let turns = &world.test.app.service.turns;
    let held: Vec<Place> = std::iter::from_fn(|| turns.place_of_known()).collect();
    let made_up = format!("/join/{}", "A".repeat(43));
    world.test.client().post_form(&made_up, &[("pin", "135790"), ("pin_again", "135790")]).await.expect(410, "");
    drop(held);
}
