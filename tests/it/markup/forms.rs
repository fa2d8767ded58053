//! Filling in forms as they stand on a page, and sending them.

use super::reader::{Field, Form};
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use std::collections::BTreeSet;

const BOUNDARY: &str = "----mashang-markup";

/// Which fields get the words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Those for words: the rest as a person would leave it.
    Words,
    /// All that are to be seen, choices too.
    All,
    /// All, and what the page sends along unseen.
    Unseen,
}

/// Whether a field takes words.
pub fn is_for_words(field: &Field) -> bool {
    matches!(field.kind.as_str(), "text" | "search" | "textarea" | "url" | "tel")
}

/// The fields that are sent: of each group of choices one.
pub fn filled(form: &Form, fill: Fill, words: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let chosen: BTreeSet<&str> =
        form.fields.iter().filter(|f| f.kind == "radio" && f.sent).map(|f| f.name.as_str()).collect();
    let mut groups = BTreeSet::new();
    for field in &form.fields {
        let value = match field.kind.as_str() {
            "button" | "submit" | "file" => continue,
            "hidden" if fill != Fill::Unseen => field.value.clone(),
            "radio" => {
                let first = !chosen.contains(field.name.as_str()) && groups.insert(field.name.clone());
                if !field.sent && !first {
                    continue;
                }
                if fill == Fill::Words { field.value.clone() } else { words.to_owned() }
            }
            // What has to be ticked before anything happens is ticked.
            "checkbox" if fill == Fill::Words => field.value.clone(),
            _ if fill != Fill::Words || is_for_words(field) => words.to_owned(),
            "date" if field.value.is_empty() => "2026-03-27".to_owned(),
            "time" if field.value.is_empty() => "10:00".to_owned(),
            "number" if field.value.is_empty() => "1".to_owned(),
            "email" if field.value.is_empty() => "somebody@example.org".to_owned(),
            "password" => "a long enough one".to_owned(),
            _ => field.value.clone(),
        };
        fields.push((field.name.clone(), value));
    }
    fields
}

/// The buttons of a form: each is another way to send it. A form without a named one has one way.
pub fn buttons(form: &Form) -> Vec<Option<(String, String)>> {
    let mut ways: Vec<Option<(String, String)>> = Vec::new();
    for field in
        form.fields.iter().filter(|field| matches!(field.kind.as_str(), "button" | "submit") && !field.name.is_empty())
    {
        let way = Some((field.name.clone(), field.value.clone()));
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways.truncate(6);
    if ways.is_empty() { vec![None] } else { ways }
}

/// Sends fields, with a file where the form has a place for one.
pub async fn send(
    client: &mut Client,
    path: &str,
    form: &Form,
    fields: &[(String, String)],
    file: (&str, &[u8]),
) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if !form.files {
        return client.post_form(path, &fields).await;
    }
    let place = form.fields.iter().find(|field| field.kind == "file").map_or("file", |field| field.name.as_str());
    upload(client, path, &fields, place, file.0, file.1).await
}

/// Sends a form with a file. The name stands there as a browser writes it: quotation marks and line ends encoded.
pub async fn upload(
    client: &mut Client,
    path: &str,
    fields: &[(&str, &str)],
    place: &str,
    name: &str,
    bytes: &[u8],
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{place}\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let request = client
        .request(Method::POST, path)
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    client.send(request.expect("a request")).await
}
