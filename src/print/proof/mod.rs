//! The proof before print: a page's own drawing commands are drawn anew as pixels, the code is read from them by an independent decoder, and
//! what stands around it is compared with what was to be printed.
//!
//! Nothing of what the layout meant is trusted: the display interprets the bytes that the file will carry, and refuses what it does not
//! know; the raster draws them; rxing, a port of `ZXing`, finds and decodes the code as a phone would.

mod raster;

use super::display::{Display, squeezed};
use super::pdf::{Page, Rect, Size};
use rxing::{
    BarcodeFormat, DecodeHints, Luma8LuminanceSource, Reader as _, common::HybridBinarizer, qrcode::QRCodeReader,
};

/// Pixels of a side of the square that is drawn: about six a module, what a simple phone has of a code across a room.
const PIXELS: u16 = 240;

/// How the square is turned before it is read, in degrees, until it is read. Held quite straight, the decoder takes something else for a corner
/// in one code of sixty; of 60,000 that were drawn, the second angle left 24 and the third none. No hand holds a phone straight.
const ANGLES: [f32; 5] = [0.0, 7.0, -11.0, 17.0, -3.0];

/// A sign as it was to stand on a page.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The whole sign.
    pub cell: Rect,
    /// The code with its quiet zone.
    pub code: Rect,
    /// The part of the side of `code` that is white at each edge.
    pub quiet: f32,
    /// What the code carries.
    pub link: String,
    /// What stands on the sign in words: name, short code, host … Spaces do not count.
    pub words: Vec<String>,
}

/// What is wrong with a sign on a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The font lacks a character.
    #[error("the font lacks {0:?}")]
    Character(char),
    /// The link does not fit into a code.
    #[error("the link does not fit into a code")]
    TooLong,
    /// The drawing has a command that the proof does not know.
    #[error("the drawing cannot be read: {0}")]
    Drawing(String),
    /// Something stands in the quiet zone.
    #[error("something stands in the quiet zone")]
    Quiet,
    /// The code cannot be read.
    #[error("the code cannot be read")]
    Unreadable,
    /// The code says something else.
    #[error("the code says something else than the link")]
    Link,
    /// Some words are not there.
    #[error("{0:?} does not stand on the sign")]
    Words(String),
}

impl Fault {
    /// A stable code for words in the catalogue: `sheet-fault-…`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Character(_) => "character",
            Self::TooLong => "too-long",
            Self::Drawing(_) => "drawing",
            Self::Quiet => "quiet",
            Self::Unreadable => "unreadable",
            Self::Link => "link",
            Self::Words(_) => "words",
        }
    }

    /// What the words speak of: the character, the words; empty for the others.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Character(c) => c.to_string(),
            Self::Words(words) | Self::Drawing(words) => words.clone(),
            _ => String::new(),
        }
    }
}

/// Reads every sign of a page back.
///
/// # Errors
/// The number of the first sign that is not as expected, and why.
pub fn check(page: &Page, signs: &[Expected]) -> Result<(), (usize, Fault)> {
    let display = Display::read(page).map_err(|what| (0, Fault::Drawing(what)))?;
    for (number, sign) in signs.iter().enumerate() {
        check_sign(&display, sign).map_err(|fault| (number, fault))?;
    }
    Ok(())
}

fn check_sign(display: &Display, sign: &Expected) -> Result<(), Fault> {
    let shown = display.text_in(sign.cell);
    if let Some(lost) = sign.words.iter().find(|words| !shown.contains(&squeezed(words))) {
        return Err(Fault::Words(lost.clone()));
    }
    let pixels = raster::draw(display, sign.code, PIXELS);
    if !white_at_the_edge(&pixels, sign.quiet) {
        return Err(Fault::Quiet);
    }
    match ANGLES.into_iter().find_map(|degrees| decode(&raster::turned(&pixels, PIXELS, degrees), PIXELS)) {
        None => Err(Fault::Unreadable),
        Some(link) if link == sign.link => Ok(()),
        Some(_) => Err(Fault::Link),
    }
}

/// Reads a code back from its SVG, which is one path of runs on a grid of modules.
///
/// # Errors
/// Why it is not as expected.
pub fn check_svg(svg: &str, link: &str) -> Result<(), Fault> {
    let unknown = || Fault::Drawing("svg".to_owned());
    let attribute = |name: &str| svg.split_once(name).and_then(|(_, rest)| rest.split('"').next());
    let side = attribute("viewBox=\"0 0 ").and_then(|size| size.split(' ').next()?.parse::<u16>().ok());
    let side = side.ok_or_else(unknown)?;
    let path = attribute("<path d=\"").ok_or_else(unknown)?;
    let mut page = Page::new(Size { width: 100.0, height: 100.0 });
    let runs = path.split('M').filter(|run| !run.is_empty()).map(|run| {
        let mut numbers = run.split(['h', ' ', 'v']).map(str::parse::<u16>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    let runs = runs.collect::<Option<Vec<_>>>().ok_or_else(unknown)?;
    let code = Rect::new(0.0, 0.0, 100.0, 100.0);
    page.cells(code, side, runs);
    let quiet = f32::from(super::qr::QUIET_MODULES) / f32::from(side);
    check(&page, &[Expected { cell: code, code, quiet, link: link.to_owned(), words: Vec::new() }])
        .map_err(|(_, fault)| fault)
}

/// Whether every pixel of the frame is white that is wholly within the quiet zone.
fn white_at_the_edge(pixels: &[u8], quiet: f32) -> bool {
    let side = usize::from(PIXELS);
    let frame = whole(quiet * f32::from(PIXELS));
    let inside = |at: usize| at >= frame && at < side - frame;
    pixels.iter().enumerate().all(|(at, pixel)| *pixel == u8::MAX || (inside(at % side) && inside(at / side)))
}

/// A measure in whole pixels, rounded down.
fn whole(pixels: f32) -> usize {
    (0..=PIXELS).rev().find(|count| f32::from(*count) <= pixels).map_or(0, usize::from)
}

/// What a code says, in a square of grey pixels; `None` if no code is found.
#[must_use]
pub fn decode(pixels: &[u8], side: u16) -> Option<String> {
    let source = Luma8LuminanceSource::new(pixels.to_vec(), u32::from(side), u32::from(side)).ok()?;
    let mut picture = rxing::BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints { PossibleFormats: Some([BarcodeFormat::QR_CODE].into()), ..DecodeHints::default() };
    QRCodeReader::new().decode_with_hints(&mut picture, &hints).ok().map(|read| read.getText().to_owned())
}

#[cfg(test)]
mod tests;
