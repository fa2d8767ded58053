//! `/a/TOKEN`: what opens when an agency's code is scanned: its name, and the way to enrol, to sign in, or to the form.

use super::blank;
use super::lookup::{self, Trouble};
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::domain::sign::UnitKind;
use crate::web::error::AppError;
use crate::web::extract::console::MaybeOperator;
use crate::web::extract::{MaybeInspecting, Now, Scanning};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "pages/code/agency.html")]
struct Landing {
    page: Page,
    name: String,
    grace: bool,
    /// The same page under the public address, where it was opened under an old one.
    new_address: Option<String>,
    /// The inspector of this phone, if it belongs to this agency.
    inspector: Option<String>,
    /// Enrolled, but for another agency.
    elsewhere: bool,
    pin: Option<String>,
}

/// `GET /a/{token}`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    MaybeInspecting(known): MaybeInspecting,
    operator: MaybeOperator,
    scanning: Scanning,
    Path(token): Path<String>,
) -> Answer {
    let mut tx = app.db.glance().await?;
    let opened = match lookup::open_agency(&mut tx, now, &token).await? {
        Ok(opened) => opened,
        Err(Trouble::Blank) => return blank::get(&mut tx, page, operator, &token).await,
        Err(trouble) => return lookup::trouble(page, trouble),
    };
    scanning.count(&app, opened.sign.id);
    let id = opened.sign.unit.map(AgencyId).ok_or(AppError::NotFound)?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    if snapshot.inactive_agencies.contains(&id) {
        return lookup::trouble(page, lookup::Trouble::Closed);
    }
    let name = snapshot.registries.agencies.get(&id).ok_or(AppError::NotFound)?.name.clone();
    let elsewhere = known.as_ref().is_some_and(|known| known.inspector.agency != id);
    let pin = known.as_ref().filter(|known| known.is_locked(now)).map(|_| paths::pin(&page.path));
    let inspector = known.filter(|_| !elsewhere).map(|known| known.inspector.name);
    let new_address = lookup::new_address(&page, UnitKind::Agency, &opened.sign.token);
    html(&Landing { new_address, page, name, grace: opened.grace, inspector, elsewhere, pin })
}
