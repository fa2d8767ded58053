//! The same thing sent several times at once is looked at one after the other, so that a report that was sent twenty times is not taken for twenty
//! guesses at a PIN. Others are not held up.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

type Turns = HashMap<String, Arc<Turn<()>>>;

/// Whose turn it is, by what is sent. Empty when nobody sends.
static TURNS: LazyLock<Mutex<Turns>> = LazyLock::new(Mutex::default);

/// A turn, given back when it is dropped; also while it is waited for.
pub(super) struct OneByOne {
    what: String,
    turn: Option<Arc<Turn<()>>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl OneByOne {
    /// Waits until nobody else sends the same.
    pub(super) async fn of(what: String) -> Self {
        let turn = {
            let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry(what.clone()).or_default().clone()
        };
        let mut own = Self { what, turn: Some(turn.clone()), held: None };
        own.held = Some(turn.lock_owned().await);
        own
    }
}

impl Drop for OneByOne {
    fn drop(&mut self) {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        self.held = None;
        self.turn = None;
        // Those who wait hold it too.
        if turns.get(&self.what).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            turns.remove(&self.what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{OneByOne, TURNS};
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn the_same_waits_another_does_not_and_nothing_is_kept() {
        let of = |what: &str| OneByOne::of(what.to_owned());
        let first = of("a report").await;
        assert!(timeout(Duration::ZERO, of("a report")).await.is_err(), "who goes while it waits is forgotten");
        drop(of("another report").await);
        let waits = tokio::spawn(of("a report"));
        tokio::task::yield_now().await;
        drop(first);
        drop(waits.await.expect("its turn"));
        let turns = TURNS.lock().expect("turns");
        assert!(!turns.contains_key("a report") && !turns.contains_key("another report"));
    }
}
