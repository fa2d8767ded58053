//! The last page of a report: everything once more, the PIN, and storing it.

use super::answers::{self, Context};
use super::one_by_one::OneByOne;
use super::{Desk, Line, answer_key, receipt};
use crate::actions::attempts::Turn;
use crate::actions::edit_records::note_site;
use crate::actions::held_up::Held;
use crate::actions::open_forms::{self, Admission, OpenSubmission};
use crate::actions::{
    ActionError, Actor, FieldError, PinTurn, ReportVisit, Submission, password, report_visit, right_pin, try_pin,
};
use crate::app::App;
use crate::domain::open_form::OpenForm;
use crate::domain::text::half_width;
use crate::domain::violation::Subject;
use crate::domain::visit_report::ArrivalKnown;
use crate::storage::{Tx, enterprises::EnterpriseRecord, sites};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, see_other};
use crate::web::views::open_form;
use crate::web::{Form, paths};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};

/// Stores the report, or asks again for what is wrong.
pub(super) async fn send(tx: &mut Tx, desk: Desk<'_>, mut form: Form, context: Context<'_>) -> Answer {
    if form.has_errors() {
        return desk.review(StatusCode::UNPROCESSABLE_ENTITY, form, context);
    }
    let answers = match answers::all(&mut form, context) {
        Ok(answers) => answers,
        Err(wrong) => return desk.question(tx, StatusCode::UNPROCESSABLE_ENTITY, form, wrong).await,
    };
    let key = form.one("submission").to_owned();
    let pin = match pin(&desk, &form, context.now).await? {
        Pin::Wrong if form.one("pin_tried") != "1" => {
            form.set("pin_tried", "1");
            form.set("pin", "");
            form.fail("pin", "wrong");
            return desk.review(StatusCode::UNPROCESSABLE_ENTITY, form, context);
        }
        Pin::Later(wait) if form.one("pin_tried") != "1" => {
            form.set("pin_tried", "1");
            form.set("pin", "");
            form.fail_all([wait]);
            return desk.review(StatusCode::UNPROCESSABLE_ENTITY, form, context);
        }
        Pin::Busy if form.one("pin_tried") != "1" => {
            form.set("pin_tried", "1");
            form.set("pin", "");
            form.fail("pin", "busy");
            desk.app.service.held_up.count(Held::Hash);
            return desk.review(StatusCode::UNPROCESSABLE_ENTITY, form, context);
        }
        other => other,
    };
    let id = desk.enterprise.id;
    let submission = Submission { scope: receipt::scope(id), key: key.clone() };
    let (service, now, actor) = (&desk.app.service, context.now, Actor::Enterprise(id));
    let network = super::super::door::masked(desk.app, &desk.addr.network());
    let sent = OpenSubmission { form: OpenForm::Report, network: &network, enterprise: id, submission: &submission };
    let mut write = desk.app.db.write().await?;
    // Whoever has the PIN is held up by nobody, and nobody learns from their own form how many such reports there are.
    let admission = if pin == Pin::Right {
        Admission::Accept
    } else {
        open_forms::admit(&mut write, service, now, &sent, (form.one("pass"), form.one("work"))).await?
    };
    let held = match admission {
        Admission::Accept => false,
        Admission::Hold => {
            service.held_up.count(Held::Report);
            true
        }
        Admission::Ask(ask) => {
            write.rollback().await?;
            service.held_up.count(Held::Report);
            let to = paths::report(&desk.token);
            return open_form::ask(desk.page, to, &form, &["pin"], "open-form-direct-report", ask);
        }
    };
    let command = ReportVisit { held, ..answers.command(id, pin == Pin::Right) };
    let done = report_visit(&mut write, service, now, &actor, Some(&submission), command).await;
    if let Err(ActionError::OtherContent(Some(saved))) = done {
        write.rollback().await?;
        return receipt::other_content(tx, desk.page, desk.token, &key, saved).await;
    }
    let Some(reported) = form.heed(done)? else {
        write.rollback().await?;
        return desk.review(StatusCode::UNPROCESSABLE_ENTITY, form, context);
    };
    if pin != Pin::Right && !reported.again {
        open_forms::count(&mut write, now, &sent).await?;
    }
    let site = sites::of_token(&mut write, &desk.token).await?.map(|site| site.id);
    note_site(&mut write, Subject::Report(reported.record.report.id), site).await?;
    write.commit().await?;
    see_other(&paths::report_receipt(&desk.token, &key))
}

/// What became of the PIN. A report is never refused for it.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::web::views::enterprise) enum Pin {
    /// None was typed.
    None,
    Right,
    Wrong,
    /// None is looked at for a while after too many wrong ones from here; what is said.
    NotNow(FieldError),
    /// The same after too many from everywhere, in a browser that has not rated with it before.
    Later(FieldError),
    /// As many wait for a check as there is room for.
    Busy,
}

async fn pin(desk: &Desk<'_>, form: &Form, now: DateTime<Utc>) -> Result<Pin, AppError> {
    let pin: String = half_width(form.one("pin")).chars().filter(|c| !c.is_whitespace()).take(64).collect();
    if pin.is_empty() {
        return Ok(Pin::None);
    }
    let _turn = OneByOne::of(format!("{} {}", desk.enterprise.id, form.one("submission"))).await;
    let network = super::door::masked(desk.app, &desk.addr.network());
    check_pin(desk.app, &desk.enterprise, (&network, desk.browser.as_deref()), &pin, now).await
}

/// Checks a PIN that came from a network, in the browser whose cookie has this hash.
pub(in crate::web::views::enterprise) async fn check_pin(
    app: &App,
    enterprise: &EnterpriseRecord,
    from: (&str, Option<&[u8]>),
    pin: &str,
    now: DateTime<Utc>,
) -> Result<Pin, AppError> {
    let mut tx = app.db.write().await?;
    let turn = try_pin(&mut tx, &app.service, now, enterprise.id, from).await?;
    tx.commit().await?;
    let (origin, place) = match turn {
        PinTurn::Taken(origin, place) => (origin, place),
        PinTurn::Busy => return Ok(Pin::Busy),
        PinTurn::Wait(turn) => {
            app.service.held_up.count(Held::EnterprisePin);
            let wait = turn.refusal("pin", now).unwrap_or(FieldError::new("pin", "wait"));
            return Ok(if matches!(turn, Turn::AllWait(_)) { Pin::Later(wait) } else { Pin::NotNow(wait) });
        }
    };
    if !password::verify_at(place, pin, enterprise.pin_hash.as_deref()).await? {
        return Ok(Pin::Wrong);
    }
    let mut tx = app.db.write().await?;
    right_pin(&mut tx, enterprise.id, &origin).await?;
    tx.commit().await?;
    Ok(Pin::Right)
}

/// The answers in words, for the review.
pub(super) fn summary(page: &Page, form: &Form, context: Context<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |step, key: &str, value: String| {
        if !value.is_empty() {
            lines.push(Line { label: page.t(key), value, step });
        }
    };
    // Without the errors of this page, such as a wrong PIN: the answers themselves were checked.
    let mut copy = Form::prefilled(form.values().iter().cloned());
    let Ok(answers) = answers::all(&mut copy, context) else { return lines };
    line(1, "report-q1", page.t(&format!("report-what-{}", form.one("what"))));
    line(1, "report-words", form.one("words").to_owned());
    let agency = answers.agency.and_then(|id| context.snapshot.registries.agencies.get(&id)).map(|a| a.name.clone());
    let named: Vec<String> =
        agency.into_iter().chain(Some(answers.agency_text.clone())).filter(|n| !n.is_empty()).collect();
    line(2, "report-q2", if named.is_empty() { page.t("unknown") } else { named.join(" · ") });
    line(
        3,
        "report-q3",
        match answers.arrived.known {
            ArrivalKnown::Nothing => page.t("unknown"),
            known => page.arrival(&answers.arrived.at, known),
        },
    );
    line(3, "report-visitors", form.one("visitors").to_owned());
    for (name, key) in [("certificate", "report-certificate-short"), ("notice", "report-notice-short")] {
        line(4, key, page.t(answer_key(form.one(name))));
    }
    let did: Vec<String> = form.all("did").map(|did| page.t(&format!("report-did-{did}"))).collect();
    line(4, "report-did", did.join(&page.t("ent-comma")));
    let ticked: Vec<String> = form.all("prohibited").map(|n| page.t(&format!("report-not-{n}"))).collect();
    line(5, "report-q5-short", if ticked.is_empty() { page.t("report-none-ticked") } else { ticked.join("\n") });
    line(5, "report-contact", form.one("contact").to_owned());
    lines
}
