//! The program put together: database, service, clock. What pages, jobs and commands are given.

use crate::actions::Service;
use crate::clock::Clock;
use crate::storage::Db;

/// Everything that a request or a job needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// The store.
    pub db: Db,
    /// What actions share.
    pub service: Service,
    /// Where `now` comes from.
    pub clock: Clock,
}
