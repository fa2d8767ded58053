//! Attachments of an answer: pictures are drawn anew, so that nothing but their pixels is kept; PDF files are looked through and written anew,
//! so that nothing but their pages is.

use super::pdf;
use crate::actions::FieldError;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The most bytes of all attachments of an answer together.
pub const ATTACHMENTS_MAX: usize = 6 * 1024 * 1024;

/// The most attachments of an answer.
const MOST_FILES: usize = 9;

/// The most pixels a side.
const MOST_A_SIDE: u32 = 12_000;

/// The most pixels of a picture: what a phone of 50 megapixels makes (8192 × 6144), in whole millions. Such a one takes 1.0 s of CPU and 300 MB to
/// draw anew; a grey one of 12,000 a side, which fits into 2 MB, took 4.1 s and 570 MB (release build).
const MOST_PIXELS: u64 = 51_000_000;

/// The most pixels of all pictures of an answer: nine of the usual 12 megapixels.
const MOST_TOGETHER: u64 = 120_000_000;

/// The most memory for decoding one picture.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

/// JPEG quality of what is drawn anew.
const QUALITY: u8 = 85;

/// A checked attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, ending as its kind does.
    pub name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    pub media_type: &'static str,
    /// The bytes that are kept.
    pub bytes: Vec<u8>,
}

/// Checks files, each a name and its bytes. Their kind is read from the bytes, never from the name.
///
/// # Errors
/// [`FieldError`] of `files`: `too_many`, `too_large`, `kind`, `picture` (cannot be drawn), `pixels` (too many, and `pixels_together`), or of a PDF `pdf_broken`, `pdf_encrypted`,
/// `pdf_active` (scripts, programs, forms that send), `pdf_embedded` (files within); with the file's name as hint.
pub fn check_attachments(files: Vec<(String, Vec<u8>)>) -> Result<Vec<Attachment>, FieldError> {
    if files.len() > MOST_FILES {
        return Err(FieldError { field: "files", code: "too_many", hint: Some(MOST_FILES.to_string()) });
    }
    if files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > ATTACHMENTS_MAX {
        return Err(FieldError::new("files", "too_large"));
    }
    // Told by their headers, before any is drawn.
    let mut together = 0;
    for (name, bytes) in &files {
        let wrong = |code| FieldError { field: "files", code, hint: Some(name.clone()) };
        together += pixels(bytes).map_err(wrong)?;
    }
    if together > MOST_TOGETHER {
        return Err(FieldError::new("files", "pixels_together"));
    }
    files
        .into_iter()
        .map(|(name, bytes)| {
            let checked = check(&name, &bytes);
            checked.map_err(|code| FieldError { field: "files", code, hint: Some(name) })
        })
        .collect()
}

fn check(name: &str, bytes: &[u8]) -> Result<Attachment, &'static str> {
    if bytes.starts_with(b"%PDF-") {
        let bytes = pdf::clean(bytes)?;
        return Ok(Attachment { name: named(name, "pdf"), media_type: "application/pdf", bytes });
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => {
            let bytes = draw(bytes, ImageFormat::Jpeg)?;
            Ok(Attachment { name: named(name, "jpg"), media_type: "image/jpeg", bytes })
        }
        Ok(ImageFormat::Png) => {
            let bytes = draw(bytes, ImageFormat::Png)?;
            Ok(Attachment { name: named(name, "png"), media_type: "image/png", bytes })
        }
        _ => Err("kind"),
    }
}

/// How many pixels a picture has, by its header; none of what is no picture.
fn pixels(bytes: &[u8]) -> Result<u64, &'static str> {
    let Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) = image::guess_format(bytes) else { return Ok(0) };
    let (width, height) = opened(bytes, format)?.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS { Err("pixels") } else { Ok(pixels) }
}

/// A picture of which nothing but the header is read yet.
fn opened(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder, &'static str> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_A_SIDE);
    limits.max_image_height = Some(MOST_A_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.into_decoder().map_err(|error| refused(&error))
}

/// What is said of a picture that is not taken: that it is too large, or that it is broken.
const fn refused(error: &ImageError) -> &'static str {
    if matches!(error, ImageError::Limits(_)) { "pixels" } else { "picture" }
}

/// The pixels as a new file, turned as the camera said; no place, no time, no maker, no hidden picture goes along.
fn draw(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, &'static str> {
    let mut decoder = opened(bytes, format)?;
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    picture.apply_orientation(orientation);
    let mut drawn = Cursor::new(Vec::new());
    if format == ImageFormat::Jpeg {
        let encoder = JpegEncoder::new_with_quality(&mut drawn, QUALITY);
        picture.to_rgb8().write_with_encoder(encoder).map_err(|_| "picture")?;
    } else {
        picture.write_to(&mut drawn, ImageFormat::Png).map_err(|_| "picture")?;
    }
    Ok(drawn.into_inner())
}

/// The name with the ending of its kind.
fn named(name: &str, ending: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    let stem = if stem.is_empty() { "附件" } else { stem };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests;
