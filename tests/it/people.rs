//! Inspectors' phones and invites, as the liaison of their agency keeps them.

use crate::console::world::{FIRE, World};
use crate::support::{Answer, seed};
use chrono::TimeDelta;
use mashang::storage::{audit, devices};

/// The links of invites on a page.
fn links(page: &Answer) -> Vec<String> {
    let text = page.text();
    let paths = text.match_indices("http://mashang.test/join/").map(|(at, _)| {
        let rest = &text[at + "http://mashang.test".len()..];
        rest[..rest.find('<').expect("the link ends")].to_owned()
    });
    paths.collect()
}

#[tokio::test]
async fn a_liaison_sees_an_inspector_s_phones_and_revokes_one_in_one_tap() {
    let world = World::new().await;
    let app = &world.test;
    let id = app.seed.inspectors["陈小明"];
    let mut lost = app.inspector("陈小明").await;
    app.app.clock.advance(TimeDelta::hours(1));
    let mut kept = app.inspector("陈小明").await;
    let form = format!("/e/{}/file", app.token(0));
    lost.get(&form).await.expect(200, "入企报备");
    let known = {
        let mut tx = app.app.db.read().await.expect("a connection");
        devices::of_inspector(&mut tx, id, 20).await.expect("read")
    };
    assert_eq!(known.len(), 2);
    let mut liaison = world.signed_in("fire").await;
    let access = format!("/console/inspectors/{id}/access");
    liaison.get(&access).await.expect(200, "停用这部手机").expect(200, "已使用");
    // The newest is first: the lost one is the second.
    let revoke = format!("/console/inspectors/{id}/devices/{}/revoke", known[1].id);
    liaison.submit(&revoke, &[]).await.expect(200, "停用</span>");
    assert!(lost.get(&form).await.location().starts_with("/enrol"));
    kept.get(&form).await.expect(200, "入企报备");
    liaison.post_form(&revoke, &[]).await.expect(409, "现在的状态不能这样做");
    // Neither another inspector's phone by this path, nor anything of another agency.
    let other = app.seed.inspectors["李芳"];
    let wrong = format!("/console/inspectors/{other}/devices/{}/revoke", known[0].id);
    liaison.post_form(&wrong, &[]).await.expect(409, "现在的状态不能这样做");
    let mut market = world.signed_in("market").await;
    market.get(&access).await.expect(404, "没有找到");
    for path in [
        format!("/console/inspectors/{id}/devices/{}/revoke", known[0].id),
        format!("{access}/reset"),
        format!("{access}/withdraw"),
    ] {
        market.post_form(&path, &[]).await.expect(404, "没有找到");
    }
    kept.get(&form).await.expect(200, "入企报备");
}

#[tokio::test]
async fn a_reset_ends_phones_and_invites_and_the_new_pin_is_the_inspector_s_own() {
    let world = World::new().await;
    let app = &world.test;
    let id = app.seed.inspectors["陈小明"];
    let mut phone = app.inspector("陈小明").await;
    let open = seed::invite(app, id).await;
    app.app.clock.advance(TimeDelta::hours(1));
    let mut liaison = world.signed_in("fire").await;
    let page = liaison.post_form(&format!("/console/inspectors/{id}/access/reset"), &[]).await.expect(200, "陈小明");
    let link = links(&page).remove(0);
    let form = format!("/e/{}/file", app.token(0));
    assert!(phone.get(&form).await.location().starts_with("/enrol"), "the old phone is unknown");
    app.client().get(&open).await.expect(410, "这个邀请不能用了");
    // The old PIN opens nothing by itself: what lets in is the new link, on the inspector's phone.
    let mut new = app.client();
    new.post_form(&link, &[("pin", "864209"), ("pin_again", "864209")]).await.location();
    new.get(&form).await.expect(200, "入企报备");
    app.app.clock.advance(TimeDelta::hours(13));
    new.post_form("/pin", &[("pin", "135790"), ("next", &form)]).await.expect(422, "PIN 码不对");
    assert_eq!(new.post_form("/pin", &[("pin", "864209"), ("next", &form)]).await.location(), form);
    let mut tx = app.app.db.read().await.expect("a connection");
    let rows = audit::by_object(&mut tx, id.0).await.expect("read");
    assert!(rows.iter().any(|row| row.action == "inspector.access_reset" && row.actor_kind == "user"));
}

#[tokio::test]
async fn an_invite_that_is_withdrawn_does_not_work_and_its_state_is_shown() {
    let world = World::new().await;
    let app = &world.test;
    let id = app.seed.inspectors["陈小明"];
    let access = format!("/console/inspectors/{id}/access");
    let mut liaison = world.signed_in("fire").await;
    let invite = seed::invite(app, id).await;
    liaison.get(&access).await.expect(200, "等待使用");
    app.app.clock.advance(TimeDelta::minutes(1));
    let page = liaison.submit(&format!("{access}/withdraw"), &[]).await.expect(200, "已撤回");
    assert!(!page.text().contains("撤回还没有用的邀请</button>"), "nothing is left to withdraw");
    app.client().get(&invite).await.expect(410, "这个邀请不能用了");
    app.client()
        .post_form(&invite, &[("pin", "135790"), ("pin_again", "135790")])
        .await
        .expect(410, "这个邀请不能用了");
    seed::invite(app, id).await;
    app.app.clock.advance(TimeDelta::hours(72) - TimeDelta::seconds(1));
    let mut liaison = world.signed_in("fire").await;
    liaison.get(&access).await.expect(200, "等待使用");
    app.app.clock.advance(TimeDelta::seconds(1));
    liaison.get(&access).await.expect(200, "已过期");
}

#[tokio::test]
async fn several_are_invited_at_once_by_ticks_and_by_a_pasted_list() {
    let world = World::new().await;
    let app = &world.test;
    app.inspector("李芳").await;
    let mut liaison = world.signed_in("fire").await;
    let path = "/console/inspectors/invite";
    let page = liaison.get(path).await.expect(200, "XF-001").text();
    assert!(!page.contains("XF-002"), "who has a phone is not offered");
    liaison.post_form(path, &[("cert_list", " ")]).await.expect(422, "请勾选，或粘贴证号");
    let mixed = liaison.post_form(path, &[("cert", "XF-001"), ("cert_list", "SJ-001\nXX-9")]).await;
    let mixed = mixed.expect(422, "没有发出任何邀请").expect(422, "SJ-001");
    assert!(links(&mixed).is_empty());
    let many: Vec<String> = (0..101).map(|n| format!("N-{n}")).collect();
    liaison.post_form(path, &[("cert_list", &many.join("\n"))]).await.expect(422, "一次最多邀请 100 人");
    // Ticked and pasted, one of them twice, with the separators that people use.
    let fields = [("cert", "XF-001"), ("cert_list", "XF-002，XF-001\r\n")];
    let cards = liaison.post_form(path, &fields).await.expect(200, "2 个邀请").expect(200, "data:image/svg+xml");
    let links = links(&cards);
    assert_eq!(links.len(), 2);
    app.client().get(&links[0]).await.expect(200, "陈小明");
    app.client().get(&links[1]).await.expect(200, "李芳");
}

#[tokio::test]
async fn certificates_that_run_out_within_30_days_are_listed() {
    use mashang::domain::id::InspectorId;
    use mashang::domain::inspector::{Inspector, InspectorKind};
    let world = World::new().await;
    let app = &world.test;
    let now = app.app.clock.now();
    let today = app.app.service.settings.zone.local_date(now);
    let mut tx = app.app.db.write().await.expect("a transaction");
    for (name, days) in [("昨天到期", -1), ("今天到期", 0), ("三十天到期", 30), ("三十一天到期", 31)]
    {
        let row = Inspector {
            id: InspectorId(app.app.service.ids.uuid(now)),
            cert_no: format!("C{days}"),
            name: name.to_owned(),
            agency: app.seed.agencies[FIRE],
            valid_from: "2024-01-01".parse().expect("a date"),
            valid_to: Some(today + TimeDelta::days(days)),
            suspended: false,
            kind: InspectorKind::Officer,
        };
        mashang::storage::registries::insert_inspector(&mut tx, &row, now).await.expect("an inspector");
    }
    mashang::storage::registries::bump(&mut tx).await.expect("a version");
    tx.commit().await.expect("a commit");
    let page = world.signed_in("fire").await.get("/console/inspectors/invite").await.expect(200, "30 天内到期").text();
    let list = &page[page.find("30 天内到期").expect("the list")..];
    assert!(list.contains("今天到期") && list.contains("三十天到期"));
    assert!(!list.contains("昨天到期") && !list.contains("三十一天到期"));
    let other = world.signed_in("market").await.get("/console/inspectors/invite").await.expect(200, "SJ-001").text();
    assert!(!other.contains("30 天内到期"));
}
