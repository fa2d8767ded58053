//! What the district requires for signing in.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};

statements! {
    GET = "SELECT second_step FROM sign_in_rules";
    SET = "UPDATE sign_in_rules SET second_step = $1";
}

/// Whether supervisors and administrators must have a second step.
///
/// # Errors
/// When the store fails.
pub async fn step_required(tx: &mut Tx) -> Result<bool> {
    tx.fetch_one(GET, params![]).await?.get("second_step")
}

/// Requires it of them, or no longer.
///
/// # Errors
/// When the store fails.
pub async fn set_step_required(tx: &mut Tx, required: bool) -> Result<()> {
    tx.execute_one("rule of signing in", SET, params![required]).await
}
