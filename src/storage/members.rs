//! Sets of slots of a segment: as they are stored, and as they are combined.

use super::error::{Result, StorageError};

/// Slots of a segment.
pub const SLOTS: usize = 32_768;

const WORDS: usize = SLOTS / 64;
const LIST: u8 = 0;
const BITS: u8 = 1;

/// A set of slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members(Vec<u64>);

impl Members {
    /// No slot.
    #[must_use]
    pub fn none() -> Self {
        Self(vec![0; WORDS])
    }

    /// Adds a slot; one outside of the segment is left out.
    pub fn add(&mut self, slot: usize) {
        if let Some(word) = self.0.get_mut(slot / 64) {
            *word |= 1 << (slot % 64);
        }
    }

    /// Keeps what is in `other`, too.
    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Adds what is in `other`.
    pub fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Takes out what is in `other`.
    pub fn without(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The slots in order, at most so many.
    #[must_use]
    pub fn slots(&self, most: usize) -> Vec<i64> {
        let mut slots = Vec::with_capacity(most.min(SLOTS));
        for (at, word) in (0_i64..).zip(&self.0).filter(|(_, word)| **word != 0) {
            if slots.len() >= most {
                break;
            }
            let mut left = *word;
            while left != 0 {
                slots.push(at * 64 + i64::from(left.trailing_zeros()));
                left &= left - 1;
            }
        }
        slots.truncate(most);
        slots
    }

    /// Reads what [`encode`] wrote.
    ///
    /// # Errors
    /// When the bytes are nothing of the kind.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let unreadable = || StorageError::Unreadable { what: "members of a key", value: bytes.len().to_string() };
        let mut members = Self::none();
        match bytes.split_first() {
            Some((&LIST, list)) => {
                for pair in list.chunks(2) {
                    let pair: [u8; 2] = pair.try_into().map_err(|_| unreadable())?;
                    members.add(usize::from(u16::from_le_bytes(pair)));
                }
            }
            Some((&BITS, bits)) => {
                for (word, eight) in members.0.iter_mut().zip(bits.chunks(8)) {
                    *word = u64::from_le_bytes(eight.try_into().map_err(|_| unreadable())?);
                }
            }
            _ => return Err(unreadable()),
        }
        Ok(members)
    }
}

/// Slots in order as they are stored: a list while that is shorter, else a bit for each.
#[must_use]
pub fn encode(slots: &[u16]) -> Vec<u8> {
    let last = usize::from(slots.last().copied().unwrap_or_default());
    let words = last / 64 + 1;
    if slots.len() * 2 <= words * 8 {
        let mut bytes = Vec::with_capacity(1 + slots.len() * 2);
        bytes.push(LIST);
        bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
        return bytes;
    }
    let mut members = Members::none();
    for slot in slots {
        members.add(usize::from(*slot));
    }
    let mut bytes = Vec::with_capacity(1 + words * 8);
    bytes.push(BITS);
    bytes.extend(members.0.iter().take(words).flat_map(|word| word.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::{Members, SLOTS, encode};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_stored_is_read_again(slots in prop::collection::btree_set(0..u16::try_from(SLOTS).expect("a number"), 0..3_000)) {
            let slots: Vec<u16> = slots.into_iter().collect();
            let read = Members::decode(&encode(&slots)).expect("members");
            prop_assert_eq!(read.count(), slots.len());
            prop_assert_eq!(read.slots(SLOTS), slots.into_iter().map(i64::from).collect::<Vec<_>>());
        }
    }

    #[test]
    fn many_slots_take_a_bit_each() {
        let all: Vec<u16> = (0..u16::try_from(SLOTS).expect("a number")).collect();
        assert_eq!(encode(&all).len(), 1 + SLOTS / 8);
        assert_eq!(encode(&[7]).len(), 3);
        assert!(Members::decode(&[]).is_err());
        assert!(Members::decode(&[0, 1]).is_err());
        assert!(Members::decode(&[9, 1, 1]).is_err());
    }

    #[test]
    fn sets_are_combined() {
        let set = |slots: &[u16]| Members::decode(&encode(slots)).expect("members");
        let mut one = set(&[1, 2, 3]);
        one.keep(&set(&[2, 3, 900]));
        assert_eq!(one, set(&[2, 3]));
        one.join(&set(&[64]));
        one.without(&set(&[3]));
        assert_eq!(one.slots(SLOTS), [2, 64]);
    }
}
