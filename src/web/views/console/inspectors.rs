//! `/console/inspectors` and `/console/inspectors/{id}`: a liaison invites the own ones to enrol a phone, and suspends them.

use super::history::{self, Event};
use super::{Choice, agency_choices, chosen_agency};
use crate::actions::{Snapshot, enrol, suspend_inspector};
use crate::app::App;
use crate::domain::id::{AgencyId, InspectorId};
use crate::domain::inspector::Inspector;
use crate::domain::search_keys::{Document, Words};
use crate::print::qr::{self, Medium};
use crate::storage::inspector_lists::{self, FoundInspector};
use crate::web::cookies;
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use uuid::Uuid;

struct Line {
    href: String,
    name: String,
    cert_no: String,
    agency: String,
    validity: String,
    state: String,
    state_class: &'static str,
    enrolled: String,
}

#[derive(Template)]
#[template(path = "pages/console/inspectors.html")]
struct List {
    page: Page,
    filters: Filters,
    all: bool,
    operator: bool,
    agencies: Vec<Choice>,
    validities: Vec<Choice>,
    /// For a liaison: how many certificates run out soon.
    running_out: usize,
    lines: Vec<Line>,
    previous: String,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/console/inspector.html")]
struct View {
    page: Page,
    id: InspectorId,
    line: Line,
    kind: String,
    suspended: bool,
    may_change: bool,
    operator: bool,
    history: Vec<Event>,
    history_shown: usize,
}

#[derive(Template)]
#[template(path = "pages/console/invite.html")]
struct Invite {
    page: Page,
    back: String,
    name: String,
    link: String,
    /// The link's code as a `data:` address: it is shown once and has no address of its own.
    code: String,
    until: String,
}

/// `GET /console/inspectors`.
pub(super) async fn list(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    filters: Filters,
) -> Answer {
    let own = me.own_agency()?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let all = found(&snapshot, own, &filters, page.today());
    let (shown, previous, next) = filters.numbered(all);
    let ids: Vec<InspectorId> = shown.iter().map(|inspector| inspector.id).collect();
    let enrolled = inspector_lists::enrolled(&mut tx, &ids).await?;
    let name = |id| snapshot.registries.agencies.get(&id).map(|agency| agency.name.clone()).unwrap_or_default();
    let shown_as = |i: &Inspector| FoundInspector { inspector: i.clone(), enrolled_at: enrolled.get(&i.id).copied() };
    html(&List {
        lines: shown.into_iter().map(|i| line(&page, &shown_as(i), name(i.agency))).collect(),
        all: own.is_none(),
        running_out: own.map_or(0, |own| running_out(&snapshot, own, page.today())),
        operator: me.is(OPERATOR),
        agencies: agency_choices(&snapshot.registries),
        validities: VALIDITIES
            .map(|of| Choice { value: of.to_owned(), label: page.t(&format!("registry-valid-{of}")) })
            .into(),
        previous,
        next,
        page,
        filters,
    })
}

/// The inspectors that the filters leave, by name.
pub(super) fn found<'a>(
    snapshot: &'a Snapshot,
    own: Option<AgencyId>,
    filters: &Filters,
    today: NaiveDate,
) -> Vec<&'a Inspector> {
    let agency = chosen_agency(filters);
    let words = filters.words("q").as_deref().and_then(Words::parse);
    let validity = filters.one("valid");
    let mut all: Vec<&Inspector> = snapshot
        .registries
        .inspectors
        .values()
        .filter(|i| own.is_none_or(|own| own == i.agency) && agency.is_none_or(|agency| agency == i.agency))
        .filter(|i| validity.is_empty() || validity == self::validity(i, today))
        .filter(|i| words.as_ref().is_none_or(|w| w.found_in(&Document::new(&i.name, &i.cert_no, ""))))
        .collect();
    all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    all
}

/// How many certificates of an agency run out soon.
pub(super) fn running_out(snapshot: &Snapshot, agency: AgencyId, today: NaiveDate) -> usize {
    let all = snapshot.registries.inspectors.values();
    all.filter(|inspector| inspector.agency == agency && inspector.runs_out_soon(today)).count()
}

/// What a list of inspectors is filtered by.
const VALIDITIES: [&str; 5] = ["now", "soon", "ended", "later", "suspended"];

/// How it stands with a certificate.
fn validity(i: &Inspector, today: NaiveDate) -> &'static str {
    match i.valid_to {
        _ if i.suspended => "suspended",
        _ if i.valid_from > today => "later",
        Some(to) if to < today => "ended",
        _ if i.runs_out_soon(today) => "soon",
        _ => "now",
    }
}

/// `GET /console/inspectors/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    Path(id): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let id = parse(&id)?;
    let found = inspector_lists::get(&mut tx, id, me.own_agency()?).await?.ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let agency = snapshot.registries.agencies.get(&found.inspector.agency);
    let line = line(&page, &found, agency.map(|agency| agency.name.clone()).unwrap_or_default());
    let history = history::of_record(&mut tx, &page, &snapshot.registries, id.0, None, me.is(OPERATOR)).await?;
    let (suspended, may_change, operator) = (found.inspector.suspended, me.is(LIAISON), me.is(OPERATOR));
    let kind = page.t(&format!("registry-kind-{}", found.inspector.kind));
    html(&View { page, id, line, kind, suspended, may_change, operator, history, history_shown: history::SHOWN * 4 })
}

/// `POST /console/inspectors/{id}/invite`: a link for one phone, shown once.
pub(super) async fn invite(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>) -> Answer {
    let id = parse(&id)?;
    let mut tx = app.db.write().await?;
    let found = inspector_lists::get(&mut tx, id, me.own_agency()?).await?.ok_or(AppError::NotFound)?;
    let secret = enrol::invite_inspector(&mut tx, &app.service, me.now, Some(me.user.id), id).await?;
    tx.commit().await?;
    invite_page(&app, &me, id, found.inspector.name, &secret).await
}

/// The page that shows the link of an invite, this once.
pub(super) async fn invite_page(
    app: &App,
    me: &Console<LIAISON>,
    id: InspectorId,
    name: String,
    secret: &[u8; 32],
) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let link = format!("{}{}", page.public_url(), paths::join(&cookies::encode_secret(secret)));
    let code = qr::data_link(&link, Medium::Screen).map_err(|error| AppError::internal(&error))?;
    html(&Invite {
        back: paths::item(paths::INSPECTORS, id),
        name,
        code,
        until: page.time(&(me.now + enrol::INVITE_TIME)),
        link,
        page,
    })
}

/// `POST /console/inspectors/{id}/suspend` with `suspended` = `yes` or `no`.
pub(super) async fn suspend(
    State(app): State<App>,
    me: Console<LIAISON>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let suspended = form.one("suspended") == "yes";
    let mut tx = app.db.write().await?;
    suspend_inspector(&mut tx, &app.service, me.now, &me.actor(), me.own_agency()?, id, suspended).await?;
    tx.commit().await?;
    see_other(&paths::item(paths::INSPECTORS, id))
}

pub(super) fn parse(id: &str) -> Result<InspectorId, AppError> {
    Uuid::try_parse(id).map(InspectorId).map_err(|_| AppError::NotFound)
}

fn line(page: &Page, found: &FoundInspector, agency: String) -> Line {
    let inspector = &found.inspector;
    let (state, state_class) = match (inspector.suspended, inspector.valid_on(page.today())) {
        (true, _) => ("fault-inspector-suspended", "over"),
        (false, false) => ("cert-not-valid", "wait"),
        (false, true) => ("cert-valid", "done"),
    };
    Line {
        href: paths::item(paths::INSPECTORS, inspector.id),
        name: inspector.name.clone(),
        cert_no: inspector.cert_no.clone(),
        agency,
        validity: match inspector.valid_to {
            None => page.t1("since", "day", page.date(&inspector.valid_from)),
            Some(to) => format!("{} – {}", page.date(&inspector.valid_from), page.date(&to)),
        },
        state: page.t(state),
        state_class,
        enrolled: found.enrolled_at.map_or_else(|| page.t("not-enrolled"), |at| page.time(&at)),
    }
}
