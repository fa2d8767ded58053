//! Writing a list as a file, in the background: page by page, with progress by what it has written.

use super::tasks::{Outcome, Running, Stopped};
use crate::actions::NewFile;
use crate::actions::export::Export;
use crate::i18n::Lang;
use crate::print::table::{MOST_ROWS, Table, TableError};
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

/// Writes the list that the task asks for.
pub(super) async fn write(running: &mut Running) -> Result<Outcome, Stopped> {
    let export = running.task.params.get("export").cloned().unwrap_or_default();
    let export: Export =
        serde_json::from_value(export).map_err(|_| Stopped::Failed("exports-unreadable".to_owned()))?;
    let lang = Lang::parse(&running.task.lang).unwrap_or_default();
    let now = running.task.created_at;
    let mut table = Table::new(export.format, &export.query.heads(lang)).map_err(failed)?;
    let (mut written, mut after) = (0, None);
    loop {
        let mut tx = running.app.db.read().await?;
        let rows = export.query.rows(&mut tx, &running.app.service, lang, now, after).await?;
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
    let bytes = tokio::task::spawn_blocking(move || table.finish())
        .await
        .map_err(|error| Stopped::Action(crate::actions::ActionError::Internal(error.to_string())))?
        .map_err(failed)?;
    let day = running.app.service.settings.zone.local_date(now);
    let name = format!(
        "{}-{}.{}",
        lang.t(&format!("exports-list-{}", export.query.name())),
        day.format("%Y%m%d"),
        export.format.extension()
    );
    let file = NewFile {
        name,
        media_type: export.format.media_type(),
        expires_at: Some(running.app.clock.now() + KEPT),
        bytes,
    };
    Ok(Outcome { result: json!({ "rows": written }), file: Some(file) })
}
