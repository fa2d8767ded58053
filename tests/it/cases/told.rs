//! What a form did is told on the page that it leads to, once.

use super::world::{Cases, answer, decide, review};
use crate::console::world::input;
use crate::support::{Answer, Client};

/// Sends a form, and expects the page behind it to tell this.
async fn tells(client: &mut Client, sent: Answer, words: &str) {
    let to = sent.location();
    let note = format!("<div class=\"note ok\" role=\"status\"><p>{words}");
    client.get(&to).await.expect(200, &note);
    let page = client.get(to.split('?').next().expect("a path")).await.text();
    assert!(!page.contains(&note), "it is told once");
}

#[tokio::test]
async fn supervisors_and_liaisons_are_told_what_they_did() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let key = format!("{}.{}", violation.id, violation.version);
    let sent = supervisor.post_form("/console/violations/ask", &[("v", &key)]).await;
    let path = sent.location().split('?').next().expect("a path").to_owned();
    tells(&mut supervisor, sent, "说明要求已发出").await;
    let request = cases.request(path.rsplit('/').next().expect("an id")).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let version = input(&liaison.get(&path).await, "version");
    let sent = liaison.post_form(&format!("{path}/extension"), &[("version", &version)]).await;
    tells(&mut liaison, sent, "延期申请已提交").await;
    let sent = review(&mut supervisor, &request, &[("act", "grant")]).await;
    tells(&mut supervisor, sent, "已同意延期").await;
    let sent = answer(&mut liaison, &request, "第一稿", &[]).await;
    tells(&mut liaison, sent, "说明已提交").await;
    let sent = review(&mut supervisor, &request, &[("act", "return"), ("return_words", "请附文件依据")]).await;
    tells(&mut supervisor, sent, "已退回").await;
    let sent = decide(&mut supervisor, violation.id, &[("kind", "confirm"), ("reason", "")]).await;
    tells(&mut supervisor, sent, "决定已保存").await;
    let sent = supervisor.post_form(&format!("/console/violations/{}/undo", violation.id), &[]).await;
    tells(&mut supervisor, sent, "已撤销上一个决定").await;
    // Words that no form leads to are not made up.
    let page = supervisor.get(&format!("{path}?done=nothing-like-it")).await.text();
    assert!(!page.contains("role=\"status\""));
}
