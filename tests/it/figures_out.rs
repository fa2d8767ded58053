//! What goes out: the evidence pack, the monthly report in its two variants, and the bells.

use crate::console::world::{FIRE, World, at};
use chrono::TimeDelta;
use mashang::actions::Actor;
use mashang::actions::bells::{Address, NewBell, add_bell, set_bell};
use mashang::domain::bell::{BellKind, BellState};
use mashang::domain::user::Office;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::storage::bells;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io::Read as _;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

/// The files of an archive by name.
pub fn unpacked(bytes: Vec<u8>) -> HashMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut files = HashMap::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("readable");
        files.insert(file.name().expect("a name").into_owned(), bytes);
    }
    files
}

/// Sends a form that queues a document, works on it, and fetches it.
pub async fn made(world: &World, who: &str, path: &str, fields: &[(&str, &str)]) -> (String, Vec<u8>) {
    let mut client = world.signed_in(who).await;
    let task = client.post_form(path, fields).await.location();
    jobs::run_tasks(&world.test.app).await.expect("worked on");
    client.get(&task).await.expect(200, "导出");
    let file = client.get(&format!("{task}/file")).await;
    assert_eq!(file.status, 200);
    (file.header("content-disposition").to_owned(), file.bytes)
}

#[tokio::test]
async fn an_evidence_pack_has_the_document_the_data_and_the_hash_of_each_file() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await.id;
    let path = format!("/console/violations/{violation}/evidence");
    let (name, bytes) = made(&world, "reform", &path, &[("pack", "zip")]).await;
    assert!(name.contains(".zip"), "{name}");
    let files = unpacked(bytes);
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let listed = manifest["files"].as_array().expect("a list");
    assert_eq!(listed.len() + 1, files.len());
    for entry in listed {
        let bytes = &files[entry["name"].as_str().expect("a name")];
        let hash = Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        assert_eq!(
            (entry["sha256"].as_str(), entry["bytes"].as_u64()),
            (Some(hash.as_str()), Some(bytes.len() as u64))
        );
    }
    assert!(files["evidence.pdf"].starts_with(b"%PDF-"));
    let facts: serde_json::Value = serde_json::from_slice(&files["facts.json"]).expect("JSON");
    assert_eq!((facts["rule"].as_str(), facts["state"].as_str()), (Some("NDD-01"), Some("suspected")));
    assert!(String::from_utf8_lossy(&files["filings.csv"]).contains(FIRE));
    let (_, pdf) = made(&world, "reform", &path, &[("pack", "pdf")]).await;
    assert!(pdf.starts_with(b"%PDF-"));
    let mut discipline_only = world.signed_in("reform").await;
    let report = world.report(Some(FIRE), "02-20 09:00", &[3]).await;
    let grave = world.violation(RuleCode::Int01, Subject::Report(report)).await.id;
    let path = format!("/console/violations/{grave}/evidence");
    discipline_only.post_form(&path, &[("pack", "zip")]).await.expect(404, "没有找到");
}

/// The words of a DOCX.
fn words(docx: Vec<u8>) -> String {
    let body = String::from_utf8(unpacked(docx).remove("word/document.xml").expect("a body")).expect("UTF-8");
    body.split("<w:t xml:space=\"preserve\">").skip(1).filter_map(|part| part.split("</w:t>").next()).collect()
}

#[tokio::test]
async fn the_report_for_agencies_is_the_same_with_and_without_reports_and_tells_no_small_number() {
    let mut texts = Vec::new();
    for reported in [false, true] {
        let world = World::new().await;
        for day in [4, 5, 6, 9, 10, 11, 12] {
            world.file(FIRE, &format!("03-{day:02} 10:00")).await;
        }
        if reported {
            world.report(Some(FIRE), "03-03 09:00", &[1]).await;
        }
        let fields = [("month", "2026-03"), ("reader", "agencies"), ("paper", "docx")];
        let (_, docx) = made(&world, "discipline", "/console/monthly", &fields).await;
        texts.push(words(docx));
        let fields = [("month", "2026-03"), ("reader", "internal"), ("paper", "docx")];
        let internal = words(made(&world, "discipline", "/console/monthly", &fields).await.1);
        let order = ["一、总体情况", "二、主要数据", "三、突出问题", "四、典型情形", "五、下步建议"];
        let places: Vec<_> = order.iter().map(|part| internal.find(part).expect("a section")).collect();
        assert!(places.is_sorted());
        assert!(
            internal.contains("内部资料")
                && internal.contains(if reported { "企业上报1件" } else { "企业上报0件" })
        );
        let fields = [("month", "2026-03"), ("reader", "internal"), ("paper", "pdf")];
        assert!(made(&world, "discipline", "/console/monthly", &fields).await.1.starts_with(b"%PDF-"));
    }
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("报备单位少于5个") && texts[0].contains("报备入企检查7次"), "{}", texts[0]);
    assert!(!texts[0].contains("上报") || texts[0].matches("上报").count() == texts[0].matches("上报备").count());
}

/// A robot of our own: it answers as it is told and keeps what it was sent.
struct Robot {
    url: String,
    got: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<&'static str>>,
}

async fn robot() -> Robot {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/robot/send?key=k", listener.local_addr().expect("an address"));
    let (got, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(r#"{"errcode":0}"#)));
    let robot = Robot { url, got: got.clone(), answer: answer.clone() };
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = String::new();
            let mut buffer = [0; 4096];
            while !text.contains("\r\n\r\n") || !text.trim_end().ends_with('}') {
                let n = stream.read(&mut buffer).await.unwrap_or(0);
                if n == 0 {
                    break;
                }
                text.push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
            got.lock().expect("unpoisoned").push(text);
            let body = *answer.lock().expect("unpoisoned");
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            let _ = stream.write_all(head.as_bytes()).await;
        }
    });
    robot
}

async fn bell(world: &World, kind: BellKind, url: &str, office: Option<Office>) -> Uuid {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let address = Address { url: url.to_owned(), secret: "SEC".to_owned() };
    let new = NewBell { kind, name: "督查工作群".to_owned(), address, office };
    let id = add_bell(&mut tx, &app.service, app.clock.now(), &Actor::System, &new).await.expect("a bell");
    tx.commit().await.expect("a commit");
    id
}

async fn ring(world: &World) -> usize {
    jobs::ring_due(&world.test.app).await.expect("rung")
}

#[tokio::test]
async fn bells_ring_beside_the_mail_without_naming_anybody_and_again_when_a_robot_refuses() {
    let world = World::new().await;
    let robot = robot().await;
    bell(&world, BellKind::DingTalk, &robot.url, None).await;
    *robot.answer.lock().expect("unpoisoned") = r#"{"errcode":310000,"errmsg":"sign not match"}"#;
    world.file(FIRE, "03-15 10:00").await;
    assert_eq!(ring(&world).await, 0);
    assert_eq!(ring(&world).await, 0, "not tried again at once");
    assert_eq!(robot.got.lock().expect("unpoisoned").len(), 1);
    *robot.answer.lock().expect("unpoisoned") = r#"{"errcode":0}"#;
    world.test.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(ring(&world).await, 1);
    assert_eq!(ring(&world).await, 0, "once is enough");
    let got = robot.got.lock().expect("unpoisoned")[1].clone();
    assert!(got.starts_with("POST /robot/send?key=k&timestamp=") && got.contains("&sign="), "{got}");
    assert!(got.contains("NDD-01") && got.contains("/console/violations/"), "{got}");
    for hidden in [FIRE, "青禾精密机械有限公司", "陈小明"] {
        assert!(!got.contains(hidden), "{hidden} in {got}");
    }
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let mails = mashang::storage::mails::list(&mut tx, None, None, 10).await.expect("the mails");
    assert!(!mails.is_empty(), "the mail is written as ever");
}

#[tokio::test]
async fn severity_4_rings_without_content_and_for_groups_of_the_discipline_office_alone() {
    let world = World::new().await;
    let (anybody, discipline) = (robot().await, robot().await);
    bell(&world, BellKind::WeCom, &anybody.url, None).await;
    bell(&world, BellKind::Feishu, &discipline.url, Some(Office::Discipline)).await;
    world.test.app.clock.set(at("03-03 10:00"));
    world.report(Some(FIRE), "03-03 09:00", &[3]).await;
    ring(&world).await;
    assert!(!anybody.got.lock().expect("unpoisoned").iter().any(|got| got.contains("有一件事项")));
    let got = discipline.got.lock().expect("unpoisoned").clone();
    let one = got.iter().find(|got| got.contains("有一件事项")).expect("a message");
    assert!(!one.contains("INT-01") && !one.contains("violations") && one.contains("\"sign\""), "{one}");
}

#[tokio::test]
async fn nothing_rings_for_what_was_rolled_back_and_a_paused_bell_is_silent() {
    let world = World::new().await;
    let robot = robot().await;
    let app = &world.test.app;
    let id = bell(&world, BellKind::WeCom, &robot.url, None).await;
    let mut tx = app.db.write().await.expect("a transaction");
    let state = BellState::Paused;
    set_bell(&mut tx, &app.service, app.clock.now(), &Actor::System, id, state).await.expect("paused");
    tx.commit().await.expect("a commit");
    world.file(FIRE, "03-15 10:00").await;
    assert_eq!(ring(&world).await, 0);
    let mut tx = app.db.write().await.expect("a transaction");
    set_bell(&mut tx, &app.service, app.clock.now(), &Actor::System, id, BellState::Active).await.expect("resumed");
    tx.rollback().await.expect("a rollback");
    let mut tx = app.db.read().await.expect("a connection");
    assert_eq!(bells::list(&mut tx).await.expect("the bells")[0].state, BellState::Paused);
    assert!(robot.got.lock().expect("unpoisoned").is_empty());
}

#[tokio::test]
async fn an_administrator_adds_tries_and_pauses_a_bell_whose_address_is_never_shown() {
    let world = World::new().await;
    let robot = robot().await;
    let mut admin = world.signed_in("admin").await;
    let bad = [("kind", "wecom"), ("name", "群"), ("url", "http://example.org/x"), ("secret", ""), ("office", "")];
    admin.post_form("/console/bells", &bad).await.expect(422, "错误");
    let good = [("kind", "wecom"), ("name", "督查工作群"), ("url", robot.url.as_str()), ("secret", ""), ("office", "")];
    let page = admin.submit("/console/bells", &good).await.expect(200, "督查工作群").text();
    assert!(!page.contains("key=k"), "an address is a secret");
    let id = page.split("/console/bells/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id").to_owned();
    admin.post_form(&format!("/console/bells/{id}/test"), &[]).await.location();
    assert_eq!(ring(&world).await, 1);
    assert!(robot.got.lock().expect("unpoisoned")[0].contains("测试提醒"));
    admin.submit(&format!("/console/bells/{id}/pause"), &[]).await.expect(200, "已暂停");
    admin.submit(&format!("/console/bells/{id}/resume"), &[]).await.expect(200, "正常");
}
