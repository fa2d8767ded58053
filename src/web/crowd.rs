//! How many connections one network may hold at a time, so that it cannot take all of them.

use super::extract::ClientAddr;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The most connections of one network: an office behind one address has some dozens.
const OF_ONE_NETWORK: usize = 512;

/// Connections that found no place since the process began.
static TURNED_AWAY: AtomicU64 = AtomicU64::new(0);

/// How many connections found no place since the process began.
pub(super) fn turned_away() -> u64 {
    TURNED_AWAY.load(Ordering::Relaxed)
}

/// The open connections by network.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    by_network: Mutex<HashMap<String, usize>>,
}

/// A connection's place in the crowd, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    network: Option<String>,
}

impl Crowd {
    /// A place for a connection from `peer`; `None` if its network has its share. Whoever speaks for others (`many`: a trusted proxy) or is
    /// on this machine is not counted.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr, many: bool) -> Option<Place> {
        if many || peer.to_canonical().is_loopback() {
            return Some(Place { crowd: self.clone(), network: None });
        }
        let network = ClientAddr(Some(peer)).network();
        let mut open = self.by_network.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.entry(network.clone()).or_default();
        if *held >= OF_ONE_NETWORK {
            TURNED_AWAY.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        *held += 1;
        drop(open);
        Some(Place { crowd: self.clone(), network: Some(network) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(network) = self.network.take() else { return };
        let mut open = self.crowd.by_network.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = open.get_mut(&network) {
            *held -= 1;
            if *held == 0 {
                open.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Crowd, OF_ONE_NETWORK, Place};
    use std::net::IpAddr;
    use std::sync::Arc;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_gets_its_share_and_no_more_and_others_are_not_touched() {
        let crowd = Arc::new(Crowd::default());
        let enter = |address: &str| crowd.enter(ip(address), false);
        let neighbours = |n: usize| format!("203.0.113.{}", n % 200);
        let mut held: Vec<Place> = (0..OF_ONE_NETWORK).filter_map(|n| enter(&neighbours(n))).collect();
        assert_eq!(held.len(), OF_ONE_NETWORK);
        let before = super::turned_away();
        assert!(enter("203.0.113.250").is_none(), "the network is what counts");
        assert!(super::turned_away() > before);
        assert!(enter("::ffff:203.0.113.9").is_none(), "however the address is written");
        assert!(enter("203.0.114.1").is_some() && enter("2001:db8:1::1").is_some());
        held.pop();
        let place = enter("203.0.113.250");
        assert!(place.is_some(), "a place that was given back is free");
        drop((held, place));
        assert!(crowd.by_network.lock().expect("open").is_empty(), "nothing is kept of who was here");
    }

    #[test]
    fn proxies_and_this_machine_are_not_counted() {
        let crowd = Arc::new(Crowd::default());
        let held: Vec<_> = (0..OF_ONE_NETWORK * 2).map(|_| crowd.enter(ip("10.0.0.1"), true)).collect();
        let local: Vec<_> = (0..OF_ONE_NETWORK * 2).map(|_| crowd.enter(ip("127.0.0.1"), false)).collect();
        assert!(held.iter().chain(&local).all(Option::is_some));
    }
}
