//! What is asked for before what a stolen session must not do: the password once more; or, of who came in through a provider and may have no
//! password, that they did so just now.

use crate::actions::held_up::Held;
use crate::actions::sign_in::FRESH;
use crate::actions::{attempts, password as hashing};
use crate::app::App;
use crate::domain::sign_in_provider::{ProviderKind, vouched};
use crate::identity::Provider;
use crate::storage::users;
use crate::web::error::AppError;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::page::Page;

/// The way through a provider once more.
pub(super) struct Through {
    pub(super) href: String,
    pub(super) name: String,
}

/// What a page asks for.
pub(super) struct Proof {
    /// Nothing: a provider let the person in just now.
    pub(super) fresh: bool,
    /// Beside the password, for who came in through a provider.
    pub(super) through: Option<Through>,
}

impl Proof {
    /// What is asked of who is signed in, on the page at `next`.
    pub(super) fn of(me: &Console<ANYBODY>, page: &Page, next: &str) -> Self {
        let kind = kind(me);
        let provider = page.providers().iter().find(|provider| Some(provider.kind()) == kind);
        let through = provider
            .map(|provider| Through { href: page.external_proof(provider, next), name: page.provider_name(provider) });
        Self { fresh: is_fresh(me, provider), through }
    }
}

/// The kind of provider that let the person in.
fn kind(me: &Console<ANYBODY>) -> Option<ProviderKind> {
    vouched(&me.begun_by).map(|(kind, _)| kind)
}

/// Whether a provider let the person in just now: asking anew who it is, where the district demands that of it.
fn is_fresh(me: &Console<ANYBODY>, provider: Option<&Provider>) -> bool {
    let demanded = provider.is_some_and(Provider::asks_anew);
    vouched(&me.begun_by).is_some_and(|(_, anew)| anew || !demanded) && me.now - me.begun_at < FRESH
}

/// What is wrong with the proof of who is signed in, at the field `current`; `None` for nothing.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong passwords; otherwise when the store fails.
pub(super) async fn lacks(app: &App, me: &Console<ANYBODY>, typed: &str) -> Result<Option<&'static str>, AppError> {
    let kind = kind(me);
    if is_fresh(me, kind.and_then(|kind| app.service.providers.get(kind))) {
        return Ok(None);
    }
    if typed.is_empty() {
        return Ok(Some(if kind.is_some() { "again" } else { "required" }));
    }
    Ok((!proves(app, me, typed).await?).then_some("wrong"))
}

/// Whether this is the password of who is signed in.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong ones; otherwise when the store fails.
pub(super) async fn proves(app: &App, me: &Console<ANYBODY>, typed: &str) -> Result<bool, AppError> {
    let subject = me.user.id.to_string();
    let mut tx = app.db.write().await?;
    let wait = attempts::take(&mut tx, me.now, "own-password", &subject).await?;
    let stored = users::by_email(&mut tx, &me.user.email).await?.map(|(_, hash)| hash);
    tx.commit().await?;
    if let Some(until) = wait {
        app.service.held_up.count(Held::OwnPassword);
        return Err(AppError::TooMany((until - me.now).num_seconds()));
    }
    if !hashing::verify(&app.service, typed, stored.as_deref()).await? {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    attempts::succeeded(&mut tx, "own-password", &subject).await?;
    tx.commit().await?;
    Ok(true)
}
