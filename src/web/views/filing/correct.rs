//! `/f/ID/result`: correcting a result that was told before (更正结果), with a reason. The audit keeps what stood there.

use super::receipt::{Inspected, inspected, result_words};
use super::{fetch, visit};
use crate::actions::{Snapshot, Target, VisitOutcome, record_result};
use crate::app::App;
use crate::domain::filing::VisitResult;
use crate::domain::id::FilingId;
use crate::domain::text::PURPOSE_MAX;
use crate::storage::filings::FilingRecord;
use crate::storage::{devices, enterprises};
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "pages/filing/correct.html")]
struct Correct {
    page: Page,
    id: FilingId,
    name: String,
    /// The result as it stands.
    stands: String,
    results: Vec<(&'static str, String)>,
    inspected: Vec<Inspected>,
    form: Form,
}

/// What a correction is made of.
struct Desk {
    record: FilingRecord,
    name: String,
    snapshot: std::sync::Arc<Snapshot>,
}

impl Desk {
    async fn open(app: &App, inspecting: &Inspecting, id: &str) -> Result<Self, AppError> {
        let mut tx = app.db.read().await?;
        let record = fetch(&mut tx, inspecting, id).await?;
        let name = enterprises::get(&mut tx, record.filing.enterprise).await?.ok_or(AppError::NotFound)?.name;
        let snapshot = app.service.snapshot(&mut tx).await?;
        Ok(Self { record, name, snapshot })
    }

    /// The result that stands, of a filing that can be corrected.
    fn stands(&self) -> Option<VisitResult> {
        self.record.filing.result.filter(|_| self.record.filing.live())
    }

    fn show(self, page: Page, stands: VisitResult, form: Form) -> Answer {
        let (status, filing) = (form.status(), &self.record.filing);
        let view = Correct {
            id: filing.id,
            name: self.name,
            stands: result_words(&page, stands),
            results: VisitResult::ALL.iter().map(|r| (r.as_str(), result_words(&page, *r))).collect(),
            inspected: inspected(&self.snapshot, filing, page.today()),
            form,
            page,
        };
        html_with(status, &view)
    }
}

/// `GET /f/{id}/result`: the form; the receipt where no result stands yet.
pub(in crate::web) async fn get(
    State(app): State<App>,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&app, &inspecting, &id).await?;
    let filing = &desk.record.filing;
    let Some(stands) = desk.stands() else { return see_other(&paths::filing(filing.id)) };
    let told = if filing.matters_inspected.is_empty() { &filing.matters } else { &filing.matters_inspected };
    let mut fields = vec![("version", desk.record.version.to_string()), ("result", stands.as_str().to_owned())];
    fields.extend(told.iter().map(|matter| ("inspected", matter.to_string())));
    desk.show(page, stands, Form::prefilled(fields))
}

/// `POST /f/{id}/result` with a `result`: the first one as it is, another one with its `correct_reason`. Sending one twice changes nothing.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let desk = Desk::open(&app, &inspecting, &id).await?;
    let filing = &desk.record.filing;
    let Some(result) = VisitResult::parse(form.one("result")) else { return see_other(&paths::filing(filing.id)) };
    let matters = visit::inspected(&form)?;
    let mut form = form.only(&["version", "result", "inspected", "correct_reason"]);
    let corrected = desk.stands().filter(|stands| {
        *stands != result || matters.as_ref().is_some_and(|matters| *matters != filing.matters_inspected)
    });
    let reason = form.optional_paragraph("correct_reason", PURPOSE_MAX);
    if corrected.is_some() && !form.filled("correct_reason") {
        form.fail("correct_reason", "required");
    }
    if let Some(stands) = corrected.filter(|_| form.has_errors()) {
        return desk.show(page, stands, form);
    }
    let actor = inspecting.actor();
    let version = form.one("version").parse().ok();
    let target = Target { id: filing.id, scope: inspecting.scope(), version, actor: &actor };
    let mut tx = app.db.write_shared().await?;
    let done = record_result(&mut tx, &app.service, now, target, VisitOutcome { result, matters, reason }).await;
    if done.is_ok() {
        devices::seen(&mut tx, inspecting.device.id, now).await?;
    }
    // A first result comes from the buttons of the receipt, which has no form to be shown again.
    let Some(stands) = corrected else {
        done?;
        tx.commit().await?;
        return see_other(&paths::filing(filing.id));
    };
    match settle(tx, &mut form, done).await? {
        Some(done) => see_other(&paths::filing(done.filing.id)),
        None => desk.show(page, stands, form),
    }
}
