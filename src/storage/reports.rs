//! Visit reports of enterprises. No agency role ever reads this table.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx};
use crate::domain::id::{EnterpriseId, FilingId, ReportId};
use crate::domain::reporter::Identity;
use crate::domain::visit_report::{Answer, ArrivalKnown, Report};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

/// A report as it is stored: what the rules see, and what pages need beside it.
#[derive(Clone, Debug)]
pub struct ReportRecord {
    /// What the rules see.
    pub report: Report,
    /// The sixteen digits by which the reporter looks it up.
    pub receipt: String,
    /// The agency in the reporter's words, when it could not be chosen from the list.
    pub agency_text: String,
    /// What happened, in the reporter's words.
    pub words: String,
    /// The server's clock was behind the newest row when it was received (时钟存疑).
    pub clock_doubtful: bool,
    /// How far the reporter lets it be known who they are.
    pub identity: Identity,
    /// The filing that it matches at present.
    pub matched_filing: Option<FilingId>,
    /// When the reporter took it back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Grows with each change.
    pub version: i64,
}

/// What a reporter added later.
#[derive(Clone, Debug)]
pub struct ReportNote {
    /// The words.
    pub words: String,
    /// The server's receipt time.
    pub created_at: DateTime<Utc>,
}

statements! {
    INSERT = "INSERT INTO reports (
            id, receipt, enterprise_id, agency_id, agency_text, seq, arrived_at, arrived_day, filed_at, verified, visitors,
            shown_certificate, shown_notice, documents_demanded, premises_inspected, rectification_asked, form_signed,
            prohibited, service, words, clock_doubtful, matters, arrival_known, linked_filing, matched_filing, withdrawn_at,
            version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            NULL, NULL, NULL, 1)";
    GET = "SELECT * FROM reports WHERE id = $1";
    BY_RECEIPT = "SELECT * FROM reports WHERE receipt = $1";
    DOSSIER = "SELECT * FROM reports WHERE enterprise_id = $1 AND arrived_day >= $2 AND NOT held ORDER BY filed_at, seq";
    SET_MATCHED = "UPDATE reports SET matched_filing = $2 WHERE id = $1";
    SET_LINKED = "UPDATE reports SET linked_filing = $2, version = version + 1 WHERE id = $1 AND version = $3";
    WITHDRAW = "UPDATE reports SET withdrawn_at = $2, version = version + 1 WHERE id = $1 AND withdrawn_at IS NULL";
    INSERT_NOTE = "INSERT INTO report_notes (id, report_id, words, created_at) VALUES ($1, $2, $3, $4)";
    NOTES = "SELECT words, created_at FROM report_notes WHERE report_id = $1 ORDER BY created_at, id";
    INSERT_CONTACT = "INSERT INTO report_contacts (report_id, sealed, created_at) VALUES ($1, $2, $3)";
    CONTACT = "SELECT sealed FROM report_contacts WHERE report_id = $1";
    HAS_CONTACT = "SELECT COUNT(*) AS n FROM report_contacts WHERE report_id = $1";
}

/// Stores a new report; `arrived_day` is the local date of its arrival.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, r: &ReportRecord, arrived_day: NaiveDate) -> Result<()> {
    let report = &r.report;
    tx.execute_one(
        "report",
        INSERT,
        params![
            report.id,
            &r.receipt,
            report.enterprise,
            report.agency,
            &r.agency_text,
            report.seq,
            report.arrived_at,
            arrived_day,
            report.filed_at,
            report.verified,
            report.visitors,
            report.shown_certificate.map(Answer::as_str),
            report.shown_notice.map(Answer::as_str),
            report.documents_demanded,
            report.premises_inspected,
            report.rectification_asked,
            report.form_signed,
            json!(report.prohibited),
            report.service,
            &r.words,
            r.clock_doubtful,
            json!(report.matters),
            report.arrival_known.as_str(),
        ],
    )
    .await
}

/// One report.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: ReportId) -> Result<Option<ReportRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// One report by the sixteen digits of its receipt.
///
/// # Errors
/// When the store fails.
pub async fn by_receipt(tx: &mut Tx, receipt: &str) -> Result<Option<ReportRecord>> {
    tx.fetch_optional(BY_RECEIPT, params![receipt]).await?.as_ref().map(from_row).transpose()
}

/// An enterprise's reports of arrivals on `from` or later, in order of acceptance, without those that are held.
///
/// # Errors
/// When the store fails.
pub async fn dossier(tx: &mut Tx, enterprise: EnterpriseId, from: NaiveDate) -> Result<Vec<ReportRecord>> {
    tx.fetch_all(DOSSIER, params![enterprise, from]).await?.iter().map(from_row).collect()
}

/// Remembers which filing a report matches. It is derived, so it changes no version.
///
/// # Errors
/// When the store fails.
pub async fn set_matched(tx: &mut Tx, id: ReportId, filing: Option<FilingId>) -> Result<()> {
    tx.later("report", SET_MATCHED, params![id, filing]).await
}

/// Links a report to a filing by hand.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since; otherwise when the store fails.
pub async fn set_linked(tx: &mut Tx, id: ReportId, filing: Option<FilingId>, version: i64) -> Result<()> {
    tx.execute_one("report", SET_LINKED, params![id, filing, version]).await
}

/// Takes a report back; returns whether it was still standing.
///
/// # Errors
/// When the store fails.
pub async fn withdraw(tx: &mut Tx, id: ReportId, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(WITHDRAW, params![id, now]).await? == 1)
}

/// Adds the reporter's later words.
///
/// # Errors
/// When the store fails.
pub async fn add_note(tx: &mut Tx, id: Uuid, report: ReportId, words: &str, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("report note", INSERT_NOTE, params![id, report, words, now]).await
}

/// The reporter's later words, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn notes(tx: &mut Tx, report: ReportId) -> Result<Vec<ReportNote>> {
    let rows = tx.fetch_all(NOTES, params![report]).await?;
    rows.iter().map(|row| Ok(ReportNote { words: row.get("words")?, created_at: row.get("created_at")? })).collect()
}

/// Stores how the reporter may be reached, encrypted.
///
/// # Errors
/// When the store fails.
pub async fn add_contact(tx: &mut Tx, report: ReportId, sealed: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("report contact", INSERT_CONTACT, params![report, sealed, now]).await
}

/// Whether the reporter left a contact.
///
/// # Errors
/// When the store fails.
pub async fn has_contact(tx: &mut Tx, report: ReportId) -> Result<bool> {
    Ok(tx.fetch_one(HAS_CONTACT, params![report]).await?.get::<i64>("n")? > 0)
}

/// The sealed contact of a report.
///
/// # Errors
/// When the store fails.
pub async fn contact(tx: &mut Tx, report: ReportId) -> Result<Option<Vec<u8>>> {
    tx.fetch_optional(CONTACT, params![report]).await?.map(|row| row.get("sealed")).transpose()
}

/// Reads a whole row of `reports`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<ReportRecord> {
    let visitors: Option<i64> = row.get("visitors")?;
    let withdrawn_at: Option<DateTime<Utc>> = row.get("withdrawn_at")?;
    let report = Report {
        id: row.id("id")?,
        seq: row.get("seq")?,
        enterprise: row.id("enterprise_id")?,
        agency: row.id_opt("agency_id")?,
        arrived_at: row.get("arrived_at")?,
        arrival_known: row.code("arrival_known", ArrivalKnown::parse)?,
        filed_at: row.get("filed_at")?,
        verified: row.get("verified")?,
        visitors: visitors
            .map(|n| u32::try_from(n).map_err(|_| StorageError::Unreadable { what: "visitors", value: n.to_string() }))
            .transpose()?,
        shown_certificate: row.code_opt("shown_certificate", Answer::parse)?,
        shown_notice: row.code_opt("shown_notice", Answer::parse)?,
        documents_demanded: row.get("documents_demanded")?,
        premises_inspected: row.get("premises_inspected")?,
        rectification_asked: row.get("rectification_asked")?,
        form_signed: row.get("form_signed")?,
        prohibited: row.json("prohibited")?,
        service: row.get("service")?,
        matters: row.json("matters")?,
        linked_filing: row.id_opt("linked_filing")?,
        withdrawn: withdrawn_at.is_some(),
    };
    Ok(ReportRecord {
        report,
        receipt: row.get("receipt")?,
        agency_text: row.get("agency_text")?,
        words: row.get("words")?,
        clock_doubtful: row.get("clock_doubtful")?,
        identity: row.code("identity", Identity::parse)?,
        matched_filing: row.id_opt("matched_filing")?,
        withdrawn_at,
        version: row.get("version")?,
    })
}
