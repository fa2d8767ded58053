//! Where a list begins that nobody has begun to read, and where a span ends that is open.

use chrono::{DateTime, Utc};

/// An instant after every other: both databases order it last.
#[must_use]
pub const fn newest_possible() -> DateTime<Utc> {
    // 9999-12-31T00:00:00Z, which is an instant.
    match DateTime::from_timestamp(253_402_214_400, 0) {
        Some(instant) => instant,
        None => DateTime::<Utc>::MAX_UTC,
    }
}

/// An instant before every other.
#[must_use]
pub const fn oldest_possible() -> DateTime<Utc> {
    // 0001-01-01T00:00:00Z.
    match DateTime::from_timestamp(-62_135_596_800, 0) {
        Some(instant) => instant,
        None => DateTime::<Utc>::MIN_UTC,
    }
}
