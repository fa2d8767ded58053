//! `/console/users/{id}/accounts`: the accounts elsewhere that sign a user in: which there are, another one, take one off.

use crate::actions::external_sign_in;
use crate::app::App;
use crate::domain::id::UserId;
use crate::domain::sign_in_provider::ProviderKind;
use crate::storage::external_identities::{self, ExternalIdentity};
use crate::storage::{Tx, users};
use crate::web::error::AppError;
use crate::web::extract::console::{ADMINISTRATOR, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};
use uuid::Uuid;

struct Line {
    id: Uuid,
    provider: String,
    subject: String,
    linked: String,
    /// Empty if it never signed its user in.
    used: String,
    /// Empty while it is linked.
    unlinked: String,
}

#[derive(Template)]
#[template(path = "pages/console/user-accounts.html")]
struct View {
    page: Page,
    form: Form,
    id: UserId,
    name: String,
    email: String,
    lines: Vec<Line>,
}

/// `GET /console/users/{id}/accounts`.
pub(super) async fn get(State(app): State<App>, me: Console<ADMINISTRATOR>, Path(id): Path<String>) -> Answer {
    let id = UserId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, id, Form::default()).await
}

/// `POST /console/users/{id}/accounts` with `provider` and `subject` to link one, or `unlink` = its id.
pub(super) async fn post(
    State(app): State<App>,
    me: Console<ADMINISTRATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = UserId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["provider", "subject", "unlink"]);
    let mut tx = app.db.write().await?;
    let done = if form.filled("unlink") {
        let account = Uuid::try_parse(form.one("unlink")).map_err(|_| AppError::NotFound)?;
        external_sign_in::unlink(&mut tx, &app.service, me.now, &me.actor(), id, account).await
    } else {
        let kind = ProviderKind::parse(form.one("provider")).ok_or(AppError::BadRequest("provider"))?;
        let provider = app.service.providers.get(kind).ok_or(AppError::BadRequest("provider"))?;
        let account = (kind, provider.issuer(), form.one("subject"));
        external_sign_in::link(&mut tx, &app.service, me.now, &me.actor(), id, account).await
    };
    if settle(tx, &mut form, done).await?.is_some() {
        return see_other(&paths::user_accounts(id));
    }
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, id, form).await
}

async fn show(tx: &mut Tx, me: &Console<ADMINISTRATOR>, id: UserId, form: Form) -> Answer {
    let user = users::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let page = me.page(tx).await?;
    let line = |account: ExternalIdentity| {
        let time = |at: &Option<_>| at.as_ref().map(|at| page.time(at)).unwrap_or_default();
        let known = page.providers().iter().find(|provider| provider.issuer() == account.issuer);
        Line {
            id: account.id,
            provider: known.map_or_else(
                || format!("{} {}", page.t(&format!("external-{}", account.provider)), account.issuer),
                |provider| page.provider_name(provider),
            ),
            subject: account.subject,
            linked: page.time(&account.linked_at),
            used: time(&account.used_at),
            unlinked: time(&account.unlinked_at),
        }
    };
    let lines = external_identities::of_user(tx, id).await?.into_iter().map(line).collect();
    html_with(form.status(), &View { form, id, name: user.name, email: user.email, lines, page })
}
