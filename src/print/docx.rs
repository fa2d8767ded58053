//! A document as DOCX: a few parts of Office Open XML by templates of our own. Layout after GB/T 9704: title 22 pt, text 16 pt, lines 28 pt.

use crate::domain::document::{Block, Document};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// A4 with the margins of an official document.
const PAGE: &str = r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>"#;

/// The grid of a chart, in twentieths of a point: names, the steps of the longest bar, and the room for its number.
const NAME_WIDTH: i64 = 2_544;
const STEPS: i64 = 40;
const STEP_WIDTH: i64 = 140;
const NUMBER_WIDTH: i64 = 700;

/// The colour of bars.
const BAR_COLOR: &str = "018942";

/// How a run of words looks: font, half points, colour.
struct Look {
    font: &'static str,
    size: u32,
    color: &'static str,
}

const TITLE: Look = Look { font: "方正小标宋简体", size: 44, color: "000000" };
const HEADING: Look = Look { font: "黑体", size: 32, color: "000000" };
const TEXT: Look = Look { font: "仿宋_GB2312", size: 32, color: "000000" };
const SMALL: Look = Look { font: "仿宋_GB2312", size: 24, color: "000000" };

/// The media type.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Words as XML takes them: what it does not take at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn run(text: &str, look: &Look) -> String {
    format!(
        r#"<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{0}" w:hint="eastAsia"/><w:color w:val="{1}"/><w:sz w:val="{2}"/><w:szCs w:val="{2}"/></w:rPr><w:t xml:space="preserve">{3}</w:t></w:r>"#,
        look.font,
        look.color,
        look.size,
        escaped(text)
    )
}

/// A paragraph; `properties` are its alignment, indent and spacing.
fn paragraph(runs: &str, properties: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>")
}

const BODY: &str = r#"<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>"#;
const CENTER: &str = r#"<w:spacing w:before="240" w:after="360"/><w:jc w:val="center"/>"#;
const RIGHT: &str = r#"<w:spacing w:before="480"/><w:jc w:val="right"/>"#;
const TIGHT: &str = r#"<w:spacing w:line="320" w:lineRule="exact"/>"#;

fn table(heads: &[String], rows: &[Vec<String>]) -> String {
    let mut out = String::from(
        r#"<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="4" w:color="808080"/><w:left w:val="single" w:sz="4" w:color="808080"/><w:bottom w:val="single" w:sz="4" w:color="808080"/><w:right w:val="single" w:sz="4" w:color="808080"/><w:insideH w:val="single" w:sz="4" w:color="808080"/><w:insideV w:val="single" w:sz="4" w:color="808080"/></w:tblBorders></w:tblPr><w:tblGrid>"#,
    );
    // The first column has the names: it is twice as wide as the others.
    let share = 8_844 / (heads.len() + 1);
    let width = |column: usize| if column == 0 { 2 * share } else { share };
    for column in 0..heads.len() {
        let _ = write!(out, r#"<w:gridCol w:w="{}"/>"#, width(column));
    }
    out.push_str("</w:tblGrid>");
    let cell = |column: usize, text: &str, look: &Look| {
        format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr>{}</w:tc>"#,
            width(column),
            paragraph(&run(text, look), TIGHT)
        )
    };
    let head = Look { font: "黑体", size: 24, color: "000000" };
    let line = |cells: &[String], look: &Look| {
        cells.iter().enumerate().map(|(column, text)| cell(column, text, look)).collect::<String>()
    };
    let _ = write!(out, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{}</w:tr>", line(heads, &head));
    for row in rows {
        let _ = write!(out, "<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>", line(row, &SMALL));
    }
    // Word wants a paragraph between a table and what follows.
    out.push_str("</w:tbl><w:p/>");
    out
}

/// A chart: a table without lines whose cells are the bars, so that it prints as sharp as words and every program shows it.
fn bars(bars: &[(String, i64)]) -> String {
    let most = bars.iter().map(|bar| bar.1).max().unwrap_or(0).max(1);
    let cell = |(span, width): (i64, i64), fill: &str, words: &str| {
        format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{span}"/>{fill}<w:vAlign w:val="center"/></w:tcPr>{}</w:tc>"#,
            paragraph(&run(words, &SMALL), TIGHT)
        )
    };
    let fill = format!(
        r#"<w:tcBorders><w:top w:val="single" w:sz="36" w:color="FFFFFF"/><w:bottom w:val="single" w:sz="36" w:color="FFFFFF"/></w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="{BAR_COLOR}"/>"#
    );
    let mut out = String::from(
        r#"<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>"#,
    );
    let _ = write!(out, r#"<w:gridCol w:w="{NAME_WIDTH}"/>"#);
    for _ in 0..STEPS {
        let _ = write!(out, r#"<w:gridCol w:w="{STEP_WIDTH}"/>"#);
    }
    let _ = write!(out, r#"<w:gridCol w:w="{NUMBER_WIDTH}"/></w:tblGrid>"#);
    for (name, value) in bars {
        let long = ((value * STEPS + most - 1) / most).clamp(0, STEPS);
        let bar = if long > 0 { cell((long, long * STEP_WIDTH), &fill, "") } else { String::new() };
        let rest = (STEPS - long + 1, (STEPS - long) * STEP_WIDTH + NUMBER_WIDTH);
        let cells = [cell((1, NAME_WIDTH), "", name), bar, cell(rest, "", &value.to_string())].concat();
        let _ = write!(out, "<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>");
    }
    out.push_str("</w:tbl><w:p/>");
    out
}

fn body(document: &Document) -> String {
    let mut out = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#,
    );
    out.push_str(&paragraph(&run(&document.mark, &HEADING), ""));
    out.push_str(&paragraph(&run(&document.title, &TITLE), CENTER));
    for section in &document.sections {
        out.push_str(&paragraph(&run(&section.heading, &HEADING), BODY));
        for block in &section.blocks {
            out.push_str(&match block {
                Block::Paragraph(text) => paragraph(&run(text, &TEXT), BODY),
                Block::Table { heads, rows } => table(heads, rows),
                Block::Bars(all) => bars(all),
            });
        }
    }
    out.push_str(&paragraph(&run(&document.closing, &TEXT), RIGHT));
    out.push_str(PAGE);
    out.push_str("</w:body></w:document>");
    out
}

/// The document as the bytes of a DOCX file.
///
/// # Errors
/// When the archive cannot be written.
pub fn docx(document: &Document) -> std::io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let parts = [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("word/document.xml", body(document)),
    ];
    for (name, text) in parts {
        archive.start_file(name, options).map_err(std::io::Error::other)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish().map_err(std::io::Error::other)?.into_inner())
}
