//! Whose turn it is to have a password or PIN hashed. A hash takes about 25 ms and 19 MiB, so that two run at a time; who is known goes ahead of
//! strangers, and of both only so many wait: a flood of guesses makes strangers come again, and nobody else. One network holds half of their room
//! at most, so that it takes several to turn strangers elsewhere away.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How many hashes are computed at a time.
pub const AT_ONCE: usize = 2;

/// How long whoever found no room is told to wait, in seconds: as many as may wait are served in about one on two cores, in some on busy ones.
pub const COME_AGAIN: i64 = 5;

/// How many strangers of one network may wait at a time. Many people may sit behind one: an office that signs in together is some dozens.
pub const OF_A_NETWORK: usize = 32;

/// Who wants a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Somebody who proved a secret before: signed in, on an enrolled phone, with an invite, or in a browser that is known.
    Known,
    /// Anybody else.
    Stranger,
}

impl Rank {
    /// How many of it may wait at a time, those among them whose attempt is still being counted.
    #[must_use]
    pub const fn room(self) -> usize {
        match self {
            Self::Known => 256,
            Self::Stranger => 64,
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Known => 0,
            Self::Stranger => 1,
        }
    }
}

/// The turns of this process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    queue: Arc<Mutex<Queue>>,
}

#[derive(Debug, Default)]
struct Queue {
    running: usize,
    /// Places that those who are known have taken.
    known: usize,
    /// Places that strangers have taken, by network; none that holds none.
    strangers: HashMap<String, usize>,
    /// Who waits, by rank. Some may have gone.
    waiting: [VecDeque<oneshot::Sender<Turn>>; 2],
}

impl Turns {
    /// A place to wait for who is known, taken before the attempt is counted: who finds none has not tried. `None` where as many wait as there is
    /// room for.
    #[must_use]
    pub fn place_of_known(&self) -> Option<Place> {
        let mut queue = self.lock();
        if queue.known >= Rank::Known.room() {
            return None;
        }
        queue.known += 1;
        Some(Place { turns: self.clone(), network: None })
    }

    /// The same for a stranger; `None` as well where their network, told by one name for whatever is tried, holds its share.
    #[must_use]
    pub fn place_of_stranger(&self, network: &str) -> Option<Place> {
        let strangers = &mut self.lock().strangers;
        let here = strangers.get(network).copied().unwrap_or_default();
        if strangers.values().sum::<usize>() >= Rank::Stranger.room() || here >= OF_A_NETWORK {
            return None;
        }
        strangers.insert(network.to_owned(), here + 1);
        Some(Place { turns: self.clone(), network: Some(network.to_owned()) })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place to wait, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    turns: Turns,
    /// A stranger's.
    network: Option<String>,
}

impl Place {
    const fn rank(&self) -> Rank {
        if self.network.is_some() { Rank::Stranger } else { Rank::Known }
    }

    /// Waits for the turn; the place is free then.
    pub(super) async fn turn(self) -> Turn {
        let waiting = {
            let mut queue = self.turns.lock();
            if queue.running < AT_ONCE {
                queue.running += 1;
                return Turn { turns: self.turns.clone() };
            }
            let (turn, waiting) = oneshot::channel();
            queue.waiting[self.rank().index()].push_back(turn);
            waiting
        };
        // Whoever waits is handed a turn: the queue keeps its end for as long as somebody runs.
        match waiting.await {
            Ok(turn) => turn,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.turns.lock();
        let Some(network) = &self.network else {
            queue.known -= 1;
            return;
        };
        let here = queue.strangers.remove(network).unwrap_or_default();
        if here > 1 {
            queue.strangers.insert(network.clone(), here - 1);
        }
    }
}

/// A turn to compute one hash. When it is dropped, the next has it.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Turns,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut queue = self.turns.lock();
            let next = queue.waiting.iter_mut().find_map(VecDeque::pop_front);
            if next.is_none() {
                queue.running -= 1;
            }
            next
        };
        if let Some(next) = next {
            // One that has gone drops what it was sent, and so hands it on.
            drop(next.send(Self { turns: self.turns.clone() }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    fn now<T>(waits: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match waits.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    fn place(turns: &Turns, rank: Rank) -> Place {
        let place = match rank {
            Rank::Known => turns.place_of_known(),
            Rank::Stranger => turns.place_of_stranger("192.0.2.1"),
        };
        place.expect("room")
    }

    #[test]
    fn two_run_at_a_time_and_who_is_known_goes_ahead_of_strangers() {
        let turns = Turns::default();
        let wait = |rank| place(&turns, rank).turn();
        let (mut first, mut second) = (pin!(wait(Rank::Stranger)), pin!(wait(Rank::Stranger)));
        let (one, two) = (now(first.as_mut()).expect("a turn"), now(second.as_mut()).expect("a turn"));
        let (mut early, mut late, mut known) =
            (pin!(wait(Rank::Stranger)), pin!(wait(Rank::Stranger)), pin!(wait(Rank::Known)));
        assert!(now(early.as_mut()).is_none() && now(late.as_mut()).is_none() && now(known.as_mut()).is_none());
        drop(one);
        let ahead = now(known.as_mut()).expect("who is known comes first");
        assert!(now(early.as_mut()).is_none());
        drop(two);
        let next = now(early.as_mut()).expect("then one stranger after the other");
        assert!(now(late.as_mut()).is_none());
        drop((ahead, next));
        assert!(now(late.as_mut()).is_some());
    }

    #[test]
    fn who_has_gone_holds_nobody_up_and_all_is_given_back() {
        let turns = Turns::default();
        let wait = |rank| Box::pin(place(&turns, rank).turn());
        let (mut first, mut second) = (wait(Rank::Known), wait(Rank::Known));
        let running = (now(first.as_mut()).expect("a turn"), now(second.as_mut()).expect("a turn"));
        let (mut gone, mut handed, mut stays) = (wait(Rank::Stranger), wait(Rank::Stranger), wait(Rank::Stranger));
        assert!(now(gone.as_mut()).is_none() && now(handed.as_mut()).is_none() && now(stays.as_mut()).is_none());
        drop(gone);
        drop(running.0);
        // It was handed a turn, and goes without having looked.
        drop(handed);
        drop(running.1);
        let turn = now(stays.as_mut()).expect("a turn");
        drop((turn, stays, first, second));
        let queue = turns.lock();
        assert_eq!((queue.running, queue.known, queue.strangers.len()), (0, 0, 0));
    }

    #[test]
    fn only_so_many_strangers_wait_and_who_is_known_finds_room_all_the_same() {
        let turns = Turns::default();
        let crowd = |networks: &[&str]| -> Vec<Place> {
            let places = (0..Rank::Stranger.room()).map(|n| turns.place_of_stranger(networks[n % networks.len()]));
            places.flatten().collect()
        };
        let mut held = crowd(&["192.0.2.1", "192.0.2.2"]);
        assert_eq!(held.len(), Rank::Stranger.room());
        assert!(turns.place_of_stranger("192.0.2.3").is_none());
        assert!(turns.place_of_known().is_some());
        held.pop();
        assert!(turns.place_of_stranger("192.0.2.3").is_some());
    }

    #[test]
    fn one_network_leaves_room_for_strangers_of_others() {
        let turns = Turns::default();
        let held: Vec<Place> = std::iter::from_fn(|| turns.place_of_stranger("192.0.2.1")).collect();
        assert_eq!(held.len(), OF_A_NETWORK);
        let elsewhere = turns.place_of_stranger("192.0.2.2");
        assert!(elsewhere.is_some());
        drop(held);
        assert!(turns.place_of_stranger("192.0.2.1").is_some());
    }
}
