//! From the token in a link to the sign, or to what is wrong with it.

use crate::domain::sign::{self, Opening, UnitKind};
use crate::domain::sign_code::SignToken;
use crate::storage::scanned::{self, Premises, Scanned};
use crate::storage::signs::{self, SignRecord};
use crate::storage::{Result, Tx};
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};

/// A sign that opens.
#[derive(Clone, Debug)]
pub(in crate::web) struct Opened {
    pub sign: SignRecord,
    /// Replaced already, but still in its grace.
    pub grace: bool,
}

/// An enterprise's sign that opens, and where it hangs.
#[derive(Clone, Debug)]
pub(in crate::web) struct Entered {
    pub sign: SignRecord,
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
    let sign = signs::by_token(tx, token.as_str()).await?;
    Ok(opened(sign, UnitKind::Agency, now))
}

/// The sign of a token with its enterprise, if it opens and that one is in use.
pub(in crate::web) async fn enter(
    tx: &mut Tx,
    now: DateTime<Utc>,
    token: &str,
) -> Result<std::result::Result<Entered, Trouble>> {
    let Ok(token) = SignToken::parse(token) else { return Ok(Err(Trouble::Mistyped)) };
    let Some(Scanned { sign, premises }) = scanned::by_token(tx, token.as_str()).await? else {
        return Ok(Err(Trouble::Unknown));
    };
    Ok(opened(Some(sign), UnitKind::Enterprise, now).and_then(|Opened { sign, grace }| {
        premises.map(|premises| Entered { sign, grace, premises }).ok_or(Trouble::Closed)
    }))
}

fn opened(sign: Option<SignRecord>, kind: UnitKind, now: DateTime<Utc>) -> std::result::Result<Opened, Trouble> {
    let sign = sign.filter(|sign| sign.unit_kind == kind).ok_or(Trouble::Unknown)?;
    match sign::opening(sign.state, sign.grace_until, now) {
        Opening::Open => Ok(Opened { sign, grace: false }),
        Opening::Grace => Ok(Opened { sign, grace: true }),
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
