//! The signs (码牌) of enterprises and agencies: made, printed, handed out, scanned, replaced, retired, revoked; and blank ones, bound on the spot.
//! One transition a file, each with its audit row.

mod bind;
mod first;
mod hand_out;
mod issue;
mod print;
mod replace;
mod revoke;
mod scans;

pub use bind::{bind_sign, move_sign};
pub use first::issue_first_signs;
pub use hand_out::hand_out_signs;
pub use issue::{BLANK_MAX, issue_sign, issue_sign_at, make_blank_signs};
pub use print::mark_printed;
pub use replace::{retire_sign, rotate_sign};
pub use revoke::revoke_sign;
pub use scans::{ScanCounter, Scans, record_scans};

use super::{ActionError, Result};
use crate::domain::id::SignId;
use crate::storage::Tx;
use crate::storage::signs::{self, SignRecord};

async fn fetch(tx: &mut Tx, id: SignId) -> Result<SignRecord> {
    signs::get(tx, id).await?.ok_or(ActionError::NotFound("sign"))
}

async fn fetch_in_use(tx: &mut Tx, id: SignId) -> Result<SignRecord> {
    let sign = fetch(tx, id).await?;
    if sign.state.in_use() { Ok(sign) } else { Err(ActionError::State(sign.state.as_str())) }
}
