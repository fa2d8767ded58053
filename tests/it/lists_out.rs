//! Lists as files: what the filter shows, no more.

use crate::console::world::World;
use mashang::jobs;

#[tokio::test]
async fn a_search_without_words_finds_nothing_on_the_page_and_in_the_file() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    for typed in ["。，！", "---", "（）"] {
        let query = format!("q={}", urlencoding(typed));
        operator.get(&format!("/console/enterprises?{query}")).await.expect(200, "没有符合筛选条件的记录");
        let fields = [("list", "enterprises"), ("query", query.as_str()), ("format", "csv")];
        let task = operator.post_form("/console/export", &fields).await.location();
        jobs::run_tasks(&world.test.app).await.expect("worked on");
        let file = operator.get(&format!("{task}/file")).await.text();
        assert_eq!(file.lines().count(), 1, "{typed}: {file}");
    }
}

/// A value as a query carries it.
fn urlencoding(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
