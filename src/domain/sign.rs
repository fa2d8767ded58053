//! A sign (码牌) and what it opens: its states, the grace of a replaced one, and where its link leads.

use super::code_enum::code_enum;
use chrono::{DateTime, TimeDelta, Utc};

/// How long a replaced sign still opens, with a notice.
pub const GRACE: TimeDelta = TimeDelta::days(30);

code_enum! {
    /// What a sign belongs to.
    UnitKind {
        /// An enterprise: `/e/TOKEN`.
        Enterprise = "enterprise",
        /// An agency: `/a/TOKEN`.
        Agency = "agency",
    }
}

code_enum! {
    /// Where a sign stands: `generated → printed → active → replaced → retired`, or `revoked`.
    SignState {
        /// Made, not yet printed.
        Generated = "generated",
        /// On a sheet.
        Printed = "printed",
        /// On a wall, scanned at least once.
        Active = "active",
        /// A newer one took its place; opens during the grace.
        Replaced = "replaced",
        /// The grace is over.
        Retired = "retired",
        /// Lost or leaked: opens nothing.
        Revoked = "revoked",
    }
}

/// What scanning a sign gives at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The unit's page.
    Open,
    /// The unit's page, with a notice that a newer sign is out.
    Grace,
    /// A page that helps without naming the unit.
    Closed,
}

/// What a sign in this state opens at `now`.
#[must_use]
pub fn opening(state: SignState, grace_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Opening {
    match state {
        SignState::Generated | SignState::Printed | SignState::Active => Opening::Open,
        SignState::Replaced if grace_until.is_some_and(|until| now < until) => Opening::Grace,
        SignState::Replaced | SignState::Retired | SignState::Revoked => Opening::Closed,
    }
}

/// The link that a sign's code carries.
#[must_use]
pub fn link(public_url: &str, kind: UnitKind, token: &str) -> String {
    let door = match kind {
        UnitKind::Enterprise => 'e',
        UnitKind::Agency => 'a',
    };
    format!("{public_url}/{door}/{token}")
}
