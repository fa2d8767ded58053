//! The rows of a CSV text, with the separator that the file uses.

use super::problem::Problem;
use super::read_table::{Table, TableRow};

/// The separators that spreadsheets write: a comma, a semicolon (by the region), a tab ("Unicode text").
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// How many lines are looked at to find the separator.
const SAMPLE: usize = 10;

/// Reads the rows of a text with at most `cells` cells.
pub fn read(text: &str, cells: usize) -> Result<Table, Problem> {
    let separator = separator(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut count = 0;
    let mut record = csv::StringRecord::new();
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
        // Blank lines are skipped by the reader, so that a row's number is the number of its first line.
        let line = record.position().map_or(0, csv::Position::line);
        table.rows.push(TableRow {
            number: u32::try_from(line).unwrap_or(u32::MAX),
            cells: record.iter().map(str::to_owned).collect(),
        });
    }
    match unclosed_quote(text, &table) {
        Some(row) => Err(Problem::new("quote").with("line", row)),
        None => Ok(table),
    }
}

fn separator(text: &str) -> u8 {
    let count = |separator| text.lines().take(SAMPLE).map(|line| line.matches(separator).count()).sum::<usize>();
    // Of two that are as frequent the first; without any, one column.
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',');
    u8::try_from(best).unwrap_or(b',')
}

/// The row from which an opened quotation mark swallowed the rest of the file.
fn unclosed_quote(text: &str, table: &Table) -> Option<u32> {
    let last = table.rows.last()?;
    let swallowed = last.cells.last().is_some_and(|cell| cell.contains('\n'));
    (swallowed && text.matches('"').count() % 2 == 1).then_some(last.number)
}
