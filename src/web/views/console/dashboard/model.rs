//! What a panel of the dashboard is: a title, a chart, and the numbers of the chart as a table, each number leading to its rows.

use crate::domain::figures::per_mille;
use crate::print::table;

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// What it shows.
    pub(super) text: String,
    /// The number, for a spreadsheet; `None` for words.
    pub(super) number: Option<i64>,
    /// The rows that it counts; empty for none.
    pub(super) href: String,
}

impl Cell {
    /// Words.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: None, href: String::new() }
    }

    /// Words that lead somewhere.
    pub(super) fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), number: None, href: href.into() }
    }

    /// A count and the list of exactly what it counts. Nothing leads nowhere.
    pub(super) fn count(n: i64, href: impl Into<String>) -> Self {
        Self { text: n.to_string(), number: Some(n), href: if n > 0 { href.into() } else { String::new() } }
    }

    /// A share in percent with one decimal; a dash of nothing.
    pub(super) fn share(part: i64, whole: i64) -> Self {
        Self::words(per_mille(part, whole).map_or_else(|| "–".to_owned(), percent))
    }
}

/// Tenths of a percent as `12.3%`.
pub(super) fn percent(mille: i64) -> String {
    format!("{}.{}%", mille / 10, mille % 10)
}

/// A row; `grey` where there is too little to say much.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) grey: bool,
}

impl Row {
    pub(super) const fn new(cells: Vec<Cell>) -> Self {
        Self { cells, grey: false }
    }
}

/// A panel.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    /// Its name in URLs.
    pub(super) key: &'static str,
    pub(super) title: String,
    /// What is counted, in one line.
    pub(super) note: String,
    /// An SVG made by a template of our own; empty for none.
    pub(super) chart: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Panel {
    /// The numbers as a file.
    pub(super) fn file(&self, format: table::Format) -> Result<Vec<u8>, table::TableError> {
        let mut file = table::Table::new(format, &self.heads)?;
        for row in &self.rows {
            let cells = row.cells.iter().map(|cell| match cell.number {
                Some(n) => table::Cell::from(n),
                None => table::Cell::from(cell.text.as_str()),
            });
            file.row(&cells.collect::<Vec<_>>())?;
        }
        file.bytes()
    }
}
