//! Sizes as a phone loads them: the page and what it needs, compressed.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;

/// Compressed bytes of a page, its style sheet, script and icons.
async fn loaded(app: &TestApp, client: &mut crate::support::Client, path: &str) -> usize {
    let page = client.get(path).await.text();
    let mut links: Vec<String> = page
        .split('"')
        .filter(|part| part.starts_with("/static/"))
        .map(str::to_owned)
        .chain([path.to_owned()])
        .collect();
    links.sort();
    links.dedup();
    assert!(links.len() >= 4, "style sheet, script, icon and page: {links:?}");
    let mut bytes = 0;
    for link in links {
        let request = client.request(Method::GET, &link).header("accept-encoding", "gzip").body(Body::empty());
        let answer = client.send(request.expect("a request")).await;
        assert_eq!(answer.status, 200, "{link}");
        bytes += answer.bytes.len();
    }
    assert!(app.seed.enterprises.len() == 3);
    bytes
}

#[tokio::test]
async fn the_landing_page_is_at_most_30_kb_with_everything_it_needs() {
    let app = TestApp::new().await;
    let bytes = loaded(&app, &mut app.client(), &format!("/e/{}", app.token(0))).await;
    assert!(bytes <= 30_000, "{bytes} bytes");
}

#[tokio::test]
async fn the_filing_form_is_at_most_60_kb_with_everything_it_needs() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let bytes = loaded(&app, &mut phone, &format!("/e/{}/file", app.token(0))).await;
    assert!(bytes <= 60_000, "{bytes} bytes");
}
