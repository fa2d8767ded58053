//! Numbers that a spreadsheet of the old Excel shows with zeros in front: the reader of such files knows dates and nothing else of formats.

use super::sheet::zeros;
use super::xls_records::{END, FORMULA, Records, SHEET, long, own, short};
use std::collections::HashMap;

/// A format by its number.
const FORMAT: u16 = 0x041E;
/// How a cell looks, with the number of its format.
const LOOK: u16 = 0x00E0;
/// Several short numbers in a row.
const NUMBERS: u16 = 0x00BD;
/// A number, and a short one.
const NUMBER: [u16; 2] = [0x0203, 0x027E];

/// How many digits are shown at least, by row and column from 0 on, where that is more than one.
pub type Zeros = HashMap<(u32, u32), usize>;

/// The numbers with zeros in front of each sheet, in the order of the sheets.
pub fn read(book: &[u8]) -> Vec<Zeros> {
    let (mut formats, mut looks, mut places) = (HashMap::new(), Vec::new(), Vec::new());
    for (kind, data) in Records(book) {
        match kind {
            FORMAT => {
                formats.extend(short(data, 0).zip(format(data)));
            }
            LOOK => looks.push(short(data, 2).unwrap_or_default()),
            SHEET => places.push(long(data, 0).unwrap_or(u32::MAX)),
            END => break,
            _ => {}
        }
    }
    let digits: Vec<usize> = looks.iter().map(|format| formats.get(format).copied().unwrap_or_default()).collect();
    let sheet = |place: &u32| usize::try_from(*place).ok().and_then(|place| book.get(place..));
    places.iter().map(|place| sheet(place).map_or_else(Zeros::new, |sheet| of_sheet(sheet, &digits))).collect()
}

fn of_sheet(sheet: &[u8], digits: &[usize]) -> Zeros {
    let mut found = Zeros::new();
    if digits.iter().all(|digits| *digits < 2) {
        return found;
    }
    for (kind, data) in own(sheet) {
        let Some((row, column)) = short(data, 0).zip(short(data, 2)) else { continue };
        let mut put = |column: u32, look: Option<u32>| {
            let look = look.and_then(|look| usize::try_from(look).ok());
            if let Some(digits) = look.and_then(|look| digits.get(look)).filter(|digits| **digits > 1) {
                found.insert((row, column), *digits);
            }
        };
        if kind == FORMULA || NUMBER.contains(&kind) {
            put(column, short(data, 4));
        } else if kind == NUMBERS {
            for (column, number) in (column..).zip(data.get(4..).unwrap_or_default().as_chunks::<6>().0) {
                put(column, short(number, 0));
            }
        }
    }
    found
}

/// How many digits a format of zeros shows at least: two bytes of its number, two of its length, one that tells whether letters have two.
fn format(data: &[u8]) -> Option<usize> {
    let letters = data.get(5..)?;
    let text: Vec<u16> = if data[4] & 1 == 0 {
        letters.iter().map(|letter| u16::from(*letter)).collect()
    } else {
        letters.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)).collect()
    };
    Some(zeros(&String::from_utf16_lossy(&text)))
}
