//! The cells of a sheet as rows of text, within bounds: what XLSX and XLS have in common.

use super::problem::Problem;
use super::read_table::{Table, TableRow};
use crate::domain::import::FileKind;
use calamine::Data;
use std::borrow::Cow;

/// The most columns; a cell further to the right was not meant.
pub const COLUMNS: usize = 100;
/// The most bytes of text in all cells together: many cells may share one long text, which is there once in the file and here in each.
pub const TEXT: usize = 32 << 20;
/// From here on a number of a spreadsheet has lost its last digits.
const EXACT: f64 = 1e15;

/// A file that a reader cannot make sense of.
pub fn broken() -> Problem {
    Problem::new("broken").hint("save-as-xlsx")
}

/// Rows that are put together from cells in their order.
#[derive(Debug)]
pub struct Sheet {
    rows: Vec<TableRow>,
    number: u32,
    cells: Vec<String>,
    cells_left: usize,
    text_left: usize,
    most: usize,
}

impl Sheet {
    /// For at most so many cells.
    pub fn new(cells: usize) -> Self {
        Self { rows: Vec::new(), number: 0, cells: Vec::new(), cells_left: cells, text_left: TEXT, most: cells }
    }

    /// Adds a cell at a row and column, from 0 on. Rows come in their order.
    ///
    /// # Errors
    /// Too far to the right; too many; too much text; rows out of order.
    pub fn put(&mut self, (row, column): (u32, u32), text: &str) -> Result<(), Problem> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let (number, column) = (row.saturating_add(1), column as usize);
        if column >= COLUMNS {
            return Err(Problem::new("too-wide").with("row", number).with("limit", COLUMNS));
        }
        if number < self.number {
            return Err(broken());
        }
        if number > self.number {
            self.end_row();
            self.number = number;
        }
        let too_many = || Problem::new("too-many-cells").with("limit", self.most).hint("save-as-csv");
        if self.cells.len() <= column {
            self.cells_left = self.cells_left.checked_sub(column + 1 - self.cells.len()).ok_or_else(too_many)?;
        }
        self.text_left = self.text_left.checked_sub(text.len()).ok_or_else(too_many)?;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut self.cells[column]);
        Ok(())
    }

    fn end_row(&mut self) {
        if !self.cells.is_empty() {
            self.rows.push(TableRow::new(self.number, self.cells.iter().map(String::as_str)));
            self.cells.clear();
        }
    }

    /// The rows.
    pub fn finish(mut self) -> Vec<TableRow> {
        self.end_row();
        self.rows
    }
}

/// The table of the sheet that was chosen, else of the first that has anything in it.
///
/// # Errors
/// Of reading a sheet; all are empty; the chosen one is not there.
pub fn pick(
    kind: FileKind,
    sheets: Vec<String>,
    chosen: Option<&str>,
    mut read: impl FnMut(&str) -> Result<Vec<TableRow>, Problem>,
) -> Result<Table, Problem> {
    let wanted: Vec<&String> = sheets.iter().filter(|name| chosen.is_none_or(|chosen| chosen == *name)).collect();
    for name in wanted {
        let rows = read(name)?;
        if rows.iter().any(|row| !row.is_blank()) {
            let sheet = Some(name.clone());
            return Ok(Table { rows, kind, encoding: None, separator: None, sheets, sheet });
        }
    }
    Err(Problem::new("empty"))
}

/// A cell as its owner sees it: dates in ISO form, whole numbers without a fraction.
pub fn shown(value: &Data) -> Cow<'static, str> {
    Cow::Owned(match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.abs() >= EXACT => format!("{number:E}"),
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::DateTime(value) => {
            let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
        }
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    })
}
