//! The rows of a spreadsheet (XLSX). The archive is checked before anything in it is unpacked into memory.

use super::problem::Problem;
use super::read_table::{Table, TableRow};
use super::sheet::{FORMULA, Sheet, broken, pick, shown, too_many, zeros};
use crate::domain::import::FileKind;
use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most bytes that the parts of a spreadsheet may unpack to, together.
const UNPACKED: u64 = 40 << 20;
/// The most parts of a spreadsheet.
const PARTS: usize = 1000;
/// How much of a formula is repeated, in characters.
const SHOWN: usize = 40;

/// Reads the sheet that [`pick`] picks; at most `cells` cells.
pub fn read(
    bytes: &[u8],
    cells: usize,
    chosen: Option<&str>,
    fits: &dyn Fn(&[TableRow]) -> bool,
) -> Result<Table, Problem> {
    check_archive(bytes)?;
    // A reader that meets what nobody thought of may panic; for whoever sent the file it is broken.
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, cells, chosen, fits))).unwrap_or_else(|_| Err(broken()))
}

/// Refuses archives with macros or a password, and those that unpack to too much. What the archive says of its sizes is not believed:
/// each part is unpacked once, into nothing.
fn check_archive(bytes: &[u8]) -> Result<(), Problem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > PARTS {
        return Err(Problem::new("archive-big").hint("save-as-xlsx"));
    }
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.to_lowercase()).collect();
    if names.iter().any(|name| name.ends_with("vbaproject.bin")) {
        return Err(Problem::new("macros").hint("save-as-xlsx"));
    }
    if names.iter().any(|name| name == "content.xml") || !names.iter().any(|name| name == "[content_types].xml") {
        return Err(Problem::new("not-a-table").hint("save-as-xlsx"));
    }
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let raw = archive.by_index_raw(index).map_err(|_| broken())?;
        if raw.encrypted() {
            return Err(Problem::new("password").hint("save-without-password"));
        }
        drop(raw);
        let part = archive.by_index(index).map_err(|_| broken())?;
        let mut bounded = part.take(UNPACKED - unpacked + 1);
        unpacked += std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|_| broken())?;
        if unpacked > UNPACKED {
            return Err(Problem::new("archive-big").hint("save-as-xlsx"));
        }
    }
    Ok(())
}

fn read_checked(
    bytes: &[u8],
    cells: usize,
    chosen: Option<&str>,
    fits: &dyn Fn(&[TableRow]) -> bool,
) -> Result<Table, Problem> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    pick(FileKind::Xlsx, sheets, chosen, fits, |name| sheet(&mut book, name, cells))
}

/// The rows of one sheet. Cells are read one by one: the size that a sheet claims to have is not believed.
fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, cells: usize) -> Result<Vec<TableRow>, Problem> {
    let formulas = without_value(book, name, cells)?;
    let merged = book.merge_cells_by_sheet_name(name).map_err(|_| broken())?;
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| broken())?;
    let format = |style: &calamine::Style| style.number_format.as_ref().map_or(0, |format| zeros(&format.format_code));
    let digits: Vec<usize> = reader.styles().iter().map(format).collect();
    let mut sheet = Sheet::new(cells);
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| broken())? {
        let value = match (formulas.get(&cell.get_position()), cell.get_value()) {
            (Some(formula), _) => Cow::Owned(format!("{FORMULA}={formula}")),
            (None, DataRef::SharedString(text)) => Cow::Borrowed(*text),
            (None, other) => shown(&other.clone().into(), digits.get(style).copied().unwrap_or_default()),
        };
        sheet.put(cell.get_position(), &value)?;
    }
    sheet.merge(&merged)?;
    Ok(sheet.finish())
}

/// The formulas without a value: whoever wrote the file did not reckon them. One that gave an empty text has a value.
fn without_value(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    cells: usize,
) -> Result<HashMap<(u32, u32), String>, Problem> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| broken())?;
    let mut found = HashMap::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|_| broken())? {
        let Some(formula) = cell.formula.filter(|_| cell.value == DataRef::Empty) else { continue };
        let formula = match formula {
            XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => formula,
            // Only the first of them says how it goes.
            _ => String::new(),
        };
        found.insert(cell.pos, formula.chars().take(SHOWN).collect());
        if found.len() > cells {
            return Err(too_many(cells));
        }
    }
    Ok(found)
}
