//! What the form offers to choose from: matters, colleagues, kinds, days, exceptions.

use crate::actions::Snapshot;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::Kind;
use crate::domain::id::AgencyId;
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::web::page::Page;
use chrono::{Days, NaiveDate};

/// How many days ahead a visit can be planned on the form.
const DAYS_AHEAD: usize = 60;

/// How many colleagues are offered as chips.
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
    pub colleagues: Vec<Choice>,
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
        Self::from(page, snapshot, inspector, page.today() + Days::new(1))
    }

    /// Choices of a change: any day from today on.
    pub(super) fn from_today(page: &Page, snapshot: &Snapshot, inspector: &Inspector) -> Self {
        Self::from(page, snapshot, inspector, page.today())
    }

    fn from(page: &Page, snapshot: &Snapshot, inspector: &Inspector, first: NaiveDate) -> Self {
        let kinds = Kind::ALL.iter().map(|kind| choice(&kind.as_str(), kind_words(page, *kind), String::new()));
        let exemptions =
            ExemptionCode::ALL.iter().map(|code| choice(&code.as_str(), exemption_words(page, *code), String::new()));
        Self {
            kinds: kinds.collect(),
            matters: matters_of(page, snapshot, inspector.agency),
            colleagues: colleagues(page, snapshot, inspector),
            days: first.iter_days().take(DAYS_AHEAD).map(|day| day_choice(page, snapshot, day)).collect(),
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

fn colleagues(page: &Page, snapshot: &Snapshot, inspector: &Inspector) -> Vec<Choice> {
    let registries = &snapshot.registries;
    let mut list: Vec<&Inspector> = registries
        .inspectors
        .values()
        .filter(|i| i.agency == inspector.agency && i.id != inspector.id && !i.suspended && i.valid_on(page.today()))
        .collect();
    list.sort_by(|a, b| (&a.name, &a.cert_no).cmp(&(&b.name, &b.cert_no)));
    let named = |i: &Inspector| match i.kind {
        InspectorKind::Officer => i.name.clone(),
        InspectorKind::Assistant => page.t1("assistant-named", "name", &i.name),
    };
    list.into_iter().take(COLLEAGUES).map(|i| choice(&i.cert_no, named(i), i.cert_no.clone())).collect()
}

/// A day, marked if it is a no-disturb day.
fn day_choice(page: &Page, snapshot: &Snapshot, day: NaiveDate) -> Choice {
    let quiet = snapshot.policies.on(day).calendar.is_no_disturb(day);
    let label = if quiet { page.t1("day-quiet", "day", page.date(&day)) } else { page.date(&day) };
    choice(&day, label, String::new())
}
