//! Making sheets of signs in the background.

use super::tasks::{Outcome, Running, Stopped};
use crate::actions::NewFile;
use crate::actions::make_sheets::{SheetOrder, SheetsFailed, compose_sheets, gather_sheets};
use crate::domain::sheet::SheetForm;
use crate::domain::sign::host_of;
use crate::i18n::Lang;
use chrono::TimeDelta;
use serde_json::json;

/// How long what was made can be downloaded.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Makes the sheets of the order in the task's parameters.
pub(super) async fn work(running: &mut Running) -> Result<Outcome, Stopped> {
    let lang = Lang::parse(&running.task.lang).unwrap_or_default();
    let app = &running.app;
    let order = running.task.params.get("order").cloned().unwrap_or_default();
    let order: SheetOrder = serde_json::from_value(order).map_err(|error| Stopped::Failed(error.to_string()))?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let gathered = gather_sheets(&mut tx, &app.service, now, &order).await?;
    drop(tx);
    let gathered = gathered.map_err(|none| Stopped::Failed(none.words(lang)))?;
    let (ids, name) = (gathered.ids.clone(), gathered.file_name());
    let progress = running.handle();
    let made = tokio::task::spawn_blocking(move || {
        compose_sheets(&gathered, &|done, total| {
            let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
            progress.set(number(done), number(total));
            !progress.stopped()
        })
    });
    let made = match made.await {
        Ok(Ok(made)) => made,
        Ok(Err(SheetsFailed::Stopped)) => return Err(Stopped::Cancelled),
        Ok(Err(failed)) => return Err(Stopped::Failed(failed.words(lang))),
        Err(error) => {
            tracing::error!(%error, "the making of sheets broke off");
            return Err(Stopped::Failed("task-failed".to_owned()));
        }
    };
    let media_type = match order.form {
        SheetForm::Pdf => "application/pdf",
        SheetForm::Zip => "application/zip",
    };
    let host = host_of(&app.service.settings.public_url);
    Ok(Outcome {
        result: json!({ "signs": ids, "pages": made.pages, "host": host }),
        file: Some(NewFile { name, media_type, expires_at: Some(now + KEPT), content: made.bytes.into() }),
    })
}
