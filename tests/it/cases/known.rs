//! What an agency knows of a decision that ends its request: nothing while it can be taken back; and when that is over, it is.

use super::world::{Cases, answer, decide, review};
use axum::body::{Body, Bytes};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use chrono::TimeDelta;
use mashang::domain::cases::UNDO;
use mashang::domain::violation::ViolationState;
use mashang::jobs;
use std::convert::Infallible;

const LIST: &str = "/console/explanations";

#[tokio::test]
async fn the_agency_sees_that_its_answer_was_accepted_when_that_can_no_longer_be_taken_back() {
    let cases = Cases::new().await;
    let clock = &cases.world.test.app.clock;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    let path = format!("{LIST}/{}", request.id);
    let export = async |liaison: &mut crate::support::Client| {
        let fields = [("list", "explanations"), ("query", "tab=all"), ("format", "csv")];
        let task = liaison.post_form("/console/export", &fields).await.location();
        jobs::run_tasks(&cases.world.test.app).await.expect("worked on");
        liaison.get(&format!("{task}/file")).await.expect(200, &request.number).text()
    };
    review(&mut supervisor, &request, &[("act", "accept"), ("reason", "")]).await.location();
    supervisor.get(&path).await.expect(200, "已采纳");
    supervisor.get(&format!("{LIST}?tab=over")).await.expect(200, &request.number);
    clock.advance(UNDO - TimeDelta::seconds(1));
    for before in ["", "?tab=replied", "?tab=all"] {
        let page = liaison.get(&format!("{LIST}{before}")).await.text();
        assert!(!page.contains("已采纳"), "{page}");
        assert_eq!(page.contains(&request.number), !before.is_empty(), "{before}");
    }
    assert!(!liaison.get(&format!("{LIST}?tab=over")).await.text().contains(&request.number));
    let page = liaison.get(&path).await.expect(200, "已说明，待审核").text();
    assert!(!page.contains("已采纳") && page.contains("提交说明"));
    assert!(!export(&mut liaison).await.contains("已采纳"));
    clock.advance(TimeDelta::seconds(1));
    liaison.get(&path).await.expect(200, "已采纳");
    liaison.get(&format!("{LIST}?tab=over")).await.expect(200, &request.number).expect(200, "已采纳");
    assert!(export(&mut liaison).await.contains("已采纳"));
}

#[tokio::test]
async fn a_request_that_nobody_answered_is_still_to_be_answered_until_its_decision_is_known() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("{LIST}/{}", request.id);
    liaison.get(&path).await.expect(200, "待说明");
    let before = liaison.get(LIST).await.text();
    decide(&mut supervisor, violation.id, &[("kind", "exempt"), ("reason", "应急处置")]).await.location();
    assert_eq!(liaison.get(LIST).await.text(), before, "list, counts and navigation");
    liaison.get(&path).await.expect(200, "待说明");
    cases.world.test.app.clock.advance(UNDO);
    assert!(!liaison.get(LIST).await.text().contains(&request.number), "nothing waits");
    liaison.get(&path).await.expect(200, "已结束");
}

#[tokio::test]
async fn a_decision_is_not_taken_back_by_what_was_sent_in_time_and_arrived_too_late() {
    let cases = Cases::new().await;
    let clock = cases.world.test.app.clock.clone();
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, violation.id, &[("kind", "confirm"), ("reason", "属实")]).await.location();
    clock.advance(UNDO - TimeDelta::seconds(1));
    // The head of the request is here in time, the end of its body is not.
    let body = futures_util::stream::once(async move {
        clock.advance(TimeDelta::seconds(1));
        Ok::<_, Infallible>(Bytes::new())
    });
    let slow = supervisor
        .request(Method::POST, &format!("/console/violations/{}/undo", violation.id))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from_stream(body))
        .expect("a request");
    assert_eq!(supervisor.send(slow).await.status, 409);
    assert_eq!(cases.violation(violation.id).await.state, ViolationState::Confirmed);
}
