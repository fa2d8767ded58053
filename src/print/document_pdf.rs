//! A document as PDF on A4: the same sections, tables and bars as the DOCX.

use super::font::Font;
use super::lines::wrap;
use super::pdf::{Align, Color, Document as Pdf, Page, Rect, Size, Style};
use crate::domain::document::{Block, Document};
use chrono::{DateTime, Utc};

/// Left edge and width of the text in millimetres.
const TEXT: (f32, f32) = (28.0, 154.0);
/// Where a page begins and ends.
const TOP: f32 = 30.0;
const BOTTOM: f32 = 270.0;
/// The size of a table's text in points, how much wider its heads may be than the font says, the height of a line and the space within a cell.
const CELL: f32 = 9.0;
const BOLDER: f32 = 1.05;
const LINE: f32 = 4.6;
const PADDING: f32 = 2.0;
/// The colour of bars.
const GREEN: Color = Color(1, 137, 66);

/// Writes on pages from top to bottom.
struct Writer {
    pdf: Pdf,
    page: Page,
    y: f32,
}

impl Writer {
    /// Makes room for `height` millimetres.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            let page = std::mem::replace(&mut self.page, Page::new(Size::A4));
            self.pdf.push(page);
            self.y = TOP;
        }
    }

    fn text(&mut self, text: &str, style: Style, align: Align, step: f32) {
        for line in wrap(text, style.size, TEXT.1) {
            self.room(step);
            self.page.text_in(TEXT, self.y + step * 0.7, align, &line, style);
            self.y += step;
        }
    }

    /// A row stays on one page where it can; one that is taller than a page goes on over the next.
    fn table(&mut self, heads: &[String], rows: &[Vec<String>]) {
        let widths = widths(heads, rows);
        let head = std::iter::once(heads);
        for (n, row) in head.chain(rows.iter().map(Vec::as_slice)).enumerate() {
            let style = if n == 0 { Style::new(CELL).bold() } else { Style::new(CELL) };
            let cells: Vec<_> =
                row.iter().zip(&widths).map(|(text, width)| wrap(text, style.size, width - PADDING)).collect();
            let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a cell has few lines")]
            self.room((lines as f32 * LINE + 1.6).min(BOTTOM - TOP));
            for line in 0..lines {
                self.room(LINE);
                let mut x = TEXT.0;
                for (cell, width) in cells.iter().zip(&widths) {
                    if let Some(words) = cell.get(line) {
                        self.page.text((x + 1.0, self.y + 4.0), words, style);
                    }
                    x += width;
                }
                self.y += LINE;
            }
            self.y += 1.6;
            self.page.line((TEXT.0, self.y), (TEXT.0 + TEXT.1, self.y), 0.15, Color::GREY);
        }
        self.y += 4.0;
    }

    fn bars(&mut self, bars: &[(String, i64)]) {
        let most = bars.iter().map(|bar| bar.1).max().unwrap_or(0).max(1);
        let style = Style::new(9.0);
        for (name, value) in bars {
            self.room(6.0);
            let name = wrap(name, style.size, 58.0).into_iter().next().unwrap_or_default();
            self.page.text((TEXT.0, self.y + 4.2), &name, style);
            #[expect(clippy::cast_precision_loss, reason = "a share of a length on paper")]
            let length = 76.0 * *value as f32 / most as f32;
            self.page.fill(Rect::new(TEXT.0 + 60.0, self.y + 1.0, length.max(0.2), 4.2), GREEN);
            self.page.text((TEXT.0 + 62.0 + length, self.y + 4.4), &value.to_string(), style);
            self.y += 6.0;
        }
        self.y += 3.0;
    }
}

/// The widths of a table's columns in millimetres. Where all fit into one line, what is left is shared alike; otherwise those that need less than
/// their share get what they need, and the others share the rest.
#[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
fn widths(heads: &[String], rows: &[Vec<String>]) -> Vec<f32> {
    let width = |text: &String| Font::shared().width(text, CELL) * BOLDER + PADDING;
    let needed = |n: usize| rows.iter().filter_map(|row| row.get(n)).chain(heads.get(n)).map(width).fold(0.0, f32::max);
    let needed: Vec<f32> = (0..heads.len()).map(needed).collect();
    let spare = TEXT.1 - needed.iter().sum::<f32>();
    if spare >= 0.0 {
        return needed.iter().map(|width| width + spare / needed.len() as f32).collect();
    }
    // The narrowest first: each that needs less than an equal share of what is left gets what it needs.
    let mut order: Vec<usize> = (0..needed.len()).collect();
    order.sort_by(|a, b| needed[*a].total_cmp(&needed[*b]));
    let (mut widths, mut left) = (needed.clone(), TEXT.1);
    for (done, n) in order.into_iter().enumerate() {
        widths[n] = needed[n].min(left / (needed.len() - done) as f32);
        left -= widths[n];
    }
    widths
}

/// The document as the bytes of a PDF file.
#[must_use]
pub fn pdf(document: &Document, made_at: DateTime<Utc>) -> Vec<u8> {
    let mut writer = Writer { pdf: Pdf::new(&document.title, made_at), page: Page::new(Size::A4), y: TOP };
    writer.text(&document.mark, Style::new(12.0).bold(), Align::Left, 7.0);
    writer.y += 6.0;
    let size = if Font::shared().width(&document.title, 20.0) > TEXT.1 { 16.0 } else { 20.0 };
    writer.text(&document.title, Style::new(size).bold(), Align::Center, 11.0);
    writer.y += 6.0;
    for section in &document.sections {
        writer.room(18.0);
        writer.text(&section.heading, Style::new(14.0).bold(), Align::Left, 9.0);
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) => writer.text(&format!("　　{text}"), Style::new(12.0), Align::Left, 8.0),
                Block::Table { heads, rows } => writer.table(heads, rows),
                Block::Bars(all) => writer.bars(all),
            }
        }
        writer.y += 3.0;
    }
    writer.y += 8.0;
    writer.text(&document.closing, Style::new(12.0), Align::Right, 8.0);
    let Writer { mut pdf, page, .. } = writer;
    pdf.push(page);
    pdf.finish()
}
