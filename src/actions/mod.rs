//! What the program does: one use case a file. An action takes an open transaction, `now` and a command; it loads, judges, writes and enqueues.
//!
//! Pages, the API, jobs, the command line and the replay all go through here, so that no path skips a rule or an audit row.
//! The caller opens the transaction, commits it, and only then acknowledges.

mod actor;
mod alert_supervisors;
mod error;
mod service;

pub use actor::Actor;
pub use alert_supervisors::{Raised, alert_supervisors};
pub use error::{ActionError, FieldError, Result};
pub use service::{Service, Settings};
