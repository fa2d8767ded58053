//! The audit as a chain of hashes, and the checkpoints that fix how far it was.
//!
//! `hash(n) = SHA-256(hash(n-1) ‖ entry)`, each field of the entry preceded by its length, so that no two entries have one text.
//! Whoever changes, removes, inserts or swaps an entry must write every later hash anew; a checkpoint that left the machine tells.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A hash of the chain.
pub type Hash = [u8; 32];

/// What stands before the first entry.
pub const START: Hash = [0; 32];

/// The facts of an entry that its hash covers: all of them.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Identity.
    pub id: Uuid,
    /// When; milliseconds count.
    pub at: DateTime<Utc>,
    /// Kind of actor.
    pub actor_kind: &'a str,
    /// Which one of its kind.
    pub actor: &'a str,
    /// What was done.
    pub action: &'a str,
    /// Kind of object.
    pub object_kind: &'a str,
    /// Which object.
    pub object_id: Option<Uuid>,
    /// What changed; members count in the order of their names.
    pub detail: &'a Value,
}

/// The hash of an entry behind `before`.
#[must_use]
pub fn link(before: &Hash, entry: &Entry<'_>) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before);
    let mut field = |bytes: &[u8]| {
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    };
    field(entry.id.as_bytes());
    field(&entry.at.timestamp_millis().to_be_bytes());
    for text in [entry.actor_kind, entry.actor, entry.action, entry.object_kind] {
        field(text.as_bytes());
    }
    field(entry.object_id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    field(entry.detail.to_string().as_bytes());
    hasher.finalize().into()
}

/// How far the chain was at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The number of the last entry.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
    /// When the checkpoint was made.
    pub at: DateTime<Utc>,
}

impl Checkpoint {
    /// What is signed.
    #[must_use]
    pub fn message(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        format!("mashang audit checkpoint\n{}\n{}\n{at}\n", self.seq, hex(&self.hash))
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The inverse of [`hex`].
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::{Checkpoint, Entry, START, hex, link, unhex};
    use chrono::DateTime;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn no_two_entries_have_one_hash_by_moving_a_letter_from_field_to_field() {
        let detail = json!({ "b": 1, "a": 2 });
        let entry = |actor: &'static str, action: &'static str| Entry {
            id: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
            actor_kind: "user",
            actor,
            action,
            object_kind: "sign",
            object_id: None,
            detail: &detail,
        };
        let one = link(&START, &entry("ab", "c"));
        assert_ne!(one, link(&START, &entry("a", "bc")));
        assert_ne!(one, link(&one, &entry("ab", "c")), "what stands before counts");
        assert_eq!(one, link(&START, &entry("ab", "c")));
    }

    #[test]
    fn hexadecimal_digits_come_back() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert_eq!(unhex("000fff"), Some(vec![0, 15, 255]));
        assert_eq!((unhex("0"), unhex("0g")), (None, None));
    }

    #[test]
    fn a_checkpoint_is_signed_as_a_text_that_anybody_can_write_down() {
        let point = Checkpoint { seq: 7, hash: START, at: DateTime::UNIX_EPOCH };
        let lines: Vec<String> = point.message().lines().map(str::to_owned).collect();
        assert_eq!(lines, ["mashang audit checkpoint", "7", &"0".repeat(64), "1970-01-01T00:00:00.000Z"]);
    }
}
