//! Registries from files: texts in every encoding, and both kinds of spreadsheets, as whole files and as parts in a sound archive.

use super::world;
use mashang::actions::Actor;
use mashang::actions::import_registry::{self as registry, Choices, Import, Limits, Reading, Registry};
use mashang::domain::import::{FileKind, Separator, TextEncoding};
use std::io::{Cursor, Write as _};

/// Small, so that a run is short; what they refuse is refused for the same reasons as a large file.
const LIMITS: Limits = Limits { bytes: 1 << 16, cells: 4_000, book_bytes: 1 << 16, book_cells: 4_000 };

fn read(bytes: &[u8]) -> Option<Reading> {
    let reading = registry::read(Registry::Enterprises, bytes, LIMITS, &Choices::default()).ok()?;
    assert!(!reading.table.rows.is_empty());
    assert!(reading.table.rows.iter().map(|row| row.cells().len()).sum::<usize>() <= 2 * LIMITS.cells);
    assert!(reading.table.rows.is_sorted_by_key(|row| row.number), "rows in their order");
    assert!(reading.body().len() <= reading.table.rows.len());
    let _ = (reading.check(), reading.format());
    Some(reading)
}

pub fn csv(data: &[u8]) {
    let Some(reading) = read(data) else { return };
    if reading.table.kind != FileKind::Csv {
        return;
    }
    // Written with every cell in quotation marks, the table is the same.
    let mut text = String::new();
    for row in &reading.table.rows {
        let cells: Vec<String> = row.cells().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    let choices =
        Choices { encoding: Some(TextEncoding::Utf8), separator: Some(Separator::Comma), ..Choices::default() };
    if let Ok(again) = registry::read(Registry::Enterprises, text.as_bytes(), Limits::UPLOAD, &choices) {
        let cells = |reading: &Reading| -> Vec<Vec<String>> {
            reading.table.rows.iter().map(|row| row.cells().map(str::to_owned).collect()).collect()
        };
        assert_eq!(cells(&again), cells(&reading), "{text:?}");
    }
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An archive is changed as a whole (first byte even), or its sheet and shared texts are, inside of a sound one.
pub fn xlsx(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if first % 2 == 0 {
        read(rest);
        return;
    }
    let [sheet, shared, styles] = world::texts(rest);
    let packages = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "{XML}<Types xmlns=\"{packages}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{XML}<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{XML}<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/styles.xml", format!("{XML}<styleSheet xmlns=\"{MAIN}\">{styles}</styleSheet>")),
        ("xl/sharedStrings.xml", format!("{XML}<sst xmlns=\"{MAIN}\">{shared}</sst>")),
        ("xl/worksheets/sheet1.xml", format!("{XML}<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in parts {
        archive.start_file(name, options).expect("a part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    read(&archive.finish().expect("an archive").into_inner());
}

/// A compound file is changed as a whole (first byte even), or its workbook is, inside of a sound one.
pub fn xls(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if first % 2 == 0 {
        read(rest);
        return;
    }
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file");
    file.create_stream("/Workbook").and_then(|mut stream| stream.write_all(rest)).expect("written");
    file.flush().expect("whole");
    read(&file.into_inner().into_inner());
}

/// What an import writes, what refers to others first.
const EMPTIED: [&str; 9] = [
    "DELETE FROM signs",
    "DELETE FROM enterprises",
    "DELETE FROM inspectors",
    "DELETE FROM matters",
    "DELETE FROM agencies",
    "DELETE FROM holidays",
    "DELETE FROM import_changes",
    "DELETE FROM imports",
    "DELETE FROM audit",
];

/// Rows below a header that is right, taken over twice: the second time nothing is new or changed.
pub fn import(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let which = Registry::ALL[usize::from(*first) % Registry::ALL.len()];
    let header: Vec<&str> = which.columns().iter().map(|(name, _)| *name).collect();
    let bytes = [header.join(",").as_bytes(), b"\n", rest].concat();
    world::with(|world| {
        world.runtime.block_on(async {
            let (service, now) = (world::service(), world.app.clock.now());
            let db = &world.app.db;
            let import = Import {
                registry: which,
                name: "a.csv",
                bytes: &bytes,
                limits: LIMITS,
                skip_bad: true,
                dry_run: false,
            };
            let once = registry::import_registry(db, &service, now, &Actor::System, &import).await;
            if once.expect("the store takes what is accepted").is_ok_and(|summary| summary.written) {
                let twice = registry::import_registry(db, &service, now, &Actor::System, &import).await;
                let twice = twice.expect("the store answers").expect("read before");
                assert_eq!((twice.new, twice.changed, twice.written), (0, 0, false), "the same file twice");
                // The next input finds an empty database.
                let mut tx = db.write().await.expect("a transaction");
                for statement in EMPTIED {
                    tx.execute(statement, &[]).await.expect("emptied");
                }
                tx.commit().await.expect("committed");
            }
        });
    });
}
