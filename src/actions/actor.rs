//! Who does something, for the audit.

use crate::domain::id::{AgencyId, EnterpriseId, UserId};
use uuid::Uuid;

/// Who does something. An action records it; whether it may was decided where the actor signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An inspector, by certificate number, from an enrolled device.
    Inspector {
        /// Certificate number.
        cert_no: String,
        /// The inspector's agency.
        agency: AgencyId,
    },
    /// Somebody who says that they are an inspector, by the certificate number they gave, from a phone that is not enrolled.
    Unenrolled(String),
    /// Somebody at an enterprise who scanned its code.
    Enterprise(EnterpriseId),
    /// An enterprise that reports: the audit has readers who may not know which one.
    Reporter,
    /// A person signed in to the console.
    User(UserId),
    /// A client of the API, by its token's id.
    Token(Uuid),
    /// A line of a replayed history.
    Replay,
    /// The program itself: a deadline that passed, a command on the server.
    System,
}

impl Actor {
    /// The kind, as it is stored in the audit.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Inspector { .. } => "inspector",
            Self::Unenrolled(_) => "unenrolled",
            Self::Enterprise(_) | Self::Reporter => "enterprise",
            Self::User(_) => "user",
            Self::Token(_) => "token",
            Self::Replay => "replay",
            Self::System => "system",
        }
    }

    /// Whether this tells what happened in a past that is not asked whether it should have: then no state refuses it.
    #[must_use]
    pub const fn tells_history(&self) -> bool {
        matches!(self, Self::Replay)
    }

    /// Which one of its kind; empty where there is only one.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Inspector { cert_no, .. } | Self::Unenrolled(cert_no) => cert_no.clone(),
            Self::Enterprise(id) => id.to_string(),
            Self::User(id) => id.to_string(),
            Self::Token(id) => id.to_string(),
            Self::Reporter | Self::Replay | Self::System => String::new(),
        }
    }
}
