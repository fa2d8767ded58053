//! What a page shows, by its own commands: filled areas in the order of drawing, and lines of text with the boxes that they take.

mod tokens;

use super::font::{Font, invisible};
use super::pdf::{Page, Rect};
use tokens::{Token, next_token};

/// Points of a millimetre.
const PT_PER_MM: f32 = 72.0 / 25.4;

/// Red, green and blue from 0 to 1.
type Color = [f32; 3];

/// An area of one colour, of one path: its rectangles do not cover each other.
#[derive(Debug)]
pub(super) struct Area {
    pub(super) rects: Vec<Rect>,
    pub(super) color: Color,
}

/// A line of text.
#[derive(Debug)]
pub(super) struct Line {
    /// The box that it takes.
    pub(super) area: Rect,
    /// The start of its baseline.
    pub(super) at: (f32, f32),
    /// Size in millimetres.
    pub(super) size: f32,
    pub(super) color: Color,
    pub(super) bold: bool,
    pub(super) text: String,
}

/// The page, in millimetres from its upper left corner.
#[derive(Debug)]
pub(super) struct Display {
    pub(super) areas: Vec<Area>,
    pub(super) lines: Vec<Line>,
}

/// The state of drawing that `q` keeps and `Q` brings back.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Scale and offset: `x` and `y` each. No command of a page turns or skews.
    scale: (f32, f32),
    offset: (f32, f32),
    fill: Color,
    stroke: Color,
    width: f32,
    bold: bool,
}

struct Reader<'a> {
    page: &'a Page,
    state: State,
    kept: Vec<State>,
    numbers: Vec<f32>,
    text: Vec<u8>,
    path: Vec<Rect>,
    from: (f32, f32),
    size: f32,
    at: (f32, f32),
    display: Display,
}

impl Display {
    /// Interprets the commands of a page.
    ///
    /// # Errors
    /// The command that no page of this program has.
    pub(super) fn read(page: &Page) -> Result<Self, String> {
        let black = [0.0; 3];
        let state =
            State { scale: (1.0, 1.0), offset: (0.0, 0.0), fill: black, stroke: black, width: 1.0, bold: false };
        let mut reader = Reader {
            page,
            state,
            kept: Vec::new(),
            numbers: Vec::new(),
            text: Vec::new(),
            path: Vec::new(),
            from: (0.0, 0.0),
            size: 0.0,
            at: (0.0, 0.0),
            display: Self { areas: Vec::new(), lines: Vec::new() },
        };
        let mut rest = page.commands();
        while let Some(token) = next_token(&mut rest)? {
            match token {
                Token::Number(number) => reader.numbers.push(number),
                Token::Text(text) => reader.text = text,
                Token::Name => {}
                Token::Operator(name) => {
                    reader.run(name)?;
                    reader.numbers.clear();
                }
            }
        }
        Ok(reader.display)
    }

    /// The text whose lines begin within an area, without spaces, in the order of drawing.
    pub(super) fn text_in(&self, area: Rect) -> String {
        let inside = |line: &&Line| {
            let middle = line.area.y + line.area.height / 2.0;
            (area.x..area.x + area.width).contains(&line.area.x) && (area.y..area.y + area.height).contains(&middle)
        };
        self.lines.iter().filter(inside).map(|line| squeezed(&line.text)).collect()
    }
}

/// A text without spaces and without what is not seen.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !invisible(*c)).collect()
}

impl Reader<'_> {
    fn run(&mut self, operator: &str) -> Result<(), String> {
        match (operator, self.numbers.as_slice()) {
            ("q", []) => self.kept.push(self.state),
            ("Q", []) => self.state = self.kept.pop().ok_or("Q")?,
            ("cm", &[a, 0.0, 0.0, d, e, f]) => {
                let State { scale, offset, .. } = self.state;
                self.state.offset = (e * scale.0 + offset.0, f * scale.1 + offset.1);
                self.state.scale = (a * scale.0, d * scale.1);
            }
            ("rg", &[red, green, blue]) => self.state.fill = [red, green, blue],
            ("RG", &[red, green, blue]) => self.state.stroke = [red, green, blue],
            ("w", &[width]) => self.state.width = width,
            ("re", &[x, y, width, height]) => {
                let rect = self.rect((x, y), (x + width, y + height));
                self.path.push(rect);
            }
            ("f", []) => {
                let rects = std::mem::take(&mut self.path);
                self.display.areas.push(Area { rects, color: self.state.fill });
            }
            ("m", &[x, y]) => self.from = (x, y),
            ("l", &[x, y]) => {
                let half = self.state.width / 2.0;
                let (x0, y0) = self.from;
                // Lines lie or stand; their thickness is added on all sides.
                let rect = self.rect((x0.min(x) - half, y0.min(y) - half), (x0.max(x) + half, y0.max(y) + half));
                self.path.push(rect);
            }
            ("S", []) => self.stroke(),
            ("BT", []) => self.at = (0.0, 0.0),
            ("Tf", &[size]) => self.size = size,
            ("Td", &[x, y]) => self.at = (self.at.0 + x, self.at.1 + y),
            ("Tj", []) => self.show(),
            ("Tr", &[mode]) => self.state.bold = mode > 0.0,
            ("ET", []) => {}
            // A picture fills the unit square.
            ("Do", []) => {
                let rect = self.rect((0.0, 0.0), (1.0, 1.0));
                self.display.areas.push(Area { rects: vec![rect], color: [0.5; 3] });
            }
            _ => return Err(operator.to_owned()),
        }
        Ok(())
    }

    /// The outlines of the path's rectangles, and its lines.
    fn stroke(&mut self) {
        let color = self.state.stroke;
        let thick = self.state.width * self.state.scale.0 / PT_PER_MM;
        for rect in std::mem::take(&mut self.path) {
            let rects = if rect.width <= thick * 1.01 || rect.height <= thick * 1.01 {
                vec![rect]
            } else {
                let Rect { x, y, width, height } = rect.inset(-thick / 2.0);
                vec![
                    Rect::new(x, y, width, thick),
                    Rect::new(x, y + height - thick, width, thick),
                    Rect::new(x, y + thick, thick, height - 2.0 * thick),
                    Rect::new(x + width - thick, y + thick, thick, height - 2.0 * thick),
                ]
            };
            self.display.areas.push(Area { rects, color });
        }
    }

    fn show(&mut self) {
        let font = Font::shared();
        let glyphs = self.text.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        let width: f32 = glyphs.clone().map(|glyph| f32::from(font.advance(glyph)) / 1000.0 * self.size).sum();
        let text = glyphs.filter_map(|glyph| self.page.glyphs().get(&glyph)).collect();
        let (x, y) = self.at;
        let start = self.rect((x, y), (x, y));
        self.display.lines.push(Line {
            area: self.rect((x, y - self.size * 0.12), (x + width, y + self.size * 0.88)),
            at: (start.x, start.y),
            size: self.size / PT_PER_MM,
            color: self.state.fill,
            bold: self.state.bold,
            text,
        });
    }

    /// A rectangle between two corners in the current coordinates.
    fn rect(&self, a: (f32, f32), b: (f32, f32)) -> Rect {
        let State { scale, offset, .. } = self.state;
        let place = |(x, y): (f32, f32)| {
            ((x * scale.0 + offset.0) / PT_PER_MM, self.page.size().height - (y * scale.1 + offset.1) / PT_PER_MM)
        };
        let ((x0, y0), (x1, y1)) = (place(a), place(b));
        Rect::new(x0.min(x1), y0.min(y1), (x1 - x0).abs(), (y1 - y0).abs())
    }
}
