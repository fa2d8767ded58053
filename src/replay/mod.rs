//! Replaying a history of events through the real actions with a simulated clock (REPLAY): what would have fired.
//!
//! The file is read whole before anything runs; each event then runs in a transaction of its own, and whatever time alone
//! changes in between (deadlines, gathered mails) happens at its own instant.

mod distinct;
mod event;
mod load;
mod output;
mod registry;
mod run;
#[cfg(test)]
mod tests;

pub use event::ReplayError;
pub use load::{Loaded, load};
pub use output::Outcome;

use crate::actions::{ActionError, Service, Settings};
use crate::app::App;
use crate::clock::Clock;
use crate::domain::day::Zone;
use crate::ids::Ids;
use crate::jobs;
use crate::mail::Mailer;
use crate::storage::{Db, StorageError, Tx, mails, registries};
use chrono::{DateTime, Utc};
use event::{Entry, Event, Line};
use registry::{Names, Taken};
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
    /// A file or folder could not be written.
    #[error("{0}")]
    Folder(#[from] std::io::Error),
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

/// Runs a history on a fresh temporary database; `progress` is told after each event how many lines are done.
///
/// With `mails`, every mail that the service would have sent by the end is written there as an `.eml` file.
///
/// # Errors
/// A line that the actions refuse, or a failure of the program.
pub async fn replay(
    history: &History,
    mails: Option<&Path>,
    progress: impl FnMut(usize),
) -> Result<Vec<Outcome>, ReplayFailure> {
    let folder = tempfile::tempdir()?;
    let db = Db::open_scratch(&folder.path().join("replay.db")).await?;
    let start = history.events.first().map_or(DateTime::UNIX_EPOCH, |(_, at, _)| *at);
    let app = App { db, service: Service::new(Ids::seeded(1), settings()), clock: Clock::manual(start) };
    let outcomes = run_on(&app, history, mails, progress).await;
    app.db.close().await;
    outcomes
}

/// Entries of the registries in one transaction: SQLite walks all that was changed in one at the end of each of its statements.
const ENTRIES: usize = 200;
/// Events in one transaction, of which each changes more.
const EVENTS: usize = 20;

/// In many transactions, since nobody else looks at this database; on the caller's own thread, which is quicker than one transaction for all.
async fn run_on(
    app: &App,
    history: &History,
    mails: Option<&Path>,
    mut progress: impl FnMut(usize),
) -> Result<Vec<Outcome>, ReplayFailure> {
    let (mut names, mut taken) = (Names::default(), Taken::default());
    for entries in history.entries.chunks(ENTRIES) {
        let mut tx = app.db.write_shared().await?;
        enter_registries(&mut tx, app, entries, &mut names, &mut taken).await?;
        tx.commit().await?;
    }
    let mut done = history.entries.len();
    for events in history.events.chunks(EVENTS) {
        let mut tx = app.db.write_shared().await?;
        for event in events {
            happen(&mut tx, app, event, &mut names).await?;
            done += 1;
            progress(done);
        }
        tx.commit().await?;
    }
    let outcomes = output::outcomes(&mut app.db.read().await?, &names).await?;
    if let Some(folder) = mails {
        // As late as mails can be: whatever is in the outbox was to be sent by now.
        app.clock.set(history.events.last().map_or(DateTime::UNIX_EPOCH, |(_, at, _)| *at));
        jobs::deliver_everything(app, &Mailer::Folder(folder.to_owned())).await?;
        if mails::next_attempt(&mut app.db.read().await?).await?.is_some() {
            return Err(
                std::io::Error::other(format!("not every mail could be written to {}", folder.display())).into()
            );
        }
    }
    Ok(outcomes)
}

/// Lets the time until an event pass, and then the event happen.
async fn happen(
    tx: &mut Tx,
    app: &App,
    (line, at, event): &(usize, DateTime<Utc>, Event),
    names: &mut Names,
) -> Result<(), ReplayFailure> {
    pass_time(tx, app, *at).await?;
    run::run(tx, &app.service, *at, names, *line, event).await
}

async fn enter_registries(
    tx: &mut Tx,
    app: &App,
    entries: &[(usize, Entry)],
    names: &mut Names,
    taken: &mut Taken,
) -> Result<(), ReplayFailure> {
    for (line, entry) in entries {
        registry::enter(tx, &app.service, app.clock.now(), names, taken, *line, entry).await?;
    }
    Ok(registries::bump(tx).await?)
}

/// Lets all deadlines up to `until` pass, each at its own instant: a deadline has passed when its instant is there.
async fn pass_time(tx: &mut Tx, app: &App, until: DateTime<Utc>) -> Result<(), ReplayFailure> {
    while let Some(at) = jobs::next_due(tx).await?.filter(|at| *at <= until) {
        jobs::run_due_in(tx, &app.service, at).await?;
    }
    Ok(())
}

fn settings() -> Settings {
    Settings {
        public_url: "http://replay.invalid".to_owned(),
        also_hosts: Vec::new(),
        district: "演练".to_owned(),
        hotline: String::new(),
        mail_from: "mashang@replay.invalid".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [0; 32],
    }
}
