//! A receipt as a PNG: the sixteen digits, large, and the code of the page where they are looked up. It names nobody.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, ImageError, Luma};
use qrcode::{Color, EcLevel, QrCode};

/// Width of the image in pixels.
const WIDTH: u32 = 720;
/// Margin above and below.
const MARGIN: u32 = 48;
/// Pixels for one dot of a digit.
const DOT: u32 = 11;
/// Dots between two lines of digits.
const GAP: u32 = 5;
/// Pixels for one module of the code.
const MODULE: u32 = 14;
/// Light modules around the code.
const QUIET: u32 = 4;

const BLACK: Luma<u8> = Luma([0]);
const WHITE: Luma<u8> = Luma([255]);

/// The digits 0 to 9, five dots wide and seven high, a row a byte.
const DIGITS: [[u8; 7]; 10] = [
    [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
    [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
    [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110],
    [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
    [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
    [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
];

/// Why an image was not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReceiptImageError {
    /// The link is too long for a code.
    #[error("the link does not fit into a code: {0}")]
    Code(#[from] qrcode::types::QrError),
    /// The image was not encoded.
    #[error("the image was not encoded: {0}")]
    Png(#[from] ImageError),
}

/// The image of a receipt of sixteen digits and the code of `link`.
///
/// # Errors
/// When the link is too long for a code.
pub(super) fn png(receipt: &str, link: &str) -> Result<Vec<u8>, ReceiptImageError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)?;
    let lines: Vec<String> = receipt.as_bytes().chunks(8).map(spaced).collect();
    let modules = u32::try_from(code.width()).unwrap_or_default() + 2 * QUIET;
    let text_height = u32::try_from(lines.len()).unwrap_or_default() * (7 + GAP) * DOT;
    let mut image = GrayImage::from_pixel(WIDTH, MARGIN + text_height + modules * MODULE + MARGIN, WHITE);
    let mut top = MARGIN;
    for line in &lines {
        draw_line(&mut image, line, top);
        top += (7 + GAP) * DOT;
    }
    let left = WIDTH.saturating_sub(modules * MODULE) / 2;
    for (at, color) in (0_u32..).zip(code.to_colors()) {
        let width = modules - 2 * QUIET;
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            fill(&mut image, left + x * MODULE, top + y * MODULE, MODULE);
        }
    }
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::L8)?;
    Ok(bytes)
}

/// Eight digits with a space in the middle.
fn spaced(digits: &[u8]) -> String {
    digits.chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ")
}

fn draw_line(image: &mut GrayImage, line: &str, top: u32) {
    // Five dots for a digit and one between two; the last gap is not drawn.
    let width = (u32::try_from(line.len()).unwrap_or_default() * 6).saturating_sub(1) * DOT;
    let left = WIDTH.saturating_sub(width) / 2;
    for (column, digit) in (0_u32..).zip(line.chars()) {
        let Some(rows) = digit.to_digit(10).and_then(|d| DIGITS.get(d as usize)) else { continue };
        for (y, row) in (0_u32..).zip(rows) {
            for x in (0_u32..5).filter(|x| row >> (4 - x) & 1 == 1) {
                fill(image, left + (column * 6 + x) * DOT, top + y * DOT, DOT);
            }
        }
    }
}

/// A black square.
fn fill(image: &mut GrayImage, left: u32, top: u32, size: u32) {
    for y in top..top + size {
        for x in left..left + size {
            if let Some(pixel) = image.get_pixel_mut_checked(x, y) {
                *pixel = BLACK;
            }
        }
    }
}
