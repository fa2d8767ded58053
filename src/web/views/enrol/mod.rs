//! Making an inspector's phone known, and opening it again by PIN.

pub(in crate::web) mod how;
pub(in crate::web) mod join;
pub(in crate::web) mod pin;
