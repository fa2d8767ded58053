//! The clock: the system's, or one that tests and replays move by hand. The only place that asks for the time.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// Where `now` comes from. Cheap to clone; clones of a manual clock show the same time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Moves only by [`Clock::set`] and [`Clock::advance`].
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A manual clock that shows `start`.
    #[must_use]
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(Mutex::new(start)))
    }

    /// The time, cut to milliseconds: what both databases keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System =>
            {
                #[expect(clippy::disallowed_methods, reason = "this is the clock")]
                Utc::now().trunc_subsecs(3)
            }
            Self::Manual(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a manual clock; the system's clock is left alone.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Self::Manual(time) = self {
            *time.lock().unwrap_or_else(PoisonError::into_inner) = to.trunc_subsecs(3);
        }
    }

    /// Moves a manual clock on; the system's clock is left alone.
    pub fn advance(&self, by: TimeDelta) {
        self.set(self.now() + by);
    }
}
