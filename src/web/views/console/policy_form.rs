//! `/console/policy/new`: a new version, in force from tomorrow or later. It begins with what the latest version says; exemption codes stay.

use super::Choice;
use crate::actions::{ActionError, FieldError, add_policy};
use crate::app::App;
use crate::domain::policy::{Phase, Policy};
use crate::domain::violation::RuleCode;
use crate::storage::Tx;
use crate::web::extract::console::{ADMINISTRATOR, Console};
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

/// A number of the form: its name, and where it is in a policy.
struct Number {
    name: &'static str,
    rule: RuleCode,
    place: fn(&mut Policy) -> &mut u32,
}

macro_rules! numbers {
    ($($name:literal $rule:ident $($field:ident).+;)+) => {
        &[$(Number { name: $name, rule: RuleCode::$rule, place: |policy| &mut policy.rules.$($field).+ }),+]
    };
}

const NUMBERS: &[Number] = numbers! {
    "dup_01_days" Dup01 dup_01.days;
    "dup_02_days" Dup02 dup_02.days;
    "dup_03_day" Dup03 dup_03.day;
    "dup_03_week" Dup03 dup_03.week;
    "dup_03_month" Dup03 dup_03.month;
    "frq_01_default" Frq01 frq_01.default;
    "fil_01_days" Fil01 fil_01.working_days;
    "fil_03_hours" Fil03 fil_03.hours;
    "fil_03_days" Fil03 fil_03.working_days;
    "fil_04_tolerance" Fil04 fil_04.tolerance_days;
    "fil_04_days" Fil04 fil_04.working_days;
    "per_01_min" Per01 per_01.min;
    "exm_01_chars" Exm01 exm_01.min_chars;
    "exm_01_days" Exm01 exm_01.working_days;
    "low_01_count" Low01 low_01.count;
    "low_01_days" Low01 low_01.days;
    "res_01_days" Res01 res_01.working_days;
    "rec_01_minutes" Rec01 rec_01.minutes;
    "exp_01_days" Exp01 exp_01.working_days;
    "exp_01_extension" Exp01 exp_01.extension_days;
    "exp_01_grave" Exp01 exp_01.grave_days;
    "exp_02_days" Exp02 exp_02.working_days;
    "exp_02_again" Exp02 exp_02.days;
    "agg_01_days" Agg01 agg_01.days;
    "agg_01_yellow" Agg01 agg_01.yellow;
    "agg_01_red" Agg01 agg_01.red;
};

/// Where a cap is in a policy.
type Cap = fn(&mut Policy) -> &mut Option<u32>;

/// Caps by credit class, where an empty field is no cap.
const CAPS: [(&str, Cap); 4] = [
    ("cap_a", |policy| &mut policy.rules.frq_01.by_class.a),
    ("cap_b", |policy| &mut policy.rules.frq_01.by_class.b),
    ("cap_c", |policy| &mut policy.rules.frq_01.by_class.c),
    ("cap_d", |policy| &mut policy.rules.frq_01.by_class.d),
];

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
}

#[derive(Template)]
#[template(path = "pages/console/policy-new.html")]
struct New {
    page: Page,
    form: Form,
    phases: Vec<Choice>,
    rules: Vec<Rule>,
    earliest: String,
}

/// `GET /console/policy/new`.
pub(super) async fn get(State(app): State<App>, me: Console<ADMINISTRATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let base = latest(&app, &mut tx).await?;
    show(&mut tx, &me, prefilled(&base), StatusCode::OK).await
}

/// `POST /console/policy/new`.
pub(super) async fn post(State(app): State<App>, me: Console<ADMINISTRATOR>, form: Form) -> Answer {
    let names: Vec<&str> =
        NUMBERS.iter().map(|number| number.name).chain(CAPS.iter().map(|(name, _)| *name)).chain(OTHERS).collect();
    let mut form = form.only(&names);
    let mut tx = app.db.write().await?;
    let mut policy = latest(&app, &mut tx).await?;
    let from = form.choice("effective_from", parse_day);
    read(&mut form, &mut policy);
    if !form.filled("note") {
        form.fail("note", "required");
    }
    if let (Some(from), false) = (from, form.has_errors()) {
        let note = form.one("note").to_owned();
        match add_policy(&mut tx, &app.service, me.now, me.user.id, from, policy, &note).await {
            Ok(id) => {
                tx.commit().await?;
                return see_other(&format!("{}?version={id}", paths::POLICY));
            }
            Err(ActionError::Malformed(errors)) => form.fail_all(errors),
            Err(error) => return Err(error.into()),
        }
    }
    tx.rollback().await?;
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The version that comes into force last: what a new one begins with.
async fn latest(app: &App, tx: &mut Tx) -> Result<Policy, crate::web::AppError> {
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
        if let Some(value) = form.choice(number.name, parse_number) {
            *(number.place)(policy) = value;
        }
    }
    for (name, place) in CAPS {
        if !form.filled(name) {
            *place(policy) = None;
        } else if let Some(value) = form.choice(name, parse_number) {
            *place(policy) = Some(value);
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
        form.fail_all(vec![FieldError::new("", "unknown")]);
    }
}

fn parse_number(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|number| *number <= LARGEST)
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

async fn show(tx: &mut Tx, me: &Console<ADMINISTRATOR>, form: Form, status: StatusCode) -> Answer {
    let page = me.page(tx).await?;
    let parameter =
        |name: &'static str| Parameter { name, label: page.t(&format!("policy-{}", name.replace('_', "-"))) };
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
            }
        })
        .collect();
    let phases = [("at_planning", "phase-at-planning"), ("at_visit", "phase-at-visit")]
        .map(|(value, key)| Choice { value: value.to_owned(), label: page.t(key) })
        .into();
    let earliest = page.today().succ_opt().map(|day| day.to_string()).unwrap_or_default();
    html_with(status, &New { page, form, phases, rules, earliest })
}
