//! What holds of every history: properties on random dossiers, and a second, naive implementation of the rules that count.
//!
//! `PROPTEST_CASES` sets the number of dossiers (else 10,000 where `CI` is set, 1,000 at a desk), `PROPTEST_RNG_SEED` the
//! seed.

mod histories;
mod properties;
mod reference;
mod unconfirmed;
