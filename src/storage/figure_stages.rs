//! How far the violations of a period came, and when: asked about, explained, closed.

use super::figures::Period;
use super::param::params;
use super::statements::statements;
use super::{Result, Tx, figure_violations};
use chrono::{DateTime, Utc};

/// When something began and ended.
pub type Between = (DateTime<Utc>, DateTime<Utc>);

statements! {
    // From the items on, in this order (CROSS JOIN is what keeps SQLite to it): few violations are asked about.
    ASKED = "SELECT i.violation_id, MIN(v.raised_at) AS begun, MIN(r.sent_at) AS ended
        FROM request_items i
        CROSS JOIN violations v
        CROSS JOIN explanation_requests r
        WHERE v.id = i.violation_id AND r.id = i.request_id
            AND v.raised_day >= $1 AND v.raised_day <= $2 AND v.severity >= 2 AND v.severity <= $3
        GROUP BY i.violation_id";
    EXPLAINED = "SELECT i.violation_id, MIN(r.sent_at) AS begun, MIN(a.answered_at) AS ended
        FROM request_items i
        JOIN violations v ON v.id = i.violation_id
        JOIN explanation_requests r ON r.id = i.request_id
        JOIN request_answers a ON a.request_id = i.request_id
        WHERE v.raised_day >= $1 AND v.raised_day <= $2 AND v.severity >= 2 AND v.severity <= $3
        GROUP BY i.violation_id";
    CLOSED = "SELECT raised_at AS begun, closed_at AS ended FROM violations
        WHERE raised_day >= $1 AND raised_day <= $2 AND severity >= 2 AND severity <= $3 AND closed_at IS NOT NULL
        ORDER BY raised_day DESC LIMIT $4";
}

async fn between(tx: &mut Tx, statement: &'static str, (from, to): Period, ceiling: u8) -> Result<Vec<Between>> {
    let rows = tx.fetch_all(statement, params![from, to, i64::from(ceiling)]).await?;
    rows.iter().map(|row| Ok((row.get("begun")?, row.get("ended")?))).collect()
}

/// For each violation that an agency was asked about: when it was raised, and when the first request was sent.
///
/// # Errors
/// When the store fails.
pub async fn asked(tx: &mut Tx, period: Period, ceiling: u8) -> Result<Vec<Between>> {
    between(tx, ASKED, period, ceiling).await
}

/// For each that was explained: when the first request was sent, and when it was first answered.
///
/// # Errors
/// When the store fails.
pub async fn explained(tx: &mut Tx, period: Period, ceiling: u8) -> Result<Vec<Between>> {
    between(tx, EXPLAINED, period, ceiling).await
}

/// How many are closed; and of the newest, at most `limit`, when they were raised and closed.
///
/// # Errors
/// When the store fails.
pub async fn closed(tx: &mut Tx, period: Period, ceiling: u8, limit: i64) -> Result<(i64, Vec<Between>)> {
    let count = figure_violations::closed(tx, (period, ceiling)).await?;
    let rows = tx.fetch_all(CLOSED, params![period.0, period.1, i64::from(ceiling), limit]).await?;
    let rows = rows.iter().map(|row| Ok((row.get("begun")?, row.get("ended")?)));
    Ok((count, rows.collect::<Result<_>>()?))
}
