//! Arriving, and leaving with the result: one button each on the filing's page. Sending one twice changes nothing.

use super::fetch;
use crate::actions::{Actor, Target, VisitOutcome, arrive, leave, record_result};
use crate::app::App;
use crate::domain::filing::{Filing, VisitResult};
use crate::domain::id::{FilingId, MatterId};
use crate::storage::{Tx, devices, enterprises, filings};
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{Path, State};

struct Visit {
    id: FilingId,
    actor: Actor,
    inspecting: Inspecting,
}

impl Visit {
    fn new(id: &str, inspecting: Inspecting) -> Result<Self, AppError> {
        let id = FilingId::parse(id).ok_or(AppError::NotFound)?;
        Ok(Self { id, actor: inspecting.actor(), inspecting })
    }

    fn target(&self) -> Target<'_> {
        Target { id: self.id, scope: self.inspecting.scope(), version: None, actor: &self.actor }
    }

    async fn done(self, mut tx: Tx, now: chrono::DateTime<chrono::Utc>) -> Answer {
        devices::seen(&mut tx, self.inspecting.device.id, now).await?;
        tx.commit().await?;
        see_other(&paths::filing(self.id))
    }
}

#[derive(Template)]
#[template(path = "pages/filing/arrive.html")]
struct Sure {
    page: Page,
    id: FilingId,
    name: String,
    planned: String,
    today: String,
    quiet: bool,
}

/// `GET /f/{id}/arrive`: asks whether they arrive today, which is not planned. On a planned day the receipt has the button.
pub(in crate::web) async fn get_arrive(
    State(app): State<App>,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &inspecting, &id).await?;
    let id = record.filing.id;
    if !unplanned(&record.filing, &page) {
        return see_other(&paths::filing(id));
    }
    let enterprise = enterprises::get(&mut tx, record.filing.enterprise).await?.ok_or(AppError::NotFound)?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let today = page.today();
    html(&Sure {
        id,
        name: enterprise.name,
        planned: page.lang.span(record.filing.planned, page.now, page.zone()),
        today: page.date(&today),
        quiet: snapshot.policies.on(today).calendar.is_no_disturb(today),
        page,
    })
}

/// Whether arriving now would be on a day that was not planned.
fn unplanned(filing: &Filing, page: &Page) -> bool {
    let today = page.today();
    filing.live() && filing.arrived_at.is_none() && !filing.planned.days(page.zone()).any(|day| day == today)
}

/// `POST /f/{id}/arrive`: 我已到达. On a day that is not planned it needs `sure`.
pub(in crate::web) async fn post_arrive(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let visit = Visit::new(&id, inspecting)?;
    let mut tx = app.db.write_shared().await?;
    let record = filings::get(&mut tx, visit.id, visit.inspecting.scope()).await?.ok_or(AppError::NotFound)?;
    if unplanned(&record.filing, &page) && !form.filled("sure") {
        tx.rollback().await?;
        return see_other(&paths::arrive(visit.id));
    }
    arrive(&mut tx, &app.service, now, visit.target()).await?;
    visit.done(tx, now).await
}

/// `POST /f/{id}/leave` with a `result` (two taps), or without (the result follows).
pub(in crate::web) async fn post_leave(
    State(app): State<App>,
    Now(now): Now,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let visit = Visit::new(&id, inspecting)?;
    let mut tx = app.db.write_shared().await?;
    let stands = leave(&mut tx, &app.service, now, visit.target()).await?.filing.result;
    if let Some(result) = VisitResult::parse(form.one("result")) {
        if stands.is_some_and(|stands| stands != result) {
            // Another result than the one that stands is a correction, which has a reason.
            tx.rollback().await?;
            return see_other(&paths::result(visit.id));
        }
        let outcome = VisitOutcome { matters: inspected(&form)?, ..result.into() };
        record_result(&mut tx, &app.service, now, visit.target(), outcome).await?;
    }
    visit.done(tx, now).await
}

/// What was inspected, as ticked below the result; `None` if nothing is, which says nothing.
pub(super) fn inspected(form: &Form) -> Result<Option<Vec<MatterId>>, AppError> {
    let ticked: Option<Vec<MatterId>> = form.all("inspected").map(MatterId::parse).collect();
    Ok(Some(ticked.ok_or(AppError::NotFound)?).filter(|matters| !matters.is_empty()))
}
