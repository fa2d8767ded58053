//! What a print shop gets: the document, a table of the signs, and each code as a vector of its own.

use super::SheetsFailed;
use crate::domain::sign::UnitKind;
use crate::print::proof;
use crate::print::qr;
use crate::print::sheet::{Frame, SheetError, Sign};
use crate::print::table::neutral;
use crate::storage::sign_prints::PrintSign;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The columns of the table.
const COLUMNS: [&str; 11] = [
    "编号 serial",
    "类别 kind",
    "单位名称 name",
    "镇街 town",
    "地址 address",
    "位置 place",
    "短码 short_code",
    "链接 link",
    "版次 edition",
    "制发日期 issued",
    "图形文件 file",
];

/// The archive. Every vector is read back like the sheets.
pub(super) fn of(
    frame: &Frame,
    signs: &[PrintSign],
    sheets: &[Sign],
    document: Vec<u8>,
) -> Result<Vec<u8>, SheetsFailed> {
    let failed = |error: &dyn std::fmt::Display| SheetsFailed::Archive(error.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("sheets.pdf", stored).map_err(|error| failed(&error))?;
    zip.write_all(&document).map_err(|error| failed(&error))?;
    drop(document);
    for sheet in sheets {
        let fault = |fault| SheetError { serial: sheet.serial.clone(), name: sheet.name.clone(), fault };
        let svg = qr::svg(&sheet.link, frame.medium).map_err(|_| fault(proof::Fault::TooLong))?;
        proof::check_svg(&svg, &sheet.link).map_err(fault)?;
        zip.start_file(file_of(sheet), packed).map_err(|error| failed(&error))?;
        zip.write_all(svg.as_bytes()).map_err(|error| failed(&error))?;
    }
    let table = table(signs, sheets).map_err(|error| failed(&error))?;
    zip.start_file("signs.csv", packed).map_err(|error| failed(&error))?;
    zip.write_all(&table).map_err(|error| failed(&error))?;
    zip.finish().map(Cursor::into_inner).map_err(|error| failed(&error))
}

fn file_of(sheet: &Sign) -> String {
    format!("codes/{}.svg", sheet.serial)
}

/// The table in UTF-8 with a mark, so that spreadsheet programs read the Chinese.
fn table(signs: &[PrintSign], sheets: &[Sign]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for (sign, sheet) in signs.iter().zip(sheets) {
        let kind = match sign.kind {
            UnitKind::Enterprise => "企业码",
            UnitKind::Agency => "单位码",
        };
        let edition = sheet.edition.to_string();
        let file = file_of(sheet);
        let row: [&str; COLUMNS.len()] = [
            &sheet.serial,
            kind,
            &sheet.name,
            &sign.town,
            &sign.address,
            &sign.place,
            &sheet.short_code,
            &sheet.link,
            &edition,
            &sheet.issued,
            &file,
        ];
        writer.write_record(row.map(neutral))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
