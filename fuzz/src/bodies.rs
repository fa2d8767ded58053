//! Bodies of requests and files: forms, JSON, histories to replay, attachments.

use super::{codes::is_clean, world};
use axum::body::Body;
use axum::extract::FromRequest as _;
use axum::http::{Request, header::CONTENT_TYPE};
use mashang::actions::cases::check_attachments;
use mashang::domain::text::{NAME_MAX, REPORT_MAX};
use mashang::replay::History;
use mashang::web::api::body;
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
        for hidden in [&b"/JavaScript"[..], b"/OpenAction", b"/Launch", b"/EmbeddedFile"] {
            let found = file.media_type == "application/pdf" && file.bytes.windows(hidden.len()).any(|w| w == hidden);
            assert!(!found, "{}", String::from_utf8_lossy(hidden));
        }
    }
}
