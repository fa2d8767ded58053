//! Working days: the table of public holidays and make-up working days (调休), and counting by it.
//!
//! Sources: the yearly holiday notices of the State Council (国务院办公厅关于部分节假日安排的通知) for the table;
//! 民法典 art. 201 for counting: the day on which a period starts is not counted.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::day::Zone;

/// Whether an entry of the table takes a day off or makes it a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HolidayKind {
    /// A public holiday, a bridge day, or a weekend day within the holiday.
    Off,
    /// A weekend day worked in exchange (调休上班).
    Work,
}

impl HolidayKind {
    /// The word of the table: `off` or `work`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HolidayKind::Off => "off",
            HolidayKind::Work => "work",
        }
    }

    /// The kind of a word of the table.
    #[must_use]
    pub fn parse(word: &str) -> Option<HolidayKind> {
        match word {
            "off" => Some(HolidayKind::Off),
            "work" => Some(HolidayKind::Work),
            _ => None,
        }
    }
}

/// One entry of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The local date.
    pub date: NaiveDate,
    /// Off, or worked in exchange.
    pub kind: HolidayKind,
    /// The name of the holiday, such as 春节.
    pub name: String,
}

/// Why a holiday table was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {column}: {problem}")]
pub struct HolidayError {
    /// The line of the file, counted from 1 (the header).
    pub line: u64,
    /// The column by the name in the header, or `line` if the line as a whole is wrong.
    pub column: &'static str,
    /// What is wrong, in English.
    pub problem: String,
}

/// The table of public holidays and make-up working days.
///
/// A date that is not in it is a working day iff it is Monday to Friday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    days: BTreeMap<NaiveDate, (HolidayKind, String)>,
}

static OFFICIAL: LazyLock<Holidays> = LazyLock::new(|| {
    Holidays::parse_csv(include_str!("holidays-cn.csv")).expect("the embedded table is parsed by a test")
});

impl Holidays {
    /// The official table that is built into the program (2024 to 2026).
    #[must_use]
    pub fn official() -> Holidays {
        OFFICIAL.clone()
    }

    /// A table of the given entries. Of two entries for one date the later wins.
    pub fn new(rows: impl IntoIterator<Item = Holiday>) -> Holidays {
        Holidays { days: rows.into_iter().map(|row| (row.date, (row.kind, row.name))).collect() }
    }

    /// Reads a table with the header `date,kind,name`: an ISO date, `off` or `work`, and the name of the holiday.
    ///
    /// # Errors
    ///
    /// The first line that is malformed, or that repeats a date.
    pub fn parse_csv(text: &str) -> Result<Holidays, HolidayError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let broken = |e: &csv::Error| HolidayError {
            line: e.position().map_or(1, csv::Position::line),
            column: "line",
            problem: e.to_string(),
        };
        let header = reader.headers().map_err(|e| broken(&e))?;
        if header != vec!["date", "kind", "name"] {
            return Err(HolidayError {
                line: 1,
                column: "line",
                problem: "expected the header date,kind,name".to_owned(),
            });
        }
        let mut days = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|e| broken(&e))?;
            let line = record.position().map_or(1, csv::Position::line);
            let wrong = |column, problem: String| HolidayError { line, column, problem };
            let [date, kind, name] = [0, 1, 2].map(|i| record.get(i).unwrap_or_default());
            let date = NaiveDate::parse_from_str(date, "%Y-%m-%d")
                .map_err(|_| wrong("date", format!("not a date such as 2026-01-31: {date:?}")))?;
            let kind =
                HolidayKind::parse(kind).ok_or_else(|| wrong("kind", format!("neither off nor work: {kind:?}")))?;
            if days.insert(date, (kind, name.to_owned())).is_some() {
                return Err(wrong("date", format!("{date} is listed twice")));
            }
        }
        Ok(Holidays { days })
    }

    /// The entries, by date.
    pub fn rows(&self) -> impl Iterator<Item = Holiday> + '_ {
        self.days.iter().map(|(date, (kind, name))| Holiday { date: *date, kind: *kind, name: name.clone() })
    }

    /// The kind and the name of the entry for a date; `None` for a day that is not in the table.
    #[must_use]
    pub fn kind_of(&self, d: NaiveDate) -> Option<(HolidayKind, &str)> {
        self.days.get(&d).map(|(kind, name)| (*kind, name.as_str()))
    }

    /// Whether a date is a working day.
    #[must_use]
    pub fn is_working_day(&self, d: NaiveDate) -> bool {
        self.days.get(&d).map_or_else(|| is_weekday(d), |(kind, _)| *kind == HolidayKind::Work)
    }

    /// Whether a date is after the last year of the table, so that [`Self::is_working_day`] is a guess by the weekday.
    #[must_use]
    pub fn is_provisional(&self, d: NaiveDate) -> bool {
        self.days.last_key_value().is_none_or(|(last, _)| d.year() > last.year())
    }

    /// The number of working days `d` with `a < d <= b`; 0 if `b <= a`. The starting day is not counted (民法典 201).
    #[must_use]
    pub fn wdiff(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        if b <= a {
            return 0;
        }
        let listed = self.days.range((Bound::Excluded(a), Bound::Included(b)));
        let correction: i64 = listed
            .map(|(d, (kind, _))| match (kind, is_weekday(*d)) {
                (HolidayKind::Off, true) => -1,
                (HolidayKind::Work, false) => 1,
                _ => 0,
            })
            .sum();
        weekdays_until(b) - weekdays_until(a) + correction
    }

    /// The earliest date `d` with `wdiff(a, d) = n`; `a` itself for 0. [`NaiveDate::MAX`] if there is none.
    #[must_use]
    pub fn addwd(&self, a: NaiveDate, n: u32) -> NaiveDate {
        let wanted = i64::from(n);
        let after = |days: i64| {
            TimeDelta::try_days(days).and_then(|delta| a.checked_add_signed(delta)).unwrap_or(NaiveDate::MAX)
        };
        // wdiff grows with its end by at most one a day, so the earliest date with at least n has exactly n.
        let mut far = 2 * wanted + 8;
        while self.wdiff(a, after(far)) < wanted {
            if after(far) == NaiveDate::MAX {
                return NaiveDate::MAX;
            }
            far *= 2;
        }
        let mut near = 0;
        while near < far {
            let middle = i64::midpoint(near, far);
            if self.wdiff(a, after(middle)) >= wanted { far = middle } else { near = middle + 1 }
        }
        after(near)
    }
}

/// The deadline "end of `d`": the instant `d+1 00:00` local. It has passed iff `now >= deadline`.
#[must_use]
pub fn deadline(zone: Zone, d: NaiveDate) -> DateTime<Utc> {
    zone.start_of(d.succ_opt().unwrap_or(d))
}

fn is_weekday(d: NaiveDate) -> bool {
    d.weekday().number_from_monday() <= 5
}

/// The number of days Monday to Friday from a fixed Monday (0001-01-01) to `d`; negative before it.
fn weekdays_until(d: NaiveDate) -> i64 {
    let days = i64::from(d.num_days_from_ce());
    5 * days.div_euclid(7) + days.rem_euclid(7).min(5)
}

#[cfg(test)]
mod tests;
