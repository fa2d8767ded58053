//! Requests byte by byte, over the server's own accept loop: where one ends and the next begins is never in doubt, and heads have their limits.

use crate::support::{HOST, TestApp};
use mashang::web;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

async fn served() -> (TestApp, SocketAddr) {
    let app = TestApp::empty().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(web::serve::serve(listener, web::router(app.app.clone()), std::future::pending()));
    (app, address)
}

/// Sends these bytes and gives everything that comes back until the server closes.
async fn sent(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // A server that has had enough may close while the rest is still on its way.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn statuses(answers: &str) -> Vec<&str> {
    answers.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)).collect()
}

#[tokio::test]
async fn a_request_whose_end_is_in_doubt_is_refused_and_nothing_after_it_is_read() {
    let (_app, address) = served().await;
    let next = "GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".replace("{HOST}", HOST);
    // Sound, so that the refusals below are not those of a broken test.
    let head = format!("POST /prefs HTTP/1.1\r\nHost: {HOST}\r\nOrigin: http://{HOST}\r\n");
    let sound =
        format!("{head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nlang=en{next}");
    assert_eq!(statuses(&sent(address, sound.as_bytes()).await), ["303", "200"]);
    for (what, rest) in [
        ("two lengths", "Content-Length: 7\r\nContent-Length: 8\r\n\r\nlang=en"),
        ("two lengths in a list", "Content-Length: 7, 8\r\n\r\nlang=en"),
        ("a length with a sign", "Content-Length: +7\r\n\r\nlang=en"),
        ("a negative length", "Content-Length: -7\r\n\r\nlang=en"),
        ("a length that is none", "Content-Length: 7 7\r\n\r\nlang=en"),
        ("an unknown coding", "Transfer-Encoding: xchunked\r\n\r\n7\r\nlang=en\r\n0\r\n\r\n"),
        ("a coding after chunked", "Transfer-Encoding: chunked, identity\r\n\r\n7\r\nlang=en\r\n0\r\n\r\n"),
        ("a space before the colon", "Content-Length : 7\r\n\r\nlang=en"),
        ("a folded line", "Content-Length:\r\n 7\r\n\r\nlang=en"),
        ("a bare CR", "X-Y: a\rContent-Length: 7\r\n\r\nlang=en"),
        ("a zero byte", "X-Y: a\0b\r\nContent-Length: 7\r\n\r\nlang=en"),
        ("a second host", "Host: evil.example\r\nContent-Length: 7\r\n\r\nlang=en"),
    ] {
        let answers = sent(address, format!("{head}{rest}{next}").as_bytes()).await;
        let told = statuses(&answers);
        assert!(told.iter().all(|status| status.starts_with('4')), "{what}: {answers}");
        assert!(told.len() <= 1, "{what}: what came after it was read as a request: {answers}");
    }
}

#[tokio::test]
async fn with_a_length_and_chunks_the_chunks_count_and_nothing_is_smuggled() {
    let (_app, address) = served().await;
    // By its length the body would end within the line of the chunk, and the rest be a request of somebody else.
    let smuggled = format!("GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let request = format!(
        "POST /prefs HTTP/1.1\r\nHost: {HOST}\r\nOrigin: http://{HOST}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n{:x}\r\n{smuggled}\r\n0\r\n\r\n",
        smuggled.len()
    );
    let answers = sent(address, request.as_bytes()).await;
    assert!(statuses(&answers).len() <= 1, "{answers}");
    assert!(!answers.contains("HTTP/1.1 200"), "{answers}");
}

#[tokio::test]
async fn heads_have_a_size_and_a_number_of_lines() {
    let (_app, address) = served().await;
    let head = |more: &str| format!("GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{more}\r\n");
    let lines = |n: usize| "X-Y: a\r\n".repeat(n);
    // Two of the 64 are there already.
    for (what, request, status) in [
        ("64 lines", head(&lines(62)), "200"),
        ("65 lines", head(&lines(63)), "431"),
        ("31 KiB", head(&format!("X-Y: {}\r\n", "a".repeat(31 << 10))), "200"),
        ("33 KiB", head(&format!("X-Y: {}\r\n", "a".repeat(33 << 10))), "431"),
        ("a preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), ""),
    ] {
        let answers = sent(address, request.as_bytes()).await;
        assert!(statuses(&answers).iter().all(|told| *told == status || status.is_empty()), "{what}: {answers}");
        assert!(!answers.contains("HTTP/1.1 200") || status == "200", "{what}: {answers}");
        assert!(status.is_empty() || statuses(&answers).len() == 1, "{what}: {answers}");
    }
}
