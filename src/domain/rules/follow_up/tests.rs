//! Cases of the family.
