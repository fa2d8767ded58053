//! Reporting a visit (`/e/TOKEN/report`): one question a page, at most five, then everything once more, then it is sent.
//!
//! Nothing is stored before the last button: answers travel in hidden fields, drafts stay in the tab. It works without script.

mod answers;
mod one_by_one;
pub(super) mod receipt;
pub(super) mod send;

use super::door;
use crate::actions::Snapshot;
use crate::app::App;
use crate::domain::agency::Agency;
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, filings};
use crate::web::cookies::{self, encode_secret};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{ClientAddr, Form, Now};
use answers::{QUESTIONS, REVIEW};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::Days;

/// How many days back an agency's filing makes it one of the large buttons.
const NEARBY: Days = Days::new(3);
/// The most large buttons for agencies.
const BUTTONS: usize = 4;

#[derive(Template)]
#[template(path = "pages/enterprise/report_start.html")]
struct Start {
    page: Page,
    token: String,
    enterprise: String,
    submission: String,
}

#[derive(Template)]
#[template(path = "pages/enterprise/report_question.html")]
struct Question {
    page: Page,
    form: Form,
    token: String,
    step: u8,
    of: u8,
    hidden: Vec<(String, String)>,
    /// Agencies that filed here lately: the large buttons.
    near: Vec<(String, String)>,
    /// All agencies by name.
    agencies: Vec<(String, String)>,
    did: [&'static str; 4],
    /// Where its draft is kept in the tab.
    draft: String,
}

#[derive(Template)]
#[template(path = "pages/enterprise/report_review.html")]
struct Review {
    page: Page,
    form: Form,
    token: String,
    enterprise: String,
    hidden: Vec<(String, String)>,
    summary: Vec<Line>,
}

/// A line of the review: the question, the answer, and which question it was.
struct Line {
    label: String,
    value: String,
    step: u8,
}

/// `GET /e/{token}/report`: who reads it, before the first question.
pub(super) async fn get(State(app): State<App>, page: Page, Now(now): Now, Path(token): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let Some((token, enterprise)) = door::enter(&mut tx, now, &token).await? else {
        return see_other(&door::landing(&token));
    };
    let submission = encode_secret(&app.service.ids.secret());
    let enterprise = door::named(&mut tx, &token, enterprise.name).await?;
    html(&Start { page, token, enterprise, submission })
}

/// `POST /e/{token}/report`: one question answered, one to be asked, or the end.
pub(super) async fn post(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    addr: ClientAddr,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    let mut tx = app.db.read().await?;
    let Some((token, enterprise)) = door::enter(&mut tx, now, &token).await? else {
        return see_other(&door::landing(&token));
    };
    let snapshot = app.service.snapshot(&mut tx).await?;
    let browser = cookies::hash_of(&app, &headers, cookies::DESK);
    let desk = Desk { app: &app, page, token, enterprise, snapshot: &snapshot, addr, browser };
    let mut form = form.only(&answers::ALL);
    if !receipt::is_key(form.one("submission")) {
        form.set("submission", encode_secret(&app.service.ids.secret()));
        form.fail("", "no-submission");
    }
    let step = form.one("step").parse().unwrap_or(0).min(REVIEW);
    let context = answers::Context { snapshot: &snapshot, now };
    let next = match form.one("go") {
        "back" => step.saturating_sub(1).max(1),
        "send" => return send::send(&mut tx, desk, form, context).await,
        other => {
            if let Ok(question @ 1..=QUESTIONS) = other.parse() {
                question
            } else {
                answers::check(&mut form, step, context);
                if form.has_errors() { step.max(1) } else { step + 1 }
            }
        }
    };
    if next >= REVIEW && !form.has_errors() {
        // A question may have been skipped by going back and forth.
        return match answers::all(&mut form, context) {
            Ok(_) => desk.review(StatusCode::OK, form, context),
            Err(wrong) => desk.question(&mut tx, StatusCode::UNPROCESSABLE_ENTITY, form, wrong).await,
        };
    }
    desk.question(&mut tx, form.status(), form, next.min(QUESTIONS)).await
}

/// What every page of the report needs.
struct Desk<'a> {
    app: &'a App,
    page: Page,
    token: String,
    enterprise: EnterpriseRecord,
    snapshot: &'a Snapshot,
    addr: ClientAddr,
    /// The hash of what the cookie of a browser carries that rated with a PIN before. Reports leave it as it is.
    browser: Option<Vec<u8>>,
}

impl Desk<'_> {
    async fn question(self, tx: &mut Tx, status: StatusCode, form: Form, step: u8) -> Answer {
        let (near, agencies) = if step == 2 { self.agencies(tx).await? } else { (Vec::new(), Vec::new()) };
        let hidden = answers::carried(&form, step);
        let Self { page, token, .. } = self;
        let draft = draft(&token, step);
        let did = answers::DID;
        html_with(status, &Question { page, form, token, step, of: QUESTIONS, hidden, near, agencies, did, draft })
    }

    fn review(self, status: StatusCode, form: Form, context: answers::Context<'_>) -> Answer {
        let hidden = answers::carried(&form, REVIEW);
        let summary = send::summary(&self.page, &form, context);
        let Self { page, token, enterprise, .. } = self;
        html_with(status, &Review { page, form, token, enterprise: enterprise.name, hidden, summary })
    }

    /// Agencies with a filing here these days, and all of them, each as id and name.
    async fn agencies(&self, tx: &mut Tx) -> Result<(Vec<(String, String)>, Vec<(String, String)>), AppError> {
        let records = filings::dossier(tx, self.enterprise.id, self.page.today() - NEARBY).await?;
        let all = &self.snapshot.registries.agencies;
        let named = |agency: &Agency| (agency.id.to_string(), agency.name.clone());
        let mut near = Vec::new();
        for agency in records.iter().rev().filter_map(|record| all.get(&record.filing.agency)).map(named) {
            if !near.contains(&agency) && near.len() < BUTTONS {
                near.push(agency);
            }
        }
        let offered = |agency: &&Agency| !self.snapshot.inactive_agencies.contains(&agency.id);
        let mut list: Vec<_> = all.values().filter(offered).map(named).collect();
        list.sort_by(|a, b| a.1.cmp(&b.1));
        Ok((near, list))
    }
}

/// Where a draft of a question is kept in the tab.
fn draft(token: &str, step: u8) -> String {
    format!("report-{token}-{step}")
}

/// All drafts of a report, for forgetting them on the receipt.
fn drafts(token: &str) -> String {
    (1..=QUESTIONS).map(|step| draft(token, step)).collect::<Vec<_>>().join(" ")
}

/// The words of an answer of three.
fn answer_key(answer: &str) -> &'static str {
    match answer {
        "yes" => "yes",
        "no" => "no",
        _ => "unknown",
    }
}
