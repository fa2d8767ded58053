//! Every statement by name, so that one test can prepare each on both databases.

/// A named SQL text.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// Where it is declared.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// Declares the statements of a table family as constants, and `STATEMENTS` that lists them.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$meta])* const $name: &str = $sql;)+
        pub(in crate::storage) const STATEMENTS: &[$crate::storage::statements::Statement] =
            &[$($crate::storage::statements::Statement { name: concat!(module_path!(), "::", stringify!($name)), sql: $name }),+];
    };
}
pub(in crate::storage) use statements;

/// All statements of all table families.
#[must_use]
pub fn all_statements() -> Vec<Statement> {
    super::FAMILIES.iter().chain(super::cases::FAMILIES).flat_map(|family| family.iter().copied()).collect()
}
