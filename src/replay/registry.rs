//! The registry lines of a history, entered into the fresh database; what the file's own names stand for.

use super::ReplayFailure;
use super::event::{EnterpriseLine, Entry, ReplayError};
use crate::actions::Service;
use crate::domain::agency::{Agency, Matter};
use crate::domain::certificate;
use crate::domain::credit_code::CreditCode;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId, PolicyId, ReportId, UserId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::policy::PolicyVersion;
use crate::domain::text::{self, Email, NAME_MAX};
use crate::domain::user::{AlertChoice, Office, Role, User};
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::{Tx, registries, users};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use std::collections::HashMap;

/// What the names of a file stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) agencies: HashMap<String, AgencyId>,
    pub(super) matters: HashMap<String, MatterId>,
    pub(super) enterprises: HashMap<String, EnterpriseId>,
    pub(super) filings: HashMap<String, FilingId>,
    pub(super) reports: HashMap<String, ReportId>,
    no_accounts: bool,
}

impl Names {
    /// A name for a filing or a report: what is printed does not say which of the two it is about, so that one name is one thing.
    pub(super) fn free(&self, name: &str, line: usize) -> Result<(), ReplayError> {
        if self.filings.contains_key(name) || self.reports.contains_key(name) {
            return Err(wrong(line, "ref", format!("`{name}` is defined twice")));
        }
        Ok(())
    }

    /// For an instance that is served afterwards: its accounts are made by hand, with passwords.
    pub(super) fn without_accounts() -> Self {
        Self { no_accounts: true, ..Self::default() }
    }
}

/// A name that stands for nothing, or for two things.
pub(super) fn wrong(line: usize, field: &str, problem: impl Into<String>) -> ReplayError {
    ReplayError { line, field: field.to_owned(), problem: problem.into() }
}

/// What `name` stands for.
pub(super) fn resolve<T: Copy>(
    map: &HashMap<String, T>,
    name: &str,
    line: usize,
    field: &str,
) -> Result<T, ReplayError> {
    map.get(name).copied().ok_or_else(|| wrong(line, field, format!("`{name}` is not defined before this line")))
}

/// A name as a registry takes it over.
fn named(typed: &str, line: usize, field: &str) -> Result<String, ReplayError> {
    text::line(typed, NAME_MAX).map_err(|error| wrong(line, field, error.to_string()))
}

/// A name that may be empty.
fn named_or_not(typed: &str, line: usize, field: &str) -> Result<String, ReplayError> {
    let name = text::optional_line(typed, NAME_MAX).map_err(|error| wrong(line, field, error.to_string()))?;
    Ok(name.unwrap_or_default())
}

/// Two days of which the second, if there is one, is not before the first, with the years of a calendar.
fn span(
    line: usize,
    from: (&str, NaiveDate),
    to: (&str, Option<NaiveDate>),
) -> Result<(NaiveDate, Option<NaiveDate>), ReplayError> {
    for (field, day) in [(from.0, Some(from.1)), to] {
        if day.is_some_and(|day| !(1..=9999).contains(&day.year())) {
            return Err(wrong(line, field, "is not a day of the calendar"));
        }
    }
    if to.1.is_some_and(|to| to < from.1) {
        return Err(wrong(line, to.0, format!("is before `{}`", from.0)));
    }
    Ok((from.1, to.1))
}

fn define<T>(map: &mut HashMap<String, T>, name: &str, id: T, line: usize) -> Result<(), ReplayError> {
    match map.insert(name.to_owned(), id) {
        None => Ok(()),
        Some(_) => Err(wrong(line, "ref", format!("`{name}` is defined twice"))),
    }
}

/// Things that must be unique in a registry, with the line that took them.
#[derive(Debug, Default)]
pub(super) struct Taken(HashMap<(&'static str, String), usize>);

impl Taken {
    fn take(&mut self, field: &'static str, value: &str, line: usize) -> Result<(), ReplayError> {
        self.take_shown(field, value.to_owned(), value, line)
    }

    /// The same where what must be unique is more than the value.
    fn take_shown(&mut self, field: &'static str, whole: String, value: &str, line: usize) -> Result<(), ReplayError> {
        match self.0.insert((field, whole), line) {
            None => Ok(()),
            Some(first) => Err(wrong(line, field, format!("`{value}` was used on line {first} already"))),
        }
    }
}

/// Enters one registry line.
pub(super) async fn enter(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    names: &mut Names,
    taken: &mut Taken,
    line: usize,
    entry: &Entry,
) -> Result<(), ReplayFailure> {
    let id = service.ids.uuid(now);
    match entry {
        Entry::Policy(l) => {
            let policy = l.policy();
            policy.check().map_err(|e| wrong(line, e.field, e.problem))?;
            let version = PolicyVersion::new(PolicyId(id), l.effective_from, policy);
            registries::insert_policy(tx, &version, "", None, now).await?;
        }
        Entry::Agency(l) => {
            let name = named(&l.name, line, "name")?;
            taken.take("name", &name, line)?;
            let parent = l.parent.as_ref().map(|p| resolve(&names.agencies, p, line, "parent")).transpose()?;
            define(&mut names.agencies, &l.r#ref, AgencyId(id), line)?;
            let email = |typed: &String| Email::parse(typed).map_err(|e| wrong(line, "emails", e.to_string()));
            let emails = l.emails.iter().map(|typed| email(typed).map(String::from)).collect::<Result<_, _>>()?;
            let areas = l.areas.iter().map(|area| named(area, line, "areas")).collect::<Result<_, _>>()?;
            let agency = Agency { id: AgencyId(id), name, short_name: String::new(), parent, emails, areas };
            registries::insert_agency(tx, &agency, now).await?;
        }
        Entry::Matter(l) => {
            let agency = resolve(&names.agencies, &l.agency, line, "agency")?;
            let name = named(&l.name, line, "name")?;
            let (published_from, published_to) =
                span(line, ("published_from", l.published_from), ("published_to", l.published_to))?;
            taken.take_shown("name", format!("{agency}/{name}/{published_from}"), &name, line)?;
            define(&mut names.matters, &l.r#ref, MatterId(id), line)?;
            let group = named_or_not(&l.group, line, "group")?;
            let legal_basis = String::new();
            let matter = Matter { id: MatterId(id), agency, name, group, legal_basis, published_from, published_to };
            registries::insert_matter(tx, &matter, now).await?;
        }
        Entry::Inspector(l) => {
            let cert_no =
                text::line(&l.cert_no, certificate::MAX).map_err(|e| wrong(line, "cert_no", e.to_string()))?;
            let cert_no = certificate::plain(&cert_no);
            taken.take("cert_no", &cert_no, line)?;
            let (valid_from, valid_to) = span(line, ("valid_from", l.valid_from), ("valid_to", l.valid_to))?;
            let inspector = Inspector {
                id: InspectorId(id),
                cert_no,
                name: named(&l.name, line, "name")?,
                agency: resolve(&names.agencies, &l.agency, line, "agency")?,
                valid_from,
                valid_to,
                suspended: l.suspended,
                kind: l.kind.unwrap_or(InspectorKind::Officer),
            };
            registries::insert_inspector(tx, &inspector, now).await?;
        }
        Entry::Enterprise(l) => {
            let record = enterprise(l, EnterpriseId(id), now, line)?;
            taken.take("uscc", &record.uscc, line)?;
            define(&mut names.enterprises, &l.r#ref, EnterpriseId(id), line)?;
            enterprises::insert(tx, &record).await?;
        }
        Entry::Supervisor(l) => {
            let email = Email::parse(&l.email).map_err(|e| wrong(line, "email", e.to_string()))?;
            taken.take("email", email.as_str(), line)?;
            if names.no_accounts {
                return Ok(());
            }
            users::insert(tx, &supervisor(UserId(id), email.as_str()), "", now).await?;
        }
    }
    Ok(())
}

/// A supervisor of the discipline office, who hears of everything, and cannot sign in.
fn supervisor(id: UserId, email: &str) -> User {
    User {
        id,
        email: email.to_owned(),
        name: email.to_owned(),
        role: Role::Supervisor,
        office: Some(Office::Discipline),
        agency: None,
        alerts: AlertChoice::Default,
        lang: "zh-CN".to_owned(),
        active: true,
    }
}

fn enterprise(
    l: &EnterpriseLine,
    id: EnterpriseId,
    now: DateTime<Utc>,
    line: usize,
) -> Result<EnterpriseRecord, ReplayError> {
    let uscc = CreditCode::parse(&l.uscc).map_err(|e| wrong(line, "uscc", e.to_string()))?;
    let name = named(&l.name, line, "name")?;
    Ok(EnterpriseRecord {
        id,
        uscc: uscc.as_str().to_owned(),
        town: named_or_not(&l.town, line, "town")?,
        address: String::new(),
        industry: String::new(),
        credit_class: l.credit_class,
        tags: Vec::new(),
        email: String::new(),
        search: name.to_lowercase(),
        name,
        pin_hash: None,
        active: true,
        created_at: now,
    })
}
