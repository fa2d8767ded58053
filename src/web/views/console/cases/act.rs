//! What a liaison does with a request: answer, ask for more time, hand over, appeal.

use super::explanation;
use crate::actions::Result as Done;
use crate::actions::cases::{
    NewAnswer, answer_request, appeal_decision, ask_extension, check_attachments, hand_over as hand,
};
use crate::app::App;
use crate::domain::cases::AnswerChoice;
use crate::domain::id::{AgencyId, RequestId, UserId};
use crate::storage::Tx;
use crate::storage::cases::requests;
use crate::web::error::AppError;
use crate::web::extract::Upload;
use crate::web::extract::console::{Console, LIAISON};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use crate::web::settle::settle_or_again;
use axum::extract::{Path, State};
use uuid::Uuid;

/// `POST /console/explanations/{id}/answer`: multipart, with `version`, `choice`, `words`, `document` and up to nine `files`.
pub(super) async fn answer(
    State(app): State<App>,
    me: Console<LIAISON>,
    Path(id): Path<String>,
    upload: Upload,
) -> Answer {
    let (id, agency) = whose(&app, &me, &id).await?;
    let mut form = upload.form.only(&["version", "choice", "words", "document"]);
    let version = form.version();
    let choice = form.choice("choice", AnswerChoice::parse);
    if !form.filled("words") {
        form.fail("words", "required");
    }
    if !upload.files.is_empty() {
        // Shown again, the form has them no longer: its page says that they are to be chosen once more.
        form.set("files", "sent");
    }
    let sent = upload.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    // Drawing pictures anew takes its time: not on a thread that serves others.
    let files = match tokio::task::spawn_blocking(move || check_attachments(sent)).await {
        Ok(Ok(files)) => files,
        Ok(Err(error)) => {
            form.fail_all([error]);
            Vec::new()
        }
        Err(error) => return Err(AppError::internal(&error)),
    };
    let mut tx = app.db.write().await?;
    let mut done = Ok(());
    if let (Some(version), Some(choice), false) = (version, choice, form.has_errors()) {
        let new =
            NewAnswer { choice, words: form.one("words").to_owned(), document: form.one("document").to_owned(), files };
        done = answer_request(&mut tx, &app.service, me.now, me.user.id, agency, id, version, &new).await.map(drop);
    }
    finish(&app, &me, tx, (id, agency), form, done.map(|()| "answered")).await
}

/// `POST /console/explanations/{id}/extension` with `version`.
pub(super) async fn extension(
    State(app): State<App>,
    me: Console<LIAISON>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let (id, agency) = whose(&app, &me, &id).await?;
    let mut form = form.only(&["version", "extension_words"]);
    let version = form.version();
    let mut tx = app.db.write().await?;
    let mut done = Ok(());
    if let Some(version) = version {
        let words = form.one("extension_words").to_owned();
        done = ask_extension(&mut tx, &app.service, me.now, me.user.id, agency, id, version, &words).await;
    }
    finish(&app, &me, tx, (id, agency), form, done.map(|()| "extension-asked")).await
}

/// `POST /console/explanations/{id}/hand-over` with `version` and `to`.
pub(super) async fn hand_over(
    State(app): State<App>,
    me: Console<LIAISON>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let (id, agency) = whose(&app, &me, &id).await?;
    let mut form = form.only(&["version", "to"]);
    let version = form.version();
    let to = form.choice("to", UserId::parse);
    let mut tx = app.db.write().await?;
    let mut done = Ok(());
    if let (Some(version), Some(to)) = (version, to) {
        done = hand(&mut tx, &app.service, me.now, me.user.id, agency, id, version, to).await;
    }
    finish(&app, &me, tx, (id, agency), form, done.map(|()| "handed-over")).await
}

/// `POST /console/explanations/{id}/appeal` with `item` and `appeal_words`.
pub(super) async fn appeal(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>, form: Form) -> Answer {
    let (id, agency) = whose(&app, &me, &id).await?;
    let mut form = form.only(&["item", "appeal_words"]);
    let item = form.choice("item", |text| Uuid::try_parse(text).ok());
    let mut tx = app.db.write().await?;
    let mut done = Ok(());
    if let Some(item) = item {
        let words = form.one("appeal_words").to_owned();
        done = appeal_decision(&mut tx, &app.service, me.now, me.user.id, agency, id, item, &words).await;
    }
    finish(&app, &me, tx, (id, agency), form, done.map(|()| "appealed")).await
}

/// The request, if it is one of the liaison's agency.
async fn whose(app: &App, me: &Console<LIAISON>, id: &str) -> Result<(RequestId, AgencyId), AppError> {
    let id = RequestId::parse(id).ok_or(AppError::NotFound)?;
    let agency = me.own_agency()?.ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    requests::get(&mut tx, id, Some(agency)).await?.ok_or(AppError::NotFound)?;
    Ok((id, agency))
}

/// Commits and shows the request with what was done, or shows it again with what was wrong and everything that was typed.
async fn finish(
    app: &App,
    me: &Console<LIAISON>,
    tx: Tx,
    (id, agency): (RequestId, AgencyId),
    mut form: Form,
    done: Done<&str>,
) -> Answer {
    let status = match settle_or_again(tx, &mut form, done).await? {
        Ok(what) => return see_other(&paths::done(&paths::item(paths::EXPLANATIONS, id), what)),
        Err(status) => status,
    };
    let mut tx = app.db.read().await?;
    explanation::show(app, &mut tx, me, agency, id, form, status).await
}
