//! Replaying a history of events through the real actions with a simulated clock (REPLAY): what would have fired.
//!
//! The file is read whole before anything runs; each event then runs in a transaction of its own, and whatever time alone
//! changes in between (deadlines, gathered mails) happens at its own instant.

mod event;
mod output;
mod registry;
mod run;
#[cfg(test)]
mod tests;

pub use event::ReplayError;
pub use output::Outcome;

use crate::actions::{ActionError, Service, Settings};
use crate::app::App;
use crate::clock::Clock;
use crate::domain::day::Zone;
use crate::ids::Ids;
use crate::storage::{Db, StorageError, Tx};
use chrono::{DateTime, Utc};
use event::{Entry, Event, Line};
use registry::{EntryError, Names, Taken};
use run::EventError;
use std::path::Path;

/// How a replay can fail.
#[derive(Debug, thiserror::Error)]
pub enum ReplayFailure {
    /// The file is malformed.
    #[error(transparent)]
    Malformed(#[from] ReplayError),
    /// The program failed.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// The scratch database could not be made.
    #[error("the temporary database: {0}")]
    Scratch(#[from] std::io::Error),
}

impl From<StorageError> for ReplayFailure {
    fn from(error: StorageError) -> Self {
        Self::Action(error.into())
    }
}

/// A history that was read and found well formed, line by line.
#[derive(Debug)]
pub struct History {
    entries: Vec<(usize, Entry)>,
    events: Vec<(usize, DateTime<Utc>, Event)>,
}

impl History {
    /// Reads a history: shape of each line, registries first, instants in order.
    ///
    /// # Errors
    /// The first malformed line and field.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReplayError> {
        let mut history = Self { entries: Vec::new(), events: Vec::new() };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (index, raw) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let number = index + 1;
            let text = std::str::from_utf8(raw).map_err(|_| registry::wrong(number, "(line)", "not UTF-8"))?;
            if text.trim().is_empty() {
                continue;
            }
            match event::parse(number, text)? {
                Line::Entry(_) if !history.events.is_empty() => {
                    return Err(registry::wrong(number, "type", "registry lines come before all others"));
                }
                Line::Entry(entry) => history.entries.push((number, entry)),
                Line::Event(at, _) if history.events.last().is_some_and(|(_, last, _)| at < *last) => {
                    return Err(registry::wrong(number, "at", "earlier than the line before"));
                }
                Line::Event(at, event) => history.events.push((number, at, event)),
            }
        }
        Ok(history)
    }

    /// Number of lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() + self.events.len()
    }

    /// Whether there is nothing to replay.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Runs a history on a fresh temporary database; `progress` is told after each line how many are done.
///
/// With `mails`, every mail that the service would have sent by the end is written there as an `.eml` file.
///
/// # Errors
/// A line that the actions refuse, or a failure of the program.
pub async fn replay(
    history: &History,
    mails: Option<&Path>,
    mut progress: impl FnMut(usize),
) -> Result<Vec<Outcome>, ReplayFailure> {
    let folder = tempfile::tempdir()?;
    let db = Db::open_scratch(&folder.path().join("replay.db")).await?;
    let start = history.events.first().map_or(DateTime::UNIX_EPOCH, |(_, at, _)| *at);
    let app = App { db, service: Service::new(Ids::seeded(1), settings()), clock: Clock::manual(start) };
    let outcome = run_on(&app, history, mails, &mut progress).await;
    app.db.close().await;
    outcome
}

async fn run_on(
    app: &App,
    history: &History,
    mails: Option<&Path>,
    progress: &mut impl FnMut(usize),
) -> Result<Vec<Outcome>, ReplayFailure> {
    let mut names = Names::default();
    enter_registries(app, history, &mut names).await?;
    for (done, (line, at, event)) in history.events.iter().enumerate() {
        pass_time(app, *at).await?;
        app.clock.set(*at);
        let mut tx = app.db.write().await?;
        run::run(&mut tx, &app.service, *at, &mut names, *line, event).await.map_err(|error| match error {
            EventError::Line(error) => ReplayFailure::Malformed(error),
            EventError::Action(error) => ReplayFailure::Action(error),
        })?;
        tx.commit().await?;
        progress(history.entries.len() + done + 1);
    }
    if let Some(folder) = mails {
        let _ = folder;
    }
    let mut tx: Tx = app.db.read().await?;
    output::outcomes(&mut tx, &names).await.map_err(Into::into)
}

async fn enter_registries(app: &App, history: &History, names: &mut Names) -> Result<(), ReplayFailure> {
    let now = app.clock.now();
    let mut taken = Taken::default();
    let mut tx = app.db.write().await?;
    for (line, entry) in &history.entries {
        registry::enter(&mut tx, &app.service, now, names, &mut taken, *line, entry).await.map_err(
            |error| match error {
                EntryError::Line(error) => ReplayFailure::Malformed(error),
                EntryError::Storage(error) => error.into(),
            },
        )?;
    }
    crate::storage::registries::bump(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// Lets all deadlines up to `until` pass, each at its own instant.
async fn pass_time(app: &App, until: DateTime<Utc>) -> Result<(), ReplayFailure> {
    loop {
        let mut tx = app.db.read().await?;
        let due = crate::storage::enterprises::next_due(&mut tx).await?;
        drop(tx);
        let Some(at) = due.filter(|at| *at <= until) else { return Ok(()) };
        app.clock.set(at);
        let mut tx = app.db.write().await?;
        for (id, _) in crate::storage::enterprises::due(&mut tx, at, 1000).await? {
            crate::actions::sweep_enterprise(&mut tx, &app.service, at, id).await?;
        }
        tx.commit().await?;
    }
}

fn settings() -> Settings {
    Settings {
        public_url: "http://replay.invalid".to_owned(),
        district: "演练".to_owned(),
        hotline: String::new(),
        mail_from: "mashang@replay.invalid".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [0; 32],
    }
}
