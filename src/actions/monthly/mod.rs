//! The monthly report, in the order of an official document: 总体情况, 主要数据, 突出问题, 典型情形, 下步建议.
//!
//! There are two, of different types: [`InternalReport`] is made of the district's figures, [`AgencySafeReport`] only of [`AgencySafeFacts`], which
//! have no field for anything that rests on a report. What is internal cannot be put into the safe one by mistake: it does not fit.

mod internal;
mod safe;

pub use internal::InternalReport;
pub use safe::{AgencySafeFacts, AgencySafeReport};

use super::export::Made;
use super::{ActionError, Result, Service};
use crate::domain::document::{Block, Document, Section};
use crate::domain::figures::month_end;
use crate::domain::violation::{RuleCode, Severity};
use crate::i18n::Lang;
use crate::print::{document_pdf, docx};
use crate::storage::Tx;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Who may read a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// Supervisors.
    Internal,
    /// Any agency too.
    Agencies,
}

/// The kind of a document's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// Word.
    Docx,
    /// PDF.
    Pdf,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monthly {
    /// The first day of the month.
    pub month: NaiveDate,
    /// For whom.
    pub reader: Reader,
    /// As what.
    pub paper: Paper,
    /// The gravest violation that whoever asks may see.
    pub ceiling: Severity,
}

/// Makes the report of a month.
///
/// # Errors
/// When the store fails or the file cannot be written.
pub async fn monthly(tx: &mut Tx, service: &Service, asked: Monthly, lang: Lang, now: DateTime<Utc>) -> Result<Made> {
    let period = (asked.month, month_end(asked.month));
    let document = match asked.reader {
        Reader::Internal => InternalReport::read(tx, service, period, asked.ceiling, lang, now).await?.document(),
        Reader::Agencies => {
            let facts = AgencySafeFacts::read(tx, service, period).await?;
            AgencySafeReport::new(&facts, lang).document(service, lang, now)
        }
    };
    let (media_type, extension, bytes) = match asked.paper {
        Paper::Docx => {
            let bytes = docx::docx(&document).map_err(|e| ActionError::Internal(e.to_string()))?;
            (docx::MEDIA_TYPE, "docx", bytes)
        }
        Paper::Pdf => ("application/pdf", "pdf", document_pdf::pdf(&document, now)),
    };
    Ok(Made { name: format!("{}.{extension}", document.title), media_type, bytes })
}

/// The five sections in their order.
struct Parts {
    overview: Vec<Block>,
    data: Vec<Block>,
    problems: Vec<Block>,
    cases: Vec<Block>,
    advice: Vec<Block>,
}

fn sections(lang: Lang, parts: Parts) -> Vec<Section> {
    let named = [
        ("overview", parts.overview),
        ("data", parts.data),
        ("problems", parts.problems),
        ("cases", parts.cases),
        ("advice", parts.advice),
    ];
    let section = |(key, blocks): (&str, Vec<Block>)| Section { heading: lang.t(&format!("monthly-{key}")), blocks };
    named.into_iter().map(section).collect()
}

/// The title, the mark of its readers, and the closing line around sections.
fn document(
    service: &Service,
    lang: Lang,
    now: DateTime<Utc>,
    month: NaiveDate,
    mark: &str,
    sections: Vec<Section>,
) -> Document {
    let (district, zone) = (&service.settings.district, service.settings.zone);
    let name = lang.month(month.year(), month.month());
    Document {
        title: lang.ta("monthly-title", &[("district", district), ("month", &name), ("for", &lang.t(mark))]),
        mark: lang.t(mark),
        closing: format!("{district}　{}", lang.date(zone.local_date(now), NaiveDate::MIN)),
        sections,
    }
}

/// What to do about the rule that fired most.
fn advice(lang: Lang, rules: &[RuleCode]) -> Vec<Block> {
    let family = |rule: &RuleCode| rule.as_str().split('-').next().unwrap_or_default().to_lowercase();
    let mut keys: Vec<String> = rules.iter().map(|rule| format!("monthly-advice-{}", family(rule))).collect();
    keys.dedup();
    let mut words: Vec<String> = keys.iter().filter_map(|key| lang.maybe(key, &[])).take(3).collect();
    words.push(lang.t("monthly-advice-always"));
    let numbered = |(n, words): (usize, &String)| {
        Block::Paragraph(format!("{}{words}", lang.ta("monthly-nth", &[("n", &(n + 1))])))
    };
    words.iter().enumerate().map(numbered).collect()
}
