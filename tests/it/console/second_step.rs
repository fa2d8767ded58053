//! The second step of signing in: set up with an app, asked for, used once, replaced by a recovery code, reset by an administrator.

use super::world::{PASSWORD, World};
use crate::support::{Answer, Client};
use chrono::TimeDelta;
use mashang::actions::second_step::Typed;
use mashang::actions::sign_in::{self, Begun};
use mashang::domain::second_step::code_at;
use mashang::storage::second_steps;
use sha2::{Digest as _, Sha256};

const STEP: &str = "/console/settings/second-step";
const CODE: &str = "/console/sign-in/code";

/// The secret that the page shows for typing.
fn secret(page: &Answer) -> String {
    let text = page.text();
    let typed = text.split("<p class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    typed.replace(' ', "")
}

fn codes(page: &Answer) -> Vec<String> {
    let text = page.text();
    text.split("<li>")
        .skip(1)
        .filter_map(|rest| rest.split("</li>").next())
        .filter(|code| code.len() == 14)
        .map(str::to_owned)
        .collect()
}

/// Turns it on for who is signed in; returns the secret and the recovery codes.
async fn turn_on(world: &World, client: &mut Client) -> (String, Vec<String>) {
    client.post_form(STEP, &[("act", "begin"), ("current", PASSWORD)]).await.location();
    let secret = secret(&client.get(STEP).await.expect(200, "用验证码应用扫码"));
    let code = code_at(&secret, world.test.app.clock.now()).expect("a code");
    let page = client.post_form(STEP, &[("act", "confirm"), ("otp", &code)]).await.expect(200, "只显示这一次");
    (secret, codes(&page))
}

async fn password(world: &World, who: &str) -> Client {
    let mut client = world.test.client();
    let fields = [("email", who), ("password", PASSWORD), ("next", "/console/violations?tab=confirmed")];
    let to = client.post_form("/console/sign-in", &fields).await.location();
    assert_eq!(to, "/console/sign-in/code?next=%2Fconsole%2Fviolations%3Ftab%3Dconfirmed");
    client
}

#[tokio::test]
async fn who_has_a_second_step_gets_nowhere_with_the_password_alone() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let mut other = world.signed_in("reform").await;
    let mut client = world.signed_in("reform").await;
    let (secret, codes) = turn_on(&world, &mut client).await;
    assert_eq!(codes.len(), 10);
    client.get("/console/violations").await.expect(200, "周敏");
    assert!(other.get("/console/violations").await.location().starts_with("/console/sign-in"), "others end");

    clock.advance(TimeDelta::minutes(2));
    let mut client = password(&world, "reform@qh.gov.cn").await;
    assert!(client.get("/console/violations").await.location().starts_with("/console/sign-in"));
    client.get(CODE).await.expect(200, "6 位验证码");
    client.post_form(CODE, &[("otp", "")]).await.expect(422, "请输入验证码");
    let code = code_at(&secret, clock.now()).expect("a code");
    let fields = [("otp", code.as_str()), ("next", "/console/violations?tab=confirmed")];
    assert_eq!(client.post_form(CODE, &fields).await.location(), "/console/violations?tab=confirmed");
    client.get("/console/violations").await.expect(200, "周敏");

    // Who saw the code typed cannot use it again.
    let mut thief = password(&world, "reform@qh.gov.cn").await;
    thief.post_form(CODE, &[("otp", &code)]).await.expect(422, "已经用过");
}

#[tokio::test]
async fn it_begins_only_with_the_password() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    client.post_form(STEP, &[("act", "begin")]).await.expect(422, "请填写现在的密码");
    let page =
        client.post_form(STEP, &[("act", "begin"), ("current", "不是这个密码")]).await.expect(422, "现在的密码不对");
    assert!(!page.text().contains("用验证码应用扫码"));
    turn_on(&world, &mut client).await;
}

#[tokio::test]
async fn codes_cannot_be_guessed_and_a_waiting_session_ends_by_itself() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let mut client = world.signed_in("reform").await;
    let (secret, _) = turn_on(&world, &mut client).await;
    clock.advance(TimeDelta::minutes(2));
    let mut guesser = password(&world, "reform@qh.gov.cn").await;
    let right = code_at(&secret, clock.now()).expect("a code");
    let wrong = if right == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        guesser.post_form(CODE, &[("otp", wrong)]).await.expect(422, "验证码不对");
    }
    guesser.post_form(CODE, &[("otp", &right)]).await.expect(429, "请等 1 分钟");
    clock.advance(TimeDelta::minutes(10));
    assert!(guesser.get(CODE).await.location().starts_with("/console/sign-in"));
}

#[tokio::test]
async fn a_recovery_code_signs_in_once() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    let (_, codes) = turn_on(&world, &mut client).await;
    let typed = codes[3].to_uppercase().replace('-', " ");
    let mut lost = password(&world, "reform@qh.gov.cn").await;
    lost.post_form(CODE, &[("otp", ""), ("recovery", &typed)]).await.location();
    lost.get(STEP).await.expect(200, "还有 9 个恢复码");
    let mut again = password(&world, "reform@qh.gov.cn").await;
    again.post_form(CODE, &[("otp", ""), ("recovery", &typed)]).await.expect(422, "恢复码不对");
}

#[tokio::test]
async fn a_sign_in_that_waits_for_the_second_step_goes_no_further_once_the_password_is_changed() {
    let world = World::new().await;
    let (app, clock) = (&world.test.app, &world.test.app.clock);
    let mut owner = world.signed_in("reform").await;
    let (secret, _) = turn_on(&world, &mut owner).await;
    clock.advance(TimeDelta::minutes(2));
    let now = clock.now();
    let mut tx = app.db.write().await.expect("a transaction");
    let begun = sign_in::begin(&mut tx, &app.service, now, "reform@qh.gov.cn", "192.0.2.1", None).await;
    let Begun::Taken(mut attempt) = begun.expect("begun") else { panic!("an attempt") };
    tx.commit().await.expect("a commit");
    assert!(sign_in::check(&mut attempt, PASSWORD).await.expect("checked"));
    let mut tx = app.db.write().await.expect("a transaction");
    let signed = sign_in::finish(&mut tx, &app.service, now, &attempt, None).await.expect("finished").expect("right");
    let origin = sign_in::try_step(&mut tx, &app.service, now, &signed.user, ("192.0.2.1", None), "otp").await;
    let origin = origin.expect("tried").expect("taken");
    tx.commit().await.expect("a commit");
    assert!(signed.waits);
    // Its page has looked at the waiting session; now the owner changes the password.
    let sent = [("current", PASSWORD), ("password", "另一个足够长的新密码")];
    owner.post_form("/console/settings/password", &sent).await.location();
    let code = code_at(&secret, clock.now()).expect("a code");
    let waiting = Sha256::digest(signed.secret).to_vec();
    let mut tx = app.db.write().await.expect("a transaction");
    let (whose, typed) = ((&signed.user, &origin), Typed::Code(&code));
    let passed = sign_in::pass(&mut tx, &app.service, now, whose, typed, &waiting).await.expect("looked at");
    assert!(passed.is_none());
}

#[tokio::test]
async fn a_recovery_code_is_kept_as_a_slow_hash_and_one_of_before_holds_until_renewed() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    let (_, codes) = turn_on(&world, &mut client).await;
    let quick = |code: &str| Sha256::digest(code.replace('-', "")).to_vec();
    let (db, now) = (&world.test.app.db, world.test.app.clock.now());
    let mut tx = db.write().await.expect("a transaction");
    let found = second_steps::use_code(&mut tx, world.users[0], &quick(&codes[0]), now).await.expect("asked");
    assert!(!found, "no quick hash is kept");
    second_steps::replace_codes(&mut tx, world.users[0], &[quick("abcd-efgh-jkmn")]).await.expect("as before");
    tx.commit().await.expect("a commit");
    let mut lost = password(&world, "reform@qh.gov.cn").await;
    lost.post_form(CODE, &[("otp", ""), ("recovery", "abcd-efgh-jkmn")]).await.location();
    lost.get(STEP).await.expect(200, "还有 0 个恢复码");
}

#[tokio::test]
async fn it_is_renewed_and_taken_off_only_with_a_code() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let mut client = world.signed_in("reform").await;
    let (secret, first) = turn_on(&world, &mut client).await;
    client.post_form(STEP, &[("act", "end"), ("otp", "12")]).await.expect(422, "验证码不对");
    client.post_form(STEP, &[("act", "begin"), ("current", PASSWORD)]).await.expect(409, "");
    clock.advance(TimeDelta::minutes(1));
    let code = code_at(&secret, clock.now()).expect("a code");
    let page = client.post_form(STEP, &[("act", "renew"), ("otp", &code)]).await.expect(200, "只显示这一次");
    let second = codes(&page);
    assert!(second.len() == 10 && second.iter().all(|code| !first.contains(code)));
    clock.advance(TimeDelta::minutes(1));
    let code = code_at(&secret, clock.now()).expect("a code");
    client.post_form(STEP, &[("act", "end"), ("otp", &code)]).await.location();
    client.get(STEP).await.expect(200, "还没有开启");
    world.signed_in("reform").await.get("/console/violations").await.expect(200, "周敏");
}

#[tokio::test]
async fn an_administrator_resets_it_for_who_lost_everything_and_never_their_own() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    turn_on(&world, &mut client).await;
    let mut admin = world.signed_in("admin").await;
    let own = format!("/console/users/{}", world.users[5]);
    admin.post_form(&own, &[("second_step", "reset")]).await.expect(409, "");
    let theirs = format!("/console/users/{}", world.users[0]);
    admin.get("/console/users").await.expect(200, "重置两步验证");
    admin.post_form(&theirs, &[("second_step", "reset")]).await.location();
    assert!(client.get("/console/violations").await.location().starts_with("/console/sign-in"), "their sessions end");
    world.signed_in("reform").await.get("/console/violations").await.expect(200, "周敏");
    admin.get("/console/audit").await.expect(200, "重置他人的两步验证");
}
