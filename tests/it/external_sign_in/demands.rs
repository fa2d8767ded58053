//! What a district demands of OpenID Connect beyond a right token: a proof of just now, a strength, means.

use super::stand_in::Twist;
use super::{Site, button};
use crate::support::Client;
use chrono::TimeDelta;
use mashang::domain::sign_in_provider::ProviderKind;
use mashang::identity::Demands;
use serde_json::json;

const OIDC: ProviderKind = ProviderKind::Oidc;
const STEP: &str = "/console/settings/second-step";
const BEGIN: [(&str, &str); 2] = [("act", "begin"), ("current", "")];

/// The way through the provider that the page of the second step shows, below this host.
async fn way(client: &mut Client) -> String {
    let page = client.get(STEP).await.expect(200, "重新登录").text();
    let link = page.split("<p class=\"small\"><a href=\"").nth(2).and_then(|rest| rest.split('"').next());
    link.expect("a way").replace("&#38;", "&").replace("http://mashang.test", "")
}

/// Goes that way; the provider says so many seconds later, or never, when it was proved who it is.
async fn again(site: &Site, client: &mut Client, twist: Twist) -> crate::support::Answer {
    let path = way(client).await;
    let address = client.get(&path).await.location();
    let (code, sent) = site.providers.sign_in(&address);
    assert_eq!((sent["prompt"].as_str(), sent["max_age"].as_str()), ("login", "0"));
    site.providers.lock().twist = twist;
    client.get(&format!("/console/sign-in/oidc/back?code={code}&state={}", sent["state"])).await
}

fn proved(_: &mut serde_json::Value, claims: &mut serde_json::Value) {
    claims["auth_time"] = claims["iat"].clone();
}

#[tokio::test]
async fn where_it_is_demanded_only_a_proof_given_anew_stands_for_the_password() {
    let site = Site::demanding(Demands { anew: true, ..Demands::default() }).await;
    let mut client = site.client();
    let address = client.get(&button(OIDC, STEP)).await.location();
    let (code, sent) = site.providers.sign_in(&address);
    assert!(!sent.contains_key("prompt") && !sent.contains_key("max_age"), "who only signs in is not asked anew");
    site.providers.lock().twist = proved;
    let back = format!("/console/sign-in/oidc/back?code={code}&state={}", sent["state"]);
    assert_eq!(client.get(&back).await.location(), STEP);
    // A sign-in of just now, however it came about, is not enough.
    client.post_form(STEP, &BEGIN).await.expect(422, "没有密码的，请按下面的链接重新登录一次");

    let silent: Twist = |_, _| ();
    again(&site, &mut client, silent).await.expect(403, "对方没有这样做");
    client.post_form(STEP, &BEGIN).await.expect(422, "没有密码的");
    let remembered: Twist = |_, claims| claims["auth_time"] = json!(claims["iat"].as_i64().expect("an instant") - 121);
    again(&site, &mut client, remembered).await.expect(403, "对方没有这样做");
    let no_time: Twist = |_, claims| claims["auth_time"] = json!("now");
    again(&site, &mut client, no_time).await.expect(403, "对方没有这样做");

    assert_eq!(again(&site, &mut client, proved).await.location(), STEP);
    client.get(STEP).await.expect(200, "您刚刚验证过身份");
    client.post_form(STEP, &BEGIN).await.location();
    site.world.test.app.clock.advance(TimeDelta::minutes(10));
    client.post_form(STEP, &BEGIN).await.expect(422, "没有密码的");
    client.language = "en";
    let path = way_in_english(&mut client).await;
    assert!(path.ends_with("&anew=1"), "{path}");
}

async fn way_in_english(client: &mut Client) -> String {
    let page = client.get(STEP).await.expect(200, "once more").text();
    let link = page.split("<p class=\"small\"><a href=\"").nth(2).and_then(|rest| rest.split('"').next());
    link.expect("a way").replace("&#38;", "&")
}

#[tokio::test]
async fn where_nothing_is_demanded_nobody_is_asked_anew_whatever_the_address_says() {
    let site = Site::demanding(Demands::default()).await;
    let mut client = site.client();
    let address = client.get(&format!("{}&anew=1", button(OIDC, STEP))).await.location();
    assert!(
        !address.contains("prompt=") && !address.contains("max_age=") && !address.contains("acr_values="),
        "{address}"
    );
    let (code, sent) = site.providers.sign_in(&address);
    let back = format!("/console/sign-in/oidc/back?code={code}&state={}", sent["state"]);
    assert_eq!(client.get(&back).await.location(), STEP);
    client.post_form(STEP, &BEGIN).await.location();
}

#[tokio::test]
async fn a_strength_and_means_that_are_demanded_are_asked_for_and_looked_at() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let demands = Demands { anew: false, strengths: words(&["gold", "silver"]), means: words(&["otp", "hwk"]) };
    let site = Site::demanding(demands).await;
    let mut client = site.client();
    let address = client.get(&button(OIDC, STEP)).await.location();
    assert!(address.contains("acr_values=gold+silver"), "{address}");
    let weak: [Twist; 7] = [
        |_, _| (),
        |_, claims| claims["acr"] = json!("gold"),
        |_, claims| claims["amr"] = json!(["otp"]),
        |_, claims| {
            claims["acr"] = json!("bronze");
            claims["amr"] = json!(["otp"]);
        },
        |_, claims| {
            claims["acr"] = json!("gold silver");
            claims["amr"] = json!(["otp"]);
        },
        |_, claims| {
            claims["acr"] = json!("gold");
            claims["amr"] = json!(["pwd"]);
        },
        |_, claims| {
            claims["acr"] = json!("gold");
            claims["amr"] = json!("otp");
        },
    ];
    for twist in weak {
        site.providers.lock().twist = twist;
        site.through(&mut site.client(), OIDC).await.expect(403, "本区要求在对方那里用更强的方式登录");
    }
    let strong: Twist = |_, claims| {
        claims["acr"] = json!("silver");
        claims["amr"] = json!(["pwd", "hwk"]);
    };
    site.providers.lock().twist = strong;
    site.through(&mut client, OIDC).await.location();
    client.get("/console/violations").await.expect(200, "周敏");
}
