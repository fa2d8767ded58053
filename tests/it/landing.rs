//! What opens when a code is scanned or typed.

use crate::support::TestApp;
use chrono::{DateTime, TimeDelta, Utc};
use mashang::actions::{Actor, issue_sign, revoke_sign, rotate_sign};
use mashang::domain::id::EnterpriseId;
use mashang::domain::sign::UnitKind;
use mashang::storage::enterprises::{self, EnterpriseRecord};

#[tokio::test]
async fn the_landing_page_says_whose_code_it_is_and_what_day_it_is() {
    let app = TestApp::new().await;
    let page = app.client().get(&format!("/e/{}", app.token(0))).await;
    let page = page.expect(200, "青禾精密机械有限公司").expect(200, "3月3日（周二），今天可以检查");
    page.expect(200, "今天没有登记的检查").expect(200, "mashang.test").expect(200, "不收费");
    app.app.clock.set("2026-03-15T02:00:00Z".parse::<DateTime<Utc>>().expect("an instant"));
    let page = app.client().get(&format!("/e/{}", app.token(0))).await;
    page.expect(200, "3月15日（周日），今天是无扰日").expect(200, "最近的可检查日：3月24日（周二）");
}

#[tokio::test]
async fn a_code_with_one_wrong_character_is_told_from_an_unknown_one() {
    let app = TestApp::new().await;
    let token = app.token(0);
    let wrong = if token.starts_with('2') { "3" } else { "2" };
    let page = app.client().get(&format!("/e/{wrong}{}", &token[1..])).await;
    page.expect(404, "这个编号有字打错了").expect(404, "name=\"code\"");
    let unknown = app.app.service.ids.sign_token();
    app.client().get(&format!("/e/{}", unknown.as_str())).await.expect(404, "没有这个码");
    // An agency's code is not an enterprise's.
    let agency = &app.seed.agency_signs["青禾区应急管理局"].token;
    app.client().get(&format!("/e/{agency}")).await.expect(404, "没有这个码");
    app.client().get(&format!("/a/{agency}")).await.expect(200, "青禾区应急管理局");
}

#[tokio::test]
async fn a_replaced_code_opens_with_a_notice_for_30_days() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.expect("a transaction");
    let old = app.seed.enterprises[0].1.clone();
    let new = rotate_sign(&mut tx, &app.app.service, now, &Actor::System, old.id).await.expect("a new sign");
    tx.commit().await.expect("a commit");
    app.client().get(&format!("/e/{}", old.token)).await.expect(200, "这块码牌已更换，4月2日（周四） 以前还能用");
    app.app.clock.advance(TimeDelta::days(30));
    app.client().get(&format!("/e/{}", old.token)).await.expect(410, "这个码已经停用");
    app.client().get(&format!("/e/{}", new.token)).await.expect(200, "青禾精密机械有限公司");
}

#[tokio::test]
async fn a_revoked_code_does_not_open_and_lets_the_person_go_on() {
    let app = TestApp::new().await;
    let mut tx = app.app.db.write().await.expect("a transaction");
    let sign = app.seed.enterprises[0].1.clone();
    let now = app.app.clock.now();
    revoke_sign(&mut tx, &app.app.service, now, &Actor::System, sign.id, "码牌丢失").await.expect("revoked");
    tx.commit().await.expect("a commit");
    app.client().get(&format!("/e/{}", sign.token)).await.expect(410, "name=\"code\"");
}

#[tokio::test]
async fn a_code_of_an_enterprise_that_is_no_longer_in_use_says_how_to_go_on_at_every_door_of_filing() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let (landing, form) = (format!("/e/{}", app.token(0)), format!("/e/{}/file", app.token(0)));
    phone.get(&form).await.expect(200, "入企报备");
    let mut tx = app.app.db.write().await.expect("a transaction");
    let found = enterprises::get(&mut tx, app.seed.enterprises[0].0).await.expect("read").expect("an enterprise");
    enterprises::update(&mut tx, &EnterpriseRecord { active: false, ..found }).await.expect("deactivated");
    tx.commit().await.expect("a commit");
    for door in [&landing, &form] {
        phone.get(door).await.expect(410, "name=\"code\"");
    }
    phone.post_form(&form, &[("step", "send")]).await.expect(410, "name=\"code\"");
}

/// Both are read by one statement.
#[tokio::test]
async fn at_a_code_it_is_told_whether_the_phone_or_the_code_is_not_known() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let unknown = app.app.service.ids.sign_token();
    let agency = &app.seed.agency_signs["青禾区应急管理局"].token;
    let codes = [
        (app.token(0), 200, "青禾精密机械有限公司"),
        (unknown.as_str(), 404, "没有这个码"),
        (agency.as_str(), 404, "没有这个码"),
        ("0000", 404, "这个编号有字打错了"),
    ];
    for (code, status, words) in codes {
        let form = format!("/e/{code}/file");
        phone.get(&form).await.expect(status, words);
        let stranger = app.client().get(&form).await.location();
        assert!(stranger.starts_with("/enrol?next="), "{code}: {stranger}");
    }
    let mut tx = app.app.db.write().await.expect("a transaction");
    tx.execute("UPDATE devices SET revoked_at = created_at", &[]).await.expect("revoked");
    tx.commit().await.expect("a commit");
    for (code, ..) in codes {
        let to = phone.get(&format!("/e/{code}/file")).await.location();
        assert!(to.starts_with("/enrol?next="), "{code}: {to}");
    }
}

#[tokio::test]
async fn a_typed_short_code_or_name_leads_on() {
    let app = TestApp::new().await;
    let sign = &app.seed.enterprises[0].1;
    let typed = sign.short_code.to_lowercase();
    let to = app.client().get(&format!("/go?code={}-{}", &typed[..4], &typed[4..])).await.location();
    assert_eq!(to, format!("/e/{}", sign.token));
    let swapped = format!("{}{}{}", &typed[1..2], &typed[..1], &typed[2..]);
    if swapped != typed {
        let page = app.client().get(&format!("/go?code={swapped}")).await.expect(404, "这个编号有字打错了");
        page.expect(404, &format!("value=\"{swapped}\"")).expect(404, "编号、信用代码或企业名称");
    }
    let found = app.client().get("/go?code=%E7%A6%BE%E5%91%B3").await.expect(200, "禾味食品厂");
    found.expect(200, &format!("/e/{}", app.token(1)));
    app.client().get("/go?code=%E6%B2%A1%E6%9C%89").await.expect(200, "没有找到“没有”").expect(200, "value=\"没有\"");
    app.client().get("/go?code=%BC").await.expect(400, "读不出来");
}

#[tokio::test]
async fn a_pasted_link_or_a_credit_code_with_a_slip_leads_on() {
    let app = TestApp::new().await;
    let go = |typed: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("code", typed).finish();
        format!("/go?{query}")
    };
    let (token, agency) = (app.token(0), &app.seed.agency_signs["青禾区应急管理局"].token);
    for link in [
        format!("https://mashang.test/e/{token}"),
        format!(" http://old.example:8443/e/{token}/file?from=1#top "),
        format!("请打开 https://mashang.test/e/{} 谢谢", token.to_lowercase()),
        format!("mashang.test/e/{token}/"),
        format!("/e/{token}"),
    ] {
        assert_eq!(app.client().get(&go(&link)).await.location(), format!("/e/{token}"), "{link}");
    }
    let link = format!("https://mashang.test/a/{agency}");
    assert_eq!(app.client().get(&go(&link)).await.location(), format!("/a/{agency}"));
    let code = app.app.service.ids.inspection_code();
    let link = format!("https://mashang.test/i/{}", code.as_str());
    assert_eq!(app.client().get(&go(&link)).await.location(), format!("/i/{}", code.as_str()));
    let unknown = app.app.service.ids.sign_token();
    app.client().get(&go(&format!("https://mashang.test/e/{}", unknown.as_str()))).await.expect(404, "没有这个码");
    app.client().get(&go("https://mashang.test/e/NONSENSE")).await.expect(404, "这个编号有字打错了");
    app.client().get(&go("https://mashang.test/calendar")).await.expect(200, "没有找到");

    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.expect("a transaction");
    let named = enterprises::get(&mut tx, app.seed.enterprises[0].0).await.expect("read").expect("an enterprise");
    let id = EnterpriseId(app.app.service.ids.uuid(now));
    let uscc = "91500107MAYPBPC761".to_owned();
    let record =
        EnterpriseRecord { id, uscc, name: "长岭商贸有限公司".to_owned(), search: String::new(), ..named };
    enterprises::insert(&mut tx, &record).await.expect("an enterprise");
    issue_sign(&mut tx, &app.app.service, now, &Actor::System, (UnitKind::Enterprise, id.0)).await.expect("a sign");
    tx.commit().await.expect("a commit");
    for typed in
        ["91500107MAYPBPC761", "915OO1O7MAYPBPC761", "９１５ｏｏ１ｏ７ ＭＡＹＰＢＰＣ７６１", "915001-07MAYPBPC76l"]
    {
        app.client().get(&go(typed)).await.expect(200, "长岭商贸有限公司");
        let suggested = go(typed).replace("/go?code=", "/go/suggest?q=");
        app.client().get(&suggested).await.expect(200, "长岭商贸有限公司");
    }
}

#[tokio::test]
async fn an_agency_s_code_leads_to_enrolment_or_to_the_form() {
    let app = TestApp::new().await;
    let path = format!("/a/{}", app.seed.agency_signs["青禾区消防救援大队"].token);
    app.client().get(&path).await.expect(200, "登记这部手机");
    app.inspector("陈小明").await.get(&path).await.expect(200, "陈小明，您好");
    app.inspector("王强").await.get(&path).await.expect(200, "登记在别的单位");
}
