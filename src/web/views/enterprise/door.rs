//! From the token on a wall to the enterprise behind it.

use crate::actions::open_forms;
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::domain::sign::{Opening, UnitKind, opening};
use crate::domain::sign_code::SignToken;
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, enterprises, signs, sites};
use crate::web::error::AppError;
use crate::web::paths;
use chrono::{DateTime, Utc};

/// The enterprise that a sign opens, with the token in its plain form; `None` where the landing page has to help: mistyped, unknown,
/// revoked, retired, or an agency's sign.
///
/// # Errors
/// When the store fails.
pub(super) async fn enter(
    tx: &mut Tx,
    now: DateTime<Utc>,
    token: &str,
) -> Result<Option<(String, EnterpriseRecord)>, AppError> {
    let Ok(token) = SignToken::parse(token) else { return Ok(None) };
    let Some(sign) = signs::by_token(tx, token.as_str()).await? else { return Ok(None) };
    let opens = matches!(opening(sign.state, sign.grace_until, now), Opening::Open | Opening::Grace);
    let Some(unit) = sign.unit.filter(|_| opens && sign.unit_kind == UnitKind::Enterprise) else { return Ok(None) };
    let enterprise = enterprises::get(tx, EnterpriseId(unit)).await?;
    Ok(enterprise.map(|enterprise| (token.as_str().to_owned(), enterprise)))
}

/// The enterprise's name, and behind it the site where the sign with this token hangs, if it is at one.
///
/// # Errors
/// When the store fails.
pub(super) async fn named(tx: &mut Tx, token: &str, name: String) -> Result<String, AppError> {
    Ok(match sites::of_token(tx, token).await? {
        Some(site) => format!("{name} · {}", site.line()),
        None => name,
    })
}

/// The landing page of a token that opened nothing: it helps. What no token has is left out, so that it fits into a header.
pub(super) fn landing(token: &str) -> String {
    let plain: String = token.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect();
    paths::enterprise(&plain)
}

/// What attempts from a network are counted under: nobody can read the network out of it.
pub(super) fn masked(app: &App, network: &str) -> String {
    open_forms::masked(&app.service, network)
}
