//! A file as rows of text cells, whatever it is: CSV in UTF-8, UTF-16 or GB18030, or a spreadsheet.

use super::problem::Problem;
use super::{csv_table, xlsx_table};
use encoding_rs::{Encoding, GB18030};

/// How big a file may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Cells of a CSV file. A spreadsheet never has more than [`Limits::UPLOAD`] allows.
    pub cells: usize,
}

impl Limits {
    /// For a file that somebody sends to a page: 5 MiB, 200,000 cells.
    pub const UPLOAD: Self = Self { bytes: 5 << 20, cells: 200_000 };
    /// For a file that the operator of the server names: 64 MiB, 2,000,000 cells.
    pub const COMMAND: Self = Self { bytes: 64 << 20, cells: 2_000_000 };
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Its number as a spreadsheet or editor shows it, counted from 1.
    pub number: u32,
    /// Its cells from the left; a short row has fewer.
    pub cells: Vec<String>,
}

impl TableRow {
    /// Whether no cell has anything but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The rows of a file that are not blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows in their order.
    pub rows: Vec<TableRow>,
    /// The sheet that was read, where there are others that were not.
    pub sheet: Option<String>,
}

/// Reads a file.
///
/// # Errors
/// What the file is instead of a table that can be read.
pub fn read_table(bytes: &[u8], limits: Limits) -> Result<Table, Problem> {
    if bytes.len() > limits.bytes {
        return Err(Problem::new("too-big").with("limit", limits.bytes >> 20));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new("empty"));
    }
    let mut table = match kind(bytes)? {
        Kind::Xlsx => xlsx_table::read(bytes, limits.cells.min(Limits::UPLOAD.cells))?,
        Kind::Text => csv_table::read(&decode(bytes)?, limits.cells)?,
    };
    table.rows.retain(|row| !row.is_blank());
    if table.rows.is_empty() { Err(Problem::new("empty")) } else { Ok(table) }
}

enum Kind {
    Xlsx,
    Text,
}

/// The beginning of a file of the old Excel, and of a new one with a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn kind(bytes: &[u8]) -> Result<Kind, Problem> {
    if bytes.starts_with(b"PK") {
        return Ok(Kind::Xlsx);
    }
    if bytes.starts_with(COMPOUND) {
        let marker: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(marker.len()).any(|window| window == marker);
        return Err(if encrypted {
            Problem::new("password").hint("save-without-password")
        } else {
            Problem::new("old-excel").hint("save-as-xlsx")
        });
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    let foreign = ["%pdf", "{\\rtf", "<html", "<!doctype", "<?xml", "<table", "{\"", "[{"];
    if foreign.iter().any(|mark| start.starts_with(mark)) {
        return Err(Problem::new("not-a-table").hint("save-as-xlsx"));
    }
    Ok(Kind::Text)
}

/// The text of a file: by its byte order mark, else UTF-8 if it is valid, else GB18030 (which GBK and GB 2312 are part of).
fn decode(bytes: &[u8]) -> Result<String, Problem> {
    let unreadable = |encoding: &str, line| {
        Problem::new("encoding").with("encoding", encoding).with("line", line).hint("save-as-utf8")
    };
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[length..])
            .ok_or_else(|| unreadable(encoding.name(), 1))?
            .into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(error) if is_broken_utf8(bytes) => {
                return Err(unreadable("UTF-8", line_of(bytes, error.valid_up_to())));
            }
            Err(error) => GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .ok_or_else(|| unreadable("UTF-8 / GB18030", line_of(bytes, error.valid_up_to())))?
                .into_owned(),
        },
    };
    if text.contains('\0') { Err(Problem::new("not-a-table").hint("save-as-xlsx")) } else { Ok(text) }
}

/// Whether bytes that are not valid UTF-8 were meant to be: Chinese text in GB18030 hardly ever has two characters in a row that
/// are valid UTF-8, so a file with many of them and few faults was damaged, and reading it as GB18030 would store gibberish.
fn is_broken_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| u32::from(*c) >= 0x800).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 10 * bad
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].split(|b| *b == b'\n').count()
}
