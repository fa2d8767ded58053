//! Who waits to write on SQLite, in the order in which they came.

use super::error::{Result, StorageError};
use super::plan::Planned;
use super::turn::Turn;
use std::collections::VecDeque;
use tokio::sync::oneshot;

/// What somebody waits with.
pub(super) enum Place {
    /// For the connection.
    Turn(oneshot::Sender<Result<Turn>>),
    /// For what was worked out to be written.
    Plan(Planned),
}

impl Place {
    /// Tells why it is not served.
    pub(super) fn refuse(self, error: StorageError) {
        // Nobody may wait any more.
        match self {
            Self::Turn(place) => drop(place.send(Err(error))),
            Self::Plan(plan) => drop(plan.take().map(|(_, told)| told.send(Err(error)))),
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Self::Turn(place) => place.is_closed(),
            Self::Plan(plan) => plan.is_closed(),
        }
    }
}

/// Those who wait, and whether a task serves them.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Place>,
    driven: bool,
    /// Writers that wait for a transaction of their own.
    alone: usize,
    /// How many of those waiting came before the first of them.
    before: Option<usize>,
}

impl Queue {
    /// Adds one; whether a task has to be begun that serves them.
    pub(super) fn add(&mut self, place: Place) -> bool {
        self.waiting.push_back(place);
        !std::mem::replace(&mut self.driven, true)
    }

    /// Whether somebody still waits; otherwise the task that served them ends.
    pub(super) fn wanted(&mut self) -> bool {
        self.waiting.retain(|place| !place.is_closed());
        self.driven = !self.waiting.is_empty();
        self.driven
    }

    /// All of them, whom nobody serves any more for the moment.
    pub(super) fn give_up(&mut self) -> VecDeque<Place> {
        std::mem::take(&mut self.waiting)
    }

    /// The task that served them has ended before its time: they are not left waiting.
    pub(super) fn deserted(&mut self) {
        self.waiting.clear();
        self.driven = false;
    }

    /// Who is next. A group that is open takes in those who came before somebody who writes alone, and nobody else.
    pub(super) fn next(&mut self, open: bool) -> Option<Place> {
        if open && self.before == Some(0) {
            return None;
        }
        self.before = self.before.map(|before| before.saturating_sub(1));
        self.waiting.pop_front()
    }

    /// Whether nobody waits, neither here nor for a transaction of their own.
    pub(super) fn is_quiet(&self) -> bool {
        self.waiting.is_empty() && self.alone == 0
    }

    /// Whether the next group may begin before anybody else has the connection.
    pub(super) fn goes_on(&self) -> bool {
        !self.waiting.is_empty() && self.alone == 0
    }

    /// Notes one who waits for a transaction of their own.
    pub(super) fn begin_alone(&mut self) {
        self.alone += 1;
        let waiting = self.waiting.len();
        self.before.get_or_insert(waiting);
    }

    /// Such a one waits no longer.
    pub(super) fn end_alone(&mut self) {
        self.alone -= 1;
        self.before = (self.alone > 0).then_some(self.waiting.len());
    }
}
