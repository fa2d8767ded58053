//! What an agency reads of a violation: fixed sentences in both languages, stored with the request.

use crate::actions::{ActionError, Result};
use crate::domain::cases::{Asked, ask_key};
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

/// The words of one item.
pub(super) struct Words {
    pub(super) filing: Option<FilingId>,
    pub(super) filing_number: String,
    pub(super) asked: [String; 2],
    pub(super) rule: [String; 2],
}

/// Words a violation for its agency. Nothing in them says where it came from.
pub(super) async fn words(
    tx: &mut Tx,
    registries: &Registries,
    policies: &Policies,
    record: &ViolationRecord,
    today: NaiveDate,
) -> Result<Words> {
    let zone = registries.zone;
    let (filing, day) = match record.subject {
        Subject::Filing(id) => (Some(id), None),
        Subject::Report(id) => {
            let report = reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
            (report.matched_filing, Some(zone.local_date(report.report.arrived_at)))
        }
        Subject::Request(_) | Subject::Violation(_) => return Err(ActionError::State("supervision")),
    };
    let filing = match filing {
        Some(id) => filings::get(tx, id, Scope::All).await?.filter(|f| Some(f.filing.agency) == record.agency),
        None => None,
    };
    let enterprise = enterprises::get(tx, record.enterprise).await?.ok_or(ActionError::NotFound("enterprise"))?;
    let first = filing.as_ref().map(|f| f.filing.first_day(zone));
    let asked = Asked {
        rule: record.rule,
        filing_number: filing.as_ref().map(|f| f.number.clone()).unwrap_or_default(),
        day: first.or(day).unwrap_or(today),
        enterprise: enterprise.name,
    };
    let policy = policies
        .versions()
        .iter()
        .find(|version| version.id == record.policy)
        .unwrap_or_else(|| policies.on(NaiveDate::MIN));
    let in_words = |lang: Lang| sentence(lang, &asked, &record.inputs, today);
    // Without the code, and in words of their own where the rule's own would say that an enterprise reports.
    let rule = |lang: Lang| {
        let neutral = lang.maybe(&format!("ask-rule-{}", record.rule.as_str().to_ascii_lowercase()), &[]);
        neutral.unwrap_or_else(|| {
            let (name, text) = (lang.rule_name(record.rule), lang.rule_text(record.rule, &policy.policy));
            lang.ta("ask-rule", &[("name", &name), ("text", &text)])
        })
    };
    Ok(Words {
        filing: filing.as_ref().map(|f| f.filing.id),
        filing_number: asked.filing_number.clone(),
        asked: [in_words(Lang::Zh), in_words(Lang::En)],
        rule: [rule(Lang::Zh), rule(Lang::En)],
    })
}

/// The fixed sentence of a rule. Of the facts it takes only what the agency's own filing says.
fn sentence(lang: Lang, asked: &Asked, inputs: &Inputs, today: NaiveDate) -> String {
    let has_filing = !asked.filing_number.is_empty();
    let key = ask_key(asked.rule, has_filing);
    // A day of the filing's own span that is not open; of a visit without a filing the day is that of the visit.
    let day = match inputs {
        Inputs::Ndd01 { days, .. } if has_filing => days.first().copied().unwrap_or(asked.day),
        _ => asked.day,
    };
    let values: [(&'static str, &dyn std::fmt::Display); 3] =
        [("number", &asked.filing_number), ("day", &lang.date(day, today)), ("enterprise", &asked.enterprise)];
    let general = if has_filing { "ask-filing" } else { "ask-visit" };
    lang.maybe(&key, &values).unwrap_or_else(|| {
        let rule = lang.rule_name(asked.rule);
        lang.ta(general, &[values[0], values[1], values[2], ("rule", &rule)])
    })
}
