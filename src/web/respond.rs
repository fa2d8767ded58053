//! Answers: a rendered template, or a redirect after a POST.

use super::error::AppError;
use super::name_errors::named;
use crate::storage::files::{self, FileRecord};
use crate::storage::{Db, StorageError};
use askama::Template;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

/// What a handler returns.
pub type Answer = Result<Response, AppError>;

/// A page with status 200.
///
/// # Errors
/// When the template fails.
pub fn html(template: &impl Template) -> Answer {
    html_with(StatusCode::OK, template)
}

/// A page with another status: 422 for the form again.
///
/// # Errors
/// When the template fails.
pub fn html_with(status: StatusCode, template: &impl Template) -> Answer {
    let body = named(template.render().map_err(|error| AppError::internal(&error))?);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// 303 to a path of this site: what a successful POST answers.
///
/// # Errors
/// When the path is no header value.
pub fn see_other(path: &str) -> Answer {
    let location = HeaderValue::from_str(path).map_err(|error| AppError::internal(&error))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// A file to save under a name, which may be Chinese (RFC 6266).
///
/// # Errors
/// When the media type is no header value.
pub fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Answer {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    let invalid = |error| AppError::internal(&error);
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).map_err(invalid)?);
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&disposition(name)).map_err(invalid)?);
    Ok(response)
}

/// A kept file to download under the record's name, read piece by piece while it is sent.
///
/// # Errors
/// When the name or the media type fits in no header.
pub fn send_file(db: &Db, file: FileRecord) -> Answer {
    let mut response = download(&file.name, &file.media_type, Vec::new())?;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(file.size));
    let pieces = futures_util::stream::try_unfold((db.clone(), file, 0), |(db, file, ordinal)| async move {
        if ordinal >= file.pieces() {
            return Ok::<_, StorageError>(None);
        }
        let piece = files::piece(&mut db.read().await?, file.id, ordinal).await?;
        let gone = || StorageError::Unreadable { what: "piece of a file", value: ordinal.to_string() };
        let piece = piece.ok_or_else(gone)?;
        Ok(Some((piece, (db, file, ordinal + 1))))
    });
    *response.body_mut() = Body::from_stream(pieces);
    Ok(response)
}

/// The value of `Content-Disposition`: a plain name for old programs, the whole one percent-encoded.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let whole = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            let digits = b"0123456789ABCDEF";
            text.push('%');
            text.push(char::from(digits[usize::from(byte >> 4)]));
            text.push(char::from(digits[usize::from(byte & 15)]));
        }
        text
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_chinese_name_is_encoded_and_a_quote_ends_nothing() {
        assert_eq!(disposition("a\"; b.csv"), "attachment; filename=\"a___b.csv\"; filename*=UTF-8''a%22%3B%20b.csv");
        assert!(disposition("码牌.pdf").ends_with("filename*=UTF-8''%E7%A0%81%E7%89%8C.pdf"));
    }
}
