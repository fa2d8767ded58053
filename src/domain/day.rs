//! Local days: the time zone of a jurisdiction, and half-open spans of time seen as local dates.
//!
//! All instants are UTC; every rule works on local dates (RULES part 1). This file is the only place that converts.
//! Everything here is total: dates near the limits of [`NaiveDate`] are clamped instead of panicking.

use std::fmt;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize};

/// The time zone of a jurisdiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// `Asia/Shanghai`, the default.
    pub const SHANGHAI: Zone = Zone(Tz::Asia__Shanghai);

    /// The zone of an IANA name such as `Asia/Urumqi`; `None` if there is no such zone.
    #[must_use]
    pub fn parse(name: &str) -> Option<Zone> {
        name.parse().ok().map(Zone)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The local date of an instant: `ld(t)` of the rules.
    #[must_use]
    pub fn local_date(self, t: DateTime<Utc>) -> NaiveDate {
        self.local(t).date()
    }

    /// The local date and time of day of an instant.
    #[must_use]
    pub fn local(self, t: DateTime<Utc>) -> NaiveDateTime {
        let utc = t.naive_utc();
        let offset = self.0.offset_from_utc_datetime(&utc).fix();
        utc.checked_add_offset(offset).unwrap_or(utc)
    }

    /// The instant at which a local date begins: 00:00 local, or the first instant after it where the clocks skip midnight.
    #[must_use]
    pub fn start_of(self, d: NaiveDate) -> DateTime<Utc> {
        self.instant(d, NaiveTime::MIN)
    }

    /// The instant of a local date and time of day.
    ///
    /// A time that the clocks show twice means the first; a time that they skip means the instant of the skip.
    #[must_use]
    pub fn instant(self, d: NaiveDate, t: NaiveTime) -> DateTime<Utc> {
        let local = d.and_time(t);
        let offset = match self.0.offset_from_local_datetime(&local) {
            LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => offset.fix(),
            LocalResult::None => {
                if let Some(end) = GapInfo::new(&local, &self.0).and_then(|gap| gap.end) {
                    return end.to_utc();
                }
                self.0.offset_from_utc_datetime(&local).fix()
            }
        };
        local.checked_sub_offset(offset).unwrap_or(local).and_utc()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A half-open span of time `[start, end)` with `end > start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Ends")]
pub struct Span {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Span {
    /// The span from `start` to just before `end`; `None` unless `end > start`.
    #[must_use]
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Option<Span> {
        (end > start).then_some(Span { start, end })
    }

    /// The first instant of the span.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after the span.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        self.end
    }

    /// Whether the instant lies in the span.
    #[must_use]
    pub fn contains(self, t: DateTime<Utc>) -> bool {
        self.start <= t && t < self.end
    }

    /// The first local date that the span touches.
    #[must_use]
    pub fn first(self, zone: Zone) -> NaiveDate {
        zone.local_date(self.start)
    }

    /// The last local date that the span touches. An end at exactly 00:00 local does not touch that day.
    #[must_use]
    pub fn last(self, zone: Zone) -> NaiveDate {
        let last_instant = self.end.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(self.start);
        // Where the clocks went back across midnight the local date of a later instant may be the earlier one.
        zone.local_date(last_instant).max(self.first(zone))
    }

    /// The local dates that the span touches, ascending; never empty.
    pub fn days(self, zone: Zone) -> impl Iterator<Item = NaiveDate> {
        let (first, last) = (self.first(zone), self.last(zone));
        std::iter::successors(Some(first), NaiveDate::succ_opt).take_while(move |d| *d <= last)
    }
}

/// The serialised form of a [`Span`], before its order is checked.
#[derive(Deserialize)]
struct Ends {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl TryFrom<Ends> for Span {
    type Error = &'static str;

    fn try_from(ends: Ends) -> Result<Span, Self::Error> {
        Span::new(ends.start, ends.end).ok_or("the end of a span must be after its start")
    }
}

#[cfg(test)]
mod tests;
