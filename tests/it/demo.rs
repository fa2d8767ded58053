//! `mashang demo` as a newcomer starts it: the program itself, its one line of JSON, and what its addresses lead to.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mashang");

/// A running demonstration; stopped when it is dropped.
struct Demo {
    child: Child,
    guide: Value,
}

impl Demo {
    fn start() -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["demo", "--json", "--listen", "127.0.0.1:0"])
            .env_remove("MASHANG_LISTEN")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("standard output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let guide = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        Self { child, guide }
    }

    fn text(&self, pointer: &str) -> &str {
        let value = self.guide.pointer(pointer).and_then(Value::as_str);
        value.filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("no {pointer} in {}", self.guide))
    }

    /// Opens an address of the demonstration.
    fn open(&self, url: &str) -> (u16, String) {
        let (host, path) = url.strip_prefix("http://").expect("http").split_once('/').unwrap_or((&url[7..], ""));
        let mut stream = TcpStream::connect(host).expect("it listens");
        let head = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: zh-CN\r\nConnection: close\r\n");
        let token = format!("Authorization: Bearer {}\r\n\r\n", self.text("/api_token"));
        stream.write_all((head + &token).as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        (status, answer)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // By a signal that it can heed, so that its temporary folder goes too.
        let _ = Command::new("sh").arg("-c").arg(format!("kill {}", self.child.id())).status();
        let _ = self.child.wait();
    }
}

#[test]
fn the_demonstration_says_where_to_go_and_every_address_opens() {
    let demo = Demo::start();
    for person in ["supervisor", "liaison", "admin"] {
        assert!(demo.text(&format!("/{person}/email")).contains('@'));
        demo.text(&format!("/{person}/password"));
    }
    let enterprise = demo.text("/enterprise/name").to_owned();
    let inspector = demo.text("/inspector/cert_no").to_owned();
    assert_eq!(demo.text("/inspector/pin").len(), 6);
    let api = format!("{}/api/v1/filings", demo.text("/url"));
    for (url, words) in [
        (demo.text("/url"), "码上报备"),
        (demo.text("/enterprise_url"), enterprise.as_str()),
        (demo.text("/agency_url"), "应急管理局"),
        (demo.text("/mailbox_url"), "supervisor@demo.example"),
        (demo.text("/inspector/enrol_url"), inspector.as_str()),
        (api.as_str(), "\"enterprise\""),
    ] {
        let (status, answer) = demo.open(url);
        assert_eq!(status, 200, "{url}\n{answer}");
        assert!(answer.contains(words), "“{words}” is not at {url}\n{answer}");
    }
    // The alert of the filing that meets a no-disturb day is there before anybody has done anything.
    let (_, mailbox) = demo.open(demo.text("/mailbox_url"));
    let mut mails = mailbox.split("href=\"/demo/mail/").skip(1);
    let newest = mails.find(|mail| mail.contains("supervisor@demo.example")).expect("a mail to the supervisor");
    let first = newest.split('"').next().expect("its address");
    let (status, mail) = demo.open(&format!("{}/demo/mail/{first}", demo.text("/url")));
    assert_eq!(status, 200);
    assert!(mail.contains(&format!("href=\"{}/console/", demo.text("/url"))), "{mail}");
}

#[tokio::test]
async fn the_mailbox_is_part_of_the_demonstration_only() {
    let app = crate::support::TestApp::empty().await;
    assert_eq!(app.client().get("/demo/mail").await.status, 404);
}

#[test]
fn a_folder_with_a_database_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("mashang.db");
    std::fs::write(&database, "precious").expect("written");
    let run = Command::new(PROGRAM)
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .output()
        .expect("the program runs");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--data"));
    assert_eq!(std::fs::read_to_string(&database).expect("still there"), "precious");
}

#[test]
fn an_address_that_is_taken_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let run = Command::new(PROGRAM).args(["demo", "--listen", &address]).output().expect("the program runs");
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--listen"));
}
