//! The evidence pack of a violation that went the whole way: asked, answered with attachments, returned, appealed against, corrected.

use super::answers::photograph;
use super::world::{Cases, PDF, decide, review, send};
use crate::console::world::input;
use crate::figures_out::{made, unpacked};
use crate::sheets::words_of;
use sha2::{Digest as _, Sha256};

/// The text of a file of the pack.
fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[tokio::test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
async fn a_pack_has_the_answers_with_every_attachment_as_it_was_kept_and_no_code_for_a_word() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await.id;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let page = format!("/console/explanations/{}", request.id);
    let photo = photograph();
    // Longer than a page of the document.
    let long = format!("{}全文完", "上级部门当天临时部署了排查。".repeat(140));
    for (words, files) in [
        ("当天是应急处置", vec![("现场.jpg", photo.as_slice()), ("现场.jpg", photo.as_slice())]),
        (long.as_str(), vec![("批复/一.pdf", PDF)]),
    ] {
        let version = input(&liaison.get(&page).await, "version");
        let fields =
            [("version", version.as_str()), ("choice", "exception"), ("words", words), ("document", "青安〔2026〕3号")];
        send(&mut liaison, &request, &fields, &files).await.location();
        cases.world.test.app.clock.advance(chrono::TimeDelta::minutes(1));
        if words == "当天是应急处置" {
            review(&mut supervisor, &request, &[("act", "return"), ("return_words", "请附批复")]).await.location();
        }
    }
    decide(&mut supervisor, violation, &[("kind", "correct"), ("reason", "完善排期"), ("told", "请举一反三")])
        .await
        .location();
    cases.world.test.app.clock.advance(chrono::TimeDelta::minutes(10));
    let shown = liaison.get(&page).await.text();
    let item = shown.split("name=\"item\" value=\"").nth(1).expect("an item")[..36].to_owned();
    let sent = [("item", item.as_str()), ("appeal_words", "整改期限过短")];
    liaison.submit(&format!("{page}/appeal"), &sent).await.expect(200, "等待决定");
    decide(&mut supervisor, violation, &[("kind", "follow_up"), ("reason", "")]).await.location();
    cases.run().await;

    let path = format!("/console/violations/{violation}/evidence");
    let (_, bytes) = made(&cases.world, "reform", &path, &[("pack", "zip")]).await;
    let files = unpacked(bytes);
    let attached = ["attachments/01-现场.jpg", "attachments/02-现场.jpg", "attachments/03-一.pdf"];
    for name in attached {
        assert!(files.contains_key(name), "{name}: {:?}", files.keys());
    }
    let mut fetched = Vec::new();
    for href in shown.split("href=\"").filter_map(|part| part.split('"').next()).filter(|to| to.contains("/files/")) {
        fetched.push(supervisor.get(href).await.bytes);
    }
    assert_eq!(fetched.len(), attached.len());
    assert!(attached.iter().all(|name| fetched.contains(&files[*name])), "as people fetch them");
    assert!(files[attached[2]].starts_with(b"%PDF-"));
    assert!(!files[attached[0]].windows(4).any(|at| at == b"Exif"));
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let listed = manifest["files"].as_array().expect("a list");
    assert_eq!(listed.len() + 1, files.len(), "every file but the manifest");
    for entry in listed {
        let bytes = &files[entry["name"].as_str().expect("a name")];
        let hash = Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        assert_eq!((entry["sha256"].as_str(), entry["bytes"].as_u64()), (Some(&*hash), Some(bytes.len() as u64)));
    }
    let (answers, decisions) = (text(&files["explanation.csv"]), text(&files["decisions.csv"]));
    for words in ["当天是应急处置", "全文完", "青安〔2026〕3号", "请附批复", "整改期限过短", attached[0], attached[2]]
    {
        assert!(answers.contains(words), "{words}: {answers}");
    }
    assert!(decisions.contains("责令整改并关闭") && decisions.contains("整改已复查"), "{decisions}");
    assert!(text(&files["mails.csv"]).contains("说明要求 编号"), "who was mailed");
    for (name, bytes) in files.iter().filter(|(name, _)| name.rsplit_once('.').is_some_and(|(_, kind)| kind == "csv")) {
        assert!(!text(bytes).contains("follow_up") && !text(bytes).contains("violation."), "a code in {name}");
    }
    let document = words_of(&files["evidence.pdf"]);
    for words in ["五、说明情况", "全文完", "整改已复查", "责令整改并关闭", "03-一.pdf", "整改期限过短"]
    {
        assert!(document.contains(words), "{words}: {document}");
    }
    assert!(!document.contains("follow_up"));
}
