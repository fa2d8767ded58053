//! Randomness: ids, tokens and codes, from the operating system, or seeded so that tests can be repeated.

use crate::domain::sign_code::{InspectionCode, ReceiptNumber, ShortCode, SignToken};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Where ids come from. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Ids {
    /// The operating system's randomness.
    Random,
    /// A counter, mixed: the same sequence in each run.
    Seeded(Arc<AtomicU64>),
}

impl Ids {
    /// Repeatable ids.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// Fills `bytes` with randomness.
    ///
    /// # Panics
    /// When the operating system has no randomness: nothing that needs to be unguessable could be made then.
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            Self::Random => getrandom::fill(bytes).expect("the operating system provides randomness"),
            Self::Seeded(counter) => {
                for chunk in bytes.chunks_mut(8) {
                    let mixed = mix(counter.fetch_add(1, Ordering::Relaxed)).to_le_bytes();
                    chunk.copy_from_slice(&mixed[..chunk.len()]);
                }
            }
        }
    }

    /// 32 random bytes, for cookies and tokens.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }

    /// 16 random bytes, for codes.
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes
    }

    /// A random number.
    #[must_use]
    pub fn number(&self) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    /// A new id, ordered by time (UUID version 7).
    #[must_use]
    pub fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A new sign token.
    #[must_use]
    pub fn sign_token(&self) -> SignToken {
        SignToken::from_random(self.bytes())
    }

    /// A new short code.
    #[must_use]
    pub fn short_code(&self) -> ShortCode {
        ShortCode::from_random(self.bytes())
    }

    /// A new inspection code.
    #[must_use]
    pub fn inspection_code(&self) -> InspectionCode {
        InspectionCode::from_random(self.bytes())
    }

    /// A new receipt number.
    #[must_use]
    pub fn receipt_number(&self) -> ReceiptNumber {
        ReceiptNumber::from_random(self.bytes())
    }

    /// Four digits that an inspector tells the enterprise at the door.
    #[must_use]
    pub fn four_digits(&self) -> String {
        format!("{:04}", self.number() % 10_000)
    }
}

/// SplitMix64: spreads a counter over all bits.
const fn mix(counter: u64) -> u64 {
    let z = counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
