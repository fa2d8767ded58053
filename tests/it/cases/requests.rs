//! Asking, opening, handing over, more time, withdrawing; and who may not.

use super::world::{Cases, recipients, review};
use crate::console::world::{at, input};
use mashang::domain::cases::{Extension, Handling, RequestState};
use mashang::domain::violation::{RuleCode, Subject};

#[tokio::test]
async fn what_is_previewed_is_what_the_agency_reads_and_the_mail_says_only_number_and_deadline() {
    let cases = Cases::new().await;
    let (one, two) = (cases.conflict("03-16").await, cases.conflict("03-17").await);
    cases.run().await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let preview = supervisor
        .get(&format!("/console/violations/ask?v={}&v={}", one.id, two.id))
        .await
        .expect(200, "单位将看到的全部内容")
        .expect(200, "青禾区消防救援大队");
    let list = |text: &str| {
        let rest = text.split("<ol class=\"asked\">").nth(1).expect("a list").to_owned();
        rest.split("</ol>").next().expect("its end").to_owned()
    };
    let shown = list(&preview.text());
    let request = cases.ask(&mut supervisor, &[one.id, two.id]).await;
    // Tuesday 3 March: the fifth working day is Tuesday 10 March.
    assert_eq!(request.due_on.to_string(), "2026-03-10");
    let mails = cases.run().await;
    assert_eq!(recipients(&mails), ["fire@qh.gov.cn"]);
    assert_eq!(mails[0].subject, format!("【码上报备】说明要求 编号 {} 期限 3月10日（周二）", request.number));
    let link = format!("http://mashang.test/console/explanations/{}", request.id);
    assert!(mails[0].text.contains(&link) && mails[0].text.contains("还有 5 个工作日"), "{}", mails[0].text);
    for secret in ["NDD-01", "无扰日", "青禾精密", "违规", "消防"] {
        assert!(!format!("{:?}", mails[0]).contains(secret), "{secret} is in the mail");
    }
    let mut liaison = cases.world.signed_in("fire").await;
    let page = liaison
        .get(&format!("/console/explanations/{}", request.id))
        .await
        .expect(200, "请在 3月10日（周二）前说明，还有 5 个工作日。");
    assert_eq!(list(&page.text()), shown, "the preview shows exactly what the agency sees");
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Seen);
    let standing = cases.violation(one.id).await;
    assert_eq!((standing.handling, standing.act_by), (Handling::Explaining, Some(request.due_on)));
}

#[tokio::test]
async fn a_request_rests_on_its_own_text_whatever_becomes_of_the_violation() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("/console/explanations/{}", request.id);
    liaison.get(&path).await.expect(200, "待说明");
    let before = liaison.get(&path).await.text();
    let mut other = cases.world.signed_in("discipline").await;
    let page = format!("/console/violations/{}", violation.id);
    let version = input(&other.get(&page).await, "version");
    other
        .submit(&format!("{page}/confirm"), &[("version", &version), ("note", "属实，证据在案")])
        .await
        .expect(200, "已认定");
    assert_eq!(liaison.get(&path).await.text(), before, "a decision shows only when it can no longer be taken back");
    cases.world.test.app.clock.set(at("03-03 10:10"));
    let after = liaison.get(&path).await.expect(200, "认定为违规").text();
    assert!(!after.contains("证据在案"), "the reason stays in the console");
}

#[tokio::test]
async fn two_supervisors_cannot_ask_twice_and_the_second_is_told() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let (mut first, mut second) = (cases.world.signed_in("reform").await, cases.world.signed_in("discipline").await);
    let key = format!("{}.{}", violation.id, violation.version);
    second.get(&format!("/console/violations/ask?v={}", violation.id)).await.expect(200, "发出说明要求");
    cases.ask(&mut first, &[violation.id]).await;
    second
        .post_form("/console/violations/ask", &[("v", &key)])
        .await
        .expect(409, "说明要求没有发出")
        .expect(409, "已经要求说明");
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_in_words() {
    let cases = Cases::new().await;
    let (fire, market) = (cases.conflict("03-16").await, cases.other_conflict("03-17").await);
    let report = cases.world.report(Some(crate::console::world::MARKET), "02-20 09:00", &[3]).await;
    let lead = cases.world.violation(RuleCode::Int01, Subject::Report(report)).await;
    let fresh = cases.world.report(Some(crate::console::world::FIRE), "03-03 09:00", &[]).await;
    let unfiled = cases.world.violation(RuleCode::Fil04, Subject::Report(fresh)).await;
    let mut reform = cases.world.signed_in("reform").await;
    let ask = |ids: &[mashang::domain::id::ViolationId]| {
        let query: Vec<String> = ids.iter().map(|id| format!("v={id}")).collect();
        format!("/console/violations/ask?{}", query.join("&"))
    };
    reform.get(&ask(&[])).await.expect(409, "还没有选择");
    reform.get(&ask(&[fire.id, market.id])).await.expect(409, "属于不同单位");
    reform.get(&ask(&[unfiled.id])).await.expect(409, "不能要求单位说明");
    reform.get(&ask(&[lead.id])).await.expect(404, "没有找到");
    let key = format!("{}.{}", lead.id, lead.version);
    reform.post_form("/console/violations/ask", &[("v", &key)]).await.expect(404, "没有找到");
    let mut discipline = cases.world.signed_in("discipline").await;
    discipline.get(&ask(&[lead.id])).await.expect(409, "仅由纪检部门查看");
}

#[tokio::test]
async fn another_agency_finds_nothing() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut stranger = cases.world.signed_in("market").await;
    let path = format!("/console/explanations/{}", request.id);
    stranger.get(&path).await.expect(404, "没有找到");
    for act in ["extension", "hand-over", "appeal"] {
        stranger.post_form(&format!("{path}/{act}"), &[("version", "1")]).await.expect(404, "没有找到");
    }
    super::world::send(&mut stranger, &request, &[("version", "1"), ("choice", "other"), ("words", "x")], &[])
        .await
        .expect(404, "没有找到");
    let list = stranger.get("/console/explanations?tab=all").await.expect(200, "这里没有说明要求").text();
    assert!(!list.contains(&request.number));
    let mut own = cases.world.signed_in("fire").await;
    own.get("/console/explanations").await.expect(200, &request.number);
    own.post_form(&format!("{path}/review"), &[("version", "1"), ("act", "accept")]).await.expect(404, "没有找到");
    own.get(&format!("/console/violations/{}", violation.id)).await.expect(404, "没有找到");
}

#[tokio::test]
async fn one_extension_is_asked_in_one_tap_and_granted_or_refused() {
    let cases = Cases::new().await;
    let (one, two) = (cases.conflict("03-16").await, cases.conflict("03-17").await);
    let mut supervisor = cases.world.signed_in("reform").await;
    let (granted, refused) = (cases.ask(&mut supervisor, &[one.id]).await, cases.ask(&mut supervisor, &[two.id]).await);
    cases.run().await;
    let mut liaison = cases.world.signed_in("fire").await;
    for request in [&granted, &refused] {
        let path = format!("/console/explanations/{}", request.id);
        let version = input(&liaison.get(&path).await.expect(200, "申请延期"), "version");
        liaison.submit(&format!("{path}/extension"), &[("version", &version)]).await.expect(200, "已申请，待决定");
        let again = liaison.post_form(&format!("{path}/extension"), &[("version", &version)]).await;
        assert_eq!(again.status, 409, "once");
    }
    assert_eq!(recipients(&cases.run().await), ["reform@qh.gov.cn", "reform@qh.gov.cn"]);
    supervisor.get("/console/explanations").await.expect(200, &granted.number).expect(200, &refused.number);
    review(&mut supervisor, &granted, &[("act", "grant")]).await.location();
    review(&mut supervisor, &refused, &[("act", "refuse")]).await.location();
    let (granted, refused) =
        (cases.request(&granted.id.to_string()).await, cases.request(&refused.id.to_string()).await);
    // Five working days after 10 March.
    assert_eq!((granted.extension, granted.due_on.to_string().as_str()), (Extension::Granted, "2026-03-17"));
    assert_eq!((refused.extension, refused.due_on.to_string().as_str()), (Extension::Refused, "2026-03-10"));
    assert_eq!(cases.violation(one.id).await.act_by, Some(granted.due_on));
    let path = format!("/console/explanations/{}", granted.id);
    let page = liaison.get(&path).await.expect(200, "请在 3月17日（周二）前说明，还有 10 个工作日。").text();
    assert!(!page.contains("只能申请一次"), "there is one extension");
    assert_eq!(recipients(&cases.run().await), ["fire@qh.gov.cn", "fire@qh.gov.cn"]);
}

#[tokio::test]
async fn a_request_is_handed_over_to_a_colleague_of_the_same_agency_only() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    cases.run().await;
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("/console/explanations/{}", request.id);
    let version = input(&liaison.get(&path).await, "version");
    let (stranger, own) = (cases.world.users[3].to_string(), cases.world.users[2].to_string());
    let hand = format!("{path}/hand-over");
    liaison.post_form(&hand, &[("version", &version), ("to", &stranger)]).await.expect(404, "没有找到");
    liaison.submit(&hand, &[("version", &version), ("to", &own)]).await.expect(200, "说明要求");
    assert_eq!(cases.request(&request.id.to_string()).await.assignee, Some(cases.world.users[2]));
    assert_eq!(recipients(&cases.run().await), ["fire@qh.gov.cn"]);
}

#[tokio::test]
async fn a_withdrawn_request_leaves_the_violation_as_it_was_and_asks_nothing_more() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    review(&mut supervisor, &request, &[("act", "withdraw"), ("withdraw_words", "")]).await.expect(422, "撤回原因");
    review(&mut supervisor, &request, &[("act", "withdraw"), ("withdraw_words", "问错了单位")]).await.location();
    let standing = cases.violation(violation.id).await;
    assert_eq!((standing.handling, standing.act_by), (Handling::Untouched, None));
    let mut liaison = cases.world.signed_in("fire").await;
    let page = liaison.get(&format!("/console/explanations/{}", request.id)).await.expect(200, "已结束").text();
    assert!(!page.contains("提交说明") && !page.contains("问错了单位"));
    cases.run().await;
    let later = cases.at("03-20 09:00").await;
    assert!(later.iter().all(|mail| !mail.subject.contains(&request.number)), "nothing reminds of it");
    assert!(cases.found(RuleCode::Exp01, Subject::Request(request.id)).await.is_none());
    let mut later = cases.world.signed_in("reform").await;
    cases.ask(&mut later, &[violation.id]).await;
}
