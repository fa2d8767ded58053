//! 企业微信 and 政务钉钉: where the browser is sent, and what each answer of theirs leads to.

use super::{Site, button, link, with_providers};
use crate::console::world::World;
use crate::support::Client;
use chrono::TimeDelta;
use mashang::domain::sign_in_provider::ProviderKind;
use mashang::identity::{Provider, Secret, Trouble, WeCom, ZwDingTalk};
use mashang::outgoing::Http;
use serde_json::json;

const WECOM: ProviderKind = ProviderKind::WeCom;
const DING: ProviderKind = ProviderKind::ZwDingTalk;
const NEXT: &str = "/console/violations?tab=confirmed";

#[tokio::test]
async fn a_linked_member_signs_in_and_an_unknown_one_is_told_the_number() {
    let site = Site::new().await;
    for (kind, subject) in [(WECOM, "ZhouMin"), (DING, "100135")] {
        let mut client = site.client();
        let words = format!("账号 {subject} 还没有绑定");
        site.through(&mut client, kind).await.expect(403, &words);
        link(&site, 0, kind.as_str(), subject).await.location();
        assert_eq!(site.through(&mut client, kind).await.location(), NEXT);
        client.get(NEXT).await.expect(200, "周敏");
    }
    // One access token serves until shortly before its end.
    let count = |path: &str| site.providers.lock().asked.iter().filter(|asked| *asked == path).count();
    assert_eq!((count("/cgi-bin/gettoken"), count("/gettoken.json")), (1, 1));
    site.world.test.app.clock.advance(TimeDelta::minutes(116));
    for kind in [WECOM, DING] {
        site.through(&mut site.client(), kind).await.location();
    }
    assert_eq!((count("/cgi-bin/gettoken"), count("/gettoken.json")), (2, 2));
}

#[tokio::test]
async fn the_browser_is_sent_to_the_page_with_what_it_asks_for() {
    let site = Site::new().await;
    let sent = async |kind| {
        let address = site.client().get(&button(kind, "")).await.location();
        let address = url::Url::parse(&address).expect("an address");
        let query: std::collections::HashMap<_, _> = address.query_pairs().into_owned().collect();
        (address.path().to_owned(), query)
    };
    let (path, query) = sent(WECOM).await;
    assert_eq!(path, "/wwlogin/sso/login");
    assert_eq!((query["login_type"].as_str(), query["appid"].as_str()), ("CorpApp", "mashang"));
    assert_eq!(query["agentid"], "1000002");
    assert!(query["state"].chars().all(|c| c.is_ascii_alphanumeric()), "it takes letters and digits alone");
    let (path, query) = sent(DING).await;
    assert_eq!(path, "/oauth2/auth.htm");
    assert_eq!((query["client_id"].as_str(), query["scope"].as_str()), ("qh_dingoa", "get_user_info"));
    assert_eq!((query["response_type"].as_str(), query["authType"].as_str()), ("code", "QRCODE"));
}

#[tokio::test]
async fn each_code_of_wecom_leads_to_words_that_help() {
    let site = Site::new().await;
    link(&site, 0, "wecom", "ZhouMin").await.location();
    let member = "/cgi-bin/auth/getuserinfo";
    for (answer, status, words) in [
        (json!({ "errcode": 40029, "errmsg": "invalid code" }), 422, "登录没有成功"),
        (json!({ "errcode": 50001, "errmsg": "redirect_uri unauthorized" }), 422, "登录没有成功"),
        (json!({ "errcode": 60020, "errmsg": "not allow to access from your ip" }), 422, "登录没有成功"),
        (json!({ "errcode": 0, "errmsg": "ok", "openid": "o-1" }), 422, "登录没有成功"),
        (json!({ "errcode": 0, "errmsg": "ok", "userid": "" }), 403, "没有通过核对"),
        (json!({ "errcode": -1, "errmsg": "system busy" }), 503, "暂时连不上"),
        (json!({ "hello": "world" }), 503, "暂时连不上"),
    ] {
        site.providers.lock().orders.insert(member, vec![answer.clone()]);
        let page = site.through(&mut site.client(), WECOM).await;
        assert_eq!(page.status.as_u16(), status, "{answer}");
        page.expect(status, words);
    }
    // A token that another process had replaced is asked for anew, once.
    for code in [40014, 42001] {
        site.providers.lock().orders.insert(member, vec![json!({ "errcode": code, "errmsg": "access_token expired" })]);
        assert_eq!(site.through(&mut site.client(), WECOM).await.location(), NEXT);
    }
    site.providers.lock().orders.insert(member, vec![json!({ "errcode": 42001 }), json!({ "errcode": 42001 })]);
    site.through(&mut site.client(), WECOM).await.expect(422, "登录没有成功");
    // Who says no comes back without a code.
    let without =
        |back: String| format!("/console/sign-in/wecom/back?state={}", back.split("state=").nth(1).expect("a state"));
    site.through_with(&mut site.client(), WECOM, without).await.expect(422, "您没有同意登录");
}

#[tokio::test]
async fn each_code_of_dingtalk_leads_to_words_that_help() {
    let site = Site::new().await;
    link(&site, 0, "zwdingtalk", "100135").await.location();
    let person = "/rpc/oauth2/getuserinfo_bycode.json";
    let refused = |code: &str| json!({ "success": true, "content": { "success": false, "responseCode": code } });
    for (answer, status, words) in [
        (refused("240111"), 422, "登录没有成功"),
        (json!({ "success": false, "errorCode": "OPF-B001-05-16-0009" }), 422, "登录没有成功"),
        (
            json!({ "success": true, "content": { "responseCode": "0", "success": true, "data": {} } }),
            503,
            "暂时连不上",
        ),
        (json!({ "hello": "world" }), 503, "暂时连不上"),
    ] {
        site.providers.lock().orders.insert(person, vec![answer.clone()]);
        let page = site.through(&mut site.client(), DING).await;
        assert_eq!(page.status.as_u16(), status, "{answer}");
        page.expect(status, words);
    }
    site.providers.lock().orders.insert(person, vec![refused("240133")]);
    assert_eq!(site.through(&mut site.client(), DING).await.location(), NEXT);
}

#[tokio::test]
async fn a_wrong_secret_is_told_from_a_server_that_is_away() {
    let site = Site::new().await;
    let now = site.world.test.app.clock.now();
    let url = site.providers.lock().url.parse::<url::Url>().expect("an address");
    let places = || (url.clone(), url.clone());
    let wrong = || Secret("wrong".to_owned());
    let wecom = Provider::WeCom(WeCom::new("mashang", "1", wrong(), places(), Http::default()));
    let error = wecom.check(now).await.expect_err("a wrong secret");
    assert!(matches!(&error, Trouble::Refused(words) if words.contains("40001")), "{error}");
    let ding = Provider::ZwDingTalk(ZwDingTalk::new("qh_dingoa", "mashang", wrong(), places(), Http::default()));
    let error = ding.check(now).await.expect_err("a wrong secret");
    assert!(matches!(&error, Trouble::Refused(words) if words.contains("OPF-B001-05-16-0009")), "{error}");
    assert!(!format!("{wecom:?} {ding:?}").contains("wrong"), "no log shows a secret");
    for provider in site.app.service.providers.all() {
        provider.check(now).await.expect("all is well with the right one");
    }

    let world = World::new().await;
    let mut client = Client::new(mashang::web::router(with_providers(&world, "http://127.0.0.1:1")));
    for kind in [WECOM, DING] {
        let address = client.get(&button(kind, "")).await.location();
        let back = site.back(kind, &address);
        client.get(&back).await.expect(503, "暂时连不上");
    }
}
