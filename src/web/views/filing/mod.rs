//! An inspector's filing: the form with its live verdict, the review, the receipt, and what happens to a filing afterwards.

mod amend;
pub(in crate::web) mod cancel;
pub(in crate::web) mod change;
pub(in crate::web) mod correct;
mod desk;
mod draft;
pub(in crate::web) mod form;
pub(in crate::web) mod my;
mod other;
pub(in crate::web) mod papers;
pub(in crate::web) mod receipt;
mod sheet;
pub(in crate::web) mod status;
pub(in crate::web) mod urgent;
mod verdict;
pub(in crate::web) mod visit;

use crate::domain::id::FilingId;
use crate::storage::Tx;
use crate::storage::filings::{self, FilingRecord};
use crate::web::error::AppError;
use crate::web::extract::Inspecting;

/// The filing of an address, if the inspector may see it.
async fn fetch(tx: &mut Tx, inspecting: &Inspecting, id: &str) -> Result<FilingRecord, AppError> {
    let id = FilingId::parse(id).ok_or(AppError::NotFound)?;
    filings::get(tx, id, inspecting.scope()).await?.ok_or(AppError::NotFound)
}
