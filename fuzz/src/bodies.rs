//! Bodies of requests and files: forms with files and without, JSON, histories to replay, attachments.

use super::{codes::is_clean, world};
use axum::body::Body;
use axum::extract::FromRequest as _;
use axum::http::{Request, header::CONTENT_TYPE};
use lopdf::{Document, Object};
use mashang::actions::cases::check_attachments;
use mashang::domain::text::{NAME_MAX, REPORT_MAX};
use mashang::replay::History;
use mashang::web::api::body;
use mashang::web::extract::Upload;
use mashang::web::extract::body::decode;
use mashang::web::form::Form;

pub fn form(data: &[u8]) {
    let Ok(fields) = decode(data) else { return };
    let mut written = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &fields {
        written.append_pair(name, value);
    }
    let again = decode(written.finish().as_bytes()).ok().expect("what was read can be written");
    assert_eq!(again, fields, "decoded, encoded, decoded");

    world::with(|world| {
        let request = Request::post("/")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(data.to_vec()))
            .expect("a request");
        let Ok(form) = world.runtime.block_on(Form::from_request(request, &world.app)) else {
            assert!(data.len() > 64 * 1024, "what can be decoded is a form");
            return;
        };
        let mut form = form.only(&["a", "b", "c"]);
        for max in [NAME_MAX, REPORT_MAX] {
            let (line, more) = (form.optional_line("a", max), form.optional_paragraph("b", max));
            if !line.is_empty() {
                is_clean(&line, max, false);
            }
            if !more.is_empty() {
                is_clean(&more, max, true);
            }
        }
        for lang in mashang::i18n::Lang::ALL {
            for line in form.error_lines(&lang) {
                assert!(!line.words.is_empty() && !line.words.chars().any(char::is_control), "{:?}", line.words);
            }
        }
    });
}

/// The parts of a form with files: whatever a part calls its file, the name is one that can be shown, and never a path.
pub fn multipart(data: &[u8]) {
    let request = Request::post("/")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .body(Body::from(data.to_vec()))
        .expect("a request");
    let read = world::with(|world| world.runtime.block_on(Upload::from_request(request, &world.app)));
    let Ok(upload) = read else { return };
    for file in &upload.files {
        assert!(!file.name.contains(['/', '\\']), "{:?} is a path", file.name);
        if !file.name.is_empty() {
            is_clean(&file.name, NAME_MAX, false);
        }
        assert!(file.bytes.len() <= data.len());
    }
    let texts: usize = upload.form.values().iter().map(|(_, value)| value.chars().count()).sum();
    assert!(texts <= data.len(), "nothing is made up");
}

pub fn json(data: &[u8]) {
    let Ok(mut read) = body::Body::parse(data) else { return };
    if let Some(line) = read.optional("line", |value| body::line(value, NAME_MAX)).filter(|line| !line.is_empty()) {
        is_clean(&line, NAME_MAX, false);
    }
    let words = read.words("words", REPORT_MAX);
    if !words.is_empty() {
        is_clean(&words, REPORT_MAX, true);
    }
    if let Some(at) = read.optional("time", body::time) {
        let again = serde_json::Value::from(at.to_rfc3339());
        assert_eq!(body::time(&again), Ok(at), "an instant that was taken is taken again");
    }
    if let Some(number) = read.optional("number", |value| body::number(value, 1..=9)) {
        assert!((1..=9).contains(&number));
    }
    if let Some(list) = read.optional("list", |value| body::list(value, 5, body::id(|id| id))) {
        assert!(list.len() <= 5);
    }
    let _ = (read.tick("tick"), read.required("id", body::id(|id| id)));
    let _ = read.end();
}

pub fn replay(data: &[u8]) {
    if let Ok(history) = History::parse(data) {
        let lines = data.split(|byte| *byte == b'\n').count();
        assert!(history.len() <= lines);
    }
}

pub fn attachment(data: &[u8]) {
    let Ok(kept) = check_attachments(vec![("一.pdf".to_owned(), data.to_vec())]) else { return };
    for file in kept {
        let begins: &[u8] = match file.media_type {
            "application/pdf" => b"%PDF-",
            "image/jpeg" => b"\xFF\xD8\xFF",
            "image/png" => b"\x89PNG",
            other => panic!("{other} is no kind that is kept"),
        };
        assert!(file.bytes.starts_with(begins), "what is kept is what it says");
        if file.media_type != "application/pdf" {
            continue;
        }
        let document = Document::load_mem(&file.bytes).expect("what is kept can be read");
        let found = document.objects.values().find_map(active);
        assert_eq!(found, None, "nothing that is kept runs, sends or hides a file");
        let again = check_attachments(vec![("一.pdf".to_owned(), file.bytes)]);
        assert!(again.is_ok(), "what is kept is taken again: {again:?}");
    }
}

/// The first name in an object, or key of it, that makes a PDF reader do something. Words within a page or a longer name are none.
fn active(object: &Object) -> Option<String> {
    const ACTIVE: [&[u8]; 5] = [b"JavaScript", b"Launch", b"SubmitForm", b"EmbeddedFile", b"Encrypt"];
    let dictionary = match object {
        Object::Name(name) => {
            return ACTIVE.contains(&name.as_slice()).then(|| String::from_utf8_lossy(name).into_owned());
        }
        Object::Array(items) => return items.iter().find_map(active),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return None,
    };
    dictionary.iter().find_map(|(key, value)| active(&Object::Name(key.clone())).or_else(|| active(value)))
}
