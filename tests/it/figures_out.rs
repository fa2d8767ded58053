//! What goes out: the evidence pack, and the monthly report in its two variants.

use crate::console::world::{FIRE, MARKET, World};
use mashang::actions::CheckpointKey;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::jobs::chain::{Checkpoints, chain, checkpoint};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io::Read as _;

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
    // It is called what it is, and leads back to where it was asked for.
    let (title, back) = match path.strip_suffix("/evidence") {
        Some(violation) => ("证据材料", violation),
        None => ("月度报告", path),
    };
    let page = client.get(&task).await.expect(200, &format!("<h1>{title}</h1>"));
    page.expect(200, &format!("<a href=\"{back}\">返回</a>"));
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
pub fn words(docx: Vec<u8>) -> String {
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
        // A checkpoint of the audit tells how much happens: it leaves the machine in the internal report alone.
        let app = &world.test.app;
        chain(app).await.expect("chained");
        let folder = tempfile::tempdir().expect("a folder");
        let key = CheckpointKey::from_seed(&[3; 32]).expect("a key");
        checkpoint(app, &Checkpoints { key, folder: folder.path().to_owned() }, app.clock.now()).await.expect("signed");
        let fields = [("month", "2026-03"), ("reader", "agencies"), ("paper", "docx")];
        let (_, docx) = made(&world, "discipline", "/console/monthly", &fields).await;
        texts.push(words(docx));
        let fields = [("month", "2026-03"), ("reader", "internal"), ("paper", "docx")];
        let internal = words(made(&world, "discipline", "/console/monthly", &fields).await.1);
        let order = ["一、总体情况", "二、主要数据", "三、突出问题", "四、典型情形", "五、下步建议"];
        let places: Vec<_> = order.iter().map(|part| internal.find(part).expect("a section")).collect();
        assert!(places.is_sorted());
        assert!(internal.contains("操作记录检查点") && internal.contains("signature"));
        assert!(!texts.iter().any(|text| text.contains("检查点") || text.contains("signature")));
        assert!(
            internal.contains("内部资料")
                && internal.contains(if reported { "企业上报1件" } else { "企业上报0件" })
        );
        let fields = [("month", "2026-03"), ("reader", "internal"), ("paper", "pdf")];
        assert!(made(&world, "discipline", "/console/monthly", &fields).await.1.starts_with(b"%PDF-"));
    }
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("报备单位若干个") && texts[0].contains("报备入企检查7次"), "{}", texts[0]);
    assert!(!texts[0].contains("上报") || texts[0].matches("上报").count() == texts[0].matches("上报备").count());
}

#[tokio::test]
async fn a_number_that_is_left_out_of_the_report_for_agencies_is_never_said_to_be_small() {
    let world = World::new().await;
    // Seven visits of one agency and two of another: whoever has the seven knows the two, so that the nine are left out as well.
    for day in [4, 5, 6, 9, 10, 11, 12] {
        world.file(FIRE, &format!("03-{day:02} 10:00")).await;
    }
    for day in [16, 17] {
        world.file(MARKET, &format!("03-{day:02} 10:00")).await;
    }
    let fields = [("month", "2026-03"), ("reader", "agencies"), ("paper", "docx")];
    let text = words(made(&world, "discipline", "/console/monthly", &fields).await.1);
    assert!(text.contains("报备入企检查若干次") && !text.contains("报备入企检查9次"), "{text}");
    assert!(!text.contains("少于"), "{text}");
}

#[tokio::test]
async fn a_month_that_is_none_or_has_not_begun_is_told() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    for (month, words) in
        [("2026-13", "没有这个月份"), ("0000-01", "没有这个月份"), ("2026-04", "这个月还没有到"), ("", "请填写月份")]
    {
        let fields = [("month", month), ("reader", "internal"), ("paper", "pdf")];
        let page = client.post_form("/console/monthly", &fields).await.expect(422, "id=\"month-e\"");
        page.expect(422, words).expect(422, &format!("value=\"{month}\""));
    }
}
