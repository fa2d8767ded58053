//! Lists as files: what a list of the console shows under its filters, with the same columns in words.
//!
//! A [`ListQuery`] is made by the page that shows the list, with the reader's scope in it, and kept with the task. It is read page by page, so
//! that 200,000 rows need no more memory than a thousand.

mod cases;
mod lines;
mod office;
mod registry;

use super::evidence::Evidence;
use super::monthly::Monthly;
use super::{Actor, Result, Service, audit, enqueue_task};
use crate::domain::id::{AgencyId, InspectorId, MatterId};
use crate::domain::notice::MailState;
use crate::domain::task::TaskKind;
use crate::i18n::Lang;
use crate::i18n::facts::Facts;
use crate::print::table::{Cell, Format};
use crate::storage::audit_lists::AuditFilter;
use crate::storage::cases::request_lists::{self, Tab};
use crate::storage::enterprise_search::EnterpriseQuery;
use crate::storage::filing_search::FilingSearch;
use crate::storage::report_search::ReportSearch;
use crate::storage::sign_lists::{self, SignFilter};
use crate::storage::violation_inbox::{self, InboxCursor, InboxFilter, InboxTab};
use crate::storage::violation_lists::ViolationFilter;
use crate::storage::{Tx, audit_lists, filing_search, mails, rating_lists, report_search, users, violation_lists};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Rows that are read at once.
const PAGE: i64 = 1_000;

/// A list with its filters and the scope of its reader.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "list", rename_all = "snake_case")]
pub enum ListQuery {
    /// Filings in the reader's scope.
    Filings(FilingSearch),
    /// Violations, for supervisors.
    Cases(ViolationFilter),
    /// Visit reports, for supervisors.
    Reports(ReportSearch),
    /// Enterprises.
    Enterprises(EnterpriseQuery),
    /// These agencies.
    Agencies {
        /// Which, in their order.
        ids: Vec<AgencyId>,
    },
    /// These published matters.
    Matters {
        /// Which, in their order.
        ids: Vec<MatterId>,
    },
    /// These inspectors.
    Inspectors {
        /// Which, in their order.
        ids: Vec<InspectorId>,
    },
    /// A tab of the inbox, for supervisors.
    Inbox {
        /// Its filters.
        filter: InboxFilter,
        /// The tab.
        tab: InboxTab,
        /// The day that tells what is overdue.
        today: NaiveDate,
    },
    /// Requests for an explanation.
    Explanations {
        /// Of one agency.
        agency: Option<AgencyId>,
        /// The tab.
        tab: Tab,
        /// The day that tells what is overdue.
        today: NaiveDate,
        /// For a liaison: as the agency may know them.
        #[serde(default)]
        own: bool,
    },
    /// The agencies that are listed for circulation, for supervisors.
    Circulation,
    /// Signs.
    Signs {
        /// Their filters. Not beside the tag: one of them is called `list`, too.
        filter: SignFilter,
    },
    /// Those who sign in, for administrators.
    Users,
    /// Ratings of a span, for supervisors.
    Ratings {
        /// From, and before.
        span: (DateTime<Utc>, DateTime<Utc>),
        /// Of one agency.
        agency: Option<AgencyId>,
    },
    /// The sums of the quarters that a liaison sees.
    Quarters {
        /// The liaison's agency.
        agency: AgencyId,
        /// The quarters before this day.
        today: NaiveDate,
    },
    /// The mail queue, for administrators.
    Mails {
        /// Those in one state.
        state: Option<MailState>,
    },
    /// The audit, for administrators: reports and violations without actor, object and detail.
    Audit(AuditFilter),
}

/// Where the next page begins: after this key. Lists by time and by name differ in what they are ordered by.
#[derive(Clone, Debug)]
pub enum After {
    /// By time.
    Time(DateTime<Utc>, Uuid),
    /// By name.
    Name(String, Uuid),
    /// By severity, then by time.
    Severity(InboxCursor),
    /// By running number.
    Serial(String),
}

/// A page of rows.
#[derive(Debug)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Where the next page begins; `None`: this was the last.
    pub next: Option<After>,
}

/// What is to be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A list.
    List {
        /// Which.
        query: ListQuery,
        /// As what.
        format: Format,
    },
    /// The report of a month.
    Monthly(Monthly),
    /// The evidence pack of a violation.
    Evidence(Evidence),
}

/// A document that was made whole.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its name, for a download.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl ListQuery {
    /// The name of the list: in URLs, in the audit, in the file's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Filings(_) => "filings",
            Self::Cases(_) => "cases",
            Self::Reports(_) => "reports",
            Self::Enterprises(_) => "enterprises",
            Self::Agencies { .. } => "agencies",
            Self::Matters { .. } => "matters",
            Self::Inspectors { .. } => "inspectors",
            Self::Inbox { .. } => "inbox",
            Self::Explanations { .. } => "explanations",
            Self::Circulation => "circulation",
            Self::Signs { .. } => "signs",
            Self::Users => "users",
            Self::Ratings { .. } | Self::Quarters { .. } => "ratings",
            Self::Mails { .. } => "mails",
            Self::Audit(_) => "audit",
        }
    }

    const fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Filings(_) => &["filing-number", "agency", "enterprise", "kind", "visit-time", "state", "verdict"],
            Self::Cases(_) => &["exports-number", "severity", "rule", "agency", "exports-why", "raised", "state"],
            Self::Reports(_) => {
                &["exports-filed", "enterprise", "agency", "exports-arrived", "exports-verified", "state"]
            }
            Self::Enterprises(_) => &[
                "exports-name",
                "exports-uscc",
                "exports-town",
                "exports-address",
                "exports-industry",
                "exports-credit",
            ],
            Self::Agencies { .. } => &["exports-name", "exports-parent", "exports-matters", "exports-inspectors"],
            Self::Matters { .. } => {
                &["exports-name", "agency", "exports-group", "exports-basis", "exports-from", "exports-to"]
            }
            Self::Inspectors { .. } => {
                &["exports-name", "exports-cert", "agency", "exports-from", "exports-to", "state", "exports-enrolled"]
            }
            Self::Inbox { .. } => &[
                "severity",
                "exports-number",
                "rule",
                "agency",
                "enterprise",
                "exports-why",
                "raised",
                "state",
                "exports-act-by",
            ],
            Self::Explanations { .. } => &["case-number", "agency", "case-sent", "case-due", "state"],
            Self::Circulation => {
                &["agency", "case-number", "case-due", "circulation-listed", "state", "circulation-done"]
            }
            Self::Signs { .. } => &[
                "signs-serial",
                "exports-short-code",
                "signs-unit",
                "exports-town",
                "signs-place",
                "signs-printed",
                "signs-last-scan",
                "state",
            ],
            Self::Users => &["name", "email", "role", "exports-place", "alerts", "state", "user-lead"],
            Self::Ratings { .. } => &[
                "ratings-when",
                "ratings-filing",
                "agency",
                "enterprise",
                "ratings-closeness",
                "ratings-integrity",
                "ratings-satisfaction",
            ],
            Self::Quarters { .. } => {
                &["ratings-when", "ratings-count", "ratings-closeness", "ratings-integrity", "ratings-satisfaction"]
            }
            Self::Mails { .. } => {
                &["mail-subject", "mail-recipient", "mail-created", "mail-attempts", "state", "exports-trouble"]
            }
            Self::Audit(_) => &["exports-at", "exports-actor", "exports-action", "exports-object", "exports-detail"],
        }
    }

    /// The heads of the columns.
    #[must_use]
    pub fn heads(&self, lang: Lang) -> Vec<String> {
        self.columns().iter().map(|key| lang.t(key)).collect()
    }

    /// At most a thousand rows after `after`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rows(
        &self,
        tx: &mut Tx,
        service: &Service,
        lang: Lang,
        now: DateTime<Utc>,
        after: Option<After>,
    ) -> Result<Rows> {
        let snapshot = service.snapshot(tx).await?;
        let facts = Facts { lang, registries: &snapshot.registries, now };
        let time = || if let Some(After::Time(at, id)) = &after { Some((*at, *id)) } else { None };
        let name = || if let Some(After::Name(name, id)) = &after { Some((name.clone(), *id)) } else { None };
        Ok(match self {
            Self::Filings(search) => {
                let found = filing_search::search(tx, search, time(), PAGE).await?;
                let key =
                    |row: &filing_search::FoundFiling| After::Time(row.record.filing.filed_at, row.record.filing.id.0);
                page(&found, |row| lines::filing(&facts, row), key)
            }
            Self::Cases(filter) => {
                let found = violation_lists::list(tx, filter, time(), PAGE).await?;
                page(&found, |row| lines::case(&facts, row), |row| After::Time(row.raised_at, row.id.0))
            }
            Self::Reports(search) => {
                let found = report_search::search(tx, search, time(), PAGE).await?;
                let key =
                    |row: &report_search::FoundReport| After::Time(row.record.report.filed_at, row.record.report.id.0);
                page(&found, |row| lines::report(&facts, row), key)
            }
            Self::Enterprises(query) => registry::enterprises(tx, lang, query, name(), PAGE).await?,
            Self::Agencies { ids } => registry::agencies(&facts, ids),
            Self::Matters { ids } => registry::matters(&facts, ids),
            Self::Inspectors { ids } => registry::inspectors(tx, &facts, ids).await?,
            Self::Inbox { filter, tab, today } => {
                let after = if let Some(After::Severity(cursor)) = after { Some(cursor) } else { None };
                let found = violation_inbox::page(tx, filter, *tab, *today, after, PAGE).await?;
                page(&found, |row| cases::inbox(&facts, row), |row| After::Severity(row.cursor()))
            }
            Self::Explanations { agency, tab, today, own } => {
                let known_at = own.then_some(now);
                let found = request_lists::page(tx, (*agency, known_at), *tab, *today, time(), PAGE).await?;
                page(&found, |row| cases::request(&facts, row), |row| After::Time(row.sent_at, row.id.0))
            }
            Self::Circulation => {
                let found = request_lists::listed(tx, request_lists::MOST_LISTED).await?;
                Rows { rows: found.iter().map(|row| cases::circulation(&facts, row)).collect(), next: None }
            }
            Self::Signs { filter } => {
                let after = if let Some(After::Serial(serial)) = &after { serial.as_str() } else { "" };
                let found = sign_lists::list(tx, filter, now, after, PAGE).await?;
                page(&found, |row| office::sign(&facts, row), |row| After::Serial(row.sign.serial.clone()))
            }
            Self::Users => office::people(tx, &facts).await?,
            Self::Ratings { span, agency } => {
                let found = rating_lists::list(tx, *span, *agency, time(), PAGE).await?;
                let key = |row: &rating_lists::Rated| After::Time(row.rating.created_at, row.filing.0);
                page(&found, |row| office::rating(&facts, row), key)
            }
            Self::Quarters { agency, today } => office::quarters(tx, &facts, *agency, *today).await?,
            Self::Mails { state } => {
                let after = time().map(|(at, id)| (at, crate::domain::id::MailId(id)));
                let found = mails::list(tx, *state, after, PAGE).await?;
                page(&found, |row| lines::mail(&facts, row), |row| After::Time(row.created_at, row.mail.id.0))
            }
            Self::Audit(filter) => {
                let people = users::list(tx).await?;
                let found = audit_lists::list(tx, filter, time(), PAGE).await?;
                page(&found, |row| lines::audit(&facts, row, &people), |row| After::Time(row.at, row.id))
            }
        })
    }
}

/// A page of `found`, which has a next one if it is full.
fn page<T>(found: &[T], line: impl Fn(&T) -> Vec<Cell>, key: impl Fn(&T) -> After) -> Rows {
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) == PAGE;
    Rows { rows: found.iter().map(line).collect(), next: found.last().filter(|_| full).map(key) }
}

/// Queues the writing of a list or document; who takes what out is on record.
///
/// # Errors
/// When the store fails.
pub async fn ask_for(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    wanted: &Wanted,
    lang: &str,
) -> Result<Uuid> {
    let params = json!({ "wanted": wanted });
    let id = enqueue_task(tx, service, now, actor, TaskKind::Export, params, lang).await?;
    let (action, object, detail) = match wanted {
        Wanted::List { query, format } => {
            // The audit is read by administrators, who may not know which enterprise a supervisor looks at.
            let filter = (!audit_lists::TELLING_LISTS.contains(&query.name())).then_some(query);
            ("list.exported", ("task", id), json!({ "list": query.name(), "format": format, "filter": filter }))
        }
        Wanted::Monthly(monthly) => ("report.made", ("task", id), json!(monthly)),
        Wanted::Evidence(evidence) => {
            ("evidence.taken", ("violation", evidence.violation.0), json!({ "pack": evidence.pack }))
        }
    };
    audit::record(tx, service, now, actor, action, object, detail).await?;
    Ok(id)
}
