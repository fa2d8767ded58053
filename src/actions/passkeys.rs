//! Passkeys: asking a browser, registering one, signing in with one, removing one.
//!
//! A browser is asked in one transaction ([`ask`]) and answers in another, which takes the challenge away ([`answered`], committed) before the
//! answer is looked at: so that no answer counts twice, right or wrong.

use super::sign_in::{NETWORK, Signed, open};
use super::{ActionError, Actor, FieldError, Result, Service, attempts, audit};
use crate::domain::audit_chain::hex;
use crate::domain::id::UserId;
use crate::domain::passkey::{Assertion, CHALLENGE_BYTES, Site, Wrong, registered, used};
use crate::domain::text::{self, NAME_MAX};
use crate::domain::user::User;
use crate::storage::passkeys::{self, Passkey};
use crate::storage::{Tx, sessions, users};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How long a browser may take to answer.
pub const ANSWER_TIME: TimeDelta = TimeDelta::minutes(5);

/// How many passkeys a user may have.
pub const PASSKEYS_MAX: usize = 10;

/// What a browser hands over to sign in.
#[derive(Clone, Debug, Default)]
pub struct Presented {
    /// The passkey's id.
    pub credential: Vec<u8>,
    /// Whose the authenticator says that it is.
    pub owner: Vec<u8>,
    /// What the browser says of the act.
    pub client_data: Vec<u8>,
    /// What the authenticator says.
    pub authenticator_data: Vec<u8>,
    /// The signature over both.
    pub signature: Vec<u8>,
}

/// The site that passkeys are for; `None` where browsers offer none.
#[must_use]
pub fn site(service: &Service) -> Option<Site> {
    Site::of(&service.settings.public_url)
}

/// Asks a browser, which `binding` tells from others: with a user to register a passkey, without to sign in. Returns the challenge.
///
/// # Errors
/// When the store fails.
pub async fn ask(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    binding: &[u8],
    user: Option<UserId>,
) -> Result<[u8; CHALLENGE_BYTES]> {
    let challenge = service.ids.secret();
    passkeys::ask(tx, binding, &challenge, user, now, now + ANSWER_TIME).await?;
    Ok(challenge)
}

/// What this browser was asked of this user, or to sign in; from now on nothing. Commit before looking at the answer.
///
/// # Errors
/// When the store fails.
pub async fn answered(
    tx: &mut Tx,
    now: DateTime<Utc>,
    binding: &[u8],
    user: Option<UserId>,
) -> Result<Option<Vec<u8>>> {
    let asked = passkeys::take(tx, binding, now).await?;
    Ok(asked.filter(|(_, of)| *of == user).map(|(challenge, _)| challenge))
}

/// Checks the name of a new passkey, and that there is room for one.
///
/// # Errors
/// [`FieldError`] at `name`: as of a line of text, or `too_many`; otherwise when the store fails.
pub async fn check_name(tx: &mut Tx, user: UserId, name: &str) -> Result<String> {
    let wrong = |code| ActionError::Malformed(vec![FieldError::new("name", code)]);
    let name = text::line(name, NAME_MAX).map_err(|error| wrong(error.code()))?;
    if passkeys::list(tx, user).await?.len() >= PASSKEYS_MAX {
        return Err(wrong("too_many"));
    }
    Ok(name)
}

/// Registers a passkey; all other sessions end. `asked` is what the browser was asked.
///
/// # Errors
/// As [`check_name`]; [`FieldError`] `refused` at `passkey` for an answer that is not right, or a passkey that is registered already; otherwise when
/// the store fails.
pub async fn add_passkey(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (user, this_session): (&User, &[u8]),
    name: &str,
    asked: Option<&[u8]>,
    (client_data, attestation): (&[u8], &[u8]),
) -> Result<()> {
    let name = check_name(tx, user.id, name).await?;
    let refused = || ActionError::Malformed(vec![FieldError::new("passkey", "refused")]);
    let (Some(site), Some(asked)) = (site(service), asked) else { return Err(refused()) };
    let new = registered(&site, asked, client_data, attestation).map_err(|_| refused())?;
    if passkeys::by_credential(tx, &new.id).await?.is_some() {
        return Err(refused());
    }
    let passkey = Passkey {
        id: service.ids.uuid(now),
        user: user.id,
        credential: new.id,
        key: new.key,
        counter: new.counter,
        name,
        created_at: now,
        used_at: None,
    };
    passkeys::insert(tx, &passkey).await?;
    sessions::end_others(tx, user.id, this_session, now).await?;
    let detail = json!({ "name": passkey.name });
    audit::record(tx, service, now, &Actor::User(user.id), "user.passkey_added", ("user", user.id.0), detail).await
}

/// Removes a passkey of one's own; all other sessions end.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn remove_passkey(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    this_session: &[u8],
    id: Uuid,
) -> Result<()> {
    if !passkeys::remove(tx, user.id, id).await? {
        return Err(ActionError::NotFound("passkey"));
    }
    sessions::end_others(tx, user.id, this_session, now).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.passkey_removed", ("user", user.id.0), json!({})).await
}

/// Takes an attempt at a passkey from `network`; says until when none is taken. Counted as wrong passwords are: by both, so that whoever sends
/// made-up answers never keeps the owner out, and by the network. Commit before [`sign_in_with`].
///
/// # Errors
/// When the store fails.
pub async fn try_passkey(
    tx: &mut Tx,
    now: DateTime<Utc>,
    credential: &[u8],
    network: &str,
) -> Result<Option<DateTime<Utc>>> {
    let subject = subject(credential, network);
    let tried = attempts::tried(tx, "passkey", &subject).await?;
    if let Some(until) = attempts::network_waits(tx, now, NETWORK, network).await?.filter(|_| tried) {
        return Ok(Some(until));
    }
    attempts::take(tx, now, "passkey", &subject).await
}

/// Begins a session for the owner of a passkey. It stands for both steps. `before` is the session that this browser had: it ends.
///
/// Returns what is wrong with the answer otherwise: roll back, then [`failed`].
///
/// # Errors
/// When the store fails.
pub async fn sign_in_with(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    network: &str,
    asked: Option<&[u8]>,
    with: &Presented,
    before: Option<&[u8]>,
) -> Result<std::result::Result<Signed, Wrong>> {
    let Some(site) = site(service) else { return Ok(Err(Wrong::Site)) };
    let Some(asked) = asked else { return Ok(Err(Wrong::Challenge)) };
    let Some(passkey) = passkeys::by_credential(tx, &with.credential).await? else { return Ok(Err(Wrong::Key)) };
    let owner = users::by_id(tx, passkey.user).await?.filter(|user| user.active);
    let Some(user) = owner.filter(|user| user.id.0.as_bytes()[..] == with.owner) else { return Ok(Err(Wrong::Key)) };
    let assertion = Assertion {
        client_data: &with.client_data,
        authenticator_data: &with.authenticator_data,
        signature: &with.signature,
    };
    let counter = match used(&site, asked, &passkey.key, passkey.counter, assertion) {
        Ok(counter) => counter,
        Err(wrong) => return Ok(Err(wrong)),
    };
    if !passkeys::note_use(tx, passkey.id, counter, now).await? {
        return Ok(Err(Wrong::Counter));
    }
    attempts::succeeded(tx, "passkey", &subject(&with.credential, network)).await?;
    if let Some(before) = before {
        sessions::end(tx, before, now).await?;
    }
    open(tx, service, now, user, "passkey").await.map(Ok)
}

/// Notes an answer that was not right: the network's, and on record where the passkey is known.
///
/// # Errors
/// When the store fails.
pub async fn failed(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    network: &str,
    credential: &[u8],
    wrong: Wrong,
) -> Result<()> {
    attempts::wrong_from(tx, now, NETWORK, network).await?;
    let Some(passkey) = passkeys::by_credential(tx, credential).await? else { return Ok(()) };
    let detail = json!({ "network": network, "why": wrong.code() });
    audit::record(tx, service, now, &Actor::System, "user.passkey_failed", ("user", passkey.user.0), detail).await
}

fn subject(credential: &[u8], network: &str) -> String {
    format!("{}|{network}", hex(&Sha256::digest(credential)[..16]))
}
