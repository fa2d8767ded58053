//! A QR code as a picture or a vector: black on white, with the quiet zone of four modules that ISO/IEC 18004 asks for and nothing in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Where a code is shown: how much of it may be damaged before it can no longer be read (GB/T 18284, level M, Q, H).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A phone's screen: level M.
    Screen,
    /// Paper indoors: level Q.
    Paper,
    /// A sign outdoors: level H.
    Outdoor,
}

impl Medium {
    /// What codes on walls and desks can be made for.
    pub const PRINTED: [Self; 2] = [Self::Paper, Self::Outdoor];

    /// The medium with this name: `screen`, `paper`, `outdoor`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "screen" => Some(Self::Screen),
            "paper" => Some(Self::Paper),
            "outdoor" => Some(Self::Outdoor),
            _ => None,
        }
    }

    /// The inverse of [`Medium::parse`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Paper => "paper",
            Self::Outdoor => "outdoor",
        }
    }
}

/// Modules of white around the code.
const QUIET: usize = QUIET_MODULES as usize;

/// The same, as a measure.
pub const QUIET_MODULES: u16 = 4;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum QrError {
    /// The text does not fit into a code.
    #[error("the text does not fit into a code: {0}")]
    TooLong(#[from] qrcode::types::QrError),
    /// The picture cannot be encoded.
    #[error("the picture cannot be encoded: {0}")]
    Picture(#[from] image::ImageError),
}

fn code(text: &str, medium: Medium) -> Result<QrCode, QrError> {
    let level = match medium {
        Medium::Screen => EcLevel::M,
        Medium::Paper => EcLevel::Q,
        Medium::Outdoor => EcLevel::H,
    };
    Ok(QrCode::with_error_correction_level(text, level)?)
}

/// The modules of a code with its quiet zone.
#[derive(Clone, Debug)]
pub struct Modules {
    width: u16,
    dark: Vec<bool>,
}

impl Modules {
    /// The code of a text.
    ///
    /// # Errors
    /// When the text is too long for a code.
    pub fn of(text: &str, medium: Medium) -> Result<Self, QrError> {
        let code = code(text, medium)?;
        // A code has at most 177 modules a side.
        let width = u16::try_from(code.width()).unwrap_or(u16::MAX);
        Ok(Self { width, dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect() })
    }

    /// Modules of a side, the quiet zone included.
    #[must_use]
    pub const fn side(&self) -> u16 {
        self.width + 2 * QUIET_MODULES
    }

    /// The part of the side that the code takes without its quiet zone.
    #[must_use]
    pub fn share(&self) -> f32 {
        f32::from(self.width) / f32::from(self.side())
    }

    /// Column, row and length of each run of dark modules in a row, counted from the corner of the quiet zone. Runs are one rectangle each:
    /// smaller files, and no hairlines between modules when a printer scales them.
    pub fn runs(&self) -> impl Iterator<Item = (u16, u16, u16)> {
        let rows = (0..self.width).zip(self.dark.chunks(usize::from(self.width)));
        rows.flat_map(move |(y, row)| {
            let mut x = 0;
            row.chunk_by(|a, b| a == b).filter_map(move |run| {
                let (from, length) = (x, u16::try_from(run.len()).unwrap_or(u16::MAX));
                x += length;
                (run.first() == Some(&true)).then_some((from + QUIET_MODULES, y + QUIET_MODULES, length))
            })
        })
    }
}

/// A code as SVG: one path, a module is one unit, so that it scales without loss.
///
/// # Errors
/// When the text is too long for a code.
pub fn svg(text: &str, medium: Medium) -> Result<String, QrError> {
    let code = Modules::of(text, medium)?;
    let side = code.side();
    let mut path = String::new();
    for (x, y, length) in code.runs() {
        // Writing into a text cannot fail.
        let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{side}mm\" height=\"{side}mm\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

/// A code as the address of a picture, for pages that are shown once: nothing of it is kept.
///
/// # Errors
/// When the text is too long for a code.
pub fn data_link(text: &str, medium: Medium) -> Result<String, QrError> {
    Ok(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg(text, medium)?)))
}

/// A code as a PNG in grey, `scale` pixels a module.
///
/// # Errors
/// When the text is too long for a code.
pub fn png(text: &str, medium: Medium, scale: usize) -> Result<Vec<u8>, QrError> {
    let code = code(text, medium)?;
    let (modules, colors) = (code.width(), code.to_colors());
    let side = (modules + 2 * QUIET) * scale;
    let mut pixels = vec![u8::MAX; side * side];
    for (at, _) in colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (top, left) = ((at / modules + QUIET) * scale, (at % modules + QUIET) * scale);
        for row in pixels.chunks_mut(side).skip(top).take(scale) {
            row[left..left + scale].fill(0);
        }
    }
    let mut bytes = Vec::new();
    // A code has at most 177 modules a side, so that its side in pixels fits 32 bits by far.
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    PngEncoder::new(&mut bytes).write_image(&pixels, side, side, ExtendedColorType::L8)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
