//! The report that any agency may read: from filings alone, and nothing of 1 to 4.

use super::{Parts, advice, document, sections};
use crate::actions::{Result, Service};
use crate::domain::document::{Block, Document, Section};
use crate::domain::figures::{Sums, told, told_beside_their_sum};
use crate::domain::violation::RuleCode;
use crate::i18n::Lang;
use crate::storage::figure_days;
use crate::storage::{Tx, filing_lists};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// What may be told to agencies. Every count is `None` where it is 1 to 4 or one of 1 to 4 would follow from it; nothing here comes from a
/// report or from what follows from one: the problems are those that the verdicts on filings name, assessed from filings alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencySafeFacts {
    month: NaiveDate,
    agencies: Option<i64>,
    filed: Option<i64>,
    arrived: Option<i64>,
    cancelled: Option<i64>,
    exempt: Option<i64>,
    rows: Vec<(String, Option<i64>, Option<i64>)>,
    rules: Vec<(RuleCode, i64)>,
}

impl AgencySafeFacts {
    /// Reads the facts of a period.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(tx: &mut Tx, service: &Service, period: (NaiveDate, NaiveDate)) -> Result<Self> {
        let snapshot = service.snapshot(tx).await?;
        let by_agency = figure_days::by_agency(tx, period).await?;
        let mut sums = Sums::default();
        for (_, one) in &by_agency {
            sums.add(one);
        }
        let mut counted = Vec::new();
        let mut rules: BTreeMap<RuleCode, i64> = BTreeMap::new();
        for (agency, one) in &by_agency {
            let name = snapshot.registries.agencies.get(agency).map(|agency| agency.name.clone()).unwrap_or_default();
            counted.push((name, one.filed, one.exempt));
            for line in filing_lists::verdicts(tx, period, *agency).await?.into_iter().flatten() {
                if line.severity >= 2 {
                    *rules.entry(line.rule).or_default() += 1;
                }
            }
        }
        counted.sort();
        let filed: Vec<i64> = counted.iter().map(|row| row.1).collect();
        let exempt: Vec<i64> = counted.iter().map(|row| row.2).collect();
        let (filed, filed_told) = told_beside_their_sum(&filed);
        let (exempt, exempt_told) = told_beside_their_sum(&exempt);
        let shown = filed.into_iter().zip(exempt);
        let rows = counted.into_iter().zip(shown).map(|((name, ..), (filed, exempt))| (name, filed, exempt)).collect();
        let mut rules: Vec<_> = rules.into_iter().filter(|(_, n)| told(*n).is_some()).collect();
        rules.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let agencies = i64::try_from(by_agency.len()).unwrap_or(i64::MAX);
        Ok(Self {
            month: period.0,
            agencies: told(agencies),
            filed: told(sums.filed).filter(|_| filed_told),
            // Nor may the few who did not come follow from the two.
            arrived: told(sums.arrived).filter(|_| told(sums.filed - sums.arrived).is_some()),
            cancelled: told(sums.cancelled),
            exempt: told(sums.exempt).filter(|_| exempt_told),
            rows,
            rules,
        })
    }
}

/// The report for agencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencySafeReport {
    month: NaiveDate,
    sections: Vec<Section>,
}

impl AgencySafeReport {
    /// Writes the report of what may be told.
    #[must_use]
    pub fn new(facts: &AgencySafeFacts, lang: Lang) -> Self {
        let few = lang.t("monthly-few");
        let shown = |n: Option<i64>| n.map_or_else(|| few.clone(), |n| n.to_string());
        let overview = lang.ta(
            "monthly-safe-overview",
            &[("agencies", &shown(facts.agencies)), ("filed", &shown(facts.filed)), ("arrived", &shown(facts.arrived))],
        );
        let more =
            lang.ta("monthly-safe-data", &[("cancelled", &shown(facts.cancelled)), ("exempt", &shown(facts.exempt))]);
        let heads = ["agency", "figures-filed", "monthly-exempt"].map(|key| lang.t(key)).to_vec();
        let untold = lang.t("monthly-untold");
        let cell = |n: Option<i64>| n.map_or_else(|| untold.clone(), |n| n.to_string());
        let rows = facts.rows.iter().map(|(name, filed, exempt)| vec![name.clone(), cell(*filed), cell(*exempt)]);
        let bars = facts.rows.iter().filter_map(|(name, filed, _)| Some((name.clone(), (*filed)?)));
        let rule = |(rule, n): &(RuleCode, i64)| {
            let name = format!("{rule} {}", lang.rule_name(*rule));
            Block::Paragraph(lang.ta("monthly-safe-rule", &[("rule", &name), ("count", n)]))
        };
        let none = || vec![Block::Paragraph(lang.t("monthly-safe-no-rules"))];
        let problems: Vec<_> = facts.rules.iter().map(rule).collect();
        let order: Vec<_> = facts.rules.iter().map(|(rule, _)| *rule).collect();
        let parts = Parts {
            overview: vec![Block::Paragraph(overview)],
            data: vec![
                Block::Paragraph(more),
                Block::Table { heads, rows: rows.collect() },
                Block::Bars(bars.collect()),
                Block::Paragraph(lang.t("monthly-safe-few")),
            ],
            problems: if problems.is_empty() { none() } else { problems },
            cases: vec![Block::Paragraph(lang.t("monthly-safe-cases"))],
            advice: advice(lang, &order),
        };
        Self { month: facts.month, sections: sections(lang, parts) }
    }

    /// The document.
    #[must_use]
    pub fn document(self, service: &Service, lang: Lang, now: DateTime<Utc>) -> Document {
        document(service, lang, now, self.month, "monthly-for-agencies", self.sections)
    }
}
