//! Signing in: back to the page asked for, guessing, and how long a session lasts.

use super::world::{PASSWORD, World, input};
use chrono::TimeDelta;
use mashang::actions::sign_in::{self, Begun};
use mashang::actions::{password, set_user_active};
use mashang::domain::id::UserId;
use mashang::domain::user::{AlertChoice, Role, User};
use mashang::storage::users;

const WRONG: &str = "不是这个密码";

fn fields<'a>(password: &'a str, next: &'a str) -> [(&'static str, &'a str); 3] {
    [("email", "reform@qh.gov.cn"), ("password", password), ("next", next)]
}

#[tokio::test]
async fn a_link_of_a_mail_leads_through_sign_in_to_its_page() {
    let world = World::new().await;
    let mut client = world.test.client();
    let to = client.get("/console/violations?tab=confirmed").await.location();
    assert_eq!(to, "/console/sign-in?next=%2Fconsole%2Fviolations%3Ftab%3Dconfirmed");
    let next = input(&client.get(&to).await.expect(200, "请先登录"), "next");
    assert_eq!(next, "/console/violations?tab=confirmed");
    let to = client.post_form("/console/sign-in", &fields(PASSWORD, &next)).await.location();
    assert_eq!(to, next);
    client.get(&to).await.expect(200, "周敏");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let world = World::new().await;
    for next in ["//evil.example", "https://evil.example", "/console/../../x\\", "/e/TOKEN", "/console/sign-out"] {
        let mut client = world.test.client();
        let to = client.post_form("/console/sign-in", &fields(PASSWORD, next)).await.location();
        assert_eq!(to, "/console/dashboard", "{next}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let world = World::new().await;
    let mut client = world.test.client();
    let wrong = client.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
    let nobody = [("email", "nobody@qh.gov.cn"), ("password", WRONG), ("next", "")];
    let unknown = client.post_form("/console/sign-in", &nobody).await.expect(422, "邮箱或密码不对");
    assert_eq!(wrong.text().replace("reform@", "nobody@"), unknown.text());
    assert!(!wrong.text().contains(WRONG), "a password is never sent back");
}

#[tokio::test]
async fn large_and_small_letters_of_an_address_are_one() {
    let world = World::new().await;
    let app = &world.test.app;
    let now = app.clock.now();
    let hash = password::hash(&app.service, PASSWORD).await.expect("a hash");
    let mut tx = app.db.write().await.expect("a transaction");
    // As an earlier version kept it.
    let before = User {
        id: UserId(app.service.ids.uuid(now)),
        email: "Wang.Li@qh.gov.cn".to_owned(),
        name: "王丽".to_owned(),
        role: Role::Operator,
        office: None,
        agency: None,
        alerts: AlertChoice::Default,
        lang: "zh-CN".to_owned(),
        active: true,
    };
    users::insert(&mut tx, &before, &hash, now).await.expect("a user");
    tx.commit().await.expect("a commit");
    for email in ["Reform@QH.gov.cn", "reform@qh.gov.cn", "Wang.Li@qh.gov.cn", "wang.li@qh.gov.cn"] {
        world.test.client().post_form("/console/sign-in", &[("email", email), ("password", PASSWORD)]).await.location();
    }
    let mut admin = world.signed_in("admin").await;
    let new = |email| [("name", "新来的"), ("email", email), ("role", "operator"), ("password", "梧桐树下的新同事 42")];
    for taken in ["Operator@qh.gov.cn", "wang.li@qh.gov.cn"] {
        admin.post_form("/console/users/new", &new(taken)).await.expect(422, "这个邮箱已经有人用了");
    }
    admin.post_form("/console/users/new", &new("New@qh.gov.cn")).await.location();
    admin.get("/console/users").await.expect(200, "new@qh.gov.cn");
    // Wrong passwords count together, however the address is written.
    let mut guesser = world.test.client();
    for email in ["reform@qh.gov.cn", "Reform@qh.gov.cn", "REFORM@qh.gov.cn", "rEform@qh.gov.cn", "reForm@qh.gov.cn"] {
        let wrong = [("email", email), ("password", WRONG)];
        guesser.post_form("/console/sign-in", &wrong).await.expect(422, "邮箱或密码不对");
    }
    guesser.post_form("/console/sign-in", &fields(PASSWORD, "")).await.expect(429, "请等 1 分钟");
}

#[tokio::test]
async fn guessing_is_delayed_ever_longer_and_never_locks_out_for_good() {
    let world = World::new().await;
    let mut client = world.test.client();
    for _ in 0..5 {
        client.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
    }
    // The right password is not even looked at while the delay lasts.
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.expect(429, "请等 1 分钟");
    world.test.app.clock.advance(TimeDelta::seconds(61));
    client.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
    client.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(429, "请等 2 分钟");
    world.test.app.clock.advance(TimeDelta::minutes(2));
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.location();
    // A right one clears the count.
    let mut other = world.test.client();
    other.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
}

#[tokio::test]
async fn a_few_guesses_at_each_of_many_addresses_from_one_network_end_too() {
    let world = World::new().await;
    let mut client = world.test.client();
    let guess = |n: usize| [("email", format!("nobody{n}@qh.gov.cn")), ("password", WRONG.to_owned())];
    for n in 0..60 {
        let fields = guess(n);
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        client.post_form("/console/sign-in", &fields).await.expect(422, "邮箱或密码不对");
    }
    // An address that was guessed at waits; one that was not has a try, and who is right comes in and holds nobody up.
    let again = guess(7);
    let again = again.each_ref().map(|(name, value)| (*name, value.as_str()));
    client.post_form("/console/sign-in", &again).await.expect(429, "请等 1 分钟");
    for _ in 0..2 {
        world.test.client().post_form("/console/sign-in", &fields(PASSWORD, "")).await.location();
    }
    client.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.expect(429, "请等 2 分钟");
    world.test.app.clock.advance(TimeDelta::minutes(61));
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.location();
}

#[tokio::test]
async fn a_wrong_password_is_on_record_and_the_session_before_ends() {
    let world = World::new().await;
    let mut client = world.test.client();
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.location();
    let before = client.clone();
    client.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
    before.clone().get("/console/violations").await.expect(200, "周敏");
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.location();
    client.get("/console/violations").await.expect(200, "周敏");
    assert!(before.clone().get("/console/violations").await.location().starts_with("/console/sign-in"));
    world.signed_in("admin").await.get("/console/audit").await.expect(200, "登录失败（密码不对）");
}

#[tokio::test]
async fn an_administrator_gives_who_forgot_the_password_a_new_one_that_is_shown_once() {
    let world = World::new().await;
    let mut person = world.signed_in("reform").await;
    let mut guesser = world.test.client();
    for _ in 0..5 {
        guesser.post_form("/console/sign-in", &fields(WRONG, "")).await.expect(422, "邮箱或密码不对");
    }
    let mut admin = world.signed_in("admin").await;
    let path = format!("/console/users/{}/password", world.users[0]);
    let shown = admin.post_form(&path, &[]).await.expect(200, "只显示这一次").text();
    let secret = shown.split("<p class=\"big\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a password");
    assert!(person.get("/console/violations").await.location().starts_with("/console/sign-in"), "sessions end");
    person.post_form("/console/sign-in", &fields(PASSWORD, "")).await.expect(422, "邮箱或密码不对");
    person.post_form("/console/sign-in", &fields(secret, "")).await.location();
    admin.get("/console/audit").await.expect(200, "重设他人的密码");
    // Nobody gives themselves one without the old.
    let own = format!("/console/users/{}/password", world.users[5]);
    admin.post_form(&own, &[]).await.expect(409, "");
}

#[tokio::test]
async fn a_session_ends_after_two_idle_hours_and_after_twelve_in_any_case() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let mut idle = world.signed_in("reform").await;
    clock.advance(TimeDelta::minutes(119));
    idle.get("/console/violations").await.expect(200, "周敏");
    clock.advance(TimeDelta::minutes(121));
    assert!(idle.get("/console/violations").await.location().starts_with("/console/sign-in"));

    let mut busy = world.signed_in("reform").await;
    for _ in 0..11 {
        clock.advance(TimeDelta::hours(1));
        busy.get("/console/violations").await.expect(200, "周敏");
    }
    clock.advance(TimeDelta::minutes(59));
    busy.get("/console/violations").await.expect(200, "周敏");
    clock.advance(TimeDelta::minutes(2));
    assert!(busy.get("/console/violations").await.location().starts_with("/console/sign-in"));
}

#[tokio::test]
async fn signing_out_and_deactivation_end_the_session_on_the_server() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    let mut kept = client.clone();
    let out = client.post_form("/console/sign-out", &[]).await;
    assert_eq!(out.header("clear-site-data"), "\"storage\"", "drafts go, cookies of the phone stay");
    out.location();
    assert!(kept.get("/console/violations").await.location().starts_with("/console/sign-in"), "a kept cookie is dead");

    let mut client = world.signed_in("reform").await;
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let (admin, user) = (world.users[5], world.users[0]);
    set_user_active(&mut tx, &app.service, app.clock.now(), admin, user, false).await.expect("deactivated");
    tx.commit().await.expect("a commit");
    assert!(client.get("/console/violations").await.location().starts_with("/console/sign-in"));
    let mut again = world.test.client();
    again.post_form("/console/sign-in", &fields(PASSWORD, "")).await.expect(422, "邮箱或密码不对");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let world = World::new().await;
    let mut here = world.signed_in("reform").await;
    let mut elsewhere = world.signed_in("reform").await;
    let new = "另一个足够长的新密码";
    let sent = [("current", WRONG), ("password", new)];
    here.post_form("/console/settings/password", &sent).await.expect(422, "现在的密码不对");
    let short = [("current", PASSWORD), ("password", "短")];
    here.post_form("/console/settings/password", &short).await.expect(422, "至少 10 个字符");
    for (weak, words) in [("1q2w3e4r5t6y", "太常见"), ("reform-2026", "主要由区名、姓名、角色")] {
        let sent = [("current", PASSWORD), ("password", weak)];
        here.post_form("/console/settings/password", &sent).await.expect(422, words);
    }
    here.submit("/console/settings/password", &[("current", PASSWORD), ("password", new)])
        .await
        .expect(200, "密码已修改");
    assert!(elsewhere.get("/console/settings").await.location().starts_with("/console/sign-in"));
    let mut client = world.test.client();
    client.post_form("/console/sign-in", &fields(PASSWORD, "")).await.expect(422, "邮箱或密码不对");
    client.post_form("/console/sign-in", &fields(new, "")).await.location();
}

#[tokio::test]
async fn a_password_that_is_changed_or_ended_while_it_is_checked_lets_nobody_in() {
    for deactivated in [false, true] {
        let world = World::new().await;
        let app = &world.test.app;
        let now = app.clock.now();
        let mut tx = app.db.write().await.expect("a transaction");
        let begun = sign_in::begin(&mut tx, &app.service, now, "reform@qh.gov.cn", "192.0.2.1", None).await;
        tx.commit().await.expect("a commit");
        let Begun::Taken(mut attempt) = begun.expect("begun") else { panic!("an attempt") };
        assert!(sign_in::check(&mut attempt, PASSWORD).await.expect("checked"), "it is right still");
        if deactivated {
            let mut tx = app.db.write().await.expect("a transaction");
            let (admin, user) = (world.users[5], world.users[0]);
            set_user_active(&mut tx, &app.service, now, admin, user, false).await.expect("deactivated");
            tx.commit().await.expect("a commit");
        } else {
            let sent = [("current", PASSWORD), ("password", "另一个足够长的新密码")];
            world.signed_in("reform").await.post_form("/console/settings/password", &sent).await.location();
        }
        let mut tx = app.db.write().await.expect("a transaction");
        let signed = sign_in::finish(&mut tx, &app.service, now, &attempt, None).await.expect("finished");
        assert!(signed.is_none(), "as a wrong one");
    }
}

#[tokio::test]
async fn a_long_password_is_taken_whole() {
    let world = World::new().await;
    let long = "紫藤 lantern, 第七封信 and quite a few words more — ".repeat(2);
    let long: String = long.chars().take(64).collect();
    let mut client = world.signed_in("reform").await;
    let fields = [("current", PASSWORD), ("password", long.as_str())];
    client.post_form("/console/settings/password", &fields).await.location();
    let mut client = world.test.client();
    let all_but_one: String = long.chars().take(63).collect();
    client.post_form("/console/sign-in", &self::fields(&all_but_one, "")).await.expect(422, "邮箱或密码不对");
    let to = client.post_form("/console/sign-in", &self::fields(&long, "")).await.location();
    client.get(&to).await.expect(200, "周敏");
}
