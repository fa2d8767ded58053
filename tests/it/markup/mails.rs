//! Every kind of mail, with hostile words in all that it tells: text, HTML, subject, headers.

use super::corpus::{self, TAKEN};
use super::dressed::{Dressed, path_of};
use super::reader;
use chrono::TimeDelta;
use mashang::actions::{Actor, ReportVisit, report_visit};
use mashang::domain::id::{AgencyId, EnterpriseId};
use mashang::domain::notice::MailKind;
use mashang::domain::visit_report::{Answer, ArrivalKnown};
use mashang::jobs;
use mashang::mail::{Delivered, Mailer, Memory};
use mashang::storage::Param;
use std::collections::BTreeSet;

/// The headers that a mail may have, each once.
const HEADERS: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Date",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

/// What is wrong with a mail.
fn wrong(mail: &Delivered) -> Vec<String> {
    let mut wrong = reader::page(&mail.letter.html).wrong;
    wrong.extend(corpus::changed(&mail.letter.subject));
    wrong.extend(corpus::changed(&mail.letter.text));
    let raw = String::from_utf8_lossy(&mail.raw);
    let (head, body) = raw.split_once("\r\n\r\n").expect("headers and a body");
    let mut seen = BTreeSet::new();
    for line in head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
        let name = line.split_once(": ").map_or(line, |(name, _)| name);
        if !HEADERS.contains(&name) || !seen.insert(name) {
            wrong.push(format!("a header {line:?}"));
        }
    }
    if !raw.is_ascii()
        || raw.replace("\r\n", "").contains(['\r', '\n'])
        || body.matches("Content-Type: text/").count() != 2
    {
        wrong.push("not two parts in plain lines".to_owned());
    }
    let to = &mail.letter.to;
    wrong.iter().map(|wrong| format!("to {to}, {:?}: {wrong}", mail.letter.subject)).collect()
}

#[tokio::test]
async fn whatever_the_words_are_every_kind_of_mail_shows_them_as_words_and_has_its_own_headers_only() {
    let dressed = Dressed::plain().await;
    dressed.complete().await;
    dressed.dress().await;
    let (app, memory) = (&dressed.app, Memory::default());
    let start = app.clock.now();
    conflict(&dressed).await;
    ask(&dressed).await;
    grave(&dressed).await;
    // Alerts and requests at once, digests in the morning, reminders and lists as their days come.
    for half_days in 0..24 {
        app.clock.set(start + TimeDelta::hours(12 * half_days));
        jobs::run_due(app, app.clock.now()).await.expect("what is due");
        jobs::deliver_everything(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
    }
    let mails = memory.take();
    let found: Vec<String> = mails.iter().flat_map(wrong).collect();
    assert!(found.is_empty(), "{} in {} mails:\n{}", found.len(), mails.len(), found[..found.len().min(30)].join("\n"));
    let told = mails.iter().filter(|mail| !corpus::marks(&mail.letter.text).is_empty()).count();
    assert!(told > 10, "only {told} of {} mails have somebody's words", mails.len());
    let sent = "SELECT DISTINCT kind AS value FROM mails WHERE state = 'sent' AND created_at >= '2026-03-25'";
    let kinds: BTreeSet<String> = dressed.texts(sent).await.into_iter().collect();
    let missing: Vec<&str> =
        MailKind::ALL.iter().map(|kind| kind.as_str()).filter(|kind| !kinds.contains(*kind)).collect();
    assert!(missing.is_empty(), "no mail of the kinds {missing:?} was sent; there were {kinds:?}");
}

/// A supervisor asks an agency about what is suspected of it.
async fn ask(dressed: &Dressed) {
    let mut supervisor = dressed.signed_in(&dressed.guide.supervisor).await;
    let sql = "SELECT id AS value FROM violations WHERE state = 'suspected' AND subject_kind = 'filing' AND severity = 3 AND handling = 'none' LIMIT 40";
    for path in dressed.paths("/console/violations/ask?v=", sql).await {
        let answer = supervisor.get(&path).await;
        let fields: Vec<(String, String)> =
            answer.hidden_inputs().into_iter().filter(|(name, _)| name == "v").collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if answer.status == 200 && !fields.is_empty() {
            let answer = supervisor.post_form("/console/violations/ask", &fields).await;
            assert!(answer.status.is_redirection(), "{}", answer.text());
        }
    }
}

/// An enterprise reports money that was taken, and a certificate is about to end.
async fn grave(dressed: &Dressed) {
    let (app, now) = (&dressed.app, dressed.app.clock.now());
    let mut tx = app.db.write().await.expect("a transaction");
    let enterprise = tx.fetch_one("SELECT id FROM enterprises ORDER BY id LIMIT 1", &[]).await.expect("one");
    let enterprise: EnterpriseId = enterprise.id("id").expect("an id");
    let agency =
        tx.fetch_one("SELECT agency_id AS id FROM users WHERE role = 'liaison' LIMIT 1", &[]).await.expect("one");
    let agency: AgencyId = agency.id("id").expect("an id");
    let command = ReportVisit {
        matters: Vec::new(),
        enterprise,
        agency: Some(agency),
        agency_text: String::new(),
        arrived_at: now - TimeDelta::hours(1),
        arrival_known: ArrivalKnown::Time,
        verified: true,
        visitors: Some(2),
        shown_certificate: Some(Answer::No),
        shown_notice: Some(Answer::No),
        documents_demanded: false,
        premises_inspected: false,
        rectification_asked: false,
        form_signed: false,
        prohibited: vec![3],
        service: false,
        words: TAKEN[0].text.to_owned(),
        contact: TAKEN[1].text.to_owned(),
        held: false,
    };
    report_visit(&mut tx, &app.service, now, &Actor::Enterprise(enterprise), None, command).await.expect("reported");
    let ends = "UPDATE inspectors SET valid_to = '2026-04-10' WHERE agency_id = $1";
    tx.execute(ends, &[Param::from(agency)]).await.expect("certificates end");
    tx.execute("UPDATE registry_state SET version = version + 1", &[]).await.expect("read anew");
    tx.commit().await.expect("a commit");
}

/// A filing on a no-disturb day, by the phone of an inspector, as the form sends it.
async fn conflict(dressed: &Dressed) {
    let mut phone = dressed.phone().await;
    let path = format!("{}/file", path_of(&dressed.guide.enterprise_url));
    let page = reader::page(&phone.get(&path).await.text());
    let form =
        page.forms.iter().find(|form| form.fields.iter().any(|field| field.name == "matters")).expect("the form");
    let first = |name: &str| {
        let field = form.fields.iter().find(|field| field.name == name && !field.value.is_empty());
        field.map_or_else(|| panic!("no {name}"), |field| (name.to_owned(), field.value.clone()))
    };
    let mut fields = [first("submission"), first("matters"), first("inspectors")].to_vec();
    let more = [
        ("kind", "daily"),
        ("when", "day"),
        ("date", "2026-04-09"),
        ("planned_start", "09:00"),
        ("planned_end", "11:00"),
        ("step", "send"),
        ("note", "=1+1<b>"),
    ];
    fields.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = phone.post_form(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}
