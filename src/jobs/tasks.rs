//! Work in the background: claimed by lease, one at a time in each of two loops, with progress that a page shows.
//!
//! A task whose process dies is begun again by another, so that what a kind does must give the same when it is done twice. After
//! three beginnings it is given up.

use crate::actions::{
    ActionError, NewFile, Progress, attempts::FORGET, external_sign_in, keep_file, known_browsers::KEEP, open_forms,
};
use crate::app::App;
use crate::domain::task::{TaskKind, TaskState};
use crate::storage::tasks::{self, Ending, TaskRecord};
use crate::storage::{
    StorageError, attempts, external_identities, files, known_browsers, open_form_counts, passkeys, sessions,
};
use chrono::TimeDelta;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Without a sign of life for so long, another process takes over.
const LEASE_MINUTES: i64 = 3;

/// How often a sign of life is given, and how far the task is is stored.
const BEAT: Duration = Duration::from_secs(2);

/// How often a task is begun before it is given up.
const MOST_ATTEMPTS: i64 = 3;

/// Wrong attempts at secrets are deleted this long after they have ceased to count.
const MARGIN: TimeDelta = TimeDelta::hours(1);

/// Sessions are deleted this long after they expired.
const KEEP_SESSIONS: TimeDelta = TimeDelta::days(7);

/// A task that is being worked on.
#[derive(Debug)]
pub struct Running {
    /// The program.
    pub app: App,
    /// What was asked for.
    pub task: TaskRecord,
    progress: Arc<Progress>,
}

/// What came of a task.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Facts for the page of the result.
    pub result: Value,
    /// The document that it made.
    pub file: Option<NewFile>,
}

/// Why a task ended without an outcome.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// Nobody wants it any more, or somebody else does it.
    #[error("cancelled")]
    Cancelled,
    /// It cannot be done: the key of the words that say why, or bare words.
    #[error("{0}")]
    Failed(String),
    /// The store failed: it is tried again.
    #[error(transparent)]
    Action(#[from] ActionError),
}

impl From<StorageError> for Stopped {
    fn from(error: StorageError) -> Self {
        Self::Action(error.into())
    }
}

impl Running {
    /// Notes how much is done, of how much. Costs nothing: call it often.
    ///
    /// # Errors
    /// [`Stopped::Cancelled`] when the work shall stop.
    pub fn progress(&self, done: usize, total: usize) -> Result<(), Stopped> {
        let number = |n| i64::try_from(n).unwrap_or(i64::MAX);
        self.progress.set(number(done), number(total));
        if self.progress.stopped() { Err(Stopped::Cancelled) } else { Ok(()) }
    }

    /// The same from a thread of its own, for work that is not async.
    #[must_use]
    pub fn handle(&self) -> Arc<Progress> {
        self.progress.clone()
    }
}

/// What each kind does.
async fn work(running: &mut Running) -> Result<Outcome, Stopped> {
    match running.task.kind {
        TaskKind::Import => super::imports::work(running).await,
        TaskKind::Export => super::export::write(running).await,
        TaskKind::WhatIf => super::what_if::what_if(running).await,
        TaskKind::Sheet => super::make_sheets::work(running).await,
    }
}

/// Works on every task that waits, one after the other; returns how many.
///
/// # Errors
/// When the store fails as a whole.
pub async fn run_tasks(app: &App) -> Result<usize, StorageError> {
    let mut worked = 0;
    while let Some(task) = claim(app).await? {
        run_one(app, task).await?;
        worked += 1;
    }
    Ok(worked)
}

/// Works until `shutdown`, looking every second.
pub(super) async fn watch(app: &App, shutdown: &CancellationToken) {
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            result = run_tasks(app) => if let Err(error) = result {
                tracing::error!(%error, "tasks could not be worked on; trying again");
            },
        }
        if looks.is_multiple_of(600) {
            drop_expired(app).await;
        }
        looks = looks.wrapping_add(1);
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

async fn claim(app: &App) -> Result<Option<TaskRecord>, StorageError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let next = tasks::next(&mut tx, now).await?;
    drop(tx);
    let Some(id) = next else { return Ok(None) };
    let mut tx = app.db.write().await?;
    let claimed = tasks::claim(&mut tx, id, now, now + TimeDelta::minutes(LEASE_MINUTES)).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn run_one(app: &App, task: TaskRecord) -> Result<(), StorageError> {
    let id = task.id;
    let progress = app.service.running.begin(id);
    let beat = tokio::spawn(beat(app.clone(), task.clone(), progress.clone()));
    let result = if task.attempts > MOST_ATTEMPTS {
        Err(Stopped::Failed("task-died".to_owned()))
    } else {
        work(&mut Running { app: app.clone(), task: task.clone(), progress: progress.clone() }).await
    };
    beat.abort();
    let ended = end(app, &task, &progress, result).await;
    app.service.running.end(id);
    ended
}

/// Stores what came of a task, with its document, in one transaction.
async fn end(
    app: &App,
    task: &TaskRecord,
    progress: &Progress,
    result: Result<Outcome, Stopped>,
) -> Result<(), StorageError> {
    let now = app.clock.now();
    let mut ending = Ending {
        state: TaskState::Done,
        result: Value::Null,
        trouble: String::new(),
        file: None,
        progress: progress.get(),
    };
    let mut tx = app.db.write().await?;
    match result {
        Ok(outcome) => {
            ending.result = outcome.result;
            if let Some(file) = outcome.file {
                match keep_file(&mut tx, &app.service, now, file).await {
                    Ok(kept) => ending.file = Some(kept.id),
                    Err(ActionError::Storage(error)) => return Err(error),
                    Err(error) => {
                        tracing::error!(task = %task.id, %error, "the document of a task could not be kept");
                        ending.state = TaskState::Failed;
                        "task-failed".clone_into(&mut ending.trouble);
                    }
                }
            }
        }
        Err(Stopped::Cancelled) => ending.state = TaskState::Cancelled,
        Err(Stopped::Failed(trouble)) => {
            ending.state = TaskState::Failed;
            ending.trouble = trouble;
        }
        Err(Stopped::Action(error)) => {
            tracing::error!(task = %task.id, kind = %task.kind, %error, "a task failed");
            ending.state = TaskState::Failed;
            "task-failed".clone_into(&mut ending.trouble);
        }
    }
    if tasks::end(&mut tx, task, &ending, now).await? {
        tx.commit().await
    } else {
        // Cancelled, or taken over: what it made goes with the transaction.
        tx.rollback().await
    }
}

/// Gives signs of life, and hears when the task is no longer wanted.
async fn beat(app: App, task: TaskRecord, progress: Arc<Progress>) {
    loop {
        tokio::time::sleep(BEAT).await;
        let kept = async {
            let until = app.clock.now() + TimeDelta::minutes(LEASE_MINUTES);
            let mut tx = app.db.write().await?;
            let kept = tasks::prolong(&mut tx, &task, until, progress.get()).await?;
            tx.commit().await?;
            Ok::<_, StorageError>(kept)
        };
        match kept.await {
            Ok(true) => {}
            Ok(false) => {
                progress.stop();
                return;
            }
            // While the task itself writes, SQLite lets nobody else write: the next beat may.
            Err(error) => tracing::debug!(task = %task.id, %error, "a sign of life could not be given"),
        }
    }
}

/// Lets go what has expired: files, wrong attempts that no longer count, sessions, challenges of passkeys, browsers that signed nobody in for
/// long, sign-ins that came back from a provider.
async fn drop_expired(app: &App) {
    let dropped = async {
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        files::drop_expired(&mut tx, now).await?;
        attempts::drop_old(&mut tx, now - FORGET - MARGIN).await?;
        open_form_counts::drop_old(&mut tx, now - open_forms::KEEP_COUNTS).await?;
        sessions::drop_expired(&mut tx, now - KEEP_SESSIONS).await?;
        passkeys::drop_expired(&mut tx, now).await?;
        known_browsers::drop_old(&mut tx, now - KEEP).await?;
        external_identities::drop_returned(&mut tx, now - external_sign_in::TIME - MARGIN).await?;
        tx.commit().await
    };
    if let Err(error) = dropped.await {
        tracing::error!(%error, "what has expired could not be let go; trying again");
    }
}
