//! A file as rows of text cells, whatever it is: CSV in UTF-8, UTF-16 or GB18030, or a spreadsheet.

use super::choices::{Choices, decoder};
use super::problem::Problem;
use super::{csv_table, xls_table, xlsx_table};
use crate::domain::import::{FileKind, Separator, TextEncoding};
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};
use std::rc::Rc;

/// How big a file may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a CSV file.
    pub bytes: usize,
    /// Cells of a CSV file.
    pub cells: usize,
    /// Bytes of a spreadsheet, which unpacks to many times as many.
    pub book_bytes: usize,
    /// Cells of a spreadsheet.
    pub book_cells: usize,
}

impl Limits {
    /// For a file that somebody sends to a page: 5 MiB and 200,000 cells of a spreadsheet; 32 MiB and less than a million cells of a text,
    /// since a hundred thousand enterprises of eight columns are 15 to 20 MiB of it.
    pub const UPLOAD: Self = Self { bytes: 32 << 20, cells: 999_999, book_bytes: 5 << 20, book_cells: 200_000 };
    /// For a file that the operator of the server names: 64 MiB.
    pub const COMMAND: Self = Self { bytes: 64 << 20, cells: 2_000_000, book_bytes: 64 << 20, book_cells: 200_000 };
}

/// One row: its cells lie in one text behind each other, since a large file has a million of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Its number as a spreadsheet or editor shows it, counted from 1.
    pub number: u32,
    text: Box<str>,
    ends: Box<[u32]>,
    /// The places that a merged range covers to the right of its first column.
    beside: Box<[usize]>,
}

/// A cell of a merged range.
#[derive(Clone, Debug)]
pub struct Merged {
    /// Its place in the row.
    pub place: usize,
    /// The value of the range's first cell.
    pub text: Rc<str>,
    /// Whether it is to the right of the range's first column.
    pub beside: bool,
}

impl TableRow {
    /// A row of these cells, from the left; a short row has fewer than others.
    pub fn new<'c>(number: u32, cells: impl Iterator<Item = &'c str>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            text.push_str(cell);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Self { number, text: text.into_boxed_str(), ends: ends.into_boxed_slice(), beside: Box::default() }
    }

    /// The same row with these cells of merged ranges.
    #[must_use]
    pub fn merged(&self, cells: &[Merged]) -> Self {
        let mut all: Vec<&str> = self.cells().collect();
        for cell in cells {
            if all.len() <= cell.place {
                all.resize(cell.place + 1, "");
            }
            all[cell.place] = &cell.text;
        }
        let beside = cells.iter().filter(|cell| cell.beside).map(|cell| cell.place).collect();
        Self { beside, ..Self::new(self.number, all.into_iter()) }
    }

    /// Its cells from the left, those of a merged range as one: the others are empty.
    pub fn apart(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cells().enumerate().map(|(place, cell)| if self.beside.contains(&place) { "" } else { cell })
    }

    /// Its cells from the left.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.ends.len()).map(|place| self.cell(place).unwrap_or_default())
    }

    /// One cell, from 0 on; `None` behind the last.
    #[must_use]
    pub fn cell(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)? as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }

    /// Whether no cell has anything but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it is the row of a template that shows how to fill it in.
    fn is_example(&self) -> bool {
        self.cells().any(|cell| typed(cell).starts_with(EXAMPLE))
    }
}

/// What a cell of a template's example begins with; such a row is passed over.
pub const EXAMPLE: &str = "【示例】";

/// What a cell says, without what keeps a text from becoming a number or a formula: an apostrophe in front, `="…"` around it.
#[must_use]
pub fn typed(cell: &str) -> &str {
    let cell = cell.trim();
    let text = cell.strip_prefix('\'').filter(|rest| !rest.ends_with('\'')).unwrap_or(cell);
    let within = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    within.filter(|within| !within.contains('"')).unwrap_or(text).trim()
}

/// The rows of a file that are not blank, and how they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The rows in their order.
    pub rows: Vec<TableRow>,
    /// What the file is.
    pub kind: FileKind,
    /// The encoding of a text.
    pub encoding: Option<TextEncoding>,
    /// The separator of a text.
    pub separator: Option<Separator>,
    /// The visible sheets of a spreadsheet.
    pub sheets: Vec<String>,
    /// The one that was read.
    pub sheet: Option<String>,
}

/// Reads a file; of a spreadsheet without a choice the first sheet whose rows fit, if one does.
///
/// # Errors
/// What the file is instead of a table that can be read.
pub fn read_table(
    bytes: &[u8],
    limits: Limits,
    choices: &Choices,
    fits: &dyn Fn(&[TableRow]) -> bool,
) -> Result<Table, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new("empty"));
    }
    let kind = kind(bytes)?;
    let most = if kind == FileKind::Csv { limits.bytes } else { limits.book_bytes };
    if bytes.len() > most {
        let problem = Problem::new("too-big").with("limit", most >> 20);
        return Err(if kind == FileKind::Csv { problem } else { problem.hint("save-as-csv") });
    }
    let mut table = match kind {
        FileKind::Xlsx => xlsx_table::read(bytes, limits.book_cells, choices.sheet.as_deref(), fits)?,
        FileKind::Xls => xls_table::read(bytes, limits.book_cells, choices.sheet.as_deref(), fits)?,
        FileKind::Csv => {
            let (text, encoding) = decode(bytes, choices.encoding)?;
            let mut table = csv_table::read(&text, limits.cells, choices.separator)?;
            table.encoding = Some(encoding);
            table
        }
    };
    table.rows.retain(|row| !row.is_blank() && !row.is_example());
    if table.rows.is_empty() { Err(Problem::new("empty")) } else { Ok(table) }
}

/// The beginning of a file of the old Excel, and of a new one with a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Beginnings of files that are no text: pictures, archives, programs.
const BINARY: [&[u8]; 9] =
    [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"RIFF", b"Rar!", b"7z\xBC\xAF", b"\x1F\x8B", b"\x7FELF", b"MZ\x90"];

fn kind(bytes: &[u8]) -> Result<FileKind, Problem> {
    if bytes.starts_with(b"PK") {
        return Ok(FileKind::Xlsx);
    }
    if bytes.starts_with(COMPOUND) {
        return Ok(FileKind::Xls);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    let foreign = ["%pdf", "{\\rtf", "<html", "<!doctype", "<?xml", "<table", "{\"", "[{"];
    let binary = BINARY.iter().any(|mark| bytes.starts_with(mark));
    if binary || foreign.iter().any(|mark| start.starts_with(mark)) {
        return Err(Problem::new("not-a-table").hint("save-as-xlsx"));
    }
    Ok(FileKind::Csv)
}

/// The text of a file in the encoding that was chosen, else by its byte order mark, else UTF-8 if it is valid, else GB18030 (which GBK and
/// GB 2312 are part of).
fn decode(bytes: &[u8], chosen: Option<TextEncoding>) -> Result<(String, TextEncoding), Problem> {
    let unreadable = |encoding: &str, line| {
        Problem::new("encoding").with("encoding", encoding).with("line", line).hint("save-as-utf8")
    };
    let marked = Encoding::for_bom(bytes);
    let plain = &bytes[marked.map_or(0, |(_, length)| length)..];
    let whole = |encoding: TextEncoding| {
        let decoder = decoder(encoding);
        decoder
            .decode_without_bom_handling_and_without_replacement(plain)
            .map(|text| (text.into_owned(), encoding))
            .ok_or_else(|| unreadable(decoder.name(), 1))
    };
    let not_a_table = || Problem::new("not-a-table").hint("save-as-xlsx");
    let (text, encoding) = match (chosen, marked) {
        (Some(encoding), _) => whole(encoding)?,
        (None, Some((encoding, _))) if encoding == UTF_16LE => whole(TextEncoding::Utf16Le)?,
        (None, Some((encoding, _))) if encoding == UTF_16BE => whole(TextEncoding::Utf16Be)?,
        (None, Some(_)) => whole(TextEncoding::Utf8)?,
        (None, None) if bytes.contains(&0) => return Err(not_a_table()),
        (None, None) => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), TextEncoding::Utf8),
            Err(error) if is_broken_utf8(bytes) => {
                return Err(unreadable("UTF-8", line_of(bytes, error.valid_up_to())));
            }
            Err(error) => GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(|text| (text.into_owned(), TextEncoding::Gb18030))
                .ok_or_else(|| unreadable("UTF-8 / GB18030", line_of(bytes, error.valid_up_to())))?,
        },
    };
    if text.contains('\0') { Err(not_a_table()) } else { Ok((text, encoding)) }
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
