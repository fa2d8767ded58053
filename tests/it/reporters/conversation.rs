//! The conversation through the receipt page, and how far a reporter may be named.

use super::{audited, reported};
use crate::console::world::{World, input};
use crate::support::Client;
use mashang::storage::mails;

/// The receipt page.
async fn look(reporter: &mut Client, receipt: &str) -> crate::support::Answer {
    reporter.post_form("/r", &[("receipt", receipt)]).await.expect(200, "您的上报")
}

#[tokio::test]
async fn a_supervisor_and_a_reporter_write_to_each_other_and_see_what_was_read() {
    let world = World::new().await;
    let (report, receipt) = reported(&world, &[]).await;
    let page = format!("/console/reports/{report}");
    let mut supervisor = world.signed_in("reform").await;
    let mut reporter = world.test.client();
    assert!(!look(&mut reporter, &receipt).await.text().contains("督查人员的话"));
    let say = format!("{page}/say");
    supervisor.post_form(&say, &[("phrase", ""), ("message", "")]).await.expect(422, "请选一条常用语");
    supervisor.post_form(&say, &[("phrase", "loud"), ("message", "")]).await.expect(422, "需要改");
    supervisor.submit(&say, &[("phrase", "who"), ("message", "门口有没有监控？")]).await.expect(200, "企业还没有查看");
    let answer =
        look(&mut reporter, &receipt).await.expect(200, "来了几个人，是哪个单位的").expect(200, "门口有没有监控？");
    assert!(!answer.text().contains("周敏"), "a supervisor is not named to the reporter");
    supervisor.get(&page).await.expect(200, "企业已看到");
    // The reporter adds words: unread until a supervisor says otherwise.
    let submission = input(&answer, "submission");
    let added = [("receipt", receipt.as_str()), ("submission", &submission), ("added", "有监控，三个人")];
    reporter.post_form("/r/add", &added).await.expect(200, "补充的内容已经收下").expect(200, "有监控，三个人");
    supervisor.get("/console/reports").await.expect(200, "1 份有新补充").expect(200, "有新补充</span>");
    supervisor.get("/console/reports?unread=yes").await.expect(200, &page);
    supervisor.get(&page).await.expect(200, "未读");
    supervisor.get(&page).await.expect(200, "未读");
    let read = supervisor.submit(&format!("{page}/read"), &[]).await.expect(200, "有监控，三个人");
    assert!(!read.text().contains("未读"));
    assert!(!supervisor.get("/console/reports").await.text().contains("有新补充"));
    assert!(!supervisor.get("/console/reports?unread=yes").await.text().contains(&page));
    let actions = audited(&world, report.0).await;
    for action in ["report.viewed", "report.answered", "report.added_to", "report.read"] {
        assert!(actions.iter().any(|a| a == action), "{action} is not in {actions:?}");
    }
    // Nobody was mailed anything.
    let mut tx = world.test.app.db.read().await.expect("a connection");
    assert_eq!(mails::queue(&mut tx).await.expect("the queue").waiting, 0);
}

#[tokio::test]
async fn nothing_is_written_to_a_report_that_was_taken_back() {
    let world = World::new().await;
    let (report, receipt) = reported(&world, &[]).await;
    let mut reporter = world.test.client();
    reporter.post_form("/r/withdraw", &[("receipt", &receipt), ("sure", "yes")]).await.expect(200, "已经撤回");
    let mut supervisor = world.signed_in("reform").await;
    let say = format!("/console/reports/{report}/say");
    supervisor.post_form(&say, &[("phrase", "received"), ("message", "")]).await.expect(409, "已撤回");
    reporter.post_form("/r/identity", &[("receipt", &receipt), ("identity", "open")]).await.expect(409, "");
}

#[tokio::test]
async fn the_words_beside_a_ticked_line_are_for_the_discipline_office_alone() {
    let world = World::new().await;
    let (report, receipt) = reported(&world, &[2]).await;
    let mut reporter = world.test.client();
    let submission = input(&look(&mut reporter, &receipt).await, "submission");
    let added = [("receipt", receipt.as_str()), ("submission", &submission), ("added", "还要了烟")];
    reporter.post_form("/r/add", &added).await.expect(200, "收下");
    let mut reform = world.signed_in("reform").await;
    let page = format!("/console/reports/{report}");
    let text = reform.get(&page).await.expect(200, "周敏").text();
    assert!(!text.contains("还要了烟") && !text.contains("/say") && !text.contains("/contact"), "{text}");
    assert!(!reform.get("/console/reports").await.text().contains("有新补充"));
    for (path, fields) in [
        ("say", vec![("phrase", "received"), ("message", "")]),
        ("read", vec![]),
        ("contact", vec![("reason", "verify"), ("contact_words", "核实")]),
        ("contact/open", vec![]),
    ] {
        reform.post_form(&format!("{page}/{path}"), &fields).await.expect(404, "没有找到");
    }
    let mut discipline = world.signed_in("discipline").await;
    discipline.get(&page).await.expect(200, "还要了烟");
    discipline.submit(&format!("{page}/say"), &[("phrase", "received"), ("message", "")]).await.expect(200, "正在核实");
}

#[tokio::test]
async fn a_reporter_alone_widens_how_far_they_may_be_named_and_never_narrows_it() {
    let world = World::new().await;
    let (report, receipt) = reported(&world, &[]).await;
    let page = format!("/console/reports/{report}");
    let mut supervisor = world.signed_in("reform").await;
    supervisor.get(&page).await.expect(200, "身份不公开");
    let mut reporter = world.test.client();
    look(&mut reporter, &receipt).await.expect(200, "现在：身份不公开").expect(200, "value=\"open\"");
    let to = async |reporter: &mut Client, level: &str| {
        reporter.post_form("/r/identity", &[("receipt", &receipt), ("identity", level)]).await
    };
    to(&mut reporter, "").await.expect(422, "请选择一项");
    to(&mut reporter, "superiors").await.expect(200, "现在：仅向上级公开");
    to(&mut reporter, "superiors").await.expect(200, "现在：仅向上级公开");
    to(&mut reporter, "hidden").await.expect(422, "只能放宽");
    supervisor.get(&page).await.expect(200, "仅向上级公开");
    let last = to(&mut reporter, "open").await.expect(200, "现在：可公开核实");
    assert!(!last.text().contains("name=\"identity\""), "there is nothing wider");
    to(&mut reporter, "superiors").await.expect(422, "只能放宽");
    let raised = audited(&world, report.0).await.into_iter().filter(|action| action == "report.identity").count();
    assert_eq!(raised, 2);
}
