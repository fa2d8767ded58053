//! Sending mails, and their words. This layer alone names lettre; it knows neither the outbox nor the rules.
//!
//! [`Mailer`] delivers one [`Letter`]: by SMTP, as a file into a folder, or into memory for tests. [`compose`] makes the
//! words of the mails in both languages. When and how often a letter is tried is up to `jobs`.

pub mod compose;
mod folder;
mod memory;
mod message;
pub mod robot;
mod smtp;

pub use memory::{Delivered, Memory};
pub use smtp::{Smtp, SmtpError};

use crate::domain::day::Zone;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A mail ready to be delivered. Delivering it twice gives the same bytes, with the same Message-ID and Date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Sender: an address, or a name and an address in angle brackets.
    pub from: String,
    /// Address of the recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Message-ID with its angle brackets.
    pub message_id: String,
    /// Message-ID of the mail that it continues.
    pub in_reply_to: Option<String>,
    /// Its Date.
    pub created_at: DateTime<Utc>,
    /// The zone in which the Date is written.
    pub zone: Zone,
}

/// Why a letter was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It will never be: the recipient or the mail is refused for good, or not an address.
    #[error("refused: {0}")]
    Refused(String),
    /// It may be later: no connection, a busy server, wrong credentials, a cut. The server may have it nevertheless.
    #[error("not delivered: {0}")]
    Temporary(String),
}

/// Where letters go. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// To a server.
    Smtp(Smtp),
    /// Into a folder, as `.eml` files.
    Folder(PathBuf),
    /// Into memory.
    Memory(Memory),
}

impl Mailer {
    /// A mailer for an SMTP URL (`smtp://`, `smtps://`, `smtp+starttls://`); `ca` names a PEM file of further root certificates.
    ///
    /// # Errors
    /// When the URL or the file cannot be used.
    pub fn smtp(url: &str, ca: Option<&Path>) -> Result<Self, SmtpError> {
        let pem = ca.map(|path| std::fs::read(path).map_err(|e| SmtpError::Roots(e.to_string()))).transpose()?;
        Ok(Self::Smtp(Smtp::new(url, pem.as_deref())?))
    }

    /// A mailer that keeps what it is given.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Memory::default())
    }

    /// Delivers one letter.
    ///
    /// # Errors
    /// When it was not taken: for good, or for now.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = message::build(letter)?;
        match self {
            Self::Smtp(smtp) => smtp.send(&message).await,
            Self::Folder(folder) => folder::write(folder, letter, message.bytes).await,
            Self::Memory(memory) => {
                memory.keep(letter, message.bytes);
                Ok(())
            }
        }
    }
}

impl Mailer {
    /// Whether letters could be delivered now: the server answers and takes the login, or the folder can be written. `from` is the
    /// sender of the letters.
    ///
    /// # Errors
    /// What is in the way.
    pub async fn check(&self, from: &str) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.check(message::host_of(from)).await,
            Self::Folder(folder) => {
                folder::check(folder).map_err(|e| SendError::Temporary(format!("mail folder: {e}")))
            }
            Self::Memory(_) => Ok(()),
        }
    }
}

/// The Message-ID of a mail: its id at the host of the sender's address.
#[must_use]
pub fn message_id(mail: uuid::Uuid, from: &str) -> String {
    format!("<{mail}@{}>", message::host_of(from))
}

/// The first bytes of a text's hash, in hexadecimal digits.
fn short_hash(text: &str, bytes: usize) -> String {
    Sha256::digest(text.as_bytes()).iter().take(bytes).fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
