//! What an import entered says so: the history of each record names who confirmed it, when, and leads to the import.

use super::{HEADER, Office, row};
use chrono::TimeDelta;
use mashang::storage::registries;

#[tokio::test]
async fn the_history_of_whatever_an_import_entered_names_who_confirmed_it_and_leads_to_it() {
    let mut office = Office::new().await;
    let clock = office.world.test.app.clock.clone();
    let agencies = office.import("agencies", "单位名称\n区应急局\n").await;
    clock.advance(TimeDelta::minutes(7));
    let matters = office.import("matters", "单位名称,事项名称,公布日期\n区应急局,安全检查,2024-01-01\n").await;
    let inspectors =
        office.import("inspectors", "姓名,执法证号,单位名称,有效期起\n赵六,500199,区应急局,2024-01-01\n").await;
    // Two imports of one instant are told apart.
    let other = office.import("enterprises", &format!("{HEADER}{}", row(2, "乙公司", "陶家镇"))).await;
    let enterprises = office.import("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    let app = &office.world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let all = registries::load(&mut tx, app.service.settings.zone).await.expect("registries");
    drop(tx);
    let agency = all.agencies.values().find(|agency| agency.name == "区应急局").expect("an agency").id;
    let matter = all.matters.values().find(|matter| matter.name == "安全检查").expect("a matter").id;
    let inspector = all.inspectors["500199"].id;
    let (first, second) =
        (office.enterprise(1).await.expect("stored").id, office.enterprise(2).await.expect("stored").id);
    let pages = [
        (format!("/console/agencies/{agency}"), &agencies),
        (format!("/console/matters/{matter}"), &matters),
        (format!("/console/inspectors/{inspector}"), &inspectors),
        (format!("/console/enterprises/{first}"), &enterprises),
        (format!("/console/enterprises/{first}/history"), &enterprises),
        (format!("/console/enterprises/{second}"), &other),
    ];
    let mut supervisor = office.world.signed_in("reform").await;
    for (path, import) in &pages {
        let text = office.browser.get(path).await.expect(200, "经办员（批量导入）").text();
        let entered = text.split("<li>").skip(1).find(|item| item.contains("登记")).expect("an entry");
        assert!(entered.contains("经办员（批量导入）"), "{path}: {entered}");
        assert!(entered.contains(&format!("<a class=\"small\" href=\"{import}\">名录.csv</a>")), "{path}: {entered}");
        // Who may not open imports reads which one it was.
        let text = supervisor.get(path).await.expect(200, "经办员（批量导入）").expect(200, "名录.csv").text();
        assert!(!text.contains("/console/import/"), "{path}: {text}");
        assert_eq!(supervisor.get(import).await.status, 404);
    }
    let time = |text: &str| {
        let entered = text.split("<li>").skip(1).find(|item| item.contains("登记")).expect("an entry").to_owned();
        entered.split("</time>").next().expect("a time").to_owned()
    };
    let (early, late) = (office.browser.get(&pages[0].0).await.text(), office.browser.get(&pages[1].0).await.text());
    assert_ne!(time(&early), time(&late), "seven minutes lie between them");
    // What the office entered by hand does not say that it was imported.
    let seeded = office.seeded()[0];
    let text = office.browser.get(&format!("/console/enterprises/{seeded}")).await.expect(200, "登记").text();
    assert!(!text.contains("批量导入"), "{text}");
}

#[tokio::test]
async fn changes_by_an_import_its_undo_and_what_it_deactivates_are_told_apart() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}{}", row(1, "甲公司", "陶家镇"), row(2, "乙公司", ""))).await;
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "二郎街道"))).await;
    let absent = office.record(&page).await.counts.absent.to_string();
    office.confirm(&page, &[("absent", "yes"), ("absent_count", &absent)]).await.location();
    let (first, second) =
        (office.enterprise(1).await.expect("stored").id, office.enterprise(2).await.expect("stored").id);
    let newest = async |office: &mut Office, id| {
        let text = office.browser.get(&format!("/console/enterprises/{id}/history")).await.expect(200, "登记").text();
        text.split("<li>").nth(1).expect("an entry").to_owned()
    };
    let link = format!("<a class=\"small\" href=\"{page}\">名录.csv</a>");
    let changed = newest(&mut office, first).await;
    assert!(changed.contains("修改") && changed.contains("经办员（批量导入）") && changed.contains(&link), "{changed}");
    assert!(changed.contains("<del>陶家镇</del> → <ins>二郎街道</ins>"), "{changed}");
    let ended = newest(&mut office, second).await;
    assert!(ended.contains("停用") && ended.contains("经办员（批量导入）") && ended.contains(&link), "{ended}");
    office.world.test.app.clock.advance(TimeDelta::minutes(1));
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    let back = newest(&mut office, first).await;
    assert!(back.contains("经办员（撤销批量导入）") && back.contains(&link), "{back}");
    assert!(back.contains("<del>二郎街道</del> → <ins>陶家镇</ins>"), "{back}");
    let again = newest(&mut office, second).await;
    assert!(again.contains("恢复") && again.contains("经办员（撤销批量导入）"), "{again}");
}
