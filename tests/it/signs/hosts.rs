//! After a change of the public address: the old host that signs carry keeps answering, and those who can do something about it are told.

use super::world::{act, print, read};
use crate::console::world::World;
use crate::support::{Client, OLD_HOST};
use axum::body::Body;
use axum::http::{Method, Request};
use mashang::storage::sign_prints;

async fn get(client: &mut Client, host: &str, path: &str) -> crate::support::Answer {
    let request = Request::builder().method(Method::GET).uri(path).header("host", host);
    client.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn the_same_page_opens_under_the_old_host_and_says_where_the_new_one_is() {
    let world = World::new().await;
    let path = format!("/e/{}", world.test.token(0));
    let page = get(&mut world.test.client(), OLD_HOST, &path).await;
    let page =
        page.expect(200, "青禾精密机械有限公司").expect(200, OLD_HOST).expect(200, "本站的网址已改为 mashang.test");
    page.expect(200, &format!("href=\"http://mashang.test{path}\""));
    let new = world.test.client().get(&path).await.expect(200, "青禾精密机械有限公司").text();
    assert!(!new.contains(OLD_HOST) && !new.contains("本站的网址已改为"));
    let foreign = get(&mut world.test.client(), "evil.example", &path).await;
    assert_eq!(foreign.status, 421);
}

#[tokio::test]
async fn operators_and_administrators_are_told_how_many_signs_carry_the_old_host() {
    let world = World::new().await;
    let ids: Vec<_> = world.test.seed.enterprises.iter().map(|(_, sign)| sign.id).collect();
    print(&world.test, &ids).await.expect("printed");
    let words = "块已印制的码牌上印的是旧网址";
    let text = world.signed_in("operator").await.get("/console/signs").await.expect(200, "码牌").text();
    assert!(!text.contains(words), "all carry the public address");
    let batch = world.test.app.service.ids.uuid(world.test.app.clock.now());
    act!(&world.test, mark_printed(&ids[..2], batch, OLD_HOST)).expect("printed");
    for (who, path) in [("operator", "/console/signs"), ("admin", "/console/users")] {
        world.signed_in(who).await.get(path).await.expect(200, &format!("2 {words}"));
    }
    for (who, path) in [("reform", "/console/signs"), ("fire", "/console/filings")] {
        let text = world.signed_in(who).await.get(path).await.expect(200, "</html>").text();
        assert!(!text.contains(words), "{who}");
    }
    let list = world.signed_in("operator").await.get("/console/signs?host=other").await;
    let list = list.expect(200, "青禾精密机械有限公司").expect(200, "禾味食品厂").text();
    assert!(!list.contains("远山化工"));
    // One that is printed anew, and one that is revoked, no longer count.
    print(&world.test, &ids[..1]).await.expect("printed");
    act!(&world.test, revoke_sign(ids[1], "丢失")).expect("revoked");
    let old = sign_prints::with_other_host(&mut read(&world.test).await, "mashang.test").await.expect("read");
    assert_eq!(old, 0);
}
