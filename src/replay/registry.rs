//! The registry lines of a history, entered into the fresh database; what the file's own names stand for.

use super::ReplayFailure;
use super::event::{EnterpriseLine, Entry, ReplayError};
use crate::actions::Service;
use crate::domain::agency::Agency;
use crate::domain::credit_code::CreditCode;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId, PolicyId, ReportId, UserId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::policy::PolicyVersion;
use crate::domain::text::Email;
use crate::domain::user::{AlertChoice, Office, Role, User};
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::{Tx, registries, users};
use chrono::{DateTime, Utc};
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
        match self.0.insert((field, value.to_owned()), line) {
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
            taken.take("name", &l.name, line)?;
            let parent = l.parent.as_ref().map(|p| resolve(&names.agencies, p, line, "parent")).transpose()?;
            define(&mut names.agencies, &l.r#ref, AgencyId(id), line)?;
            for email in &l.emails {
                Email::parse(email).map_err(|e| wrong(line, "emails", e.to_string()))?;
            }
            let agency = Agency {
                id: AgencyId(id),
                name: l.name.clone(),
                short_name: String::new(),
                parent,
                emails: l.emails.clone(),
                areas: l.areas.clone(),
            };
            registries::insert_agency(tx, &agency, now).await?;
        }
        Entry::Matter(l) => {
            let agency = resolve(&names.agencies, &l.agency, line, "agency")?;
            taken.take("name", &format!("{agency}/{}/{}", l.name, l.published_from), line)?;
            define(&mut names.matters, &l.r#ref, MatterId(id), line)?;
            registries::insert_matter(tx, &l.matter(MatterId(id), agency), now).await?;
        }
        Entry::Inspector(l) => {
            taken.take("cert_no", &l.cert_no, line)?;
            let inspector = Inspector {
                id: InspectorId(id),
                cert_no: l.cert_no.clone(),
                name: l.name.clone(),
                agency: resolve(&names.agencies, &l.agency, line, "agency")?,
                valid_from: l.valid_from,
                valid_to: l.valid_to,
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
    Ok(EnterpriseRecord {
        id,
        uscc: uscc.as_str().to_owned(),
        name: l.name.clone(),
        town: l.town.clone(),
        address: String::new(),
        industry: String::new(),
        credit_class: l.credit_class,
        tags: Vec::new(),
        email: String::new(),
        search: l.name.to_lowercase(),
        pin_hash: None,
        active: true,
        created_at: now,
    })
}
