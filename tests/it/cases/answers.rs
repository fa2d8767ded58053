//! Answers: refused and corrected, with attachments, accepted, returned twice; late ones.

use super::world::{Cases, PDF, answer, recipients, review, send};
use crate::console::world::input;
use image::codecs::jpeg::JpegEncoder;
use mashang::domain::cases::{ClosedAs, Handling, RequestState};
use mashang::domain::violation::{RuleCode, Severity, Subject, ViolationState};

/// A JPEG with an EXIF block that names a place.
fn photograph() -> Vec<u8> {
    let mut plain = Vec::new();
    image::RgbImage::new(8, 4).write_with_encoder(JpegEncoder::new(&mut plain)).expect("drawn");
    let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0GPS 29.56N 106.55E";
    let length = u16::try_from(exif.len() + 2).expect("small").to_be_bytes();
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xff, 0xe1]);
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(exif);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}

const EVIL: &[u8] = b"%PDF-1.4\n1 0 obj\n<</Type /Catalog /OpenAction <</S /JavaScript /JS (x)>>>>\nendobj\n%%EOF\n";

#[tokio::test]
async fn an_answer_is_checked_kept_accepted_and_closes_the_violation() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    cases.run().await;
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("/console/explanations/{}", request.id);
    let version = input(&liaison.get(&path).await, "version");
    send(&mut liaison, &request, &[("version", &version), ("choice", ""), ("words", "上级临时部署的检查")], &[])
        .await
        .expect(422, "请选择一项")
        .expect(422, "上级临时部署的检查")
        .expect(422, "<title>错误：");
    send(&mut liaison, &request, &[("version", &version), ("choice", "other"), ("words", " ")], &[])
        .await
        .expect(422, "请写明具体情况");
    let fields = [
        ("version", version.as_str()),
        ("choice", "exception"),
        ("words", "上级临时部署的检查"),
        ("document", "青安〔2026〕3号"),
    ];
    send(&mut liaison, &request, &fields, &[("批复.pdf", EVIL)])
        .await
        .expect(422, "“批复.pdf”里有脚本")
        .expect(422, "青安〔2026〕3号");
    send(&mut liaison, &request, &fields, &[("a.exe", b"MZ")]).await.expect(422, "不是 JPEG、PNG 或 PDF");
    let photo = photograph();
    send(&mut liaison, &request, &fields, &[("现场.jpg", &photo), ("批复.pdf", PDF)]).await.location();
    let page = liaison.get(&path).await.expect(200, "现场.jpg").expect(200, "已说明，待审核").text();
    let href = page.split("href=\"").find(|part| part.contains("/files/")).expect("a link");
    let href = href.split('"').next().expect("its end").to_owned();
    let kept = supervisor.get(&href).await;
    assert_eq!((kept.status.as_u16(), kept.header("content-type")), (200, "image/jpeg"));
    for secret in [&b"Exif"[..], b"GPS"] {
        assert!(photo.windows(secret.len()).any(|window| window == secret), "the test would prove nothing");
        assert!(!kept.bytes.windows(secret.len()).any(|window| window == secret), "{secret:?} is still there");
    }
    cases.world.signed_in("market").await.get(&href).await.expect(404, "没有找到");
    assert_eq!(cases.violation(violation.id).await.handling, Handling::Explained);
    assert_eq!(recipients(&cases.run().await), ["reform@qh.gov.cn"]);
    supervisor.get("/console/violations").await.expect(200, "审核说明");
    review(&mut supervisor, &request, &[("act", "accept"), ("reason", "")]).await.location();
    let closed = cases.violation(violation.id).await;
    assert_eq!((closed.state, closed.closed_as), (ViolationState::Suspected, Some(ClosedAs::Accepted)));
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Accepted);
    supervisor.get("/console/violations?tab=closed").await.expect(200, "采纳关闭");
    let gone = send(&mut liaison, &request, &fields, &[]).await;
    assert_eq!(gone.status, 409, "it is over");
}

#[tokio::test]
async fn an_answer_is_corrected_until_it_is_looked_at_and_returned_twice_at_most() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "第一稿", &[]).await.location();
    answer(&mut liaison, &request, "第二稿", &[]).await.location();
    let page = supervisor.get(&format!("/console/explanations/{}", request.id)).await;
    page.expect(200, "第 1 次说明（第 1 稿）").expect(200, "第一稿").expect(200, "第 1 次说明（第 2 稿）");
    for round in 1..=2 {
        review(&mut supervisor, &request, &[("act", "return"), ("return_words", "")]).await.expect(422, "退回原因");
        review(&mut supervisor, &request, &[("act", "return"), ("return_words", "请附文件依据")]).await.location();
        let returned = cases.request(&request.id.to_string()).await;
        assert_eq!((returned.state, returned.round), (RequestState::Returned, round + 1));
        assert_eq!(cases.violation(violation.id).await.handling, Handling::Explaining);
        liaison
            .get(&format!("/console/explanations/{}", request.id))
            .await
            .expect(200, "请附文件依据")
            .expect(200, "已退回");
        answer(&mut liaison, &request, "再次说明", &[]).await.location();
    }
    let page = supervisor.get(&format!("/console/explanations/{}", request.id)).await.expect(200, "已经退回两次");
    assert!(!page.text().contains("name=\"return_words\""));
    let third = review(&mut supervisor, &request, &[("act", "return"), ("return_words", "再来一次")]).await;
    assert_eq!(third.status, 409);
}

#[tokio::test]
async fn an_answer_and_a_decision_at_once_tell_the_second() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let (mut first, mut second) = (cases.world.signed_in("reform").await, cases.world.signed_in("discipline").await);
    let request = cases.ask(&mut first, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    let path = format!("/console/explanations/{}", request.id);
    let seen = input(&second.get(&path).await, "version");
    review(&mut first, &request, &[("act", "return"), ("return_words", "不够具体")]).await.location();
    second
        .post_form(&format!("{path}/review"), &[("version", &seen), ("act", "accept"), ("reason", "")])
        .await
        .expect(409, "情况有了变化")
        .expect(409, "不够具体");
    assert_eq!(cases.violation(violation.id).await.handling, Handling::Explaining);
}

#[tokio::test]
async fn a_late_answer_is_taken_and_stays_late() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let subject = Subject::Request(request.id);
    cases.at("03-10 23:59").await;
    assert!(cases.found(RuleCode::Exp01, subject).await.is_none());
    cases.at("03-11 00:00").await;
    let late = cases.found(RuleCode::Exp01, subject).await.expect("raised");
    assert_eq!((late.severity, late.state), (Severity::Warning, ViolationState::Suspected));
    let mut later = cases.world.signed_in("reform").await;
    later.get("/console/violations?tab=overdue").await.expect(200, "已逾期");
    let mut liaison = cases.world.signed_in("fire").await;
    liaison.get(&format!("/console/explanations/{}", request.id)).await.expect(200, "已过，请尽快说明");
    answer(&mut liaison, &request, "迟到的说明", &[]).await.location();
    cases.at("03-30 09:00").await;
    let still = cases.found(RuleCode::Exp01, subject).await.expect("there");
    assert_eq!((still.severity, still.state), (Severity::Warning, ViolationState::Suspected), "the clock stopped");
    let mut reader = cases.world.signed_in("reform").await;
    reader
        .get(&format!("/console/violations/{}", still.id))
        .await
        .expect(200, "3月11日（周三）才说明")
        .expect(200, &request.number);
}
