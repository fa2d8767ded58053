//! OpenID Connect: what is sent, what is checked of what comes back, and whose account it is.

use super::stand_in::Twist;
use super::{Site, button, link, with_providers};
use crate::console::world::{PASSWORD, World};
use crate::support::{Client, HOST};
use chrono::TimeDelta;
use mashang::actions::set_user_active;
use mashang::domain::second_step::code_at;
use mashang::domain::sign_in_provider::ProviderKind;
use serde_json::{Value, json};

const OIDC: ProviderKind = ProviderKind::Oidc;
const NEXT: &str = "/console/violations?tab=confirmed";

#[tokio::test]
async fn a_button_leads_to_the_provider_and_back_to_the_page_asked_for() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get("/console/sign-in?next=%2Fconsole%2Fviolations").await.expect(200, "用青禾区统一认证登录");
    for kind in ["oidc", "wecom", "zwdingtalk"] {
        let link = format!("href=\"http://{HOST}/console/sign-in/{kind}?next=%2Fconsole%2Fviolations\"");
        assert!(page.text().contains(&link), "{link}");
    }
    let answer = client.get(&button(OIDC, NEXT)).await;
    let address = answer.location();
    let sent: std::collections::HashMap<_, _> =
        url::Url::parse(&address).expect("an address").query_pairs().into_owned().collect();
    assert_eq!((sent["response_type"].as_str(), sent["scope"].as_str()), ("code", "openid email"));
    assert_eq!((sent["code_challenge_method"].as_str(), sent["tenant"].as_str()), ("S256", "qh"));
    assert!(sent["state"].len() == 64 && sent["nonce"].len() == 43 && sent["code_challenge"].len() == 43);
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Lax") && cookie.contains("Max-Age=600"), "{cookie}");
    assert!(!cookie.contains(&sent["state"]) && !cookie.contains(&sent["nonce"]), "sealed");

    let back = client.get(&site.back(OIDC, &address)).await;
    assert_eq!(back.location(), NEXT);
    assert_eq!(
        back.headers.get_all("set-cookie").iter().count(),
        3,
        "the session, a browser that is known, and an end to what was carried"
    );
    client.get(NEXT).await.expect(200, "周敏");
    let audit = site.signed_in("admin").await.get("/console/audit").await.expect(200, "绑定外部登录账号").text();
    assert!(audit.contains("oidc") && audit.contains("u-1"));
    // The second time it is linked: the address is asked for no more.
    site.providers.lock().person = Value::Null;
    assert_eq!(site.through(&mut site.client(), OIDC).await.location(), NEXT);
}

#[tokio::test]
async fn nothing_is_shown_and_nothing_answers_where_no_provider_is_set_up() {
    let world = World::new().await;
    let mut client = world.test.client();
    let page = client.get("/console/sign-in").await.expect(200, "登录督查台").text();
    assert!(!page.contains("/console/sign-in/oidc") && !page.contains("企业微信"));
    for path in ["oidc", "wecom", "zwdingtalk", "nonsense", "oidc/back?code=x&state=y"] {
        client.get(&format!("/console/sign-in/{path}")).await.expect(404, "");
    }
}

/// Comes back once, with the token as the test twists it; the page that it leads to.
async fn twisted(site: &Site, twist: Twist) -> (u16, String) {
    site.providers.lock().twist = twist;
    let answer = site.through(&mut site.client(), OIDC).await;
    (answer.status.as_u16(), answer.text())
}

#[tokio::test]
async fn a_token_that_is_wrong_in_anything_signs_nobody_in() {
    let site = Site::new().await;
    let twists: [(&str, Twist); 14] = [
        ("alg none", |header, _| header["alg"] = json!("none")),
        ("HS256", |header, _| header["alg"] = json!("HS256")),
        ("RS256 with a key of another kind", |header, _| header["alg"] = json!("RS256")),
        ("an unknown key", |header, _| header["kid"] = json!("other")),
        ("an extension", |header, _| header["crit"] = json!(["x"])),
        ("another issuer", |_, claims| claims["iss"] = json!("https://evil.example")),
        ("another client", |_, claims| claims["aud"] = json!("other")),
        ("several clients", |_, claims| claims["aud"] = json!(["mashang", "other"])),
        ("another party", |_, claims| claims["azp"] = json!("other")),
        ("expired", |_, claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap_or(0) - 130)),
        ("of tomorrow", |_, claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap_or(0) + 86_400)),
        ("another nonce", |_, claims| claims["nonce"] = json!("other")),
        ("no nonce", |_, claims| claims["nonce"] = Value::Null),
        ("nobody", |_, claims| claims["sub"] = json!("")),
    ];
    for (what, twist) in twists {
        let (status, text) = twisted(&site, twist).await;
        assert_eq!(status, 403, "{what}");
        assert!(text.contains("没有通过核对"), "{what}");
    }
    site.providers.lock().break_signature = true;
    assert_eq!(twisted(&site, |_, _| ()).await.0, 403, "a wrong signature");
    site.providers.lock().break_signature = false;
    assert_eq!(twisted(&site, |_, _| ()).await.0, 303, "the right one");
}

#[tokio::test]
async fn a_sign_in_comes_back_once_in_time_and_to_the_browser_that_began_it() {
    let site = Site::new().await;
    let mut client = site.client();
    let address = client.get(&button(OIDC, NEXT)).await.location();
    let back = site.back(OIDC, &address);
    let thief = client.clone();
    // Another browser, also one with a sign-in of its own, does not end it.
    site.client().get(&back).await.expect(422, "请重新点下面的按钮");
    let mut other = site.client();
    other.get(&button(OIDC, "")).await.location();
    other.get(&back).await.expect(422, "请重新点下面的按钮");
    // Nor does it come back to another provider, or without its state.
    client.clone().get(&back.replace("/oidc/", "/wecom/")).await.expect(422, "请重新点下面的按钮");
    client.clone().get(back.split("&state=").next().expect("a beginning")).await.expect(422, "请重新点下面的按钮");
    assert!(!site.providers.lock().asked.contains(&"token".to_owned()), "nobody asked about the code");
    assert_eq!(client.get(&back).await.location(), NEXT);
    client.get(&back).await.expect(422, "请重新点下面的按钮");
    // Who copied the cookie in between comes too late, with another code too.
    let (code, _) = site.providers.sign_in(&address);
    let again =
        back.replace(back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code"), &code);
    thief.clone().get(&again).await.expect(422, "请重新点下面的按钮");

    let mut slow = site.client();
    let address = slow.get(&button(OIDC, NEXT)).await.location();
    site.world.test.app.clock.advance(TimeDelta::minutes(10));
    slow.get(&site.back(OIDC, &address)).await.expect(422, "已过期");
}

#[tokio::test]
async fn no_and_trouble_at_the_provider_are_said_on_the_sign_in_page() {
    let site = Site::new().await;
    let error = |error: &'static str| {
        move |back: String| {
            let state = back.split("state=").nth(1).expect("a state");
            format!("/console/sign-in/oidc/back?error={error}&state={state}")
        }
    };
    let mut client = site.client();
    let page = site.through_with(&mut client, OIDC, error("access_denied")).await.expect(422, "您没有同意登录");
    assert!(page.text().contains("value=\"/console/violations?tab=confirmed\""), "the page asked for is kept");
    site.through_with(&mut client, OIDC, error("server_error")).await.expect(422, "登录没有成功");
    // A code that the provider does not know, and one that comes from elsewhere.
    let other = |back: String| back.replace("code=code-", "code=other-");
    site.through_with(&mut client, OIDC, other).await.expect(422, "登录没有成功");
    let mixed = |back: String| format!("{back}&iss=https%3A%2F%2Fevil.example");
    site.through_with(&mut client, OIDC, mixed).await.expect(403, "没有通过核对");
    let own = format!(
        "&iss={}",
        url::form_urlencoded::byte_serialize(site.providers.lock().url.as_bytes()).collect::<String>()
    );
    let named = site.through_with(&mut client, OIDC, |back| back + &own).await;
    assert_eq!(named.location(), NEXT);
    client.language = "en";
    site.through_with(&mut client, OIDC, error("access_denied")).await.expect(422, "You did not agree");
}

#[tokio::test]
async fn a_provider_that_is_down_or_another_says_so_at_once() {
    let world = World::new().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", nobody.local_addr().expect("an address"));
    drop(nobody);
    let mut client = Client::new(mashang::web::router(with_providers(&world, &url)));
    client.get("/console/sign-in/oidc?next=").await.expect(503, "暂时连不上");

    let site = Site::new().await;
    site.providers.lock().metadata = json!({ "issuer": "https://evil.example" });
    site.client().get("/console/sign-in/oidc?next=").await.expect(403, "没有通过核对");
    site.providers.lock().metadata = json!({ "authorization_endpoint": "http://id.example.gov.cn/auth" });
    site.client().get("/console/sign-in/oidc?next=").await.expect(403, "没有通过核对");
    site.providers.lock().metadata = json!({ "jwks_uri": 7 });
    site.world.test.app.clock.advance(TimeDelta::minutes(61));
    site.client().get("/console/sign-in/oidc?next=").await.expect(503, "暂时连不上");
    // A provider that must name itself and does not.
    site.providers.lock().metadata = json!({ "authorization_response_iss_parameter_supported": true });
    let mut client = site.client();
    site.through(&mut client, OIDC).await.expect(403, "没有通过核对");
}

#[tokio::test]
async fn the_secret_goes_as_the_provider_wants_it_and_changed_keys_are_found() {
    let site = Site::new().await;
    site.providers.lock().secret_in_form = true;
    assert_eq!(site.through(&mut site.client(), OIDC).await.location(), NEXT);
    site.providers.change_key("second");
    // Keys are not asked for again within a minute, whoever asks.
    site.through(&mut site.client(), OIDC).await.expect(403, "没有通过核对");
    site.world.test.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(site.through(&mut site.client(), OIDC).await.location(), NEXT);
    let keys = |site: &Site| site.providers.lock().asked.iter().filter(|what| *what == "keys").count();
    assert_eq!(keys(&site), 2);
}

#[tokio::test]
async fn only_an_address_that_the_provider_has_made_sure_of_links_an_account() {
    let site = Site::new().await;
    for person in [
        json!({ "sub": "u-1", "email": "reform@qh.gov.cn" }),
        json!({ "sub": "u-1", "email": "reform@qh.gov.cn", "email_verified": false }),
        json!({ "sub": "u-1", "email": "reform@qh.gov.cn", "email_verified": "true" }),
        json!({ "sub": "u-2", "email": "reform@qh.gov.cn", "email_verified": true }),
        json!({ "sub": "u-1", "email": "nobody@qh.gov.cn", "email_verified": true }),
        json!({ "sub": "u-1", "email": "no address", "email_verified": true }),
        json!({ "sub": "u-1" }),
        Value::Null,
    ] {
        site.providers.lock().person = person.clone();
        let page = site.through(&mut site.client(), OIDC).await.expect(403, "账号 u-1 还没有绑定");
        assert!(!page.headers.contains_key("location"), "{person}");
    }
    let users = site.signed_in("admin").await.get("/console/users").await.text();
    assert!(!users.contains("nobody@qh.gov.cn"), "nobody is made a user by signing in");
    let audit = site.signed_in("admin").await.get("/console/audit").await.expect(200, "外部账号登录被拒").text();
    assert!(!audit.contains("绑定外部登录账号"));
    // In the ID token it counts as well.
    let (status, _) = twisted(&site, |_, claims| {
        claims["email"] = json!("reform@qh.gov.cn");
        claims["email_verified"] = json!(true);
    })
    .await;
    assert_eq!(status, 303);
}

#[tokio::test]
async fn an_address_that_went_to_somebody_else_links_no_second_account() {
    let site = Site::new().await;
    link(&site, 0, "oidc", "u-0").await.location();
    site.through(&mut site.client(), OIDC).await.expect(403, "账号 u-1 还没有绑定");
}

#[tokio::test]
async fn who_was_deactivated_does_not_come_in_linked_or_not() {
    let site = Site::new().await;
    let app = &site.world.test.app;
    let (admin, user) = (site.world.users[5], site.world.users[0]);
    let set = async |active| {
        let mut tx = app.db.write().await.expect("a transaction");
        set_user_active(&mut tx, &app.service, app.clock.now(), admin, user, active).await.expect("set");
        tx.commit().await.expect("a commit");
    };
    set(false).await;
    site.through(&mut site.client(), OIDC).await.expect(403, "您的账户已停用");
    set(true).await;
    let mut client = site.client();
    site.through(&mut client, OIDC).await.location();
    set(false).await;
    assert!(client.get(NEXT).await.location().starts_with("/console/sign-in"));
    site.through(&mut client, OIDC).await.expect(403, "您的账户已停用");
}

#[tokio::test]
async fn a_second_step_is_asked_for_and_the_session_before_ends() {
    let site = Site::new().await;
    let mut client = site.signed_in("reform").await;
    let before = client.clone();
    let step = "/console/settings/second-step";
    client.post_form(step, &[("act", "begin"), ("current", PASSWORD)]).await.location();
    let text = client.get(step).await.text();
    let secret = text.split("<p class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let secret = secret.replace(' ', "");
    let now = || site.world.test.app.clock.now();
    let code = code_at(&secret, now()).expect("a code");
    client.post_form(step, &[("act", "confirm"), ("otp", &code)]).await.expect(200, "");
    site.world.test.app.clock.advance(TimeDelta::minutes(2));
    let to = site.through(&mut client, OIDC).await.location();
    assert_eq!(to, "/console/sign-in/code?next=%2Fconsole%2Fviolations%3Ftab%3Dconfirmed");
    assert!(before.clone().get(NEXT).await.location().starts_with("/console/sign-in"), "it ended");
    assert!(client.get(NEXT).await.location().starts_with("/console/sign-in"), "nothing opens yet");
    let code = code_at(&secret, now()).expect("a code");
    assert_eq!(client.post_form("/console/sign-in/code", &[("otp", &code), ("next", NEXT)]).await.location(), NEXT);
    client.get(NEXT).await.expect(200, "周敏");

    // A password that somebody gave, and that was not used, is not asked for on this way either.
    let mut admin = site.signed_in("admin").await;
    admin.post_form(&format!("/console/users/{}/password", site.world.users[0]), &[]).await.expect(200, "");
    site.world.test.app.clock.advance(TimeDelta::minutes(2));
    site.through(&mut client, OIDC).await.location();
    let code = code_at(&secret, now()).expect("a code");
    client.post_form("/console/sign-in/code", &[("otp", &code), ("next", NEXT)]).await.location();
    client.get(NEXT).await.expect(200, "周敏");
}

#[tokio::test]
async fn a_network_whose_codes_lead_to_nothing_waits_before_the_provider_is_asked_again() {
    let site = Site::new().await;
    for _ in 0..60 {
        let made_up = |back: String| back.replace("code=code-", "code=other-");
        site.through_with(&mut site.client(), OIDC, made_up).await.expect(422, "登录没有成功");
    }
    let asked = |site: &Site| site.providers.lock().asked.iter().filter(|what| *what == "token").count();
    assert_eq!(asked(&site), 60);
    site.through(&mut site.client(), OIDC).await.expect(429, "请等 1 分钟");
    assert_eq!(asked(&site), 60, "nobody was asked");
    site.world.test.app.clock.advance(TimeDelta::seconds(61));
    assert_eq!(site.through(&mut site.client(), OIDC).await.location(), NEXT);
}

#[tokio::test]
async fn another_site_starts_no_sign_in_that_nobody_pressed_for() {
    let site = Site::new().await;
    let mut client = site.client();
    for (from, starts) in [("cross-site", false), ("same-site", false), ("same-origin", true), ("none", true)] {
        let path = button(OIDC, "/console/violations");
        let request = client.request(axum::http::Method::GET, &path).header("sec-fetch-site", from);
        let to = client.send(request.body(axum::body::Body::empty()).expect("a request")).await.location();
        assert_eq!(to != "/console/sign-in?next=%2Fconsole%2Fviolations", starts, "{from}: {to}");
    }
}

#[tokio::test]
async fn nobody_is_led_to_another_site_afterwards() {
    let site = Site::new().await;
    for next in ["//evil.example", "https://evil.example", "/e/TOKEN", &"/console/violations?x=".repeat(40)] {
        let mut client = site.client();
        let address = client.get(&button(OIDC, next)).await.location();
        assert_eq!(client.get(&site.back(OIDC, &address)).await.location(), "/console/dashboard", "{next}");
    }
}
