//! `/e/TOKEN/file`: the form, its live verdict (`/e/TOKEN/check`), the review, and the sending.
//!
//! The form carries a submission id. The review page carries the times as instants, so that the same page sent again is the same content.

use super::desk::Desk;
use super::draft::{self, FIELDS};
use super::sheet::{Sheet, exemption_words, kind_words};
use super::verdict::VerdictBox;
use super::{other, papers};
use crate::actions::edit_records::note_site;
use crate::actions::{ActionError, FileInspection, check_filing, file_inspection};
use crate::domain::id::FilingId;
use crate::domain::sign_code::ShortCode;
use crate::domain::violation::Subject;
use crate::storage::sites::Site;
use crate::storage::{Tx, devices};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;

/// Whose code was scanned, as both pages show it.
struct Where {
    token: String,
    name: String,
    short_code: String,
    address: String,
}

/// Who files.
struct Who {
    name: String,
    cert_no: String,
    agency: String,
}

#[derive(Template)]
#[template(path = "pages/filing/form.html")]
struct FormPage {
    page: Page,
    at: Where,
    who: Who,
    sheet: Sheet,
    form: Form,
    /// Something of the approval and the papers is filled in.
    papers_open: bool,
    verdict: Option<VerdictBox>,
}

#[derive(Template)]
#[template(path = "pages/filing/verdict.html")]
struct Fragment {
    verdict: Option<VerdictBox>,
    at: Where,
}

#[derive(Template)]
#[template(path = "pages/filing/review.html")]
struct Review {
    page: Page,
    at: Where,
    who: Who,
    facts: Vec<(String, String)>,
    verdict: VerdictBox,
    /// Hidden fields: what was typed, and the instants.
    fields: Vec<(String, String)>,
}

impl Desk {
    fn place(&self) -> Where {
        let short_code = &self.sign.short_code;
        Where {
            token: self.sign.token.clone(),
            name: self.premises.name.clone(),
            short_code: ShortCode::parse(short_code).map_or_else(|_| short_code.clone(), |code| code.display_groups()),
            address: self.premises.site.as_ref().map_or_else(|| self.premises.address.clone(), Site::line),
        }
    }

    fn who(&self) -> Who {
        let inspector = &self.inspecting.inspector;
        let agency = self.snapshot.registries.agencies.get(&inspector.agency);
        Who {
            name: inspector.name.clone(),
            cert_no: inspector.cert_no.clone(),
            agency: agency.map(|a| a.name.clone()).unwrap_or_default(),
        }
    }

    fn read(&self, form: &mut Form) -> Option<FileInspection> {
        draft::read(form, &self.page, &self.inspecting.inspector, self.premises.enterprise)
    }

    /// The verdict of a draft; what an action finds malformed is recorded in the form.
    async fn judge(&self, form: &mut Form, draft: FileInspection) -> Result<Option<VerdictBox>, AppError> {
        let mut tx: Tx = self.app.db.glance().await?;
        let verdict = form.heed(check_filing(&mut tx, &self.app.service, self.now, draft).await)?;
        Ok(verdict.map(|verdict| VerdictBox::new(&self.page, &self.snapshot, &verdict)))
    }

    fn show(self, form: Form, verdict: Option<VerdictBox>) -> Answer {
        let status = form.status();
        let sheet = Sheet::new(&self.page, &self.snapshot, &self.inspecting.inspector);
        let (at, who) = (self.place(), self.who());
        html_with(status, &FormPage { page: self.page, at, who, sheet, papers_open: papers::any(&form), form, verdict })
    }
}

/// `GET /e/{token}/file`.
pub(in crate::web) async fn get(desk: Desk) -> Answer {
    let submission = desk.app.service.ids.uuid(desk.now).to_string();
    let form = Form::prefilled([("submission", submission.as_str()), ("kind", "daily"), ("when", "now")]);
    desk.show(form, None)
}

/// `GET /e/{token}/check`: nothing to see without a draft.
pub(in crate::web) async fn get_check(Path(token): Path<String>) -> Answer {
    see_other(&paths::file(&token))
}

/// `POST /e/{token}/check`: the verdict of a draft, alone for the script, on the whole form for the button 预览.
pub(in crate::web) async fn post_check(desk: Desk, headers: HeaderMap, form: Form) -> Answer {
    let mut form = form.only(FIELDS);
    if form.filled("move_to") {
        let day = form.one("move_to").to_owned();
        let start = if form.filled("planned_start") { form.one("planned_start") } else { "09:00" }.to_owned();
        form.set("when", "day");
        form.set("date", day);
        form.set("planned_start", start);
        form.set("move_to", "");
    }
    // A draft may be unfinished: it is judged as far as it goes, and errors wait for the review.
    let mut probe = form.clone();
    let draft = desk.read(&mut probe);
    let verdict = match draft {
        Some(draft) => desk.judge(&mut probe, draft).await?,
        None => None,
    };
    if headers.contains_key("x-fragment") {
        let at = desk.place();
        return html(&Fragment { verdict, at });
    }
    desk.show(if verdict.is_some() { form } else { probe }, verdict)
}

/// `POST /e/{token}/file`: to the review; back to the form with `step=edit`; to the receipt with `step=send`.
pub(in crate::web) async fn post(desk: Desk, form: Form) -> Answer {
    let mut form = form.only(FIELDS);
    if uuid::Uuid::try_parse(form.one("submission")).is_err() {
        let submission = desk.app.service.ids.uuid(desk.now).to_string();
        form.set("submission", submission);
    }
    if form.one("step") == "edit" {
        for name in ["step", "fixed_start", "fixed_end", "fixed_arrived", "fixed_left"] {
            form.set(name, "");
        }
        return desk.show(form, None);
    }
    let draft = desk.read(&mut form);
    let Some(draft) = draft.filter(|_| !form.has_errors()) else { return desk.show(form, None) };
    if form.one("step") == "send" { Box::pin(send(desk, form, draft)).await } else { review(desk, form, draft).await }
}

async fn review(desk: Desk, mut form: Form, draft: FileInspection) -> Answer {
    form.set("fixed_start", draft.planned_start.to_rfc3339());
    form.set("fixed_end", draft.planned_end.to_rfc3339());
    form.set("fixed_arrived", draft.arrived_at.map(|at| at.to_rfc3339()).unwrap_or_default());
    form.set("fixed_left", draft.left_at.map(|at| at.to_rfc3339()).unwrap_or_default());
    let facts = facts(&desk, &draft);
    let Some(verdict) = desk.judge(&mut form, draft).await? else { return desk.show(form, None) };
    let fields = form.values().iter().filter(|(name, _)| name != "step").cloned().collect();
    let (at, who) = (desk.place(), desk.who());
    html(&Review { page: desk.page, at, who, facts, verdict, fields })
}

async fn send(desk: Desk, mut form: Form, draft: FileInspection) -> Answer {
    let db = &desk.app.db;
    let sent = match file(&desk, &mut form, draft.clone(), db.plan().await?).await {
        Err(AppError::InTurn) => file(&desk, &mut form, draft, db.write_shared().await?).await?,
        done => done?,
    };
    match sent {
        Sent::Filed(id) => see_other(&paths::filing(id)),
        Sent::Wrong => desk.show(form, None),
        Sent::Other(saved) => {
            let Desk { app, page, inspecting, sign, snapshot, .. } = desk;
            other::answer(&app, page, &snapshot, &inspecting, saved, &sign.token).await
        }
    }
}

/// What became of a filing that was sent.
enum Sent {
    Filed(FilingId),
    /// The form is shown again, with what is wrong in it.
    Wrong,
    /// The submission had been used for another filing.
    Other(FilingId),
}

async fn file(desk: &Desk, form: &mut Form, draft: FileInspection, mut tx: Tx) -> Result<Sent, AppError> {
    let submission = desk.inspecting.submission(form.one("submission"));
    let actor = desk.inspecting.actor();
    let done = file_inspection(&mut tx, &desk.app.service, desk.now, &actor, Some(&submission), draft).await;
    if let Err(ActionError::OtherContent(Some(saved))) = done {
        tx.rollback().await?;
        return Ok(Sent::Other(FilingId(saved)));
    }
    let Some(filed) = form.heed(done)? else {
        tx.rollback().await?;
        return Ok(Sent::Wrong);
    };
    let id = filed.record.filing.id;
    note_site(&mut tx, Subject::Filing(id), desk.premises.site.as_ref().map(|site| site.id)).await?;
    devices::seen(&mut tx, desk.inspecting.device.id, desk.now).await?;
    tx.commit().await?;
    Ok(Sent::Filed(id))
}

/// What the review shows, in the order of the form.
fn facts(desk: &Desk, draft: &FileInspection) -> Vec<(String, String)> {
    let page = &desk.page;
    let registries = &desk.snapshot.registries;
    let comma = page.t("list-comma");
    let matters: Vec<&str> =
        draft.matters.iter().filter_map(|m| registries.matters.get(m)).map(|m| m.name.as_str()).collect();
    let names: Vec<&str> =
        draft.inspectors.iter().map(|c| registries.inspectors.get(c).map_or(c.as_str(), |i| i.name.as_str())).collect();
    let mut facts = vec![
        (page.t("field-kind"), kind_words(page, draft.kind)),
        (page.t("field-matters"), matters.join(&comma)),
        (page.t("field-inspectors"), names.join(&comma)),
    ];
    if let Some(arrived) = draft.arrived_at {
        facts.push((page.t("field-arrived"), page.time(&arrived)));
        facts.extend(draft.left_at.map(|left| (page.t("field-left"), page.time(&left))));
    } else {
        facts.push((page.t("field-start"), page.time(&draft.planned_start)));
        facts.push((page.t("field-end"), page.time(&draft.planned_end)));
    }
    if let Some(code) = draft.exemption {
        facts.push((page.t("field-exemption"), exemption_words(page, code)));
        facts.push((page.t("field-exemption-reason"), draft.exemption_reason.clone()));
        facts.push((page.t("field-evidence"), draft.evidence_ref.clone()));
    }
    facts.extend(papers::facts(page, draft.more.approval.as_ref(), &draft.more.special));
    facts.extend(draft.joint_group.clone().map(|group| (page.t("field-joint"), group)));
    if !draft.note.is_empty() {
        facts.push((page.t("field-note"), draft.note.clone()));
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts
}
