//! `/console/inspectors/{id}/access`: an inspector's phones and invites, for the liaison of the agency: revoke a phone in one tap, withdraw invites, begin
//! anew for who forgot the PIN.

use super::inspectors::{invite_page, parse};
use crate::actions::{reset_access, revoke_device, withdraw_invites};
use crate::app::App;
use crate::domain::id::InspectorId;
use crate::storage::devices::{self, KnownDevice, SentInvite};
use crate::storage::inspector_lists;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{Path, State};
use uuid::Uuid;

/// So many phones and invites are shown, the newest first.
const SHOWN: i64 = 20;

struct Phone {
    id: Uuid,
    enrolled: String,
    seen: String,
    state: String,
    state_class: &'static str,
    known: bool,
}

struct Invite {
    made: String,
    until: String,
    state: String,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "pages/console/inspector-access.html")]
struct View {
    page: Page,
    id: InspectorId,
    name: String,
    back: String,
    phones: Vec<Phone>,
    invites: Vec<Invite>,
    open_invites: bool,
}

/// `GET /console/inspectors/{id}/access`.
pub(super) async fn get(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>) -> Answer {
    let id = parse(&id)?;
    let mut tx = app.db.read().await?;
    let found = inspector_lists::get(&mut tx, id, me.own_agency()?).await?.ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let phones = devices::of_inspector(&mut tx, id, SHOWN).await?;
    let invites = devices::invites_of(&mut tx, id, SHOWN).await?;
    drop(tx);
    html(&View {
        open_invites: invites.iter().any(|invite| open(&page, invite)),
        phones: phones.iter().map(|phone| shown(&page, phone)).collect(),
        invites: invites.iter().map(|invite| sent(&page, invite)).collect(),
        name: found.inspector.name,
        back: paths::item(paths::INSPECTORS, id),
        id,
        page,
    })
}

/// `POST /console/inspectors/{id}/devices/{device}/revoke`.
pub(super) async fn revoke(
    State(app): State<App>,
    me: Console<LIAISON>,
    Path((id, device)): Path<(String, String)>,
) -> Answer {
    let id = parse(&id)?;
    let device = Uuid::try_parse(&device).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    revoke_device(&mut tx, &app.service, me.now, &me.actor(), me.own_agency()?, (id, device)).await?;
    tx.commit().await?;
    see_other(&paths::inspector_access(id))
}

/// `POST /console/inspectors/{id}/access/withdraw`.
pub(super) async fn withdraw(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>) -> Answer {
    let id = parse(&id)?;
    let mut tx = app.db.write().await?;
    withdraw_invites(&mut tx, &app.service, me.now, &me.actor(), me.own_agency()?, id).await?;
    tx.commit().await?;
    see_other(&paths::inspector_access(id))
}

/// `POST /console/inspectors/{id}/access/reset`: phones and invites end, and a new link is shown once.
pub(super) async fn reset(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>) -> Answer {
    let id = parse(&id)?;
    let own = me.own_agency()?;
    let mut tx = app.db.write().await?;
    let found = inspector_lists::get(&mut tx, id, own).await?.ok_or(AppError::NotFound)?;
    let secret = reset_access(&mut tx, &app.service, me.now, me.user.id, own, id).await?;
    tx.commit().await?;
    invite_page(&app, &me, id, found.inspector.name, &secret).await
}

fn shown(page: &Page, phone: &KnownDevice) -> Phone {
    let known = phone.revoked_at.is_none();
    Phone {
        id: phone.id,
        enrolled: page.time(&phone.enrolled_at),
        seen: page.time(&phone.seen_at),
        state: match &phone.revoked_at {
            Some(at) => page.t1("people-phone-revoked", "time", page.time(at)),
            None => page.t("people-phone-known"),
        },
        state_class: if known { "done" } else { "over" },
        known,
    }
}

fn open(page: &Page, invite: &SentInvite) -> bool {
    invite.used_at.is_none() && invite.withdrawn_at.is_none() && page.now < invite.expires_at
}

fn sent(page: &Page, invite: &SentInvite) -> Invite {
    let (state, state_class) = match (&invite.used_at, &invite.withdrawn_at) {
        (Some(_), _) => ("people-invite-used", "done"),
        (None, Some(_)) => ("people-invite-withdrawn", "over"),
        (None, None) if open(page, invite) => ("people-invite-open", "wait"),
        (None, None) => ("people-invite-expired", "over"),
    };
    Invite { made: page.time(&invite.made_at), until: page.time(&invite.expires_at), state: page.t(state), state_class }
}
