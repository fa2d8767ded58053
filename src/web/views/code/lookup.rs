//! From the token in a link to the sign, or to what is wrong with it.

use crate::domain::sign::{self, Opening, UnitKind};
use crate::domain::sign_code::SignToken;
use crate::storage::devices::{self, Device};
use crate::storage::filings::FilingRecord;
use crate::storage::scanned::{self, Premises, Scanned, ScannedSign};
use crate::storage::signs::{self, SignRecord};
use crate::storage::{Result, Tx};
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};

/// An agency's sign that opens.
#[derive(Clone, Debug)]
pub(in crate::web) struct Opened {
    pub sign: SignRecord,
    /// Replaced already, but still in its grace.
    pub grace: bool,
}

/// An enterprise's sign that opens, and where it hangs.
#[derive(Clone, Debug)]
pub(in crate::web) struct Entered {
    pub sign: ScannedSign,
    /// As in [`Opened`].
    pub grace: bool,
    pub premises: Premises,
}

/// Why a code does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Trouble {
    /// Some character is mistyped: no code of ours is like this.
    Mistyped,
    /// Made in advance, bound to nothing yet.
    Blank,
    /// Well-formed, but unknown.
    Unknown,
    /// Revoked, or replaced for longer than its grace.
    Closed,
}

/// The sign of a token, if it opens and is of an agency.
pub(in crate::web) async fn open_agency(
    tx: &mut Tx,
    now: DateTime<Utc>,
    token: &str,
) -> Result<std::result::Result<Opened, Trouble>> {
    let Ok(token) = SignToken::parse(token) else { return Ok(Err(Trouble::Mistyped)) };
    let Some(sign) = signs::by_token(tx, token.as_str()).await? else { return Ok(Err(Trouble::Unknown)) };
    let opening = sign::opening(sign.state, sign.grace_until, now);
    Ok(in_grace(sign.unit_kind, UnitKind::Agency, opening).map(|grace| Opened { sign, grace }))
}

/// The sign of a token with its enterprise, if it opens and that one is in use.
pub(in crate::web) async fn enter(
    tx: &mut Tx,
    now: DateTime<Utc>,
    token: &str,
) -> Result<std::result::Result<Entered, Trouble>> {
    let Ok(token) = SignToken::parse(token) else { return Ok(Err(Trouble::Mistyped)) };
    Ok(scanned::by_token(tx, token.as_str()).await?.ok_or(Trouble::Unknown).and_then(|scanned| entered(scanned, now)))
}

/// The same, and the phone with this secret, unless it is revoked.
pub(in crate::web) async fn enter_with_phone(
    tx: &mut Tx,
    now: DateTime<Utc>,
    token: &str,
    secret_hash: &[u8],
) -> Result<(std::result::Result<Entered, Trouble>, Option<Device>)> {
    let Ok(token) = SignToken::parse(token) else {
        return Ok((Err(Trouble::Mistyped), devices::by_token(tx, secret_hash).await?));
    };
    let (scanned, phone) = scanned::with_phone(tx, token.as_str(), secret_hash).await?;
    Ok((scanned.ok_or(Trouble::Unknown).and_then(|scanned| entered(scanned, now)), phone))
}

/// The sign of a token with its enterprise, and the visits of a day there that began on `from` or later.
pub(in crate::web) async fn enter_on_day(
    tx: &mut Tx,
    now: DateTime<Utc>,
    token: &str,
    (from, day): (NaiveDate, NaiveDate),
) -> Result<std::result::Result<(Entered, Vec<FilingRecord>), Trouble>> {
    let Ok(token) = SignToken::parse(token) else { return Ok(Err(Trouble::Mistyped)) };
    let found = scanned::with_visits(tx, token.as_str(), from, day).await?.ok_or(Trouble::Unknown);
    Ok(found.and_then(|(scanned, visits)| Ok((entered(scanned, now)?, visits))))
}

fn entered(Scanned { sign, premises }: Scanned, now: DateTime<Utc>) -> std::result::Result<Entered, Trouble> {
    let opening = sign::opening(sign.state, sign.grace_until, now);
    let grace = in_grace(sign.unit_kind, UnitKind::Enterprise, opening)?;
    Ok(Entered { sign, grace, premises: premises.ok_or(Trouble::Closed)? })
}

/// Whether a sign of this kind opens only in its grace.
fn in_grace(kind: UnitKind, wanted: UnitKind, opening: Opening) -> std::result::Result<bool, Trouble> {
    if kind != wanted {
        return Err(Trouble::Unknown);
    }
    match opening {
        Opening::Open => Ok(false),
        Opening::Grace => Ok(true),
        Opening::Blank => Err(Trouble::Blank),
        Opening::Closed => Err(Trouble::Closed),
    }
}

/// The link of a sign under the public address, for a page that was opened under an old one.
pub(in crate::web) fn new_address(page: &Page, kind: UnitKind, token: &str) -> Option<String> {
    page.old_host.as_ref().map(|_| sign::link(page.public_url(), kind, token))
}

#[derive(Template)]
#[template(path = "pages/code/trouble.html")]
struct TroublePage {
    page: Page,
    title: String,
    words: String,
    /// What was typed, to be mended.
    typed: String,
}

/// The page for a code that does not open: what is wrong, and how to go on by typing a code or a name.
pub(in crate::web) fn trouble(page: Page, trouble: Trouble) -> Answer {
    trouble_with(page, trouble, "")
}

/// The same for a code that somebody typed, which stands in the field again.
pub(in crate::web) fn trouble_with(page: Page, trouble: Trouble, typed: &str) -> Answer {
    let (status, title, words) = match trouble {
        Trouble::Mistyped => (StatusCode::NOT_FOUND, page.t("code-mistyped"), page.t("code-mistyped-do")),
        Trouble::Unknown => (StatusCode::NOT_FOUND, page.t("code-unknown"), page.t("code-unknown-do")),
        Trouble::Blank => (StatusCode::NOT_FOUND, page.t("code-blank"), page.t("code-blank-do")),
        Trouble::Closed => (StatusCode::GONE, page.t("code-closed"), page.t("code-closed-do")),
    };
    html_with(status, &TroublePage { page, title, words, typed: typed.to_owned() })
}
