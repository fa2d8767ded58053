//! Signing in through a provider: what a browser carries there and back, and whose account it is.
//!
//! Between [`begin`] and [`come_back`] nothing is stored: what was begun is sealed in a cookie of the browser that began it, so that only that
//! browser can end it, within [`TIME`], once ([`use_up`]). The provider is asked with no transaction open; then [`finish`] signs in whose account
//! is linked, links one at its first use by a mail address that the provider has made sure of, and never makes a user.

use super::sign_in::{Signed, admit};
use super::{ActionError, Actor, FieldError, Result, Service, address, attempts, audit, seal};
use crate::domain::id::UserId;
use crate::domain::sign_in_provider::{ProviderKind, noted};
use crate::domain::text::Email;
use crate::domain::user::User;
use crate::identity::{Identity, SUBJECT_MAX, Tries};
use crate::storage::external_identities::{self, ExternalIdentity};
use crate::storage::{Tx, sessions, users};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How long a sign-in at the provider may take.
pub const TIME: TimeDelta = TimeDelta::minutes(10);

/// What the key of the cookies is derived for.
const PURPOSE: &str = "external sign-in";

/// What counts the codes from a network that led to nothing.
const NETWORK: &str = "external-network";

/// The longest page to go on to that is kept.
const NEXT_MAX: usize = 500;

/// A sign-in under way, as the browser's cookie carries it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnderWay {
    kind: ProviderKind,
    began: DateTime<Utc>,
    /// What goes to the provider and comes back.
    pub tries: Tries,
    /// The page to go on to.
    pub next: String,
}

/// Whether a sign-in that came back is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is: commit, then ask the provider.
    First,
    /// It came back before.
    Again,
    /// Too many from its network led to nothing: none is looked at before this.
    Wait(DateTime<Utc>),
}

/// How it ended.
#[derive(Debug)]
pub enum Ended {
    /// Signed in; with a second step, that is asked for now.
    Signed(Signed),
    /// The account belongs to no user: its number.
    Unknown(String),
    /// Its user may not sign in any more.
    Inactive,
}

/// Begins a sign-in, which is to be proved anew or not; what goes to the provider, and the value of the cookie.
///
/// # Errors
/// When the cipher fails.
pub fn begin(
    service: &Service,
    now: DateTime<Utc>,
    (kind, anew): (ProviderKind, bool),
    next: &str,
) -> Result<(Tries, String)> {
    let word = || URL_SAFE_NO_PAD.encode(service.ids.secret());
    let state = crate::domain::audit_chain::hex(&service.ids.secret());
    let tries = Tries { state, nonce: word(), verifier: word(), since: anew.then_some(now) };
    let next = if next.len() <= NEXT_MAX { next.to_owned() } else { String::new() };
    let under_way = UnderWay { kind, began: now, tries: tries.clone(), next };
    let text = serde_json::to_string(&under_way).map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok((tries, URL_SAFE_NO_PAD.encode(seal::seal_for(service, PURPOSE, &text)?)))
}

/// The sign-in of a cookie, if it was begun here, with this provider, with this state, and not too long ago.
#[must_use]
pub fn come_back(
    service: &Service,
    now: DateTime<Utc>,
    kind: ProviderKind,
    cookie: &str,
    state: &str,
) -> Option<UnderWay> {
    let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let text = seal::open_for(service, PURPOSE, &sealed).ok()?;
    let under_way: UnderWay = serde_json::from_str(&text).ok()?;
    let in_time = now < under_way.began + TIME;
    (under_way.kind == kind && in_time && under_way.tries.state == state).then_some(under_way)
}

/// Uses a sign-in up that came back from `network`. Commit before the provider is asked: a network that brought many codes which led to
/// nothing waits, so that nobody makes this site ask the provider without end.
///
/// # Errors
/// When the store fails.
pub async fn use_up(tx: &mut Tx, now: DateTime<Utc>, under_way: &UnderWay, network: &str) -> Result<Turn> {
    if let Some(until) = attempts::network_waits(tx, now, NETWORK, network).await? {
        return Ok(Turn::Wait(until));
    }
    let first = external_identities::returned(tx, &Sha256::digest(&under_way.tries.state), now).await?;
    Ok(if first { Turn::First } else { Turn::Again })
}

/// Notes that a code from `network` led to nothing.
///
/// # Errors
/// When the store fails.
pub async fn failed(tx: &mut Tx, now: DateTime<Utc>, network: &str) -> Result<()> {
    attempts::wrong_from(tx, now, NETWORK, network).await
}

/// Signs in whose account it is, proved anew or not. `before` is the session that this browser had: it ends.
///
/// # Errors
/// When the store fails.
pub async fn finish(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (kind, anew): (ProviderKind, bool),
    identity: &Identity,
    before: Option<&[u8]>,
) -> Result<Ended> {
    let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
    let user = match external_identities::get(tx, issuer, subject).await? {
        Some(linked) if linked.unlinked_at.is_none() => {
            external_identities::used(tx, linked.id, now).await?;
            users::by_id(tx, linked.user).await?
        }
        // An administrator took it off: it is not linked by itself again.
        Some(_) => None,
        None => by_email(tx, service, now, kind, identity).await?,
    };
    let Some(user) = user else {
        refused(tx, service, now, kind, (Uuid::nil(), json!({ "account": subject, "why": "unknown" }))).await?;
        return Ok(Ended::Unknown(subject.to_owned()));
    };
    if !user.active {
        refused(tx, service, now, kind, (user.id.0, json!({ "account": subject, "why": "inactive" }))).await?;
        return Ok(Ended::Inactive);
    }
    admit(tx, service, now, user, &noted(kind, anew), before).await.map(Ended::Signed)
}

/// The user with the mail address that the provider has made sure of. Who may sign in is linked, unless they have or had an account there:
/// the address may have been given to somebody else since.
async fn by_email(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    kind: ProviderKind,
    identity: &Identity,
) -> Result<Option<User>> {
    let email = identity.email.as_deref().and_then(|email| Email::parse(email).ok());
    let Some(email) = email else { return Ok(None) };
    let Some((user, _)) = address::user_of(tx, email.as_str()).await? else { return Ok(None) };
    let theirs = external_identities::of_user(tx, user.id).await?;
    if theirs.iter().any(|account| account.issuer == identity.issuer) {
        return Ok(None);
    }
    if !user.active {
        return Ok(Some(user));
    }
    let new = account(service, now, (kind, &identity.issuer, &identity.subject), user.id);
    if !external_identities::insert(tx, &new).await? {
        return Ok(None);
    }
    external_identities::used(tx, new.id, now).await?;
    let detail = json!({ "provider": kind, "account": new.subject, "by": "email" });
    audit::record(tx, service, now, &Actor::User(user.id), "user.sign_in_linked", ("user", user.id.0), detail).await?;
    Ok(Some(user))
}

async fn refused(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    kind: ProviderKind,
    (user, mut detail): (Uuid, serde_json::Value),
) -> Result<()> {
    detail["provider"] = json!(kind);
    audit::record(tx, service, now, &Actor::System, "user.sign_in_refused", ("user", user), detail).await
}

fn account(
    service: &Service,
    now: DateTime<Utc>,
    (provider, issuer, subject): (ProviderKind, &str, &str),
    user: UserId,
) -> ExternalIdentity {
    ExternalIdentity {
        id: service.ids.uuid(now),
        provider,
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        user,
        linked_at: now,
        used_at: None,
        unlinked_at: None,
    }
}

/// Links an account to a user, as an administrator does who knows its number.
///
/// # Errors
/// [`ActionError::Malformed`] when the number cannot be one (`required`, `invalid`), is somebody's (`taken`), or the user has one there
/// (`second`); [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn link(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: &Actor,
    user: UserId,
    (kind, issuer, subject): (ProviderKind, &str, &str),
) -> Result<()> {
    let subject = subject.trim();
    let wrong = |code| Err(FieldError::new("subject", code).into());
    if subject.is_empty() {
        return wrong("required");
    }
    if subject.len() > SUBJECT_MAX || subject.chars().any(char::is_control) {
        return wrong("invalid");
    }
    users::by_id(tx, user).await?.ok_or(ActionError::NotFound("user"))?;
    let theirs = external_identities::of_user(tx, user).await?;
    if theirs.iter().any(|account| account.issuer == issuer && account.unlinked_at.is_none()) {
        return wrong("second");
    }
    let done = match external_identities::get(tx, issuer, subject).await? {
        Some(found) if found.unlinked_at.is_none() => false,
        Some(found) => external_identities::link_again(tx, found.id, user, now).await?,
        None => external_identities::insert(tx, &account(service, now, (kind, issuer, subject), user)).await?,
    };
    if !done {
        return wrong("taken");
    }
    let detail = json!({ "provider": kind, "account": subject, "by": "administrator" });
    audit::record(tx, service, now, by, "user.sign_in_linked", ("user", user.0), detail).await
}

/// Takes an account off a user; all their sessions end, whoever began them.
///
/// # Errors
/// [`ActionError::NotFound`] when it is none of theirs; otherwise when the store fails.
pub async fn unlink(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: &Actor,
    user: UserId,
    account: Uuid,
) -> Result<()> {
    let theirs = external_identities::of_user(tx, user).await?;
    let found = theirs.into_iter().find(|one| one.id == account).ok_or(ActionError::NotFound("account"))?;
    if !external_identities::unlink(tx, account, user, now).await? {
        return Err(ActionError::NotFound("account"));
    }
    sessions::end_others(tx, user, &[], now).await?;
    let detail = json!({ "provider": found.provider, "account": found.subject });
    audit::record(tx, service, now, by, "user.sign_in_unlinked", ("user", user.0), detail).await
}
