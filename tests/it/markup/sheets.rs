//! Files as the programs read them that people open them with: tables, documents, drawings, archives, answers of the API.

use super::corpus;
use calamine::{Data, Reader as _, Xlsx};
use lopdf::{Document, Object};
use roxmltree::Document as Xml;
use serde_json::Value;
use std::io::{Cursor, Read as _};

/// What a file has.
#[derive(Default)]
pub struct File {
    pub wrong: Vec<String>,
    pub words: Vec<String>,
}

impl File {
    fn wrong(&mut self, what: impl Into<String>) {
        self.wrong.push(what.into());
    }
}

/// Elements of a drawing that carries words and no more.
const DRAWN: [&str; 8] = ["svg", "g", "rect", "path", "text", "title", "circle", "polyline"];

/// Names in a PDF that do something when it is opened, or lead out of it.
const ACTS: [&[u8]; 9] =
    [b"OpenAction", b"AA", b"JavaScript", b"JS", b"Launch", b"URI", b"EmbeddedFiles", b"SubmitForm", b"Annots"];

/// Reads a file of this media type.
pub fn read(kind: &str, bytes: &[u8]) -> File {
    let mut file = File::default();
    match kind.split(';').next().unwrap_or_default() {
        "image/svg+xml" => drawing(bytes, &mut file),
        "text/csv" => csv(bytes, &mut file),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => workbook(bytes, &mut file),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" | "application/zip" => {
            archive(bytes, &mut file);
        }
        "application/json" | "application/problem+json" => match serde_json::from_slice(bytes) {
            Ok(value) => strings(&value, &mut file.words),
            Err(error) => file.wrong(format!("no JSON: {error}")),
        },
        "application/pdf" => pdf(bytes, &mut file),
        "image/png" if !bytes.starts_with(b"\x89PNG") => file.wrong("no picture"),
        "text/calendar" => calendar(bytes, &mut file),
        "image/png" | "image/jpeg" | "text/plain" | "text/css" | "text/javascript" | "" => {}
        other => file.wrong(format!("{other} is read by nobody: say how in tests/it/markup/sheets.rs")),
    }
    // A sign has no room for long words: its lines break and end as they must.
    if kind.starts_with("image/svg+xml") {
        return file;
    }
    let changed: Vec<String> = file.words.iter().flat_map(|words| corpus::changed(words)).collect();
    file.wrong.extend(changed);
    file
}

fn text<'b>(bytes: &'b [u8], file: &mut File) -> &'b str {
    std::str::from_utf8(bytes).unwrap_or_else(|error| {
        file.wrong(format!("no UTF-8: {error}"));
        ""
    })
}

/// XML as its rules have it: a part that no reader takes is a file that nobody opens.
fn xml(text: &str, file: &mut File, look: impl Fn(roxmltree::Node<'_, '_>, &mut File)) {
    match Xml::parse(text) {
        Ok(document) => document.descendants().for_each(|node| look(node, file)),
        Err(error) => file.wrong(format!("no XML: {error}")),
    }
}

fn drawing(bytes: &[u8], file: &mut File) {
    let text = text(bytes, file).to_owned();
    xml(&text, file, |node, file| {
        if node.is_element() && !DRAWN.contains(&node.tag_name().name()) {
            file.wrong(format!("an element <{}> in a drawing", node.tag_name().name()));
        }
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if name.starts_with("on") || ["href", "style", "class"].contains(&name) || value.contains("url(") {
                file.wrong(format!("an attribute {name}={value:?} in a drawing"));
            }
        }
        if node.is_comment() || node.is_pi() {
            file.wrong("a comment in a drawing");
        }
        file.words.extend(node.text().filter(|_| node.is_text()).map(str::to_owned));
    });
}

/// A cell that a person may have typed: no formula, and as it was typed but for an apostrophe in front.
fn cell(cell: &str, file: &mut File) {
    if cell.starts_with(corpus::FORMULA) && cell.parse::<f64>().is_err() {
        file.wrong(format!("a formula: {cell:?}"));
    }
    file.words.push(cell.to_owned());
}

fn csv(bytes: &[u8], file: &mut File) {
    let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") else {
        return file.wrong("no mark that says UTF-8");
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest);
    let mut width = None;
    for record in reader.records() {
        match record {
            Ok(record) => {
                if *width.get_or_insert(record.len()) != record.len() {
                    file.wrong(format!("a row of {} cells", record.len()));
                }
                record.iter().for_each(|text| cell(text, file));
            }
            Err(error) => file.wrong(format!("no table: {error}")),
        }
    }
}

fn workbook(bytes: &[u8], file: &mut File) {
    let mut book = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(error) => return file.wrong(format!("no workbook: {error}")),
    };
    for name in book.sheet_names() {
        match (book.worksheet_range(&name), book.worksheet_formula(&name)) {
            (Ok(cells), Ok(formulas)) => {
                for (_, _, value) in cells.used_cells() {
                    if let Data::String(text) = value {
                        cell(text, file);
                    }
                }
                if formulas.used_cells().any(|(_, _, formula)| !formula.is_empty()) {
                    file.wrong("a formula in a workbook");
                }
            }
            _ => file.wrong(format!("the sheet {name} cannot be read")),
        }
    }
    archive(bytes, file);
}

/// What is packed: its names stay below the folder that it is unpacked into.
fn archive(bytes: &[u8], file: &mut File) {
    let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return file.wrong(format!("no archive: {error}")),
    };
    for n in 0..archive.len() {
        let mut entry = archive.by_index(n).expect("a file");
        let name = entry.name().expect("a name").into_owned();
        let plain = !name.starts_with('/')
            && !name.contains(['\\', ':'])
            && name.split('/').all(|part| part != ".." && !part.is_empty());
        if !plain || name.chars().any(char::is_control) {
            file.wrong(format!("a file named {name:?} in an archive"));
        }
        let mut inside = Vec::new();
        entry.read_to_end(&mut inside).expect("readable");
        let kind = match name.rsplit('.').next().unwrap_or_default() {
            "xml" | "rels" => {
                let text = text(&inside, file).to_owned();
                xml(&text, file, |node, file| {
                    file.words.extend(node.text().filter(|_| node.is_text()).map(str::to_owned));
                });
                continue;
            }
            "csv" => "text/csv",
            "pdf" => "application/pdf",
            "svg" => "image/svg+xml",
            "json" => "application/json",
            "png" => "image/png",
            "jpg" => "image/jpeg",
            _ => "text/plain",
        };
        let read = read(kind, &inside);
        file.wrong.extend(read.wrong.into_iter().map(|wrong| format!("{name}: {wrong}")));
        file.words.extend(read.words);
    }
}

fn strings(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| strings(value, words)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, words)),
        _ => {}
    }
}

/// A document that does nothing by itself and leads nowhere.
fn pdf(bytes: &[u8], file: &mut File) {
    let document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) => return file.wrong(format!("no PDF: {error}")),
    };
    if document.get_pages().is_empty() {
        file.wrong("a PDF without a page");
    }
    for object in document.objects.values() {
        let entries = match object {
            Object::Dictionary(entries) => entries,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        for (name, _) in entries {
            if ACTS.contains(&name.as_slice()) {
                file.wrong(format!("a PDF with /{}", String::from_utf8_lossy(name)));
            }
        }
    }
}

/// A calendar has the lines of a calendar, and no part that was not made.
fn calendar(bytes: &[u8], file: &mut File) {
    let text = text(bytes, file).to_owned();
    for line in text.split("\r\n").filter(|line| !line.is_empty() && !line.starts_with(' ')) {
        let name = line.split([':', ';']).next().unwrap_or_default();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_uppercase() || c == '-') || line.contains("VALARM") {
            file.wrong(format!("a line of a calendar: {line:?}"));
        }
    }
}

#[test]
fn each_kind_of_harm_in_a_file_is_found() {
    let wrong = |kind: &str, text: &str| read(kind, text.as_bytes()).wrong.len();
    let svg = "image/svg+xml";
    assert_eq!(wrong(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"><text x=\"1\">a &gt;</text></svg>"), 0);
    for harm in [
        "<script/>",
        "<text onclick=\"a\"/>",
        "<text>]]></text>",
        "<image href=\"//x\"/>",
        "<!-- -->",
        "<path fill=\"url(//x)\"/>",
    ] {
        assert!(wrong(svg, &format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{harm}</svg>")) > 0, "{harm}");
    }
    assert_eq!(wrong("text/csv", "\u{feff}a,b\n'=1+1,-2\n"), 0);
    for harm in ["\u{feff}a\n=1+1\n", "\u{feff}a\n＝1\n", "\u{feff}a\n\"\t=1\"\n", "a\n", "\u{feff}a\nb,c\n"] {
        assert!(wrong("text/csv", harm) > 0, "{harm}");
    }
    assert_eq!(wrong("text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:a\\nb\r\n"), 0);
    assert_eq!(wrong("text/calendar", "BEGIN:VCALENDAR\r\nnot a line\r\n"), 1);
    assert!(wrong("application/x-unknown", "") == 1 && wrong("application/pdf", "%PDF-1.4") == 1);
}
