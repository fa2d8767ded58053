//! What an administrator does with accounts elsewhere: link, take off, and what that means for who is signed in.

use super::{Site, link};
use mashang::domain::sign_in_provider::ProviderKind;

fn accounts(site: &Site, user: usize) -> String {
    format!("/console/users/{}/accounts", site.world.users[user])
}

/// The id of the account that the page lets take off.
fn id_of(page: &str) -> String {
    let rest = page.split("name=\"unlink\" value=\"").nth(1).expect("an account to take off");
    rest.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_account_is_linked_by_its_number_and_one_person_has_one_of_a_kind() {
    let site = Site::new().await;
    let mut admin = site.signed_in("admin").await;
    admin.get("/console/users").await.expect(200, "外部登录账号");
    admin.get(&accounts(&site, 0)).await.expect(200, "还没有绑定");
    link(&site, 0, "wecom", "").await.expect(422, "请填写账号编号");
    link(&site, 0, "wecom", &"x".repeat(256)).await.expect(422, "最多 255");
    link(&site, 0, "nonsense", "ZhouMin").await.expect(400, "");
    link(&site, 0, "wecom", " ZhouMin ").await.location();
    link(&site, 0, "wecom", "Other").await.expect(422, "已经绑定了一个账号");
    link(&site, 1, "wecom", "ZhouMin").await.expect(422, "已经绑定给了别的用户");
    link(&site, 0, "zwdingtalk", "100135").await.location();
    let page = admin.get(&accounts(&site, 0)).await.expect(200, "ZhouMin").text();
    assert!(page.contains("100135") && page.contains("政务钉钉"));
    admin.get("/console/audit").await.expect(200, "绑定外部登录账号");
    let nobody = "/console/users/00000000-0000-7000-8000-000000000000/accounts";
    admin.get(nobody).await.expect(404, "");
    admin.post_form(nobody, &[("provider", "wecom"), ("subject", "x")]).await.expect(404, "");
}

#[tokio::test]
async fn taking_an_account_off_ends_the_sessions_and_it_is_not_linked_by_itself_again() {
    let site = Site::new().await;
    let oidc = ProviderKind::Oidc;
    let mut client = site.client();
    site.through(&mut client, oidc).await.location();
    let mut elsewhere = site.signed_in("reform").await;
    let mut admin = site.signed_in("admin").await;
    let page = admin.get(&accounts(&site, 0)).await.expect(200, "最近登录").text();
    let id = id_of(&page);
    // Only from whose it is.
    admin.post_form(&accounts(&site, 1), &[("unlink", &id)]).await.expect(404, "");
    admin.submit(&accounts(&site, 0), &[("unlink", &id)]).await.expect(200, "已解绑");
    for client in [&mut client, &mut elsewhere] {
        assert!(client.get("/console/violations").await.location().starts_with("/console/sign-in"));
    }
    admin.post_form(&accounts(&site, 0), &[("unlink", &id)]).await.expect(404, "");
    admin.get("/console/audit").await.expect(200, "解绑外部登录账号");
    // The provider still says that the address is theirs: neither this account nor a new one comes in by it.
    site.through(&mut client, oidc).await.expect(403, "还没有绑定");
    site.providers.lock().person["sub"] = "u-9".into();
    site.providers.lock().twist = |_, claims| claims["sub"] = "u-9".into();
    site.through(&mut client, oidc).await.expect(403, "账号 u-9 还没有绑定");
    // An administrator links it again, to somebody else too.
    site.providers.lock().twist = |_, _| ();
    link(&site, 1, "oidc", "u-1").await.location();
    site.through(&mut client, oidc).await.location();
    client.get("/console/violations").await.expect(200, "严正");
}

#[tokio::test]
async fn what_was_linked_at_a_provider_that_is_gone_is_still_shown_and_can_be_taken_off() {
    let site = Site::new().await;
    link(&site, 0, "wecom", "ZhouMin").await.location();
    let mut admin = site.world.signed_in("admin").await;
    let page = admin.get(&accounts(&site, 0)).await.expect(200, "本系统没有配置外部登录").text();
    assert!(page.contains("企业微信 wecom:mashang"));
    admin.submit(&accounts(&site, 0), &[("unlink", &id_of(&page))]).await.expect(200, "已解绑");
}

#[tokio::test]
async fn the_same_number_at_another_provider_is_somebody_else() {
    let site = Site::new().await;
    link(&site, 0, "oidc", "ZhouMin").await.location();
    link(&site, 1, "zwdingtalk", "ZhouMin").await.location();
    site.through(&mut site.client(), ProviderKind::WeCom).await.expect(403, "账号 ZhouMin 还没有绑定");
}

#[tokio::test]
async fn every_page_of_it_has_its_words_in_english_too() {
    let site = Site::new().await;
    link(&site, 0, "wecom", "ZhouMin").await.location();
    let mut admin = site.signed_in("admin").await;
    admin.language = "en";
    let path = accounts(&site, 0);
    let page = admin.get(&path).await.expect(200, "Accounts elsewhere").text();
    admin.submit(&path, &[("unlink", &id_of(&page))]).await.expect(200, "Taken off");
    admin.post_form(&path, &[("provider", "wecom")]).await.expect(422, "Please enter the account number");
    admin.get("/console/audit").await.expect(200, "Account elsewhere taken off");
    let mut anybody = site.client();
    anybody.language = "en";
    anybody.get("/console/sign-in").await.expect(200, "Sign in with Government DingTalk");
    for page in [admin.get(&path).await, anybody.get("/console/sign-in").await] {
        let text = page.text();
        let key = text.match_indices('[').find(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
        assert!(key.is_none(), "a key without words:\n{text}");
    }
}

#[tokio::test]
async fn notes_of_sign_ins_that_came_back_are_let_go() {
    let site = Site::new().await;
    site.through(&mut site.client(), ProviderKind::Oidc).await.location();
    let app = &site.world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let now = app.clock.now();
    let dropped = async |tx: &mut _, before| {
        mashang::storage::external_identities::drop_returned(tx, before).await.expect("dropped")
    };
    assert_eq!(dropped(&mut tx, now).await, 0);
    assert_eq!(dropped(&mut tx, now + chrono::TimeDelta::seconds(1)).await, 1);
    tx.commit().await.expect("a commit");
}
