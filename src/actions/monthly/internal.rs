//! The report for supervisors: everything that they see themselves, suspected and confirmed apart, no enterprise named.

use super::{Parts, advice, sections};
use crate::actions::chain_audit::newest_checkpoint;
use crate::actions::figures::{District, district};
use crate::actions::{Result, Service};
use crate::domain::document::{Block, Document, Section};
use crate::domain::figures::per_mille;
use crate::domain::violation::{Severity, ViolationState};
use crate::i18n::Lang;
use crate::i18n::facts::Facts;
use crate::storage::Tx;
use crate::storage::violation_lists::{self, ViolationFilter};
use chrono::{DateTime, NaiveDate, Utc};

/// How many confirmed violations are told as examples.
const CASES: i64 = 5;

/// The report for supervisors.
#[derive(Clone, Debug)]
pub struct InternalReport {
    document: Document,
}

impl InternalReport {
    /// Reads and writes the report of a period.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(
        tx: &mut Tx,
        service: &Service,
        period: (NaiveDate, NaiveDate),
        ceiling: Severity,
        lang: Lang,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let figures = district(tx, service, period, ceiling, now).await?;
        let snapshot = service.snapshot(tx).await?;
        let facts = Facts { lang, registries: &snapshot.registries, now };
        let filter = ViolationFilter {
            ceiling,
            floor: Some(Severity::Warning),
            state: Some(ViolationState::Confirmed),
            rule: None,
            agency: None,
            enterprise: None,
            subject: None,
            stage: None,
            from: Some(period.0),
            to: Some(period.1),
        };
        let mut cases = Vec::new();
        for case in violation_lists::list(tx, &filter, None, CASES).await? {
            let agency = case.agency.map_or_else(|| lang.t("agency-not-told"), |id| facts.agency(id));
            let rule = lang.rule_name(case.rule);
            let why = facts.sentence(&case.inputs);
            cases.push(Block::Paragraph(
                lang.ta("monthly-case", &[("agency", &agency), ("rule", &rule), ("why", &why)]),
            ));
        }
        if cases.is_empty() {
            cases.push(Block::Paragraph(lang.t("monthly-no-cases")));
        }
        let mut rules = figures.rules.clone();
        rules.sort_by_key(|(_, standing)| std::cmp::Reverse((standing.confirmed, standing.suspected)));
        let order: Vec<_> = rules.iter().map(|(rule, _)| *rule).collect();
        let parts = Parts {
            overview: vec![Block::Paragraph(overview(lang, &figures))],
            data: data(lang, &facts, &figures),
            problems: rules
                .iter()
                .take(5)
                .map(|(rule, standing)| {
                    let name = format!("{rule} {}", lang.rule_name(*rule));
                    let values: [(&'static str, &dyn std::fmt::Display); 3] =
                        [("rule", &name), ("suspected", &standing.suspected), ("confirmed", &standing.confirmed)];
                    Block::Paragraph(lang.ta("monthly-rule", &values))
                })
                .collect(),
            cases,
            advice: advice(lang, &order),
        };
        let mut sections = sections(lang, parts);
        if let Some(line) = newest_checkpoint(tx).await? {
            let blocks = [lang.t("monthly-audit-words"), line].map(Block::Paragraph).to_vec();
            sections.push(Section { heading: lang.t("monthly-audit"), blocks });
        }
        Ok(Self { document: super::document(service, lang, now, period.0, "monthly-internal", sections) })
    }

    /// The document.
    #[must_use]
    pub fn document(self) -> Document {
        self.document
    }
}

fn overview(lang: Lang, figures: &District) -> String {
    lang.ta(
        "monthly-overview-words",
        &[
            ("agencies", &figures.units()),
            ("filed", &figures.sums.filed),
            ("arrived", &figures.sums.arrived),
            ("reports", &figures.reports),
            ("suspected", &figures.standing.suspected),
            ("confirmed", &figures.standing.confirmed),
            ("dismissed", &figures.standing.dismissed),
            ("urged", &figures.urged()),
        ],
    )
}

fn data(lang: Lang, facts: &Facts<'_>, figures: &District) -> Vec<Block> {
    let heads = [
        "agency",
        "figures-filed",
        "figures-arrived",
        "figures-suspected",
        "figures-confirmed",
        "figures-exempt-share",
    ];
    let shown: Vec<_> = figures.agencies.iter().filter(|one| one.sums.filed > 0 || one.standing.raised() > 0).collect();
    let rows = shown.iter().map(|one| {
        let share = per_mille(one.sums.exempt, one.sums.live());
        vec![
            facts.agency(one.agency),
            one.sums.filed.to_string(),
            one.sums.arrived.to_string(),
            one.standing.suspected.to_string(),
            one.standing.confirmed.to_string(),
            share.map_or_else(|| "–".to_owned(), |mille| format!("{}.{}%", mille / 10, mille % 10)),
        ]
    });
    let bars = shown.iter().map(|one| (facts.agency(one.agency), one.sums.filed)).collect();
    vec![
        Block::Table { heads: heads.map(|key| lang.t(key)).to_vec(), rows: rows.collect() },
        Block::Paragraph(lang.t("monthly-chart")),
        Block::Bars(bars),
    ]
}
