//! The codes by which enterprises that a search found are opened.

use super::param::Param;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::EnterpriseId;
use crate::domain::sign::{self, Opening, SignState};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// So many enterprises are asked for by one statement.
pub const ASKED: usize = 20;

statements! {
    OF_ENTERPRISES = "SELECT unit_id, token, state, grace_until FROM signs
        WHERE unit_kind = 'enterprise' AND unit_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        ORDER BY created_at, id";
}

/// The token of the oldest sign of each of these enterprises that opens at `now`; those without one are left out.
///
/// # Errors
/// When the store fails.
pub async fn tokens(
    tx: &mut Tx,
    enterprises: &[EnterpriseId],
    now: DateTime<Utc>,
) -> Result<HashMap<EnterpriseId, String>> {
    let mut tokens = HashMap::new();
    for some in enterprises.chunks(ASKED) {
        let bound: Vec<Param> = (0..ASKED).map(|nth| Param::from(some[nth.min(some.len() - 1)])).collect();
        for row in tx.fetch_all(OF_ENTERPRISES, &bound).await? {
            let state = row.code("state", SignState::parse)?;
            if sign::opening(state, row.get("grace_until")?, now) == Opening::Open {
                tokens.entry(row.id("unit_id")?).or_insert(row.get("token")?);
            }
        }
    }
    Ok(tokens)
}
