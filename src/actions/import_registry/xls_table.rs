//! The rows of a spreadsheet of the old Excel (XLS). What it would cost to read is counted before it is read.

use super::problem::Problem;
use super::read_table::{Table, TableRow};
use super::sheet::{Sheet, broken, pick, shown};
use super::xls_formats::{self, Zeros};
use super::{compound, xls_check};
use crate::domain::import::FileKind;
use calamine::{Reader as _, SheetType, SheetVisible, Xls};
use cfb::{CompoundFile, Version};
use std::collections::HashMap;
use std::io::{Cursor, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most bytes of such a file: no larger one could have fewer cells than are taken.
const BYTES: usize = 5 << 20;

/// Reads the sheet that [`pick`] picks; at most `cells` cells. A formula that gave an empty text cannot be told from one that was never reckoned.
pub fn read(
    bytes: &[u8],
    cells: usize,
    chosen: Option<&str>,
    fits: &dyn Fn(&[TableRow]) -> bool,
) -> Result<Table, Problem> {
    if bytes.len() > BYTES {
        return Err(Problem::new("too-big").with("limit", BYTES >> 20).hint("save-as-csv"));
    }
    let streams = compound::open(bytes).ok_or_else(broken)?;
    if streams.has("EncryptedPackage") {
        return Err(Problem::new("password").hint("save-without-password"));
    }
    if streams.has("_VBA_PROJECT_CUR") || streams.has("VBA") {
        return Err(Problem::new("macros").hint("save-as-xlsx"));
    }
    let Some(book) = streams.read("Workbook").or_else(|| streams.read("Book")) else {
        return Err(Problem::new("not-a-table").hint("save-as-xlsx"));
    };
    xls_check::check(&book, cells)?;
    // The reader gets what was looked at and nothing else: it finds streams by rules of its own, and a file may have several that it could take.
    let alone = alone(&book).map_err(|_| broken())?;
    let zeros = xls_formats::read(&book);
    drop(book);
    // A reader that meets what nobody thought of may panic; for whoever sent the file it is broken.
    catch_unwind(AssertUnwindSafe(|| read_checked(alone, &zeros, cells, chosen, fits)))
        .unwrap_or_else(|_| Err(broken()))
}

/// A compound file with nothing in it but this workbook.
fn alone(book: &[u8]) -> std::io::Result<Vec<u8>> {
    let room = Cursor::new(Vec::with_capacity(book.len() + book.len() / 64 + 4096));
    let mut file = CompoundFile::create_with_version(Version::V3, room)?;
    file.create_stream("/Workbook")?.write_all(book)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

fn read_checked(
    bytes: Vec<u8>,
    zeros: &[Zeros],
    cells: usize,
    chosen: Option<&str>,
    fits: &dyn Fn(&[TableRow]) -> bool,
) -> Result<Table, Problem> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let places: HashMap<String, usize> =
        book.sheets_metadata().iter().enumerate().map(|(place, sheet)| (sheet.name.clone(), place)).collect();
    pick(FileKind::Xls, sheets, chosen, fits, |name| {
        let zeros = places.get(name).and_then(|place| zeros.get(*place));
        let range = book.worksheet_range(name).map_err(|_| broken())?;
        let (top, left) = range.start().unwrap_or_default();
        let mut sheet = Sheet::new(cells);
        for (row, column, value) in range.used_cells() {
            let at = |start: u32, offset: usize| start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
            let place = (at(top, row), at(left, column));
            let digits = zeros.and_then(|zeros| zeros.get(&place)).copied().unwrap_or_default();
            sheet.put(place, &shown(value, digits))?;
        }
        sheet.merge(&book.merge_cells_by_sheet_name(name).map_err(|_| broken())?)?;
        Ok(sheet.finish())
    })
}
