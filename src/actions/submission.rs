//! Submission ids: a form or an API call that is sent again gets the answer that it got.

use super::{ActionError, Result};
use crate::storage::Tx;
use crate::storage::submissions::{self, Claim};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id that a form carries, within the scope of who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Whose key it is: a device, an enterprise, a token. Keys of different scopes never meet.
    pub scope: String,
    /// The submission id.
    pub key: String,
}

/// Takes the submission's key for a new object; if the same content was sent before, tells which object it became.
///
/// # Errors
/// [`ActionError::OtherContent`] when the key stands for other content; otherwise when the store fails.
pub async fn claim(
    tx: &mut Tx,
    now: DateTime<Utc>,
    submission: Option<&Submission>,
    content: &impl Serialize,
    object: Uuid,
) -> Result<Option<Uuid>> {
    let Some(submission) = submission else { return Ok(None) };
    let bytes = serde_json::to_vec(content).map_err(|e| ActionError::Internal(e.to_string()))?;
    let digest = Sha256::digest(&bytes);
    match submissions::claim(tx, &submission.scope, &submission.key, &digest, Some(object), now).await? {
        Claim::New => Ok(None),
        Claim::Same(stored) => Ok(stored.object),
        Claim::Other(stored) => Err(ActionError::OtherContent(stored.object)),
    }
}
