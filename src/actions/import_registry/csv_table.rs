//! The rows of a CSV text, with the separator that the file uses.

use super::csv_quotes;
use super::problem::Problem;
use super::read_table::{Table, TableRow};
use crate::domain::import::{FileKind, Separator};

/// How many lines are looked at to find the separator.
const SAMPLE: usize = 10;

/// Reads the rows of a text with at most `cells` cells, by the separator that was chosen or else guessed.
pub fn read(text: &str, cells: usize, chosen: Option<Separator>) -> Result<Table, Problem> {
    let separator = chosen.unwrap_or_else(|| separator(text));
    csv_quotes::check(text, separator)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.byte())
        .from_reader(text.as_bytes());
    let mut table = Table {
        rows: Vec::new(),
        kind: FileKind::Csv,
        encoding: None,
        separator: Some(separator),
        sheets: Vec::new(),
        sheet: None,
    };
    let mut count = 0;
    let mut record = csv::StringRecord::new();
    let mut lines = Lines { bytes: text.as_bytes(), counted: 0, line: 1 };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(Problem::new("broken").hint("save-as-xlsx")),
        }
        count += record.len();
        if count > cells {
            return Err(Problem::new("too-many-cells").with("limit", cells));
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let number = lines.at(usize::try_from(start).unwrap_or(usize::MAX));
        table.rows.push(TableRow::new(number, record.iter()));
    }
    Ok(table)
}

fn separator(text: &str) -> Separator {
    let count = |separator: Separator| {
        let byte = char::from(separator.byte());
        text.lines().take(SAMPLE).map(|line| line.matches(byte).count()).sum::<usize>()
    };
    // Of two that are as frequent the first; without any, one column.
    Separator::ALL.iter().rev().copied().max_by_key(|separator| count(*separator)).unwrap_or(Separator::Comma)
}

/// Counts lines. The reader's own count is of where it stopped: before the blank lines, or between the two characters of a line end.
struct Lines<'t> {
    bytes: &'t [u8],
    counted: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the first character at or after `start` that does not end a line. Call it with growing positions.
    fn at(&mut self, start: usize) -> u32 {
        let mut end = start.min(self.bytes.len());
        while matches!(self.bytes.get(end), Some(b'\r' | b'\n')) {
            end += 1;
        }
        while self.counted < end {
            let followed = self.bytes.get(self.counted + 1) == Some(&b'\n');
            match self.bytes[self.counted] {
                b'\n' => self.line += 1,
                b'\r' if !followed => self.line += 1,
                _ => {}
            }
            self.counted += 1;
        }
        self.line
    }
}
