//! The second step of signing in: set it up, use it, renew its recovery codes, take it off, an administrator's reset
//! for who lost both, and the district's rule that it is required.

use super::{ActionError, Actor, FieldError, Result, Service, audit, password, seal};
use crate::domain::id::UserId;
use crate::domain::second_step::{
    RECOVERY_BYTES, RECOVERY_CODES, SECRET_BYTES, new_secret, normal_recovery_code, recovery_code, step_of,
};
use crate::domain::user::User;
use crate::storage::second_steps::SecondStep;
use crate::storage::{Tx, passkeys, second_steps, sessions, sign_in_rules, users};
use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What was typed as the second step.
#[derive(Clone, Copy, Debug)]
pub enum Typed<'a> {
    /// Six digits of an app.
    Code(&'a str),
    /// A recovery code.
    Recovery(&'a Recovery),
}

/// A recovery code as it is looked for: its slow hash, computed before the transaction is opened.
#[derive(Debug)]
pub struct Recovery {
    hash: Vec<u8>,
    /// How codes were hashed that were made before the slow hash: they hold until they are renewed.
    quick: Vec<u8>,
}

impl Recovery {
    /// Computes the hashes of what `user` typed.
    ///
    /// # Errors
    /// [`ActionError::Busy`]; otherwise when the hash cannot be computed.
    pub async fn of(service: &Service, user: UserId, typed: &str) -> Result<Self> {
        let code = normal_recovery_code(typed);
        let quick = Sha256::digest(&code).to_vec();
        Ok(Self { hash: password::digest(service, code, user.0.into_bytes()).await?, quick })
    }
}

/// New recovery codes with their hashes, which take their time: made before the transaction is opened.
#[derive(Debug)]
pub struct NewCodes {
    codes: Vec<String>,
    hashes: Vec<Vec<u8>>,
}

impl NewCodes {
    /// None, for who typed nothing and gets none.
    #[must_use]
    pub const fn none() -> Self {
        Self { codes: Vec::new(), hashes: Vec::new() }
    }

    /// Makes ten for a user.
    ///
    /// # Errors
    /// [`ActionError::Busy`]; otherwise when a hash cannot be computed.
    pub async fn make(service: &Service, user: UserId) -> Result<Self> {
        let mut made = Self::none();
        for _ in 0..RECOVERY_CODES {
            let mut random = [0; RECOVERY_BYTES];
            service.ids.fill(&mut random);
            let code = recovery_code(&random);
            let typed = normal_recovery_code(&code);
            made.hashes.push(password::digest(service, typed, user.0.into_bytes()).await?);
            made.codes.push(code);
        }
        Ok(made)
    }

    async fn store(self, tx: &mut Tx, user: UserId) -> Result<Vec<String>> {
        second_steps::replace_codes(tx, user, &self.hashes).await?;
        Ok(self.codes)
    }
}

/// The secret that is being set up or in use, opened.
///
/// # Errors
/// When the store fails, or the secret was sealed with another key.
pub async fn secret(tx: &mut Tx, service: &Service, user: UserId) -> Result<Option<(SecondStep, String)>> {
    let Some(step) = second_steps::get(tx, user).await? else { return Ok(None) };
    let secret = seal::open(service, &step.secret)?;
    Ok(Some((step, secret)))
}

/// Begins to set it up: a new secret, which is not asked for before [`confirm_second_step`].
///
/// # Errors
/// [`ActionError::State`] when there is one in use; otherwise when the store fails.
pub async fn begin_second_step(tx: &mut Tx, service: &Service, now: DateTime<Utc>, user: &User) -> Result<()> {
    if second_steps::get(tx, user.id).await?.is_some_and(|step| step.confirmed_at.is_some()) {
        return Err(ActionError::State("second_step"));
    }
    let mut random = [0; SECRET_BYTES];
    service.ids.fill(&mut random);
    Ok(second_steps::begin(tx, user.id, &seal::seal(service, &new_secret(&random))?, now).await?)
}

/// Puts it to use once its owner has typed a right code; all other sessions end. Returns the recovery codes, which cannot be shown again.
///
/// # Errors
/// [`FieldError`] `wrong` at `otp`; otherwise when the store fails.
pub async fn confirm_second_step(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    typed: &str,
    (this_session, codes): (&[u8], NewCodes),
) -> Result<Vec<String>> {
    let Some((step, _)) = secret(tx, service, user.id).await? else { return Err(ActionError::State("second_step")) };
    if step.confirmed_at.is_some() {
        return Err(ActionError::State("second_step"));
    }
    if !pass_second_step(tx, service, now, user.id, Typed::Code(typed)).await? {
        return Err(ActionError::Malformed(vec![FieldError::new("otp", "wrong")]));
    }
    second_steps::confirm(tx, user.id, now).await?;
    sessions::end_others(tx, user.id, this_session, now).await?;
    let codes = codes.store(tx, user.id).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.second_step_on", ("user", user.id.0), json!({}))
        .await?;
    Ok(codes)
}

/// Whether what was typed is right; a code is used up by it.
///
/// # Errors
/// When the store fails, or the secret was sealed with another key.
pub async fn pass_second_step(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    typed: Typed<'_>,
) -> Result<bool> {
    match typed {
        Typed::Recovery(code) => Ok(second_steps::use_code(tx, user, &code.hash, now).await?
            || second_steps::use_code(tx, user, &code.quick, now).await?),
        Typed::Code(text) => {
            let Some((step, secret)) = secret(tx, service, user).await? else { return Ok(false) };
            let Some(matched) = step_of(&secret, text, now, step.last_step) else { return Ok(false) };
            Ok(second_steps::use_step(tx, user, matched).await?)
        }
    }
}

/// New recovery codes in place of the old ones, for who types a right code.
///
/// # Errors
/// [`FieldError`] `wrong` at `otp`; otherwise when the store fails.
pub async fn renew_recovery_codes(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    typed: &str,
    codes: NewCodes,
) -> Result<Vec<String>> {
    prove(tx, service, now, user, typed).await?;
    let codes = codes.store(tx, user.id).await?;
    let done = "user.recovery_codes";
    audit::record(tx, service, now, &Actor::User(user.id), done, ("user", user.id.0), json!({})).await?;
    Ok(codes)
}

/// Takes it off, for who types a right code.
///
/// # Errors
/// [`FieldError`] `wrong` at `otp`; otherwise when the store fails.
pub async fn end_second_step(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    typed: &str,
) -> Result<()> {
    prove(tx, service, now, user, typed).await?;
    second_steps::remove(tx, user.id).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.second_step_off", ("user", user.id.0), json!({})).await
}

/// Takes it and all passkeys off somebody who lost phone, recovery codes or passkeys; their sessions end. Nobody resets their own.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] for one's own; otherwise when the store fails.
pub async fn reset_second_step(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    id: UserId,
) -> Result<()> {
    if by == id {
        return Err(ActionError::State("self"));
    }
    users::by_id(tx, id).await?.ok_or(ActionError::NotFound("user"))?;
    second_steps::remove(tx, id).await?;
    let passkeys = passkeys::remove_all(tx, id).await?;
    sessions::end_others(tx, id, &[], now).await?;
    let detail = json!({ "passkeys": passkeys });
    audit::record(tx, service, now, &Actor::User(by), "user.second_step_reset", ("user", id.0), detail).await
}

/// Requires the second step of supervisors and administrators, or no longer. Who has none sets it up before anything else, from the next page on.
///
/// # Errors
/// When the store fails.
pub async fn require_second_step(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    required: bool,
) -> Result<()> {
    sign_in_rules::set_step_required(tx, required).await?;
    let detail = json!({ "required": required });
    audit::record(tx, service, now, &Actor::User(by), "user.second_step_rule", ("user", by.0), detail).await
}

async fn prove(tx: &mut Tx, service: &Service, now: DateTime<Utc>, user: &User, typed: &str) -> Result<()> {
    let confirmed = second_steps::get(tx, user.id).await?.is_some_and(|step| step.confirmed_at.is_some());
    if confirmed && pass_second_step(tx, service, now, user.id, Typed::Code(typed)).await? {
        return Ok(());
    }
    Err(ActionError::Malformed(vec![FieldError::new("otp", "wrong")]))
}
