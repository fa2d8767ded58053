//! Searching: what is found by which words, indexed or not yet, page by page, with filters and their counts.

use super::{enter, enterprise};
use crate::support::TestApp;
use mashang::domain::enterprise::CreditClass;
use mashang::domain::search_keys::Words;
use mashang::jobs::index_enterprises;
use mashang::storage::enterprise_index::settle;
use mashang::storage::enterprise_search::{EnterpriseQuery, Filter, facets, search};
use mashang::storage::enterprises;

const NAMES: [&str; 7] = [
    "重庆长岭商贸有限公司",
    "重庆华岩精密机械制造有限公司",
    "北京䶮㙟科技有限公司",
    "𠮷祥小吃店",
    "ABC（重庆）电子有限公司",
    "安岭精密仪器厂",
    "远山化工（集团）有限公司",
];

fn names() -> impl Iterator<Item = String> {
    NAMES.into_iter().map(str::to_owned)
}

async fn found(app: &TestApp, typed: &str) -> Vec<String> {
    let Some(words) = Words::parse(typed) else { return Vec::new() };
    let mut tx = app.app.db.read().await.expect("a connection");
    let found = search(&mut tx, &EnterpriseQuery::of_words(words), None, 25).await.expect("a search");
    assert_eq!(found.total, found.rows.len(), "{typed}");
    found.rows.into_iter().map(|e| e.name).collect()
}

async fn index(app: &TestApp) -> usize {
    let mut tx = app.app.db.write().await.expect("a transaction");
    let indexed = settle(&mut tx).await.expect("an index");
    tx.commit().await.expect("a commit");
    indexed
}

#[tokio::test]
async fn an_enterprise_is_found_by_each_kind_of_key_whether_it_is_indexed_or_waits() {
    let app = TestApp::empty().await;
    enter(&app, names()).await;
    let cases: [(&str, &[usize]); 25] = [
        ("长岭", &[0]),
        ("岭", &[5, 0]),
        ("精密", &[5, 1]),
        ("有限公司", &[4, 2, 6, 1, 0]),
        ("集团有限", &[6]),
        ("（集团）", &[6]),
        ("䶮", &[2]),
        ("㙟科技", &[2]),
        ("𠮷祥", &[3]),
        ("chongqing", &[4, 1, 0]),
        ("zhongqing", &[4, 1, 0]),
        ("changling", &[0]),
        ("changl", &[0]),
        ("ch", &[4, 5, 1, 0, 3]),
        ("cqcl", &[0]),
        ("CQHY", &[1]),
        ("abc", &[4]),
        ("ＡＢＣ重庆", &[4]),
        ("石杨路7号", &[6]),
        ("00003X", &[2]),
        ("91509901MA0000003X", &[2]),
        ("重庆 精密", &[1]),
        ("岭长", &[]),
        ("有限庆", &[]),
        ("%", &[]),
    ];
    for round in ["waiting", "indexed"] {
        for (typed, expected) in &cases {
            let expected: Vec<&str> = expected.iter().map(|nth| NAMES[*nth]).collect();
            let mut sorted = expected.clone();
            sorted.sort_unstable();
            assert_eq!(found(&app, typed).await, sorted, "{typed}, {round}");
        }
        index(&app).await;
    }
}

#[tokio::test]
async fn pages_follow_each_other_by_name_without_a_gap_over_segments_and_those_that_wait() {
    let app = TestApp::empty().await;
    let brand = |n: usize| ["恒通", "立信", "中泰", "华美", "安居"][n % 5];
    let all = |from: usize, to: usize| (from..to).map(move |n| format!("重庆{}{n:04}商贸有限公司", brand(n)));
    enter(&app, all(0, 300)).await;
    assert_eq!(index_enterprises(&app.app).await.expect("a job"), 300, "so many are worth a segment");
    assert_eq!(index_enterprises(&app.app).await.expect("a job"), 0);
    let mut tx = app.app.db.write().await.expect("a transaction");
    for (nth, name) in all(300, 340).enumerate() {
        enterprises::insert(&mut tx, &enterprise(&app, &name, nth + 1_000)).await.expect("an enterprise");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(index(&app).await, 40, "a second segment");
    let mut tx = app.app.db.write().await.expect("a transaction");
    for (nth, name) in all(340, 350).enumerate() {
        enterprises::insert(&mut tx, &enterprise(&app, &name, nth + 2_000)).await.expect("an enterprise");
    }
    tx.commit().await.expect("a commit");
    let query = EnterpriseQuery::of_words(Words::parse("公司").expect("words"));
    let (mut after, mut seen) = (None, Vec::new());
    let mut tx = app.app.db.read().await.expect("a connection");
    loop {
        let page = search(&mut tx, &query, after, 23).await.expect("a page");
        assert_eq!(page.total, 350);
        let Some(last) = page.rows.last() else { break };
        after = Some((last.name.clone(), last.id.0));
        seen.extend(page.rows.into_iter().map(|e| e.name));
    }
    let mut expected: Vec<String> = all(0, 350).collect();
    expected.sort_unstable();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_changed_enterprise_is_found_as_it_is_now_and_worn_segments_are_made_anew() {
    let app = TestApp::empty().await;
    let mut all = enter(&app, names()).await;
    index(&app).await;
    all[0].name = "成都新桥商贸有限公司".to_owned();
    all[1].active = false;
    let mut tx = app.app.db.write().await.expect("a transaction");
    for record in &all[..2] {
        enterprises::update(&mut tx, record).await.expect("a change");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(found(&app, "长岭").await, Vec::<String>::new());
    assert_eq!(found(&app, "xinqiao").await, ["成都新桥商贸有限公司"]);
    assert_eq!(found(&app, "华岩").await, Vec::<String>::new(), "it is not active");
    // Each round makes a small segment; the fifth makes one of them all.
    for round in 0..5 {
        let mut tx = app.app.db.write().await.expect("a transaction");
        all[2].name = format!("北京䶮㙟科技{round}号有限公司");
        enterprises::update(&mut tx, &all[2]).await.expect("a change");
        tx.commit().await.expect("a commit");
        let indexed = index(&app).await;
        assert!(indexed >= 1, "round {round}");
        assert_eq!(found(&app, "䶮㙟").await, [all[2].name.clone()], "round {round}");
        assert_eq!(found(&app, "有限公司").await.len(), 4, "round {round}");
    }
}

#[tokio::test]
async fn filters_are_alternatives_within_a_kind_and_count_what_each_value_would_leave() {
    let app = TestApp::empty().await;
    enter(&app, (0..24).map(|n| format!("重庆第{n:02}商贸有限公司"))).await;
    let query = EnterpriseQuery {
        tags: vec!["专精特新".to_owned()],
        classes: vec![Some(CreditClass::A), None],
        active: Some(true),
        ..EnterpriseQuery::default()
    };
    for round in ["waiting", "indexed"] {
        let mut tx = app.app.db.read().await.expect("a connection");
        let found = search(&mut tx, &query, None, 50).await.expect("a search");
        // Numbers 1 to 24 whose remainder by 4 is 1 or 2, and by 3 is 0 or 1.
        let expected = (1..=24).filter(|n| [1, 2].contains(&(n % 4)) && n % 3 != 2).count();
        assert_eq!((found.rows.len(), found.total), (expected, expected), "{round}");
        let counts = facets(&mut tx, &query).await.expect("counts");
        let count = |filter: Filter, value: &str| {
            counts[&filter].iter().find(|facet| facet.value == value).map_or(0, |facet| facet.count)
        };
        let tagged = |n: &usize| [1, 2].contains(&(n % 4));
        assert_eq!(count(Filter::Class, "D"), (1..=24).filter(tagged).filter(|n| n % 3 == 2).count(), "{round}");
        assert_eq!(count(Filter::Class, ""), (1..=24).filter(tagged).filter(|n| n % 3 == 1).count(), "{round}");
        assert_eq!(count(Filter::Tag, "规上工业"), (1..=24).filter(|n| n % 4 == 2 && n % 3 != 2).count(), "{round}");
        assert_eq!(count(Filter::Town, "陶家镇") + count(Filter::Town, "二郎街道"), expected, "{round}");
        assert_eq!((count(Filter::Active, "on"), count(Filter::Active, "off")), (expected, 0), "{round}");
        // Key enterprises (重点企业) are those with any tag.
        let key = EnterpriseQuery { tagged: true, active: Some(true), ..EnterpriseQuery::default() };
        let found = search(&mut tx, &key, None, 50).await.expect("a search");
        assert_eq!((found.rows.len(), found.total), (12, 12), "{round}");
        assert!(found.rows.iter().all(|e| !e.tags.is_empty()), "{round}");
        drop(tx);
        index(&app).await;
    }
}

#[tokio::test]
async fn suggestions_lead_to_the_code_and_to_the_record() {
    let world = crate::console::world::World::new().await;
    let mut anybody = world.test.client();
    let token = world.test.token(1);
    anybody.get("/go/suggest?q=hwsp").await.expect(200, &format!("/e/{token}"));
    anybody.get("/go/suggest?q=%E7%A6%BE").await.expect(200, "没有找到");
    anybody.get("/go/suggest?q=zzz").await.expect(200, "没有找到");
    let mut operator = world.signed_in("operator").await;
    let id = world.test.seed.enterprises[1].0;
    operator.get("/console/enterprises/suggest?q=0021").await.expect(200, &format!("/console/enterprises/{id}"));
    let picked = operator.get("/console/enterprises/suggest?pick=1&q=hewei").await.expect(200, "禾味食品厂");
    assert!(picked.text().contains("data-value=\"91500000MA5U000021\""), "{}", picked.text());
    let list =
        operator.get("/console/enterprises?town=%E7%A6%BE%E5%8F%A3%E9%95%87&class=B").await.expect(200, "共 3 条");
    assert!(list.text().contains("禾口镇 3") && list.text().contains("在册 3"), "{}", list.text());
    operator.get("/console/enterprises?class=A").await.expect(200, "没有符合筛选条件");
    operator.get("/console/enterprises?q=%25").await.expect(200, "没有符合筛选条件");
}
