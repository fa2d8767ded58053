//! Loading a history into a fresh instance that is served afterwards: a past year, with its violations, and without its mails.

use super::output::{self, Outcome};
use super::registry::{Names, Taken};
use super::{History, ReplayFailure, enter_registries, happen, pass_time};
use crate::actions::{Actor, Service, issue_sign};
use crate::app::App;
use crate::clock::Clock;
use crate::domain::sign::UnitKind;
use crate::domain::violation::ViolationState;
use crate::storage::{Db, Tx, mails, registries};
use chrono::{DateTime, Utc};

/// What was loaded.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Agencies.
    pub units: usize,
    /// Filings and visit reports.
    pub records: usize,
    /// The violations that stand now, cleared ones too.
    pub violations: Vec<Outcome>,
}

impl Loaded {
    /// Suspected violations of severity 2 or more.
    #[must_use]
    pub fn problems(&self) -> usize {
        self.violations.iter().filter(|v| v.severity >= 2 && v.state == ViolationState::Suspected).count()
    }
}

/// Runs a history on a fresh database in one transaction, with the clock set to each event, and then lets time pass until `now`.
///
/// Every agency and enterprise gets a sign. The supervisors of the file get no accounts, and no mail of the past stays in the outbox: a
/// fresh instance tells nobody of a past year. `None` when somebody has entered something already; nothing is changed then.
///
/// # Errors
/// A line that the actions refuse, one that lies ahead of `now`, or a failure of the program; nothing is stored then.
pub async fn load(
    db: &Db,
    service: &Service,
    now: DateTime<Utc>,
    history: &History,
    mut progress: impl FnMut(usize),
) -> Result<Option<Loaded>, ReplayFailure> {
    if let Some((line, ..)) = history.events.iter().find(|(_, at, _)| *at > now) {
        return Err(super::registry::wrong(*line, "at", "lies ahead; a past year is loaded, not a coming one").into());
    }
    let start = history.events.first().map_or(now, |(_, at, _)| *at);
    let app = App { db: db.clone(), service: service.clone(), clock: Clock::manual(start) };
    let mut tx = db.write().await?;
    if !registries::is_fresh(&mut tx).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    let (mut names, mut taken) = (Names::without_accounts(), Taken::default());
    enter_registries(&mut tx, &app, &history.entries, &mut names, &mut taken).await?;
    for (done, event) in history.events.iter().enumerate() {
        happen(&mut tx, &app, event, &mut names).await?;
        progress(history.entries.len() + done + 1);
    }
    pass_time(&mut tx, &app, now).await?;
    issue_signs(&mut tx, service, now, &names).await?;
    mails::withhold(&mut tx).await?;
    let violations = output::outcomes(&mut tx, &names).await?;
    tx.commit().await?;
    let records = names.filings.len() + names.reports.len();
    Ok(Some(Loaded { units: names.agencies.len(), records, violations }))
}

async fn issue_signs(tx: &mut Tx, service: &Service, now: DateTime<Utc>, names: &Names) -> Result<(), ReplayFailure> {
    let agencies = names.agencies.values().map(|id| (UnitKind::Agency, id.0));
    let enterprises = names.enterprises.values().map(|id| (UnitKind::Enterprise, id.0));
    for unit in agencies.chain(enterprises) {
        issue_sign(tx, service, now, &Actor::Replay, unit).await?;
    }
    Ok(())
}
