//! `/console/watch`: which enterprises are watched over after they told something adverse of an agency (RET-01). For the discipline office alone.

use crate::app::App;
use crate::domain::id::{AgencyId, EnterpriseId};
use crate::domain::violation::Severity;
use crate::i18n::facts::Facts;
use crate::storage::protection::{self, Adverse};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use chrono::Days;
use std::collections::HashSet;

struct Line {
    enterprise: String,
    agency: String,
    /// The report, if it is one.
    report: Option<String>,
    since: String,
    until: String,
    filings: String,
}

#[derive(Template)]
#[template(path = "pages/console/watch.html")]
struct List {
    page: Page,
    lead: String,
    /// Whether the rule that looks at new filings is switched on.
    on: bool,
    lines: Vec<Line>,
}

/// `GET /console/watch`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>) -> Answer {
    if me.ceiling() != Severity::Referral {
        return Err(AppError::NotFound);
    }
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let rule = &snapshot.policies.on(page.today()).policy.rules.ret_01;
    let days = u64::from(rule.days);
    let told = protection::adverse(&mut tx, me.now - Days::new(days + 1)).await?;
    drop(tx);
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    // One line for an enterprise and an authority with all its teams: what was told last counts.
    let mut known: HashSet<(EnterpriseId, AgencyId)> = HashSet::new();
    let lines = told
        .iter()
        .filter(|told| known.insert((told.enterprise, snapshot.registries.root(told.about))))
        .filter_map(|told| line(&page, &facts, told, days))
        .collect();
    html(&List { lead: page.t1("watch-lead", "days", days), on: rule.enabled, page, lines })
}

/// A watch of so many days, unless it has ended: the last day is included.
fn line(page: &Page, facts: &Facts<'_>, told: &Adverse, days: u64) -> Option<Line> {
    let day = page.zone().local_date(told.at);
    let until = day + Days::new(days);
    (page.today() <= until).then(|| Line {
        enterprise: told.name.clone(),
        agency: facts.agency(told.about),
        report: told.report.map(|report| paths::item(paths::REPORTS, report)),
        since: page.date(&day),
        until: page.date(&until),
        filings: format!("{}?enterprise={}&agency={}&from={day}", paths::FILINGS, told.enterprise, told.about),
    })
}
