//! Work in the background: what kinds there are, and where a piece of it stands.

use super::code_enum::code_enum;

code_enum! {
    /// What is done.
    TaskKind {
        /// Reading, previewing or applying a registry file.
        Import = "import",
        /// Making a document of signs.
        Sheet = "sheet",
        /// Writing a list as a file.
        Export = "export",
        /// Judging the past by a draft policy.
        WhatIf = "what_if",
    }
}

code_enum! {
    /// Where it stands: `queued → running → done | failed | cancelled`.
    TaskState {
        /// Waits for its turn.
        Queued = "queued",
        /// Somebody works on it.
        Running = "running",
        /// Its result is there.
        Done = "done",
        /// It could not be done; says why.
        Failed = "failed",
        /// Whoever asked for it does not want it any more.
        Cancelled = "cancelled",
    }
}

impl TaskState {
    /// Whether nothing will change any more.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}
