//! How a file is read: guessed, unless a person chose otherwise.

use crate::domain::import::{FileKind, Separator, TextEncoding};
use serde::{Deserialize, Serialize};

/// The decoder of an encoding.
#[must_use]
pub fn decoder(encoding: TextEncoding) -> &'static encoding_rs::Encoding {
    match encoding {
        TextEncoding::Utf8 => encoding_rs::UTF_8,
        TextEncoding::Gb18030 => encoding_rs::GB18030,
        TextEncoding::Utf16Le => encoding_rs::UTF_16LE,
        TextEncoding::Utf16Be => encoding_rs::UTF_16BE,
    }
}

/// What a person chose; `None` leaves the guess.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The encoding of a text.
    pub encoding: Option<TextEncoding>,
    /// The separator of a text.
    pub separator: Option<Separator>,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// By the order of the registry's columns: the place in a row, from 0 on; `None` for a column that the file does not have.
    pub columns: Option<Vec<Option<usize>>>,
}

/// How a file was read, for a page that shows it and lets it be chosen otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Format {
    /// What the file is.
    pub kind: Option<FileKind>,
    /// The encoding of a text.
    pub encoding: Option<TextEncoding>,
    /// The separator of a text.
    pub separator: Option<Separator>,
    /// The visible sheets of a spreadsheet.
    pub sheets: Vec<String>,
    /// The one that was read.
    pub sheet: Option<String>,
    /// The row of the header, as a spreadsheet shows it.
    pub header_row: u32,
    /// The header.
    pub headers: Vec<String>,
    /// The first rows below it.
    pub sample: Vec<Vec<String>>,
    /// By the order of the registry's columns: where each stands.
    pub columns: Vec<Option<usize>>,
    /// How many rows there are below the header.
    pub rows: usize,
}
