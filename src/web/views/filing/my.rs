//! `/my`: the filings that an inspector takes part in, the newest first, page by page.

use super::status;
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::storage::enterprises;
use crate::storage::filing_lists::{self, FilingFilter};
use crate::storage::filings::FilingRecord;
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Query, State};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

/// How many filings of the agency are looked through for a page.
const LOOKED_AT: i64 = 100;

/// Where the page before ended.
#[derive(serde::Deserialize)]
pub(in crate::web) struct After {
    at: Option<DateTime<Utc>>,
    id: Option<Uuid>,
}

struct Line {
    href: String,
    enterprise: String,
    when: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "pages/filing/my.html")]
struct My {
    page: Page,
    name: String,
    agency: String,
    /// How many of these visits are asked about: their time has passed and nobody arrived.
    overdue: usize,
    lines: Vec<Line>,
    /// Link to the next page; empty on the last one.
    older: String,
}

/// `GET /my`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Query(after): Query<After>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let filter = FilingFilter { scope: inspecting.scope(), enterprise: None, from: None, to: None, state: None };
    let records = filing_lists::list(&mut tx, &filter, after.at.zip(after.id), LOOKED_AT, now).await?;
    let whole = i64::try_from(records.len()).is_ok_and(|n| n == LOOKED_AT);
    let older = records.last().filter(|_| whole).map(older).unwrap_or_default();
    let mine: Vec<FilingRecord> =
        records.into_iter().filter(|r| r.filing.inspectors.contains(&inspecting.inspector.cert_no)).collect();
    let overdue = mine.iter().filter(|record| status::overdue(&record.filing, now)).count();
    let mut names: HashMap<EnterpriseId, String> = HashMap::new();
    let mut lines = Vec::with_capacity(mine.len());
    for record in mine {
        let id = record.filing.enterprise;
        if let Entry::Vacant(unknown) = names.entry(id) {
            let enterprise = enterprises::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
            unknown.insert(enterprise.name);
        }
        let (state, tone) = status::of(&page, &record.filing, now);
        lines.push(Line {
            href: paths::filing(record.filing.id),
            enterprise: names.get(&id).cloned().unwrap_or_default(),
            when: page.lang.span(record.filing.span(), now, page.zone()),
            state,
            tone,
        });
    }
    let snapshot = app.service.snapshot(&mut tx).await?;
    let agency = snapshot.registries.agencies.get(&inspecting.inspector.agency).map(|a| a.name.clone());
    let name = inspecting.inspector.name;
    html(&My { page, name, agency: agency.unwrap_or_default(), overdue, lines, older })
}

fn older(last: &FilingRecord) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let at = last.filing.filed_at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    query.append_pair("at", &at).append_pair("id", &last.filing.id.to_string());
    format!("{}?{}", paths::MY, query.finish())
}
