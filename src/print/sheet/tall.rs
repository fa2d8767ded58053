//! Poster, stand and card: one layout in three sizes. Measures are those of the A4 poster; the others are scaled.

use super::pen::{self, Pen};
use crate::i18n::Lang;
use crate::print::lines::fit;
use crate::print::pdf::{Align, Color, Rect, Style};

/// The width of the poster, in millimetres.
const WIDTH: f32 = 210.0;

/// The margin at the left and right.
const MARGIN: f32 = 14.0;

/// The smallest text, in points.
const LEAST: f32 = 5.0;

/// Draws a sign; returns the square of the code.
pub(super) fn draw(pen: &mut Pen) -> Rect {
    let scale = pen.cell.width / WIDTH;
    let mm = |poster: f32| poster * scale;
    let pt = |poster: f32| (poster * scale).max(LEAST);
    let space = (pen.cell.x + mm(MARGIN), mm(WIDTH - 2.0 * MARGIN));
    let top = pen.cell.y;
    let y = |poster: f32| top + poster * scale;
    let at =
        [20.0, 24.0, 36.5, 44.2, 57.0, 63.5, 65.5, 92.2, 99.5, 229.0, 238.5, 248.0, 256.5, 262.5, 266.0, 276.0].map(y);
    let [
        head,
        band,
        word,
        word_en,
        purpose,
        purpose_en,
        name,
        place,
        code,
        short,
        typed,
        free,
        hotline,
        free_en,
        rule,
        foot,
    ] = at;

    let title = format!("{} {}", pen.frame.district, Lang::Zh.t("system"));
    pen.line(space, head, Align::Center, title.trim(), Style::new(pt(15.0)), LEAST);
    let style = pen.band(Rect::new(space.0, band, space.1, mm(24.0)));
    let words = pen.words(Lang::Zh, "sheet-band");
    let inner = (space.0 + mm(9.0), space.1 - mm(18.0));
    pen.line(inner, word, Align::Center, &words, style.size(pt(34.0)).bold(), LEAST);
    let words = pen.words(Lang::En, "sheet-band");
    pen.line(inner, word_en, Align::Center, &words, style.size(pt(12.0)), LEAST);
    let words = pen.words(Lang::Zh, "sheet-purpose");
    pen.line(space, purpose, Align::Center, &words, Style::new(pt(15.5)), LEAST);
    let words = pen.words(Lang::En, "sheet-purpose");
    pen.line(space, purpose_en, Align::Center, &words, Style::new(pt(9.5)).color(Color::GREY), 4.0);

    if pen.sign.name.is_empty() {
        pen.page.text((space.0, y(84.0)), &Lang::Zh.t("sheet-name-blank"), Style::new(pt(15.0)));
        pen.page.line((space.0 + mm(34.0), y(85.5)), (space.0 + space.1, y(85.5)), 0.3, Color::BLACK);
    } else {
        let box_height = mm(26.0);
        let lines = fit(&pen.sign.name, (space.1, box_height), (36.0 * scale, LEAST));
        let middle = name + (box_height - lines.height()).max(0.0) / 2.0;
        pen.page.lines(space, middle, Align::Center, &lines, Style::new(lines.size).bold());
    }
    let lines = fit(&pen.sign.place, (space.1, mm(7.2)), (pt(13.0), 3.2));
    pen.page.lines(space, place, Align::Center, &lines, Style::new(lines.size).color(Color::GREY));

    let side = pen.frame.kind.grid().code;
    let square = pen.code(Rect::new(pen.cell.x + (pen.cell.width - side) / 2.0, code, side, side));

    let words = pen.sign.short_code.clone();
    pen.line(space, short, Align::Center, &words, Style::new(pt(32.0)).bold(), LEAST);
    let words = Lang::Zh.ta("sheet-typed", &[("host", &pen.frame.host)]);
    pen.line(space, typed, Align::Center, &words, Style::new(pt(13.5)), LEAST);
    pen.line(space, free, Align::Center, &Lang::Zh.t("sheet-free"), Style::new(pt(17.0)).bold(), LEAST);
    if let Some(words) = pen.hotline() {
        pen.line(space, hotline, Align::Center, &words, Style::new(pt(15.0)), LEAST);
    }
    let words = Lang::En.t("sheet-free");
    pen.line(space, free_en, Align::Center, &words, Style::new(pt(9.5)).color(Color::GREY), 4.0);

    pen.page.line((space.0, rule), (space.0 + space.1, rule), 0.2, Color::GREY);
    pen::ruler(pen.page, (space.0, foot), pt(8.5));
    let rest = (space.0 + 53.0, space.1 - 53.0);
    pen.line(rest, foot - mm(1.0), Align::Right, &pen.number(), Style::new(pt(11.0)), 4.5);
    let words = Lang::Zh.ta("sheet-issued", &[("date", &pen.sign.issued)]);
    pen.line(rest, foot + mm(4.5), Align::Right, &words, Style::new(pt(9.0)).color(Color::GREY), 4.5);
    square
}
