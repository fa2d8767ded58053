//! A form with files: multipart, of as many bytes as its route takes, its text strictly UTF-8.

use crate::app::App;
use crate::domain::text::file_name;
use crate::web::error::AppError;
use crate::web::form::Form;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use axum::http::Request;
use unicode_normalization::UnicodeNormalization as _;

/// The most bytes of one text field.
const TEXT_MAX: usize = 64 * 1024;

/// The most characters kept of a file's name.
const FILE_NAME_MAX: usize = 100;

/// The most parts.
const MOST_PARTS: usize = 200;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// The field that it was sent in.
    pub field: String,
    /// Its name as it may be shown; never a path.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A form with files. Its route says with a layer of its own how many bytes it takes: [`upload_limit`], more than its files may have, so that too
/// much comes back as the form with words and everything that was typed. Routes without one take no more than a form without files.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The text fields.
    pub form: Form,
    /// The files that were chosen; an empty input is not among them.
    pub files: Vec<UploadedFile>,
}

/// The layer of a route whose uploads may have so many bytes.
pub const fn upload_limit(bytes: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(bytes)
}

impl Upload {
    /// The file of a field.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

impl FromRequest<App> for Upload {
    type Rejection = AppError;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, AppError> {
        let mut parts =
            Multipart::from_request(request, app).await.map_err(|_| AppError::BadRequest("content type"))?;
        let (mut values, mut files) = (Vec::new(), Vec::new());
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            count += 1;
            if count > MOST_PARTS {
                return Err(AppError::BadRequest("too many parts"));
            }
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(|name| file_name(name, FILE_NAME_MAX));
            let bytes = part.bytes().await.map_err(|error| refused(&error))?;
            match name {
                Some(name) if !(name.is_empty() && bytes.is_empty()) => {
                    files.push(UploadedFile { field, name, bytes: bytes.to_vec() });
                }
                Some(_) => {}
                None if bytes.len() > TEXT_MAX => return Err(AppError::TooLarge),
                None => {
                    let text = std::str::from_utf8(&bytes).map_err(|_| AppError::BadEncoding)?;
                    values.push((field, text.nfc().collect::<String>()));
                }
            }
        }
        Ok(Self { form: Form::prefilled(values), files })
    }
}

fn refused(error: &axum::extract::multipart::MultipartError) -> AppError {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        AppError::TooLarge
    } else {
        AppError::BadRequest("multipart")
    }
}
