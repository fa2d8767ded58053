//! Deciding, filtering and paging; linking by hand; policy versions; signs.

use super::world::{FIRE, MARKET, World, input};
use mashang::domain::filing::Kind;
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::storage::{reports, signs};

/// The count behind the label of a tab.
fn tab(page: &str, label: &str) -> i64 {
    let rest = page.split(&format!(">{label} <span class=\"count")).nth(1).unwrap_or_else(|| panic!("no tab {label}"));
    rest.split('>').nth(1).and_then(|rest| rest.split('<').next()).and_then(|n| n.parse().ok()).expect("a count")
}

#[tokio::test]
async fn a_confirmed_violation_moves_from_suspected_to_confirmed() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    let mut client = world.signed_in("reform").await;
    let before = client.get("/console/violations").await.expect(200, "青禾精密机械有限公司").text();
    let path = format!("/console/violations/{}", violation.id);
    let page =
        client.get(&path).await.expect(200, "检查时段涉及无扰日：3月15日（周日）").expect(200, "每月 8–23 日为无扰日");
    let version = input(&page, "version");
    client
        .submit(&format!("{path}/confirm"), &[("version", &version), ("note", "属实")])
        .await
        .expect(200, "周敏于")
        .expect(200, "属实")
        .expect(200, "周敏 认定");
    let after = client.get("/console/violations").await.text();
    assert_eq!(tab(&after, "需要决定"), tab(&before, "需要决定") - 1);
    assert_eq!((tab(&before, "已认定"), tab(&after, "已认定")), (0, 1));
}

#[tokio::test]
async fn a_dismissal_needs_a_reason_and_words_and_keeps_what_was_typed() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    let mut client = world.signed_in("reform").await;
    let path = format!("/console/violations/{}/dismiss", violation.id);
    let version = violation.version.to_string();
    client
        .post_form(&path, &[("version", &version), ("dismissal", ""), ("details", "上级来电核实")])
        .await
        .expect(422, "请选择排除原因")
        .expect(422, "上级来电核实")
        .expect(422, "<title>错误：");
    client
        .post_form(&path, &[("version", &version), ("dismissal", "facts"), ("details", " ")])
        .await
        .expect(422, "请写明具体情况");
    client
        .post_form(&path, &[("version", &version), ("dismissal", "made-up"), ("details", "x")])
        .await
        .expect(422, "错误");
    let still = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    assert_eq!((still.state, still.version), (ViolationState::Suspected, violation.version));
    client
        .submit(&path, &[("version", &version), ("dismissal", "facts"), ("details", "日期录错")])
        .await
        .expect(200, "登记的数据有误：日期录错");
}

#[tokio::test]
async fn the_second_of_two_supervisors_is_told() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    let path = format!("/console/violations/{}", violation.id);
    let (mut first, mut second) = (world.signed_in("reform").await, world.signed_in("discipline").await);
    let seen = input(&second.get(&path).await, "version");
    first.submit(&format!("{path}/confirm"), &[("version", &seen), ("note", "")]).await.expect(200, "已认定");
    let sent = [("version", seen.as_str()), ("dismissal", "rule"), ("details", "不适用")];
    second.post_form(&format!("{path}/dismiss"), &sent).await.expect(409, "您的决定没有保存").expect(409, "周敏于");
    let kept = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    assert_eq!(kept.state, ViolationState::Confirmed);
}

#[tokio::test]
async fn filters_live_in_the_url_and_pages_hold_each_violation_once() {
    let world = World::new().await;
    for day in 8..=23 {
        world.file_as(FIRE, &format!("04-{day:02} 10:00"), Kind::Clue).await;
        world.file_as(MARKET, &format!("05-{day:02} 10:00"), Kind::Clue).await;
    }
    let mut client = world.signed_in("reform").await;
    let fire = world.test.seed.agencies[FIRE];
    let first = client.get(&format!("/console/violations?rule=NDD-01&agency={fire}&from=2026-03-03")).await;
    let text = first.expect(200, "需要决定").text();
    assert_eq!(tab(&text, "需要决定"), 16);
    assert_eq!(text.matches("href=\"/console/violations/").count(), 16);
    client.get("/console/violations?rule=NDD-01&to=2026-03-02").await.expect(200, "没有符合筛选条件的记录");
    client.get("/console/violations?q=qhjm&severity=3").await.expect(200, "没有符合筛选条件的记录");

    let mut path = "/console/violations?rule=NDD-01".to_owned();
    let mut seen = std::collections::BTreeSet::new();
    let mut pages = 0;
    while !path.is_empty() {
        let text = client.get(&path).await.expect(200, "疑似违规").text();
        let links: Vec<&str> = text.split("href=\"/console/violations/").skip(1).map(|rest| &rest[..36]).collect();
        assert!(links.len() <= 25 && links.iter().all(|id| seen.insert((*id).to_owned())), "twice on {path}");
        pages += 1;
        path = text
            .split("rel=\"next\"")
            .next()
            .filter(|_| text.contains("rel=\"next\""))
            .and_then(|before| before.rsplit("href=\"").next())
            .and_then(|rest| rest.split('"').next())
            .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
            .unwrap_or_default();
        assert!(path.is_empty() || path.contains("rule=NDD-01"), "the filter goes along: {path}");
    }
    assert_eq!((seen.len(), pages), (32, 2));
    for nonsense in [
        "after=x",
        "after=2.1.1",
        "after=3.-1.00000000-0000-7000-8000-000000000000",
        "severity=9",
        "from=0",
        "q=%00",
        "tab=%FF",
    ] {
        client.get(&format!("/console/violations?{nonsense}")).await.expect(200, "疑似违规");
    }
}

#[tokio::test]
async fn a_report_without_agency_is_linked_by_hand_and_opening_it_is_audited() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-03 14:00").await;
    let report = world.report(None, "03-03 09:30", &[]).await;
    let mut client = world.signed_in("reform").await;
    let path = format!("/console/reports/{report}");
    let later = || world.test.app.clock.advance(chrono::TimeDelta::seconds(1));
    later();
    let page = client.get(&path).await.expect(200, "穿制服的").expect(200, FIRE);
    let version = input(&page, "version");
    let id = filing.to_string();
    later();
    client
        .submit(&format!("{path}/link"), &[("version", &version), ("filing", &id), ("link_reason", "人数相同")])
        .await
        .expect(200, "有对应报备");
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let stored = reports::get(&mut tx, report).await.expect("read").expect("a report");
    assert_eq!((stored.report.linked_filing, stored.matched_filing), (Some(filing), Some(filing)));
    let audit = mashang::storage::audit::by_object(&mut tx, report.0).await.expect("read");
    let actions: Vec<&str> = audit.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions[..2], ["report.accepted", "report.viewed"]);
    assert!(actions[2..].contains(&"report.linked") && actions.len() == 4, "{actions:?}");
    drop(tx);
    client
        .post_form(&format!("{path}/link"), &[("version", &version), ("filing", ""), ("link_reason", "认错了")])
        .await
        .expect(409, "情况有了变化");
}

#[tokio::test]
async fn a_policy_version_begins_tomorrow_at_the_earliest_and_past_verdicts_stay() {
    let world = World::new().await;
    let before = world.file(FIRE, "02-15 10:00").await;
    let mut client = world.signed_in("admin").await;
    let page = client.get("/console/policy/new").await.expect(200, "新增版本").text();
    let mut fields: Vec<(String, String)> = Vec::new();
    for tag in page.split('<').filter(|tag| tag.starts_with("input")) {
        let attribute = |name: &str| tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let ticked = !matches!(attribute("type"), Some("checkbox" | "radio")) || tag.contains(" checked");
        if let (Some(name), true) =
            (attribute("name").filter(|name| !matches!(*name, "back" | "care" | "lang")), ticked)
        {
            fields.push((name.to_owned(), attribute("value").unwrap_or_default().to_owned()));
        }
    }
    let with = |changes: &[(&str, &str)]| -> Vec<(String, String)> {
        let mut all = fields.clone();
        all.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        all.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all
    };
    let today = with(&[("effective_from", "2026-03-03"), ("note", "试"), ("ranges", "1-5")]);
    send(&mut client, &today).await.expect(422, "生效日期要在今天以后");
    let wrong = with(&[("effective_from", "2026-03-04"), ("note", ""), ("ranges", "0-40"), ("dup_01_days", "x")]);
    send(&mut client, &wrong).await.expect(422, "请写明修改原因");
    let right = with(&[
        ("effective_from", "2026-03-04"),
        ("note", "渝字〔2026〕1号"),
        ("ranges", "24-26"),
        ("dup_01_days", "45"),
    ]);
    let to = send(&mut client, &right).await.location();
    client
        .get(&to)
        .await
        .expect(200, "每月 24–26 日为无扰日")
        .expect(200, "45 天内不得重复")
        .expect(200, "渝字〔2026〕1号");
    let after = world.file(MARKET, "04-15 10:00").await;
    let hit = world.file(MARKET, "04-24 10:00").await;
    world.violation(RuleCode::Ndd01, Subject::Filing(hit)).await;
    let mut tx = world.test.app.db.read().await.expect("a connection");
    for (filing, expected) in [(before, true), (after, false)] {
        let found = mashang::storage::violations::by_subject(&mut tx, Subject::Filing(filing)).await.expect("read");
        let stands = found.iter().any(|v| v.rule == RuleCode::Ndd01 && v.state == ViolationState::Suspected);
        assert_eq!(stands, expected);
    }
}

#[tokio::test]
async fn a_code_is_rotated_with_grace_and_revoked_with_a_reason() {
    let world = World::new().await;
    let (enterprise, old) = &world.test.seed.enterprises[0];
    let mut client = world.signed_in("operator").await;
    let page = client.submit(&format!("/console/signs/{}/rotate", old.id), &[]).await.expect(200, "前仍可扫开");
    page.expect(200, "第 2 版");
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let newest = signs::of_unit(&mut tx, enterprise.0).await.expect("read").remove(0);
    drop(tx);
    assert_ne!(newest.token, old.token);
    let path = format!("/console/signs/{}/revoke", newest.id);
    let page = client.post_form(&path, &[("reason", "")]).await.expect(422, "<title>错误：").expect(422, "请写明理由");
    page.expect(422, "id=\"reason-e\"").expect(422, &format!("action=\"{path}\""));
    client.submit(&path, &[("reason", "张贴时遗失")]).await.expect(200, "作废原因：张贴时遗失");
    client.post_form(&path, &[("reason", "又一次")]).await.expect(409, "现在的状态不能这样做");
    client
        .post_form("/console/signs/issue", &[("unit_kind", "enterprise"), ("unit", &enterprise.to_string())])
        .await
        .location();
    client.get(&format!("/console/enterprises/{enterprise}")).await.expect(200, "第 3 版");
}

#[tokio::test]
async fn the_code_that_is_downloaded_opens_the_enterprise_s_page() {
    let world = World::new().await;
    let (_, sign) = &world.test.seed.enterprises[0];
    let mut client = world.signed_in("operator").await;
    for medium in ["screen", "paper", "outdoor"] {
        let png = client.get(&format!("/console/signs/{}/code.png?medium={medium}", sign.id)).await;
        let image = image::load_from_memory(&png.bytes).expect("a picture").to_luma8();
        let small = image::imageops::resize(&image, 354, 354, image::imageops::FilterType::Triangle);
        let mut prepared = rqrr::PreparedImage::prepare(small);
        let read: Vec<String> =
            prepared.detect_grids().iter().filter_map(|g| g.decode().ok()).map(|(_, text)| text).collect();
        assert_eq!(read, [format!("http://mashang.test/e/{}", sign.token)], "{medium}");
        let path = read[0].trim_start_matches("http://mashang.test");
        world.test.client().get(path).await.expect(200, "青禾精密机械有限公司");
    }
}

#[tokio::test]
async fn an_invite_of_the_liaison_enrols_the_inspector() {
    let world = World::new().await;
    let inspector = world.test.seed.inspectors["陈小明"];
    let mut liaison = world.signed_in("fire").await;
    let page = liaison
        .post_form(&format!("/console/inspectors/{inspector}/invite"), &[])
        .await
        .expect(200, "data:image/svg+xml;base64,");
    let text = page.text();
    let link =
        text.split("http://mashang.test").nth(1).and_then(|rest| rest.split('<').next()).expect("a link").to_owned();
    let mut phone = world.test.client();
    phone.post_form(&link, &[("pin", "135790"), ("pin_again", "135790")]).await.location();
    let path = format!("/console/inspectors/{inspector}");
    liaison.submit(&format!("{path}/suspend"), &[("suspended", "yes")]).await.expect(200, "暂扣</span>");
    let filing = world.file(FIRE, "03-25 10:00").await;
    world.violation(RuleCode::Per02, Subject::Filing(filing)).await;
    liaison.post_form(&format!("{path}/suspend"), &[("suspended", "yes")]).await.expect(409, "现在的状态不能这样做");
}

async fn send(client: &mut crate::support::Client, fields: &[(String, String)]) -> crate::support::Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post_form("/console/policy/new", &fields).await
}
