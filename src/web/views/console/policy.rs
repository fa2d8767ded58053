//! `/console/policy`: the versions with their dates, and the rules of one of them in words.

use super::policy_diff::{self, Line};
use super::policy_numbers::honoured_words;
use crate::app::App;
use crate::domain::id::PolicyId;
use crate::domain::policy::{Phase, PolicyVersion};
use crate::domain::violation::RuleCode;
use crate::storage::{policy_lists, users};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ADMINISTRATOR, Console, SUPERVISOR};
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use chrono::{Datelike as _, NaiveDate};

struct Version {
    href: String,
    from: String,
    note: String,
    by: String,
    current: bool,
    future: bool,
    shown: bool,
}

struct Rule {
    code: &'static str,
    name: String,
    text: String,
    /// The exemptions that lift it; empty of a rule that none lifts.
    exemptions: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "pages/console/policy.html")]
struct View {
    page: Page,
    administrator: bool,
    provisional: String,
    versions: Vec<Version>,
    heading: String,
    phase: String,
    extra: String,
    waived: String,
    rules: Vec<Rule>,
    /// What it changes of the version in force today, or of the one before it.
    differences: Vec<Line>,
    compared: String,
}

/// `GET /console/policy?version=…`; without it the version in force today.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | ADMINISTRATOR }>,
    filters: Filters,
) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let people = users::list(&mut tx).await?;
    let today = page.today();
    let current = snapshot.policies.on(today);
    let shown = match filters.one("version") {
        "" => current,
        id => {
            let id = PolicyId::parse(id).ok_or(AppError::NotFound)?;
            snapshot.policies.versions().iter().find(|version| version.id == id).ok_or(AppError::NotFound)?
        }
    };
    let history = policy_lists::history(&mut tx).await?;
    let versions = history
        .into_iter()
        .map(|entry| {
            let name = entry.created_by.and_then(|by| people.iter().find(|user| user.id == by));
            let name = name.map_or_else(|| page.t("actor-system"), |user| user.name.clone());
            Version {
                href: filters.with("version", &entry.id.to_string()),
                from: page.t1("policy-from", "day", page.date(&entry.effective_from)),
                by: format!("{name} · {}", page.time(&entry.created_at)),
                note: entry.note,
                current: entry.id == current.id,
                future: entry.effective_from > today,
                shown: entry.id == shown.id,
            }
        })
        .collect();
    // The year that begins after the table ends is judged by weekdays alone until the notice is out.
    let next_year = NaiveDate::from_ymd_opt(today.year() + 1, 1, 2).unwrap_or(today);
    let holidays = &snapshot.registries.holidays;
    let provisional = if holidays.is_provisional(today) {
        page.t1("holidays-missing", "year", today.year())
    } else if holidays.is_provisional(next_year) {
        page.t1("holidays-missing-next", "year", today.year() + 1)
    } else {
        String::new()
    };
    // The version in force is compared with the one before it, any other with the one in force.
    let base = if shown.id == current.id {
        current.effective_from.pred_opt().map(|day| snapshot.policies.on(day))
    } else {
        Some(current)
    };
    let base = base.filter(|base| base.id != shown.id);
    html(&View {
        differences: base.map(|base| policy_diff::lines(&page, &base.policy, &shown.policy)).unwrap_or_default(),
        compared: base.map(|base| heading(&page, base)).unwrap_or_default(),
        administrator: me.is(ADMINISTRATOR),
        provisional,
        versions,
        heading: heading(&page, shown),
        phase: page.t(match shown.policy.phase {
            Phase::AtPlanning => "phase-at-planning",
            Phase::AtVisit => "phase-at-visit",
        }),
        extra: days(&page, shown.policy.no_disturb.extra.iter()),
        waived: days(&page, shown.policy.no_disturb.waived.iter()),
        rules: RuleCode::ALL
            .iter()
            .map(|rule| Rule {
                code: rule.as_str(),
                name: page.lang.rule_name(*rule),
                text: page.lang.rule_text(*rule, &shown.policy),
                exemptions: honoured_words(&page, *rule, &mut shown.policy.clone())
                    .map(|codes| page.t1("policy-lifted-by", "codes", codes))
                    .unwrap_or_default(),
                on: shown.policy.rules.enabled(*rule),
            })
            .collect(),
        page,
    })
}

fn heading(page: &Page, version: &PolicyVersion) -> String {
    if version.effective_from == NaiveDate::MIN {
        return page.t("policy-built-in");
    }
    page.t1("policy-in-force-from", "day", page.date(&version.effective_from))
}

fn days<'a>(page: &Page, days: impl Iterator<Item = &'a NaiveDate>) -> String {
    let words: Vec<String> = days.map(|day| page.date(day)).collect();
    if words.is_empty() { page.t("none") } else { page.lang.join(&words) }
}
