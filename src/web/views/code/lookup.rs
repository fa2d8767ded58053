//! From the token in a link to the sign, or to what is wrong with it.

use crate::domain::id::EnterpriseId;
use crate::domain::sign::{self, Opening, UnitKind};
use crate::domain::sign_code::SignToken;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::signs::{self, SignRecord};
use crate::storage::{Result, Tx};
use crate::web::error::AppError;
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

/// The sign of a token, if it opens.
pub(in crate::web) async fn open(
    tx: &mut Tx,
    now: DateTime<Utc>,
    kind: UnitKind,
    token: &str,
) -> Result<std::result::Result<Opened, Trouble>> {
    let Ok(token) = SignToken::parse(token) else { return Ok(Err(Trouble::Mistyped)) };
    let sign = signs::by_token(tx, token.as_str()).await?.filter(|sign| sign.unit_kind == kind);
    let Some(sign) = sign else { return Ok(Err(Trouble::Unknown)) };
    Ok(match sign::opening(sign.state, sign.grace_until, now) {
        Opening::Open => Ok(Opened { sign, grace: false }),
        Opening::Grace => Ok(Opened { sign, grace: true }),
        Opening::Blank => Err(Trouble::Blank),
        Opening::Closed => Err(Trouble::Closed),
    })
}

/// The enterprise of a sign, which must be there.
pub(in crate::web) async fn enterprise_of(
    tx: &mut Tx,
    sign: &SignRecord,
) -> std::result::Result<EnterpriseRecord, AppError> {
    find_enterprise(tx, sign).await?.ok_or(AppError::NotFound)
}

/// The enterprise of a sign; `None` if it is in the registry no longer.
pub(in crate::web) async fn find_enterprise(
    tx: &mut Tx,
    sign: &SignRecord,
) -> std::result::Result<Option<EnterpriseRecord>, AppError> {
    let id = sign.unit.map(EnterpriseId).ok_or(AppError::NotFound)?;
    Ok(enterprises::get(tx, id).await?.filter(|e| e.active))
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
