//! The one font of all documents: Noto Sans SC Regular, whole, so that rare characters in names show. Compiled in packed, unpacked once.
//!
//! Reads just what placing text needs: which glyph shows a character (`cmap`, format 12) and how far it advances (`hmtx`).

use std::io::Read as _;
use std::sync::LazyLock;

/// The font file, packed; its licence stands beside it.
const PACKED: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Regular.ttf.br");

/// Millimetres of a point.
pub const MM_PER_PT: f32 = 25.4 / 72.0;

static SHARED: LazyLock<Font> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let mut unpacker = brotli_decompressor::Decompressor::new(PACKED, 64 * 1024);
    unpacker.read_to_end(&mut bytes).expect("the font of the program is whole");
    Font::read(bytes).expect("the font of the program can be read")
});

/// A font as documents use it.
#[derive(Debug)]
pub struct Font {
    bytes: Vec<u8>,
    /// Runs of characters whose glyphs follow each other, in the order of characters.
    runs: Vec<Run>,
    /// Advance of each glyph in thousandths of the size; the last one stands for all that follow.
    advances: Vec<u16>,
    /// Metrics for the descriptor, in thousandths of the size.
    pub(super) metrics: Metrics,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    last: u32,
    glyph: u32,
}

/// Measures of the whole font in thousandths of the size, above the baseline positive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metrics {
    pub(super) ascent: i16,
    pub(super) descent: i16,
    pub(super) cap_height: i16,
    /// Left, bottom, right, top of a box around every glyph.
    pub(super) bounds: [i16; 4],
}

impl Font {
    /// The font of the program, unpacked at the first call.
    ///
    /// # Panics
    /// Never: the font is a part of the program, and tests read it.
    #[must_use]
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// The glyph of a character; `None` when the font lacks it, or nothing is to be seen of it ([`invisible`]).
    #[must_use]
    pub fn glyph(&self, c: char) -> Option<u16> {
        if invisible(c) {
            return None;
        }
        let code = u32::from(c);
        let at = self.runs.partition_point(|run| run.last < code);
        let run = self.runs.get(at).filter(|run| run.first <= code)?;
        u16::try_from(run.glyph + (code - run.first)).ok().filter(|glyph| *glyph != 0)
    }

    /// The first character of a text that the font cannot show.
    #[must_use]
    pub fn lacks(&self, text: &str) -> Option<char> {
        text.chars().find(|c| !invisible(*c) && self.glyph(*c).is_none())
    }

    /// How far a glyph advances, in thousandths of the size.
    #[must_use]
    pub fn advance(&self, glyph: u16) -> u16 {
        self.advances.get(usize::from(glyph)).or(self.advances.last()).copied().unwrap_or_default()
    }

    /// The width of a text on one line in millimetres, at a size in points. A character that the font lacks is as wide as [`MISSING`].
    #[must_use]
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let thousandths: f32 = text.chars().map(|c| self.char_width(c)).sum();
        thousandths / 1000.0 * size * MM_PER_PT
    }

    /// The width of one character in thousandths of the size.
    fn char_width(&self, c: char) -> f32 {
        if invisible(c) {
            return 0.0;
        }
        f32::from(self.glyph(c).or_else(|| self.glyph(MISSING)).map_or(0, |glyph| self.advance(glyph)))
    }

    /// The height of a capital letter in millimetres, at a size in points: what to centre a line by.
    #[must_use]
    pub fn cap_height(&self, size: f32) -> f32 {
        f32::from(self.metrics.cap_height) / 1000.0 * size * MM_PER_PT
    }

    /// The font file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn read(bytes: Vec<u8>) -> Option<Self> {
        let head = table(&bytes, *b"head")?;
        let hhea = table(&bytes, *b"hhea")?;
        let os2 = table(&bytes, *b"OS/2")?;
        let units = u32::from(u16_at(head, 18)?);
        let thousandths = |value: u16| u16::try_from(u32::from(value) * 1000 / units).ok();
        let signed = |value: i16| i16::try_from(i64::from(value) * 1000 / i64::from(units)).ok();
        let hmtx = table(&bytes, *b"hmtx")?;
        let measured = usize::from(u16_at(hhea, 34)?);
        let advances = (0..measured).map(|glyph| thousandths(u16_at(hmtx, glyph * 4)?)).collect::<Option<_>>()?;
        let metrics = Metrics {
            ascent: signed(i16_at(hhea, 4)?)?,
            descent: signed(i16_at(hhea, 6)?)?,
            cap_height: signed(i16_at(os2, 88)?)?,
            bounds: [
                signed(i16_at(head, 36)?)?,
                signed(i16_at(head, 38)?)?,
                signed(i16_at(head, 40)?)?,
                signed(i16_at(head, 42)?)?,
            ],
        };
        let runs = character_runs(table(&bytes, *b"cmap")?)?;
        Some(Self { bytes, runs, advances, metrics })
    }
}

/// What stands for a character that the font lacks: the printers' geta mark (〓), by which readers of Chinese know that a sort was missing.
pub const MISSING: char = '〓';

/// Whether nothing is to be seen of a character: controls, joiners, marks of direction, and selectors of variants.
#[must_use]
pub fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The runs of the `cmap` subtable of format 12 for all of Unicode (platform 3, encoding 10).
fn character_runs(cmap: &[u8]) -> Option<Vec<Run>> {
    let tables = usize::from(u16_at(cmap, 2)?);
    let record =
        (0..tables).map(|n| 4 + n * 8).find(|at| u16_at(cmap, *at) == Some(3) && u16_at(cmap, at + 2) == Some(10))?;
    let subtable = cmap.get(usize::try_from(u32_at(cmap, record + 4)?).ok()?..)?;
    if u16_at(subtable, 0)? != 12 {
        return None;
    }
    let count = usize::try_from(u32_at(subtable, 12)?).ok()?;
    (0..count)
        .map(|n| {
            let at = 16 + n * 12;
            Some(Run {
                first: u32_at(subtable, at)?,
                last: u32_at(subtable, at + 4)?,
                glyph: u32_at(subtable, at + 8)?,
            })
        })
        .collect()
}

/// A table of the font file by its tag.
fn table(bytes: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(u16_at(bytes, 4)?);
    let record = (0..count).map(|n| 12 + n * 16).find(|at| bytes.get(*at..at + 4) == Some(&tag))?;
    let start = usize::try_from(u32_at(bytes, record + 8)?).ok()?;
    let length = usize::try_from(u32_at(bytes, record + 12)?).ok()?;
    bytes.get(start..start.checked_add(length)?)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    bytes.get(at..at + 2)?.try_into().ok().map(i16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests;
