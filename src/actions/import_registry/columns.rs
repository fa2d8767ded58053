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
}

/// How many rows may stand above the header: a title, a date, a remark.
const TITLE_ROWS: usize = 10;

/// Where each column stands in a file.
#[derive(Debug)]
pub struct Columns {
    /// By the order of the registry's columns: the place in a row and the header as it is written.
    found: Vec<Option<(usize, String)>>,
    known: &'static [Column],
    /// Headers that mean nothing to the registry.
    pub ignored: Vec<String>,
    /// How many of the rows are the header and what stands above it.
    pub rows_above: usize,
    /// The number of columns of the header.
    pub width: usize,
}

impl Columns {
    /// Finds the header among the first rows.
    ///
    /// # Errors
    /// Required columns that are missing, or one that is there twice.
    pub fn find(rows: &[TableRow], known: &'static [Column]) -> Result<Self, Problem> {
        let recognised =
            |row: &TableRow| known.iter().filter(|column| row.cells.iter().any(|cell| column.is_named(cell))).count();
        // Of the first rows the one with the most known names; of equals the first.
        let header = rows.iter().take(TITLE_ROWS).enumerate().rev().max_by_key(|(_, row)| recognised(row));
        let Some((at, header)) = header else { return Err(Problem::new("empty")) };
        let mut found = Vec::with_capacity(known.len());
        for column in known {
            let mut places = header.cells.iter().enumerate().filter(|(_, cell)| column.is_named(cell));
            let first = places.next();
            if let (Some(_), Some(_)) = (first, places.next()) {
                return Err(Problem::new("double-column").with("column", column.name));
            }
            found.push(first.map(|(place, cell)| (place, cell.trim().to_owned())));
        }
        let missing: Vec<&str> = known
            .iter()
            .zip(&found)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| column.name)
            .collect();
        if !missing.is_empty() {
            let names: Vec<&str> =
                header.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(20).collect();
            return Err(Problem::new("missing-column")
                .with("columns", missing.join("、"))
                .with("row", header.number)
                .hint_with("headers-found", "headers", names.join("、")));
        }
        let taken: Vec<usize> = found.iter().flatten().map(|(place, _)| *place).collect();
        let ignored = header.cells.iter().enumerate();
        let ignored = ignored.filter(|(place, cell)| !cell.trim().is_empty() && !taken.contains(place));
        Ok(Self {
            ignored: ignored.map(|(_, cell)| cell.trim().to_owned()).collect(),
            found,
            known,
            rows_above: at + 1,
            width: header.cells.len(),
        })
    }

    /// What stands in a column of a row; `None` if the file does not have the column.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r TableRow, column: usize) -> Option<&'r str> {
        let (place, _) = self.found.get(column)?.as_ref()?;
        Some(row.cells.get(*place).map_or("", String::as_str))
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
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '_' | '-' | '\u{feff}' | '"' | '\''))
        .collect()
}
