//! A sign (码牌) and what it opens: its states, the grace of a replaced one, its running number, and where its link leads.

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
    /// Where a sign stands: `generated → printed → issued → active → replaced → retired`, or `revoked`; one made in advance is
    /// `blank` until it is bound.
    SignState {
        /// Made in advance: it belongs to nobody until it is bound on the spot.
        Blank = "blank",
        /// Made, not yet printed.
        Generated = "generated",
        /// On a sheet.
        Printed = "printed",
        /// Handed out to the unit, not yet scanned.
        Issued = "issued",
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

impl SignState {
    /// Whether a sign in this state belongs to a unit and is to hang on its wall.
    #[must_use]
    pub const fn in_use(self) -> bool {
        matches!(self, Self::Generated | Self::Printed | Self::Issued | Self::Active)
    }

    /// Whether a sign in this state can be put on a sheet.
    #[must_use]
    pub const fn printable(self) -> bool {
        self.in_use() || matches!(self, Self::Blank)
    }
}

/// The longest name of a place, in characters.
pub const PLACE_MAX: usize = 30;

/// A sign that nobody scanned for this long has fallen silent.
pub const SILENCE: TimeDelta = TimeDelta::days(90);

code_enum! {
    /// The lists of signs that an operator works through.
    SignList {
        /// Every sign.
        All = "all",
        /// Made, but on no sheet yet.
        NeverPrinted = "never_printed",
        /// Printed, waiting to be handed out.
        ToHandOut = "to_hand_out",
        /// Printed for 90 days and never scanned.
        NeverScanned = "never_scanned",
        /// Scanned once, but not for 90 days.
        Silent = "silent",
        /// Replaced, still opening.
        Grace = "grace",
        /// Revoked.
        Revoked = "revoked",
        /// Made in advance, not bound yet.
        Blank = "blank",
    }
}

/// What scanning a sign gives at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The unit's page.
    Open,
    /// The unit's page, with a notice that a newer sign is out.
    Grace,
    /// A page that says that it is not bound yet.
    Blank,
    /// A page that helps without naming the unit.
    Closed,
}

/// What a sign in this state opens at `now`.
#[must_use]
pub fn opening(state: SignState, grace_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Opening {
    match state {
        SignState::Generated | SignState::Printed | SignState::Issued | SignState::Active => Opening::Open,
        SignState::Blank => Opening::Blank,
        SignState::Replaced if grace_until.is_some_and(|until| now < until) => Opening::Grace,
        SignState::Replaced | SignState::Retired | SignState::Revoked => Opening::Closed,
    }
}

/// The running number that is printed on a sheet: the year in which the sign was made, and its number in that year.
#[must_use]
pub fn serial(year: i32, number: i64) -> String {
    format!("{year:04}-{number:06}")
}

/// The host (and port) of a public address: what is printed beside a code.
#[must_use]
pub fn host_of(public_url: &str) -> &str {
    public_url.split_once("://").map_or(public_url, |(_, host)| host)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grace_of_a_replaced_sign_ends_to_the_second() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let until = Some(now + GRACE);
        let end = now + GRACE;
        assert_eq!(opening(SignState::Replaced, until, end - TimeDelta::seconds(1)), Opening::Grace);
        assert_eq!(opening(SignState::Replaced, until, end), Opening::Closed);
        assert_eq!(opening(SignState::Replaced, None, now), Opening::Closed);
    }

    #[test]
    fn a_state_is_in_use_exactly_if_it_opens_its_unit() {
        for state in SignState::ALL {
            let open = opening(*state, None, DateTime::<Utc>::UNIX_EPOCH) == Opening::Open;
            assert_eq!(state.in_use(), open, "{state}");
        }
        assert!(SignState::Blank.printable() && !SignState::Replaced.printable());
    }

    #[test]
    fn numbers_and_hosts_read_as_they_are_printed() {
        assert_eq!(serial(2026, 123), "2026-000123");
        assert_eq!(host_of("https://m.example.cn"), "m.example.cn");
        assert_eq!(host_of("http://127.0.0.1:8080"), "127.0.0.1:8080");
    }
}
