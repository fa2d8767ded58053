//! A sealed contact is opened with a reason, by two, for fifteen minutes, and the reporter is told.

use super::{audited, reported};
use crate::console::world::{World, input};
use chrono::TimeDelta;

const CONTACT: &str = "门卫老王 13900000000";
const WHY: [(&str, &str); 2] = [("reason", "verify"), ("contact_words", "要约时间看监控")];

#[tokio::test]
async fn a_contact_is_opened_by_two_for_fifteen_minutes_and_the_reporter_is_told() {
    let world = World::new().await;
    let (report, receipt) = reported(&world, &[]).await;
    let page = format!("/console/reports/{report}");
    let clock = &world.test.app.clock;
    let (mut asker, mut second) = (world.signed_in("reform").await, world.signed_in("discipline").await);
    let mut reporter = world.test.client();
    let told = async || world.test.client().post_form("/r", &[("receipt", &receipt)]).await.text();
    assert!(!asker.get(&page).await.expect(200, "已加密保存").text().contains(CONTACT));
    // Nothing without asking, without a reason, or alone.
    asker.post_form(&format!("{page}/contact/open"), &[]).await.expect(409, "已加密保存");
    let ask = format!("{page}/contact");
    asker.post_form(&ask, &[("reason", ""), ("contact_words", "x")]).await.expect(422, "请写明理由");
    asker.post_form(&ask, &[("reason", "verify"), ("contact_words", " ")]).await.expect(422, "请写明为什么需要");
    asker.submit(&ask, &WHY).await.expect(200, "等待另一名督查人员同意");
    // Rows of one instant have no order.
    clock.advance(TimeDelta::milliseconds(1));
    second.post_form(&ask, &WHY).await.expect(409, "要约时间看监控");
    second.get("/console/reports").await.expect(200, "等您同意打开联系方式");
    assert!(!asker.get("/console/reports").await.text().contains("等您同意打开联系方式"));
    let opening = input(&second.get(&page).await.expect(200, "要约时间看监控"), "opening");
    let decide = format!("{page}/contact/decide");
    asker.post_form(&decide, &[("opening", &opening), ("agree", "yes")]).await.expect(409, "等待另一名督查人员同意");
    asker.post_form(&format!("{page}/contact/open"), &[]).await.expect(409, "已加密保存");
    second.submit(&decide, &[("opening", &opening), ("agree", "yes")]).await.expect(200, "同意，24 小时内有效");
    second.post_form(&decide, &[("opening", &opening), ("agree", "no")]).await.expect(409, "24 小时内有效");
    assert!(!told().await.contains("打开了您留下的联系方式"), "agreeing opens nothing");
    second.post_form(&format!("{page}/contact/open"), &[]).await.expect(409, "已加密保存");
    clock.advance(TimeDelta::milliseconds(1));
    asker.submit(&format!("{page}/contact/open"), &[]).await.expect(200, CONTACT);
    // For the one who asked, and for fifteen minutes.
    assert!(!second.get(&page).await.text().contains(CONTACT));
    clock.advance(TimeDelta::minutes(15) - TimeDelta::milliseconds(1));
    asker.get(&page).await.expect(200, CONTACT);
    clock.advance(TimeDelta::milliseconds(1));
    assert!(!asker.get(&page).await.expect(200, "已于").text().contains(CONTACT));
    asker.post_form(&format!("{page}/contact/open"), &[]).await.expect(409, "已于");
    let answer = reporter.post_form("/r", &[("receipt", &receipt)]).await;
    answer.expect(200, "打开了您留下的联系方式。原因：需要向您核实情况");
    let actions = audited(&world, report.0).await;
    let contact: Vec<&str> = actions.iter().map(String::as_str).filter(|a| a.starts_with("contact.")).collect();
    assert_eq!(contact, ["contact.asked", "contact.approved", "contact.opened"]);
    // It may be asked for again, and refused.
    asker.submit(&ask, &WHY).await.expect(200, "等待另一名督查人员同意");
    let opening = input(&second.get(&page).await, "opening");
    second.submit(&decide, &[("opening", &opening), ("agree", "no")]).await.expect(200, "不同意");
    asker.post_form(&format!("{page}/contact/open"), &[]).await.expect(409, "不同意");
}

#[tokio::test]
async fn an_agreement_lapses_after_a_day() {
    let world = World::new().await;
    let (report, _) = reported(&world, &[]).await;
    let page = format!("/console/reports/{report}");
    for (hours, status) in [(24, 409), (23, 303)] {
        let (mut asker, mut second) = (world.signed_in("reform").await, world.signed_in("discipline").await);
        asker.submit(&format!("{page}/contact"), &WHY).await.expect(200, "等待");
        let opening = input(&second.get(&page).await, "opening");
        second
            .submit(&format!("{page}/contact/decide"), &[("opening", &opening), ("agree", "yes")])
            .await
            .expect(200, "");
        world.test.app.clock.advance(TimeDelta::hours(hours));
        let mut asker = world.signed_in("reform").await;
        assert_eq!(asker.post_form(&format!("{page}/contact/open"), &[]).await.status, status, "after {hours} hours");
    }
}
