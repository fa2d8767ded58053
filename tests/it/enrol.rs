//! Enrolling a phone and opening it again.

use crate::support::{TestApp, seed};
use chrono::TimeDelta;

#[tokio::test]
async fn an_invite_is_shown_by_get_and_used_up_by_post() {
    let app = TestApp::new().await;
    let invite = seed::invite(&app, app.seed.inspectors["陈小明"]).await;
    let mut phone = app.client();
    for _ in 0..2 {
        phone.get(&invite).await.expect(200, "陈小明").expect(200, "XF-001");
    }
    let to = phone.post_form(&invite, &[("pin", "135790"), ("pin_again", "135790")]).await.location();
    assert_eq!(to, "/my");
    app.client().get(&invite).await.expect(410, "这个邀请不能用了");
    app.client()
        .post_form(&invite, &[("pin", "135790"), ("pin_again", "135790")])
        .await
        .expect(410, "这个邀请不能用了");
    phone.get(&format!("/e/{}/file", app.token(0))).await.expect(200, "入企报备");
}

#[tokio::test]
async fn an_invite_runs_out_after_72_hours() {
    let app = TestApp::new().await;
    let invite = seed::invite(&app, app.seed.inspectors["陈小明"]).await;
    app.app.clock.advance(TimeDelta::hours(72) - TimeDelta::seconds(1));
    app.client().get(&invite).await.expect(200, "陈小明");
    app.app.clock.advance(TimeDelta::seconds(1));
    app.client().get(&invite).await.expect(410, "这个邀请不能用了");
}

#[tokio::test]
async fn a_bad_pin_leaves_the_invite_as_it_was() {
    let app = TestApp::new().await;
    let invite = seed::invite(&app, app.seed.inspectors["陈小明"]).await;
    let mut phone = app.client();
    phone.post_form(&invite, &[("pin", "111111"), ("pin_again", "111111")]).await.expect(422, "太容易猜");
    phone.post_form(&invite, &[("pin", "135790"), ("pin_again", "135791")]).await.expect(422, "不一样");
    phone.get(&invite).await.expect(200, "陈小明");
}

#[tokio::test]
async fn a_phone_that_rested_asks_for_the_pin_and_wrong_ones_cost_time() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let form = format!("/e/{}/file", app.token(0));
    app.app.clock.advance(TimeDelta::hours(13));
    let pin = phone.get(&form).await.location();
    assert!(pin.starts_with("/pin?next="), "{pin}");
    phone.get(&pin).await.expect(200, "陈小明");
    for _ in 0..5 {
        phone.post_form("/pin", &[("pin", "000001"), ("next", &form)]).await.expect(422, "PIN 码不对");
    }
    phone.post_form("/pin", &[("pin", "135790"), ("next", &form)]).await.expect(429, "PIN 码输错的次数太多");
    app.app.clock.advance(TimeDelta::minutes(1));
    let to = phone.post_form("/pin", &[("pin", "135790"), ("next", &form)]).await.location();
    assert_eq!(to, form);
    phone.get(&form).await.expect(200, "入企报备");
}

#[tokio::test]
async fn wrong_pins_on_a_stolen_phone_hold_up_neither_the_other_one_nor_a_new_one() {
    let app = TestApp::new().await;
    let mut stolen = app.inspector("陈小明").await;
    let mut own = app.inspector("陈小明").await;
    for _ in 0..5 {
        stolen.post_form("/pin", &[("pin", "000001"), ("next", "/my")]).await.expect(422, "PIN 码不对");
    }
    stolen.post_form("/pin", &[("pin", "135790"), ("next", "/my")]).await.expect(429, "PIN 码输错的次数太多");
    own.post_form("/pin", &[("pin", "135790"), ("next", "/my")]).await.location();
    // That the owner was right gives the thief no new tries.
    stolen.post_form("/pin", &[("pin", "135790"), ("next", "/my")]).await.expect(429, "PIN 码输错的次数太多");
    let mut new = app.inspector("陈小明").await;
    new.post_form("/pin", &[("pin", "135790"), ("next", "/my")]).await.location();
}

#[tokio::test]
async fn after_the_pin_nobody_is_led_off_this_site() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let to = phone.post_form("/pin", &[("pin", "135790"), ("next", next)]).await.location();
        assert_eq!(to, "/my");
    }
}

#[tokio::test]
async fn an_unknown_phone_is_told_how_to_enrol() {
    let app = TestApp::new().await;
    let to = app.client().get(&format!("/e/{}/file", app.token(0))).await.location();
    app.client().get(&to).await.expect(200, "这部手机还没有登记");
}
