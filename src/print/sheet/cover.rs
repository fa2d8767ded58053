//! The page that goes with a parcel of sheets: how many there are, of what, for which towns, on which pages.

use super::Sign;
use crate::domain::sheet::SheetKind;
use crate::i18n::Lang;
use crate::print::lines::fit;
use crate::print::pdf::{Align, Color, Page, Rect, Size, Style};

/// The width that measures below are for.
const WIDTH: f32 = 210.0;

/// Rows of a column of towns.
const ROWS: usize = 26;

/// Columns of towns.
const COLUMNS: usize = 3;

/// What the cover says.
#[derive(Clone, Debug)]
pub struct Cover {
    /// The kind of sheet.
    pub kind: SheetKind,
    /// The district.
    pub district: String,
    /// Facts in words: what they are called, and what they are.
    pub facts: Vec<(String, String)>,
    /// Towns in the order of the sheets: name, how many signs, and the first and last page.
    pub towns: Vec<(String, usize, (usize, usize))>,
}

impl Cover {
    /// The towns of signs in the order in which they are printed, each with its town; the cover is page 1.
    #[must_use]
    pub fn towns(kind: SheetKind, skip: u16, towns: &[String]) -> Vec<(String, usize, (usize, usize))> {
        let per_page = usize::from(kind.per_page());
        let mut found: Vec<(String, usize, (usize, usize))> = Vec::new();
        for (number, town) in towns.iter().enumerate() {
            let page = (number + usize::from(skip)) / per_page + 2;
            match found.iter_mut().find(|(name, ..)| name == town) {
                Some((_, count, (_, last))) => {
                    *count += 1;
                    *last = page;
                }
                None => found.push((town.clone(), 1, (page, page))),
            }
        }
        found
    }
}

/// Draws the cover.
#[must_use]
pub fn cover(cover: &Cover, signs: &[Sign]) -> Page {
    let (width, height) = cover.kind.grid().page;
    let mut page = Page::new(Size { width, height });
    let scale = width / WIDTH;
    let mm = |poster: f32| poster * scale;
    let style = |size: f32| Style::new((size * scale).max(5.0));
    let lang = Lang::Zh;
    let space = (mm(18.0), width - mm(36.0));
    page.text((space.0, mm(28.0)), &lang.t("sheet-cover-title"), style(24.0).bold());
    page.text((space.0, mm(36.0)), &format!("{} {}", cover.district, lang.t("system")), style(12.0).color(Color::GREY));
    page.text_in(
        space,
        mm(28.0),
        Align::Right,
        &lang.ta("sheet-cover-count", &[("count", &signs.len())]),
        style(24.0).bold(),
    );
    let mut y = mm(44.0);
    for (name, value) in &cover.facts {
        let lines = fit(value, (space.1 - mm(36.0), mm(20.0)), (style(11.0).size, 4.0));
        page.text((space.0, y + lines.step() * 0.7), name, style(11.0).color(Color::GREY));
        y = page.lines((space.0 + mm(36.0), space.1 - mm(36.0)), y, Align::Left, &lines, style(11.0)) + mm(1.0);
    }
    y += mm(5.0);
    page.line((space.0, y), (space.0 + space.1, y), 0.3, Color::BLACK);
    y += mm(8.0);
    page.text((space.0, y), &lang.t("sheet-cover-towns"), style(13.0).bold());
    y += mm(4.0);
    towns(&mut page, cover, space, y, mm(5.6), style(10.0));
    let note = if cover.kind.label() { "sheet-cover-note-label" } else { "sheet-cover-note" };
    let lines = fit(&lang.t(note), (space.1, mm(20.0)), (style(10.5).size, 4.0));
    page.lines(space, height - mm(34.0), Align::Left, &lines, style(10.5).color(Color::GREY));
    super::pen::ruler(&mut page, (space.0, height - mm(14.0)), style(8.5).size);
    page
}

/// The towns in columns; those that no longer fit are told in one line.
fn towns(page: &mut Page, cover: &Cover, space: (f32, f32), top: f32, step: f32, style: Style) {
    let most = ROWS * COLUMNS;
    let shown = if cover.towns.len() > most { most - 1 } else { cover.towns.len() };
    let width = space.1 / 3.0;
    let nowhere = Lang::Zh.t("sheet-cover-no-town");
    let rows = cover.towns.iter().take(shown).map(|(town, count, (first, last))| {
        let pages = if first == last { first.to_string() } else { format!("{first}–{last}") };
        let name = if town.is_empty() { nowhere.clone() } else { town.clone() };
        (name, Lang::Zh.ta("sheet-cover-town", &[("count", count), ("pages", &pages)]))
    });
    let rest = cover.towns.get(shown..).unwrap_or_default();
    let more = (!rest.is_empty()).then(|| {
        let count: usize = rest.iter().map(|(_, count, _)| count).sum();
        (
            Lang::Zh.ta("sheet-cover-more", &[("towns", &rest.len())]),
            Lang::Zh.ta("sheet-cover-count", &[("count", &count)]),
        )
    });
    let (mut x, mut y, mut row) = (space.0, top, 0);
    for (name, value) in rows.chain(more) {
        let name = fit(&name, (width * 0.5, step), (style.size, 4.0));
        page.fill(Rect::new(x, y + step - 0.1, width - 3.0, 0.1), Color(200, 200, 200));
        page.lines((x, width * 0.5), y, Align::Left, &name, style);
        page.text_in((x, width - 4.0), y + step * 0.72, Align::Right, &value, style.size(style.size * 0.9));
        y += step;
        row += 1;
        if row == ROWS {
            (x, y, row) = (x + width, top, 0);
        }
    }
}
