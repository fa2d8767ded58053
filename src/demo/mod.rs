//! A made-up district with a year of history that ends today, so that each page has something to show.
//!
//! Everything goes through the real actions with a clock that is moved by hand: what the pages show is what the program does. The same
//! day gives the same district.

mod calm;
mod cases;
mod dice;
mod guide;
mod history;
mod imports;
mod plan;
mod registry;
mod reporters;
mod sheets;
mod signs;
mod stage;
mod upkeep;
mod words;

pub use guide::{Guide, InspectorGuide, SignIn, UnitGuide};
pub use words::{DISTRICT, HOTLINE};

use crate::actions::{Result, Service, Settings, first_policy};
use crate::app::App;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::mail::Mailer;
use crate::storage::Db;
use chrono::{DateTime, Days, Utc};
use dice::Dice;
use history::History;
use plan::Setting;
use std::path::Path;

/// How long the history is, in days.
const HISTORY_DAYS: u64 = 372;

/// Makes the database at `path` with the district and its year up to `now`; returns what a newcomer needs to know.
///
/// `progress` is told how many of how many events are done.
///
/// # Errors
/// When the file cannot be made, or an action refuses.
pub async fn build(
    path: &Path,
    settings: Settings,
    now: DateTime<Utc>,
    progress: impl FnMut(usize, usize),
) -> Result<Guide> {
    // Fast while it is made up: if the power fails now, it is made up again.
    let db = Db::open_scratch(path).await?;
    let zone = settings.zone;
    let first = zone.local_date(now) - Days::new(HISTORY_DAYS);
    let start = zone.start_of(first);
    let app = App { db, service: Service::new(Ids::seeded(20_260), settings), clock: Clock::manual(start) };
    let guide = fill(&app, start, now, progress).await;
    app.db.close().await;
    guide
}

async fn fill(
    app: &App,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
    progress: impl FnMut(usize, usize),
) -> Result<Guide> {
    let dice = Dice::new(7);
    let mut tx = app.db.write().await?;
    let district = registry::enter(&mut tx, &app.service, &dice, start).await?;
    // In force from the first day of the made-up year: every rule has something to look at.
    first_policy(&mut tx, &app.service, start).await?;
    let supervisor = guide::enter_users(&mut tx, &app.service, start, &district).await?;
    signs::print(&mut tx, &app.service, start).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    tx.commit().await?;
    let first = app.service.settings.zone.local_date(start);
    let setting = Setting {
        district: &district,
        holidays: &snapshot.registries.holidays,
        zone: app.service.settings.zone,
        first,
        now,
    };
    let events = plan::plan(&setting, &dice);
    let history =
        History { app, district: &district, dice: &dice, raters: Dice::new(11), supervisor, mailer: Mailer::memory() };
    history.run(&events, now, progress).await?;
    let mut tx = app.db.write().await?;
    signs::use_them(&mut tx, &app.service, &dice, now, &district).await?;
    upkeep::keep_up(&mut tx, &app.service, now, &district).await?;
    reporters::tell(&mut tx, &app.service, now, &district).await?;
    let guide = guide::make(&mut tx, &app.service, now, &district).await?;
    tx.commit().await?;
    imports::take_over(app, now).await?;
    sheets::make(app, now).await?;
    Ok(guide)
}
