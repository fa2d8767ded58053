//! One account guessed at from many networks.

use super::network;
use crate::console::world::{PASSWORD, World};
use crate::support::{Answer, Client};
use chrono::TimeDelta;
use mashang::actions::known_browsers::KEEP;
use mashang::domain::second_step::code_at;

const SIGN_IN: &str = "/console/sign-in";
const CODE: &str = "/console/sign-in/code";
const STEP: &str = "/console/settings/second-step";
const WRONG: &str = "不是这个密码";
const HOME: &str = "198.51.100.7";
const OTHER_BROWSER: &str = "没有登录过的浏览器请等 1 分钟";

async fn sign_in(client: &mut Client, from: &str, email: &str, password: &str) -> Answer {
    client.post_from(from, SIGN_IN, &[("email", email), ("password", password)]).await
}

/// Twenty wrong passwords from as many networks.
async fn guess(world: &World, email: &str) {
    for number in 0..20 {
        let answer = sign_in(&mut world.test.client(), &network(number), email, WRONG).await;
        answer.expect(422, "邮箱或密码不对");
    }
}

/// A browser in which somebody has signed in, and out again.
async fn known(world: &World, email: &str) -> Client {
    let mut client = world.test.client();
    sign_in(&mut client, HOME, email, PASSWORD).await.location();
    client.post_form("/console/sign-out", &[]).await.location();
    client
}

#[tokio::test]
async fn guesses_from_many_networks_end_and_the_owner_comes_in_where_they_signed_in_before() {
    let world = World::new().await;
    let mut owner = known(&world, "reform@qh.gov.cn").await;
    let mut another = known(&world, "discipline@qh.gov.cn").await;
    guess(&world, "reform@qh.gov.cn").await;
    // Not even a right one is looked at in a browser that nobody knows, whatever its network.
    let answer = sign_in(&mut world.test.client(), &network(99), "reform@qh.gov.cn", PASSWORD).await;
    answer.expect(429, OTHER_BROWSER).expect(429, "通行密钥").expect(429, "请管理员重设密码");
    let mut english = world.test.client();
    english.language = "en";
    let answer = sign_in(&mut english, &network(98), "reform@qh.gov.cn", PASSWORD).await;
    answer.expect(429, "A browser where you have not signed in before has to wait one minute");
    let answer = sign_in(&mut another, HOME, "reform@qh.gov.cn", PASSWORD).await;
    answer.expect(429, OTHER_BROWSER);

    sign_in(&mut owner, &network(97), "reform@qh.gov.cn", PASSWORD).await.location();
    owner.get("/console/violations").await.expect(200, "周敏");
    // That the owner came in gives the guessers no new tries.
    let answer = sign_in(&mut world.test.client(), &network(96), "reform@qh.gov.cn", WRONG).await;
    answer.expect(429, OTHER_BROWSER);
    let audit = world.signed_in("admin").await.get("/console/audit").await.expect(200, "账号在多处被试").text();
    assert_eq!(audit.matches("账号在多处被试").count(), 1, "once, not with each guess");

    // An address that nobody has waits alike.
    guess(&world, "nobody@qh.gov.cn").await;
    let answer = sign_in(&mut world.test.client(), &network(95), "nobody@qh.gov.cn", WRONG).await;
    answer.expect(429, OTHER_BROWSER);

    // Never for good; and who is right then ends it.
    world.test.app.clock.advance(TimeDelta::seconds(61));
    let mut elsewhere = world.test.client();
    sign_in(&mut elsewhere, &network(94), "reform@qh.gov.cn", PASSWORD).await.location();
    let answer = sign_in(&mut world.test.client(), &network(93), "reform@qh.gov.cn", WRONG).await;
    answer.expect(422, "邮箱或密码不对");
}

#[tokio::test]
async fn a_known_browser_has_no_more_guesses_than_another_wherever_it_is_taken() {
    let world = World::new().await;
    let mut stolen = known(&world, "reform@qh.gov.cn").await;
    for number in 0..5 {
        let answer = sign_in(&mut stolen, &network(number), "reform@qh.gov.cn", WRONG).await;
        answer.expect(422, "邮箱或密码不对");
    }
    let answer = sign_in(&mut stolen, &network(6), "reform@qh.gov.cn", PASSWORD).await;
    answer.expect(429, "连续多次不对。请等 1 分钟");
    // That holds nobody else.
    sign_in(&mut world.test.client(), HOME, "reform@qh.gov.cn", PASSWORD).await.location();
}

#[tokio::test]
async fn neighbours_who_guess_do_not_keep_a_known_browser_of_the_same_network_out() {
    let world = World::new().await;
    let mut owner = known(&world, "reform@qh.gov.cn").await;
    let mut neighbour = world.test.client();
    for _ in 0..5 {
        sign_in(&mut neighbour, HOME, "reform@qh.gov.cn", WRONG).await.expect(422, "邮箱或密码不对");
    }
    sign_in(&mut world.test.client(), HOME, "reform@qh.gov.cn", PASSWORD).await.expect(429, "请等 1 分钟");
    sign_in(&mut owner, HOME, "reform@qh.gov.cn", PASSWORD).await.location();
}

#[tokio::test]
async fn a_new_password_makes_other_browsers_unknown_and_one_that_is_given_ends_the_wait() {
    let world = World::new().await;
    let mut there = known(&world, "reform@qh.gov.cn").await;
    let mut here = world.signed_in("reform").await;
    let own = "另一个足够长的新密码";
    let sent = [("current", PASSWORD), ("password", own)];
    here.post_form("/console/settings/password", &sent).await.location();
    here.post_form("/console/sign-out", &[]).await.location();
    guess(&world, "reform@qh.gov.cn").await;
    sign_in(&mut there, HOME, "reform@qh.gov.cn", own).await.expect(429, OTHER_BROWSER);
    sign_in(&mut here, HOME, "reform@qh.gov.cn", own).await.location();

    let mut admin = world.signed_in("admin").await;
    let path = format!("/console/users/{}/password", world.users[0]);
    let shown = admin.post_form(&path, &[]).await.expect(200, "只显示这一次").text();
    let secret = shown.split("<p class=\"big\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a password");
    sign_in(&mut world.test.client(), HOME, "reform@qh.gov.cn", secret).await.location();
}

#[tokio::test]
async fn a_browser_is_known_for_half_a_year_and_what_its_cookie_held_before_is_worth_nothing() {
    let world = World::new().await;
    let mut owner = known(&world, "reform@qh.gov.cn").await;
    let mut copied = owner.clone();
    sign_in(&mut owner, HOME, "reform@qh.gov.cn", PASSWORD).await.location();
    guess(&world, "reform@qh.gov.cn").await;
    sign_in(&mut copied, HOME, "reform@qh.gov.cn", PASSWORD).await.expect(429, OTHER_BROWSER);
    sign_in(&mut owner.clone(), HOME, "reform@qh.gov.cn", PASSWORD).await.location();
    let mut late = known(&world, "discipline@qh.gov.cn").await;
    world.test.app.clock.advance(KEEP + TimeDelta::seconds(1));
    guess(&world, "discipline@qh.gov.cn").await;
    sign_in(&mut late, HOME, "discipline@qh.gov.cn", PASSWORD).await.expect(429, OTHER_BROWSER);
}

#[tokio::test]
async fn second_steps_guessed_at_from_many_networks_end_too() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let mut owner = world.signed_in("reform").await;
    owner.post_form(STEP, &[("act", "begin"), ("current", PASSWORD)]).await.location();
    let page = owner.get(STEP).await.text();
    let secret = page.split("<p class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let code = || code_at(&secret.replace(' ', ""), clock.now()).expect("a code");
    owner.post_form(STEP, &[("act", "confirm"), ("otp", &code())]).await.expect(200, "只显示这一次");
    owner.post_form("/console/sign-out", &[]).await.location();
    clock.advance(TimeDelta::minutes(2));
    // Somebody has the password.
    let waiting = async |client: &mut Client, from: &str| {
        let to = sign_in(client, from, "reform@qh.gov.cn", PASSWORD).await.location();
        assert!(to.starts_with(CODE), "{to}");
    };
    let wrong = if code() == "000000" { "111111" } else { "000000" };
    for number in 0..20 {
        let mut thief = world.test.client();
        waiting(&mut thief, &network(number)).await;
        thief.post_from(&network(number), CODE, &[("otp", wrong)]).await.expect(422, "验证码不对");
    }
    let mut thief = world.test.client();
    waiting(&mut thief, &network(30)).await;
    let answer = thief.post_from(&network(30), CODE, &[("otp", &code())]).await;
    answer.expect(429, OTHER_BROWSER);
    waiting(&mut owner, HOME).await;
    owner.post_from(HOME, CODE, &[("otp", &code())]).await.location();
    owner.get("/console/violations").await.expect(200, "周敏");
}
