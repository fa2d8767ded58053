//! The mailbox of the demonstration: every mail, whoever it was sent to. Mounted by `mashang demo` only.

use crate::app::App;
use crate::domain::id::MailId;
use crate::storage::mails::{self, MailRecord};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};
use uuid::Uuid;

/// How many mails the list shows.
const NEWEST: i64 = 100;

#[derive(Template)]
#[template(path = "pages/demo/mailbox.html")]
struct Mailbox {
    page: Page,
    mails: Vec<MailRecord>,
}

/// `GET /demo/mail`: the newest mails.
pub(in crate::web) async fn list(page: Page, State(app): State<App>) -> Answer {
    let mut tx = app.db.read().await?;
    let mails = mails::list(&mut tx, None, None, NEWEST).await?;
    html(&Mailbox { page, mails })
}

/// A part of a line: words, or a link to this site.
struct Part {
    words: String,
    link: bool,
}

#[derive(Template)]
#[template(path = "pages/demo/mail.html")]
struct Mail {
    page: Page,
    record: MailRecord,
    lines: Vec<Vec<Part>>,
}

/// `GET /demo/mail/ID`: one mail, as its plain text.
pub(in crate::web) async fn one(page: Page, State(app): State<App>, Path(id): Path<Uuid>) -> Answer {
    let mut tx = app.db.read().await?;
    let record = mails::get(&mut tx, MailId(id)).await?.ok_or(AppError::NotFound)?;
    let lines = record.mail.text.lines().map(|line| parts(line, page.public_url())).collect();
    html(&Mail { page, record, lines })
}

/// A line with its links to this site marked.
fn parts(line: &str, site: &str) -> Vec<Part> {
    // The whole host: what another site's name begins with is not this site.
    let here = line.find(site).filter(|at| line[at + site.len()..].starts_with(['/', '?', '#']));
    let Some(at) = here else { return vec![Part { words: line.to_owned(), link: false }] };
    let (before, rest) = line.split_at(at);
    let end = rest.find(|c: char| c.is_whitespace() || !c.is_ascii()).unwrap_or(rest.len());
    let (address, after) = rest.split_at(end);
    let mut parts =
        vec![Part { words: before.to_owned(), link: false }, Part { words: address.to_owned(), link: true }];
    parts.push(Part { words: after.to_owned(), link: false });
    parts.retain(|part| !part.words.is_empty());
    parts
}
