//! How open forms are graded, those that need neither session nor device nor PIN: many from one network wait, then work, then are held for a
//! look. No grade refuses anything.

use super::code_enum::code_enum;
use chrono::TimeDelta;

code_enum! {
    /// An open form. Each is counted apart: who sends urgent filings must not learn how many reports there are.
    OpenForm {
        /// A visit report without a right PIN.
        Report = "report",
        /// An urgent filing of a phone that is not enrolled.
        Urgent = "urgent",
    }
}

code_enum! {
    /// Where something that was held stands.
    HeldState {
        /// Nobody has looked at it.
        Waits = "waits",
        /// A supervisor set it aside; it can still be released.
        Aside = "aside",
        /// It was released, and counts like any other.
        Released = "released",
    }
}

/// How long a network's forms count (SAFETY.md, "Limits").
pub const NETWORK_WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Forms of a network in that time that meet nothing (SAFETY.md, "Limits").
pub const FREE: i64 = 30;
/// From here on a browser works for each. SAFETY.md names the order of the steps; where the later ones begin is ours: twice and four times.
pub const WORK_FROM: i64 = 60;
/// From here on all are held.
pub const HOLD_FROM: i64 = 120;

/// How long forms at one enterprise count.
pub const CODE_WINDOW: TimeDelta = TimeDelta::hours(24);
/// Forms at one enterprise in that time that are not held, wherever they come from: many more than visits that a day can have.
pub const CODE_FREE: i64 = 60;
/// Each enterprise has up to this many more, each day another number that nobody can know: otherwise somebody could find out by own reports
/// whether there are others.
pub const CODE_SPREAD: i64 = 60;

/// What a form meets, by its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Nothing.
    Free,
    /// It waits for so long.
    Delay(TimeDelta),
    /// Its browser looks for a number whose hash begins with so many zero bits.
    Work(u32),
    /// It is held for a look.
    Hold,
}

/// The grade of the next form of a network from which so many were accepted in [`NETWORK_WINDOW`].
#[must_use]
pub const fn grade(of_network: i64) -> Grade {
    if of_network < FREE {
        Grade::Free
    } else if of_network < WORK_FROM {
        // 10, 20, 30 seconds.
        Grade::Delay(TimeDelta::seconds(10 * (1 + (of_network - FREE) / 10)))
    } else if of_network < HOLD_FROM {
        // 65,000 hashes on average, then 130,000 and 260,000: a phone makes one to three hundred thousand a second.
        Grade::Work(if of_network < 80 {
            16
        } else if of_network < 100 {
            17
        } else {
            18
        })
    } else {
        Grade::Hold
    }
}

/// The grade of the next look-up of a report by its number, in a network that sent so many wrong numbers in [`NETWORK_WINDOW`]. There is nothing
/// to hold: instead of being held, it works ever more, up to two million hashes on average, which a phone makes in some ten seconds.
#[must_use]
pub const fn look_up_grade(wrong: i64) -> Grade {
    match grade(wrong) {
        Grade::Hold if wrong < 2 * HOLD_FROM => Grade::Work(19),
        Grade::Hold if wrong < 4 * HOLD_FROM => Grade::Work(20),
        Grade::Hold => Grade::Work(21),
        other => other,
    }
}

/// Whether an enterprise has had so many forms that the next one is held. `random` is a byte that belongs to the enterprise and the day.
#[must_use]
pub const fn code_is_full(of_code: i64, random: u8) -> bool {
    of_code >= CODE_FREE + (random as i64) % (CODE_SPREAD + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_are_free_then_they_wait_work_and_are_held() {
        let cases = [
            (0, Grade::Free),
            (29, Grade::Free),
            (30, Grade::Delay(TimeDelta::seconds(10))),
            (39, Grade::Delay(TimeDelta::seconds(10))),
            (40, Grade::Delay(TimeDelta::seconds(20))),
            (59, Grade::Delay(TimeDelta::seconds(30))),
            (60, Grade::Work(16)),
            (80, Grade::Work(17)),
            (119, Grade::Work(18)),
            (120, Grade::Hold),
            (i64::MAX, Grade::Hold),
        ];
        for (count, expected) in cases {
            assert_eq!(grade(count), expected, "{count}");
        }
    }

    #[test]
    fn a_look_up_is_never_held_but_works_ever_more() {
        for (wrong, expected) in [
            (29, Grade::Free),
            (30, Grade::Delay(TimeDelta::seconds(10))),
            (60, Grade::Work(16)),
            (119, Grade::Work(18)),
            (120, Grade::Work(19)),
            (240, Grade::Work(20)),
            (480, Grade::Work(21)),
            (i64::MAX, Grade::Work(21)),
        ] {
            assert_eq!(look_up_grade(wrong), expected, "{wrong}");
        }
    }

    #[test]
    fn an_enterprise_has_60_to_120_a_day() {
        assert!(!code_is_full(59, 0) && code_is_full(60, 0));
        assert!(!code_is_full(119, 60) && code_is_full(120, 60));
        assert!((0..=u8::MAX).all(|random| !code_is_full(59, random) && code_is_full(120, random)));
    }
}
