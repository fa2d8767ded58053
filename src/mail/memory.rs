//! Letters kept in memory, for tests.

use super::Letter;
use std::sync::{Arc, Mutex, PoisonError};

/// A letter that was delivered into memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The letter.
    pub letter: Letter,
    /// What a server would have been given.
    pub raw: Vec<u8>,
}

/// Keeps letters in the order of their delivery. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    letters: Arc<Mutex<Vec<Delivered>>>,
}

impl Memory {
    pub(super) fn keep(&self, letter: &Letter, raw: Vec<u8>) {
        let delivered = Delivered { letter: letter.clone(), raw };
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(delivered);
    }

    /// What was delivered so far.
    #[must_use]
    pub fn delivered(&self) -> Vec<Delivered> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what was delivered so far.
    #[must_use]
    pub fn take(&self) -> Vec<Delivered> {
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
