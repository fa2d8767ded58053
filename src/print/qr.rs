//! A QR code as a picture: black on white with a quiet zone of four modules.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use qrcode::{Color, EcLevel, QrCode};

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

/// Modules of white around the code.
const QUIET: usize = 4;

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

/// A code as a PNG in grey, `scale` pixels a module.
///
/// # Errors
/// When the text is too long for a code.
pub fn png(text: &str, medium: Medium, scale: usize) -> Result<Vec<u8>, QrError> {
    let level = match medium {
        Medium::Screen => EcLevel::M,
        Medium::Paper => EcLevel::Q,
        Medium::Outdoor => EcLevel::H,
    };
    let code = QrCode::with_error_correction_level(text, level)?;
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
mod tests {
    use super::*;

    #[test]
    fn an_independent_decoder_reads_what_was_written() {
        let text = "https://bb.example.gov.cn/i/7K3M9PQRXABCD";
        for medium in [Medium::Screen, Medium::Paper, Medium::Outdoor] {
            let picture = image::load_from_memory(&png(text, medium, 4).expect("a picture")).expect("a PNG");
            let mut prepared = rqrr::PreparedImage::prepare(picture.to_luma8());
            let grids = prepared.detect_grids();
            assert_eq!(grids.len(), 1);
            assert_eq!(grids[0].decode().expect("readable").1, text);
        }
    }
}
