//! One page: text, lines, areas and pictures, in millimetres from its upper left corner.

use super::FONT_NAME;
use super::picture::Picture;
use crate::print::font::{Font, MISSING, MM_PER_PT, invisible};
use crate::print::lines::Lines;
use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Content, Name, Str};
use std::collections::{BTreeMap, BTreeSet};

/// The width of a bold letter's outline, as a part of the size.
const BOLD: f32 = 0.03;

/// A size of paper in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Size {
    /// A4, upright.
    pub const A4: Self = Self { width: 210.0, height: 297.0 };
    /// A5, upright.
    pub const A5: Self = Self { width: 148.0, height: 210.0 };

    /// The same paper lying.
    #[must_use]
    pub const fn lying(self) -> Self {
        Self { width: self.height, height: self.width }
    }

    pub(super) fn media_box(self) -> pdf_writer::Rect {
        pdf_writer::Rect::new(0.0, 0.0, points(self.width), points(self.height))
    }
}

/// A rectangle in millimetres, `x` and `y` being its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// From the left edge of the page.
    pub x: f32,
    /// From the upper edge of the page.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Rect {
    /// A rectangle by its corner and size.
    #[must_use]
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// The same with its sides moved inward by some millimetres.
    #[must_use]
    pub fn inset(self, by: f32) -> Self {
        Self { x: self.x + by, y: self.y + by, width: self.width - 2.0 * by, height: self.height - 2.0 * by }
    }
}

/// A colour of the screen and of the printer's driver: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// Black.
    pub const BLACK: Self = Self(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self(255, 255, 255);
    /// A grey that stays legible on paper.
    pub const GREY: Self = Self(90, 90, 90);

    fn parts(self) -> [f32; 3] {
        [self.0, self.1, self.2].map(|part| rounded(f32::from(part) / 255.0))
    }
}

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Size in points.
    pub size: f32,
    /// Colour.
    pub color: Color,
    /// Whether letters are thickened.
    pub bold: bool,
}

impl Style {
    /// Black text of a size in points.
    #[must_use]
    pub const fn new(size: f32) -> Self {
        Self { size, color: Color::BLACK, bold: false }
    }

    /// The same in bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same in a colour.
    #[must_use]
    pub const fn color(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// The same in another size.
    #[must_use]
    pub const fn size(self, size: f32) -> Self {
        Self { size, ..self }
    }
}

/// Where a line stands in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// A page that is being drawn. What comes later covers what came before.
pub struct Page {
    size: Size,
    pub(super) content: Content,
    pub(super) glyphs: BTreeMap<u16, char>,
    pub(super) missing: BTreeSet<char>,
    pub(super) pictures: Vec<Picture>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("size", &self.size).field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self { size, content: Content::new(), glyphs: BTreeMap::new(), missing: BTreeSet::new(), pictures: Vec::new() }
    }

    /// Its size.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The drawing commands so far, as the file will carry them.
    #[must_use]
    pub fn commands(&self) -> &[u8] {
        self.content.as_bytes()
    }

    /// Which character each glyph of the page shows.
    #[must_use]
    pub const fn glyphs(&self) -> &BTreeMap<u16, char> {
        &self.glyphs
    }

    /// The characters so far that the font lacks; `〓` stands in their place.
    #[must_use]
    pub const fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// One line of text from a point on its baseline to the right. Returns the width in millimetres.
    pub fn text(&mut self, (x, baseline): (f32, f32), text: &str, style: Style) -> f32 {
        let bytes = self.encode(text);
        if bytes.is_empty() {
            return 0.0;
        }
        let [red, green, blue] = style.color.parts();
        let (left, up) = self.place(x, baseline);
        let content = &mut self.content;
        if style.bold {
            content.save_state();
            content.set_stroke_rgb(red, green, blue).set_line_width(rounded(style.size * BOLD));
        }
        content.set_fill_rgb(red, green, blue);
        content.begin_text().set_font(FONT_NAME, rounded(style.size));
        if style.bold {
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        }
        content.next_line(left, up).show(Str(&bytes)).end_text();
        if style.bold {
            content.restore_state();
        }
        Font::shared().width(text, style.size)
    }

    /// One line of text in a space from `x` that is `width` millimetres wide.
    pub fn text_in(&mut self, (x, width): (f32, f32), baseline: f32, align: Align, text: &str, style: Style) {
        let spare = width - Font::shared().width(text, style.size);
        let at = match align {
            Align::Left => x,
            Align::Center => x + spare / 2.0,
            Align::Right => x + spare,
        };
        self.text((at, baseline), text, style);
    }

    /// Lines of text from the upper edge `top` on, in a space from `x` that is `width` millimetres wide. Returns the lower edge.
    pub fn lines(&mut self, (x, width): (f32, f32), top: f32, align: Align, lines: &Lines, style: Style) -> f32 {
        let style = style.size(lines.size);
        let step = lines.step();
        // The capitals of a line stand in the middle of its step.
        let mut baseline = top + f32::midpoint(step, Font::shared().cap_height(style.size));
        for line in &lines.lines {
            self.text_in((x, width), baseline, align, line, style);
            baseline += step;
        }
        top + lines.height()
    }

    /// A straight line of a thickness in millimetres.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32, color: Color) {
        let [red, green, blue] = color.parts();
        let (from, to) = (self.place(from.0, from.1), self.place(to.0, to.1));
        let content = self.content.set_stroke_rgb(red, green, blue);
        content.set_line_width(points(thickness)).move_to(from.0, from.1).line_to(to.0, to.1).stroke();
    }

    /// A filled rectangle.
    pub fn fill(&mut self, area: Rect, color: Color) {
        let [red, green, blue] = color.parts();
        let (x, y) = self.place(area.x, area.y + area.height);
        self.content.set_fill_rgb(red, green, blue);
        self.content.rect(x, y, points(area.width), points(area.height)).fill_nonzero();
    }

    /// The outline of a rectangle, of a thickness in millimetres, inside of it.
    pub fn outline(&mut self, area: Rect, thickness: f32, color: Color) {
        let area = area.inset(thickness / 2.0);
        let [red, green, blue] = color.parts();
        let (x, y) = self.place(area.x, area.y + area.height);
        self.content.set_stroke_rgb(red, green, blue).set_line_width(points(thickness));
        self.content.rect(x, y, points(area.width), points(area.height)).stroke();
    }

    /// Black runs of cells on a square grid of `side` by `side` cells: `(column, row, length)` each. One path, so that no hairlines show
    /// between cells.
    pub fn cells(&mut self, area: Rect, side: u16, runs: impl IntoIterator<Item = (u16, u16, u16)>) {
        let (x, y) = self.place(area.x, area.y);
        let cell = |length: f32| points(length) / f32::from(side);
        let content = &mut self.content;
        content.save_state().set_fill_rgb(0.0, 0.0, 0.0);
        content.transform([cell(area.width), 0.0, 0.0, -cell(area.height), x, y]);
        for (column, row, length) in runs {
            content.rect(f32::from(column), f32::from(row), f32::from(length), 1.0);
        }
        content.fill_nonzero().restore_state();
    }

    /// A picture, stretched to a rectangle.
    pub fn picture(&mut self, area: Rect, picture: &Picture) {
        let number = self.pictures.iter().position(|known| known == picture).unwrap_or_else(|| {
            self.pictures.push(picture.clone());
            self.pictures.len() - 1
        });
        let (x, y) = self.place(area.x, area.y + area.height);
        let content = self.content.save_state();
        content.transform([points(area.width), 0.0, 0.0, points(area.height), x, y]);
        content.x_object(Name(picture_name(number).as_bytes())).restore_state();
    }

    /// The glyphs of a text as a PDF carries them. Notes them, and the characters that are not there.
    fn encode(&mut self, text: &str) -> Vec<u8> {
        let font = Font::shared();
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars().filter(|c| !invisible(*c)) {
            let shown = font.glyph(c).map(|glyph| (glyph, c)).or_else(|| {
                self.missing.insert(c);
                font.glyph(MISSING).map(|glyph| (glyph, MISSING))
            });
            if let Some((glyph, c)) = shown {
                self.glyphs.entry(glyph).or_insert(c);
                bytes.extend(glyph.to_be_bytes());
            }
        }
        bytes
    }

    /// A point in the coordinates of PDF: points from the lower left corner.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (points(x), points(self.size.height - y))
    }
}

/// The name of a page's n-th picture in its resources.
pub(super) fn picture_name(number: usize) -> String {
    format!("P{number}")
}

/// Millimetres in points.
fn points(millimetres: f32) -> f32 {
    rounded(millimetres / MM_PER_PT)
}

/// To a ten-thousandth: files stay small and are the same everywhere.
fn rounded(value: f32) -> f32 {
    (value * 10_000.0).round() / 10_000.0
}
