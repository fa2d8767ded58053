//! The second wave of rules through the real pages, the real store and the replay: approval and papers, results with matters, and a draft policy
//! over the past.

use crate::console::world::{FIRE, World};
use crate::support::filing::{FRIDAY, QUIET, borrowed, fields, file, review};
use crate::support::{Client, TestApp};
use chrono::{NaiveDate, TimeDelta};
use mashang::actions::{Marks, rate_visit};
use mashang::domain::id::{FilingId, PolicyId};
use mashang::domain::policy::{Policy, PolicyVersion};
use mashang::domain::task::{TaskKind, TaskState};
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::jobs;
use mashang::replay::{History, replay};
use mashang::storage::filings::{self, Scope};
use mashang::storage::tasks::{self, Ending, NewTask};
use mashang::storage::{registries, violations};
use uuid::Uuid;

/// Puts the policy of a new installation in force, from long ago.
async fn all_rules(app: &TestApp) {
    let from = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
    let version = PolicyVersion::new(PolicyId(Uuid::from_u128(7)), from, Policy::for_installation());
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.expect("a transaction");
    registries::insert_policy(&mut tx, &version, "", None, now).await.expect("a policy");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("a commit");
}

/// What stands of a rule on a filing: its severity.
async fn standing(app: &TestApp, rule: RuleCode, id: FilingId) -> Option<u8> {
    let mut tx = app.app.db.read().await.expect("a connection");
    let all = violations::by_subject(&mut tx, Subject::Filing(id)).await.expect("violations");
    let standing = all.into_iter().find(|v| v.rule == rule && v.state == ViolationState::Suspected);
    standing.map(|v| v.severity.level())
}

fn id_of(path: &str) -> FilingId {
    FilingId::parse(path.rsplit('/').next().expect("an id")).expect("an id")
}

#[tokio::test]
async fn an_approval_is_filed_shown_and_judged_and_may_follow_after_the_arrival() {
    let app = TestApp::new().await;
    all_rules(&app).await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut with = fields(&app, FRIDAY);
    with.extend([("approver", "王建国"), ("approver_position", "局长"), ("approved_at", "")].map(owned));
    let page = phone.post_form(&path, &borrowed(&with)).await;
    page.expect(422, "批准人姓名（选填）").expect(422, "王建国");
    with.retain(|(name, _)| name != "approved_at");
    with.extend([("approved_at", "2026-03-02T15:30"), ("approval_document", "检批〔2026〕8号")].map(owned));
    let sent = review(&mut phone, &path, &with).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    let page = phone.get(&receipt).await;
    page.expect(200, "王建国 · 局长 · 检批〔2026〕8号 · 3月2日（周一）15:30").expect(200, "批准与专项材料");
    let id = id_of(&receipt);
    app.app.clock.set("2026-03-06T01:05:00Z".parse().expect("an instant"));
    let mut phone = app.inspector("陈小明").await;
    phone.post_form(&format!("{receipt}/arrive"), &[]).await.location();
    assert_eq!(standing(&app, RuleCode::Fil05, id).await, None);

    // Taken back after the arrival, the missing approval is a notice; then an approval by one of the inspectors is worse.
    let papers = format!("{receipt}/papers");
    phone.get(&papers).await.expect(200, "2026-03-02T15:30");
    let version = |page: &str| {
        page.split("name=\"version\" value=\"").nth(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
    };
    let shown = version(&phone.get(&papers).await.text()).expect("a version");
    phone.post_form(&papers, &[("version", &shown), ("approver", "")]).await.location();
    assert_eq!(standing(&app, RuleCode::Fil05, id).await, Some(1));
    let shown = version(&phone.get(&papers).await.text()).expect("a version");
    let own = [("version", shown.as_str()), ("approver", "李芳"), ("approved_at", "2026-03-05T09:00")];
    phone.post_form(&papers, &own).await.location();
    assert_eq!(standing(&app, RuleCode::Fil05, id).await, Some(2));
    phone.get(&receipt).await.expect(200, "批准人 李芳 是本次检查人员");
    phone.post_form(&papers, &own).await.expect(409, "刚刚被别人改过");
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn a_result_names_what_was_really_inspected() {
    let app = TestApp::new().await;
    all_rules(&app).await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, FRIDAY).await;
    let id = id_of(&receipt);
    app.app.clock.set("2026-03-06T01:05:00Z".parse().expect("an instant"));
    let mut phone = app.inspector("陈小明").await;
    phone.post_form(&format!("{receipt}/arrive"), &[]).await.location();
    phone.get(&receipt).await.expect(200, "实际检查的事项与报备不同？");
    let other = app.seed.matters.iter().find(|(name, _)| **name != "消防安全检查").expect("another matter").1;
    let (filed, other) = (app.seed.matters["消防安全检查"].to_string(), other.to_string());
    let leave = format!("{receipt}/leave");
    phone.post_form(&leave, &[("result", "no_problem"), ("inspected", &filed), ("inspected", &other)]).await.location();
    assert_eq!(standing(&app, RuleCode::Sco01, id).await, Some(2));
    let mut tx = app.app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("there");
    assert_eq!(record.filing.matters_inspected.len(), 2);
    drop(tx);
    let told = [("result", "no_problem"), ("inspected", filed.as_str()), ("correct_reason", "多点了一项")];
    phone.post_form(&format!("{receipt}/result"), &told[..2]).await.expect(422, "更正");
    phone.post_form(&format!("{receipt}/result"), &told).await.location();
    assert_eq!(standing(&app, RuleCode::Sco01, id).await, None, "corrected");
}

#[tokio::test]
async fn what_rests_on_ratings_is_the_supervisor_s_and_not_in_the_agency_s_verdict() {
    let world = World::new().await;
    let app = &world.test;
    all_rules(app).await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(app, &mut phone, FRIDAY).await;
    let id = id_of(&receipt);
    let before = phone.get(&receipt).await.text();
    let marks = Marks { closeness: 4, integrity: 1, satisfaction: 4 };
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.expect("a transaction");
    rate_visit(&mut tx, &app.app.service, now, id, marks).await.expect("rated");
    tx.commit().await.expect("a commit");
    assert_eq!(standing(app, RuleCode::Eva01, id).await, Some(2));
    assert_eq!(phone.get(&receipt).await.text(), before);
    // Nor is the agency asked about it, since any sentence would say so; the console says what can be done instead.
    let mut tx = app.app.db.read().await.expect("a connection");
    let all = violations::by_subject(&mut tx, Subject::Filing(id)).await.expect("violations");
    drop(tx);
    let rated = all.iter().find(|v| v.rule == RuleCode::Eva01).expect("a violation").id;
    let mut supervisor = world.signed_in("reform").await;
    let page = supervisor.get(&format!("/console/violations/{rated}")).await.expect(200, "只依据企业的评价").text();
    assert!(!page.contains("/console/violations/ask"), "there is no way to ask");
    supervisor.get(&format!("/console/violations/ask?v={rated}")).await.expect(409, "有企业评了低分");
    // A new filing after the adverse rating is for the discipline office alone.
    app.app.clock.advance(TimeDelta::hours(1));
    let path = format!("/e/{}/file", app.token(0));
    let mut anew = fields(app, FRIDAY);
    anew[0].1 = Uuid::from_u128(8).to_string();
    let sent = review(&mut phone, &path, &anew).await;
    let again = phone.post_form(&path, &borrowed(&sent)).await.location();
    assert_eq!(standing(app, RuleCode::Ret01, id_of(&again)).await, Some(4));
    let page = phone.get(&again).await.text();
    assert!(!page.contains("RET-01") && !page.contains("打击报复"));
}

/// The fields of the form of a new version, as a browser would send them.
async fn form(client: &mut Client) -> Vec<(String, String)> {
    let page = client.get("/console/policy/new").await.expect(200, "按草案推演").text();
    let mut fields = Vec::new();
    for tag in page.split('<').filter(|tag| tag.starts_with("input")) {
        let attribute = |name: &str| tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let ticked = !matches!(attribute("type"), Some("checkbox" | "radio")) || tag.contains(" checked");
        if let (Some(name), true) = (attribute("name").filter(|n| !matches!(*n, "back" | "care" | "lang")), ticked) {
            fields.push((name.to_owned(), attribute("value").unwrap_or_default().to_owned()));
        }
    }
    fields
}

#[tokio::test]
async fn a_draft_policy_over_the_past_tells_what_appears_and_disappears_and_changes_nothing() {
    let world = World::new().await;
    let quiet = world.file(FIRE, "03-10 10:00").await;
    let open = world.file(FIRE, "03-25 10:00").await;
    let mut client = world.signed_in("reform").await;
    let mut draft = form(&mut client).await;
    draft.retain(|(name, value)| name != "ranges" && !(name == "on" && value == "NDD-01"));
    draft.extend([("ranges", "1-5"), ("per_01_min", "3")].map(owned));
    draft.retain(|(name, value)| !(name == "per_01_min" && value == "2"));
    let task = client.post_form("/console/policy/what-if", &borrowed(&draft)).await.location();
    assert_eq!(jobs::run_tasks(&world.test.app).await.expect("worked"), 1);
    client.get(&task).await.expect(200, "/console/policy/what-if");
    let result = client.get("/console/policy/what-if").await.location();
    let page = client.get(&result).await;
    let page = page.expect(200, "按草案推演的结果").expect(200, "NDD-01").expect(200, "PER-01");
    let text = page.text();
    assert!(text.contains(&format!("/console/filings/{quiet}")) && text.contains(&format!("/console/filings/{open}")));
    assert!(text.contains("新出现") && text.contains("不再出现") && text.contains("1–5"), "{text}");
    world.violation(RuleCode::Ndd01, Subject::Filing(quiet)).await;
    let mut other = world.signed_in("discipline").await;
    assert_eq!(other.get(&result).await.status, 404, "somebody else's");
    client.post_form("/console/policy/what-if", &[("ranges", "23-8")]).await.expect(422, "每月的无扰日");
}

#[tokio::test]
async fn a_trial_of_an_administrator_leaves_out_what_rests_on_reports_and_no_other_is_shown_to_one() {
    let world = World::new().await;
    world.file(FIRE, "03-10 10:00").await;
    world.report(Some(FIRE), "02-20 09:00", &[]).await;
    let mut found = Vec::new();
    for who in ["reform", "admin"] {
        let mut client = world.signed_in(who).await;
        let mut draft = form(&mut client).await;
        draft.retain(|(name, value)| !(name == "on" && ["NDD-01", "PRC-01", "FIL-04"].contains(&value.as_str())));
        client.post_form("/console/policy/what-if", &borrowed(&draft)).await.location();
        assert_eq!(jobs::run_tasks(&world.test.app).await.expect("worked"), 1);
        let result = client.get("/console/policy/what-if").await.location();
        let page = client.get(&result).await.expect(200, "不再出现").expect(200, "NDD-01").text();
        let counted = |rule: &str| page.contains(&format!("mono\">{rule}</span>"));
        found.push((counted("PRC-01"), counted("FIL-04"), page.contains("不含企业上报")));
    }
    assert_eq!(found, [(true, true, false), (false, false, true)]);
    // What was tried before, as somebody who could read reports or before this was told apart.
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let tried = tasks::of_owner(&mut tx, world.users[5], TaskKind::WhatIf, 1).await.expect("tasks").remove(0);
    let mut result = tried.result.clone();
    result.as_object_mut().expect("an object").remove("told");
    let now = app.clock.now() + TimeDelta::seconds(1);
    let old = NewTask {
        id: Uuid::from_u128(u128::MAX),
        kind: TaskKind::WhatIf,
        params: tried.params,
        created_by: tried.created_by,
        lang: tried.lang,
    };
    tasks::insert(&mut tx, &old, now).await.expect("a task");
    let taken = tasks::claim(&mut tx, old.id, now, now + TimeDelta::minutes(3)).await.expect("claimed").expect("it");
    let ending = Ending { state: TaskState::Done, result, trouble: String::new(), file: None, progress: (1, 1) };
    assert!(tasks::end(&mut tx, &taken, &ending, now).await.expect("ended"));
    tx.commit().await.expect("a commit");
    let mut admin = world.signed_in("admin").await;
    assert_eq!(admin.get(&format!("/console/policy/what-if/{}", old.id)).await.status, 404);
    assert_eq!(admin.get("/console/policy/what-if").await.location(), "/console/policy/new");
}

#[tokio::test]
async fn exemptions_are_ticked_on_the_form_shown_in_the_difference_and_used_by_the_draft() {
    let world = World::new().await;
    let exempt = exempt_filing(&world.test).await;
    let mut client = world.signed_in("reform").await;
    let page = client.get("/console/policy/new").await.expect(200, "投诉举报核查").text();
    assert!(page.contains("name=\"ndd_01_exempt\" value=\"E12\" checked") && page.contains("E01、E02、E03"));
    let mut draft = form(&mut client).await;
    draft.retain(|(name, value)| !(name == "ndd_01_exempt" && value == "E04") && name != "dup_03_exempt");
    draft.push(owned(("frq_01_exempt", "E07")));
    client.post_form("/console/policy/what-if", &borrowed(&draft)).await.location();
    assert_eq!(jobs::run_tasks(&world.test.app).await.expect("worked"), 1);
    let result = client.get("/console/policy/what-if").await.location();
    let page = client.get(&result).await.expect(200, "适用的例外").expect(200, "E05、E07").expect(200, "新出现");
    let text = page.text();
    assert!(text.contains("E01、E02、E03、E05、E06、E07、E08、E09、E10、E11、E12"), "{text}");
    assert!(text.contains(&format!("/console/filings/{exempt}")), "what E04 lifted would be found: {text}");
    let mut wrong = draft.clone();
    wrong.push(owned(("tim_02_exempt", "E99")));
    client.post_form("/console/policy/what-if", &borrowed(&wrong)).await.expect(422, "tim_02_exempt");
    // Added, it is in force and shown.
    let mut administrator = world.signed_in("admin").await;
    let dated = [("effective_from", "2026-03-04"), ("note", "渝字〔2026〕2号")].map(owned);
    draft.retain(|(name, _)| name != "effective_from" && name != "note");
    draft.extend(dated);
    let to = administrator.post_form("/console/policy/new", &borrowed(&draft)).await.location();
    administrator.get(&to).await.expect(200, "适用的例外：E05、E07").expect(200, "适用的例外：无");
}

#[tokio::test]
async fn a_number_beyond_its_range_is_marked_at_its_field_which_says_the_range() {
    let world = World::new().await;
    let mut client = world.signed_in("reform").await;
    let draft = form(&mut client).await;
    for (name, typed, said) in [
        ("ndd_02_percent", "200", "请填 0 到 100 之间的整数。"),
        ("eva_01_mean", "9", "请填 0 到 5 之间的整数。"),
        ("dup_01_days", "-1", "请填 0 到 1000 之间的整数。"),
        ("dup_01_days", "1.5", "请填 0 到 1000 之间的整数。"),
    ] {
        let mut wrong = draft.clone();
        wrong.retain(|(field, _)| field != name);
        wrong.push(owned((name, typed)));
        let page = client.post_form("/console/policy/what-if", &borrowed(&wrong)).await.expect(422, said).text();
        assert!(page.contains(&format!("href=\"#{name}\"")) && page.contains(&format!("id=\"{name}-e\"")), "{page}");
    }
    let mut wide = draft.clone();
    wide.retain(|(field, _)| field != "dup_01_days");
    wide.push(owned(("dup_01_days", "６０")));
    client.post_form("/console/policy/what-if", &borrowed(&wide)).await.location();
}

/// A filing on a no-disturb day under E04.
async fn exempt_filing(app: &TestApp) -> FilingId {
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut claimed = fields(app, QUIET);
    let claim = [("exemption", "E04"), ("exemption_reason", "粉尘大，需要马上去看"), ("evidence_ref", "12345-0301")];
    claimed.extend(claim.map(owned));
    let sent = review(&mut phone, &path, &claimed).await;
    let id = id_of(&phone.post_form(&path, &borrowed(&sent)).await.location());
    assert_eq!(standing(app, RuleCode::Ndd01, id).await, None, "E04 lifts it");
    id
}

#[tokio::test]
async fn replay_judges_the_second_wave_only_where_a_policy_switches_it_on() {
    let events = |rules: &str| {
        format!(
            r#"{{"type":"policy","effective_from":"2026-01-01","rules":{rules}}}
{{"type":"agency","ref":"A1","name":"区应急管理局","areas":["新桥镇"]}}
{{"type":"matter","ref":"M1","agency":"A1","name":"检查","group":"","published_from":"2023-01-01"}}
{{"type":"inspector","cert_no":"1","name":"甲","agency":"A1","valid_from":"2023-01-01"}}
{{"type":"inspector","cert_no":"2","name":"乙","agency":"A1","valid_from":"2023-01-01"}}
{{"type":"enterprise","ref":"E1","uscc":"91500107MAYPBPC761","name":"企业","town":"石马街道"}}
{{"type":"file","at":"2026-03-20T09:00:00+08:00","ref":"F1","agency":"A1","enterprise":"E1","kind":"daily","matters":["M1"],"inspectors":["1","2"],"assistants":["W1"],"planned_start":"2026-03-26T09:00:00+08:00","planned_end":"2026-03-26T11:00:00+08:00","approver":"王局","approved_at":"2026-03-20T08:00:00+08:00"}}
{{"type":"arrive","at":"2026-03-26T09:00:00+08:00","ref":"F1"}}
{{"type":"leave","at":"2026-03-26T14:00:00+08:00","ref":"F1"}}
{{"type":"result","at":"2026-03-26T15:00:00+08:00","ref":"F1","result":"no_problem","matters_inspected":["M1"]}}
{{"type":"rate","at":"2026-03-26T16:00:00+08:00","ref":"F1","closeness":1,"integrity":1,"satisfaction":1}}
"#
        )
    };
    let run = async |rules: &str| {
        let history = History::parse(events(rules).as_bytes()).expect("well formed");
        let found = replay(&history, None, |_| ()).await.expect("replayed");
        found.iter().map(|o| format!("{} {}", o.rule, o.severity)).collect::<Vec<_>>()
    };
    assert_eq!(run("{}").await, Vec::<String>::new());
    let on =
        r#"{"TIM-02":{"enabled":true},"SCO-03":{"enabled":true},"EVA-01":{"enabled":true},"FIL-05":{"enabled":true}}"#;
    assert_eq!(run(on).await, ["EVA-01 2", "SCO-03 3", "TIM-02 1"]);
}
