//! What an agency reads of a violation: fixed sentences in both languages, stored with the request.

use crate::actions::{ActionError, Result};
use crate::domain::cases::{Form, ask_key, week_of};
use crate::domain::dossier::Registries;
use crate::domain::id::FilingId;
use crate::domain::policy::Policies;
use crate::domain::rules::Inputs;
use crate::domain::violation::Subject;
use crate::i18n::Lang;
use crate::storage::filings::Scope;
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, enterprises, filings, reports};
use chrono::NaiveDate;
use std::fmt::Display;

/// What the words of an item tell of where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tells {
    /// The enterprise and a filing of the agency's own.
    Filing,
    /// A town and a week: any enterprise that was visited there and then fits.
    Week {
        /// The town; empty where that of the enterprise is not known.
        town: String,
        /// Monday and Sunday.
        days: (NaiveDate, NaiveDate),
    },
}

/// The words of one item.
pub(super) struct Words {
    pub(super) filing: Option<FilingId>,
    pub(super) filing_number: String,
    pub(super) asked: [String; 2],
    pub(super) rule: [String; 2],
    pub(super) tells: Tells,
}

/// Words a violation for its agency. What its own filing says is said of that filing; of what an enterprise told only week and town are said.
pub(super) async fn words(
    tx: &mut Tx,
    registries: &Registries,
    policies: &Policies,
    record: &ViolationRecord,
    today: NaiveDate,
) -> Result<Words> {
    let zone = registries.zone;
    let enterprise = enterprises::get(tx, record.enterprise).await?.ok_or(ActionError::NotFound("enterprise"))?;
    let (filing, day) = match record.subject {
        Subject::Filing(id) => {
            let filing = filings::get(tx, id, Scope::All).await?.ok_or(ActionError::NotFound("filing"))?;
            let day = filing.filing.first_day(zone);
            (Some(filing), day)
        }
        Subject::Report(id) => {
            let report = reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
            (None, zone.local_date(report.report.arrived_at))
        }
        Subject::Request(_) | Subject::Violation(_) => return Err(ActionError::State("supervision")),
    };
    let own = filing.as_ref().is_some_and(|f| f.verdict.iter().any(|line| line.rule == record.rule));
    let named = filing.filter(|_| Form::of(record.rule, own) == Form::Filing);
    let (tells, asked) = if let Some(filing) = &named {
        // A day of the filing's own span that is not open, where that is what it is about.
        let day = match &record.inputs {
            Inputs::Ndd01 { days, .. } => days.first().copied().unwrap_or(day),
            _ => day,
        };
        let key = ask_key(record.rule, Form::Filing);
        let asked = |lang: Lang| {
            let values: [(&'static str, &dyn Display); 3] =
                [("number", &filing.number), ("day", &lang.date(day, today)), ("enterprise", &enterprise.name)];
            lang.ta(&key, &values)
        };
        (Tells::Filing, Lang::ALL.map(asked))
    } else {
        let (from, to) = week_of(day);
        let key = ask_key(record.rule, Form::Week);
        let asked = |lang: Lang| {
            let week = lang.ta("ask-week", &[("from", &lang.date(from, today)), ("to", &lang.date(to, today))]);
            let place = if enterprise.town.is_empty() { lang.t("ask-place-any") } else { enterprise.town.clone() };
            lang.ta(&key, &[("week", &week), ("place", &place)])
        };
        (Tells::Week { town: enterprise.town.clone(), days: (from, to) }, Lang::ALL.map(asked))
    };
    let policy = policies
        .versions()
        .iter()
        .find(|version| version.id == record.policy)
        .unwrap_or_else(|| policies.on(NaiveDate::MIN));
    Ok(Words {
        asked,
        rule: Lang::ALL.map(|lang| lang.asked_rule(record.rule, &policy.policy)),
        filing: named.as_ref().map(|f| f.filing.id),
        filing_number: named.as_ref().map(|f| f.number.clone()).unwrap_or_default(),
        tells,
    })
}
