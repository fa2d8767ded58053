//! The rows of a spreadsheet (XLSX). The archive is checked before anything in it is unpacked into memory.

use super::problem::Problem;
use super::read_table::{Table, TableRow};
use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most bytes that the parts of a spreadsheet may unpack to, together.
const UNPACKED: u64 = 64 << 20;
/// The most parts of a spreadsheet.
const PARTS: usize = 1000;
/// The most columns; a cell further to the right was not meant.
const COLUMNS: usize = 100;
/// From here on a number of a spreadsheet has lost its last digits.
const EXACT: f64 = 1e15;

/// Reads the first visible sheet that has anything in it, at most `cells` cells.
pub fn read(bytes: &[u8], cells: usize) -> Result<Table, Problem> {
    check_archive(bytes)?;
    // A reader that meets what nobody thought of may panic; for whoever sent the file it is broken.
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, cells))).unwrap_or_else(|_| Err(broken()))
}

fn broken() -> Problem {
    Problem::new("broken").hint("save-as-xlsx")
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

fn read_checked(bytes: &[u8], cells: usize) -> Result<Table, Problem> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let several = sheets.len() > 1;
    for name in sheets {
        let rows = sheet(&mut book, &name, cells)?;
        if rows.iter().any(|row| !row.is_blank()) {
            return Ok(Table { rows, sheet: several.then_some(name) });
        }
    }
    Err(Problem::new("empty"))
}

/// The rows of one sheet. Cells are read one by one: the size that a sheet claims to have is not believed.
fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, cells: usize) -> Result<Vec<TableRow>, Problem> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| broken())?;
    let mut rows: Vec<TableRow> = Vec::new();
    let mut room = cells;
    while let Some(cell) = reader.next_cell().map_err(|_| broken())? {
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let (number, column) = (row.saturating_add(1), column as usize);
        if column >= COLUMNS {
            return Err(Problem::new("too-wide").with("row", number).with("limit", COLUMNS));
        }
        match rows.last() {
            Some(last) if last.number == number => {}
            Some(last) if last.number > number => return Err(broken()),
            _ => rows.push(TableRow { number, cells: Vec::new() }),
        }
        let Some(last) = rows.last_mut() else { continue };
        if last.cells.len() <= column {
            let more = column + 1 - last.cells.len();
            room = room.checked_sub(more).ok_or_else(|| Problem::new("too-many-cells").with("limit", cells))?;
            last.cells.resize(column + 1, String::new());
        }
        last.cells[column] = text;
    }
    Ok(rows)
}

/// A cell as its owner sees it: dates in ISO form, whole numbers without a fraction.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.abs() >= EXACT => format!("{number:E}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string().to_uppercase(),
        DataRef::DateTime(value) => {
            let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
