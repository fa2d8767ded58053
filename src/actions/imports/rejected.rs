//! The rejected rows as a file: as they were, with a column that says why. After correction it can be sent again: the reader takes away the
//! apostrophe that keeps a spreadsheet from taking a text for a formula.

use super::super::Result;
use super::super::import_registry::{Fault, Line};
use super::format_of;
use crate::domain::import::LineKind;
use crate::i18n::Lang;
use crate::print::table::neutral;
use crate::storage::Tx;
use crate::storage::imports::{self, ImportRecord};

/// The header of the column that says why.
const REASON: &str = "原因";

/// The rejected rows as CSV with a byte order mark, so that a spreadsheet reads it as UTF-8.
///
/// # Errors
/// When the store fails.
pub async fn rejected_rows(tx: &mut Tx, record: &ImportRecord, lang: Lang) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let headers = format_of(record).headers;
    // A file that was rejected before has the column already.
    let old = headers.iter().position(|header| header == REASON);
    let width = headers.len();
    let row = |cells: &[String], reason: String| -> Vec<String> {
        let places = (0..width.max(cells.len())).filter(|place| Some(*place) != old);
        let mut row: Vec<String> = places.map(|place| neutral(cells.get(place).map_or("", String::as_str))).collect();
        // Behind the columns of the header: what stands further right stays further right.
        row.insert((width - usize::from(old.is_some())).min(row.len()), neutral(&reason));
        row
    };
    // Writing into memory does not fail.
    let _ = writer.write_record(row(&headers, REASON.to_owned()));
    for page in 0.. {
        let Some(lines) = imports::page(tx, record.id, LineKind::Rejected, page).await? else { break };
        let lines: Vec<Line> = serde_json::from_value(lines).unwrap_or_default();
        for line in lines {
            let _ = writer.write_record(row(&line.cells, reasons(&line.faults, lang)));
        }
    }
    Ok(writer.into_inner().unwrap_or_default())
}

fn reasons(faults: &[Fault], lang: Lang) -> String {
    let one = |fault: &Fault| {
        let column = if fault.column.is_empty() { String::new() } else { format!("{}：", fault.column) };
        format!("{column}{}{}", fault.reason(lang), fault.advice(lang).unwrap_or_default())
    };
    faults.iter().map(one).collect::<Vec<_>>().join(" ")
}
