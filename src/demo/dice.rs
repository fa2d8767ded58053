//! Repeatable chance: the same district and the same year each time, moved so that the year ends today.

use crate::ids::Ids;

/// Throws numbers that are the same in each run.
#[derive(Debug)]
pub struct Dice(Ids);

impl Dice {
    /// Dice that always fall the same.
    pub fn new(seed: u64) -> Self {
        Self(Ids::seeded(seed))
    }

    /// A number below `n`; 0 where there is none.
    pub fn below(&self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(u64::from(self.0.number()) % n).unwrap_or(0)
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&self, from: i64, to: i64) -> i64 {
        let width = usize::try_from(to - from + 1).unwrap_or(1);
        from + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True in so many of a hundred throws.
    pub fn percent(&self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
