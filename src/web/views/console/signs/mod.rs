//! The signs (码牌) in the console: those of a unit as its page shows them, lists to work through, one sign with all that happened to it, and what
//! an operator does with them.

pub(super) mod blank;
pub(super) mod change;
mod chart;
pub(super) mod code;
pub(super) mod list;
pub(super) mod new;
pub(super) mod one;
pub(super) mod place;
mod timeline;

use crate::app::App;
use crate::domain::id::{EnterpriseId, SignId};
use crate::domain::sign::{self, Opening, SignState, UnitKind};
use crate::domain::sign_code::ShortCode;
use crate::storage::Tx;
use crate::storage::signs::{self, SignRecord};
use crate::storage::sites;
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::paths;
use uuid::Uuid;

/// Places that are offered; any other may be typed.
const PLACES: [&str; 5] =
    ["signs-place-gate", "signs-place-reception", "signs-place-guard", "signs-place-workshop", "signs-place-store"];

/// A sign as it is shown.
pub(super) struct Shown {
    pub(super) id: SignId,
    pub(super) href: String,
    pub(super) serial: String,
    pub(super) short_code: String,
    pub(super) link: String,
    /// Gate, reception …; may be empty.
    pub(super) place: String,
    pub(super) edition: i64,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    pub(super) made: String,
    /// More about a replaced or revoked one; may be empty.
    pub(super) more: String,
    pub(super) in_use: bool,
    pub(super) revocable: bool,
}

/// The signs of a unit, the newest first.
pub(super) async fn of_unit(tx: &mut Tx, page: &Page, unit: Uuid) -> Result<Vec<Shown>, AppError> {
    let records = signs::of_unit(tx, unit).await?;
    let sites = if records.iter().any(|record| record.site.is_some()) {
        sites::of_enterprise(tx, EnterpriseId(unit)).await?
    } else {
        Vec::new()
    };
    let name = |id: Option<Uuid>| sites.iter().find(|site| Some(site.id.0) == id).map(|site| site.name.clone());
    Ok(records
        .into_iter()
        .map(|record| {
            let site = name(record.site);
            let mut shown = shown(page, record);
            if let Some(site) = site {
                let place = format!("{site} {}", shown.place);
                place.trim().clone_into(&mut shown.place);
            }
            shown
        })
        .collect())
}

/// The names of usual places, in the reader's language.
pub(super) fn places(page: &Page) -> Vec<String> {
    PLACES.iter().map(|key| page.t(key)).collect()
}

fn shown(page: &Page, record: SignRecord) -> Shown {
    let opening = sign::opening(record.state, record.grace_until, page.now);
    let more = match (record.state, record.grace_until) {
        (SignState::Revoked, _) => page.t1("sign-revoked-because", "reason", &record.revoked_reason),
        (SignState::Replaced, Some(until)) => page.t1("sign-grace-until", "time", page.time(&until)),
        _ => String::new(),
    };
    Shown {
        id: record.id,
        href: paths::item(paths::SIGNS, record.id),
        short_code: grouped(&record.short_code),
        link: sign::link(page.public_url(), record.unit_kind, &record.token),
        serial: record.serial,
        place: record.place,
        edition: record.edition,
        state: page.t(&format!("sign-{}", record.state)),
        state_class: class(opening),
        made: page.time(&record.created_at),
        more,
        in_use: record.state.in_use(),
        revocable: !matches!(record.state, SignState::Revoked | SignState::Retired),
    }
}

const fn class(opening: Opening) -> &'static str {
    match opening {
        Opening::Open => "done",
        Opening::Grace | Opening::Blank => "wait",
        Opening::Closed => "over",
    }
}

/// A short code in groups, as it is printed.
fn grouped(short_code: &str) -> String {
    ShortCode::parse(short_code).map_or_else(|_| short_code.to_owned(), |code| code.display_groups())
}

async fn fetch(app: &App, id: &str) -> Result<SignRecord, AppError> {
    let id = Uuid::try_parse(id).map(SignId).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    signs::get(&mut tx, id).await?.ok_or(AppError::NotFound)
}

/// The page of the unit that a sign belongs to.
fn unit_path(kind: UnitKind, unit: Uuid) -> String {
    match kind {
        UnitKind::Enterprise => paths::item(paths::ENTERPRISES, unit),
        UnitKind::Agency => paths::item(paths::AGENCIES, unit),
    }
}
