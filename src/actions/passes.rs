//! What a browser does before something is sent again, and the *pass* that it brings back: until when it was to wait, or what it was to work out,
//! signed together with what it is for. So a pass serves one thing only, on whichever server it comes back, and nothing of it is stored.

use super::Service;
use crate::domain::audit_chain::hex;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// How long after its wait something can be sent, and how long a piece of work can be handed in. Later there is a new one.
pub const PASS_LASTS: TimeDelta = TimeDelta::minutes(30);

/// Bytes of a signature. A piece of work begins with it, so that it fits into one block of SHA-256 with the answer.
const MAC_BYTES: usize = 16;

/// What the browser is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What it sends along.
    pub pass: String,
    /// What it does first.
    pub task: Task,
}

/// What a browser does before something is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// It waits.
    Wait {
        /// Seconds that are left.
        seconds: i64,
    },
    /// It looks for a number: the SHA-256 of `seed:number` begins with so many zero bits.
    Work {
        /// What is hashed before the number.
        seed: String,
        /// Zero bits.
        bits: u32,
    },
}

/// A pass that we signed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pass {
    Wait {
        ready: DateTime<Utc>,
    },
    Work {
        bits: u32,
        expires: DateTime<Utc>,
        seed: [u8; MAC_BYTES],
    },
    /// Nothing is asked until then.
    Open {
        expires: DateTime<Utc>,
    },
}

impl Pass {
    pub(super) fn waited(self, now: DateTime<Utc>) -> bool {
        matches!(self, Self::Wait { ready } if ready <= now && now < ready + PASS_LASTS)
    }

    pub(super) fn opens(self, now: DateTime<Utc>) -> bool {
        matches!(self, Self::Open { expires } if now < expires)
    }

    pub(super) fn solved(self, answer: &str, now: DateTime<Utc>) -> bool {
        let Self::Work { bits, expires, seed } = self else { return false };
        let number = (1..=15).contains(&answer.len()) && answer.bytes().all(|byte| byte.is_ascii_digit());
        number && now < expires && zero_bits(&Sha256::digest(format!("{}:{answer}", hex(&seed)))) >= bits
    }
}

/// Signs and reads the passes of one thing, which these parts name.
pub(super) struct Signer<'a> {
    service: &'a Service,
    parts: &'a [&'a str],
}

impl<'a> Signer<'a> {
    pub(super) const fn new(service: &'a Service, parts: &'a [&'a str]) -> Self {
        Self { service, parts }
    }

    /// The signature of the pass that begins so.
    fn mac(&self, head: &str) -> [u8; MAC_BYTES] {
        let mut parts = vec!["pass"];
        parts.extend(self.parts);
        parts.push(head);
        let whole = signed(self.service, &parts);
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&whole[..MAC_BYTES]);
        mac
    }

    pub(super) fn wait(&self, ready: DateTime<Utc>, now: DateTime<Utc>) -> Ask {
        let head = format!("wait.{}", ready.timestamp());
        let seconds = ((ready - now).num_milliseconds() + 999) / 1000;
        Ask { pass: format!("{head}.{}", hex(&self.mac(&head))), task: Task::Wait { seconds } }
    }

    pub(super) fn work(&self, bits: u32, expires: DateTime<Utc>) -> Ask {
        let head = format!("work.{bits}.{}", expires.timestamp());
        let seed = hex(&self.mac(&head));
        Ask { pass: format!("{head}.{seed}"), task: Task::Work { seed, bits } }
    }

    pub(super) fn open(&self, expires: DateTime<Utc>) -> String {
        let head = format!("open.{}", expires.timestamp());
        format!("{head}.{}", hex(&self.mac(&head)))
    }

    /// A pass of ours for this; `None` for any other text.
    pub(super) fn read(&self, pass: &str) -> Option<Pass> {
        let (head, mac) = pass.rsplit_once('.')?;
        let own = self.mac(head);
        // Every byte is looked at, so that the time tells nothing.
        let text = hex(&own);
        let differs = text.bytes().zip(mac.bytes()).fold(text.len() ^ mac.len(), |d, (a, b)| d | usize::from(a ^ b));
        if differs != 0 {
            return None;
        }
        let instant = |text: &str| text.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        match head.split('.').collect::<Vec<_>>()[..] {
            ["wait", ready] => Some(Pass::Wait { ready: instant(ready)? }),
            ["open", expires] => Some(Pass::Open { expires: instant(expires)? }),
            ["work", bits, expires] => {
                Some(Pass::Work { bits: bits.parse().ok()?, expires: instant(expires)?, seed: own })
            }
            _ => None,
        }
    }
}

/// HMAC-SHA-256 of these parts by the contact key, apart from everything else that it is for.
pub(super) fn signed(service: &Service, parts: &[&str]) -> [u8; 32] {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&service.settings.contact_key) else { return [0; 32] };
    mac.update(b"open form");
    for part in parts {
        mac.update(&[0]);
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

pub(super) fn whole_second(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now)
}

fn zero_bits(hash: &[u8]) -> u32 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    let next = hash.get(whole).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(whole).unwrap_or(u32::MAX) * 8 + next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zero_bits_are_counted_over_bytes() {
        assert_eq!(zero_bits(&[0, 0, 0x1f]), 19);
        assert_eq!(zero_bits(&[0x80]), 0);
        assert_eq!(zero_bits(&[0, 0]), 16);
    }
}
