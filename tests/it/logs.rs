//! What the program logs, read from outside: a JSON object a line, with the id of the request, and nothing of who asked for what.

use crate::cli::{folder, serve};
use mashang::ids::Ids;
use mashang::storage::Db;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// Sends a request and gives the whole answer.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: somebody-in-particular\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn request_id(answer: &str) -> &str {
    let line = answer.lines().find_map(|line| line.strip_prefix("x-request-id: "));
    line.unwrap_or_else(|| panic!("no id in {answer}"))
}

/// All lines, once one of them belongs to this request.
fn lines(log: &Path, id: &str) -> Vec<Value> {
    for _ in 0..100 {
        let text = std::fs::read_to_string(log).expect("a log");
        if text.contains(id) && text.ends_with('\n') {
            let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            return text.lines().map(read).collect();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{id} is not in {}", std::fs::read_to_string(log).unwrap_or_default());
}

fn of<'a>(lines: &'a [Value], id: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["span"]["id"] == id).collect()
}

#[test]
fn a_request_is_a_line_of_json_with_its_id_and_route_and_nothing_of_the_address_or_who_asked() {
    let data = folder();
    let (server, address) = serve(data.path(), "log");
    let token = Ids::Random.sign_token();
    let answer = get(&address, &format!("/e/{}?what=secret-words", token.as_str()));
    let id = request_id(&answer).to_owned();
    let lines = lines(&data.path().join("log"), &id);
    drop(server);
    for line in &lines {
        for name in ["timestamp", "level", "message", "target"] {
            assert!(line[name].is_string(), "{name} of {line}");
        }
    }
    let [line] = of(&lines, &id)[..] else { panic!("one line of {id} in {lines:?}") };
    assert_eq!(line["span"]["method"], "GET");
    assert_eq!(line["span"]["route"], "/e/{token}");
    assert_eq!(line["status"], 404);
    assert!(line["taken_ms"].is_i64(), "{line}");
    let whole = std::fs::read_to_string(data.path().join("log")).expect("a log");
    for private in [token.as_str(), "secret-words", "somebody-in-particular"] {
        assert!(!whole.contains(private), "{private} is in {whole}");
    }
    // Standard output is for people: one sentence, and no logs.
    let said = std::fs::read_to_string(data.path().join("log.out")).expect("what it said");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("mashang serves http://"), "{said}");
}

#[tokio::test]
async fn what_nobody_expected_is_logged_under_the_id_that_the_page_shows() {
    let data = folder();
    let (_server, address) = serve(data.path(), "log");
    let db = Db::open_sqlite(&data.path().join("mashang.db")).await.expect("the same database");
    let mut tx = db.write().await.expect("a transaction");
    tx.execute("ALTER TABLE signs RENAME TO signs_that_are_gone", &[]).await.expect("renamed");
    tx.commit().await.expect("committed");
    db.close().await;
    let answer = get(&address, &format!("/e/{}", Ids::Random.sign_token().as_str()));
    let id = request_id(&answer).to_owned();
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert!(answer.split("\r\n\r\n").nth(1).is_some_and(|page| page.contains(&id)), "{id} is on the page: {answer}");
    assert!(!answer.contains("no such table"), "what failed is for the log alone: {answer}");
    let lines = lines(&data.path().join("log"), &id);
    let error = of(&lines, &id).into_iter().find(|line| line["level"] == "ERROR");
    let error = error.unwrap_or_else(|| panic!("an error of {id} in {lines:?}"));
    assert!(error["error"].as_str().is_some_and(|text| text.contains("signs")), "{error}");
}
