//! What opens when a code is scanned or typed: enterprises, agencies, and codes that no longer open.

pub(in crate::web) mod agency;
mod blank;
pub(in crate::web) mod enterprise;
pub(in crate::web) mod go;
pub(in crate::web) mod lookup;
