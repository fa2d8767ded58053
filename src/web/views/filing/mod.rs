//! An inspector's filing: the form with its live verdict, the review, the receipt, and what happens to a filing afterwards.

pub(in crate::web) mod cancel;
pub(in crate::web) mod change;
pub(in crate::web) mod correct;
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
