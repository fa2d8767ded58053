//! How often which door turned somebody away or made them wait: for whoever watches the machine. Counted by this process since it began; from
//! where, and at whose secret, is not kept here.

use super::limits::Door;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! held {
    ($($name:ident = $text:literal, $about:literal;)*) => {
        /// What held somebody up.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Held { $(#[doc = $about] $name,)* }

        impl Held {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, as metrics have it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

held! {
    Password = "password", "Wrong passwords at the sign-in.";
    SecondStep = "second_step", "Wrong second steps there.";
    Passkey = "passkey", "Wrong passkeys there.";
    Provider = "provider", "Codes of providers that led to nothing.";
    OwnPassword = "own_password", "Wrong passwords of who is signed in.";
    OwnSecondStep = "own_second_step", "Wrong codes of who is signed in.";
    PhonePin = "phone_pin", "Wrong PINs of inspectors' phones.";
    EnterprisePin = "enterprise_pin", "Wrong PINs of enterprises.";
    Digits = "digits", "Wrong digits of visitors.";
    Receipt = "receipt", "Wrong numbers of receipts.";
    Report = "report", "Reports of visits: to wait, to work, or held.";
    Urgent = "urgent", "Urgent filings of unknown phones: the same.";
    Hash = "hash", "Passwords and PINs that found no room to wait.";
    Go = "go", "Codes and names that are typed.";
    Suggest = "suggest", "The same while somebody types.";
    PasskeyChallenge = "passkey_challenge", "Challenges of passkeys.";
    WrongToken = "wrong_token", "Wrong tokens of the API.";
    ApiReads = "api_reads", "Lists and figures of the API.";
}

impl From<Door> for Held {
    fn from(door: Door) -> Self {
        match door {
            Door::Go => Self::Go,
            Door::Suggest => Self::Suggest,
            Door::PasskeyChallenge => Self::PasskeyChallenge,
            Door::WrongToken => Self::WrongToken,
        }
    }
}

/// What this process has counted. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct HeldUp {
    counts: Arc<[AtomicU64; Held::ALL.len()]>,
}

impl HeldUp {
    /// Counts one more.
    pub fn count(&self, by: impl Into<Held>) {
        let held: Held = by.into();
        if let Some(count) = self.counts.get(held as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many there were of each.
    pub fn all(&self) -> impl Iterator<Item = (Held, u64)> {
        Held::ALL.iter().zip(self.counts.iter()).map(|(held, count)| (*held, count.load(Ordering::Relaxed)))
    }
}
