//! Dates and times in words, with weekdays: `3月18日（周三）14:30` and `Wed 18 Mar, 14:30`. The year is written when it is not this one.

use super::Lang;
use crate::domain::day::{Span, Zone};
use crate::domain::visit_report::ArrivalKnown;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};

const WEEKDAYS_ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Lang {
    /// A date with its weekday; with the year if it is not that of `today`.
    #[must_use]
    pub fn date(self, day: NaiveDate, today: NaiveDate) -> String {
        let weekday = day.weekday().num_days_from_monday() as usize;
        let with_year = day.year() != today.year();
        match self {
            Self::Zh => {
                let year = if with_year { format!("{}年", day.year()) } else { String::new() };
                format!("{year}{}月{}日（周{}）", day.month(), day.day(), WEEKDAYS_ZH[weekday])
            }
            Self::En => {
                let year = if with_year { format!(" {}", day.year()) } else { String::new() };
                format!("{} {} {}{year}", WEEKDAYS_EN[weekday], day.day(), MONTHS_EN[day.month0() as usize])
            }
        }
    }

    /// A local date and time with the weekday.
    #[must_use]
    pub fn local_time(self, at: NaiveDateTime, today: NaiveDate) -> String {
        let date = self.date(at.date(), today);
        match self {
            Self::Zh => format!("{date}{:02}:{:02}", at.hour(), at.minute()),
            Self::En => format!("{date}, {:02}:{:02}", at.hour(), at.minute()),
        }
    }

    /// An instant in the zone of the jurisdiction, with the weekday; `now` decides whether the year is written.
    #[must_use]
    pub fn time(self, at: DateTime<Utc>, now: DateTime<Utc>, zone: Zone) -> String {
        self.local_time(zone.local(at), zone.local_date(now))
    }

    /// When an enterprise says that they came, as far as it knows.
    #[must_use]
    pub fn arrival(self, at: DateTime<Utc>, known: ArrivalKnown, now: DateTime<Utc>, zone: Zone) -> String {
        let key = match known {
            ArrivalKnown::Time => return self.time(at, now, zone),
            ArrivalKnown::Day => "report-day-only",
            ArrivalKnown::Nothing => "report-some-day",
        };
        self.ta(key, &[("day", &self.date(zone.local_date(at), zone.local_date(now)))])
    }

    /// The time of day alone, `14:30`.
    #[must_use]
    pub fn clock(self, at: DateTime<Utc>, zone: Zone) -> String {
        let local = zone.local(at);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// A span: one date where both ends are on one day, else both in full.
    #[must_use]
    pub fn span(self, span: Span, now: DateTime<Utc>, zone: Zone) -> String {
        let from = self.time(span.start(), now, zone);
        if zone.local_date(span.start()) == zone.local_date(span.end()) {
            format!("{from}–{}", self.clock(span.end(), zone))
        } else {
            format!("{from} – {}", self.time(span.end(), now, zone))
        }
    }

    /// A month: `2026年3月`, `March 2026`.
    #[must_use]
    pub fn month(self, year: i32, month: u32) -> String {
        match self {
            Self::Zh => format!("{year}年{month}月"),
            Self::En => {
                const LONG: [&str; 12] = [
                    "January",
                    "February",
                    "March",
                    "April",
                    "May",
                    "June",
                    "July",
                    "August",
                    "September",
                    "October",
                    "November",
                    "December",
                ];
                let name = usize::try_from(month).ok().and_then(|m| LONG.get(m.checked_sub(1)?)).unwrap_or(&"");
                format!("{name} {year}")
            }
        }
    }

    /// The seven weekdays from Monday, short: for the head of a calendar.
    #[must_use]
    pub const fn weekdays(self) -> [&'static str; 7] {
        match self {
            Self::Zh => WEEKDAYS_ZH,
            Self::En => WEEKDAYS_EN,
        }
    }
}
