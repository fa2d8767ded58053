//! The access token of an application, as 企业微信 and 政务钉钉 hand it out: kept until shortly before it ends, since asking for one is limited.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Mutex, PoisonError};

/// A token is not used for this long before its end.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The longest that a token is kept, whatever its giver says.
const LONGEST: i64 = 7_200;

/// The token that is kept, if one is.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<(String, DateTime<Utc>)>>);

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    /// The token, if it still lasts.
    pub(super) fn get(&self, now: DateTime<Utc>) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(_, until)| now < *until).map(|(token, _)| token.clone())
    }

    /// Keeps a token for as many seconds as its giver says.
    pub(super) fn put(&self, token: &str, now: DateTime<Utc>, seconds: i64) {
        let until = now + TimeDelta::seconds(seconds.clamp(0, LONGEST)) - MARGIN;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.to_owned(), until));
    }

    /// Lets go of it.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
