//! `/console/backups`: the backups of the nights, the weekly proofs, and the mails that are held after a restore.

use crate::actions::{ActionError, release_mails};
use crate::app::App;
use crate::storage::backups::{self, Backup, Proof};
use crate::web::error::AppError;
use crate::web::extract::console::{ADMINISTRATOR, Console};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use chrono::TimeDelta;

/// How many of each are shown.
const SHOWN: i64 = 30;

/// A backup older than this is one too few.
const OLD: TimeDelta = TimeDelta::hours(48);

struct Line {
    at: String,
    file: String,
    /// Of a backup its size, of a proof what it looked at.
    what: String,
    how: String,
    trouble: String,
}

#[derive(Template)]
#[template(path = "pages/console/backups.html")]
struct View {
    page: Page,
    /// Since when mails are held, and the time of the backup.
    held: Option<(String, String)>,
    /// No backup in two days, although there were some.
    old: bool,
    backups: Vec<Line>,
    proofs: Vec<Line>,
}

/// The page and its act.
pub(super) fn routes() -> Router<App> {
    Router::new().route(paths::BACKUPS, get(show)).route("/console/backups/release", post(release))
}

/// `GET /console/backups`.
async fn show(State(app): State<App>, me: Console<ADMINISTRATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let (made, proofs) = (backups::list(&mut tx, SHOWN).await?, backups::proofs(&mut tx, SHOWN).await?);
    let last = backups::last_good(&mut tx).await?;
    let held = backups::held(&mut tx).await?;
    drop(tx);
    html(&View {
        held: held.map(|hold| (page.time(&hold.since), page.time(&hold.backup_at))),
        old: !made.is_empty() && last.is_none_or(|last| last.made_at + OLD < me.now),
        backups: made.into_iter().map(|backup| backup_line(&page, backup)).collect(),
        proofs: proofs.into_iter().map(|proof| proof_line(&page, proof)).collect(),
        page,
    })
}

/// `POST /console/backups/release`: mails go again.
async fn release(State(app): State<App>, me: Console<ADMINISTRATOR>) -> Answer {
    let mut tx = app.db.write().await?;
    match release_mails(&mut tx, &app.service, me.now, &me.actor()).await {
        Ok(_) => tx.commit().await?,
        // Somebody was faster.
        Err(ActionError::State(_)) => tx.rollback().await?,
        Err(error) => return Err(AppError::from(error)),
    }
    see_other(paths::BACKUPS)
}

fn backup_line(page: &Page, backup: Backup) -> Line {
    let kib = (backup.bytes + 1023) / 1024;
    let size = if kib < 10_240 { format!("{kib} KiB") } else { format!("{} MiB", kib / 1024) };
    Line {
        at: page.time(&backup.made_at),
        file: backup.file,
        what: if backup.trouble.is_empty() { size } else { String::new() },
        how: page.t(if backup.encrypted { "backups-encrypted" } else { "backups-plain" }),
        trouble: backup.trouble,
    }
}

fn proof_line(page: &Page, proof: Proof) -> Line {
    let values: [(&'static str, &dyn std::fmt::Display); 2] =
        [("filings", &proof.filings), ("links", &proof.audit_links)];
    Line {
        at: page.time(&proof.at),
        file: proof.file,
        what: if proof.trouble.is_empty() { page.lang.ta("backups-found", &values) } else { String::new() },
        how: page.t(&format!("backups-{}", proof.how.as_str().replace('_', "-"))),
        trouble: proof.trouble,
    }
}
