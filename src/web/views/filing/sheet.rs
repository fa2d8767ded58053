//! What the form offers to choose from: matters, colleagues, kinds, days, exceptions.

use crate::actions::Snapshot;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind};
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::web::form::Form;
use crate::web::page::Page;
use chrono::{Days, NaiveDate};

/// How many days ahead a visit can be planned on the form.
const DAYS_AHEAD: usize = 60;

/// How many colleagues are offered as chips before the others.
const COLLEAGUES: usize = 60;

/// A choice: what is sent, what is read, and a small line below it.
pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub small: String,
}

/// Everything that can be chosen.
pub(super) struct Sheet {
    pub kinds: Vec<Choice>,
    pub matters: Vec<Choice>,
    /// What the agency or its authority does not publish today; a rule flags it, the form does not refuse it.
    pub other_matters: Vec<Choice>,
    pub colleagues: Vec<Choice>,
    /// Colleagues whose certificate does not hold today, and those that are too many for the first list.
    pub other_colleagues: Vec<Choice>,
    pub days: Vec<Choice>,
    pub exemptions: Vec<Choice>,
}

/// The words of a kind.
pub(super) fn kind_words(page: &Page, kind: Kind) -> String {
    page.t(&format!("kind-{}", kind.as_str().replace('_', "-")))
}

/// The words of an exception, its code first.
pub(super) fn exemption_words(page: &Page, code: ExemptionCode) -> String {
    format!("{code} {}", page.t(&format!("exemption-{}", code.as_str().to_lowercase())))
}

impl Sheet {
    /// Choices of a new filing: today is a choice of its own there.
    pub(super) fn new(page: &Page, snapshot: &Snapshot, inspector: &Inspector) -> Self {
        Self::from(page, snapshot, inspector, page.today() + Days::new(1), (&[], &[]))
    }

    /// Choices of a change: any day from today on, and whatever the filing names already, its own day among them.
    pub(super) fn of_change(page: &Page, snapshot: &Snapshot, inspector: &Inspector, filing: &Filing) -> Self {
        let mut sheet = Self::from(page, snapshot, inspector, page.today(), (&filing.matters, &filing.inspectors));
        let own = page.zone().local_date(filing.planned.start());
        let offered = (0..DAYS_AHEAD.try_into().unwrap_or(i64::MAX)).contains(&(own - page.today()).num_days());
        if !offered {
            let at = if own < page.today() { 0 } else { sheet.days.len() };
            sheet.days.insert(at, day(page, snapshot, own));
        }
        sheet
    }

    fn from(
        page: &Page,
        snapshot: &Snapshot,
        inspector: &Inspector,
        first: NaiveDate,
        (matters, people): (&[MatterId], &[String]),
    ) -> Self {
        let kinds = Kind::ALL.iter().map(|kind| choice(&kind.as_str(), kind_words(page, *kind), String::new()));
        let exemptions =
            ExemptionCode::ALL.iter().map(|code| choice(&code.as_str(), exemption_words(page, *code), String::new()));
        let (usual, other) = colleagues(page, snapshot, inspector, people);
        Self {
            kinds: kinds.collect(),
            matters: matters_of(page, snapshot, inspector.agency),
            other_matters: other_matters(page, snapshot, inspector.agency, matters),
            colleagues: usual,
            other_colleagues: other,
            days: days(page, snapshot, first),
            exemptions: exemptions.collect(),
        }
    }
}

fn choice(value: &impl ToString, label: String, small: String) -> Choice {
    Choice { value: value.to_string(), label, small }
}

/// The agency's own published list; that of its authority where it has none of its own.
pub(super) fn matters_of(page: &Page, snapshot: &Snapshot, agency: AgencyId) -> Vec<Choice> {
    let today = page.today();
    let of = |unit| {
        let mut list: Vec<Choice> = snapshot
            .registries
            .matters
            .values()
            .filter(|m| m.agency == unit && m.published_on(today))
            .map(|m| choice(&m.id, m.name.clone(), m.legal_basis.clone()))
            .collect();
        list.sort_by(|a, b| a.label.cmp(&b.label));
        list
    };
    let own = of(agency);
    if own.is_empty() { of(snapshot.registries.root(agency)) } else { own }
}

/// What else the agency and its authority have on their lists, and what a filing names: what is not published says so.
pub(super) fn other_matters(page: &Page, snapshot: &Snapshot, agency: AgencyId, named: &[MatterId]) -> Vec<Choice> {
    let (today, root) = (page.today(), snapshot.registries.root(agency));
    let usual = matters_of(page, snapshot, agency);
    let matters = snapshot.registries.matters.values();
    let mut list: Vec<Choice> = matters
        .filter(|m| m.agency == agency || m.agency == root || named.contains(&m.id))
        .map(|m| {
            let published = m.published_on(today);
            let small = if published { m.legal_basis.clone() } else { page.t("file-not-published") };
            choice(&m.id, m.name.clone(), small)
        })
        .filter(|m| usual.iter().all(|usual| usual.value != m.value))
        .collect();
    list.sort_by(|a, b| a.label.cmp(&b.label));
    list
}

/// Whether one of the choices was made: what the form folds away is unfolded then.
pub(super) fn any_picked(form: &Form, name: &str, choices: &[Choice]) -> bool {
    choices.iter().any(|choice| form.picked(name, &choice.value))
}

/// Whether the form has this day among those of a new filing.
pub(super) fn has_day(page: &Page, day: NaiveDate) -> bool {
    (1..=DAYS_AHEAD.try_into().unwrap_or(i64::MAX)).contains(&(day - page.today()).num_days())
}

/// Those whose certificate holds today, and the others of the agency; whom a filing names is among them.
fn colleagues(page: &Page, snapshot: &Snapshot, inspector: &Inspector, named: &[String]) -> (Vec<Choice>, Vec<Choice>) {
    let registries = &snapshot.registries;
    let valid = |i: &Inspector| i.agency == inspector.agency && !i.suspended && i.valid_on(page.today());
    let of_us = |i: &&Inspector| i.id != inspector.id && (i.agency == inspector.agency || named.contains(&i.cert_no));
    let mut list: Vec<&Inspector> = registries.inspectors.values().filter(of_us).collect();
    list.sort_by(|a, b| (!valid(a), &a.name, &a.cert_no).cmp(&(!valid(b), &b.name, &b.cert_no)));
    let labelled = |i: &Inspector| {
        let name = match i.kind {
            InspectorKind::Officer => i.name.clone(),
            InspectorKind::Assistant => page.t1("assistant-named", "name", &i.name),
        };
        let holds = !i.suspended && i.valid_on(page.today());
        if holds { name } else { page.t1("file-not-valid", "name", name) }
    };
    let usual = list.iter().take_while(|i| valid(i)).count().min(COLLEAGUES);
    let chosen = |i: &&Inspector| choice(&i.cert_no, labelled(i), i.cert_no.clone());
    let mut others: Vec<Choice> = list[usual..].iter().map(chosen).collect();
    let unknown = named.iter().filter(|cert| !registries.inspectors.contains_key(*cert));
    others.extend(unknown.map(|cert| choice(cert, cert.clone(), String::new())));
    (list[..usual].iter().map(chosen).collect(), others)
}

/// The days from this one on, no-disturb days marked.
fn days(page: &Page, snapshot: &Snapshot, first: NaiveDate) -> Vec<Choice> {
    first.iter_days().take(DAYS_AHEAD).map(|offered| day(page, snapshot, offered)).collect()
}

fn day(page: &Page, snapshot: &Snapshot, day: NaiveDate) -> Choice {
    let quiet = snapshot.policies.on(day).calendar.is_no_disturb(day);
    let label = if quiet { format!("{} {}", page.date(&day), page.t("day-quiet")) } else { page.date(&day) };
    choice(&day, label, String::new())
}
