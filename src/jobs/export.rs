//! Writing lists and documents as files, in the background; a list page by page, with progress by what it has written.

use super::tasks::{Outcome, Running, Stopped};
use crate::actions::NewFile;
use crate::actions::evidence::evidence;
use crate::actions::export::{ListQuery, Wanted};
use crate::actions::monthly::monthly;
use crate::i18n::Lang;
use crate::print::table::{Format, MOST_ROWS, Table, TableError};
use chrono::TimeDelta;
use serde_json::json;

/// How long a written list can be fetched.
const KEPT: TimeDelta = TimeDelta::days(3);

fn failed(error: TableError) -> Stopped {
    match error {
        TableError::TooLong => Stopped::Failed("exports-too-long".to_owned()),
        other => Stopped::Action(crate::actions::ActionError::Internal(other.to_string())),
    }
}

/// Writes what the task asks for.
pub(super) async fn write(running: &mut Running) -> Result<Outcome, Stopped> {
    let wanted = running.task.params.get("wanted").cloned().unwrap_or_default();
    let wanted: Wanted =
        serde_json::from_value(wanted).map_err(|_| Stopped::Failed("exports-unreadable".to_owned()))?;
    let lang = Lang::parse(&running.task.lang).unwrap_or_default();
    let (service, now) = (&running.app.service, running.task.created_at);
    let made = match wanted {
        Wanted::List { query, format } => return list(running, query, format, lang).await,
        Wanted::Monthly(asked) => monthly(&mut running.app.db.read().await?, service, asked, lang, now).await?,
        Wanted::Evidence(asked) => evidence(&mut running.app.db.read().await?, service, asked, lang, now).await?,
    };
    let expires_at = Some(running.app.clock.now() + KEPT);
    let file = NewFile { name: made.name, media_type: made.media_type, expires_at, content: made.bytes.into() };
    Ok(Outcome { result: json!({}), file: Some(file) })
}

/// Writes a list, a page of rows at a time.
async fn list(running: &Running, query: ListQuery, format: Format, lang: Lang) -> Result<Outcome, Stopped> {
    let now = running.task.created_at;
    let mut table = Table::new(format, &query.heads(lang)).map_err(failed)?;
    let (mut written, mut after) = (0, None);
    loop {
        let mut tx = running.app.db.read().await?;
        let rows = query.rows(&mut tx, &running.app.service, lang, now, after).await?;
        drop(tx);
        for row in &rows.rows {
            table.row(row).map_err(failed)?;
        }
        written += rows.rows.len();
        let more = rows.next.is_some();
        running.progress(written, if more { written + rows.rows.len() } else { written })?;
        after = rows.next;
        if !more {
            break;
        }
        if written >= MOST_ROWS as usize {
            return Err(failed(TableError::TooLong));
        }
    }
    // Packing a large workbook takes seconds: not on a thread that others wait for.
    let file = tokio::task::spawn_blocking(move || table.finish())
        .await
        .map_err(|error| Stopped::Action(crate::actions::ActionError::Internal(error.to_string())))?
        .map_err(failed)?;
    let day = running.app.service.settings.zone.local_date(now);
    let name = format!(
        "{}-{}.{}",
        lang.t(&format!("exports-list-{}", query.name())),
        day.format("%Y%m%d"),
        format.extension()
    );
    let expires_at = Some(running.app.clock.now() + KEPT);
    let file = NewFile { name, media_type: format.media_type(), expires_at, content: file.into() };
    Ok(Outcome { result: json!({ "rows": written }), file: Some(file) })
}
