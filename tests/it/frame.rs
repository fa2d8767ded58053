//! What holds for every page: headers, errors, hosts, cross-site forms, language.

use crate::console::world::{PASSWORD, World};
use crate::support::{Client, HOST, TestApp};
use axum::body::Body;
use axum::http::{Method, Request};
use mashang::actions::{Service, Settings};
use mashang::app::App;
use mashang::ids::Ids;
use std::fs;
use std::path::{Path, PathBuf};

#[tokio::test]
async fn every_answer_has_the_security_headers_and_no_page_is_stored() {
    let app = TestApp::empty().await;
    for path in ["/", "/nothing-here", "/healthz", "/prefs"] {
        let answer = app.client().get(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn over_https_cookies_are_bound_to_the_host_and_browsers_stay_with_it() {
    let world = World::new().await;
    let mut settings = Settings::clone(&world.test.app.service.settings);
    settings.public_url = format!("https://{HOST}");
    let app = App { service: Service::new(Ids::Random, settings), ..world.test.app.clone() };
    let mut client = Client::new(mashang::web::router(app));
    let page = client.get("/").await;
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    let fields = [("email", "reform@qh.gov.cn"), ("password", PASSWORD), ("next", "")];
    let signed = client.post_form("/console/sign-in", &fields).await;
    let to = signed.location();
    let cookie = signed.header("set-cookie");
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{part} is not in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    client.get(&to).await.expect(200, "周敏");
}

#[tokio::test]
async fn files_are_cached_for_a_year_under_hashed_names() {
    let app = TestApp::empty().await;
    let page = app.client().get("/").await.text();
    let start = page.find("/static/app-").expect("a hashed style sheet");
    let path = &page[start..start + page[start..].find('"').expect("a quoted link")];
    let answer = app.client().get(path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    app.client().get("/static/app.css").await.expect(404, "没有找到这个页面");
}

#[tokio::test]
async fn an_unknown_page_says_what_to_do_and_whom_to_call() {
    let app = TestApp::empty().await;
    app.client().get("/nothing-here").await.expect(404, "重新扫码").expect(404, "tel:023-1234 5678");
    app.client().get("/prefs").await.expect(405, "这个页面不能这样打开");
    let problem = app.client().get("/api/v1/nothing-here").await.expect(404, "urn:mashang:problem:not-found");
    assert_eq!(problem.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_page_without_it() {
    let app = TestApp::new().await;
    let token = app.token(0);
    for (path, to) in [
        (format!("/e/{token}/"), format!("/e/{token}")),
        (format!("/e/{token}/file//?lang=en"), format!("/e/{token}/file?lang=en")),
        ("/calendar/".to_owned(), "/calendar".to_owned()),
        ("/api/v1/filings/".to_owned(), "/api/v1/filings".to_owned()),
    ] {
        let answer = app.client().get(&path).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, to.as_str()), "{path}");
    }
    // Never to another host, and never what was sent.
    for path in ["//evil.example/", "///", "//evil.example//x/"] {
        app.client().get(path).await.expect(404, "没有找到这个页面");
    }
    app.client().post_form(&format!("/e/{token}/file/"), &[("note", "x")]).await.expect(404, "没有找到这个页面");
}

#[tokio::test]
async fn a_foreign_or_missing_host_is_refused() {
    let app = TestApp::empty().await;
    let foreign = Request::builder().uri("/").header("host", "evil.example").body(Body::empty()).expect("a request");
    assert_eq!(app.client().send(foreign).await.status, 421);
    let missing = Request::builder().uri("/").body(Body::empty()).expect("a request");
    assert_eq!(app.client().send(missing).await.status, 400);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let app = TestApp::empty().await;
    let mut client = app.client();
    let request = client
        .request(Method::POST, "/prefs")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from("lang=en"))
        .expect("a request");
    client.send(request).await.expect(403, "不是从本站发出的");
}

#[tokio::test]
async fn language_and_text_size_are_remembered_and_get_changes_nothing() {
    let app = TestApp::empty().await;
    let mut client = app.client();
    client.get("/?lang=en").await.expect(200, "lang=\"zh-CN\"");
    let to = client.post_form("/prefs", &[("lang", "en"), ("back", "/?x=1")]).await.location();
    assert_eq!(to, "/?x=1");
    client.get("/").await.expect(200, "<html lang=\"en\"").expect(200, "Number, credit code or name of the enterprise");
    client.submit("/prefs", &[("care", "on"), ("back", "//evil.example")]).await.expect(200, "data-care");
    client.get("/").await.expect(200, "<html lang=\"en\"");
}

#[tokio::test]
async fn the_browser_s_language_is_the_first_choice() {
    let app = TestApp::empty().await;
    let mut client = app.client();
    client.language = "en-GB,en;q=0.8";
    client.get("/").await.expect(200, "<html lang=\"en\"");
}

#[tokio::test]
async fn bytes_of_another_encoding_are_refused_with_words() {
    let app = TestApp::empty().await;
    app.client().post_bytes("/prefs", b"lang=%BC%EC".to_vec()).await.expect(400, "提交的内容读不出来");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_words() {
    let app = TestApp::empty().await;
    app.client().post_bytes("/prefs", vec![b'a'; 64 * 1024 + 1]).await.expect(413, "提交的内容太多");
}

/// Every template below a folder.
fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { templates(&path) } else { vec![path] }).collect()
}

#[test]
fn forms_are_checked_by_the_server_and_not_by_bubbles_of_the_browser() {
    // What makes a browser hold a form back: marks on inputs, and kinds of inputs with a form of their own.
    let marks = [" required ", " required>", " min=\"", " max=\"", " pattern=\""];
    let kinds = ["email", "date", "time", "url", "number"];
    let bubbles = |form: &str| {
        let typed =
            |kind: &&str| form.contains(&format!("type=\"{kind}\"")) || form.contains(&format!("\"{kind}\", \"\")"));
        let input = |kind: &&str| form.contains(&format!("\"{kind}\") %}}")) && form.contains("list::input");
        marks.iter().any(|mark| form.contains(mark))
            || form.contains("\"email\", \"email\")")
            || kinds.iter().any(|kind| typed(kind) || input(kind))
    };
    let mut found = 0;
    for folder in ["templates/pages/console", "templates/pages/enterprise"] {
        for path in templates(Path::new(folder)) {
            let text = fs::read_to_string(&path).expect("a template");
            for form in text.split("<form ").skip(1) {
                let form = form.split("</form>").next().unwrap_or_default();
                if bubbles(form) {
                    found += 1;
                    let tag = form.split('>').next().unwrap_or_default();
                    assert!(tag.contains(" novalidate"), "{}: <form {tag}>", path.display());
                }
            }
        }
    }
    assert!(found > 10, "{found} forms: the scan finds little");
}

#[tokio::test]
async fn who_is_signed_in_to_the_console_finds_back_from_a_page_that_is_not_there() {
    let world = World::new().await;
    let mut liaison = world.signed_in("fire").await;
    let mut seen = Vec::new();
    // A page of nobody, one of other roles, and a task of nobody.
    for path in ["/console/nothing", "/console/users", "/console/tasks/nothing"] {
        let page = liaison.get(path).await.expect(404, "没有找到这个页面").expect(404, "aria-label=\"主菜单\"");
        let page = page.expect(404, "<a class=\"btn sec\" href=\"/console\">").text();
        assert!(page.contains("href=\"/console/explanations\"") && !page.contains("重新扫码"), "{page}");
        seen.push(page.replace(path, ""));
    }
    assert!(seen.iter().all(|page| *page == seen[0]), "which of them is there for others is not told");
    let stranger = world.test.client().get("/console/nothing").await.expect(404, "没有找到这个页面").text();
    assert!(!stranger.contains("/console/explanations"));
    liaison.get("/nothing-here").await.expect(404, "重新扫码");
}
