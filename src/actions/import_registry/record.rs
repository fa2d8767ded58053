//! An object of any registry, so that writing, showing and undoing are written once.
//!
//! What an import may change of an object are its *facts*: a JSON object by field, in the audit, in the preview, and to put back.

use super::stored::Stored;
use crate::domain::agency::{Agency, Matter};
use crate::domain::enterprise::CreditClass;
use crate::domain::holidays::{Holiday, HolidayKind};
use crate::domain::id::AgencyId;
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::storage::enterprises::EnterpriseRecord;
use chrono::{Days, NaiveDate};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What every registry lists.
pub trait Listed {
    /// Its name.
    fn name(&self) -> &str;
    /// What it is known by, and found again.
    fn key(&self) -> String;
}

/// An object of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// 单位
    Agency(Agency),
    /// 检查事项
    Matter(Matter),
    /// 执法人员
    Inspector(Inspector),
    /// 企业
    Enterprise(Box<EnterpriseRecord>),
    /// 节假日
    Holiday(Holiday),
}

macro_rules! records {
    ($($variant:ident($ty:ty) $name:expr, $key:expr;)+) => {$(
        impl Listed for $ty {
            fn name(&self) -> &str {
                let of: fn(&$ty) -> &str = $name;
                of(self)
            }

            fn key(&self) -> String {
                let of: fn(&$ty) -> String = $key;
                of(self)
            }
        }

        impl From<$ty> for Record {
            fn from(record: $ty) -> Self {
                Self::$variant(record)
            }
        }
    )+

        impl Listed for Record {
            fn name(&self) -> &str {
                match self {
                    $(Self::$variant(record) => record.name()),+
                }
            }

            fn key(&self) -> String {
                match self {
                    $(Self::$variant(record) => record.key()),+
                }
            }
        }
    };
}

records! {
    Agency(Agency) |a| &a.name, |a| a.id.to_string();
    Matter(Matter) |m| &m.name, |m| m.id.to_string();
    Inspector(Inspector) |i| &i.name, |i| i.cert_no.clone();
    Enterprise(Box<EnterpriseRecord>) |e| &e.name, |e| e.uscc.clone();
    Holiday(Holiday) |h| &h.name, |h| h.date.to_string();
}

/// An object, and whether it is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The object.
    pub record: Record,
    /// Whether it is.
    pub active: bool,
}

#[derive(Serialize, Deserialize)]
struct AgencyFacts {
    name: String,
    short_name: String,
    parent: Option<AgencyId>,
    emails: Vec<String>,
    areas: Vec<String>,
    active: bool,
}

#[derive(Serialize, Deserialize)]
struct MatterFacts {
    name: String,
    agency: AgencyId,
    group: String,
    legal_basis: String,
    published_from: NaiveDate,
    published_to: Option<NaiveDate>,
    active: bool,
}

#[derive(Serialize, Deserialize)]
struct InspectorFacts {
    name: String,
    agency: AgencyId,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    suspended: bool,
    kind: InspectorKind,
    active: bool,
}

#[derive(Serialize, Deserialize)]
struct EnterpriseFacts {
    name: String,
    town: String,
    address: String,
    industry: String,
    credit_class: Option<CreditClass>,
    tags: Vec<String>,
    email: String,
    active: bool,
}

#[derive(Serialize, Deserialize)]
struct HolidayFacts {
    name: String,
    kind: HolidayKind,
    active: bool,
}

impl Entry {
    /// An active object.
    pub fn active(record: impl Into<Record>) -> Self {
        Self { record: record.into(), active: true }
    }

    /// What an import may change of it, by field.
    #[must_use]
    pub fn facts(&self) -> Value {
        let active = self.active;
        let facts = match &self.record {
            Record::Agency(a) => serde_json::to_value(AgencyFacts {
                name: a.name.clone(),
                short_name: a.short_name.clone(),
                parent: a.parent,
                emails: a.emails.clone(),
                areas: a.areas.clone(),
                active,
            }),
            Record::Matter(m) => serde_json::to_value(MatterFacts {
                name: m.name.clone(),
                agency: m.agency,
                group: m.group.clone(),
                legal_basis: m.legal_basis.clone(),
                published_from: m.published_from,
                published_to: m.published_to,
                active,
            }),
            Record::Inspector(i) => serde_json::to_value(InspectorFacts {
                name: i.name.clone(),
                agency: i.agency,
                valid_from: i.valid_from,
                valid_to: i.valid_to,
                suspended: i.suspended,
                kind: i.kind,
                active,
            }),
            Record::Enterprise(e) => serde_json::to_value(EnterpriseFacts {
                name: e.name.clone(),
                town: e.town.clone(),
                address: e.address.clone(),
                industry: e.industry.clone(),
                credit_class: e.credit_class,
                tags: e.tags.clone(),
                email: e.email.clone(),
                active,
            }),
            Record::Holiday(h) => serde_json::to_value(HolidayFacts { name: h.name.clone(), kind: h.kind, active }),
        };
        facts.unwrap_or_default()
    }

    /// The same object with other facts; `None` if they are not of its kind.
    #[must_use]
    pub fn with_facts(&self, facts: &Value) -> Option<Self> {
        let mut entry = self.clone();
        match &mut entry.record {
            Record::Agency(a) => {
                let facts: AgencyFacts = read(facts)?;
                entry.active = facts.active;
                (a.name, a.short_name, a.parent) = (facts.name, facts.short_name, facts.parent);
                (a.emails, a.areas) = (facts.emails, facts.areas);
            }
            Record::Matter(m) => {
                let facts: MatterFacts = read(facts)?;
                entry.active = facts.active;
                (m.name, m.agency, m.group, m.legal_basis) = (facts.name, facts.agency, facts.group, facts.legal_basis);
                (m.published_from, m.published_to) = (facts.published_from, facts.published_to);
            }
            Record::Inspector(i) => {
                let facts: InspectorFacts = read(facts)?;
                entry.active = facts.active;
                (i.name, i.agency, i.suspended, i.kind) = (facts.name, facts.agency, facts.suspended, facts.kind);
                (i.valid_from, i.valid_to) = (facts.valid_from, facts.valid_to);
            }
            Record::Enterprise(e) => {
                let facts: EnterpriseFacts = read(facts)?;
                entry.active = facts.active;
                (e.name, e.town, e.address, e.industry) = (facts.name, facts.town, facts.address, facts.industry);
                (e.credit_class, e.tags, e.email, e.active) =
                    (facts.credit_class, facts.tags, facts.email, facts.active);
            }
            Record::Holiday(h) => {
                let facts: HolidayFacts = read(facts)?;
                entry.active = facts.active;
                (h.name, h.kind) = (facts.name, facts.kind);
            }
        }
        Some(entry)
    }

    /// The same object deactivated, as of `today`: a matter is no longer published, a certificate is suspended. What was judged by
    /// them before stays judged by them.
    #[must_use]
    pub fn deactivated(&self, today: NaiveDate) -> Self {
        let mut entry = Self { record: self.record.clone(), active: false };
        match &mut entry.record {
            Record::Matter(m) => {
                let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
                let before = m.published_from.checked_sub_days(Days::new(1)).unwrap_or(today);
                m.published_to = Some(m.published_to.map_or(yesterday, |to| to.min(yesterday)).max(before));
            }
            Record::Inspector(i) => i.suspended = true,
            Record::Enterprise(e) => e.active = false,
            Record::Agency(_) | Record::Holiday(_) => {}
        }
        entry
    }

    /// Its identity; a holiday has none but its day.
    #[must_use]
    pub const fn id(&self) -> Option<Uuid> {
        match &self.record {
            Record::Agency(a) => Some(a.id.0),
            Record::Matter(m) => Some(m.id.0),
            Record::Inspector(i) => Some(i.id.0),
            Record::Enterprise(e) => Some(e.id.0),
            Record::Holiday(_) => None,
        }
    }

    /// What a page shows of it: the facts by field, agencies by their names.
    #[must_use]
    pub fn shown(&self, stored: Option<&Stored>) -> Vec<(String, Value)> {
        let Value::Object(facts) = self.facts() else { return Vec::new() };
        let named = |name: String, value: Value| match (name.as_str(), stored) {
            ("agency" | "parent", Some(stored)) if value.is_string() => {
                let id = serde_json::from_value(value).map(|id| stored.agency_name(id).to_owned());
                (name, Value::String(id.unwrap_or_default()))
            }
            _ => (name, value),
        };
        facts.into_iter().map(|(name, value)| named(name, value)).collect()
    }
}

fn read<T: DeserializeOwned>(facts: &Value) -> Option<T> {
    serde_json::from_value(facts.clone()).ok()
}
