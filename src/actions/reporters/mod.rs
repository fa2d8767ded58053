//! What supervisors do for those who report, and what every visited enterprise is offered alike. No agency role ever comes here.

mod contact;
mod converse;
mod crowd;
mod hold;
mod identity;
mod invite;

pub use contact::{ask_to_open, decide_opening, open_contact, readable};
pub use converse::{mark_read, write_to_reporter};
pub use crowd::{Care, care};
pub use hold::{any_rests_on_report, due_in_random_order, hold_request, release_held, return_held, take_back, waiting};
pub use identity::raise_identity;
pub use invite::{invite, plan_first_invitation, plan_invitation};

use super::{ActionError, Result};
use crate::domain::id::ReportId;
use crate::storage::Tx;
use crate::storage::reports::{self, ReportRecord};

/// The report, if the supervisor may read its words: those beside a ticked 不得 are for the discipline office alone.
async fn report_for(tx: &mut Tx, id: ReportId, discipline: bool) -> Result<ReportRecord> {
    let record = reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
    if discipline || record.report.prohibited.is_empty() { Ok(record) } else { Err(ActionError::NotFound("report")) }
}
