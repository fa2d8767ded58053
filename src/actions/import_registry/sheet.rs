//! The cells of a sheet as rows of text, within bounds: what XLSX and XLS have in common.

use super::problem::Problem;
use super::read_table::{Merged, Table, TableRow};
use crate::domain::import::FileKind;
use calamine::{Data, Dimensions};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most columns; a cell further to the right was not meant.
pub const COLUMNS: usize = 100;
/// The most bytes of text in all cells together: many cells may share one long text, which is there once in the file and here in each.
pub const TEXT: usize = 32 << 20;
/// From here on a number of a spreadsheet has lost its last digits.
const EXACT: f64 = 1e15;

/// What a formula without a value begins with in a row: what it would have given is not known.
pub const FORMULA: &str = "【公式】";

/// A file that a reader cannot make sense of.
pub fn broken() -> Problem {
    Problem::new("broken").hint("save-as-xlsx")
}

/// More cells, or more text in them, than a spreadsheet may have.
pub fn too_many(limit: usize) -> Problem {
    Problem::new("too-many-cells").with("limit", limit).hint("save-as-csv")
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
        let too_many = || too_many(self.most);
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

    /// Gives every cell of merged ranges the value of the first, as their owner sees it. A row that has nothing of its own is no row: it
    /// belongs to the one above.
    ///
    /// # Errors
    /// Too many cells, or too much text in them.
    pub fn merge(&mut self, ranges: &[Dimensions]) -> Result<(), Problem> {
        self.end_row();
        let width = self.rows.iter().map(|row| row.cells().len()).max().unwrap_or_default();
        let mut covered_left = self.most;
        let mut filled: BTreeMap<usize, Vec<Merged>> = BTreeMap::new();
        for Dimensions { start: (top, left), end: (bottom, right) } in ranges {
            let (left, right) = (*left as usize, (*right as usize).saturating_add(1).min(width));
            // So that each row that is looked at costs one of the cells that are taken.
            if left >= right {
                continue;
            }
            let first = self.rows.partition_point(|row| row.number <= *top);
            let Some(row) = self.rows.get(first).filter(|row| row.number == top.saturating_add(1)) else { continue };
            let Some(text) = row.cell(left).filter(|text| !text.trim().is_empty()) else { continue };
            let text: Rc<str> = Rc::from(text);
            let below = self.rows.iter().enumerate().skip(first);
            for (at, _) in below.take_while(|(_, row)| row.number <= bottom.saturating_add(1)) {
                for place in left..right {
                    covered_left = covered_left.checked_sub(1).ok_or_else(|| too_many(self.most))?;
                    self.text_left = self.text_left.checked_sub(text.len()).ok_or_else(|| too_many(self.most))?;
                    filled.entry(at).or_default().push(Merged { place, text: Rc::clone(&text), beside: place > left });
                }
            }
        }
        for (at, cells) in filled {
            let behind = cells.iter().map(|cell| cell.place + 1).max().unwrap_or_default();
            let more = behind.saturating_sub(self.rows[at].cells().len());
            self.cells_left = self.cells_left.checked_sub(more).ok_or_else(|| too_many(self.most))?;
            self.rows[at] = self.rows[at].merged(&cells);
        }
        Ok(())
    }

    /// The rows.
    pub fn finish(mut self) -> Vec<TableRow> {
        self.end_row();
        self.rows
    }
}

/// The table of the sheet that was chosen, else of the first that fits, else of the first that has anything in it: guidance may stand before
/// the rows.
///
/// # Errors
/// Of reading the first sheet; all are empty; the chosen one is not there.
pub fn pick(
    kind: FileKind,
    sheets: Vec<String>,
    chosen: Option<&str>,
    fits: &dyn Fn(&[TableRow]) -> bool,
    mut read: impl FnMut(&str) -> Result<Vec<TableRow>, Problem>,
) -> Result<Table, Problem> {
    let mut first: Option<(Vec<TableRow>, String)> = None;
    for name in sheets.iter().filter(|name| chosen.is_none_or(|chosen| chosen == *name)) {
        let rows = match read(name) {
            Ok(rows) => rows,
            Err(problem) if first.is_none() => return Err(problem),
            // Another can be chosen, and what is wrong with it is said then.
            Err(_) => continue,
        };
        if rows.iter().all(TableRow::is_blank) {
            continue;
        }
        let fits = chosen.is_some() || fits(&rows);
        if fits || first.is_none() {
            first = Some((rows, name.clone()));
        }
        if fits {
            break;
        }
    }
    let (rows, sheet) = first.ok_or_else(|| Problem::new("empty"))?;
    Ok(Table { rows, kind, encoding: None, separator: None, sheets, sheet: Some(sheet) })
}

/// How many digits a number format of zeros alone shows at least; 0 for every other.
pub fn zeros(format: &str) -> usize {
    if format.bytes().all(|byte| byte == b'0') { format.len() } else { 0 }
}

/// A cell as its owner sees it: dates in ISO form, whole numbers without a fraction and with as many digits as their format shows at least.
pub fn shown(value: &Data, digits: usize) -> Cow<'static, str> {
    Cow::Owned(match value {
        Data::Int(number) => with_zeros(number.to_string(), digits),
        Data::Float(number) if number.abs() >= EXACT => format!("{number:E}"),
        Data::Float(number) => with_zeros(number.to_string(), digits),
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

fn with_zeros(number: String, digits: usize) -> String {
    // No number has more digits than these; a format may say any number of zeros.
    let digits = digits.min(COLUMNS);
    if number.bytes().all(|byte| byte.is_ascii_digit()) { format!("{number:0>digits$}") } else { number }
}
