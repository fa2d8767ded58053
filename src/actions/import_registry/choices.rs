//! How a file is read: guessed, unless a person chose otherwise.

use crate::domain::code_enum::code_enum;
use serde::{Deserialize, Serialize};

code_enum! {
    /// What a file is.
    FileKind {
        /// Text with separators.
        Csv = "csv",
        /// A spreadsheet since 2007.
        Xlsx = "xlsx",
        /// A spreadsheet of the old Excel.
        Xls = "xls",
    }
}

code_enum! {
    /// The encoding of a text.
    TextEncoding {
        /// With or without a byte order mark.
        Utf8 = "utf-8",
        /// Which GBK and GB 2312 are part of.
        Gb18030 = "gb18030",
        /// "Unicode" of Windows.
        Utf16Le = "utf-16le",
        /// The same in the other byte order.
        Utf16Be = "utf-16be",
    }
}

code_enum! {
    /// What stands between two cells of a text.
    Separator {
        /// `,`
        Comma = "comma",
        /// `;`, by the region.
        Semicolon = "semicolon",
        /// As in "Unicode text".
        Tab = "tab",
    }
}

impl TextEncoding {
    /// The decoder.
    #[must_use]
    pub fn decoder(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
        }
    }
}

impl Separator {
    /// The character.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
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
