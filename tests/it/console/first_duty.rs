//! What comes before everything else after signing in: an own password for a given one, and the second step where the district requires it. And
//! the list of one's own sessions.

use super::world::{PASSWORD, World, input};
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use chrono::TimeDelta;
use mashang::domain::second_step::code_at;
use mashang::web::paths::leading_on;

const FIRST: &str = "/console/settings/first-password";
const STEP: &str = "/console/settings/second-step";
const RULE: &str = "/console/users/sign-in-rule";
const SESSIONS: &str = "/console/settings/sessions";
const GIVEN: &str = "梧桐树下的新同事 42";
const OWN: &str = "只有自己知道的一句话";

/// An administrator enters an operator with a first password.
async fn entered(world: &World) {
    let new = [("name", "新来的"), ("email", "new@qh.gov.cn"), ("role", "operator"), ("password", GIVEN)];
    world.signed_in("admin").await.post_form("/console/users/new", &new).await.location();
}

async fn sign_in(world: &World, email: &str, password: &str) -> (Client, Answer) {
    let mut client = world.test.client();
    let answer = client.post_form("/console/sign-in", &[("email", email), ("password", password)]).await;
    (client, answer)
}

#[tokio::test]
async fn a_password_that_somebody_gave_is_changed_before_any_other_page() {
    let world = World::new().await;
    entered(&world).await;
    let (mut client, answer) = sign_in(&world, "new@qh.gov.cn", GIVEN).await;
    answer.location();
    for path in ["/console", "/console/enterprises", "/console/settings", STEP, "/console/users"] {
        assert_eq!(client.get(path).await.location(), leading_on(FIRST, path), "{path}");
    }
    assert_eq!(client.post_form("/console/settings/alerts", &[("lang", "en")]).await.location(), FIRST);
    let page = client.get(FIRST).await.expect(200, "请先换成只有自己知道的密码").text();
    assert!(!page.contains("/console/enterprises"), "no way to other pages");

    for (current, new, words) in [
        (GIVEN, GIVEN, "不能和别人给您的密码一样"),
        ("", OWN, "请填写现在的密码"),
        ("不是这个密码也不是", OWN, "现在的密码不对"),
        (GIVEN, "1q2w3e4r5t6y", "太常见"),
        (GIVEN, "短", "至少 10 个字符"),
    ] {
        client.post_form(FIRST, &[("current", current), ("password", new)]).await.expect(422, words);
        assert_eq!(client.get("/console/enterprises").await.location(), leading_on(FIRST, "/console/enterprises"));
    }
    assert_eq!(client.post_form(FIRST, &[("current", GIVEN), ("password", OWN)]).await.location(), "/console");
    client.get("/console/enterprises").await.expect(200, "新来的");
    assert_eq!(client.get(FIRST).await.location(), "/console/settings", "once is enough");
    let (_, old) = sign_in(&world, "new@qh.gov.cn", GIVEN).await;
    old.expect(422, "邮箱或密码不对");
    let (mut again, answer) = sign_in(&world, "new@qh.gov.cn", OWN).await;
    answer.location();
    again.get("/console/enterprises").await.expect(200, "新来的");
}

#[tokio::test]
async fn after_the_own_password_the_page_that_was_asked_for_opens() {
    let world = World::new().await;
    for (email, next, leads_to) in [
        ("one@qh.gov.cn", "/console/enterprises?q=禾&page=2", "/console/enterprises?q=%E7%A6%BE&page=2"),
        ("two@qh.gov.cn", "//evil.example", "/console"),
        ("three@qh.gov.cn", "/console/sign-out", "/console"),
    ] {
        let new = [("name", "新来的"), ("email", email), ("role", "operator"), ("password", GIVEN)];
        world.signed_in("admin").await.post_form("/console/users/new", &new).await.location();
        let mut client = world.test.client();
        // As the browser writes it.
        let next = next.replace('禾', "%E7%A6%BE");
        let fields = [("email", email), ("password", GIVEN), ("next", next.as_str())];
        let first = client.post_form("/console/sign-in", &fields).await.location();
        let kept = if leads_to == "/console" { "" } else { leads_to };
        assert_eq!(first.starts_with("/console/settings/first-password?next="), !kept.is_empty(), "{first}");
        let page = client.get(if kept.is_empty() { FIRST } else { &first }).await.expect(200, "请先换成");
        assert_eq!(input(&page, "next"), kept);
        // A mistake on the way loses nothing.
        let wrong = [("current", GIVEN), ("password", "短"), ("next", next.as_str())];
        let page = client.post_form(FIRST, &wrong).await.expect(422, "至少 10 个字符");
        assert_eq!(input(&page, "next"), next);
        let own = [("current", GIVEN), ("password", OWN), ("next", next.as_str())];
        assert_eq!(client.post_form(FIRST, &own).await.location(), leads_to, "{next}");
    }
}

#[tokio::test]
async fn a_given_password_ends_after_a_week_and_an_own_one_does_not() {
    let world = World::new().await;
    entered(&world).await;
    world.test.app.clock.advance(TimeDelta::days(7) + TimeDelta::seconds(1));
    let (_, answer) = sign_in(&world, "new@qh.gov.cn", GIVEN).await;
    answer.expect(422, "7 天内没有改成自己的");
    let (_, answer) = sign_in(&world, "reform@qh.gov.cn", PASSWORD).await;
    answer.location();
}

#[tokio::test]
async fn a_password_that_was_reset_is_changed_first_too() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    let shown =
        admin.post_form(&format!("/console/users/{}/password", world.users[0]), &[]).await.expect(200, "7 天").text();
    let secret = shown.split("<p class=\"big\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a password");
    let (mut client, answer) = sign_in(&world, "reform@qh.gov.cn", secret).await;
    answer.location();
    assert_eq!(client.get("/console/violations").await.location(), leading_on(FIRST, "/console/violations"));
    client.post_form("/console/sign-out", &[]).await.location();
    assert!(client.get(FIRST).await.location().starts_with("/console/sign-in"));
}

#[tokio::test]
async fn where_the_second_step_is_required_supervisors_and_administrators_set_it_up_first() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    admin.post_form(RULE, &[("second_step", "yes")]).await.location();
    // Sessions of before owe it as well, the administrator's own among them.
    assert_eq!(admin.get("/console/users").await.location(), leading_on(STEP, "/console/users"));
    for who in ["fire", "operator"] {
        let mut other = world.signed_in(who).await;
        other.get("/console/settings").await.expect(200, "登录中的设备");
    }
    let mut client = world.signed_in("reform").await;
    for path in ["/console/violations", "/console/settings", FIRST] {
        assert_eq!(client.get(path).await.location(), leading_on(STEP, path), "{path}");
    }
    let page = client.get(STEP).await.expect(200, "本区要求督查人员和管理员使用两步验证").text();
    assert!(!page.contains("/console/violations"), "no way to other pages");
    client.post_form(STEP, &[("act", "begin"), ("current", PASSWORD)]).await.location();
    let page = client.get(STEP).await.text();
    let secret = page.split("<p class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let asked = leading_on(STEP, "/console/violations");
    assert_eq!(client.get("/console/violations").await.location(), asked, "begun is not on");
    let code = code_at(&secret.replace(' ', ""), world.test.app.clock.now()).expect("a code");
    client.post_form(STEP, &[("act", "confirm"), ("otp", &code)]).await.expect(200, "只显示这一次");
    client.get("/console/violations").await.expect(200, "周敏");
}

#[tokio::test]
async fn after_the_second_step_is_set_up_the_page_that_was_asked_for_opens() {
    let world = World::new().await;
    world.signed_in("admin").await.post_form(RULE, &[("second_step", "yes")]).await.location();
    let secret_on = |page: &Answer| {
        let text = page.text();
        let secret = text.split("<p class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next());
        secret.expect("a secret").replace(' ', "")
    };
    for (who, next, leads_to) in [
        ("reform", "/console/violations?tab=notices&page=2", "/console/violations?tab=notices&page=2"),
        ("discipline", "//evil.example", STEP),
        ("admin", "/console/sign-out", STEP),
    ] {
        let mut client = world.test.client();
        let email = format!("{who}@qh.gov.cn");
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        let asked = client.post_form("/console/sign-in", &fields).await.location();
        // Where the sign-in leads does not open yet; a link to another site in its place is not followed.
        let first = client.get(&asked).await.location();
        let kept = if leads_to == STEP { "" } else { leads_to };
        let first = if kept.is_empty() { leading_on(STEP, next) } else { first };
        let page = client.get(&first).await.expect(200, "本区要求督查人员和管理员使用两步验证");
        assert_eq!(input(&page, "next"), kept);
        // A mistake on the way loses nothing, nor does looking at another page in between.
        let wrong = [("act", "begin"), ("current", "不是这个密码"), ("next", next)];
        let page = client.post_form(STEP, &wrong).await.expect(422, "密码不对");
        assert_eq!(input(&page, "next"), kept);
        let begin = [("act", "begin"), ("current", PASSWORD), ("next", next)];
        let first = client.post_form(STEP, &begin).await.location();
        assert_eq!(first, leading_on(STEP, kept));
        let page = client.get(&first).await.expect(200, "用验证码应用扫码");
        assert_eq!(page.hidden_inputs().iter().filter(|(name, value)| name == "next" && value == kept).count(), 2);
        let code = code_at(&secret_on(&page), world.test.app.clock.now()).expect("a code");
        let confirm = [("act", "confirm"), ("otp", code.as_str()), ("next", next)];
        let page = client.post_form(STEP, &confirm).await.expect(200, "只显示这一次").text();
        let link = format!("<a class=\"btn\" href=\"{}\">", leads_to.replace('&', "&#38;"));
        assert!(page.contains(&link), "{link} is not in\n{page}");
        client.get(leads_to).await.expect(200, "");
    }
}

#[tokio::test]
async fn an_administrator_sets_the_rule_and_takes_it_back_and_it_is_on_record() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    admin.get("/console/users").await.expect(200, "未要求两步验证");
    admin.post_form(RULE, &[("second_step", "maybe")]).await.expect(400, "");
    world.signed_in("reform").await.post_form(RULE, &[("second_step", "yes")]).await.expect(404, "");
    admin.post_form(RULE, &[("second_step", "yes")]).await.location();
    // Who set it has none yet: the rule is taken back by somebody who has, or after setting it up.
    admin.post_form(STEP, &[("act", "begin"), ("current", PASSWORD)]).await.location();
    let page = admin.get(STEP).await.text();
    let secret = page.split("<p class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let code = code_at(&secret.replace(' ', ""), world.test.app.clock.now()).expect("a code");
    admin.post_form(STEP, &[("act", "confirm"), ("otp", &code)]).await.expect(200, "只显示这一次");
    admin.get("/console/users").await.expect(200, "已要求两步验证");
    admin.post_form(RULE, &[("second_step", "no")]).await.location();
    world.signed_in("reform").await.get("/console/violations").await.expect(200, "周敏");
    admin.get("/console/audit").await.expect(200, "设置是否要求两步验证");
}

/// Signs in with a browser that says what it is.
async fn with_browser(world: &World, who: &str, says: &str) -> Client {
    let mut client = world.test.client();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", format!("{who}@qh.gov.cn").as_str()), ("password", PASSWORD)])
        .finish();
    let request = client
        .request(Method::POST, "/console/sign-in")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(USER_AGENT, says)
        .body(Body::from(body))
        .expect("a request");
    client.send(request).await.location();
    client
}

#[tokio::test]
async fn everybody_sees_where_they_are_signed_in_and_ends_one_or_all_others() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let mut away = with_browser(&world, "reform", "Mozilla/5.0 (iPhone; CPU) Version/18.0 Safari/604.1").await;
    clock.advance(TimeDelta::minutes(1));
    let mut there = with_browser(&world, "reform", "a word of its own").await;
    clock.advance(TimeDelta::minutes(1));
    let mut here =
        with_browser(&world, "reform", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0").await;
    let page = here.get("/console/settings").await.expect(200, "Safari · iPhone");
    let text = page.text();
    assert!(text.contains("Edge · Windows") && text.contains("未知设备") && !text.contains("a word of its own"));
    assert_eq!(text.matches("name=\"end\"").count(), 2, "not the session of this page");

    // Nobody ends a session of somebody else, and what names one does not open it.
    let key = input(&page, "end");
    let mut other = world.signed_in("discipline").await;
    other.post_form(SESSIONS, &[("end", &key)]).await.expect(404, "");
    for wrong in ["", "zz", "00"] {
        assert!(matches!(here.post_form(SESSIONS, &[("end", wrong)]).await.status.as_u16(), 400 | 404), "{wrong}");
    }
    there.get("/console/violations").await.expect(200, "周敏");
    here.submit(SESSIONS, &[("end", &key)]).await.expect(200, "那台设备已退出登录");
    assert!(there.get("/console/violations").await.location().starts_with("/console/sign-in"));
    here.post_form(SESSIONS, &[("end", &key)]).await.expect(404, "");
    away.get("/console/violations").await.expect(200, "周敏");
    here.submit(SESSIONS, &[("others", "yes")]).await.expect(200, "其他设备已全部退出登录");
    assert!(away.get("/console/violations").await.location().starts_with("/console/sign-in"));
    other.get("/console/violations").await.expect(200, "严正");
    // One that ran out is not in the list.
    let mut late = world.signed_in("reform").await;
    clock.advance(TimeDelta::minutes(119));
    here.get("/console/violations").await.expect(200, "周敏");
    clock.advance(TimeDelta::minutes(2));
    assert!(late.get("/console/settings").await.location().starts_with("/console/sign-in"));
    assert!(!here.get("/console/settings").await.expect(200, "当前设备").text().contains("name=\"end\""));
    world.signed_in("admin").await.get("/console/audit").await.expect(200, "让自己的一台设备退出登录");
}
