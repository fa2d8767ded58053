//! What a file does not have is listed by name before it can be deactivated, and it is those that are confirmed, not their number.

use super::{HEADER, Office, code, row};
use mashang::domain::import::ImportState;

#[tokio::test]
async fn the_absent_are_listed_by_name_page_by_page_before_anything_is_confirmed() {
    let mut office = Office::new().await;
    let rows: String = (1..=60).map(|number| row(number, &format!("企业{number}号"), "")).collect();
    office.import("enterprises", &format!("{HEADER}{rows}")).await;
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "企业1号", "陶家镇"))).await;
    let shown = office.browser.get(&page).await.expect(200, "不在文件里 <span class=\"count\">62</span>");
    assert!(shown.text().contains(&format!("{page}?tab=absent")), "the tick leads to the list");
    let first = office.browser.get(&format!("{page}?tab=absent")).await.expect(200, "青禾精密机械").text();
    let second = office.browser.get(&format!("{page}?tab=absent&page=2")).await.expect(200, "企业60号").text();
    for number in 2..=60 {
        let name = format!(">企业{number}号<");
        assert_eq!(first.matches(&name).count() + second.matches(&name).count(), 1, "{name} is listed once");
    }
    assert!(first.contains(&code(2)) && !first.contains(">企业1号<br>") && !second.contains(">企业1号<br>"));
    // A file with a rejected row does not tell what is absent.
    let page = office.sent("enterprises", &format!("{HEADER}{}坏公司,1,,,,,,\n", row(1, "企业1号", "陶家镇"))).await;
    let shown = office.browser.get(&page).await.expect(200, "退回").text();
    assert!(!shown.contains("不在文件里"), "{shown}");
}

#[tokio::test]
async fn others_than_those_listed_are_never_deactivated_though_their_number_is_the_same() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}{}", row(1, "甲公司", ""), row(2, "乙公司", ""))).await;
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    assert_eq!(office.record(&page).await.counts.absent, 4);
    // One goes and another comes: four are absent again, but not the same ones.
    let second = office.enterprise(2).await.expect("stored").id;
    office.browser.post_form(&format!("/console/enterprises/{second}/active"), &[("active", "no")]).await.location();
    office.import("enterprises", &format!("{HEADER}{}", row(3, "丙公司", ""))).await;
    let fields = [("absent", "yes"), ("absent_count", "4")];
    office.confirm(&page, &fields).await.location();
    let record = office.record(&page).await;
    assert_eq!((record.state, record.counts.absent), (ImportState::Previewed, 4));
    assert!(office.enterprise(3).await.expect("stored").active, "it was never shown");
    office.browser.get(&format!("{page}?tab=absent")).await.expect(200, "预览之后名录有了变动").expect(200, "丙公司");
    // A new name of one of them does not make it another one.
    office.import("enterprises", &format!("{HEADER}{}", row(3, "丙公司（新）", ""))).await;
    office.confirm(&page, &fields).await.location();
    assert_eq!(office.record(&page).await.counts.deactivated, 4);
    assert!(!office.enterprise(3).await.expect("never deleted").active);
}

#[tokio::test]
async fn the_absent_of_every_registry_are_listed_by_name() {
    let mut office = Office::new().await;
    for (registry, text, name) in [
        ("agencies", "单位名称\n区应急局\n", "青禾区消防救援大队"),
        ("matters", "单位名称,事项名称,公布日期\n青禾区消防救援大队,安全检查,2024-01-01\n", "消防安全检查"),
        ("inspectors", "姓名,执法证号,单位名称,有效期起\n赵六,500199,青禾区消防救援大队,2024-01-01\n", "陈小明"),
    ] {
        let page = office.sent(registry, text).await;
        let counted = office.record(&page).await.counts.absent;
        let shown = office.browser.get(&format!("{page}?tab=absent")).await.expect(200, name).text();
        let lines = shown.matches("<td data-label=\"名称\">").count();
        assert_eq!(u64::try_from(lines).ok(), Some(counted), "{registry}: {shown}");
    }
    let page = office.sent("holidays", "date,kind,name\n2027-01-01,off,元旦\n").await;
    let shown = office.browser.get(&page).await.expect(200, "将新增 1 条").text();
    assert!(!shown.contains("不在文件里"), "a file with one year's holidays ends no other year");
}
