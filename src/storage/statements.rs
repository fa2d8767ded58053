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
    ($($(#[$meta:meta])* $name:ident = $sql:literal;)+) => {
        $($(#[$meta])* const $name: &str = $sql;)+
        pub(super) const STATEMENTS: &[$crate::storage::statements::Statement] =
            &[$($crate::storage::statements::Statement { name: concat!(module_path!(), "::", stringify!($name)), sql: $name }),+];
    };
}
pub(super) use statements;

/// All statements of all table families.
#[must_use]
pub fn all_statements() -> Vec<Statement> {
    super::FAMILIES.iter().flat_map(|family| family.iter().copied()).collect()
}
