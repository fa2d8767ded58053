//! `/e/TOKEN/urgent`: an urgent filing from a phone that is not enrolled (未核验). First who comes, then what for; the answer is a page with the
//! inspection code, which says that the agency has yet to confirm it.

use super::sheet::{self, Choice, exemption_words};
use crate::actions::edit_records::note_site;
use crate::actions::held_up::Held;
use crate::actions::open_forms::{self, Admission, OpenSubmission};
use crate::actions::unverified::{UrgentFiling, file_unverified, numbers};
use crate::actions::{Snapshot, Submission};
use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::exemption::ExemptionCode;
use crate::domain::id::{AgencyId, FilingId, MatterId};
use crate::domain::open_form::OpenForm;
use crate::domain::sign_code::InspectionCode;
use crate::domain::text::{NAME_MAX, without_marks};
use crate::domain::violation::Subject;
use crate::print::qr::{self, Medium};
use crate::storage::filings::{self, Scope};
use crate::storage::unverified;
use crate::web::error::AppError;
use crate::web::extract::{ClientAddr, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::views::code::lookup::{self, Entered};
use crate::web::views::open_form;
use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, TimeDelta, Utc};

const FIELDS: &[&str] = &[
    "submission",
    "step",
    "begin",
    "agency",
    "name",
    "cert_no",
    "colleagues",
    "phone",
    "matters",
    "exemption",
    "exemption_reason",
    "evidence_ref",
    "pass",
    "work",
];

/// What is asked on the first page: with something wrong among it, that is shown again.
const WHO: [&str; 5] = ["agency", "name", "cert_no", "colleagues", "phone"];

/// What is asked on the second page: the first one carries it, where it is shown again.
const WHAT: [&str; 4] = ["matters", "exemption", "exemption_reason", "evidence_ref"];

/// A page that lies open longer than this begins its visit when it is sent.
const STALE: TimeDelta = TimeDelta::hours(1);

#[derive(Template)]
#[template(path = "pages/filing/urgent.html")]
struct View {
    page: Page,
    form: Form,
    token: String,
    enterprise: String,
    agencies: Vec<Choice>,
    /// What was typed on the second page.
    what: Vec<(String, String)>,
    /// The agency that was chosen, with what it inspects; `None` on the first page.
    chosen: Option<Chosen>,
}

struct Chosen {
    name: String,
    matters: Vec<Choice>,
    other_matters: Vec<Choice>,
    exemptions: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "pages/filing/urgent-sent.html")]
struct Sent {
    page: Page,
    number: String,
    /// The code that the enterprise scans, and what to type instead.
    picture: String,
    code: String,
    enterprise: String,
    agency: String,
    name: String,
    due: String,
    confirmed: Option<bool>,
}

/// `GET /e/{token}/urgent`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    Path(token): Path<String>,
) -> Answer {
    let form = Form::prefilled([("submission", app.service.ids.uuid(now).to_string())]);
    show(&app, now, page, &token, form).await
}

/// `POST /e/{token}/urgent`: to the second page with `step=who`; filed with `step=send`.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    from: ClientAddr,
    Path(token): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form.only(FIELDS);
    if uuid::Uuid::try_parse(form.one("submission")).is_err() {
        form.set("submission", app.service.ids.uuid(now).to_string());
    }
    for number in ["cert_no", "colleagues", "phone"] {
        form.set(number, without_marks(form.one(number)));
    }
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    drop(tx);
    check(&mut form, &snapshot.registries);
    if form.one("step") != "send" || form.has_errors() {
        form.set("begin", now.to_rfc3339());
        return show(&app, now, page, &token, form).await;
    }
    send(&app, now, page, &from.network(), &token, form).await
}

/// What has to be there before anything is looked up, in the order of the pages.
fn check(form: &mut Form, registries: &Registries) {
    if form.filled("agency") {
        form.choice("agency", AgencyId::parse);
    } else {
        form.fail("agency", "unchosen");
    }
    if !form.filled("name") {
        form.fail("name", "untold");
    }
    if let Err(error) = numbers(registries, form.one("cert_no"), form.one("colleagues")) {
        form.fail_all([error]);
    }
    form.optional_line("phone", NAME_MAX);
    if form.filled("exemption") {
        form.choice("exemption", ExemptionCode::parse);
    } else if form.filled("exemption_reason") || form.filled("evidence_ref") {
        form.fail("exemption", "not_chosen");
    }
}

async fn send(app: &App, now: DateTime<Utc>, page: Page, network: &str, token: &str, mut form: Form) -> Answer {
    let mut tx = app.db.write().await?;
    let Entered { sign, premises, .. } = match lookup::enter(&mut tx, now, token).await? {
        Ok(entered) => entered,
        Err(trouble) => return lookup::trouble(page, trouble),
    };
    let begun = DateTime::parse_from_rfc3339(form.one("begin")).map(|at| at.with_timezone(&Utc)).ok();
    let (Some(agency), matters) =
        (AgencyId::parse(form.one("agency")), form.all("matters").filter_map(MatterId::parse).collect::<Vec<_>>())
    else {
        return Err(AppError::BadRequest("agency"));
    };
    let submission = Submission { scope: format!("urgent:{}", sign.id), key: form.one("submission").to_owned() };
    let masked = open_forms::masked(&app.service, network);
    let sent = OpenSubmission {
        form: OpenForm::Urgent,
        network: &masked,
        enterprise: premises.enterprise,
        submission: &submission,
    };
    let passed = (form.one("pass"), form.one("work"));
    let held = match open_forms::admit(&mut tx, &app.service, now, &sent, passed).await? {
        Admission::Accept => false,
        Admission::Hold => {
            app.service.held_up.count(Held::Urgent);
            true
        }
        Admission::Ask(ask) => {
            tx.rollback().await?;
            app.service.held_up.count(Held::Urgent);
            let to = paths::urgent(&sign.token);
            return open_form::ask(page, to, &form, &[], "open-form-direct-urgent", ask);
        }
    };
    let urgent = UrgentFiling {
        agency,
        enterprise: premises.enterprise,
        name: form.one("name").to_owned(),
        cert_no: form.one("cert_no").to_owned(),
        colleagues: form.one("colleagues").to_owned(),
        phone: form.one("phone").to_owned(),
        matters,
        start: begun.filter(|at| *at <= now && now < *at + STALE).unwrap_or(now),
        exemption: ExemptionCode::parse(form.one("exemption")),
        reason: form.one("exemption_reason").to_owned(),
        evidence_ref: form.one("evidence_ref").to_owned(),
        network: network.to_owned(),
        held,
    };
    let done = file_unverified(&mut tx, &app.service, now, &submission, urgent).await;
    let Some(filed) = form.heed(done)? else {
        tx.rollback().await?;
        return show(app, now, page, token, form).await;
    };
    let id = filed.record.filing.id;
    if !filed.again {
        open_forms::count(&mut tx, now, &sent).await?;
    }
    note_site(&mut tx, Subject::Filing(id), premises.site.map(|site| site.id)).await?;
    tx.commit().await?;
    see_other(&paths::urgent_sent(token, id))
}

/// `GET /e/{token}/urgent/{id}`: what was accepted, for whoever has its address.
pub(in crate::web) async fn sent(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    Path((token, id)): Path<(String, String)>,
) -> Answer {
    let id = FilingId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let premises = match lookup::enter(&mut tx, now, &token).await? {
        Ok(entered) => entered.premises,
        Err(trouble) => return lookup::trouble(page, trouble),
    };
    let row = unverified::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let record = filings::get(&mut tx, id, Scope::All).await?.filter(|r| r.filing.enterprise == premises.enterprise);
    let record = record.ok_or(AppError::NotFound)?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let link = format!("{}{}", page.public_url(), paths::inspection(&record.inspection_code));
    html(&Sent {
        number: record.number,
        picture: qr::data_link(&link, Medium::Screen).map_err(|error| AppError::internal(&error))?,
        code: InspectionCode::parse(&record.inspection_code)
            .map_or_else(|_| record.inspection_code.clone(), |code| code.display_groups()),
        enterprise: premises.name,
        agency: snapshot.registries.agencies.get(&row.agency).map(|agency| agency.name.clone()).unwrap_or_default(),
        name: row.name,
        due: page.time(&row.due_at),
        confirmed: row.confirmed,
        page,
    })
}

async fn show(app: &App, now: DateTime<Utc>, page: Page, token: &str, form: Form) -> Answer {
    let mut tx = app.db.read().await?;
    let Entered { sign, premises, .. } = match lookup::enter(&mut tx, now, token).await? {
        Ok(entered) => entered,
        Err(trouble) => return lookup::trouble(page, trouble),
    };
    let enterprise = premises.name;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let first = WHO.iter().any(|field| form.error(&page.lang, field).is_some());
    let chosen = AgencyId::parse(form.one("agency")).filter(|_| !first).and_then(|id| chosen(&page, &snapshot, id));
    let mut agencies: Vec<Choice> = snapshot
        .registries
        .agencies
        .values()
        .map(|agency| Choice { value: agency.id.to_string(), label: agency.name.clone(), small: String::new() })
        .collect();
    agencies.sort_by(|a, b| a.label.cmp(&b.label));
    let what = form.values().iter().filter(|(name, _)| WHAT.contains(&name.as_str())).cloned().collect();
    html_with(form.status(), &View { page, form, token: sign.token, enterprise, agencies, what, chosen })
}

fn chosen(page: &Page, snapshot: &Snapshot, id: AgencyId) -> Option<Chosen> {
    let agency = snapshot.registries.agencies.get(&id)?;
    let exemption = |code: &ExemptionCode| Choice {
        value: code.to_string(),
        label: exemption_words(page, *code),
        small: String::new(),
    };
    Some(Chosen {
        name: agency.name.clone(),
        matters: sheet::matters_of(page, snapshot, id),
        other_matters: sheet::other_matters(page, snapshot, id, &[]),
        exemptions: ExemptionCode::ALL.iter().map(exemption).collect(),
    })
}
