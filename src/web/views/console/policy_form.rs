//! `/console/policy/new`: a new version, in force from tomorrow or later. It begins with what the latest version says.
//! Supervisors may fill it in too, to ask what it would have found (`policy_what_if`); adding it is the administrator's.

use super::Choice;
use super::policy_numbers::{CAPS, HONOURED, NUMBERS, Number, label_key};
use crate::actions::{FieldError, add_policy};
use crate::app::App;
use crate::domain::exemption::ExemptionCode;
use crate::domain::policy::{Codes, Phase, Policy};
use crate::domain::text::half_width;
use crate::domain::user::Role;
use crate::domain::violation::RuleCode;
use crate::storage::Tx;
use crate::web::AppError;
use crate::web::extract::console::{ADMINISTRATOR, Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{Datelike as _, NaiveDate, NaiveTime};
use std::collections::BTreeSet;

/// The largest number that a parameter takes.
const LARGEST: u32 = 1000;

/// The other fields.
const OTHERS: [&str; 9] = ["effective_from", "note", "phase", "ranges", "extra", "waived", "tim_from", "tim_to", "on"];

/// A parameter as it is shown.
struct Parameter {
    name: &'static str,
    label: String,
}

/// A rule with its switch and parameters.
struct Rule {
    code: &'static str,
    name: String,
    parameters: Vec<Parameter>,
    times: bool,
    exemptions: Option<Exemptions>,
}

/// The exemptions that lift a rule, as check boxes.
struct Exemptions {
    name: &'static str,
    /// Those that are ticked, in short: `E01、E02`.
    ticked: String,
}

#[derive(Template)]
#[template(path = "pages/console/policy-new.html")]
struct New {
    page: Page,
    form: Form,
    phases: Vec<Choice>,
    rules: Vec<Rule>,
    /// Every exemption code with its words.
    codes: Vec<Choice>,
    earliest: String,
    administrator: bool,
}

/// `GET /console/policy/new`.
pub(super) async fn get(State(app): State<App>, me: Console<{ SUPERVISOR | ADMINISTRATOR }>) -> Answer {
    let mut tx = app.db.read().await?;
    let base = latest(&app, &mut tx).await?;
    let page = me.page(&mut tx).await?;
    show_draft(page, me.user.role == Role::Administrator, prefilled(&base), StatusCode::OK)
}

/// The policy that a form stands for, with what is wrong recorded in it; date and reason are not looked at.
pub(super) async fn draft_of(app: &App, tx: &mut Tx, form: Form) -> Result<(Form, Policy), AppError> {
    let numbers = NUMBERS.iter().map(|number| number.name);
    let caps = CAPS.iter().map(|(name, _)| *name);
    let honoured = HONOURED.iter().map(|honoured| honoured.name);
    let names: Vec<&str> = numbers.chain(caps).chain(honoured).chain(OTHERS).collect();
    let mut form = form.only(&names);
    let mut policy = latest(app, tx).await?;
    read(&mut form, &mut policy);
    if let Err(error) = policy.check() {
        match (error.field, error.most) {
            (key, Some(most)) => form.fail_all([number(too_large(&policy, key), most)]),
            ("no_disturb.ranges", None) => form.fail("ranges", "invalid"),
            (_, None) => form.fail("tim_to", "invalid"),
        }
    }
    Ok((form, policy))
}

/// The number of the form that stands for this key: the one without which nothing is wrong with it.
fn too_large(policy: &Policy, key: &str) -> &'static str {
    let right_without = |number: &&Number| {
        let mut probe = policy.clone();
        *(number.place)(&mut probe) = 0;
        probe.check().err().is_none_or(|error| error.field != key)
    };
    NUMBERS.iter().find(right_without).map_or("", |number| number.name)
}

/// What is to be typed in a number's place.
fn number(field: &'static str, most: u32) -> FieldError {
    FieldError { hint: Some(most.to_string()), ..FieldError::new(field, "number") }
}

/// `POST /console/policy/new`.
pub(super) async fn post(State(app): State<App>, me: Console<ADMINISTRATOR>, form: Form) -> Answer {
    let mut tx = app.db.write().await?;
    let (mut form, policy) = draft_of(&app, &mut tx, form).await?;
    let from = form.choice("effective_from", parse_day);
    if !form.filled("note") {
        form.fail("note", "required");
    }
    if let (Some(from), false) = (from, form.has_errors()) {
        let done = add_policy(&mut tx, &app.service, me.now, me.user.id, from, policy, form.one("note")).await;
        if let Some(id) = form.heed(done)? {
            tx.commit().await?;
            return see_other(&format!("{}?version={id}", paths::POLICY));
        }
    }
    tx.rollback().await?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    show_draft(page, true, form, StatusCode::UNPROCESSABLE_ENTITY)
}

/// The version that comes into force last: what a new one begins with.
async fn latest(app: &App, tx: &mut Tx) -> Result<Policy, AppError> {
    let snapshot = app.service.snapshot(tx).await?;
    Ok(snapshot.policies.on(NaiveDate::MAX).policy.clone())
}

fn prefilled(base: &Policy) -> Form {
    let mut policy = base.clone();
    let mut values: Vec<(&str, String)> = Vec::new();
    for number in NUMBERS {
        values.push((number.name, (number.place)(&mut policy).to_string()));
    }
    for (name, place) in CAPS {
        values.push((name, place(&mut policy).map(|cap| cap.to_string()).unwrap_or_default()));
    }
    for honoured in HONOURED {
        let codes = (honoured.place)(&mut policy).iter();
        values.extend(codes.map(|code| (honoured.name, code.as_str().to_owned())));
    }
    let ranges: Vec<String> = base.no_disturb.ranges.iter().map(|(from, to)| format!("{from}-{to}")).collect();
    values.push(("phase", base.phase.as_str().to_owned()));
    values.push(("ranges", ranges.join(", ")));
    values.push(("extra", lines(&base.no_disturb.extra)));
    values.push(("waived", lines(&base.no_disturb.waived)));
    values.push(("tim_from", base.rules.tim_01.from.format("%H:%M").to_string()));
    values.push(("tim_to", base.rules.tim_01.to.format("%H:%M").to_string()));
    let on = RuleCode::ALL.iter().filter(|rule| base.rules.enabled(**rule));
    values.extend(on.map(|rule| ("on", rule.as_str().to_owned())));
    Form::prefilled(values)
}

/// Puts what was typed into the policy, and records what is wrong.
fn read(form: &mut Form, policy: &mut Policy) {
    for number in NUMBERS {
        if let Some(value) = typed(form, number.name) {
            *(number.place)(policy) = value;
        }
    }
    for (name, place) in CAPS {
        if !form.filled(name) {
            *place(policy) = None;
        } else if let Some(value) = typed(form, name) {
            *place(policy) = Some(value);
        }
    }
    for honoured in HONOURED {
        match form.all(honoured.name).map(ExemptionCode::parse).collect::<Option<Codes>>() {
            Some(codes) => *(honoured.place)(policy) = codes,
            None => form.fail(honoured.name, "unknown"),
        }
    }
    if let Some(phase) = form.choice("phase", Phase::parse) {
        policy.phase = phase;
    }
    if let Some(ranges) = parse_ranges(form.one("ranges")) {
        policy.no_disturb.ranges = ranges;
    } else {
        form.fail("ranges", "invalid");
    }
    for (name, is_extra) in [("extra", true), ("waived", false)] {
        match (parse_days(form.one(name)), is_extra) {
            (Some(days), true) => policy.no_disturb.extra = days,
            (Some(days), false) => policy.no_disturb.waived = days,
            (None, _) => form.fail(name, "date"),
        }
    }
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    if let Some(from) = form.choice("tim_from", time) {
        policy.rules.tim_01.from = from;
    }
    if let Some(to) = form.choice("tim_to", time) {
        policy.rules.tim_01.to = to;
    }
    let on: BTreeSet<&str> = form.all("on").collect();
    let unknown = on.iter().any(|code| RuleCode::parse(code).is_none());
    for rule in RuleCode::ALL {
        policy.rules.set_enabled(*rule, on.contains(rule.as_str()));
    }
    if unknown {
        form.fail("", "unknown");
    }
}

/// The number in this field; one that is none is an error that says which it may be.
fn typed(form: &mut Form, name: &'static str) -> Option<u32> {
    let parsed = half_width(form.one(name).trim()).parse().ok().filter(|number| *number <= LARGEST);
    if parsed.is_none() {
        form.fail_all([number(name, LARGEST)]);
    }
    parsed
}

/// A day of a sane year.
fn parse_day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    (2000..=2999).contains(&day.year()).then_some(day)
}

/// `8-23, 28-31`; empty is no range.
fn parse_ranges(text: &str) -> Option<Vec<(u8, u8)>> {
    text.split([',', '，', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (from, to) = part.split_once(['-', '–', '—']).unwrap_or((part, part));
            Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
        })
        .collect()
}

/// One day a line.
fn parse_days(text: &str) -> Option<BTreeSet<NaiveDate>> {
    text.split_whitespace().map(parse_day).collect()
}

fn lines(days: &BTreeSet<NaiveDate>) -> String {
    days.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The form; `administrator` may add what it says.
pub(super) fn show_draft(page: Page, administrator: bool, form: Form, status: StatusCode) -> Answer {
    let parameter = |name: &'static str| Parameter { name, label: page.t(&label_key(name)) };
    let rules = RuleCode::ALL
        .iter()
        .map(|rule| {
            let numbers = NUMBERS.iter().filter(|number| number.rule == *rule).map(|number| number.name);
            let caps = CAPS.iter().filter(|_| *rule == RuleCode::Frq01).map(|(name, _)| *name);
            Rule {
                code: rule.as_str(),
                name: page.lang.rule_name(*rule),
                parameters: numbers.chain(caps).map(parameter).collect(),
                times: *rule == RuleCode::Tim01,
                exemptions: HONOURED.iter().find(|honoured| honoured.rule == *rule).map(|honoured| {
                    let ticked: Vec<String> = form.all(honoured.name).map(str::to_owned).collect();
                    let ticked = if ticked.is_empty() { page.t("none") } else { page.lang.join(&ticked) };
                    Exemptions { name: honoured.name, ticked }
                }),
            }
        })
        .collect();
    let codes = ExemptionCode::ALL
        .iter()
        .map(|code| Choice { value: code.to_string(), label: page.lang.exemption(*code) })
        .collect();
    let phases = [("at_planning", "phase-at-planning"), ("at_visit", "phase-at-visit")]
        .map(|(value, key)| Choice { value: value.to_owned(), label: page.t(key) })
        .into();
    let earliest = page.today().succ_opt().map(|day| day.to_string()).unwrap_or_default();
    html_with(status, &New { page, form, phases, rules, codes, earliest, administrator })
}
