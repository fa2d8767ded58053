//! An undo leaves alone what somebody relies on since: a code on a wall goes on leading to its enterprise.

use super::{HEADER, Office, row};
use crate::console::world::{FIRE, at};
use crate::support::HOST;
use mashang::actions::{Actor, mark_printed};
use mashang::domain::filing::Kind;
use mashang::domain::id::EnterpriseId;
use mashang::jobs;
use mashang::storage::signs::{self, SignRecord};

async fn id(office: &Office, number: u32) -> EnterpriseId {
    office.enterprise(number).await.expect("stored").id
}

async fn sign(office: &Office, unit: uuid::Uuid) -> SignRecord {
    let mut tx = office.world.test.app.db.read().await.expect("a connection");
    signs::of_unit(&mut tx, unit).await.expect("signs").remove(0)
}

async fn print(office: &Office, sign: &SignRecord) {
    let app = &office.world.test.app;
    let now = app.clock.now();
    let mut tx = app.db.write().await.expect("a transaction");
    let batch = app.service.ids.uuid(now);
    mark_printed(&mut tx, &app.service, now, &Actor::System, &[sign.id], batch, HOST).await.expect("printed");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn an_enterprise_with_a_filing_a_report_a_printed_or_a_scanned_code_outlives_the_undo() {
    let mut office = Office::new().await;
    let rows: String = ["甲公司", "乙公司", "丙公司", "丁公司", "戊公司"]
        .iter()
        .zip(1..)
        .map(|(name, number)| row(number, name, ""))
        .collect();
    let page = office.import("enterprises", &format!("{HEADER}{rows}")).await;
    office.world.file_of(id(&office, 1).await, FIRE, "03-28 10:00", Kind::Daily).await;
    office.world.report_of(id(&office, 2).await, None, "03-03 09:00", &[]).await;
    let printed = sign(&office, id(&office, 3).await.0).await;
    print(&office, &printed).await;
    let scanned = sign(&office, id(&office, 4).await.0).await;
    let mut anybody = office.world.test.client();
    anybody.get(&format!("/e/{}", scanned.token)).await.expect(200, "丁公司");
    jobs::store_scans(&office.world.test.app).await.expect("stored");
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    let shown = office.browser.get(&page).await.expect(200, "恢复 1 条；4 条").text();
    for name in ["甲公司", "乙公司", "丙公司", "丁公司"] {
        assert!(shown.contains(name), "{name} is not in\n{shown}");
    }
    assert!(shown.contains("未撤销") && !shown.contains("戊公司"), "{shown}");
    assert_eq!(shown.matches("或者它的码已经打印、发放或被扫描，没有停用").count(), 4, "{shown}");
    for number in 1..=4 {
        assert!(office.enterprise(number).await.expect("stored").active, "{number}");
    }
    assert!(!office.enterprise(5).await.expect("never deleted").active);
    anybody.get(&format!("/e/{}", printed.token)).await.expect(200, "丙公司");
    let english = office.browser.get(&format!("{page}?tab=kept")).await.expect(200, "未撤销");
    assert!(english.text().contains("报备、上报"), "one reason for all: who reads it does not learn of reports");
}

#[tokio::test]
async fn what_was_taken_back_into_use_by_an_import_stays_once_somebody_relies_on_it() {
    let mut office = Office::new().await;
    let text = format!("{HEADER}{}{}", row(1, "甲公司", ""), row(2, "乙公司", ""));
    office.import("enterprises", &text).await;
    for number in [1, 2] {
        let path = format!("/console/enterprises/{}/active", id(&office, number).await);
        office.browser.post_form(&path, &[("active", "no")]).await.location();
    }
    office.world.test.app.clock.set(at("03-04 09:00"));
    office.browser = office.world.signed_in("operator").await;
    let page = office.import("enterprises", &text).await;
    office.world.file_of(id(&office, 1).await, FIRE, "03-28 10:00", Kind::Daily).await;
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    assert!(office.enterprise(1).await.expect("stored").active);
    assert!(!office.enterprise(2).await.expect("stored").active, "as it was before");
}

#[tokio::test]
async fn an_agency_whose_code_hangs_on_a_wall_and_an_enrolled_inspector_outlive_the_undo() {
    let mut office = Office::new().await;
    let agencies = office.import("agencies", "单位名称\n区应急局\n区气象局\n").await;
    let inspectors = office
        .import("inspectors", "姓名,执法证号,单位名称,有效期起\n赵六,500199,青禾区消防救援大队,2024-01-01\n")
        .await;
    let app = &office.world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let all = mashang::storage::registries::load(&mut tx, app.service.settings.zone).await.expect("registries");
    drop(tx);
    let agency = all.agencies.values().find(|agency| agency.name == "区应急局").expect("an agency").id;
    let hung = sign(&office, agency.0).await;
    print(&office, &hung).await;
    let mut tx = app.db.write().await.expect("a transaction");
    mashang::storage::devices::set_pin(&mut tx, all.inspectors["500199"].id, "hash", app.clock.now())
        .await
        .expect("enrolled");
    tx.commit().await.expect("a commit");
    office.browser.post_form(&format!("{agencies}/undo"), &[]).await.location();
    office.browser.get(&agencies).await.expect(200, "恢复 1 条；1 条").expect(200, "区应急局");
    office.world.test.client().get(&format!("/a/{}", hung.token)).await.expect(200, "区应急局");
    office.browser.post_form(&format!("{inspectors}/undo"), &[]).await.location();
    office.browser.get(&inspectors).await.expect(200, "这名执法人员已经绑定手机");
}
