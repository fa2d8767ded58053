//! Looking a report up by its number. Wrong numbers of a network make its next ones wait, then work, as open forms do (SAFETY.md, "Limits"); but
//! none is refused: whoever sits in the same network as somebody who guesses still comes to their own report.

use super::open_forms::minute;
use super::passes::{Ask, PASS_LASTS, Pass, Signer, whole_second};
use super::{Result, Service};
use crate::domain::open_form::{Grade, NETWORK_WINDOW, look_up_grade};
use crate::domain::sign_code::ReceiptNumber;
use crate::storage::reports::{self, ReportRecord};
use crate::storage::{Tx, open_form_counts};
use chrono::{DateTime, TimeDelta, Utc};

/// What wrong numbers are counted under.
const SCOPE: &str = "look-up-network";

/// For so long a number that was right meets nothing, on the pages that its report leads to.
const OPEN_LASTS: TimeDelta = TimeDelta::hours(12);

/// What becomes of a number.
#[derive(Debug)]
pub enum LookedUp {
    /// It is a report's: roll back, nothing is counted.
    Right(Box<ReportRecord>),
    /// It is nobody's: commit, it is counted.
    Wrong,
    /// It is to come again with this pass: roll back, it was not looked at.
    Ask(Ask),
}

/// Looks for the report of a number that came from `network`, as [`super::open_forms::masked`] tells it, with the pass and the answer to its
/// work.
///
/// # Errors
/// When the store fails.
pub async fn look_up(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    network: &str,
    receipt: &ReceiptNumber,
    (pass, work): (&str, &str),
) -> Result<LookedUp> {
    let open = Signer::new(service, &["receipt", receipt.as_str()]).read(pass);
    if !open.is_some_and(|pass| pass.opens(now)) {
        // Counted before it is looked at, so that a hundred sent at once get no further than the same one by one.
        open_form_counts::add(tx, SCOPE, network, minute(now)?).await?;
        let wrong = open_form_counts::sum(tx, SCOPE, network, minute(now)? - NETWORK_WINDOW).await? - 1;
        // A pass is for one number: another guess wants another.
        let parts = ["look-up", network, receipt.as_str()];
        let signer = Signer::new(service, &parts);
        let shown = signer.read(pass);
        let passed = match look_up_grade(wrong) {
            Grade::Free => true,
            Grade::Delay(_) => shown.is_some_and(|pass| pass.waited(now) || pass.solved(work, now)),
            Grade::Work(_) | Grade::Hold => shown.is_some_and(|pass| pass.solved(work, now)),
        };
        if !passed {
            return Ok(LookedUp::Ask(match (look_up_grade(wrong), shown) {
                (Grade::Work(bits), _) => signer.work(bits, whole_second(now) + PASS_LASTS),
                // Too early: what is left of its own wait.
                (_, Some(Pass::Wait { ready })) if now < ready => signer.wait(ready, now),
                (Grade::Delay(delay), _) => signer.wait(whole_second(now) + delay, now),
                (Grade::Free | Grade::Hold, _) => signer.wait(whole_second(now), now),
            }));
        }
    }
    let found = reports::by_receipt(tx, receipt.as_str()).await?;
    Ok(found.map_or(LookedUp::Wrong, |record| LookedUp::Right(Box::new(record))))
}

/// The pass with which a number that was right meets nothing on the pages that its report leads to, whatever others of the network type.
#[must_use]
pub fn open_pass(service: &Service, now: DateTime<Utc>, receipt: &str) -> String {
    Signer::new(service, &["receipt", receipt]).open(whole_second(now) + OPEN_LASTS)
}
