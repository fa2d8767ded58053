//! Undoing an import within a day, and deactivating what a file does not have.

use super::{HEADER, Office, row};
use chrono::TimeDelta;
use mashang::domain::import::ImportState;
use mashang::storage::{audit, registries};

#[tokio::test]
async fn an_undo_puts_back_deactivates_and_names_what_was_changed_since() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}{}", row(1, "甲公司", "陶家镇"), row(2, "乙公司", ""))).await;
    let both =
        format!("{HEADER}{}{}{}", row(1, "甲公司", "二郎街道"), row(2, "乙公司", "二郎街道"), row(3, "丙公司", ""));
    let page = office.import("enterprises", &both).await;
    office.import("enterprises", &format!("{HEADER}{}", row(2, "乙公司", "石桥铺街道"))).await;
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    office.browser.get(&page).await.expect(200, "恢复 2 条；1 条之后又有改动").expect(200, "乙公司");
    assert_eq!(office.enterprise(1).await.expect("stored").town, "陶家镇");
    assert_eq!(office.enterprise(2).await.expect("stored").town, "石桥铺街道", "somebody else's change stays");
    assert!(!office.enterprise(3).await.expect("never deleted").active);
    let record = office.record(&page).await;
    assert_eq!(record.state, ImportState::Undone);
    let mut tx = office.world.test.app.db.read().await.expect("a connection");
    let rows = audit::by_object(&mut tx, record.id).await.expect("audit");
    assert!(rows.iter().any(|row| row.action == "registry.import_undone" && row.detail["kept"] == 1));
    drop(tx);
    // What was deactivated comes back with the next file that has it.
    let again = office.sent("enterprises", &format!("{HEADER}{}", row(3, "丙公司", ""))).await;
    office.browser.get(&again).await.expect(200, "<del>停用</del> → <ins>在用</ins>");
    office.confirm(&again, &[]).await.location();
    assert!(office.enterprise(3).await.expect("stored").active);
}

#[tokio::test]
async fn an_import_can_be_undone_until_a_day_has_passed() {
    let mut office = Office::new().await;
    let text = |number| format!("{HEADER}{}", row(number, "甲公司", ""));
    let (early, late) = (office.import("enterprises", &text(1)).await, office.import("enterprises", &text(2)).await);
    let clock = office.world.test.app.clock.clone();
    clock.advance(TimeDelta::hours(24) - TimeDelta::milliseconds(1));
    // A session does not last a day without being used.
    office.browser = office.world.signed_in("operator").await;
    office.browser.post_form(&format!("{early}/undo"), &[]).await.location();
    clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(office.browser.post_form(&format!("{late}/undo"), &[]).await.status, 409);
    let page = office.browser.get(&late).await.expect(200, "已导入").text();
    assert!(!page.contains("撤销这次导入"));
    assert!(office.enterprise(2).await.expect("stored").active);
}

#[tokio::test]
async fn the_absent_are_deactivated_only_by_a_tick_and_their_number() {
    let mut office = Office::new().await;
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", ""))).await;
    office.browser.get(&page).await.expect(200, "名录里还有 3 条不在文件里");
    office.confirm(&page, &[("absent_count", "3")]).await.location();
    assert_eq!(office.record(&page).await.counts.deactivated, 0, "a number without a tick is no wish");
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    for typed in ["", "2", "4", "三"] {
        let fields = [("absent", "yes"), ("absent_count", typed)];
        office.confirm(&page, &fields).await.expect(422, "条数不一致");
    }
    let fields = [("absent", "yes"), ("absent_count", "3")];
    office.confirm(&page, &fields).await.location();
    assert_eq!(office.record(&page).await.counts.deactivated, 3);
    let active = async |office: &Office| {
        let mut tx = office.world.test.app.db.read().await.expect("a connection");
        let mut active = 0;
        for id in office.seeded() {
            active += usize::from(
                mashang::storage::enterprises::get(&mut tx, id).await.expect("read").expect("never deleted").active,
            );
        }
        active
    };
    assert_eq!(active(&office).await, 0);
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    assert_eq!(active(&office).await, 3);
    // While rows are rejected nobody knows what is absent.
    let page = office.sent("enterprises", &format!("{HEADER}{}坏公司,1,,,,,,\n", row(5, "甲公司", ""))).await;
    let fields = [("absent", "yes"), ("absent_count", "4"), ("skip_bad", "yes")];
    office.confirm(&page, &fields).await.expect(422, "条数不一致");
}

#[tokio::test]
async fn every_registry_is_taken_over_and_put_back() {
    let mut office = Office::new().await;
    let agencies = office.import("agencies", "单位名称,上级单位\n区应急局,\n应急大队,区应急局\n").await;
    let matters = office
        .import("matters", "单位名称,事项名称,公布日期\n区应急局,安全检查,2024-01-01\n应急大队,复查,2027-01-01\n")
        .await;
    let inspectors =
        office.import("inspectors", "姓名,执法证号,单位名称,有效期起\n赵六,500199,区应急局,2024-01-01\n").await;
    let holidays = office.import("holidays", "date,kind,name\n2027-01-01,off,元旦\n").await;
    let stored = async |office: &Office| {
        let mut tx = office.world.test.app.db.read().await.expect("a connection");
        registries::load(&mut tx, office.world.test.app.service.settings.zone).await.expect("registries")
    };
    let all = stored(&office).await;
    let matter = |name: &str| all.matters.values().find(|matter| matter.name == name).expect("a matter").clone();
    let new_year = "2027-01-01".parse().expect("a date");
    assert!(all.holidays.kind_of(new_year).is_some());
    // In use: both have matters, one an inspector and an agency below it.
    office.browser.post_form(&format!("{agencies}/undo"), &[]).await.location();
    office.browser.get(&agencies).await.expect(200, "已有事项、执法人员或下级单位");
    for page in [&matters, &inspectors, &holidays] {
        office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
        let counts = office.record(page).await.counts;
        assert_eq!((counts.restored, counts.kept), (counts.new, 0), "{page}");
    }
    let now = stored(&office).await;
    let today = "2026-03-03".parse().expect("a date");
    for name in ["安全检查", "复查"] {
        let after = &now.matters[&matter(name).id];
        assert!(!after.published_on(today) && !after.published_on(new_year), "{name} is no longer published");
    }
    assert!(now.inspectors["500199"].suspended);
    assert!(now.holidays.kind_of(new_year).is_none());
    assert_eq!(now.holidays.rows().count(), all.holidays.rows().count() - 1, "the other days stay");
    let again = office.import("inspectors", "姓名,执法证号,单位名称,有效期起\n赵六,500199,区应急局,2024-01-01\n").await;
    assert_eq!(office.record(&again).await.counts.changed, 1);
    let back = stored(&office).await;
    assert!(!back.inspectors["500199"].suspended);
    office.import("holidays", "date,kind,name\n2027-01-01,off,元旦\n").await;
    assert!(stored(&office).await.holidays.kind_of(new_year).is_some());
}
