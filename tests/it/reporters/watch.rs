//! The watch over enterprises that told something adverse: 180 days, for the discipline office alone.

use super::reported;
use crate::console::world::{FIRE, World};
use chrono::{NaiveDate, TimeDelta};
use mashang::domain::id::PolicyId;
use mashang::domain::policy::{Policy, PolicyVersion};
use mashang::storage::registries;
use uuid::Uuid;

#[tokio::test]
async fn an_adverse_report_is_watched_over_for_180_days_by_the_discipline_office_alone() {
    let world = World::new().await;
    let (report, receipt) = reported(&world, &[2]).await;
    let (plain, _) = reported(&world, &[]).await;
    let see = async |who: &str, path: &str| world.signed_in(who).await.get(path).await;
    let words = "青禾精密机械有限公司";
    let list = see("discipline", "/console/watch").await.expect(200, words).expect(200, FIRE);
    assert!(list.text().contains(&report.to_string()) && !list.text().contains(&plain.to_string()));
    see("discipline", "/console").await;
    see("discipline", &format!("/console/reports/{report}")).await.expect(200, "保护期到");
    let page = see("discipline", &format!("/console/reports/{plain}")).await.text();
    assert!(!page.contains("保护期到 "), "a report that is not adverse begins no watch");
    for who in ["reform", "fire", "operator", "admin"] {
        see(who, "/console/watch").await.expect(404, "没有找到");
    }
    assert!(!see("reform", "/console/reports").await.text().contains("保护期"), "it is in nobody else's navigation");
    let reform = see("reform", &format!("/console/reports/{report}")).await.text();
    assert!(!reform.contains("保护期"));
    let clock = &world.test.app.clock;
    clock.advance(TimeDelta::days(180));
    see("discipline", "/console/watch").await.expect(200, words);
    clock.advance(TimeDelta::days(1));
    see("discipline", "/console/watch").await.expect(200, "现在没有处在保护期的企业");
    clock.advance(TimeDelta::days(-181));
    world.test.client().post_form("/r/withdraw", &[("receipt", &receipt), ("sure", "yes")]).await.expect(200, "撤回");
    see("discipline", "/console/watch").await.expect(200, "现在没有处在保护期的企业");
}

#[tokio::test]
async fn the_watch_lasts_as_long_as_the_policy_in_force_says() {
    let world = World::new().await;
    let (report, _) = reported(&world, &[2]).await;
    let see = async |path: &str| world.signed_in("discipline").await.get(path).await;
    // The built-in policy has the rule switched off.
    see("/console/watch").await.expect(200, "180 天内").expect(200, "现在停用");
    let path = format!("/console/reports/{report}");
    see(&path).await.expect(200, "保护期到").expect(200, "现在停用");
    let mut policy = Policy::for_installation();
    policy.rules.ret_01.days = 30;
    let from = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
    let version = PolicyVersion::new(PolicyId(Uuid::from_u128(7)), from, policy);
    let clock = &world.test.app.clock;
    let mut tx = world.test.app.db.write().await.expect("a transaction");
    registries::insert_policy(&mut tx, &version, "", None, clock.now()).await.expect("a policy");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("a commit");
    let page = see("/console/watch").await.expect(200, "30 天内").expect(200, "青禾精密机械有限公司");
    assert!(!page.text().contains("现在停用") && !page.text().contains("180"));
    see(&path).await.expect(200, "保护期到").expect(200, "系统会报纪委监委");
    clock.advance(TimeDelta::days(30));
    see("/console/watch").await.expect(200, "青禾精密机械有限公司");
    clock.advance(TimeDelta::days(1));
    see("/console/watch").await.expect(200, "现在没有处在保护期的企业");
    assert!(!see(&path).await.text().contains("保护期到"));
}
