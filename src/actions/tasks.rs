//! Asking for work in the background, and no longer wanting it.

use super::{ActionError, Actor, Result, Service, audit};
use crate::domain::task::TaskKind;
use crate::storage::Tx;
use crate::storage::tasks::{self, NewTask, TaskRecord};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How far a task of this process is, and whether it shall stop. What is stored of it follows some seconds later.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicI64,
    total: AtomicI64,
    stop: AtomicBool,
}

impl Progress {
    /// Notes how much is done, of how much.
    pub fn set(&self, done: i64, total: i64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// How much is done, of how much.
    #[must_use]
    pub fn get(&self) -> (i64, i64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Asks the worker to stop.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the worker shall stop.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The tasks that this process works on.
#[derive(Clone, Debug, Default)]
pub struct RunningTasks(Arc<Mutex<HashMap<Uuid, Arc<Progress>>>>);

impl RunningTasks {
    /// Begins to know a task.
    #[must_use]
    pub fn begin(&self, id: Uuid) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, progress.clone());
        progress
    }

    /// Forgets a task that ended.
    pub fn end(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// A task that this process works on.
    #[must_use]
    pub fn get(&self, id: Uuid) -> Option<Arc<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
}

/// Queues work; `lang` is the language of whoever asks. A worker takes it up within seconds of the commit.
///
/// # Errors
/// When the store fails.
pub async fn enqueue_task(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    kind: TaskKind,
    params: Value,
    lang: &str,
) -> Result<Uuid> {
    let id = service.ids.uuid(now);
    let created_by = if let Actor::User(user) = actor { Some(*user) } else { None };
    tasks::insert(tx, &NewTask { id, kind, params, created_by, lang: lang.to_owned() }, now).await?;
    audit::record(tx, service, now, actor, "task.asked", ("task", id), json!({ "kind": kind })).await?;
    Ok(id)
}

/// Stops work that has not ended.
///
/// # Errors
/// [`ActionError::State`] when it has ended; otherwise when the store fails.
pub async fn cancel_task(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    task: &TaskRecord,
) -> Result<()> {
    if !tasks::cancel(tx, task.id, now).await? {
        return Err(ActionError::State("ended"));
    }
    audit::record(tx, service, now, actor, "task.cancelled", ("task", task.id), json!({ "kind": task.kind })).await
}
