//! Labels: the code at the left, a column of words at its right.

use super::pen::Pen;
use crate::domain::sheet::SheetKind;
use crate::i18n::Lang;
use crate::print::lines::fit;
use crate::print::pdf::{Align, Color, Rect, Style};

/// Millimetres between the label's edge and what is printed.
const EDGE: f32 = 1.2;

/// The smallest text, in points: what a laser printer keeps legible.
const LEAST: f32 = 3.8;

/// Draws a sign; returns the square of the code.
pub(super) fn draw(pen: &mut Pen) -> Rect {
    let side = pen.frame.kind.grid().code;
    let Rect { x, y, width, height } = pen.cell;
    let wide = pen.frame.kind != SheetKind::L7160;
    // A band across the label where there is room, else at the head of the column.
    let left = x + side + 0.6;
    let column = x + width - EDGE - left;
    let (band, square, top) = if wide {
        let band = Rect::new(x + 2.0, y + 2.0, width - 4.0, 7.0);
        (band, Rect::new(x + 0.4, y + height - side - 0.6, side, side), y + 11.0)
    } else {
        (Rect::new(left, y + 1.6, column, 7.0), Rect::new(x, y + (height - side) / 2.0, side, side), y + 9.2)
    };
    let style = pen.band(band);
    let (word, purpose) = (pen.word(), pen.words(Lang::Zh, "sheet-short-purpose"));
    let inner = (band.x + 2.6, band.width - 5.2);
    if wide {
        let english = pen.words(Lang::En, "sheet-word");
        pen.line((inner.0, inner.1 * 0.27), band.y + 5.0, Align::Left, &word, style.size(12.0).bold(), LEAST);
        let rest = (inner.0 + inner.1 * 0.29, inner.1 * 0.71);
        pen.line(rest, band.y + 3.4, Align::Right, &purpose, style.size(7.5), LEAST);
        pen.line(rest, band.y + 6.0, Align::Right, &english, style.size(5.5), LEAST);
    } else {
        pen.line(inner, band.y + 3.7, Align::Center, &word, style.size(10.0).bold(), LEAST);
        pen.line(inner, band.y + 6.1, Align::Center, &purpose, style.size(5.5), LEAST);
    }
    words(pen, (left, column), (top, y + height - 1.8));
    pen.code(square)
}

/// The column of words between two heights.
fn words(pen: &mut Pen, space: (f32, f32), (top, bottom): (f32, f32)) {
    let step = |share: f32| top + (bottom - top) * share;
    let grey = |size: f32| Style::new(size).color(Color::GREY);
    if pen.sign.name.is_empty() {
        pen.line(space, step(0.12), Align::Left, &Lang::Zh.t("sheet-name-blank"), Style::new(6.0), LEAST);
        for share in [0.25, 0.37] {
            pen.page.line((space.0, step(share)), (space.0 + space.1, step(share)), 0.15, Color::BLACK);
        }
    } else {
        let lines = fit(&pen.sign.name, (space.1, (bottom - top) * 0.4), (11.0, LEAST));
        pen.page.lines(space, top, Align::Left, &lines, Style::new(lines.size).bold());
    }
    let place = fit(&pen.sign.place, (space.1, (bottom - top) * 0.11), (6.0, 2.4));
    pen.page.lines(space, step(0.42), Align::Left, &place, grey(6.0));
    let short = pen.sign.short_code.clone();
    pen.line(space, step(0.63), Align::Left, &short, Style::new(11.5).bold(), LEAST);
    let host = pen.frame.host.clone();
    pen.line(space, step(0.72), Align::Left, &host, Style::new(6.0), LEAST);
    pen.line(space, step(0.81), Align::Left, &Lang::Zh.t("sheet-free-short"), Style::new(6.0).bold(), LEAST);
    if let Some(hotline) = pen.hotline() {
        pen.line(space, step(0.9), Align::Left, &hotline, Style::new(6.0), LEAST);
    }
    pen.line(space, step(1.0), Align::Left, &pen.number(), grey(5.5), LEAST);
}
