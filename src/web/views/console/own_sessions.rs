//! Where a user is signed in, on the page of their settings; `POST /console/settings/sessions` ends one or all others.

use crate::actions::own_sessions::{end_other_sessions, end_session, own_sessions};
use crate::app::App;
use crate::domain::audit_chain::{hex, unhex};
use crate::storage::Tx;
use crate::web::error::AppError;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, see_other};
use axum::extract::State;

/// A session in the list.
pub(super) struct Line {
    /// What names it in the form: the hash of its token, which opens nothing.
    pub(super) key: String,
    pub(super) device: String,
    pub(super) times: String,
    /// Whether this page was asked with it.
    pub(super) here: bool,
    /// What its button does, for who does not see where it stands.
    pub(super) end: String,
}

/// The sessions of who is signed in.
pub(super) async fn lines(tx: &mut Tx, me: &Console<ANYBODY>, page: &Page) -> Result<Vec<Line>, AppError> {
    let listed = own_sessions(tx, me.now, me.user.id).await?;
    let line = |session: crate::storage::sessions::Listed| {
        let here = session.token_hash == me.session;
        let device = if session.device.is_empty() { page.t("session-unknown") } else { session.device };
        Line {
            key: hex(&session.token_hash),
            times: page.t2(
                "session-times",
                "since",
                page.time(&session.created_at),
                "seen",
                page.time(&session.seen_at),
            ),
            end: page.t1("session-end-of", "device", &device),
            here,
            device,
        }
    };
    Ok(listed.into_iter().map(line).collect())
}

/// `POST /console/settings/sessions` with `end` = the key of one, or `others` = `yes`.
pub(super) async fn post(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    let mut tx = app.db.write().await?;
    if form.one("others") == "yes" {
        end_other_sessions(&mut tx, &app.service, me.now, &me.user, &me.session).await?;
        tx.commit().await?;
        return see_other("/console/settings?saved=sessions");
    }
    let key = unhex(form.one("end")).filter(|key| !key.is_empty()).ok_or(AppError::BadRequest("end"))?;
    end_session(&mut tx, &app.service, me.now, &me.user, &key).await?;
    tx.commit().await?;
    see_other("/console/settings?saved=session")
}
