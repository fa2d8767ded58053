//! `/console/mails`: the outbox. Subject and recipient only: what a mail says is for its reader.

use super::Choice;
use crate::actions::retry_mail;
use crate::app::App;
use crate::domain::id::MailId;
use crate::domain::notice::MailState;
use crate::storage::backups;
use crate::storage::mails::{self, MailRecord};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ADMINISTRATOR, Console};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{Path, State};

struct Line {
    id: String,
    subject: String,
    recipient: String,
    created: String,
    state: String,
    state_class: &'static str,
    attempts: i64,
    next_attempt: String,
    error: String,
    may_retry: bool,
}

#[derive(Template)]
#[template(path = "pages/console/mails.html")]
struct List {
    page: Page,
    filters: Filters,
    waiting: i64,
    stuck: i64,
    /// Nothing is sent since a restore.
    held: bool,
    oldest: String,
    states: Vec<Choice>,
    lines: Vec<Line>,
    next: String,
}

/// `GET /console/mails`.
pub(super) async fn get(State(app): State<App>, me: Console<ADMINISTRATOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let queue = mails::queue(&mut tx).await?;
    let held = backups::held(&mut tx).await?.is_some();
    let state = MailState::parse(filters.one("state"));
    let after = filters.after().map(|(at, id)| (at, MailId(id)));
    let mut rows = mails::list(&mut tx, state, after, PAGE_ROWS + 1).await?;
    drop(tx);
    let next = filters.next(&mut rows, |row| cursor(row.created_at, row.mail.id.0));
    html(&List {
        waiting: queue.waiting,
        stuck: queue.stuck,
        held,
        oldest: queue.oldest.map_or_else(|| page.t("none"), |at| page.time(&at)),
        states: MailState::ALL
            .iter()
            .map(|state| Choice { value: state.as_str().to_owned(), label: page.t(&format!("mail-{state}")) })
            .collect(),
        lines: rows.into_iter().map(|row| line(&page, row)).collect(),
        next,
        page,
        filters,
    })
}

/// `POST /console/mails/{id}/retry`.
pub(super) async fn retry(State(app): State<App>, me: Console<ADMINISTRATOR>, Path(id): Path<String>) -> Answer {
    let id = MailId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    retry_mail(&mut tx, &app.service, me.now, &me.actor(), id).await?;
    tx.commit().await?;
    see_other(paths::MAILS)
}

fn line(page: &Page, row: MailRecord) -> Line {
    let set_aside = row.state == MailState::Withheld && !row.last_error.is_empty();
    let again = set_aside || matches!(row.state, MailState::Stuck | MailState::Retry);
    Line {
        id: row.mail.id.to_string(),
        state: page.t(&format!("mail-{}", row.state)),
        state_class: super::mail_class(row.state),
        created: page.time(&row.created_at),
        next_attempt: if row.state == MailState::Retry { page.time(&row.next_attempt_at) } else { String::new() },
        attempts: row.attempts,
        error: row.last_error,
        subject: row.mail.subject,
        recipient: row.mail.recipient,
        may_retry: again,
    }
}
