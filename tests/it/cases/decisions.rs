//! Decisions on violations: what they make, taking them back, several at once, corrections, relapses, cards, appeals.

use super::world::{Cases, answer, decide, recipients};
use crate::console::world::{at, input};
use mashang::domain::cases::{ClosedAs, DecisionKind, Dismissal, Handling, RequestState};
use mashang::domain::rules::Inputs;
use mashang::domain::rules::supervision::Card;
use mashang::domain::violation::{RuleCode, Severity, Subject, ViolationState};

/// The count behind the label of a tab.
fn tab(page: &str, label: &str) -> usize {
    let rest = page.split(&format!(">{label} <span class=\"count")).nth(1).unwrap_or_else(|| panic!("no tab {label}"));
    rest.split('>').nth(1).and_then(|rest| rest.split('<').next()).and_then(|n| n.parse().ok()).expect("a count")
}

#[tokio::test]
async fn each_count_of_the_inbox_is_the_number_of_its_rows() {
    let cases = Cases::new().await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let all = [
        cases.conflict("03-16").await,
        cases.conflict("03-17").await,
        cases.conflict("03-18").await,
        cases.other_conflict("03-19").await,
        cases.other_conflict("03-20").await,
    ];
    let (late, waiting) = (cases.ask(&mut supervisor, &[all[0].id]).await, all[1].id);
    decide(&mut supervisor, all[2].id, &[("kind", "exempt"), ("reason", "应急处置")]).await.location();
    decide(&mut supervisor, all[3].id, &[("kind", "transfer"), ("reason", "转主管部门")]).await.location();
    cases.at("03-10 09:00").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let due = supervisor.get("/console/violations?tab=due").await.text();
    assert_eq!(tab(&due, "今日到期"), 1, "{}", late.number);
    cases.at("03-11 09:00").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    cases.ask(&mut supervisor, &[waiting]).await;
    let tabs = [
        ("overdue", "逾期"),
        ("due", "今日到期"),
        ("open", "需要决定"),
        ("waiting", "等待说明"),
        ("notice", "关注"),
        ("confirmed", "已认定"),
        ("dismissed", "已排除"),
        ("cleared", "已消除"),
        ("closed", "已关闭"),
        ("all", "全部"),
    ];
    let mut seen = Vec::new();
    for (name, label) in tabs {
        let path = format!("/console/violations?tab={name}&rule=NDD-01");
        let page = supervisor.get(&path).await.expect(200, "疑似违规").text();
        let rows = page.matches("name=\"v\"").count();
        assert_eq!(tab(&page, label), rows, "{name}");
        seen.push((name, rows));
    }
    let of = |name: &str| seen.iter().find(|(tab, _)| *tab == name).map_or(0, |(_, rows)| *rows);
    assert_eq!((of("overdue"), of("waiting"), of("dismissed"), of("closed")), (1, 1, 1, 2));
    assert_eq!(of("overdue") + of("due") + of("open") + of("waiting") + of("notice") + of("closed"), of("all"));
    let open = supervisor.get("/console/violations").await.text();
    let count = format!("<span class=\"count hot\">{}</span></a>", tab(&open, "需要决定"));
    assert!(open.matches(&count).count() >= 2, "the navigation counts the same");
}

#[tokio::test]
async fn a_decision_is_taken_back_within_ten_minutes_and_its_mail_is_never_sent() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    cases.run().await;
    let before = cases.violation(violation.id).await.standing();
    let fields = [("kind", "transfer"), ("reason", "转主管部门"), ("told", "请向主管部门说明")];
    decide(&mut supervisor, violation.id, &fields).await.location();
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Closed);
    let path = format!("/console/violations/{}", violation.id);
    supervisor.get(&path).await.expect(200, "之前可以撤销");
    assert!(cases.at("03-03 10:09").await.is_empty(), "the mail is held");
    supervisor.submit(&format!("{path}/undo"), &[]).await.expect(200, "撤销了上一个决定");
    assert_eq!(cases.violation(violation.id).await.standing(), before);
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Replied);
    assert!(cases.at("03-03 10:30").await.is_empty(), "the mail is gone");
    liaison.get(&format!("/console/explanations/{}", request.id)).await.expect(200, "已说明，待审核");

    decide(&mut supervisor, violation.id, &fields).await.location();
    let late = cases.at("03-03 10:40").await;
    assert_eq!(recipients(&late), ["fire@qh.gov.cn"]);
    let page =
        liaison.get(&format!("/console/explanations/{}", request.id)).await.expect(200, "请向主管部门说明").text();
    assert!(page.contains("转交其他部门处理") && !page.contains("转主管部门"));
    supervisor.post_form(&format!("{path}/undo"), &[]).await.expect(409, "情况有了变化");
}

#[tokio::test]
async fn a_decision_needs_what_its_kind_needs() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, violation.id, &[("kind", "")]).await.expect(422, "请选择决定");
    decide(&mut supervisor, violation.id, &[("kind", "exempt"), ("reason", "")]).await.expect(422, "请写明理由");
    decide(&mut supervisor, violation.id, &[("kind", "dismiss"), ("dismissal", ""), ("reason", "x")])
        .await
        .expect(422, "请选择排除原因");
    let refused = decide(&mut supervisor, violation.id, &[("kind", "circulate"), ("reason", "x")]).await;
    assert_eq!(refused.status, 409, "only what was confirmed is circulated");
    let fields = [("kind", "dismiss"), ("dismissal", "joint"), ("reason", "与应急局联合")];
    decide(&mut supervisor, violation.id, &fields).await.location();
    let dismissed = cases.violation(violation.id).await;
    assert_eq!((dismissed.state, dismissed.dismissal), (ViolationState::Dismissed, Some(Dismissal::Joint)));
    assert_eq!(dismissed.decision_reason, "实为联合检查：与应急局联合");
    decide(&mut supervisor, violation.id, &[("kind", "reopen"), ("reason", "误排")]).await.location();
    let open = cases.violation(violation.id).await;
    assert_eq!((open.state, open.handling, open.decision_kind), (ViolationState::Suspected, Handling::Reopened, None));
}

#[tokio::test]
async fn several_are_decided_together_or_none() {
    let cases = Cases::new().await;
    let (one, two) = (cases.conflict("03-16").await, cases.other_conflict("03-17").await);
    let mut supervisor = cases.world.signed_in("reform").await;
    let preview = supervisor
        .get(&format!("/console/violations/bulk?v={}&v={}&kind=exempt", one.id, two.id))
        .await
        .expect(200, "2 条：例外成立");
    let keys: Vec<String> =
        preview.hidden_inputs().into_iter().filter(|(name, _)| name == "v").map(|(_, value)| value).collect();
    let mut fields: Vec<(&str, &str)> = keys.iter().map(|key| ("v", key.as_str())).collect();
    fields.extend([("kind", "exempt"), ("reason", "防汛应急"), ("told", ""), ("dismissal", ""), ("follow_up_on", "")]);
    let mut other = cases.world.signed_in("discipline").await;
    decide(&mut other, two.id, &[("kind", "confirm"), ("reason", "")]).await.location();
    supervisor
        .post_form("/console/violations/bulk", &fields)
        .await
        .expect(409, "您的决定没有保存")
        .expect(409, "防汛应急");
    assert_eq!(cases.violation(one.id).await.state, ViolationState::Suspected, "all or none");
    other.submit(&format!("/console/violations/{}/undo", two.id), &[]).await.expect(200, "撤销了");
    let (one, two) = (cases.violation(one.id).await, cases.violation(two.id).await);
    let keys = [format!("{}.{}", one.id, one.version), format!("{}.{}", two.id, two.version)];
    let mut fields: Vec<(&str, &str)> = keys.iter().map(|key| ("v", key.as_str())).collect();
    fields.extend([("kind", "exempt"), ("reason", "防汛应急")]);
    supervisor.post_form("/console/violations/bulk", &fields).await.location();
    for id in [one.id, two.id] {
        let decided = cases.violation(id).await;
        assert_eq!(decided.decision_kind, Some(DecisionKind::Exempt));
    }
}

#[tokio::test]
async fn a_correction_that_is_not_seen_in_time_is_exp_02_and_seeing_it_in_time_is_not() {
    let cases = Cases::new().await;
    let (late, seen) = (cases.conflict("03-16").await, cases.conflict("03-17").await);
    let mut supervisor = cases.world.signed_in("reform").await;
    for id in [late.id, seen.id] {
        decide(&mut supervisor, id, &[("kind", "confirm"), ("reason", "")]).await.location();
        decide(&mut supervisor, id, &[("kind", "correct"), ("reason", "完善排期"), ("follow_up_on", "")])
            .await
            .location();
        let closed = cases.violation(id).await;
        // Fifteen working days after 3 March.
        assert_eq!(closed.follow_up_on.map(|day| day.to_string()).as_deref(), Some("2026-03-24"));
        assert_eq!((closed.state, closed.closed_as), (ViolationState::Confirmed, Some(ClosedAs::Corrected)));
    }
    decide(&mut supervisor, seen.id, &[("kind", "follow_up"), ("reason", "")]).await.location();
    cases.at("03-24 23:59").await;
    assert!(cases.found(RuleCode::Exp02, Subject::Violation(late.id)).await.is_none());
    cases.at("03-25 00:00").await;
    let found = cases.found(RuleCode::Exp02, Subject::Violation(late.id)).await.expect("raised");
    assert_eq!((found.severity, found.state), (Severity::Warning, ViolationState::Suspected));
    assert!(cases.found(RuleCode::Exp02, Subject::Violation(seen.id)).await.is_none());
    let mut later = cases.world.signed_in("reform").await;
    later.get(&format!("/console/violations/{}", found.id)).await.expect(200, "到期没有复查通过");
}

#[tokio::test]
async fn three_confirmed_are_a_yellow_card_and_taking_one_back_clears_it() {
    let cases = Cases::new().await;
    let all = [cases.conflict("03-16").await, cases.conflict("03-17").await, cases.conflict("03-18").await];
    let mut supervisor = cases.world.signed_in("reform").await;
    for violation in &all {
        decide(&mut supervisor, violation.id, &[("kind", "confirm"), ("reason", "")]).await.location();
        cases.world.test.app.clock.advance(chrono::TimeDelta::minutes(1));
    }
    let subject = Subject::Violation(all[2].id);
    let card = cases.found(RuleCode::Agg01, subject).await.expect("a card");
    assert_eq!((card.severity, card.agency), (Severity::Warning, all[2].agency));
    let Inputs::Agg01 { card: colour, counted, .. } = &card.inputs else { panic!("other inputs") };
    assert_eq!((*colour, counted.len()), (Card::Yellow, 3));
    supervisor.get(&format!("/console/violations/{}", card.id)).await.expect(200, "黄牌").expect(200, "有 3 条被认定");
    supervisor.submit(&format!("/console/violations/{}/undo", all[2].id), &[]).await.expect(200, "撤销了");
    let gone = cases.found(RuleCode::Agg01, subject).await.expect("kept on record");
    assert_eq!(gone.state, ViolationState::Cleared);
}

#[tokio::test]
async fn the_same_rule_confirmed_again_after_closing_is_a_relapse() {
    let cases = Cases::new().await;
    let (first, second) = (cases.conflict("03-16").await, cases.conflict("03-17").await);
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, first.id, &[("kind", "confirm"), ("reason", "")]).await.location();
    decide(&mut supervisor, first.id, &[("kind", "circulate"), ("reason", "通报")]).await.location();
    cases.world.test.app.clock.advance(chrono::TimeDelta::minutes(1));
    decide(&mut supervisor, second.id, &[("kind", "confirm"), ("reason", "")]).await.location();
    let found = cases.found(RuleCode::Exp02, Subject::Violation(first.id)).await.expect("raised");
    let Inputs::Exp02 { again, .. } = found.inputs else { panic!("other inputs") };
    assert_eq!(again, Some(second.id));
    supervisor.submit(&format!("/console/violations/{}/undo", second.id), &[]).await.expect(200, "撤销了");
    let gone = cases.found(RuleCode::Exp02, Subject::Violation(first.id)).await.expect("kept on record");
    assert_eq!(gone.state, ViolationState::Cleared);
}

#[tokio::test]
async fn an_agency_appeals_within_ten_working_days_and_it_is_decided() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    decide(&mut supervisor, violation.id, &[("kind", "confirm"), ("reason", "")]).await.location();
    let path = format!("/console/explanations/{}", request.id);
    let early = liaison.get(&path).await.text();
    assert!(!early.contains("提出异议"), "there is nothing to appeal against yet");
    cases.world.test.app.clock.set(at("03-03 10:10"));
    let page = liaison.get(&path).await.expect(200, "认定为违规").expect(200, "提出异议");
    let item = page.text().split("name=\"item\" value=\"").nth(1).expect("an item")[..36].to_owned();
    let appeal = format!("{path}/appeal");
    liaison.post_form(&appeal, &[("item", &item), ("appeal_words", " ")]).await.expect(422, "请写明理由");
    liaison.submit(&appeal, &[("item", &item), ("appeal_words", "当天是应急处置")]).await.expect(200, "等待决定");
    let again = liaison.post_form(&appeal, &[("item", &item), ("appeal_words", "再提")]).await;
    assert_eq!(again.status, 409, "once a decision");
    // Fifteen working days after 3 March.
    let waiting = cases.violation(violation.id).await;
    assert_eq!(waiting.appeal_by.map(|day| day.to_string()).as_deref(), Some("2026-03-24"));
    let case = format!("/console/violations/{}", violation.id);
    let shown = supervisor.get(&case).await.expect(200, "当天是应急处置").expect(200, "请在 3月24日（周二）前决定");
    let version = input(&shown, "version");
    let sent = [("version", version.as_str()), ("grant", "yes"), ("reply", "重新核实")];
    supervisor.submit(&format!("{case}/appeal"), &sent).await.expect(200, "重新处理");
    let reopened = cases.violation(violation.id).await;
    assert_eq!((reopened.state, reopened.handling), (ViolationState::Suspected, Handling::Reopened));
    assert!(!liaison.get(&path).await.text().contains("重新核实"), "it may yet be taken back");
    cases.world.test.app.clock.set(at("03-03 10:20"));
    liaison.get(&path).await.expect(200, "重新核实");
    cases.ask(&mut supervisor, &[violation.id]).await;
}

#[tokio::test]
async fn after_ten_working_days_no_appeal_is_taken() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    decide(&mut supervisor, violation.id, &[("kind", "confirm"), ("reason", "")]).await.location();
    // Ten working days after Tuesday 3 March end with Tuesday 17 March.
    let path = format!("/console/explanations/{}", request.id);
    cases.world.test.app.clock.set(at("03-17 23:59"));
    let mut liaison = cases.world.signed_in("fire").await;
    let page = liaison.get(&path).await.expect(200, "提出异议");
    let item = page.text().split("name=\"item\" value=\"").nth(1).expect("an item")[..36].to_owned();
    cases.world.test.app.clock.set(at("03-18 00:00"));
    assert!(!liaison.get(&path).await.text().contains("name=\"item\""));
    let late = liaison.post_form(&format!("{path}/appeal"), &[("item", &item), ("appeal_words", "迟了")]).await;
    assert_eq!(late.status, 409);
}
