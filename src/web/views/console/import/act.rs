//! What an operator does with an import: have it read otherwise, confirm it, undo it; and the files to download.

use super::{Trouble, find, preview, queue, read_as, show};
use crate::actions::import_registry::{Registry, csv_template, xlsx_template};
use crate::actions::imports::{
    AT_ONCE, Confirm, Confirmed, apply_import, choose_reading, format_of, registry_of, rejected_rows, undo_import,
};
use crate::actions::{ActionError, Progress};
use crate::app::App;
use crate::domain::import::{ImportState, undo_until};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, download, see_other};
use axum::extract::{Path, State};
use serde_json::json;

/// `POST /console/import/{id}/read`: another encoding, separator, sheet, or other columns.
pub(super) async fn choose(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    filters: Filters,
    form: Form,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = find(&mut tx, &id).await?;
    let choices = read_as::chosen(&form, registry_of(&record)?, &format_of(&record));
    drop(tx);
    match choose_reading(&app.db, me.now, record.clone(), choices).await? {
        Ok(record) => {
            let to = paths::item(paths::IMPORT, record.id);
            preview(&app, &me, record).await?;
            see_other(&to)
        }
        Err(problem) => {
            let trouble = Trouble::of(me.bare(), &problem);
            let mut tx = app.db.read().await?;
            show::page(&app, &mut tx, &me, record, &filters, form, Some(trouble)).await
        }
    }
}

/// `POST /console/import/{id}/apply`: what was shown is confirmed.
pub(super) async fn apply(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    filters: Filters,
    mut form: Form,
) -> Answer {
    let mut tx = app.db.read().await?;
    let mut record = find(&mut tx, &id).await?;
    let typed = form.one("absent_count").trim().parse::<u64>().ok();
    let confirm = Confirm {
        import: record.id,
        digest: form.one("digest").to_owned(),
        skip_bad: form.picked("skip_bad", "yes"),
        // Ticked without a number is a number that does not fit.
        absent: form.picked("absent", "yes").then(|| typed.unwrap_or_default()),
    };
    let to = paths::item(paths::IMPORT, record.id);
    let counts = record.counts;
    if record.digest == confirm.digest
        && let Err(ActionError::Malformed(errors)) = confirm.check(&record)
    {
        form.fail_all(errors);
        return show::page(&app, &mut tx, &me, record, &filters, form, None).await;
    }
    drop(tx);
    let absent = if confirm.absent.is_some() { counts.absent } else { 0 };
    let rows = usize::try_from(counts.new + counts.changed + counts.unchanged + absent).unwrap_or(usize::MAX);
    if rows > AT_ONCE && record.state == ImportState::Previewed {
        queue(&app, &me, &mut record, "apply", json!(confirm)).await?;
        return see_other(&to);
    }
    let applied = apply_import(&app.db, &app.service, me.now, &me.actor(), &confirm, &Progress::default()).await?;
    match applied {
        Confirmed::Applied(_) | Confirmed::Stale(_) => see_other(&to),
        Confirmed::Unreadable(problem) => {
            let trouble = Trouble::of(me.bare(), &problem);
            let mut tx = app.db.read().await?;
            show::page(&app, &mut tx, &me, record, &filters, form, Some(trouble)).await
        }
    }
}

/// `POST /console/import/{id}/undo`.
pub(super) async fn undo(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let mut record = find(&mut tx, &id).await?;
    drop(tx);
    let to = paths::item(paths::IMPORT, record.id);
    let counts = record.counts;
    let rows = usize::try_from(counts.new + counts.changed + counts.deactivated).unwrap_or(usize::MAX);
    let in_time = record.applied_at.is_some_and(|at| me.now < undo_until(at));
    if rows > AT_ONCE && in_time && record.state == ImportState::Applied {
        queue(&app, &me, &mut record, "undo", json!(null)).await?;
        return see_other(&to);
    }
    undo_import(&app.db, &app.service, me.now, &me.actor(), record.id, &Progress::default()).await?;
    see_other(&to)
}

/// `GET /console/import/{id}/rejected.csv`.
pub(super) async fn rejected(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let page = me.bare();
    let mut tx = app.db.read().await?;
    let record = find(&mut tx, &id).await?;
    if record.counts.rejected == 0 {
        return Err(AppError::NotFound);
    }
    let bytes = rejected_rows(&mut tx, &record, page.lang).await?;
    let stem = record.file_name.rsplit_once('.').map_or(record.file_name.as_str(), |(stem, _)| stem);
    download(&page.t1("import-rejected-name", "name", stem), "text/csv; charset=utf-8", bytes)
}

/// `GET /console/import/templates/{registry}.csv` and `….xlsx`.
pub(super) async fn template(me: Console<OPERATOR>, Path(file): Path<String>) -> Answer {
    let page = me.bare();
    let (name, kind) = file.rsplit_once('.').ok_or(AppError::NotFound)?;
    let registry = Registry::parse(name).ok_or(AppError::NotFound)?;
    let title = page.t1("import-template-name", "registry", page.t(&format!("import-{name}")));
    match kind {
        "csv" => download(&format!("{title}.csv"), "text/csv; charset=utf-8", csv_template(registry)),
        "xlsx" => {
            let bytes = xlsx_template(registry, page.lang).map_err(|error| AppError::internal(&error))?;
            let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            download(&format!("{title}.xlsx"), media_type, bytes)
        }
        _ => Err(AppError::NotFound),
    }
}
