//! What all layouts share: words and colours by kind, the band that tells the kinds apart, the code, the ruler, the marks for cutting.

use super::{Frame, Sign};
use crate::domain::sheet::SheetKind;
use crate::domain::sign::UnitKind;
use crate::i18n::Lang;
use crate::print::lines::fit_line;
use crate::print::pdf::{Align, Color, Page, Rect, Style};
use crate::print::qr::Modules;

/// The green of enterprises: white on it can be read.
const GREEN: Color = Color(0x01, 0x6E, 0x36);

/// The blue of agencies.
const BLUE: Color = Color(0x1B, 0x3F, 0x8B);

/// Draws one sign.
pub(super) struct Pen<'a> {
    pub(super) page: &'a mut Page,
    pub(super) frame: &'a Frame,
    pub(super) sign: &'a Sign,
    pub(super) cell: Rect,
    pub(super) modules: &'a Modules,
}

impl Pen<'_> {
    /// Which of the words for the three kinds of sign apply.
    fn kind_key(&self) -> &'static str {
        match (self.sign.name.is_empty(), self.sign.kind) {
            (true, _) => "blank",
            (false, UnitKind::Enterprise) => "enterprise",
            (false, UnitKind::Agency) => "agency",
        }
    }

    /// 企业码, 单位码 or 空白码.
    pub(super) fn word(&self) -> String {
        self.words(Lang::Zh, "sheet-word")
    }

    /// Words that differ by kind.
    pub(super) fn words(&self, lang: Lang, key: &str) -> String {
        lang.t(&format!("{key}-{}", self.kind_key()))
    }

    /// The band: filled for enterprises, an open frame for agencies and blank signs, so that a black-and-white printer shows the difference as
    /// well. Returns the style of text in it.
    pub(super) fn band(&mut self, area: Rect) -> Style {
        match self.kind_key() {
            "enterprise" => {
                self.page.fill(area, GREEN);
                Style::new(10.0).color(Color::WHITE)
            }
            "agency" => {
                self.page.outline(area, (area.height * 0.08).max(0.5), BLUE);
                self.page.fill(Rect::new(area.x, area.y, area.height * 0.25, area.height), BLUE);
                self.page.fill(
                    Rect::new(area.x + area.width - area.height * 0.25, area.y, area.height * 0.25, area.height),
                    BLUE,
                );
                Style::new(10.0).color(BLUE)
            }
            _ => {
                self.page.outline(area, 0.3, Color::BLACK);
                Style::new(10.0)
            }
        }
    }

    /// The code in a square, with its quiet zone.
    pub(super) fn code(&mut self, square: Rect) -> Rect {
        self.page.cells(square, self.modules.side(), self.modules.runs());
        square
    }

    /// One line that shrinks to a width. `space` is its left edge and width.
    pub(super) fn line(
        &mut self,
        space: (f32, f32),
        baseline: f32,
        align: Align,
        text: &str,
        style: Style,
        least: f32,
    ) {
        let size = fit_line(text, space.1, (style.size, least));
        self.page.text_in(space, baseline, align, text, style.size(size));
    }

    /// 监督电话 with the number; `None` when there is none.
    pub(super) fn hotline(&self) -> Option<String> {
        let number = self.frame.hotline.trim();
        (!number.is_empty()).then(|| Lang::Zh.ta("sheet-hotline", &[("number", &number)]))
    }

    /// Running number and edition.
    pub(super) fn number(&self) -> String {
        Lang::Zh.ta("sheet-number", &[("serial", &self.sign.serial), ("edition", &self.sign.edition)])
    }
}

/// A ruler of 50 mm from a point to the right, with what it is for.
pub(super) fn ruler(page: &mut Page, (x, y): (f32, f32), size: f32) {
    page.line((x, y), (x + 50.0, y), 0.25, Color::BLACK);
    for tick in 0..=10_u8 {
        let at = x + f32::from(tick) * 5.0;
        let long = if tick.is_multiple_of(10) {
            3.0
        } else if tick.is_multiple_of(2) {
            2.0
        } else {
            1.2
        };
        page.line((at, y - long), (at, y), 0.2, Color::BLACK);
    }
    let words = Lang::Zh.t("sheet-ruler");
    let mut below = y + size * 0.353 * 1.25;
    for line in words.split('，') {
        page.text((x, below), line, Style::new(fit_line(line, 50.0, (size, 3.0))));
        below += size * 0.353 * 1.2;
    }
}

/// What belongs to the page and not to a sign: marks for cutting, and the ruler where signs have none.
pub(super) fn page_marks(page: &mut Page, kind: SheetKind) {
    let grid = kind.grid();
    let (width, height) = grid.page;
    match kind {
        SheetKind::Poster | SheetKind::Stand => {}
        SheetKind::Card => {
            let grey = Color(150, 150, 150);
            for (from, to) in [
                ((width / 2.0, 0.0), (width / 2.0, 6.0)),
                ((width / 2.0, height - 6.0), (width / 2.0, height)),
                ((0.0, height / 2.0), (6.0, height / 2.0)),
                ((width - 6.0, height / 2.0), (width, height / 2.0)),
                ((width / 2.0 - 3.0, height / 2.0), (width / 2.0 + 3.0, height / 2.0)),
                ((width / 2.0, height / 2.0 - 3.0), (width / 2.0, height / 2.0 + 3.0)),
            ] {
                page.line(from, to, 0.15, grey);
            }
        }
        SheetKind::Label70 | SheetKind::Label60 => {
            let grey = Color(150, 150, 150);
            let (left, top) = grid.origin;
            let right = left + f32::from(grid.cells.0) * grid.pitch.0;
            let bottom = top + f32::from(grid.cells.1) * grid.pitch.1;
            for column in 0..=grid.cells.0 {
                let x = left + f32::from(column) * grid.pitch.0;
                page.line((x, top - 6.0), (x, top - 1.0), 0.15, grey);
                page.line((x, bottom + 1.0), (x, bottom + 6.0), 0.15, grey);
            }
            for row in 0..=grid.cells.1 {
                let y = top + f32::from(row) * grid.pitch.1;
                if left > 6.0 {
                    page.line((left - 6.0, y), (left - 1.0, y), 0.15, grey);
                    page.line((right + 1.0, y), (right + 6.0, y), 0.15, grey);
                }
            }
            ruler(page, (left + 10.0, height - 11.0), 6.0);
        }
        SheetKind::L7160 => ruler(page, (grid.origin.0 + 10.0, height - 10.5), 5.5),
    }
}
