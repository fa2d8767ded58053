//! Verifying a visitor: the enterprise's page, the four digits, the inspection code, the confirmation and the rating.

use crate::enterprise_world::{World, at};
use chrono::TimeDelta;
use mashang::actions::{Actor, Target, arrive, leave};
use mashang::domain::exemption::ExemptionCode;
use mashang::storage::filings::Scope;
use mashang::storage::ratings;

#[tokio::test]
async fn the_desk_shows_today_s_registrations_with_names_in_part() {
    let world = World::new().await;
    let mut client = world.app.client();
    client.get(&world.path("/enterprise")).await.expect(200, "今天没有登记的检查");
    world.file(world.fire, at("03-03 14:00"), None).await;
    world.file(world.market, at("03-05 09:00"), None).await;
    let page = client.get(&world.path("/enterprise")).await;
    let page = page.expect(200, "区消防救援大队").expect(200, "消防安全检查").expect(200, "陈**").expect(200, "…0101");
    let text = page.expect(200, "3月3日（周二）14:00–16:00").text();
    assert!(!text.contains("陈小明") && !text.contains("XF-000101"), "names and numbers are shown in part");
    assert!(!text.contains("<h3>区市场监督管理局"), "another day's filing is not today's");
}

#[tokio::test]
async fn the_four_digits_lead_to_the_inspection_and_wrong_ones_help() {
    let world = World::new().await;
    let filing = world.file(world.fire, at("03-03 14:00"), None).await;
    let mut client = world.app.client();
    let path = world.path("/confirm");
    let to = client.post_form(&path, &[("digits", &filing.arrival_pin)]).await.location();
    assert_eq!(to, format!("/i/{}", filing.inspection_code));
    let wrong = if filing.arrival_pin == "0000" { "0001" } else { "0000" };
    client.post_form(&path, &[("digits", "")]).await.expect(422, "请填写四位数字");
    client.post_form(&path, &[("digits", "12a4")]).await.expect(422, "value=\"12a4\"");
    for _ in 0..5 {
        client.post_form(&path, &[("digits", wrong)]).await.expect(422, "今天的登记里没有这四位数字");
    }
    client.post_form(&path, &[("digits", &filing.arrival_pin)]).await.expect(422, "试的次数太多");
    assert!(world.filing(filing.filing.id).await.presence_confirmed_at.is_none(), "looking confirms nothing");
}

#[tokio::test]
async fn digits_of_visitors_who_left_today_are_told_from_unknown_ones() {
    let world = World::new().await;
    let filing = world.file(world.fire, at("03-03 14:00"), None).await;
    let app = &world.app.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let target = Target { id: filing.filing.id, scope: Scope::All, version: None, actor: &Actor::System };
    arrive(&mut tx, &app.service, at("03-03 14:00"), target).await.expect("arrived");
    let target = Target { id: filing.filing.id, scope: Scope::All, version: None, actor: &Actor::System };
    leave(&mut tx, &app.service, at("03-03 15:20"), target).await.expect("left");
    tx.commit().await.expect("a commit");
    app.clock.set(at("03-03 15:21"));
    let mut client = world.app.client();
    let page = client.post_form(&world.path("/confirm"), &[("digits", &filing.arrival_pin)]).await;
    let page = page.expect(422, "今天 15:20 已经离开").text();
    assert!(!page.contains("今天的登记里没有这四位数字") && !page.contains("陈小明"));
    app.clock.set(at("03-04 09:00"));
    let page = client.post_form(&world.path("/confirm"), &[("digits", &filing.arrival_pin)]).await;
    page.expect(422, "今天的登记里没有这四位数字");
}

#[tokio::test]
async fn visits_of_one_day_that_are_to_be_rated_read_apart() {
    let world = World::new().await;
    world.file(world.fire, at("03-03 11:00"), None).await;
    world.file(world.market, at("03-03 15:00"), None).await;
    let mut client = world.app.client();
    // While the desk shows them, their agencies are no secret; afterwards strangers read the time alone.
    for (now, names) in [("03-03 20:00", true), ("03-04 09:00", false)] {
        world.app.app.clock.set(at(now));
        let desk = client.get(&world.path("/enterprise")).await.expect(200, "请评价来过的检查").text();
        let all: Vec<&str> = desk.split("href=\"").filter(|part| part.contains("/rate/")).collect();
        assert_eq!(all.len(), 2, "{desk}");
        for (part, time, agency) in [(all[0], "15:00", "区市场监督管理局"), (all[1], "11:00", "区消防救援大队")]
        {
            let path = part.split('"').next().expect("a path");
            let page = client.get(path).await.expect(200, &format!("3月3日（周二）{time}")).text();
            for shown in [part, &page] {
                assert!(shown.contains(time) && shown.contains(agency) == names, "{now}: {shown}");
            }
        }
    }
}

#[tokio::test]
async fn the_inspection_code_shows_everything_and_the_enterprise_confirms_once() {
    let world = World::new().await;
    let filing = world.file(world.fire, at("03-03 14:00"), Some(ExemptionCode::E05)).await;
    let mut client = world.app.client();
    let path = format!("/i/{}", filing.inspection_code);
    for words in [
        "这是登记过的检查",
        "青禾精密机械有限公司",
        "区消防救援大队",
        "消防安全检查",
        "《消防法》第五十三条",
        "陈小明",
        "XF-000101",
        "证件有效",
        "上级部署或交办",
        "今年已登记 1 次检查",
        "是这些人，已经到了",
    ] {
        client.get(&path).await.expect(200, words);
    }
    // Small letters and hyphens are forgiven.
    client.get(&format!("/i/{}", filing.inspection_code.to_lowercase())).await.expect(200, "陈小明");
    client.submit(&format!("{path}/here"), &[]).await.expect(200, "您已确认人到了：3月3日（周二）10:00");
    world.app.app.clock.advance(TimeDelta::minutes(5));
    let page = client.submit(&format!("{path}/here"), &[]).await.expect(200, "3月3日（周二）10:00");
    assert!(!page.text().contains("是这些人，已经到了"));
    assert_eq!(world.filing(filing.filing.id).await.presence_confirmed_at, Some(at("03-03 10:00")));
}

#[tokio::test]
async fn a_code_of_another_day_cancelled_or_unknown_says_so() {
    let world = World::new().await;
    let mut client = world.app.client();
    let later = world.file(world.fire, at("03-05 14:00"), None).await;
    let path = format!("/i/{}", later.inspection_code);
    let page = client.get(&path).await.expect(200, "登记的是另一天");
    assert!(!page.text().contains("是这些人，已经到了"));
    client.submit(&format!("{path}/here"), &[]).await.expect(200, "登记的是另一天");
    assert!(world.filing(later.filing.id).await.presence_confirmed_at.is_none());
    world.app.app.clock.set(at("03-06 09:00"));
    client.get(&path).await.expect(200, "这个检查码过期了");
    let cancelled = world.file(world.market, at("03-06 14:00"), None).await;
    world.cancel(cancelled.filing.id).await;
    client.get(&format!("/i/{}", cancelled.inspection_code)).await.expect(200, "这次检查已经取消");
    client.get(&world.path("/enterprise")).await.expect(200, "已取消");
    // One mistyped character, a letter that no code has, too few, well formed but nobody's.
    let mut mistyped = later.inspection_code.clone();
    let last = if mistyped.ends_with('A') { "B" } else { "A" };
    mistyped.replace_range(12.., last);
    client.get(&format!("/i/{mistyped}")).await.expect(404, "有一个字可能抄错了");
    client.get(&format!("/i/{}O", &later.inspection_code[..12])).await.expect(404, "检查码里没有“O”");
    client.get(&format!("/i/{}", &later.inspection_code[..9])).await.expect(404, "这里有 9 位");
    client.get("/i/2222222222222").await.expect(404, "没有登记过这个检查码");
    assert_eq!(client.get(&format!("/i?code={}", later.inspection_code.to_lowercase())).await.location(), path);
}

#[tokio::test]
async fn a_no_disturb_day_is_said_with_or_without_a_reason() {
    let world = World::new().await;
    world.app.app.clock.set(at("03-10 08:00"));
    let mut client = world.app.client();
    let plain = world.file(world.fire, at("03-10 14:00"), None).await;
    client.get(&format!("/i/{}", plain.inspection_code)).await.expect(200, "登记在无扰日，没有写例外理由");
    let exempt = world.file(world.market, at("03-10 14:00"), Some(ExemptionCode::E05)).await;
    let page = client.get(&format!("/i/{}", exempt.inspection_code)).await.expect(200, "登记在无扰日，写了例外理由");
    page.expect(200, "今年已登记 2 次检查");
}

#[tokio::test]
async fn a_visit_is_rated_once_and_nobody_can_find_out_by_trying() {
    let world = World::new().await;
    let filing = world.file(world.fire, at("03-03 14:00"), None).await;
    let mut client = world.app.client();
    let path = format!("/i/{}", filing.inspection_code);
    let rate = format!("{path}/rate");
    assert_eq!(client.get(&rate).await.location(), path, "nothing to rate before they came");
    client.post_form(&format!("{path}/here"), &[]).await.location();
    client.get(&rate).await.expect(200, "亲近度");
    let page = client.post_form(&rate, &[("closeness", "4"), ("integrity", "6")]).await;
    let page = page.expect(422, "这一项填得不对").expect(422, "请给满意度选一个分数");
    assert!(page.text().contains("name=\"closeness\" value=\"4\" checked"), "what was chosen is kept");
    let before = client.get(&path).await.text();
    let marks = [("closeness", "4"), ("integrity", "5"), ("satisfaction", "3")];
    let first = client.post_form(&rate, &marks).await.expect(200, "谢谢您的评价").text();
    let again = client.post_form(&rate, &[("closeness", "1"), ("integrity", "1"), ("satisfaction", "1")]).await;
    assert_eq!(again.text(), first);
    assert_eq!(client.get(&path).await.text(), before, "the page of the inspection does not tell that it was rated");
    let mut tx = world.app.app.db.read().await.expect("a connection");
    let stored = ratings::get(&mut tx, filing.filing.id).await.expect("read").expect("a rating");
    assert_eq!((stored.closeness, stored.integrity, stored.satisfaction), (4, 5, 3));
}
