//! Attachments of an answer on their way: too many bytes come back with the form, and a PDF is kept without what it says of its makers.

use super::world::{Cases, PDF, send};
use crate::console::world::input;
use crate::figures_out::made;
use image::codecs::jpeg::JpegEncoder;
use lopdf::{Document, Object, Stream, dictionary};
use std::io::Cursor;
use std::process::Command;

const WORDS: &str = "上级临时部署的检查，当天下午四点接到通知";

#[tokio::test]
async fn attachments_above_the_limit_come_back_with_the_words_and_everything_that_was_typed() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let version = input(&liaison.get(&format!("/console/explanations/{}", request.id)).await, "version");
    let fields =
        [("version", version.as_str()), ("choice", "exception"), ("words", WORDS), ("document", "青安〔2026〕3号")];
    let (half, eight) = (vec![b'x'; (3 << 20) + 1], vec![b'x'; 8 << 20]);
    for files in [vec![("a.jpg", &half[..]), ("b.jpg", &half)], vec![("a.jpg", &eight[..]), ("b.jpg", &eight)]] {
        send(&mut liaison, &request, &fields, &files)
            .await
            .expect(422, "附件合计超过 6 MB")
            .expect(422, WORDS)
            .expect(422, "青安〔2026〕3号")
            .expect(422, "value=\"exception\" checked");
    }
    let three = [("a.jpg", &eight[..]), ("b.jpg", &eight), ("c.jpg", &eight)];
    send(&mut liaison, &request, &fields, &three).await.expect(413, "提交的内容太多");
    // A panorama says in its header how many pixels it has: it is not drawn to be told so.
    let mut panorama = Cursor::new(Vec::new());
    let small = image::GrayImage::new(8, 8);
    small.write_with_encoder(JpegEncoder::new(&mut panorama)).expect("drawn");
    let mut panorama = panorama.into_inner();
    let at = panorama.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    panorama[at + 5..at + 9].copy_from_slice(&[0x2e, 0xe0, 0x2e, 0xe0]);
    let answer = send(&mut liaison, &request, &fields, &[("全景.jpg", &panorama)]).await;
    answer.expect(422, "“全景.jpg”太大：一张照片最多约 5000 万像素").expect(422, WORDS);
    let one = vec![b'x'; 1 << 20];
    let elsewhere = send(&mut liaison, &request, &fields, &[("a.jpg", &one)]).await;
    elsewhere.expect(422, "不是 JPEG、PNG 或 PDF");
}

#[tokio::test]
async fn an_answer_that_comes_back_says_that_its_files_are_to_be_chosen_again_and_what_nobody_sees_in_its_words() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let version = input(&liaison.get(&format!("/console/explanations/{}", request.id)).await, "version");
    let again = "刚才选的附件没有保存，请重新选";
    for (version, words, status, said) in [
        (version.as_str(), " ", 422, "请写明具体情况"),
        (&version, "甲\u{202E}乙", 422, "看不见的方向符号"),
        (&version, "甲\0乙", 422, "看不见的控制字符"),
        ("0", WORDS, 409, "情况有了变化"),
    ] {
        let fields = [("version", version), ("choice", "exception"), ("words", words)];
        send(&mut liaison, &request, &fields, &[("批复.pdf", PDF)]).await.expect(status, said).expect(status, again);
        let without = send(&mut liaison, &request, &fields, &[]).await.expect(status, said).text();
        assert!(!without.contains(again), "there was no file: {without}");
    }
}

/// What poppler says of a file.
fn poppler(program: &str, pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, pdf).expect("written");
    let mut command = Command::new(program);
    command.arg(&file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let read = command.output().expect("poppler-utils are installed");
    assert!(read.status.success() && read.stderr.is_empty(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).expect("a text")
}

#[tokio::test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
async fn a_pdf_opens_as_before_and_says_nothing_of_its_makers() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let fields = [("month", "2026-03"), ("reader", "internal"), ("paper", "pdf")];
    let (_, printed) = made(&cases.world, "discipline", "/console/monthly", &fields).await;
    let mut document = Document::load_mem(&printed).expect("a PDF");
    let info = document.add_object(dictionary! {
        "Author" => Object::string_literal("Zhang San"), "Producer" => Object::string_literal("WPS Office"),
        "CreationDate" => Object::string_literal("D:20260301090000+08'00'"),
    });
    document.trailer.set("Info", info);
    let xmp = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let xmp =
        document.add_object(Stream::new(xmp, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Zhang San</x:xmpmeta>".to_vec()));
    document.catalog_mut().expect("a catalog").set("Metadata", xmp);
    let mut sent = Vec::new();
    document.save_to(&mut sent).expect("written");
    let before = poppler("pdfinfo", &sent);
    assert!(
        before.contains("Zhang San") && before.contains("Metadata Stream: yes"),
        "it would prove nothing: {before}"
    );

    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("/console/explanations/{}", request.id);
    let version = input(&liaison.get(&path).await, "version");
    let fields = [("version", version.as_str()), ("choice", "exception"), ("words", WORDS)];
    send(&mut liaison, &request, &fields, &[("批复.pdf", &sent)]).await.location();
    let page = supervisor.get(&path).await.expect(200, "批复.pdf").text();
    let href = page.split("href=\"").find(|part| part.contains("/files/")).expect("a link");
    let kept = supervisor.get(href.split('"').next().expect("its end")).await;
    assert_eq!((kept.status.as_u16(), kept.header("content-type")), (200, "application/pdf"));
    let after = poppler("pdfinfo", &kept.bytes);
    for gone in ["Author", "Producer", "Creator", "CreationDate", "Title"] {
        assert!(!after.contains(&format!("{gone}:")), "{gone} in {after}");
    }
    assert!(after.contains("Metadata Stream: no"), "{after}");
    assert_eq!(poppler("pdftotext", &kept.bytes), poppler("pdftotext", &printed));
    let pages = |info: &str| info.lines().find(|line| line.starts_with("Pages:")).map(str::to_owned);
    assert_eq!(pages(&after), pages(&before));
}
