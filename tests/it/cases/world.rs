//! The district of the console's tests, and what people do with cases in it.

use crate::console::world::{FIRE, MARKET, World, input};
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use mashang::domain::id::{RequestId, ViolationId};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::mail::{Letter, Mailer, Memory};
use mashang::storage::cases::requests::{self, RequestRecord};
use mashang::storage::held_requests;
use mashang::storage::violations::{self, ViolationRecord};

/// Boundary of the multipart forms.
const BOUNDARY: &str = "----mashang-test";

/// A PDF of one empty page, with an author.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n\
3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>\nendobj\n4 0 obj\n<</Author (Zhang San)>>\nendobj\n\
trailer<</Root 1 0 R /Info 4 0 R /Size 5>>\n%%EOF\n";

/// The district with supervisors, liaisons and what happens.
pub struct Cases {
    pub world: World,
}

impl Cases {
    pub async fn new() -> Self {
        Self { world: World::new().await }
    }

    /// A violation NDD-01 of the fire brigade, on the 15th to 23rd of March or later.
    pub async fn conflict(&self, day: &str) -> ViolationRecord {
        let filing = self.world.file(FIRE, &format!("{day} 10:00")).await;
        self.world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await
    }

    /// The same of the market supervision.
    pub async fn other_conflict(&self, day: &str) -> ViolationRecord {
        let filing = self.world.file(MARKET, &format!("{day} 10:00")).await;
        self.world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await
    }

    /// A supervisor asks about these violations; returns the request.
    pub async fn ask(&self, client: &mut Client, violations: &[ViolationId]) -> RequestRecord {
        let query: Vec<String> = violations.iter().map(|id| format!("v={id}")).collect();
        let preview = client.get(&format!("/console/violations/ask?{}", query.join("&"))).await.expect(200, "要求说明");
        let hidden = preview.hidden_inputs();
        let fields: Vec<(&str, &str)> = hidden
            .iter()
            .filter(|(name, _)| name == "v")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(fields.len(), violations.len());
        let to = client.post_form("/console/violations/ask", &fields).await.location();
        if to.starts_with("/console/violations/") {
            // It rests on a report, and leaves with the next batch.
            let mut tx = self.world.test.app.db.read().await.expect("a connection");
            let held = held_requests::of_violation(&mut tx, violations[0]).await.expect("what is held");
            self.world.test.app.clock.set(held.last().expect("one that waits").release_at);
            drop(tx);
            self.run().await;
            let mut tx = self.world.test.app.db.read().await.expect("a connection");
            let sent = requests::of_violation(&mut tx, violations[0]).await.expect("requests");
            return sent.into_iter().next_back().expect("it has left");
        }
        let page = to.split('?').next().unwrap_or_default();
        self.request(page.rsplit('/').next().expect("an id")).await
    }

    /// The request as it is stored.
    pub async fn request(&self, id: &str) -> RequestRecord {
        let id = RequestId::parse(id).expect("an id");
        let mut tx = self.world.test.app.db.read().await.expect("a connection");
        requests::get(&mut tx, id, None).await.expect("read").expect("a request")
    }

    /// The violation as it is stored.
    pub async fn violation(&self, id: ViolationId) -> ViolationRecord {
        let mut tx = self.world.test.app.db.read().await.expect("a connection");
        violations::get(&mut tx, id).await.expect("read").expect("a violation")
    }

    /// The violation of a rule on a subject, if there is one.
    pub async fn found(&self, rule: RuleCode, subject: Subject) -> Option<ViolationRecord> {
        let mut tx = self.world.test.app.db.read().await.expect("a connection");
        let all = violations::by_subject(&mut tx, subject).await.expect("violations");
        all.into_iter().find(|violation| violation.rule == rule)
    }

    /// Lets what is due happen, and returns the mails that leave.
    pub async fn run(&self) -> Vec<Letter> {
        let app = &self.world.test.app;
        jobs::run_due(app, app.clock.now()).await.expect("deadlines");
        let outbox = Memory::default();
        jobs::deliver_due(app, &Mailer::Memory(outbox.clone())).await.expect("delivered");
        outbox.take().into_iter().map(|delivered| delivered.letter).collect()
    }

    /// Sets the clock to a local time of 2026 and lets what is due happen.
    pub async fn at(&self, local: &str) -> Vec<Letter> {
        self.world.test.app.clock.set(crate::console::world::at(local));
        self.run().await
    }
}

/// A liaison answers with words and files.
pub async fn answer(client: &mut Client, request: &RequestRecord, words: &str, files: &[(&str, &[u8])]) -> Answer {
    let page = client.get(&format!("/console/explanations/{}", request.id)).await;
    let version = input(&page, "version");
    send(client, request, &[("version", &version), ("choice", "exception"), ("words", words)], files).await
}

/// Sends the answer form as it is.
pub async fn send(
    client: &mut Client,
    request: &RequestRecord,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let request = client
        .request(Method::POST, &format!("/console/explanations/{}/answer", request.id))
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .expect("a request");
    client.send(request).await
}

/// A supervisor does something with a request.
pub async fn review(client: &mut Client, request: &RequestRecord, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/console/explanations/{}", request.id);
    let version = input(&client.get(&path).await, "version");
    let mut sent = vec![("version", version.as_str())];
    sent.extend_from_slice(fields);
    client.post_form(&format!("{path}/review"), &sent).await
}

/// A supervisor decides a violation.
pub async fn decide(client: &mut Client, id: ViolationId, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/console/violations/{id}");
    let version = input(&client.get(&path).await, "version");
    let mut sent = vec![("version", version.as_str())];
    sent.extend_from_slice(fields);
    client.post_form(&format!("{path}/decide"), &sent).await
}

/// Addresses of mails, sorted.
pub fn recipients(mails: &[Letter]) -> Vec<&str> {
    let mut all: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    all.sort_unstable();
    all
}
