//! How an action can end other than well.

use crate::storage::StorageError;

/// What is wrong with one field of a command. Words for people are made from the code in the catalogue of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field, as in the replay file and the API (`planned_end`).
    pub field: &'static str,
    /// What is wrong, as a stable code (`required`, `unknown`, `too_long`, `end_before_start`, …).
    pub code: &'static str,
    /// A hint in data, shown with the words: a suggested value, a limit.
    pub hint: Option<String>,
}

impl FieldError {
    /// An error without a hint.
    #[must_use]
    pub const fn new(field: &'static str, code: &'static str) -> Self {
        Self { field, code, hint: None }
    }
}

/// How an action can end other than well. A rule that fires is never an error.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// Malformed input; nothing was saved.
    #[error("malformed input: {0:?}")]
    Malformed(Vec<FieldError>),
    /// There is no such object, or not for this actor: the two are not told apart.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The object's state does not allow it (a cancelled filing cannot be amended).
    #[error("not possible in this state: {0}")]
    State(&'static str),
    /// The same submission id was used with other content; the object that was saved then.
    #[error("the submission id was used with other content")]
    OtherContent(Option<uuid::Uuid>),
    /// Somebody else changed it in between.
    #[error("{0} was changed by somebody else")]
    Stale(&'static str),
    /// As many wait for a hash as there is room for.
    #[error("too many passwords and PINs wait to be checked")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Storage(StorageError),
    /// Something inside failed that is nobody's input (rendering a mail).
    #[error("internal: {0}")]
    Internal(String),
}

impl From<StorageError> for ActionError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Stale(what) => Self::Stale(what),
            other => Self::Storage(other),
        }
    }
}

impl From<FieldError> for ActionError {
    fn from(error: FieldError) -> Self {
        Self::Malformed(vec![error])
    }
}

/// The result of an action.
pub type Result<T> = std::result::Result<T, ActionError>;
