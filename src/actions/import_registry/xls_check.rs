//! What reading a spreadsheet of the old Excel (MS-XLS, BIFF) would cost: how many cells, how far apart, how much text. A reader makes
//! room for everything between the first and the last cell, and copies a text that many cells share into each of them.

use super::problem::Problem;
use super::sheet::{TEXT, broken};
use super::xls_records::{END, FORMULA, Records, SHEET, long, own, short};
use std::collections::HashSet;

/// The most cells between the first and the last of a sheet.
const AREA: u64 = 1_000_000;
/// The same of all sheets together, which the reader keeps at once.
const AREAS: u64 = 4_000_000;
/// The most cells that all sheets together may claim to have.
const CLAIMED: u64 = 4_000_000;
/// The most sheets.
const SHEETS: usize = 100;

const PASSWORD: u16 = 0x002F;
const CONTINUE: u16 = 0x003C;
const TEXTS: u16 = 0x00FC;
const SHARED_TEXT: u16 = 0x00FD;
const CLAIM: u16 = 0x0200;
/// The text that the formula before it gave.
const GIVEN: u16 = 0x0207;
/// Cells with a value of their own: several numbers, rich text, number, text, truth value, short number.
const VALUES: [u16; 6] = [0x00BD, 0x00D6, 0x0203, 0x0204, 0x0205, 0x027E];

/// For how many cells the reader makes room at this word of a sheet, reckoned exactly as it does; `None` if it makes no sense.
fn claim(data: &[u8]) -> Option<u64> {
    // The rows and columns: the first, and the one behind the last.
    let (top, bottom, left, right) = match data.len() {
        10 => (short(data, 0)?, short(data, 2)?, short(data, 4)?, short(data, 6)?),
        14 | 16 => (long(data, 0)?, long(data, 4)?, short(data, 8)?, short(data, 10)?),
        _ => return None,
    };
    if bottom == 0 || right == 0 {
        return Some(1);
    }
    let left = if left > 0xFF || left > right { 0 } else { left };
    Some(u64::from(bottom.checked_sub(top)?) * u64::from(right - left))
}

/// Refuses a workbook with a password, or one that would cost more than a spreadsheet may.
pub fn check(book: &[u8], cells: usize) -> Result<(), Problem> {
    let too_many = || Problem::new("too-many-cells").with("limit", cells).hint("save-as-csv");
    let (mut places, mut sheets, mut texts) = (HashSet::new(), 0, Vec::new());
    let mut records = Records(book).peekable();
    while let Some((kind, data)) = records.next() {
        match kind {
            PASSWORD if short(data, 0) != Some(0) => return Err(Problem::new("password").hint("save-without-password")),
            SHEET => {
                sheets += 1;
                places.insert(long(data, 0).ok_or_else(broken)?);
            }
            TEXTS => {
                let mut pieces = vec![data];
                while let Some((CONTINUE, more)) = records.peek() {
                    pieces.push(*more);
                    records.next();
                }
                texts = lengths(&pieces).ok_or_else(broken)?;
            }
            END => break,
            _ => {}
        }
    }
    // Sheets that lie at one place would be read again and again.
    if sheets > SHEETS || places.len() < sheets {
        return Err(broken());
    }
    let (mut found, mut claimed, mut areas, mut text) = (0_u64, 0_u64, 0_u64, 0_usize);
    for place in places {
        let sheet = book.get(usize::try_from(place).unwrap_or(usize::MAX)..).ok_or_else(broken)?;
        let mut bounds: Option<[u64; 4]> = None;
        let mut formulas = false;
        for (kind, data) in own(sheet) {
            match kind {
                CLAIM => {
                    claimed = claimed.saturating_add(claim(data).ok_or_else(broken)?);
                    continue;
                }
                // Without a formula before it, the reader puts it into the first cell.
                GIVEN if !formulas => return Err(broken()),
                FORMULA => formulas = true,
                SHARED_TEXT => {}
                _ if VALUES.contains(&kind) => {}
                _ => continue,
            }
            let (row, column) = short(data, 0).zip(short(data, 2)).ok_or_else(broken)?;
            let (row, column) = (u64::from(row), u64::from(column));
            // Several numbers in a row: the last column stands at the end.
            let last = if kind == VALUES[0] { data.len().checked_sub(2).and_then(|at| short(data, at)) } else { None };
            let last = last.map_or(column, u64::from);
            // The reader reckons this in 16 bits, and would go on to the right.
            if last < column {
                return Err(broken());
            }
            found = found.saturating_add(last - column + 1);
            if kind == SHARED_TEXT {
                let place = long(data, 6).and_then(|place| usize::try_from(place).ok()).ok_or_else(broken)?;
                text = text.saturating_add(texts.get(place).copied().unwrap_or_default());
            }
            let known = bounds.get_or_insert([row, row, column, last]);
            *known = [known[0].min(row), known[1].max(row), known[2].min(column), known[3].max(last)];
        }
        let area = bounds.map_or(0, |[top, bottom, left, right]| (bottom - top + 1) * (right - left + 1));
        areas = areas.saturating_add(area);
        if area > AREA || areas > AREAS {
            return Err(too_many());
        }
    }
    let most = u64::try_from(cells).unwrap_or(u64::MAX);
    if found > most || claimed > CLAIMED || text > TEXT { Err(too_many()) } else { Ok(()) }
}

/// How many bytes each of the shared texts has. A text that goes on in the next piece begins there with a byte that tells its width.
fn lengths(pieces: &[&[u8]]) -> Option<Vec<usize>> {
    let mut reader = Pieces { all: pieces, piece: 0, at: 8 };
    let unique = usize::try_from(long(pieces.first()?, 4)?).ok()?;
    let mut all = Vec::new();
    while all.len() < unique {
        if reader.ended() {
            break;
        }
        let letters = usize::from(u16::from_le_bytes([reader.byte()?, reader.byte()?]));
        let flags = reader.byte()?;
        let mut behind = 0;
        if flags & 8 != 0 {
            behind += 4 * usize::from(u16::from_le_bytes([reader.byte()?, reader.byte()?]));
        }
        if flags & 4 != 0 {
            let size = [reader.byte()?, reader.byte()?, reader.byte()?, reader.byte()?];
            behind += usize::try_from(u32::from_le_bytes(size)).ok()?;
        }
        reader.letters(letters, flags)?;
        reader.skip(behind)?;
        all.push(3 * letters);
    }
    Some(all)
}

struct Pieces<'a> {
    all: &'a [&'a [u8]],
    piece: usize,
    at: usize,
}

impl Pieces<'_> {
    /// What is left of this piece; goes on to the next where nothing is.
    fn left(&mut self) -> usize {
        while self.all.get(self.piece).is_some_and(|piece| self.at >= piece.len()) {
            self.piece += 1;
            self.at = 0;
        }
        self.all.get(self.piece).map_or(0, |piece| piece.len() - self.at)
    }

    fn ended(&mut self) -> bool {
        self.left() == 0
    }

    fn byte(&mut self) -> Option<u8> {
        self.left();
        let byte = *self.all.get(self.piece)?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.left().min(bytes);
            if step == 0 {
                return None;
            }
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    fn letters(&mut self, mut letters: usize, flags: u8) -> Option<()> {
        let mut width = 1 + usize::from(flags & 1);
        while letters > 0 {
            let before = self.piece;
            let left = self.left();
            if self.piece != before {
                width = 1 + usize::from(self.byte()? & 1);
                continue;
            }
            let step = (left / width).min(letters);
            if step == 0 {
                return None;
            }
            self.at += step * width;
            letters -= step;
        }
        Some(())
    }
}
