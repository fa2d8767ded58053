//! The lines of a history, as REPLAY describes them: shape only, references are resolved later.

use super::distinct::Distinct;
use crate::domain::enterprise::CreditClass;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, VisitResult};
use crate::domain::inspector::InspectorKind;
use crate::domain::policy::{NoDisturbPolicy, Phase, Policy, Rules};
use crate::domain::visit_report::Answer;
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// What is wrong with a history: the line, counted from 1, and the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, field `{field}`: {problem}")]
pub struct ReplayError {
    /// The line, counted from 1.
    pub line: usize,
    /// The field.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

/// Declares the shape of one type of line.
macro_rules! shapes {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $($(#[$fmeta])* pub(super) $field: $ty),* }
    )+};
}

shapes! {
    /// `policy`
    PolicyLine {
        effective_from: NaiveDate,
        phase: Option<Phase>,
        no_disturb: Option<NoDisturbPolicy>,
        rules: Option<Rules>,
    }
    /// `agency`
    AgencyLine { r#ref: String, name: String, parent: Option<String>, #[serde(default)] emails: Vec<String>, #[serde(default)] areas: Vec<String> }
    /// `matter`
    MatterLine {
        r#ref: String,
        agency: String,
        name: String,
        group: String,
        published_from: NaiveDate,
        published_to: Option<NaiveDate>,
    }
    /// `inspector`
    InspectorLine {
        cert_no: String,
        name: String,
        agency: String,
        valid_from: NaiveDate,
        valid_to: Option<NaiveDate>,
        #[serde(default)] suspended: bool,
        kind: Option<InspectorKind>,
    }
    /// `enterprise`
    EnterpriseLine {
        r#ref: String,
        uscc: String,
        name: String,
        credit_class: Option<CreditClass>,
        #[serde(default)] town: String,
    }
    /// `supervisor`
    SupervisorLine { email: String }
    /// `file`
    FileLine {
        r#ref: String,
        agency: String,
        enterprise: String,
        kind: Kind,
        matters: Vec<String>,
        inspectors: Vec<String>,
        #[serde(deserialize_with = "instant")] planned_start: DateTime<Utc>,
        #[serde(deserialize_with = "instant")] planned_end: DateTime<Utc>,
        exemption: Option<ExemptionCode>,
        exemption_reason: Option<String>,
        evidence_ref: Option<String>,
        joint_group: Option<String>,
        #[serde(default, deserialize_with = "instant_or_null")] arrived_at: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "instant_or_null")] left_at: Option<DateTime<Utc>>,
        #[serde(default)] assistants: Vec<String>,
        #[serde(default)] approver: String,
        #[serde(default)] approver_position: String,
        #[serde(default)] approval_document: String,
        #[serde(default, deserialize_with = "instant_or_null")] approved_at: Option<DateTime<Utc>>,
        #[serde(default)] special_document: String,
        #[serde(default)] special_reference: String,
        #[serde(default)] special_link: String,
    }
    /// `amend`
    AmendLine {
        r#ref: String,
        #[serde(default, deserialize_with = "instant_or_null")] planned_start: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "instant_or_null")] planned_end: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "given")] exemption: Option<Option<ExemptionCode>>,
        exemption_reason: Option<String>,
        evidence_ref: Option<String>,
        inspectors: Option<Vec<String>>,
        matters: Option<Vec<String>>,
        assistants: Option<Vec<String>>,
        #[serde(default)] approver: String,
        #[serde(default)] approver_position: String,
        #[serde(default)] approval_document: String,
        #[serde(default, deserialize_with = "instant_or_null")] approved_at: Option<DateTime<Utc>>,
        #[serde(default)] special_document: String,
        #[serde(default)] special_reference: String,
        #[serde(default)] special_link: String,
    }
    /// `cancel`
    CancelLine { r#ref: String, reason: String }
    /// `arrive`, `leave`
    VisitLine { r#ref: String }
    /// `result`
    ResultLine { r#ref: String, result: VisitResult, matters_inspected: Option<Vec<String>> }
    /// `rate`
    RateLine { r#ref: String, closeness: u8, integrity: u8, satisfaction: u8 }
    /// `confirm`
    ConfirmLine { r#ref: String }
    /// `report`
    ReportLine {
        r#ref: String,
        enterprise: String,
        agency: Option<String>,
        #[serde(deserialize_with = "instant")] arrived_at: DateTime<Utc>,
        verified: bool,
        visitors: Option<u32>,
        shown_certificate: Option<Answer>,
        shown_notice: Option<Answer>,
        #[serde(default)] documents_demanded: bool,
        #[serde(default)] premises_inspected: bool,
        #[serde(default)] rectification_asked: bool,
        #[serde(default)] form_signed: bool,
        #[serde(default)] prohibited: Vec<u8>,
        #[serde(default)] service: bool,
        #[serde(default)] matters: Vec<String>,
    }
    /// `clock`
    ClockLine {}
}

impl PolicyLine {
    /// The policy, with defaults for the keys that are not given.
    pub(super) fn policy(&self) -> Policy {
        let default = Policy::default();
        Policy {
            phase: self.phase.unwrap_or(default.phase),
            no_disturb: self.no_disturb.clone().unwrap_or_default(),
            rules: self.rules.clone().unwrap_or_default(),
        }
    }
}

/// A registry line: it has no `at` and comes before all others.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Policy(Box<PolicyLine>),
    Agency(AgencyLine),
    Matter(MatterLine),
    Inspector(InspectorLine),
    Enterprise(EnterpriseLine),
    Supervisor(SupervisorLine),
}

/// A line that happens at an instant.
#[derive(Clone, Debug)]
pub(super) enum Event {
    File(Box<FileLine>),
    Amend(Box<AmendLine>),
    Cancel(CancelLine),
    Arrive(VisitLine),
    Leave(VisitLine),
    Result(ResultLine),
    Rate(RateLine),
    Confirm(ConfirmLine),
    Report(Box<ReportLine>),
    Clock,
}

/// One line of a history.
#[derive(Clone, Debug)]
pub(super) enum Line {
    Entry(Entry),
    Event(DateTime<Utc>, Event),
}

/// Reads one line.
pub(super) fn parse(number: usize, text: &str) -> Result<Line, ReplayError> {
    let fail = |field: &str, problem: String| ReplayError { line: number, field: field.to_owned(), problem };
    let value = json(number, text)?;
    let Value::Object(mut fields) = value else {
        return Err(fail("(line)", "not a JSON object".to_owned()));
    };
    let kind = match fields.remove("type") {
        Some(Value::String(kind)) => kind,
        Some(_) => return Err(fail("type", "not a text".to_owned())),
        None => return Err(fail("type", "missing".to_owned())),
    };
    let entry = match kind.as_str() {
        "policy" => {
            objects(number, &fields)?;
            Some(Entry::Policy(shape(number, &fields)?))
        }
        "agency" => Some(Entry::Agency(shape(number, &fields)?)),
        "matter" => Some(Entry::Matter(shape(number, &fields)?)),
        "inspector" => Some(Entry::Inspector(shape(number, &fields)?)),
        "enterprise" => Some(Entry::Enterprise(shape(number, &fields)?)),
        "supervisor" => Some(Entry::Supervisor(shape(number, &fields)?)),
        _ => None,
    };
    if let Some(entry) = entry {
        return Ok(Line::Entry(entry));
    }
    let at = fields.remove("at");
    let event = match kind.as_str() {
        "file" => Event::File(shape(number, &fields)?),
        "amend" => Event::Amend(Box::new(shape(number, &fields)?)),
        "cancel" => Event::Cancel(shape(number, &fields)?),
        "arrive" => Event::Arrive(shape(number, &fields)?),
        "leave" => Event::Leave(shape(number, &fields)?),
        "result" => Event::Result(shape(number, &fields)?),
        "rate" => Event::Rate(shape(number, &fields)?),
        "confirm" => Event::Confirm(shape(number, &fields)?),
        "report" => Event::Report(shape(number, &fields)?),
        "clock" => shape::<ClockLine>(number, &fields).map(|_| Event::Clock)?,
        other => return Err(fail("type", format!("`{other}` is not a type of line"))),
    };
    let at = at.ok_or_else(|| fail("at", "missing".to_owned()))?;
    let at = instant(at).map_err(|e| fail("at", e.to_string()))?;
    Ok(Line::Event(at, event))
}

/// The JSON of a line; the error names a key that stands twice.
fn json(line: usize, text: &str) -> Result<Value, ReplayError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let problem = error.inner().to_string();
        let twice = problem.strip_prefix("twice: `").and_then(|rest| rest.split('`').next());
        let path = error.path().to_string();
        match twice {
            None => ("(line)".to_owned(), format!("not a JSON object: {problem}")),
            Some(key) if path == "." => (key.to_owned(), "stands there twice".to_owned()),
            Some(key) => (format!("{path}.{key}"), "stands there twice".to_owned()),
        }
    });
    let read = read.and_then(|Distinct(value)| {
        let end = reader.end().map_err(|error| ("(line)".to_owned(), format!("not a JSON object: {error}")));
        end.map(|()| value)
    });
    read.map_err(|(field, problem)| ReplayError { line, field, problem })
}

/// Reads the fields of one type of line; the error names the field.
fn shape<T: DeserializeOwned>(line: usize, fields: &Map<String, Value>) -> Result<T, ReplayError> {
    let value = Value::Object(fields.clone());
    serde_path_to_error::deserialize(value).map_err(|error| {
        let problem = error.inner().to_string();
        let path = error.path().to_string();
        // A missing or unknown field is not on the path yet: serde names it in backticks.
        let named = problem
            .split('`')
            .nth(1)
            .filter(|_| problem.starts_with("missing") || problem.starts_with("unknown field"));
        let field = match (path.as_str(), named) {
            ("." | "", Some(name)) => name.to_owned(),
            (path, Some(name)) if problem.starts_with("missing") => format!("{path}.{name}"),
            (path, _) => path.to_owned(),
        };
        ReplayError { line, field, problem }
    })
}

/// Refuses lists where a policy has objects: serde would take their items for the keys, in the order of the program.
fn objects(line: usize, fields: &Map<String, Value>) -> Result<(), ReplayError> {
    let mut parts: Vec<(String, &Value)> =
        ["no_disturb", "rules"].iter().filter_map(|key| Some(((*key).to_owned(), fields.get(*key)?))).collect();
    let rules = fields.get("rules").and_then(Value::as_object);
    for (code, rule) in rules.into_iter().flatten() {
        parts.push((format!("rules.{code}"), rule));
        parts.extend(rule.get("by_class").map(|caps| (format!("rules.{code}.by_class"), caps)));
    }
    match parts.into_iter().find(|(_, part)| part.is_array()) {
        Some((field, _)) => Err(ReplayError { line, field, problem: "a list, where an object is meant".to_owned() }),
        None => Ok(()),
    }
}

/// An instant in RFC 3339 with offset, cut to milliseconds as the clock does.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text)
        .map(|t| t.with_timezone(&Utc).trunc_subsecs(3))
        .map_err(|_| serde::de::Error::custom(format!("`{text}` is not a time such as 2026-03-18T14:30:00+08:00")))
}

/// The same where `null` means none.
fn instant_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) => instant(Value::String(text)).map(Some).map_err(serde::de::Error::custom),
        None => Ok(None),
    }
}

/// Tells a field that is `null` from one that is not there.
#[expect(clippy::option_option, reason = "a field that is null differs from one that is not there")]
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
