//! How often something is done that costs work here and asks for no sign-in, and how much one client of the API reads at a time. Kept in the
//! memory of the process: after a restart everybody begins anew, which harms nobody, since no secret hangs on it; two processes count apart.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How many lists and figures of one client of the API are read at a time; more wait for their turn.
pub const READS_AT_ONCE: usize = 8;

/// Beyond so many networks, those that hold nothing are let go; if all do, everybody begins anew.
const MOST_NETWORKS: usize = 50_000;

/// What is done.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Door {
    /// A code is typed, or a name is searched for.
    Go,
    /// The same while somebody types.
    Suggest,
    /// A browser is asked for a passkey, which is a row in the store for five minutes.
    PasskeyChallenge,
    /// A token of the API is sent that is none.
    WrongToken,
}

impl Door {
    /// How many there may be at once, and how many a minute in the long run. An office or an industrial park may sit behind one network: typing
    /// gives up to five suggestions a second, a search some ten, and a whole office signs in within some minutes of the morning.
    #[must_use]
    pub const fn share(self) -> (i32, i32) {
        match self {
            Self::Go => (600, 600),
            Self::Suggest => (3000, 3000),
            Self::PasskeyChallenge => (300, 60),
            Self::WrongToken => (60, 60),
        }
    }
}

/// By door and network.
type Held = HashMap<(Door, String), DateTime<Utc>>;

/// What this process remembers. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// When the last of what a network did will be forgotten.
    held: Arc<Mutex<Held>>,
    reads: Arc<Mutex<HashMap<Uuid, Arc<Semaphore>>>>,
}

impl Limits {
    /// Counts one more of a network.
    ///
    /// # Errors
    /// The seconds until there is room for another, where it has its share; that one does not count.
    pub fn take(&self, now: DateTime<Utc>, door: Door, network: &str) -> Result<(), i64> {
        let (at_once, a_minute) = door.share();
        let each = TimeDelta::minutes(1) / a_minute;
        let most = each * at_once;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST_NETWORKS {
            held.retain(|_, free| *free > now);
            if held.len() >= MOST_NETWORKS {
                held.clear();
            }
        }
        let free = held.entry((door, network.to_owned())).or_insert(now);
        // After the clock was set back, what it held before counts for nothing.
        if *free < now || *free > now + most {
            *free = now;
        }
        let after = *free + each;
        if after > now + most {
            return Err(((after - now - most).num_milliseconds() + 999) / 1000);
        }
        *free = after;
        Ok(())
    }

    /// The places of a client of the API for reading lists and figures.
    #[must_use]
    pub fn reads(&self, token: Uuid) -> Arc<Semaphore> {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.entry(token).or_insert_with(|| Arc::new(Semaphore::new(READS_AT_ONCE))).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: DateTime<Utc> = DateTime::from_timestamp(1_772_510_400, 0).expect("an instant");

    #[test]
    fn a_network_has_its_share_at_once_and_then_one_after_the_other_and_others_are_not_touched() {
        let limits = Limits::default();
        let take = |now, network| limits.take(now, Door::WrongToken, network);
        assert!((0..60).all(|_| take(NOON, "a").is_ok()));
        assert_eq!(take(NOON, "a"), Err(1));
        assert_eq!(limits.take(NOON, Door::Go, "a"), Ok(()), "each door counts apart");
        assert_eq!(take(NOON, "b"), Ok(()));
        let later = NOON + TimeDelta::seconds(1);
        assert_eq!((take(later, "a"), take(later, "a")), (Ok(()), Err(1)));
        assert!((0..60).all(|_| take(NOON + TimeDelta::minutes(2), "a").is_ok()));
    }

    #[test]
    fn five_suggestions_a_second_always_pass_and_a_clock_that_was_set_back_holds_nobody() {
        let limits = Limits::default();
        let at = |n: i32| NOON + TimeDelta::milliseconds(200) * n;
        assert!((0..10_000).all(|n| limits.take(at(n), Door::Suggest, "a").is_ok()));
        while limits.take(NOON + TimeDelta::days(1), Door::Suggest, "a").is_ok() {}
        assert_eq!(limits.take(NOON, Door::Suggest, "a"), Ok(()));
    }

    #[test]
    fn it_stays_small() {
        let limits = Limits::default();
        for n in 0..MOST_NETWORKS + 10 {
            assert_eq!(limits.take(NOON, Door::Go, &n.to_string()), Ok(()));
        }
        assert!(limits.held.lock().expect("held").len() <= MOST_NETWORKS);
    }
}
