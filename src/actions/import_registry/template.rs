//! Templates to fill in: the headers, one row that shows how, and a sheet of hints.

use super::Registry;
use super::columns::Column;
use crate::i18n::Lang;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

impl Registry {
    /// What stands in each column, in words: its name, whether it is required, and the hint.
    #[must_use]
    pub fn hints(self, lang: Lang) -> Vec<(&'static str, bool, String)> {
        let hint = |(index, column): (usize, &'static Column)| {
            (column.name, column.required, lang.t(&format!("import-about-{}-{index}", self.as_str())))
        };
        self.known().iter().enumerate().map(hint).collect()
    }
}

/// A CSV template, with a byte order mark so that a spreadsheet reads it as UTF-8.
#[must_use]
pub fn csv_template(registry: Registry) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    let known = registry.known();
    // Writing into memory does not fail.
    let _ = writer.write_record(known.iter().map(|column| column.name));
    let _ = writer.write_record(known.iter().map(|column| column.example));
    writer.into_inner().unwrap_or_default()
}

/// An XLSX template, with a sheet of hints. All cells are text, so that no code is rounded and no date turned round.
///
/// # Errors
/// When it cannot be put together.
pub fn xlsx_template(registry: Registry, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_background_color("E5F4EC");
    let text = Format::new().set_num_format("@");
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let table = book.add_worksheet().set_name(lang.t(&format!("import-{}", registry.as_str())))?;
    table.set_freeze_panes(1, 0)?;
    for (place, column) in (0_u16..).zip(registry.known()) {
        table.set_column_format(place, &text)?;
        table.set_column_width(place, 22)?;
        table.write_string_with_format(0, place, column.name, &head)?;
        table.write_string_with_format(1, place, column.example, &text)?;
    }
    let hints = book.add_worksheet().set_name(lang.t("import-hints-sheet"))?;
    hints.set_column_width(0, 22)?;
    hints.set_column_width(1, 10)?;
    hints.set_column_width(2, 80)?;
    for (place, key) in (0_u16..).zip(["import-hints-column", "import-hints-required", "import-hints-about"]) {
        hints.write_string_with_format(0, place, lang.t(key), &head)?;
    }
    for (row, (name, required, about)) in (1_u32..).zip(registry.hints(lang)) {
        hints.write_string_with_format(row, 0, name, &wrapped)?;
        let required = lang.t(if required { "import-hints-yes" } else { "import-hints-no" });
        hints.write_string_with_format(row, 1, required, &wrapped)?;
        hints.write_string_with_format(row, 2, about, &wrapped)?;
    }
    book.save_to_buffer()
}
