//! Tables as files: XLSX and CSV, row by row, into a file without a name, so that memory stays the same however many rows there are.
//! No cell is a formula, whatever somebody typed.

use rust_xlsxwriter::{Format as Look, Workbook, XlsxError};
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

/// What UTF-8 files begin with so that spreadsheets read them as such.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The most rows of a sheet, the head among them.
pub const MOST_ROWS: u32 = 1_048_576;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// Values separated by commas, in UTF-8 with its mark.
    Csv,
}

impl Format {
    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "xlsx" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The end of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words, as they are written after [`neutral`].
    Text(String),
    /// A number.
    Number(f64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        // Counts of rows are far below 2^53, from which on this would not be exact.
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        Self::Number(n as f64)
    }
}

/// Words that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front.
#[must_use]
pub fn neutral(text: &str) -> String {
    if begins_like_a_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn begins_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A sheet holds no more rows.
    #[error("more rows than a sheet holds")]
    TooLong,
    /// The workbook could not be written.
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
    /// The file could not be written.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The same.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

enum Out {
    Xlsx(Box<Workbook>),
    Csv(Box<csv::Writer<File>>),
}

/// A table that is being written.
pub struct Table {
    out: Out,
    rows: u32,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table of {} rows", self.rows)
    }
}

impl Table {
    /// Begins a table with the heads of its columns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(format: Format, heads: &[String]) -> Result<Self, TableError> {
        let out = match format {
            Format::Xlsx => {
                let mut book = Workbook::new();
                let sheet = book.add_worksheet_with_constant_memory()?;
                sheet.set_freeze_panes(1, 0)?;
                let bold = Look::new().set_bold();
                for (column, head) in (0_u16..).zip(heads) {
                    sheet.set_column_width(column, 20)?;
                    sheet.write_string_with_format(0, column, neutral(head), &bold)?;
                }
                Out::Xlsx(Box::new(book))
            }
            Format::Csv => {
                let mut file = tempfile::tempfile()?;
                file.write_all(BOM)?;
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(heads.iter().map(|head| neutral(head)))?;
                Out::Csv(Box::new(writer))
            }
        };
        Ok(Self { out, rows: 1 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the file cannot be written or the sheet is full.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), TableError> {
        if self.rows >= MOST_ROWS {
            return Err(TableError::TooLong);
        }
        match &mut self.out {
            Out::Xlsx(book) => {
                let sheet = book.worksheet_from_index(0)?;
                for (column, cell) in (0_u16..).zip(cells) {
                    match cell {
                        Cell::Text(text) => sheet.write_string(self.rows, column, neutral(text))?,
                        Cell::Number(number) => sheet.write_number(self.rows, column, *number)?,
                    };
                }
            }
            Out::Csv(writer) => writer.write_record(cells.iter().map(|cell| match cell {
                Cell::Text(text) => neutral(text),
                Cell::Number(number) => number.to_string(),
            }))?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends the table: a file without a name, to be read from its beginning.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(self) -> Result<File, TableError> {
        let mut file = match self.out {
            Out::Xlsx(mut book) => {
                let mut file = tempfile::tempfile()?;
                book.save_to_writer(&mut file)?;
                file
            }
            Out::Csv(writer) => writer.into_inner().map_err(csv::IntoInnerError::into_error)?,
        };
        file.rewind()?;
        Ok(file)
    }

    /// Ends a short table; its bytes.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn bytes(self) -> Result<Vec<u8>, TableError> {
        let mut bytes = Vec::new();
        self.finish()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Format, Table, neutral};

    #[test]
    fn what_begins_like_a_formula_is_no_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(neutral(text), format!("'{text}"));
        }
        assert_eq!(neutral("1=1"), "1=1");
        assert_eq!(neutral(""), "");
    }

    #[test]
    fn a_csv_begins_with_the_mark_and_quotes_what_needs_it() {
        let mut table = Table::new(Format::Csv, &["单位".to_owned(), "次数".to_owned()]).expect("a table");
        table.row(&[Cell::from("=cmd|' /C calc'!A0"), Cell::from(3)]).expect("a row");
        table.row(&[Cell::from("甲,\"乙\""), Cell::from(0)]).expect("a row");
        let text = String::from_utf8(table.bytes().expect("bytes")).expect("UTF-8");
        assert_eq!(text, "\u{feff}单位,次数\n'=cmd|' /C calc'!A0,3\n\"甲,\"\"乙\"\"\",0\n");
    }

    #[test]
    fn a_workbook_reads_back_as_words_and_numbers() {
        use calamine::{Data, Reader as _, Xlsx};
        let mut table = Table::new(Format::Xlsx, &["单位".to_owned(), "次数".to_owned()]).expect("a table");
        table.row(&[Cell::from("=1+1"), Cell::from(7)]).expect("a row");
        let bytes = table.bytes().expect("bytes");
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("'=1+1".to_owned())));
        assert_eq!(sheet.get_value((1, 1)), Some(&Data::Float(7.0)));
    }
}
