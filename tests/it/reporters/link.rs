//! A report without agency is linked to a filing by hand, with the grounds, and the link is taken back the same way.

use super::audited;
use crate::console::world::{FIRE, MARKET, World, input};

#[tokio::test]
async fn a_report_without_agency_is_linked_with_grounds_and_unlinked_again() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-04 10:00").await.to_string();
    world.file(MARKET, "04-20 10:00").await;
    let report = world.report(None, "03-02 09:00", &[]).await;
    let page = format!("/console/reports/{report}");
    let mut supervisor = world.signed_in("reform").await;
    let shown = supervisor.get(&page).await.expect(200, FIRE).expect(200, "单位不详");
    assert!(!shown.text().contains(MARKET), "only filings of the days around are offered");
    let version = input(&shown, "version");
    let link = format!("{page}/link");
    let without = [("version", version.as_str()), ("filing", &filing), ("link_reason", "")];
    supervisor.post_form(&link, &without).await.expect(422, "请写明依据");
    let with = [("version", version.as_str()), ("filing", &filing), ("link_reason", "人数和制服都对得上")];
    let linked = supervisor.submit(&link, &with).await.expect(200, "有对应报备");
    supervisor.post_form(&link, &with).await.expect(409, "");
    let version = input(&linked, "version");
    let back = [("version", version.as_str()), ("filing", ""), ("link_reason", "当天另有一批人")];
    supervisor.submit(&link, &back).await.expect(200, "单位不详");
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let rows = mashang::storage::audit::by_object(&mut tx, report.0).await.expect("the audit");
    let reasons: Vec<String> = rows
        .iter()
        .filter(|row| row.action == "report.linked")
        .map(|row| row.detail["reason"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(reasons, ["人数和制服都对得上", "当天另有一批人"]);
    drop(tx);
    assert_eq!(audited(&world, report.0).await.iter().filter(|a| *a == "report.linked").count(), 2);
}
