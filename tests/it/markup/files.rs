//! Every file that the console makes, with hostile words in all that it holds: lists, reports, packs of evidence, sheets, rejected rows.

use super::corpus::{self, NOT_IN_A_LINE, TAKEN};
use super::crawl::Crawl;
use super::dressed::Dressed;
use super::forms;
use super::reader;
use crate::support::{Answer, Client};
use mashang::domain::sheet::SheetKind;
use mashang::jobs;
use std::collections::BTreeSet;

/// Sends a form that asks for a file, works on it, and fetches it.
async fn made(dressed: &Dressed, client: &mut Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = client.post_form(path, fields).await;
    assert_eq!(answer.status, 303, "{path} {fields:?}: {}", answer.text());
    let task = answer.location();
    while jobs::run_tasks(&dressed.app).await.expect("worked on") > 0 {}
    let file = client.get(&format!("{}/file", task.replace("/explanations/", "/tasks/"))).await;
    assert_eq!(file.status, 200, "{path} {fields:?}: {}", client.get(&task).await.text());
    file
}

/// The lists that a role can take out of the console: their names and what the page filters by.
async fn lists(client: &mut Client, crawl: &Crawl) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let console = crawl.routes.iter().filter(|route| route.method == "GET" && route.path.starts_with("/console"));
    for route in console.filter(|route| !route.path.contains('{')) {
        let answer = client.get(&route.path).await;
        if answer.status == 200 && answer.header("content-type").starts_with("text/html") {
            for form in reader::page(&answer.text()).forms.iter().filter(|form| form.action == "/console/export") {
                let value = |name: &str| form.fields.iter().find(|f| f.name == name).map(|f| f.value.clone());
                found.insert((value("list").expect("a list"), value("query").unwrap_or_default()));
            }
        }
    }
    found
}

#[tokio::test]
async fn whatever_the_words_are_no_file_has_a_formula_a_command_or_a_part_that_nobody_made() {
    let dressed = Dressed::plain().await;
    dressed.complete().await;
    dressed.dress().await;
    let guide = dressed.guide.clone();
    let mut crawl = Crawl::new();
    let mut names = BTreeSet::new();
    for (who, person) in [
        ("supervisor", &guide.supervisor),
        ("operator", &guide.operator),
        ("liaison", &guide.liaison),
        ("admin", &guide.admin),
    ] {
        let mut client = dressed.signed_in(person).await;
        for (list, query) in lists(&mut client, &crawl).await {
            if !names.insert(list.clone()) {
                continue;
            }
            for format in ["csv", "xlsx"] {
                let fields = [("list", list.as_str()), ("query", &query), ("format", format)];
                let file = made(&dressed, &mut client, "/console/export", &fields).await;
                crawl.look(&format!("{who}: {list} as {format}"), &file);
            }
        }
    }
    assert!(names.len() >= 13, "{names:?}");

    let mut supervisor = dressed.signed_in(&guide.supervisor).await;
    for reader in ["internal", "agencies"] {
        for paper in ["docx", "pdf"] {
            let fields = [("month", "2026-02"), ("reader", reader), ("paper", paper)];
            let file = made(&dressed, &mut supervisor, "/console/monthly", &fields).await;
            crawl.look(&format!("monthly, {reader}, {paper}"), &file);
        }
    }
    let sql = "SELECT id AS value FROM violations WHERE severity >= 3 ORDER BY raised_at DESC LIMIT 4";
    for violation in dressed.paths("/console/violations/", sql).await {
        for pack in ["zip", "pdf"] {
            let file = made(&dressed, &mut supervisor, &format!("{violation}/evidence"), &[("pack", pack)]).await;
            crawl.look(&format!("evidence, {pack}"), &file);
        }
    }
    let mut operator = dressed.signed_in(&guide.operator).await;
    let asked = crawl.wrong.len();
    for kind in SheetKind::ALL {
        let preview = operator.get(&format!("/console/sheets/preview.svg?kind={kind}")).await;
        assert_eq!(preview.status, 200, "{kind}: {}", preview.text());
        crawl.look(&format!("preview of {kind}"), &preview);
    }
    assert!(crawl.pages > 40, "only {} files", crawl.pages);
    assert!(asked == 0 && crawl.wrong.is_empty(), "{}", crawl.wrong[..crawl.wrong.len().min(40)].join("\n"));
}

#[tokio::test]
async fn rows_that_are_rejected_come_back_without_formulas_and_as_they_were_typed() {
    let dressed = Dressed::plain().await;
    let mut operator = dressed.signed_in(&dressed.guide.operator).await;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["企业名称", "统一社会信用代码", "镇街", "地址", "行业代码"]).expect("written");
    // A file with a NUL is no text, and is refused as a whole.
    let all = TAKEN.iter().chain(NOT_IN_A_LINE).map(|payload| payload.text).filter(|text| !text.contains('\0'));
    let all: Vec<&str> = all.collect();
    for words in &all {
        // A code that is none: every row is rejected, and shown with all of its words.
        writer.write_record([*words, "91500000MA5U00001X", words, words, words]).expect("written");
    }
    let bytes = writer.into_inner().expect("bytes");
    for name in ["../../<b>名录</b>.csv", "发票\u{202e}vsc.exe", "a\"; filename=\"b.csv"] {
        let answer =
            forms::upload(&mut operator, "/console/import", &[("registry", "enterprises")], "file", name, &bytes).await;
        let page = answer.location();
        let mut crawl = Crawl::new();
        let shown = operator.get(&page).await;
        crawl.look("the page of an import", &shown);
        let kept =
            dressed.texts("SELECT file_name AS value FROM imports ORDER BY created_at DESC, id DESC LIMIT 1").await;
        assert!(!kept[0].is_empty() && !kept[0].contains(['/', '\\', '\u{202e}']), "{name} is kept as {}", kept[0]);
        let rejected = operator.get(&format!("{page}/rejected.csv")).await;
        crawl.look("rejected rows", &rejected);
        assert!(crawl.wrong.is_empty(), "{}", crawl.wrong.join("\n"));
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&rejected.bytes[3..]);
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), all.len());
        for (row, words) in rows.iter().zip(&all) {
            let cell = row.get(2).expect("a cell");
            let plain = cell.strip_prefix('\'').filter(|_| words.starts_with(corpus::FORMULA)).unwrap_or(cell);
            assert_eq!(plain.trim(), words.trim(), "{words:?}");
        }
    }
}
