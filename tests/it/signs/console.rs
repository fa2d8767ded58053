//! The pages of operators: lists, one sign with its history, replacing and revoking, several signs of a unit.

use super::world::{act, print, sign, spot};
use crate::console::world::World;
use chrono::TimeDelta;
use mashang::domain::sign::SignState;
use mashang::jobs;

#[tokio::test]
async fn replacing_and_revoking_shows_on_each_page_what_happened() {
    let world = World::new().await;
    let app = &world.test;
    let id = app.seed.enterprises[0].1.id;
    print(app, &[id]).await.expect("printed");
    app.app.clock.advance(TimeDelta::days(1));
    let mut operator = world.signed_in("operator").await;
    let page = format!("/console/signs/{id}");
    operator.get("/console/signs?tab=to_hand_out").await.expect(200, "把勾选的标记为已发放").expect(200, &page);
    let list = operator.submit("/console/signs/handed-out", &[("sign", &id.to_string())]).await;
    assert!(!list.expect(200, "待发放").text().contains(&page));
    app.client().get(&format!("/e/{}", app.token(0))).await;
    jobs::store_scans(&app.app).await.expect("stored");
    let one = operator.get(&page).await.expect(200, "使用中").expect(200, "印制，网址 mashang.test");
    one.expect(200, "首次扫码，启用").expect(200, "<rect ").expect(200, "最近 30 天 1 次，累计 1 次");
    app.app.clock.advance(TimeDelta::hours(1));
    let one = operator.submit(&format!("{page}/rotate"), &[("from", "sign")]).await.expect(200, "已更换");
    one.expect(200, "换新码，新码牌 2026-").expect(200, "前仍可扫开").expect(200, "经办员");
    operator.get("/console/signs?tab=grace").await.expect(200, &page);
    let new = sign_of(app, 0).await;
    operator.get(&format!("/console/signs/{}", new.id)).await.expect(200, "代替");
    operator.get("/console/signs?tab=never_printed").await.expect(200, &format!("/console/signs/{}", new.id));
    let revoke = format!("/console/signs/{}/revoke", new.id);
    let one = operator.submit(&revoke, &[("from", "sign"), ("reason", "送货途中丢失")]).await;
    one.expect(200, "已作废").expect(200, "作废：送货途中丢失");
    let list = operator.get("/console/signs?tab=revoked").await.expect(200, "已作废");
    assert!(list.expect(200, &new.serial).text().contains("青禾精密机械有限公司"));
    app.client().get(&format!("/e/{}", new.token)).await.expect(410, "已经停用");
    let unit = format!("/console/enterprises/{}", app.seed.enterprises[0].0);
    operator.get(&unit).await.expect(200, "作废原因：送货途中丢失").expect(200, "前仍可扫开");
}

async fn sign_of(app: &crate::support::TestApp, enterprise: usize) -> mashang::storage::signs::SignRecord {
    let unit = app.seed.enterprises[enterprise].0.0;
    mashang::storage::signs::of_unit(&mut super::world::read(app).await, unit).await.expect("read").remove(0)
}

#[tokio::test]
async fn a_unit_has_several_signs_and_each_is_replaced_by_itself() {
    let world = World::new().await;
    let app = &world.test;
    let unit = app.seed.enterprises[0].0.to_string();
    let mut operator = world.signed_in("operator").await;
    let new = format!("/console/signs/new?unit_kind=enterprise&unit={unit}");
    operator.get(&new).await.expect(200, "张贴位置").expect(200, "青禾精密机械有限公司");
    for place in ["大门", "前台"] {
        let fields = [("unit_kind", "enterprise"), ("unit", unit.as_str()), ("place", place)];
        operator.submit("/console/signs/issue", &fields).await.expect(200, place);
    }
    let long = "门".repeat(31);
    let fields = [("unit_kind", "enterprise"), ("unit", unit.as_str()), ("place", long.as_str())];
    operator.post_form("/console/signs/issue", &fields).await.expect(422, "太长了").expect(422, &long);
    let reception = sign_of(app, 0).await;
    let renewed = act!(app, rotate_sign(reception.id)).expect("replaced");
    assert_eq!((renewed.place.as_str(), renewed.edition), ("前台", 2));
    assert_eq!(sign(app, app.seed.enterprises[0].1.id).await.state, SignState::Generated, "the others stay");
    let found = operator.get("/console/signs?q=%E9%9D%92%E7%A6%BE%E7%B2%BE%E5%AF%86").await.expect(200, "前台");
    found.expect(200, "大门");
    let by_code = operator.get(&format!("/console/signs?q={}", renewed.short_code.to_lowercase())).await;
    assert!(by_code.expect(200, &renewed.serial).text().matches("data-label=\"编号\"").count() == 1);
}

#[tokio::test]
async fn an_operator_moves_a_sign_and_confirms_if_it_was_scanned() {
    let world = World::new().await;
    let app = &world.test;
    let id = app.seed.enterprises[0].1.id;
    app.client().get(&format!("/e/{}", app.token(0))).await;
    jobs::store_scans(&app.app).await.expect("stored");
    let mut operator = world.signed_in("operator").await;
    let path = format!("/console/signs/{id}/move");
    operator.get(&path).await.expect(200, "青禾精密机械有限公司").expect(200, "确认改绑到另一家");
    let other = app.seed.enterprises[2].0.to_string();
    let mut fields = vec![("sign_unit", other.as_str()), ("place", "大门")];
    operator.post_form(&path, &fields).await.expect(422, "请勾选确认").expect(422, "远山化工有限公司");
    fields.push(("confirm_move", "yes"));
    operator.submit(&path, &fields).await.expect(200, "远山化工有限公司").expect(200, "改绑或换位置");
    app.client().get(&format!("/e/{}", app.token(0))).await.expect(200, "远山化工有限公司");
    act!(app, revoke_sign(id, "丢失")).expect("revoked");
    operator.get(&path).await.expect(409, "现在的状态不能这样做");
}

#[tokio::test]
async fn blank_signs_are_made_in_a_batch() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    for (count, words) in [("", "请填写这一项"), ("many", "请写一个整数"), ("5001", "数量要在 1 到 5000 之间")]
    {
        let fields = [("unit_kind", "enterprise"), ("blank_count", count)];
        operator.post_form("/console/signs/blank", &fields).await.expect(422, words);
    }
    let fields = [("unit_kind", "enterprise"), ("blank_count", "3")];
    let list = operator.submit("/console/signs/blank", &fields).await.expect(200, "空白（企业用）").text();
    assert_eq!(list.matches("data-label=\"编号\"").count(), 3);
}

#[tokio::test]
async fn a_site_of_the_enterprise_has_signs_of_its_own() {
    let world = World::new().await;
    let app = &world.test;
    let site = mashang::storage::sites::Site {
        id: mashang::domain::id::SiteId(app.app.service.ids.uuid(app.app.clock.now())),
        enterprise: app.seed.enterprises[0].0,
        name: "二号厂区".to_owned(),
        town: "长岭镇".to_owned(),
        address: "长岭路 9 号".to_owned(),
        active: true,
        created_at: app.app.clock.now(),
    };
    let mut tx = super::world::write(app).await;
    mashang::storage::sites::insert(&mut tx, &site).await.expect("a site");
    tx.commit().await.expect("a commit");
    let unit = app.seed.enterprises[0].0.to_string();
    let mut operator = world.signed_in("operator").await;
    operator.get(&format!("/console/signs/new?unit_kind=enterprise&unit={unit}")).await.expect(200, "二号厂区");
    let id = site.id.to_string();
    let fields = [("unit_kind", "enterprise"), ("unit", unit.as_str()), ("sign_site", id.as_str()), ("place", "大门")];
    operator.submit("/console/signs/issue", &fields).await.expect(200, "二号厂区 大门");
    let made = sign_of(app, 0).await;
    assert_eq!(made.site, Some(site.id.0));
    let sheet =
        mashang::storage::sign_prints::load(&mut super::world::read(app).await, &[made.id]).await.expect("read");
    assert_eq!((sheet[0].site_name.as_str(), sheet[0].address.as_str()), ("二号厂区", "长岭路 9 号"));
    let wrong = mashang::storage::signs::Spot { site: Some(uuid::Uuid::max()), ..spot(app, 0, "") };
    assert!(act!(app, issue_sign_at(wrong)).is_err());
    let elsewhere = mashang::storage::signs::Spot { site: Some(site.id.0), ..spot(app, 1, "") };
    assert!(act!(app, issue_sign_at(elsewhere)).is_err(), "a site of another enterprise");
}
