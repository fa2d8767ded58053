//! Finding the columns of a table by their headers: in any order, by the usual names, below a title if there is one.

use super::problem::Problem;
use super::read_table::TableRow;
use crate::domain::text::half_width;

/// A column that a registry knows.
#[derive(Debug)]
pub struct Column {
    /// Its name in the files that offices hand over.
    pub name: &'static str,
    /// Other names in their plain form: lower case, without spaces and what stands in parentheses.
    pub aliases: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
    /// What a template shows in it.
    pub example: &'static str,
}

/// How many rows may stand above the header: a title, a date, a remark.
const TITLE_ROWS: usize = 10;

/// Where each column stands in a file.
#[derive(Debug)]
pub struct Columns {
    /// By the order of the registry's columns: the place in a row and the header as it is written.
    found: Vec<Option<(usize, String)>>,
    known: &'static [Column],
    /// A column that is there twice, so that which is meant cannot be known.
    double: Option<&'static str>,
    /// The header as it is written.
    pub headers: Vec<String>,
    /// The row of the header, as a spreadsheet shows it.
    pub header_row: u32,
    /// Headers that mean nothing to the registry.
    pub ignored: Vec<String>,
    /// How many of the rows are the header and what stands above it.
    pub rows_above: usize,
    /// The number of columns of the header.
    pub width: usize,
}

impl Columns {
    /// Finds the header among the first rows, and the columns by their names or as they were chosen: by the order of the registry's columns
    /// the place in a row.
    #[must_use]
    pub fn find(rows: &[TableRow], known: &'static [Column], chosen: Option<&[Option<usize>]>) -> Self {
        let recognised =
            |row: &TableRow| known.iter().filter(|column| row.apart().any(|cell| column.is_named(cell))).count();
        // Of the first rows the one with the most known names; of equals the first.
        let header = rows.iter().take(TITLE_ROWS).enumerate().rev().max_by_key(|(_, row)| recognised(row));
        let (at, header_row, headers) = header.map_or((0, 0, Vec::new()), |(at, header)| {
            (at, header.number, header.apart().map(|cell| cell.trim().to_owned()).collect::<Vec<String>>())
        });
        let mut double = None;
        let found: Vec<Option<(usize, String)>> = known
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let place = if let Some(chosen) = chosen {
                    chosen.get(index).copied().flatten().filter(|place| *place < headers.len())
                } else {
                    let mut places = (0..headers.len()).filter(|place| column.is_named(&headers[*place]));
                    let first = places.next();
                    if places.next().is_some() {
                        double = double.or(Some(column.name));
                    }
                    first
                };
                place.map(|place| (place, headers[place].clone()))
            })
            .collect();
        let taken: Vec<usize> = found.iter().flatten().map(|(place, _)| *place).collect();
        let ignored = headers.iter().enumerate().filter(|(place, cell)| !cell.is_empty() && !taken.contains(place));
        Self {
            ignored: ignored.map(|(_, cell)| cell.clone()).collect(),
            found,
            known,
            double,
            header_row,
            rows_above: at + 1,
            width: headers.len(),
            headers,
        }
    }

    /// Whether this is a header: it has all that is required, or more than one name, which guidance on how to fill in a table hardly has in a row.
    #[must_use]
    pub fn is_header(&self) -> bool {
        self.check().is_ok() || self.found.iter().flatten().count() > 1
    }

    /// Whether rows can be read by these columns.
    ///
    /// # Errors
    /// Required columns that are missing, or one that is there twice.
    pub fn check(&self) -> Result<(), Problem> {
        if let Some(column) = self.double {
            return Err(Problem::new("double-column").with("column", column));
        }
        let missing: Vec<&str> = self
            .known
            .iter()
            .zip(&self.found)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| column.name)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> =
            self.headers.iter().map(String::as_str).filter(|name| !name.is_empty()).take(20).collect();
        Err(Problem::new("missing-column").with("columns", missing.join("、")).with("row", self.header_row).hint_with(
            "headers-found",
            "headers",
            names.join("、"),
        ))
    }

    /// By the order of the registry's columns: where each stands.
    #[must_use]
    pub fn places(&self) -> Vec<Option<usize>> {
        self.found.iter().map(|found| found.as_ref().map(|(place, _)| *place)).collect()
    }

    /// How many columns the registry has.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.known.len()
    }

    /// What stands in a column of a row; `None` if the file does not have the column.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r TableRow, column: usize) -> Option<&'r str> {
        let (place, _) = self.found.get(column)?.as_ref()?;
        Some(row.cell(*place).unwrap_or_default())
    }

    /// The header of a column as the file writes it.
    #[must_use]
    pub fn header(&self, column: usize) -> &str {
        let written = self.found.get(column).and_then(|found| found.as_ref());
        written.map_or_else(|| self.known.get(column).map_or("", |column| column.name), |(_, header)| header)
    }
}

impl Column {
    fn is_named(&self, header: &str) -> bool {
        let plain = plain(header);
        !plain.is_empty() && (plain == self.name || self.aliases.contains(&plain.as_str()))
    }
}

/// A header without what varies: width, case, spaces, marks, remarks in parentheses.
fn plain(header: &str) -> String {
    let text = half_width(header).to_lowercase();
    let text = text.split(['(', '[', '【', '〔']).next().unwrap_or_default();
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '_' | '-' | '\u{feff}' | '"' | '\'' | '='))
        .collect()
}
