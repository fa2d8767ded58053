//! Who signs in through a provider and has no password: a sign-in of just now stands for it.

use super::{Site, button};
use crate::support::{Answer, Client, HOST};
use chrono::TimeDelta;
use mashang::actions::{Service, Settings};
use mashang::app::App;
use mashang::domain::sign_in_provider::ProviderKind;
use mashang::ids::Ids;

const OIDC: ProviderKind = ProviderKind::Oidc;
const PASSKEYS: &str = "/console/settings/passkeys";
const ASK: &str = "/console/settings/passkeys/challenge";
const STEP: &str = "/console/settings/second-step";

/// The same district as it is served over https, where browsers offer passkeys.
fn over_https(site: &Site) -> App {
    let mut settings = Settings::clone(&site.app.service.settings);
    settings.public_url = format!("https://{HOST}");
    let service = Service::new(Ids::seeded(3), settings).with_providers(site.app.service.providers.clone());
    App { service, ..site.app.clone() }
}

/// Signs in at the provider, and leads on to a page.
async fn through(site: &Site, client: &mut Client, next: &str) -> String {
    let address = client.get(&button(OIDC, next)).await.location();
    let (code, sent) = site.providers.sign_in(&address);
    client.get(&format!("/console/sign-in/oidc/back?code={code}&state={}", sent["state"])).await.location()
}

async fn ask(client: &mut Client) -> Answer {
    client.post_form(ASK, &[("name", "办公室电脑"), ("current", "")]).await
}

#[tokio::test]
async fn who_came_through_a_provider_just_now_adds_a_passkey_without_a_password_and_later_comes_once_more() {
    let site = Site::new().await;
    let app = over_https(&site);
    let mut client = Client::new(mashang::web::router(app.clone()));
    assert_eq!(through(&site, &mut client, PASSKEYS).await, PASSKEYS);
    let page = client.get(PASSKEYS).await.expect(200, "您刚刚验证过身份");
    assert!(!page.text().contains("type=\"password\""));
    ask(&mut client).await.expect(200, "challenge");

    app.clock.advance(TimeDelta::minutes(10));
    let page = client.get(PASSKEYS).await.expect(200, "用“青禾区统一认证”重新登录").text();
    assert!(page.contains("type=\"password\"") && !page.contains("您刚刚验证过身份"));
    ask(&mut client).await.expect(422, "没有密码的，请按下面的链接重新登录一次");
    let link = page.split("<p class=\"small\"><a href=\"").nth(2).and_then(|rest| rest.split('"').next());
    let link = link.expect("the way through the provider").replace(&format!("https://{HOST}"), "");
    assert_eq!(link, button(OIDC, PASSKEYS));
    assert_eq!(through(&site, &mut client, PASSKEYS).await, PASSKEYS);
    ask(&mut client).await.expect(200, "challenge");
    client.language = "en";
    client.get(PASSKEYS).await.expect(200, "You have just shown who you are");
}

#[tokio::test]
async fn a_session_of_a_password_is_asked_for_it_however_young_it_is() {
    let site = Site::new().await;
    let app = over_https(&site);
    let mut client = Client::new(mashang::web::router(app));
    let fields = [("email", "reform@qh.gov.cn"), ("password", crate::console::world::PASSWORD)];
    client.post_form("/console/sign-in", &fields).await.location();
    ask(&mut client).await.expect(422, "请填写现在的密码");
    let page = client.get(PASSKEYS).await.expect(200, "type=\"password\"").text();
    assert!(!page.contains("重新登录"), "no provider let this session in");
    client.post_form(STEP, &[("act", "begin"), ("current", "")]).await.expect(422, "请填写现在的密码");
}

#[tokio::test]
async fn the_second_step_is_set_up_by_who_came_through_a_provider_just_now() {
    let site = Site::new().await;
    let mut client = site.client();
    site.through(&mut client, OIDC).await.location();
    site.world.test.app.clock.advance(TimeDelta::minutes(10));
    let begin = [("act", "begin"), ("current", "")];
    client.post_form(STEP, &begin).await.expect(422, "重新登录一次");
    assert_eq!(through(&site, &mut client, STEP).await, STEP);
    client.get(STEP).await.expect(200, "您刚刚验证过身份");
    client.post_form(STEP, &begin).await.location();
    client.get(STEP).await.expect(200, "用验证码应用扫码");
}
