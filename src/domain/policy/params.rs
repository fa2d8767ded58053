//! How the parameters of a rule are declared: one struct a rule, with `enabled` and a default for each parameter.

use crate::domain::exemption::ExemptionCode;
use std::collections::BTreeSet;

/// A set of exemption codes.
pub type Codes = BTreeSet<ExemptionCode>;

/// The set of these codes.
pub(super) fn codes(list: &[ExemptionCode]) -> Codes {
    list.iter().copied().collect()
}

/// Declares the parameters of one rule: a struct with `enabled` and a default for each parameter.
macro_rules! rule_params {
    (enabled: $enabled:literal; $($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty = $default:expr),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            /// Whether the rule runs.
            pub enabled: bool,
            $($(#[$fmeta])* pub $field: $ty),*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { enabled: $enabled, $($field: $default),* }
            }
        }
    )+};
}

pub(super) use rule_params;
