//! Backups: what the file says of itself, how long which is kept, and when the next is due.

use super::code_enum::code_enum;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The local hour from which on the backup of the day is made.
pub const HOUR: u32 = 2;

/// Days between two proofs that a backup can be restored.
pub const DRILL_DAYS: i64 = 7;

/// How many are kept: of the last days, of the last weeks, of the last months.
const DAYS: usize = 7;
const WEEKS: usize = 5;
const MONTHS: usize = 12;

code_enum! {
    /// Which database a backup is of.
    Source {
        /// A whole SQLite file.
        Sqlite = "sqlite",
        /// An archive of `pg_dump`.
        Postgres = "postgres",
    }
}

code_enum! {
    /// How a backup was proved.
    Drill {
        /// The file was decrypted, restored into a new place and checked.
        Whole = "whole",
        /// The same with the copy that was encrypted, because the key to decrypt it is not on this machine.
        BeforeEncryption = "before_encryption",
        /// The archive was decrypted and read to its end, but not restored.
        ReadThrough = "read_through",
    }
}

/// What a database held when it was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The number of the last migration.
    pub schema: i64,
    /// Links of the chain over the audit.
    pub audit_links: i64,
    /// The hash of the last one, hexadecimal; empty without any.
    pub audit_hash: String,
    /// Filings.
    pub filings: i64,
}

/// What a backup says of itself, before the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// `sqlite` or `postgres`.
    pub source: String,
    /// Bytes of the database's copy.
    pub bytes: u64,
    /// SHA-256 of these, hexadecimal.
    pub sha256: String,
    /// What it held.
    pub contents: Contents,
    /// Keys by the names of their files, hexadecimal: only where it was asked for, and never unencrypted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
}

/// Which of these backups, by their local dates, are to be kept: the newest of each of the last seven days that have one, five weeks and
/// twelve months. The others may go.
#[must_use]
pub fn kept(dates: &[NaiveDate]) -> BTreeSet<NaiveDate> {
    let mut newest_first: Vec<NaiveDate> = dates.to_vec();
    newest_first.sort_unstable_by(|a, b| b.cmp(a));
    newest_first.dedup();
    let mut kept: BTreeSet<NaiveDate> = newest_first.iter().take(DAYS).copied().collect();
    let weeks = newest_first.iter().map(|day| (day.iso_week().year(), day.iso_week().week(), *day));
    keep_newest(&mut kept, weeks, WEEKS);
    let months = newest_first.iter().map(|day| (day.year(), day.month(), *day));
    keep_newest(&mut kept, months, MONTHS);
    kept
}

/// Of periods, newest first, keeps the newest date of each of the first `most`.
fn keep_newest(kept: &mut BTreeSet<NaiveDate>, periods: impl Iterator<Item = (i32, u32, NaiveDate)>, most: usize) {
    let mut seen = Vec::new();
    for (year, part, day) in periods {
        if seen.last() == Some(&(year, part)) {
            continue;
        }
        if seen.len() == most {
            return;
        }
        seen.push((year, part));
        kept.insert(day);
    }
}

/// The name of the backup of a local date.
#[must_use]
pub fn file_name(day: NaiveDate, encrypted: bool) -> String {
    format!("mashang-{day}.backup{}", if encrypted { ".age" } else { "" })
}

/// The local date of a backup, by its name; `None` for any other file.
#[must_use]
pub fn date_of(file_name: &str) -> Option<NaiveDate> {
    let rest = file_name.strip_prefix("mashang-")?;
    let day = rest.strip_suffix(".backup.age").or_else(|| rest.strip_suffix(".backup"))?;
    day.parse().ok()
}

/// The same of one that was put aside ([`aside`]).
#[must_use]
pub fn date_of_aside(file_name: &str) -> Option<NaiveDate> {
    date_of(file_name.strip_suffix(".old")?)
}

/// The name under which a backup is put aside that is in the way of the one of the same date.
#[must_use]
pub fn aside(file_name: &str) -> String {
    format!("{file_name}.old")
}

/// Whether a proof is due, `last` being the local date of the last that held.
#[must_use]
pub fn drill_due(last: Option<NaiveDate>, today: NaiveDate) -> bool {
    last.is_none_or(|last| last + Days::new(DRILL_DAYS.unsigned_abs()) <= today)
}

#[cfg(test)]
mod tests {
    use super::{aside, date_of, date_of_aside, drill_due, file_name, kept};
    use chrono::{Days, NaiveDate};

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn days_then_weeks_then_months_are_kept() {
        let last = d("2026-11-29");
        let years: Vec<NaiveDate> = (0..800).map(|n| last - Days::new(n)).collect();
        let kept: Vec<String> = kept(&years).iter().rev().map(ToString::to_string).collect();
        let expected = [
            "2026-11-29",
            "2026-11-28",
            "2026-11-27",
            "2026-11-26",
            "2026-11-25",
            "2026-11-24",
            "2026-11-23",
            "2026-11-22",
            "2026-11-15",
            "2026-11-08",
            "2026-11-01",
            "2026-10-31",
            "2026-09-30",
            "2026-08-31",
            "2026-07-31",
            "2026-06-30",
            "2026-05-31",
            "2026-04-30",
            "2026-03-31",
            "2026-02-28",
            "2026-01-31",
            "2025-12-31",
        ];
        assert_eq!(kept, expected);
    }

    #[test]
    fn a_pause_of_the_machine_costs_no_backup() {
        let few = [d("2026-01-03"), d("2026-03-09"), d("2026-03-10"), d("2026-11-29")];
        assert_eq!(kept(&few).len(), 4, "what is old is kept as long as there is nothing newer in its place");
        assert!(kept(&[]).is_empty());
    }

    #[test]
    fn names_tell_their_dates_and_other_files_are_left_alone() {
        for encrypted in [false, true] {
            let name = file_name(d("2026-02-28"), encrypted);
            assert_eq!((date_of(&name), date_of_aside(&name)), (Some(d("2026-02-28")), None));
            assert_eq!((date_of(&aside(&name)), date_of_aside(&aside(&name))), (None, Some(d("2026-02-28"))));
        }
        for other in ["mashang.db", "mashang-2026-02-30.backup", "x-2026-02-28.backup", "mashang-2026-02-28.backup.tmp"]
        {
            assert_eq!(date_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_proof_is_due_each_week() {
        assert!(drill_due(None, d("2026-03-01")));
        assert!(!drill_due(Some(d("2026-03-01")), d("2026-03-07")));
        assert!(drill_due(Some(d("2026-03-01")), d("2026-03-08")));
    }
}
