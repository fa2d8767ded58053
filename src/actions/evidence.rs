//! The evidence pack of a violation: what happened, the rule with its version, what the rule used, the timeline, the filings, who was mailed, as a
//! document, and as an archive with a manifest of the hash of every file in it. For supervisors.

use super::export::Made;
use super::{ActionError, Result, Service};
use crate::domain::document::{Block, Document, Section};
use crate::domain::id::ViolationId;
use crate::domain::notice::case_number;
use crate::domain::violation::{Severity, Subject};
use crate::i18n::Lang;
use crate::i18n::facts::Facts;
use crate::print::document_pdf;
use crate::print::table::{Cell, Format, Table, TableError};
use crate::storage::cases::{answers, appeals, decisions, items, mails, requests};
use crate::storage::filings::Scope;
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, alerts, audit, enterprises, files, filing_search, users, violation_lists};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The kind of a pack's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pack {
    /// The document alone.
    Pdf,
    /// The document with the data, and a manifest of hashes.
    Zip,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The violation.
    pub violation: ViolationId,
    /// The gravest that whoever asks may see.
    pub ceiling: Severity,
    /// As what.
    pub pack: Pack,
}

/// A table of the pack: heads and rows.
struct Sheet {
    name: &'static str,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Makes the pack.
///
/// # Errors
/// [`ActionError::NotFound`] when there is no such violation for this reader; otherwise when the store fails or the file cannot be written.
pub async fn evidence(tx: &mut Tx, service: &Service, asked: Evidence, lang: Lang, now: DateTime<Utc>) -> Result<Made> {
    let found = violation_lists::get_visible(tx, asked.violation, asked.ceiling).await?;
    let violation = found.ok_or(ActionError::NotFound("violation"))?;
    let snapshot = service.snapshot(tx).await?;
    let facts = Facts { lang, registries: &snapshot.registries, now };
    let number = case_number(violation.id);
    let (explanation, attachments) = explanation(tx, &facts, &violation, now).await?;
    let sheets = [
        timeline(tx, &facts, &violation).await?,
        filings(tx, &facts, &violation).await?,
        explanation,
        decisions(tx, &facts, &violation).await?,
        mails(tx, &facts, &violation).await?,
    ];
    let version = snapshot.policies.versions().iter().find(|version| version.id == violation.policy);
    let rule = version.map(|version| lang.rule_text(violation.rule, &version.policy)).unwrap_or_default();
    let from = version.map(|version| version.effective_from.to_string()).unwrap_or_default();
    let enterprise = enterprises::get(tx, violation.enterprise).await?.map(|one| one.name).unwrap_or_default();
    let mut lines = vec![
        (lang.t("exports-number"), number.clone()),
        (lang.t("rule"), format!("{} {}", violation.rule, lang.rule_name(violation.rule))),
        (lang.t("severity"), lang.severity(violation.severity)),
        (lang.t("state"), lang.violation_state(violation.state)),
        (lang.t("agency"), violation.agency.map_or_else(|| lang.t("agency-not-told"), |id| facts.agency(id))),
        (lang.t("enterprise"), enterprise),
        (lang.t("raised"), time(&facts, violation.raised_at)),
        (lang.t("exports-why"), facts.sentence(&violation.inputs)),
    ];
    if !violation.decision_reason.is_empty() {
        lines.push((lang.t("evidence-reason"), violation.decision_reason.clone()));
    }
    let inputs = serde_json::to_string_pretty(&violation.inputs).map_err(internal)?;
    let document = document(service, lang, now, &number, &lines, (&rule, &from, &inputs), &sheets);
    let pdf = document_pdf::pdf(&document, now);
    if asked.pack == Pack::Pdf {
        return Ok(Made { name: format!("{}.pdf", document.title), media_type: "application/pdf", bytes: pdf });
    }
    let facts_file = json!({
        "number": number, "violation": violation.id, "rule": violation.rule, "severity": violation.severity,
        "state": violation.state, "policy": violation.policy, "policy_effective_from": from, "rule_text": rule,
        "inputs": violation.inputs, "evidence": violation.evidence, "raised_at": violation.raised_at,
        "decided_at": violation.decided_at, "version": violation.version, "made_at": now,
    });
    let mut files = vec![
        ("evidence.pdf".to_owned(), pdf),
        ("facts.json".to_owned(), serde_json::to_vec_pretty(&facts_file).map_err(internal)?),
    ];
    for sheet in &sheets {
        files.push((format!("{}.csv", sheet.name), csv(sheet).map_err(internal)?));
    }
    files.extend(attachments);
    let bytes = archive(&files).map_err(internal)?;
    Ok(Made { name: format!("{}.zip", document.title), media_type: "application/zip", bytes })
}

fn internal(error: impl std::fmt::Display) -> ActionError {
    ActionError::Internal(error.to_string())
}

fn time(facts: &Facts<'_>, at: DateTime<Utc>) -> String {
    facts.registries.zone.local(at).format("%Y-%m-%d %H:%M:%S").to_string()
}

async fn timeline(tx: &mut Tx, facts: &Facts<'_>, violation: &ViolationRecord) -> Result<Sheet> {
    let people = users::list(tx).await?;
    let mut rows = audit::by_object(tx, violation.id.0).await?;
    rows.extend(audit::by_object(tx, violation.subject.uuid()).await?);
    rows.sort_by_key(|row| (row.at, row.id));
    let lang = facts.lang;
    let line = |row: &audit::AuditRow| {
        let name = people.iter().find(|user| user.id.to_string() == row.actor).map(|user| user.name.clone());
        let kind = lang.maybe(&format!("actor-{}", row.actor_kind), &[]).unwrap_or_else(|| row.actor_kind.clone());
        let action = lang.maybe(&format!("audit-{}", row.action.replace(['.', '_'], "-")), &[]);
        vec![time(facts, row.at), name.unwrap_or(kind), action.unwrap_or_else(|| row.action.clone())]
    };
    let heads = ["exports-at", "exports-actor", "exports-action"].map(|key| lang.t(key)).to_vec();
    Ok(Sheet { name: "timeline", heads, rows: rows.iter().map(line).collect() })
}

async fn filings(tx: &mut Tx, facts: &Facts<'_>, violation: &ViolationRecord) -> Result<Sheet> {
    let lang = facts.lang;
    let mut ids = violation.evidence.clone();
    if let Subject::Filing(id) = violation.subject {
        ids.insert(0, id);
    }
    let mut rows = Vec::new();
    for id in ids {
        let Some(found) = filing_search::get(tx, id, Scope::All).await? else { continue };
        let filing = &found.record.filing;
        rows.push(vec![
            found.record.number.clone(),
            facts.agency(filing.agency),
            lang.kind(filing.kind),
            time(facts, filing.filed_at),
            time(facts, filing.planned.start()),
            filing.arrived_at.map(|at| time(facts, at)).unwrap_or_default(),
        ]);
    }
    let heads = ["filing-number", "agency", "kind", "evidence-filed", "evidence-planned", "exports-arrived"];
    Ok(Sheet { name: "filings", heads: heads.map(|key| lang.t(key)).to_vec(), rows })
}

async fn mails(tx: &mut Tx, facts: &Facts<'_>, violation: &ViolationRecord) -> Result<Sheet> {
    let lang = facts.lang;
    let sent = alerts::deliveries(tx, violation.id).await?;
    let rows = sent.iter().map(|one| {
        let state = one.mail_state.map_or_else(
            || lang.t(&format!("mail-alert-state-{}", one.alert)),
            |state| lang.t(&format!("mail-state-{state}")),
        );
        let sent = one.sent_at.map(|at| time(facts, at)).unwrap_or_default();
        vec![one.recipient.clone(), lang.t(&format!("severity-{}", one.severity)), state, sent]
    });
    let mut rows: Vec<_> = rows.collect();
    for request in requests::of_violation(tx, violation.id).await? {
        for mail in mails::of_subject(tx, Subject::Request(request.id)).await? {
            let sent = mail.sent_at.map(|at| time(facts, at)).unwrap_or_default();
            rows.push(vec![mail.recipient, mail.title, lang.t(&format!("mail-state-{}", mail.state)), sent]);
        }
    }
    let heads = ["mail-recipient", "evidence-about", "state", "evidence-sent"].map(|key| lang.t(key)).to_vec();
    Ok(Sheet { name: "mails", heads, rows })
}

/// What is there of some words, one after the other.
fn joined(words: &[&str]) -> String {
    words.iter().filter(|words| !words.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// What the agency was asked and answered, its appeals, and the files that it attached, numbered so that no two have one name.
async fn explanation(
    tx: &mut Tx,
    facts: &Facts<'_>,
    violation: &ViolationRecord,
    now: DateTime<Utc>,
) -> Result<(Sheet, Vec<(String, Vec<u8>)>)> {
    let lang = facts.lang;
    let (mut rows, mut attached) = (Vec::new(), Vec::new());
    let appeals = appeals::of_violation(tx, violation.id).await?;
    for request in requests::of_violation(tx, violation.id).await? {
        let given = answers::files(tx, request.id).await?;
        let row = |what: &str, at: DateTime<Utc>, words: String| {
            vec![request.number.clone(), lang.t(what), time(facts, at), words]
        };
        let asked = items::of_request(tx, request.id).await?.into_iter().find(|item| item.violation == violation.id);
        let asked = asked.map(|item| item.asked[usize::from(lang == Lang::En)].clone()).unwrap_or_default();
        rows.push(row("evidence-asked", request.sent_at, asked));
        for answer in answers::of_request(tx, request.id).await? {
            let choice = lang.t(&format!("answer-{}", answer.choice));
            rows.push(row(
                "evidence-answered",
                answer.answered_at,
                joined(&[&choice, &answer.words, &answer.document]),
            ));
            for file in given.iter().filter(|file| file.answer == answer.id) {
                let Some(kept) = files::get(tx, file.file, now).await? else { continue };
                let name: String =
                    file.name.chars().map(|c| if matches!(c, '/' | '\\' | ':') { '_' } else { c }).collect();
                let path = format!("attachments/{:02}-{name}", attached.len() + 1);
                rows.push(row("evidence-attached", answer.answered_at, path.clone()));
                attached.push((path, files::bytes(tx, &kept).await?));
            }
            if let Some((at, verdict)) = answer.verdict_at.zip(answer.verdict) {
                let verdict = lang.t(&format!("request-{verdict}"));
                rows.push(row("evidence-judged", at, joined(&[&verdict, &answer.verdict_words])));
            }
        }
        for appeal in appeals.iter().filter(|appeal| appeal.request == request.id) {
            rows.push(row("evidence-appealed", appeal.asked_at, appeal.words.clone()));
            if let Some(at) = appeal.decided_at {
                let state = lang.t(&format!("appeal-{}", appeal.state));
                rows.push(row("evidence-judged", at, joined(&[&state, &appeal.reply])));
            }
        }
    }
    let heads = ["exports-number", "evidence-what", "exports-at", "evidence-value"].map(|key| lang.t(key)).to_vec();
    Ok((Sheet { name: "explanation", heads, rows }, attached))
}

async fn decisions(tx: &mut Tx, facts: &Facts<'_>, violation: &ViolationRecord) -> Result<Sheet> {
    let (lang, people) = (facts.lang, users::list(tx).await?);
    let rows = decisions::of_violation(tx, violation.id).await?.into_iter().map(|decision| {
        let by = people.iter().find(|user| Some(user.id) == decision.decided_by).map(|user| user.name.clone());
        vec![
            time(facts, decision.decided_at),
            by.unwrap_or_default(),
            lang.decision(decision.kind),
            decision.reason,
            decision.undone_at.map(|at| time(facts, at)).unwrap_or_default(),
        ]
    });
    let heads = ["exports-at", "exports-actor", "exports-action", "evidence-reason", "evidence-undone"];
    Ok(Sheet { name: "decisions", heads: heads.map(|key| lang.t(key)).to_vec(), rows: rows.collect() })
}

fn document(
    service: &Service,
    lang: Lang,
    now: DateTime<Utc>,
    number: &str,
    lines: &[(String, String)],
    (rule, from, inputs): (&str, &str, &str),
    sheets: &[Sheet],
) -> Document {
    let zone = service.settings.zone;
    let heads = vec![lang.t("evidence-what"), lang.t("evidence-value")];
    let rows = lines.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect();
    let section = |key: &str, blocks| Section { heading: lang.t(key), blocks };
    let mut sections = vec![
        section("evidence-facts", vec![Block::Table { heads, rows }]),
        section(
            "evidence-rule",
            vec![
                Block::Paragraph(rule.to_owned()),
                Block::Paragraph(lang.ta("evidence-version", &[("from", &from)])),
                Block::Paragraph(inputs.split_whitespace().collect::<Vec<_>>().join(" ")),
            ],
        ),
    ];
    for sheet in sheets {
        let table = Block::Table { heads: sheet.heads.clone(), rows: sheet.rows.clone() };
        let none = Block::Paragraph(lang.t("evidence-none"));
        let block = if sheet.rows.is_empty() { none } else { table };
        sections.push(section(&format!("evidence-{}", sheet.name), vec![block]));
    }
    Document {
        title: lang.ta("evidence-title", &[("number", &number)]),
        mark: lang.t("monthly-internal"),
        closing: format!("{}　{}", service.settings.district, zone.local(now).format("%Y-%m-%d %H:%M")),
        sections,
    }
}

fn csv(sheet: &Sheet) -> std::result::Result<Vec<u8>, TableError> {
    let mut table = Table::new(Format::Csv, &sheet.heads)?;
    for row in &sheet.rows {
        table.row(&row.iter().map(|text| Cell::from(text.as_str())).collect::<Vec<_>>())?;
    }
    table.bytes()
}

/// The files with `manifest.json`: name, bytes and SHA-256 of each.
fn archive(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let entry = |(name, bytes): &(String, Vec<u8>)| {
        let hash = Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        json!({ "name": name, "bytes": bytes.len(), "sha256": hash })
    };
    let manifest = json!({ "files": files.iter().map(entry).collect::<Vec<_>>() });
    let manifest = ("manifest.json".to_owned(), serde_json::to_vec_pretty(&manifest)?);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files.iter().chain(std::iter::once(&manifest)) {
        archive.start_file(name, SimpleFileOptions::default()).map_err(std::io::Error::other)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish().map_err(std::io::Error::other)?.into_inner())
}
