//! Letting an open form in: counted by its network and its enterprise, told to wait, given a piece of work, or held. None is refused.
//!
//! What a browser was told travels with the form as a pass of its submission id.

use super::passes::{Ask, PASS_LASTS, Pass, Signer, signed, whole_second};
use super::{ActionError, Result, Service, Submission};
use crate::domain::audit_chain::hex;
use crate::domain::id::EnterpriseId;
use crate::domain::open_form::{CODE_WINDOW, Grade, NETWORK_WINDOW, OpenForm, code_is_full, grade};
use crate::storage::{Tx, open_form_counts, submissions};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

/// Counts are let go after this long.
pub const KEEP_COUNTS: TimeDelta = TimeDelta::hours(25);

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
    let parts = [sent.form.as_str(), &sent.submission.scope, &sent.submission.key];
    let signer = Signer::new(service, &parts);
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

pub(super) fn minute(now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    now.duration_trunc(TimeDelta::minutes(1)).map_err(|error| ActionError::Internal(error.to_string()))
}

fn hour(now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    now.duration_trunc(TimeDelta::hours(1)).map_err(|error| ActionError::Internal(error.to_string()))
}
