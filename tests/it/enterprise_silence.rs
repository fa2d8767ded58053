//! Protection of those who report: no trace in pages that others open, in logs, in caches or in addresses.

use crate::enterprise_world::{World, at, key};
use axum::body::Body;
use axum::http::Method;
use mashang::web::ClientAddr;
use std::cell::RefCell;
use std::io;

#[tokio::test]
async fn a_report_changes_no_page_that_others_can_open() {
    let world = World::new().await;
    let filing = world.file(world.fire, at("03-03 14:00"), None).await;
    let mut reporter = world.app.client();
    let open = async || {
        let mut pages = Vec::new();
        let mut stranger = world.app.client();
        for path in [world.path(""), world.path("/enterprise"), format!("/i/{}", filing.inspection_code)] {
            pages.push(stranger.get(&path).await.expect(200, "区消防救援大队").text());
        }
        for path in ["/calendar", "/r", "/"] {
            pages.push(stranger.get(path).await.text());
        }
        pages.push(without(&stranger.get(&world.path("/report")).await.text(), "submission"));
        pages
    };
    let before = open().await;
    let market = world.market.to_string();
    let ticked = [("agency", market.as_str()), ("certificate", "no"), ("prohibited", "1"), ("words", "悄悄话")];
    world.reported(&mut reporter, &key(1), &ticked).await;
    world.reported(&mut reporter, &key(2), &[]).await;
    for (before, after) in before.iter().zip(open().await) {
        assert_eq!(*before, after);
    }
}

/// The page without the value of one field, which is random.
fn without(page: &str, field: &str) -> String {
    let (head, tail) = page.split_once(&format!("name=\"{field}\" value=\"")).expect("the field");
    format!("{head}{}", tail.split_once('"').expect("quoted").1)
}

#[tokio::test]
async fn report_pages_are_kept_nowhere_and_link_to_no_other_host() {
    let world = World::new().await;
    let mut client = world.app.client();
    let receipt = world.reported(&mut client, &key(1), &[]).await;
    let to = world.send(&mut client, &key(1), &[]).await.location();
    let mut answers = vec![
        client.get(&world.path("/report")).await,
        client.get(&to).await,
        client.get(&format!("{to}/image.png")).await,
        client.get("/r").await,
        client.post_form("/r", &[("receipt", &receipt)]).await,
        client.post_form("/r/withdraw", &[("receipt", &receipt)]).await,
        world.send(&mut client, &key(2), &[("go", "1")]).await,
    ];
    for answer in answers.drain(..) {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("set-cookie"), "", "no cookie tells that somebody reported");
        assert!(!answer.text().contains("href=\"http"), "a link to another host would carry a referrer");
    }
    assert!(!to.contains(&receipt), "the receipt is in no address");
}

thread_local! {
    /// What this thread logs, while it is captured. A subscriber of one thread misses lines that other threads have met without one.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.iter_mut().for_each(|log| log.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn report_routes_log_no_address_no_user_agent_no_token_and_no_words() {
    // As talkative as the program can be made.
    let filter = mashang::telemetry::filter(Some("trace"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Log).finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other test captures the log");
    let world = World::new().await;
    let pin = world.pin().await;
    LOG.set(Some(Vec::new()));
    let mut client = world.app.client();
    let fields = world.answers(
        "submission-of-a-test-001",
        &[("words", "SECRET-WORDS"), ("pin", &pin), ("contact", "SECRET-CONTACT")],
    );
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())));
    let sent = from_somewhere(&mut client, &world.path("/report"), body.finish()).await;
    assert_eq!(sent.status, 303);
    let receipt = world.reports().await[0].receipt.clone();
    client.get(&sent.location()).await.expect(200, "已经收下");
    for path in ["/r", "/r/add", "/r/withdraw"] {
        from_somewhere(&mut client, path, format!("receipt={receipt}&words=SECRET-WORDS")).await;
    }
    from_somewhere(&mut client, "/r", "receipt=0000000000000000".to_owned()).await;
    let text = String::from_utf8(LOG.take().expect("the log")).expect("UTF-8");
    assert!(text.contains("answered"), "the log is captured:\n{text}");
    assert!(text.contains("/r/withdraw"), "the route is in it");
    for secret in
        ["198.51.100", "SECRET-AGENT", "SECRET-WORDS", "SECRET-CONTACT", &receipt, &world.token, "submission-of", &pin]
    {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "“{secret}” is logged: {line:?}");
    }
    // Nor is the address in what is stored of attempts.
    let mut tx = world.app.app.db.read().await.expect("a connection");
    let stored = mashang::storage::attempts::get(&mut tx, "receipt", "198.51.100").await.expect("read");
    assert!(stored.is_none());
}

/// A form as it comes from a phone somewhere.
async fn from_somewhere(client: &mut crate::support::Client, path: &str, body: String) -> crate::support::Answer {
    let mut request = client
        .request(Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("user-agent", "SECRET-AGENT/1.0")
        .header("x-forwarded-for", "198.51.100.7")
        .body(Body::from(body))
        .expect("a request");
    request.extensions_mut().insert(ClientAddr(Some([198, 51, 100, 7].into())));
    client.send(request).await
}
