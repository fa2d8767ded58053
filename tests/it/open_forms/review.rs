//! Looking at what is held: released it is judged and told of, set aside it stays; agencies learn nothing of reports.

use super::{ELSEWHERE, HERE, crowd, post, waiting, worked};
use crate::console::world::{FIRE, World, at, input};
use crate::support::{Answer, Client};
use mashang::domain::id::{FilingId, ReportId};
use mashang::domain::open_form::HeldState;
use mashang::domain::violation::Subject;
use mashang::storage::filings::{self, Scope};
use mashang::storage::{audit_lists, mails, quarantine, reports, violations};

const PAGE: &str = "/console/quarantine";

/// Sends a report of enterprise 0 about the fire brigade without a word or with some.
async fn report(world: &World, from: &str, number: u8, words: &str) -> Answer {
    let submission = crate::enterprise_world::key(number);
    let now = world.test.app.clock.now().to_rfc3339();
    let agency = world.test.seed.agencies[FIRE].to_string();
    let fields = [
        ("submission", submission.as_str()),
        ("step", "6"),
        ("go", "send"),
        ("what", "inspection"),
        ("words", words),
        ("agency", &agency),
        ("when", "now"),
        ("at", &now),
        ("certificate", "no"),
    ];
    let to = format!("/e/{}/report", world.test.token(0));
    post(&mut world.test.client(), from, &to, &fields).await
}

/// The fields of an urgent filing at enterprise 0 in the name of the fire brigade.
fn urgent<'a>(world: &World, submission: &'a str, name: &'a str) -> Vec<(&'a str, String)> {
    vec![
        ("submission", submission.to_owned()),
        ("step", "send".to_owned()),
        ("begin", world.test.app.clock.now().to_rfc3339()),
        ("agency", world.test.seed.agencies[FIRE].to_string()),
        ("name", name.to_owned()),
        ("cert_no", "XF-900".to_owned()),
        ("phone", "138".to_owned()),
        ("matters", world.test.seed.matters["消防安全检查"].to_string()),
    ]
}

async fn file(world: &World, client: &mut Client, submission: &str, name: &str) -> Answer {
    let to = format!("/e/{}/urgent", world.test.token(0));
    post(client, HERE, &to, &urgent(world, submission, name)).await
}

/// What waits, oldest first, as ids.
async fn held(world: &World, state: HeldState) -> Vec<uuid::Uuid> {
    let app = &world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let listed = quarantine::list(&mut tx, state, None, app.clock.now(), 500).await.expect("a list");
    listed.iter().map(|listed| listed.held.subject).collect()
}

async fn violations_of(world: &World, subject: Subject) -> usize {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    violations::by_subject(&mut tx, subject).await.expect("violations").len()
}

/// How many mails there are with these words in their subject, to whom.
async fn mailed(world: &World, words: &str) -> Vec<String> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let all = mails::list(&mut tx, None, None, 500).await.expect("mails");
    let mut to: Vec<_> =
        all.into_iter().filter(|mail| mail.mail.subject.contains(words)).map(|mail| mail.mail.recipient).collect();
    to.sort();
    to
}

#[tokio::test]
async fn supervisors_get_one_mail_a_day_and_release_many_at_once_which_are_judged_and_told_of() {
    let world = World::new().await;
    world.test.app.clock.set(at("03-03 10:00"));
    crowd(&world.test, "report", HERE, 120).await;
    for number in 0..3 {
        report(&world, HERE, number, "三条中的一条").await.location();
    }
    assert_eq!(mailed(&world, "请登录核对").await, ["discipline@qh.gov.cn", "reform@qh.gov.cn"], "one each, not three");
    let ids = held(&world, HeldState::Waits).await;
    assert_eq!(ids.len(), 3);
    for id in &ids {
        assert_eq!(violations_of(&world, Subject::Report(ReportId(*id))).await, 0, "nothing is judged");
    }

    let mut supervisor = world.signed_in("reform").await;
    let page = supervisor.get(PAGE).await.expect(200, "三条中的一条");
    assert!(!page.text().contains(" checked>") || page.text().matches("name=\"q\"").count() == 3);
    supervisor.get(&format!("/console/reports/{}", ids[0])).await.expect(200, "正在待核，还没有判定");
    let listed = supervisor.get("/console/reports").await.expect(200, "").text();
    assert!(!listed.contains(&ids[0].to_string()), "the list of reports is of those that count");
    let all_ticked = supervisor.get(&format!("{PAGE}?ticked=yes")).await.text();
    assert_eq!(all_ticked.matches(" checked>").count(), 4, "three lines, and which of them");

    supervisor.post_form(PAGE, &[("act", "release")]).await.expect(422, "");
    let first = ids[0].to_string();
    let to = supervisor.post_form(PAGE, &[("act", "release"), ("which", "picked"), ("q", &first)]).await.location();
    supervisor.get(&to).await.expect(200, "已放行 1 条");
    assert!(violations_of(&world, Subject::Report(ReportId(ids[0]))).await > 0, "it is judged now");
    assert_eq!(violations_of(&world, Subject::Report(ReportId(ids[1]))).await, 0);
    supervisor.get(&format!("/console/reports/{}", ids[0])).await.expect(200, "三条中的一条");
    // Released twice it is released once.
    let to = supervisor.post_form(PAGE, &[("act", "release"), ("q", &first)]).await.location();
    supervisor.get(&to).await.expect(200, "已放行 0 条");

    // All of the tab that were there when the page was made, and no later one.
    let until = input(&supervisor.get(PAGE).await, "until");
    world.test.app.clock.advance(chrono::TimeDelta::seconds(30));
    report(&world, HERE, 9, "后来的").await.location();
    let to = supervisor.post_form(PAGE, &[("act", "release"), ("which", "all"), ("until", &until)]).await.location();
    supervisor.get(&to).await.expect(200, "已放行 2 条");
    assert_eq!(waiting(&world.test.app).await, 1);
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let record = reports::get(&mut tx, ReportId(ids[2])).await.expect("read").expect("a report");
    assert_eq!(record.report.filed_at, at("03-03 10:00"), "judged by when it was accepted");
    drop(tx);

    // The next day's first is told again.
    world.test.app.clock.set(at("03-04 10:00"));
    crowd(&world.test, "report", HERE, 120).await;
    report(&world, HERE, 10, "").await.location();
    assert_eq!(mailed(&world, "请登录核对").await.len(), 4);
}

#[tokio::test]
async fn what_is_set_aside_stays_with_its_reason_and_can_be_released_later() {
    let world = World::new().await;
    crowd(&world.test, "report", HERE, 120).await;
    for number in 0..2 {
        report(&world, HERE, number, "乱码").await.location();
    }
    let ids = held(&world, HeldState::Waits).await;
    let (one, two) = (ids[0].to_string(), ids[1].to_string());
    let mut supervisor = world.signed_in("discipline").await;
    let fields = [("act", "aside"), ("q", one.as_str()), ("q", &two), ("reason", " ")];
    supervisor.post_form(PAGE, &fields).await.expect(422, "乱码");
    let fields = [("act", "aside"), ("q", one.as_str()), ("q", &two), ("reason", "内容雷同")];
    let to = supervisor.post_form(PAGE, &fields).await.location();
    supervisor.get(&to).await.expect(200, "已搁置 2 条");
    supervisor.get(PAGE).await.expect(200, "没有待核的内容");
    supervisor.get(&format!("{PAGE}?state=aside")).await.expect(200, "内容雷同");
    supervisor.get(&format!("/console/reports/{one}")).await.expect(200, "已搁置");
    let again = [("act", "aside"), ("state", "aside"), ("q", one.as_str()), ("reason", "再一次")];
    supervisor.post_form(PAGE, &again).await.location();
    supervisor.get(&format!("{PAGE}?state=aside")).await.expect(200, "内容雷同");
    supervisor.post_form(PAGE, &[("act", "release"), ("state", "aside"), ("q", one.as_str())]).await.location();
    assert_eq!(held(&world, HeldState::Aside).await, [ids[1]]);
    assert!(violations_of(&world, Subject::Report(ReportId(ids[0]))).await > 0);

    let mut tx = world.test.app.db.read().await.expect("a connection");
    let rows = audit_lists::list(&mut tx, &audit_lists::AuditFilter::default(), None, 500).await.expect("the audit");
    let count = |action: &str| rows.iter().filter(|row| row.action == action).count();
    let counts = ["quarantine.held", "quarantine.set_aside", "quarantine.released"].map(count);
    assert_eq!(counts, [2, 2, 1], "a row each");
}

#[tokio::test]
async fn nothing_that_an_agency_sees_changes_with_reports_that_are_held_released_or_set_aside() {
    let world = World::new().await;
    world.file(FIRE, "03-15 10:00").await;
    let look = async || {
        let mut pages = Vec::new();
        let mut liaison = world.signed_in("fire").await;
        for path in [
            "/console/filings",
            "/console/unverified",
            "/console/explanations",
            "/console/ratings",
            "/console/agencies",
        ] {
            pages.push(liaison.get(path).await.expect(200, "").text());
        }
        liaison.get(PAGE).await.expect(404, "");
        let mut stranger = world.test.client();
        pages.push(stranger.get(&format!("/e/{}", world.test.token(0))).await.expect(200, "").text());
        let mut tx = world.test.app.db.read().await.expect("a connection");
        let all = mails::list(&mut tx, None, None, 500).await.expect("mails");
        let to_agency = all.iter().filter(|mail| mail.mail.recipient.starts_with("fire@"));
        pages.push(to_agency.map(|mail| mail.mail.text.clone()).collect());
        pages
    };
    let before = look().await;
    crowd(&world.test, "report", HERE, 60).await;
    let page = report(&world, HERE, 1, "要算").await.expect(200, "正在自动核对");
    let to = format!("/e/{}/report", world.test.token(0));
    post(&mut world.test.client(), HERE, &to, &worked(&page)).await.location();
    crowd(&world.test, "report", HERE, 60).await;
    for number in 2..6 {
        report(&world, HERE, number, "很多").await.location();
    }
    assert_eq!(before, look().await);
    let ids = held(&world, HeldState::Waits).await;
    assert_eq!(ids.len(), 4);
    let mut supervisor = world.signed_in("reform").await;
    let first = ids[0].to_string();
    supervisor.post_form(PAGE, &[("act", "release"), ("q", &first)]).await.location();
    assert!(violations_of(&world, Subject::Report(ReportId(ids[0]))).await > 0);
    let second = [("act", "aside"), ("q", &*ids[1].to_string()), ("reason", "雷同")];
    supervisor.post_form(PAGE, &second).await.location();
    assert_eq!(before, look().await);
    // Urgent filings are counted apart: who sends one does not learn how many reports there were.
    file(&world, &mut world.test.client(), "0197a000-0000-7000-8000-000000000001", "王急").await.location();
}

#[tokio::test]
async fn urgent_filings_wait_are_held_listed_for_their_liaison_and_released_by_their_answer() {
    let world = World::new().await;
    world.test.app.clock.set(at("03-15 10:00"));
    let mut phone = world.test.client();
    crowd(&world.test, "urgent", HERE, 30).await;
    let one = "0197a000-0000-7000-8000-000000000001";
    let page = file(&world, &mut phone, one, "王急").await.expect(200, "还要等");
    world.test.app.clock.advance(chrono::TimeDelta::seconds(10));
    let url = format!("/e/{}/urgent", world.test.token(0));
    let to = post(&mut phone, HERE, &url, &page.hidden_inputs()).await.location();
    phone.get(&to).await.expect(200, "未核验");
    assert_eq!(waiting(&world.test.app).await, 0);

    crowd(&world.test, "urgent", HERE, 120).await;
    let mail_before = mailed(&world, "请确认").await.len();
    let mut ids = Vec::new();
    for number in 2..5 {
        let to =
            file(&world, &mut phone, &format!("0197a000-0000-7000-8000-00000000000{number}"), "王急").await.location();
        phone.get(&to).await.expect(200, "未核验");
        ids.push(FilingId::parse(to.rsplit('/').next().expect("an id")).expect("an id"));
    }
    assert_eq!(mailed(&world, "请确认").await.len(), mail_before, "none is mailed");
    assert_eq!(waiting(&world.test.app).await, 3);
    let record = async |id| {
        let mut tx = world.test.app.db.read().await.expect("a connection");
        filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing")
    };
    for id in &ids {
        assert_eq!(violations_of(&world, Subject::Filing(*id)).await, 0, "nothing is judged");
        let code = record(*id).await.inspection_code;
        world.test.client().get(&format!("/i/{code}")).await.expect(200, "来人用的手机没有登记");
    }
    let mut liaison = world.signed_in("fire").await;
    let listed = liaison.get("/console/unverified").await.text();
    assert!(ids.iter().all(|id| listed.contains(&id.to_string())));
    // Ours: it counts from now on, as of when it was filed.
    liaison.post_form(&format!("/console/unverified/{}", ids[0]), &[("ours", "yes")]).await.location();
    assert!(violations_of(&world, Subject::Filing(ids[0])).await > 0, "it is judged now");
    // Not ours: set aside with what the liaison said.
    let no = [("ours", "no"), ("reason", "查无此人")];
    liaison.post_form(&format!("/console/unverified/{}", ids[1]), &no).await.location();
    assert_eq!(held(&world, HeldState::Aside).await, [ids[1].0]);
    // The third one is released by a supervisor, and still to be confirmed.
    let mut supervisor = world.signed_in("reform").await;
    supervisor.get(PAGE).await.expect(200, "紧急报备");
    supervisor.post_form(PAGE, &[("act", "release"), ("q", &ids[2].to_string())]).await.location();
    assert!(violations_of(&world, Subject::Filing(ids[2])).await > 0);
    assert_eq!(waiting(&world.test.app).await, 0);
    liaison.get("/console/unverified").await.expect(200, "等待确认");
}

#[tokio::test]
async fn the_same_urgent_form_with_another_name_or_phone_is_told_apart() {
    let world = World::new().await;
    let mut phone = world.test.client();
    let id = "0197a000-0000-7000-8000-000000000001";
    let to = file(&world, &mut phone, id, "王急").await.location();
    assert_eq!(file(&world, &mut phone, id, "王急").await.location(), to);
    file(&world, &mut phone, id, "李急").await.expect(409, "");
    let mut fields = urgent(&world, id, "王急");
    fields.retain(|(name, _)| *name != "phone");
    fields.push(("phone", "139".to_owned()));
    let url = format!("/e/{}/urgent", world.test.token(0));
    post(&mut phone, ELSEWHERE, &url, &fields).await.expect(409, "");
}
