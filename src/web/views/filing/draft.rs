//! From the fields of the form to the command: what was typed is read here, and what is wrong with it is said at the field.

use super::papers;
use crate::actions::FileInspection;
use crate::domain::day::Zone;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::Kind;
use crate::domain::id::{EnterpriseId, MatterId};
use crate::domain::inspector::Inspector;
use crate::domain::text::{NAME_MAX, PURPOSE_MAX};
use crate::web::form::Form;
use crate::web::page::Page;
use chrono::{DateTime, Days, DurationRound as _, NaiveDate, NaiveTime, TimeDelta, Utc};

/// The fields that the form has.
pub(super) const FIELDS: &[&str] = &[
    "submission",
    "step",
    "kind",
    "matters",
    "inspectors",
    "when",
    "date",
    "planned_start",
    "planned_end",
    "move_to",
    "urgent",
    "arrived_date",
    "arrived_at",
    "left_at",
    "exemption",
    "exemption_reason",
    "evidence_ref",
    "joint_group",
    "note",
    "approver",
    "approver_position",
    "approval_document",
    "approved_at",
    "special_document",
    "special_reference",
    "special_link",
    "fixed_start",
    "fixed_end",
    "fixed_arrived",
    "fixed_left",
];

/// How long a visit is taken to last when no end is given, within its day.
const USUAL: TimeDelta = TimeDelta::hours(2);

/// A planned start that lies this far back is a mistake; a visit that has taken place is filed as an urgent one.
const PAST: TimeDelta = TimeDelta::minutes(30);

/// Reads the form. Errors are recorded in it; with errors the result may be `None`.
pub(super) fn read(
    form: &mut Form,
    page: &Page,
    inspector: &Inspector,
    enterprise: EnterpriseId,
) -> Option<FileInspection> {
    let kind = form.choice("kind", Kind::parse);
    let ids: Option<Vec<MatterId>> = form.all("matters").map(MatterId::parse).collect();
    let matters = match ids {
        Some(matters) if !matters.is_empty() => matters,
        Some(_) => {
            form.fail("matters", "required");
            Vec::new()
        }
        None => {
            form.fail("matters", "unknown");
            Vec::new()
        }
    };
    let exemption = if form.filled("exemption") { form.choice("exemption", ExemptionCode::parse) } else { None };
    let exemption_reason = form.optional_paragraph("exemption_reason", PURPOSE_MAX);
    let evidence_ref = form.optional_line("evidence_ref", PURPOSE_MAX);
    if !form.filled("exemption") && (form.filled("exemption_reason") || form.filled("evidence_ref")) {
        form.fail("exemption", "not_chosen");
    }
    let joint_group = form.optional_line("joint_group", NAME_MAX);
    let note = form.optional_paragraph("note", PURPOSE_MAX);
    let more = papers::read(form, page);
    let mut inspectors = vec![inspector.cert_no.clone()];
    inspectors.extend(form.all("inspectors").map(str::to_owned));
    let times = times(form, page)?;
    Some(FileInspection {
        agency: inspector.agency,
        enterprise,
        kind: kind?,
        matters,
        inspectors,
        planned_start: times.start,
        planned_end: times.end,
        exemption,
        exemption_reason,
        evidence_ref,
        joint_group: Some(joint_group).filter(|group| !group.is_empty()),
        more,
        arrived_at: times.arrived,
        left_at: times.left,
        note,
        source: "web",
    })
}

/// Instants of a draft.
struct Times {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    arrived: Option<DateTime<Utc>>,
    left: Option<DateTime<Utc>>,
}

fn times(form: &mut Form, page: &Page) -> Option<Times> {
    if form.filled("fixed_start") {
        return fixed(form);
    }
    if form.filled("urgent") {
        return urgent(form, page);
    }
    let when = form.choice("when", |text| matches!(text, "now" | "today" | "day").then(|| text.to_owned()))?;
    if contradicted(form, page, &when) {
        return None;
    }
    let date = if when == "day" { date(form, "date")? } else { page.today() };
    let start = if when == "now" {
        page.now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(page.now)
    } else {
        page.zone().instant(date, clock(form, "planned_start")?)
    };
    let end = if form.filled("planned_end") {
        end_of(page.zone(), start, clock(form, "planned_end")?)
    } else {
        usual_end(page.zone(), start)
    };
    if start + PAST < page.now {
        form.fail("planned_start", "past");
    }
    Some(Times { start, end, arrived: None, left: None })
}

/// Whether something was typed that the choices made would drop: without the style sheet's `:has()` every field can be seen and filled.
/// Which of the two was meant is not guessed; it is asked at the field.
fn contradicted(form: &mut Form, page: &Page, when: &str) -> bool {
    let mut found = Vec::new();
    if when != "day" && form.filled("date") && form.one("date") != page.today().to_string() {
        found.push(("date", "not_chosen"));
    }
    if when == "now" && form.filled("planned_start") {
        found.push(("planned_start", "not_chosen"));
    }
    for name in ["arrived_date", "arrived_at", "left_at"] {
        if form.filled(name) {
            found.push((name, "not_urgent"));
        }
    }
    for (name, code) in &found {
        form.fail(name, code);
    }
    !found.is_empty()
}

/// The end of a visit that begins at `start`: the next time that the clock shows `end`. One at or before the start is on the next day.
pub(super) fn end_of(zone: Zone, start: DateTime<Utc>, end: NaiveTime) -> DateTime<Utc> {
    let day = zone.local_date(start);
    let same_day = zone.instant(day, end);
    if same_day > start { same_day } else { zone.instant(day + Days::new(1), end) }
}

/// The end that nobody typed: it never reaches into a day that nobody named.
fn usual_end(zone: Zone, start: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = zone.instant(zone.local_date(start) + Days::new(1), NaiveTime::MIN);
    (start + USUAL).min(midnight)
}

/// A visit that came before its filing: the claimed times are the planned ones too.
fn urgent(form: &mut Form, page: &Page) -> Option<Times> {
    let date = if form.filled("arrived_date") { date(form, "arrived_date")? } else { page.today() };
    let arrived = page.zone().instant(date, clock(form, "arrived_at")?);
    let left = if form.filled("left_at") { Some(end_of(page.zone(), arrived, clock(form, "left_at")?)) } else { None };
    if arrived > page.now {
        form.fail("arrived_at", "future");
    }
    if let Some(left) = left.filter(|left| *left > page.now) {
        // A time before the arrival that would have to be tomorrow is a mistake of another kind.
        let overnight = page.zone().local_date(left) > date;
        form.fail("left_at", if overnight { "end_before_start" } else { "future" });
    }
    Some(Times {
        start: arrived,
        end: left.unwrap_or_else(|| usual_end(page.zone(), arrived)),
        arrived: Some(arrived),
        left,
    })
}

/// The instants as the review page showed them: sending the same page again sends the same content, however late.
fn fixed(form: &mut Form) -> Option<Times> {
    let mut instant = |name: &'static str| match form.one(name) {
        "" => Some(None),
        text => {
            let parsed = text.parse::<DateTime<Utc>>().ok();
            if parsed.is_none() {
                form.fail(name, "bad_date");
            }
            parsed.map(Some)
        }
    };
    let (start, end) = (instant("fixed_start")?, instant("fixed_end")?);
    let (arrived, left) = (instant("fixed_arrived")?, instant("fixed_left")?);
    Some(Times { start: start?, end: end?, arrived, left })
}

/// A date of the form `2026-03-18`.
pub(super) fn date(form: &mut Form, name: &'static str) -> Option<NaiveDate> {
    let parsed = NaiveDate::parse_from_str(form.one(name), "%Y-%m-%d").ok();
    if parsed.is_none() {
        form.fail(name, if form.filled(name) { "date" } else { "required" });
    }
    parsed
}

/// A time of day; full-width digits and colons are forgiven.
pub(super) fn clock(form: &mut Form, name: &'static str) -> Option<NaiveTime> {
    let typed = crate::domain::text::half_width(form.one(name).trim());
    let parsed = ["%H:%M", "%H:%M:%S"].iter().find_map(|format| NaiveTime::parse_from_str(&typed, format).ok());
    if parsed.is_none() {
        form.fail(name, if typed.is_empty() { "required" } else { "time" });
    }
    parsed
}
