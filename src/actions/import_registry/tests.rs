//! Files of every kind as tables, and what is refused.

use super::choices::Choices;
use super::problem::Problem;
use super::read_table::{Limits, Table, read_table, typed};
use crate::print::table::neutral;
use encoding_rs::{GB18030, GBK};
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CSV: &str = "企业名称,统一社会信用代码\r\n重庆长岭商贸有限公司,91500107MAYPBPC761\r\n";

fn read(bytes: &[u8]) -> Result<Table, Problem> {
    read_table(bytes, Limits::UPLOAD, &Choices::default(), &|_| true)
}

fn code(bytes: &[u8]) -> &'static str {
    read(bytes).expect_err("not a table that is taken").code
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells().collect()).collect()
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(CSV.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let expected = read(CSV.as_bytes()).expect("UTF-8");
    assert_eq!(cells(&expected)[1], ["重庆长岭商贸有限公司", "91500107MAYPBPC761"]);
    for bytes in [
        format!("\u{feff}{CSV}").into_bytes(),
        GBK.encode(CSV).0.into_owned(),
        GB18030.encode(CSV).0.into_owned(),
        utf16,
        CSV.replace("\r\n", "\n").into_bytes(),
        CSV.replace(',', ";").into_bytes(),
        CSV.replace(',', "\t").into_bytes(),
    ] {
        assert_eq!(read(&bytes).expect("a table").rows, expected.rows);
    }
}

#[test]
fn rare_characters_beyond_gbk_are_read() {
    let (bytes, _, lossy) = GB18030.encode("姓名\n㛃𠮷䶮\n");
    assert!(!lossy);
    assert_eq!(cells(&read(&bytes).expect("a table"))[1], ["㛃𠮷䶮"]);
}

#[test]
fn damaged_utf8_is_not_taken_for_gbk() {
    let mut bytes = CSV.repeat(20).into_bytes();
    bytes[25] = 0xFF;
    assert_eq!(code(&bytes), "encoding");
}

#[test]
fn rows_keep_the_numbers_that_an_editor_shows() {
    let table = read("a,b\n\n\"x\ny\",1\nz,2\n".as_bytes()).expect("a table");
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 5]);
}

#[test]
fn an_open_quotation_mark_does_not_swallow_the_rest() {
    assert_eq!(code("a,b\nx,\"y\nz,1\nw,2\n".as_bytes()), "quote");
    assert!(read("a,b\n3\" 管,1\n".as_bytes()).is_ok(), "inches are no quotation");
}

#[test]
fn what_is_no_table_is_refused_with_its_own_reason() {
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b" \r\n\n"), "empty");
    assert_eq!(code(b"%PDF-1.7 x"), "not-a-table");
    assert_eq!(code("<html><table>".as_bytes()), "not-a-table");
    assert_eq!(code(b"a,b\nc,\0\n"), "not-a-table");
    assert_eq!(code(b"PK\x03\x04 nonsense"), "broken");
    let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
    assert_eq!(code(&old), "broken");
    for binary in [&b"\x89PNG\r\n\x1a\n\0\0"[..], b"\xFF\xD8\xFF\xE0 JFIF", b"\x1F\x8B\x08 x", b"a,\0b\n"] {
        assert_eq!(code(binary), "not-a-table");
    }
    let limits = Limits { bytes: 10, cells: 4, ..Limits::UPLOAD };
    assert_eq!(
        read_table(b"a,b\nc,d\ne,f\n", limits, &Choices::default(), &|_| true).map_err(|p| p.code).err(),
        Some("too-big")
    );
    let limits = Limits { bytes: 100, cells: 4, ..Limits::UPLOAD };
    assert_eq!(
        read_table(b"a,b\nc,d\ne,f\n", limits, &Choices::default(), &|_| true).map_err(|p| p.code).err(),
        Some("too-many-cells")
    );
}

#[test]
fn a_million_cells_are_too_many_and_one_less_is_read() {
    let rows = |count: usize| "1,2,3\n".repeat(count);
    let read = |text: &str| read_table(text.as_bytes(), Limits::UPLOAD, &Choices::default(), &|_| true);
    let most = read(&rows(333_333)).expect("999,999 cells");
    assert_eq!(most.rows.len(), 333_333);
    assert_eq!(read(&(rows(333_333) + "4\n")).map_err(|problem| problem.code).err(), Some("too-many-cells"));
}

/// A spreadsheet with these parts beside the usual ones.
fn xlsx(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let sheet = format!("{XML}<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>");
    let parts: [(&str, &[u8]); 6] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    for (name, bytes) in parts.iter().chain(more) {
        archive.start_file(*name, options).expect("a part");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名录" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="000000000000"/><numFmt numFmtId="165" formatCode="0.00"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#;

fn text(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn numbers_and_dates_of_a_spreadsheet_are_read_as_their_owner_sees_them() {
    let rows = format!(
        "<sheetData><row r=\"2\">{}{}</row><row r=\"4\"><c r=\"A4\"><v>500101233820</v></c><c r=\"B4\" s=\"1\"><v>45322</v></c>\
         <c r=\"D4\"><v>915001070000000000</v></c><c r=\"E4\" t=\"e\"><v>#N/A</v></c></row></sheetData>",
        text("A2", "执法证号"),
        text("B2", "有效期起"),
    );
    let table = read(&xlsx(&rows, &[])).expect("a table");
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(cells(&table)[1], ["500101233820", "2024-01-31", "", "9.1500107E17", "#N/A"]);
}

#[test]
fn a_number_has_as_many_digits_as_its_format_of_zeros_shows() {
    let number = |at: &str, look: u8, number: &str| format!("<c r=\"{at}\" s=\"{look}\"><v>{number}</v></c>");
    let rows = [
        number("A1", 2, "1001"),
        number("B1", 2, "1234567890123"),
        number("C1", 2, "1.5"),
        number("D1", 3, "7"),
        number("E1", 0, "7"),
        "<c r=\"F1\" s=\"2\" t=\"inlineStr\"><is><t>7</t></is></c>".to_owned(),
    ];
    let table =
        read(&xlsx(&format!("<sheetData><row r=\"1\">{}</row></sheetData>", rows.concat()), &[])).expect("rows");
    assert_eq!(cells(&table)[0], ["000000001001", "1234567890123", "1.5", "7", "7", "7"]);
}

#[test]
fn a_formula_that_nobody_reckoned_is_not_empty_and_one_that_gave_nothing_is() {
    let rows = "<sheetData><row r=\"1\"><c r=\"A1\"><f>B1&amp;\"镇\"</f><v></v></c><c r=\"B1\" t=\"str\"><f>IF(1,\"\",1)</f><v></v></c>\
                <c r=\"C1\"><f>1+1</f><v>2</v></c><c r=\"D1\"><f t=\"shared\" si=\"0\"/></c></row></sheetData>";
    let table = read(&xlsx(rows, &[])).expect("rows");
    assert_eq!(cells(&table)[0], ["【公式】=B1&\"镇\"", "", "2", "【公式】="]);
}

#[test]
fn every_cell_of_a_merged_range_has_the_value_of_its_first() {
    let row = |number: u32, cells: &[String]| format!("<row r=\"{number}\">{}</row>", cells.concat());
    let rows = [
        row(1, &[text("A1", "名称"), text("B1", "镇街"), text("C1", "地址")]),
        row(2, &[text("A2", "甲"), text("B2", "陶家镇"), text("C2", "路1号")]),
        row(3, &[text("A3", "乙")]),
        // Merged with the row above in whole: the same enterprise, not another.
        row(4, &[]),
        row(6, &[text("A6", "丙"), text("C6", "路3号")]),
    ];
    let merged = "<mergeCells><mergeCell ref=\"B2:B6\"/><mergeCell ref=\"A3:A4\"/><mergeCell ref=\"C1:XFD1\"/><mergeCell ref=\"A9:C9\"/></mergeCells>";
    let table = read(&xlsx(&format!("<sheetData>{}</sheetData>{merged}", rows.concat()), &[])).expect("rows");
    assert_eq!(
        cells(&table),
        [
            vec!["名称", "镇街", "地址"],
            vec!["甲", "陶家镇", "路1号"],
            vec!["乙", "陶家镇"],
            vec!["丙", "陶家镇", "路3号"]
        ]
    );
    // Beside each other: both have the value, and a header is one name.
    let wide = [row(1, &[text("A1", "名称"), text("C1", "镇街")]), row(2, &[text("A2", "甲"), text("C2", "陶家镇")])];
    let merged = "<mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"A2:B2\"/></mergeCells>";
    let table = read(&xlsx(&format!("<sheetData>{}</sheetData>{merged}", wide.concat()), &[])).expect("rows");
    assert_eq!(cells(&table), [vec!["名称", "名称", "镇街"], vec!["甲", "甲", "陶家镇"]]);
    assert_eq!(table.rows[0].apart().collect::<Vec<_>>(), ["名称", "", "镇街"]);
}

#[test]
fn merged_ranges_over_each_other_cost_no_more_than_the_cells_that_are_taken() {
    let row = |n: u32| format!("<row r=\"{n}\">{}</row>", text(&format!("A{n}"), "甲"));
    let rows: Vec<String> = (1..=2000).map(row).collect();
    let merged = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(200);
    assert_eq!(
        code(&xlsx(&format!("<sheetData>{}</sheetData><mergeCells>{merged}</mergeCells>", rows.concat()), &[])),
        "too-many-cells"
    );
}

#[test]
fn what_keeps_a_text_a_text_is_no_part_of_it() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
        assert_eq!(typed(&neutral(text)), text.trim());
    }
    let cases = [
        ("'91500107MAYPBPC761", "91500107MAYPBPC761"),
        (" '陶家镇 ", "陶家镇"),
        ("=\"91500107MAYPBPC761\"", "91500107MAYPBPC761"),
        ("'=\"00123\"", "00123"),
        ("'", ""),
        ("=\"\"", ""),
        ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
        ("'words'", "'words'"),
        ("3' 管", "3' 管"),
    ];
    for (cell, text) in cases {
        assert_eq!(typed(cell), text, "{cell}");
    }
}

#[test]
fn a_sheet_that_claims_a_billion_cells_costs_nothing() {
    let rows = format!(
        "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>",
        text("A1", "名称"),
        text("A1048576", "甲"),
    );
    let table = read(&xlsx(&rows, &[])).expect("a table");
    assert_eq!(table.rows.len(), 2);
    let wide = format!("<sheetData><row r=\"1\">{}</row></sheetData>", text("XFD1", "远"));
    assert_eq!(code(&xlsx(&wide, &[])), "too-wide");
}

#[test]
fn a_long_text_that_many_cells_share_is_not_copied_without_end() {
    let shared = format!("{XML}<sst xmlns=\"{MAIN}\"><si><t>{}</t></si></sst>", "长".repeat(10_000));
    let mut rows = String::from("<sheetData>");
    for row in 1..=2000 {
        let _ = std::fmt::Write::write_fmt(
            &mut rows,
            format_args!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"),
        );
    }
    rows.push_str("</sheetData>");
    assert_eq!(code(&xlsx(&rows, &[("xl/sharedStrings.xml", shared.as_bytes())])), "too-many-cells");
}

#[test]
fn entities_of_a_document_type_are_not_resolved() {
    let shared = |entity: &str| {
        format!(
            "{XML}<!DOCTYPE sst [<!ENTITY a {entity}><!ENTITY b \"&a;&a;&a;&a;\">]><sst xmlns=\"{MAIN}\"><si><t>x&b;</t></si></sst>"
        )
    };
    let rows = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>";
    for entity in ["\"boom\"", "SYSTEM \"file:///etc/hostname\"", "SYSTEM \"http://127.0.0.1:9/x\""] {
        match read(&xlsx(rows, &[("xl/sharedStrings.xml", shared(entity).as_bytes())])) {
            Ok(table) => assert!(!cells(&table).concat().concat().contains("boom"), "{entity}"),
            Err(problem) => assert_eq!(problem.code, "broken", "{entity}"),
        }
    }
}

#[test]
fn macros_bombs_and_other_archives_are_not_opened() {
    let rows = format!("<sheetData><row r=\"1\">{}</row></sheetData>", text("A1", "名称"));
    assert_eq!(code(&xlsx(&rows, &[("xl/vbaProject.bin", b"x")])), "macros");
    let zeros = vec![b' '; 70 << 20];
    let bomb = xlsx(&rows, &[("xl/media/a.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20, "it is small from outside");
    assert_eq!(code(&bomb), "archive-big");
    assert_eq!(code(&xlsx(&rows, &[("content.xml", b"x")])), "not-a-table");
    let whole = xlsx(&rows, &[]);
    assert_eq!(code(&whole[..whole.len() / 2]), "broken");
}
