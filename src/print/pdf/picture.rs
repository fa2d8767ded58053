//! Pictures of a document: PNG and JPEG.

use super::pack;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use pdf_writer::{Filter, Pdf, Ref};
use std::sync::Arc;

/// The most pixels a picture may have: what unpacks to 200 MB is no picture of a document.
const MOST_PIXELS: u64 = 50_000_000;

/// Why bytes are not a picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// They cannot be read as PNG or JPEG.
    #[error("the picture cannot be read: {0}")]
    Unreadable(#[from] image::ImageError),
    /// It is too large to be unpacked.
    #[error("the picture has too many pixels")]
    TooLarge,
}

/// A picture, shared by the pages that show it and embedded once.
#[derive(Clone, Debug)]
pub struct Picture(Arc<Data>);

#[derive(Debug)]
struct Data {
    width: u32,
    height: u32,
    grey: bool,
    filter: Filter,
    bytes: Vec<u8>,
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Picture {
    /// A picture from a PNG or JPEG file. What is transparent is white; a JPEG in grey or colour stays as it is.
    ///
    /// # Errors
    /// When the bytes are neither, or it has more than 50 million pixels.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let format = image::guess_format(bytes)?;
        let reader = || image::ImageReader::with_format(std::io::Cursor::new(bytes), format);
        let (width, height) = reader().into_dimensions()?;
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(PictureError::TooLarge);
        }
        let image = reader().decode()?;
        let data = match (&image, format) {
            (DynamicImage::ImageLuma8(_), ImageFormat::Jpeg) => {
                Data { width, height, grey: true, filter: Filter::DctDecode, bytes: bytes.to_vec() }
            }
            // Three components; a JPEG of four (CMYK) is decoded to three and packed anew.
            (DynamicImage::ImageRgb8(_), ImageFormat::Jpeg) if components(bytes) == Some(3) => {
                Data { width, height, grey: false, filter: Filter::DctDecode, bytes: bytes.to_vec() }
            }
            (DynamicImage::ImageLuma8(grey), _) => {
                Data { width, height, grey: true, filter: Filter::FlateDecode, bytes: pack(grey.as_raw()) }
            }
            _ => {
                let bytes = pack(on_white(&image).as_raw());
                Data { width, height, grey: false, filter: Filter::FlateDecode, bytes }
            }
        };
        Ok(Self(Arc::new(data)))
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        (self.0.width, self.0.height)
    }

    pub(super) fn write(&self, pdf: &mut Pdf, id: Ref) {
        let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        let mut object = pdf.image_xobject(id, &self.0.bytes);
        object.filter(self.0.filter);
        object.width(side(self.0.width)).height(side(self.0.height)).bits_per_component(8);
        if self.0.grey {
            object.color_space().device_gray();
        } else {
            object.color_space().device_rgb();
        }
    }
}

/// The number of colour components that a JPEG's frame header states.
fn components(jpeg: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let marker = *jpeg.get(at + 1)?;
        if matches!(marker, 0xC0..=0xC2) {
            return jpeg.get(at + 9).copied();
        }
        at += 2 + usize::from(u16::from_be_bytes(jpeg.get(at + 2..at + 4)?.try_into().ok()?));
    }
}

fn on_white(image: &DynamicImage) -> RgbImage {
    let source = image.to_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [red, green, blue, alpha] = source.get_pixel(x, y).0;
        let over = |part: u8| {
            let mixed = (u16::from(part) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}
