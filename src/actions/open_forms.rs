//! Letting an open form in: counted by its network and its enterprise, told to wait, given a piece of work, or held. None is refused.
//!
//! What a browser was told travels with the form as a *pass*: until when it was to wait, or what it was to work out, signed together with the
//! submission id. So a pass serves one submission only, on whichever server it comes back, and nothing of it is stored.

use super::{ActionError, Result, Service, Submission};
use crate::domain::audit_chain::hex;
use crate::domain::id::EnterpriseId;
use crate::domain::open_form::{CODE_WINDOW, Grade, NETWORK_WINDOW, OpenForm, code_is_full, grade};
use crate::storage::{Tx, open_form_counts, submissions};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest, Sha256};

/// How long after its wait a form can be sent, and how long a piece of work can be handed in. Later there is a new one.
const PASS_LASTS: TimeDelta = TimeDelta::minutes(30);

/// Counts are let go after this long.
pub const KEEP_COUNTS: TimeDelta = TimeDelta::hours(25);

/// Bytes of a signature. A piece of work begins with it, so that it fits into one block of SHA-256 with the answer.
const MAC_BYTES: usize = 16;

/// An open form that somebody sends.
#[derive(Clone, Copy, Debug)]
pub struct OpenSubmission<'a> {
    /// Which form.
    pub form: OpenForm,
    /// From where, as [`masked`] tells it.
    pub network: &'a str,
    /// The enterprise whose code was scanned.
    pub enterprise: EnterpriseId,
    /// The submission id.
    pub submission: &'a Submission,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is accepted as any other.
    Accept,
    /// It is accepted and held.
    Hold,
    /// It is to come again with this pass.
    Ask(Ask),
}

/// What the browser is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What it sends along.
    pub pass: String,
    /// What it does first.
    pub task: Task,
}

/// What a browser does before a form is sent again.
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

/// What forms of a network are counted under: nobody can read the network out of it.
#[must_use]
pub fn masked(service: &Service, network: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(service.settings.contact_key);
    hasher.update(network.as_bytes());
    hex(&hasher.finalize()[..12])
}

/// Decides about a form, with the pass and the answer to its work that came with it. One that was accepted before is accepted again.
///
/// # Errors
/// When the store fails.
pub async fn admit(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    sent: &OpenSubmission<'_>,
    (pass, work): (&str, &str),
) -> Result<Admission> {
    if submissions::object(tx, &sent.submission.scope, &sent.submission.key).await?.is_some() {
        return Ok(Admission::Accept);
    }
    let scope = format!("{}-network", sent.form);
    let of_network = open_form_counts::sum(tx, &scope, sent.network, minute(now)? - NETWORK_WINDOW).await?;
    let signer = Signer::new(service, sent);
    let shown = signer.read(pass);
    let admission = match grade(of_network) {
        Grade::Free => Admission::Accept,
        Grade::Hold => Admission::Hold,
        Grade::Delay(_) if shown.is_some_and(|pass| pass.waited(now) || pass.solved(work, now)) => Admission::Accept,
        Grade::Delay(delay) => match shown {
            // Too early: what is left of its own wait.
            Some(Pass::Wait { ready }) if now < ready => Admission::Ask(signer.wait(ready, now)),
            _ => Admission::Ask(signer.wait(whole_second(now) + delay, now)),
        },
        Grade::Work(bits) => match shown {
            Some(pass) if pass.solved(work, now) => Admission::Accept,
            // Sent without the answer: from a browser without script, or by somebody who did not wait for it.
            Some(Pass::Work { expires, .. }) if now < expires => Admission::Hold,
            _ => Admission::Ask(signer.work(bits, whole_second(now) + PASS_LASTS)),
        },
    };
    if admission != Admission::Accept {
        return Ok(admission);
    }
    // Looked at last, so that nothing that the sender sees depends on how many others sent something here.
    let scope = format!("{}-code", sent.form);
    let code = sent.enterprise.to_string();
    let of_code = open_form_counts::sum(tx, &scope, &code, hour(now)? - CODE_WINDOW).await?;
    let day = service.settings.zone.local_date(now).to_string();
    let full = code_is_full(of_code, signed(service, &["code", &code, &day])[0]);
    Ok(if full { Admission::Hold } else { Admission::Accept })
}

/// Counts a form that was accepted, in the transaction that stored it. The same one sent again is not counted again.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, now: DateTime<Utc>, sent: &OpenSubmission<'_>) -> Result<()> {
    let (network, code) = (format!("{}-network", sent.form), format!("{}-code", sent.form));
    open_form_counts::add(tx, &network, sent.network, minute(now)?).await?;
    Ok(open_form_counts::add(tx, &code, &sent.enterprise.to_string(), hour(now)?).await?)
}

/// A pass that we signed for this submission.
#[derive(Clone, Copy, Debug)]
enum Pass {
    Wait { ready: DateTime<Utc> },
    Work { bits: u32, expires: DateTime<Utc>, seed: [u8; MAC_BYTES] },
}

impl Pass {
    fn waited(self, now: DateTime<Utc>) -> bool {
        matches!(self, Self::Wait { ready } if ready <= now && now < ready + PASS_LASTS)
    }

    fn solved(self, answer: &str, now: DateTime<Utc>) -> bool {
        let Self::Work { bits, expires, seed } = self else { return false };
        let number = (1..=15).contains(&answer.len()) && answer.bytes().all(|byte| byte.is_ascii_digit());
        number && now < expires && zero_bits(&Sha256::digest(format!("{}:{answer}", hex(&seed)))) >= bits
    }
}

/// Signs and reads the passes of one submission.
struct Signer<'a> {
    service: &'a Service,
    sent: &'a OpenSubmission<'a>,
}

impl<'a> Signer<'a> {
    const fn new(service: &'a Service, sent: &'a OpenSubmission<'a>) -> Self {
        Self { service, sent }
    }

    /// The pass that begins so, with its signature.
    fn mac(&self, head: &str) -> [u8; MAC_BYTES] {
        let Submission { scope, key } = self.sent.submission;
        let whole = signed(self.service, &["pass", self.sent.form.as_str(), scope, key, head]);
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&whole[..MAC_BYTES]);
        mac
    }

    fn wait(&self, ready: DateTime<Utc>, now: DateTime<Utc>) -> Ask {
        let head = format!("wait.{}", ready.timestamp());
        let seconds = ((ready - now).num_milliseconds() + 999) / 1000;
        Ask { pass: format!("{head}.{}", hex(&self.mac(&head))), task: Task::Wait { seconds } }
    }

    fn work(&self, bits: u32, expires: DateTime<Utc>) -> Ask {
        let head = format!("work.{bits}.{}", expires.timestamp());
        let seed = hex(&self.mac(&head));
        Ask { pass: format!("{head}.{seed}"), task: Task::Work { seed, bits } }
    }

    /// A pass of ours for this submission; `None` for any other text.
    fn read(&self, pass: &str) -> Option<Pass> {
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
            ["work", bits, expires] => {
                Some(Pass::Work { bits: bits.parse().ok()?, expires: instant(expires)?, seed: own })
            }
            _ => None,
        }
    }
}

/// HMAC-SHA-256 of these parts by the contact key, apart from everything else that it is for.
fn signed(service: &Service, parts: &[&str]) -> [u8; 32] {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&service.settings.contact_key) else { return [0; 32] };
    mac.update(b"open form");
    for part in parts {
        mac.update(&[0]);
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

fn zero_bits(hash: &[u8]) -> u32 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    let next = hash.get(whole).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(whole).unwrap_or(u32::MAX) * 8 + next
}

fn minute(now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    now.duration_trunc(TimeDelta::minutes(1)).map_err(|error| ActionError::Internal(error.to_string()))
}

fn hour(now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    now.duration_trunc(TimeDelta::hours(1)).map_err(|error| ActionError::Internal(error.to_string()))
}

fn whole_second(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now)
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
