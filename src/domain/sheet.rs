//! Sheets that carry signs to walls: their kinds and sizes in millimetres.

use super::code_enum::code_enum;

code_enum! {
    /// A kind of sheet.
    SheetKind {
        /// A4 for a door.
        Poster = "a4_poster",
        /// A5 for a desk.
        Stand = "a5_stand",
        /// A6, four on an A4 page.
        Card = "a6_card",
        /// Labels of 70 × 50 mm.
        Label70 = "label_70x50",
        /// Labels of 60 × 50 mm.
        Label60 = "label_60x50",
        /// Ready-cut labels L7160 of 63.5 × 38.1 mm, 21 on a page.
        L7160 = "label_l7160",
    }
}

code_enum! {
    /// What is made of sheets.
    SheetForm {
        /// One document to print.
        Pdf = "pdf",
        /// For a print shop: the document, a table, and each code as a vector.
        Zip = "zip",
    }
}

code_enum! {
    /// Which signs are put on sheets, among those that the other filters leave.
    SheetScope {
        /// Printed never so far.
        NeverPrinted = "never_printed",
        /// Made within the last 30 days in the place of another one.
        Replaced = "replaced",
        /// All that are in use.
        InUse = "in_use",
        /// Made in advance, bound to nobody.
        Blank = "blank",
    }
}

/// How signs stand on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Width and height of the page.
    pub page: (f32, f32),
    /// Columns and rows.
    pub cells: (u16, u16),
    /// Width and height of a sign.
    pub cell: (f32, f32),
    /// Left and upper edge of the first sign.
    pub origin: (f32, f32),
    /// Distance of left edges and of upper edges.
    pub pitch: (f32, f32),
    /// Side of the square of the code with its quiet zone.
    pub code: f32,
}

impl SheetKind {
    /// How signs stand on a page of this kind.
    #[must_use]
    pub const fn grid(self) -> Grid {
        const A4: (f32, f32) = (210.0, 297.0);
        let (page, cells, cell, origin, pitch, code) = match self {
            // A code of 33 modules is 94, 66 and 47 mm wide within its quiet zone.
            Self::Poster => (A4, (1, 1), A4, (0.0, 0.0), A4, 117.0),
            Self::Stand => ((148.0, 210.0), (1, 1), (148.0, 210.0), (0.0, 0.0), (148.0, 210.0), 82.0),
            Self::Card => (A4, (2, 2), (105.0, 148.5), (0.0, 0.0), (105.0, 148.5), 58.5),
            // 31 to 33 mm within the quiet zone.
            Self::Label70 => (A4, (3, 5), (70.0, 50.0), (0.0, 23.5), (70.0, 50.0), 39.5),
            Self::Label60 => (A4, (3, 5), (60.0, 50.0), (15.0, 23.5), (60.0, 50.0), 38.6),
            Self::L7160 => (A4, (3, 7), (63.5, 38.1), (7.2, 15.15), (66.0, 38.1), 38.0),
        };
        Grid { page, cells, cell, origin, pitch, code }
    }

    /// How many signs a page holds.
    #[must_use]
    pub const fn per_page(self) -> u16 {
        let (columns, rows) = self.grid().cells;
        columns * rows
    }

    /// Whether it is a label: the first ones of a page may be used up already.
    #[must_use]
    pub const fn label(self) -> bool {
        matches!(self, Self::Label70 | Self::Label60 | Self::L7160)
    }

    /// How many pages `signs` take when `skip` places of the first page are used up.
    #[must_use]
    pub fn pages(self, signs: usize, skip: u16) -> usize {
        if signs == 0 { 0 } else { (signs + usize::from(skip)).div_ceil(usize::from(self.per_page())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_fits_on_its_page() {
        for kind in SheetKind::ALL {
            let grid = kind.grid();
            let far = |origin: f32, pitch: f32, count: u16, cell: f32| origin + pitch * f32::from(count - 1) + cell;
            assert!(far(grid.origin.0, grid.pitch.0, grid.cells.0, grid.cell.0) <= grid.page.0 + 0.01, "{kind}");
            assert!(far(grid.origin.1, grid.pitch.1, grid.cells.1, grid.cell.1) <= grid.page.1 + 0.01, "{kind}");
            assert!(grid.code <= grid.cell.0 && grid.code <= grid.cell.1, "{kind}");
        }
        assert_eq!(SheetKind::L7160.per_page(), 21);
    }

    #[test]
    fn skipped_places_count_as_used() {
        assert_eq!(SheetKind::Card.pages(0, 0), 0);
        assert_eq!(SheetKind::Card.pages(4, 0), 1);
        assert_eq!(SheetKind::Card.pages(5, 0), 2);
        assert_eq!(SheetKind::L7160.pages(2, 20), 2);
        assert_eq!(SheetKind::L7160.pages(1, 20), 1);
    }
}
