//! Sheets of signs: what stands on each, for enterprises and for agencies, so that nobody takes one for the other.
//!
//! [`pages`] draws, proves and packs them, several pages at once; [`cover`] draws the page that goes with the parcel.

mod cover;
mod label;
mod pen;
mod tall;

use super::font::Font;
use super::pdf::{Packed, Page, Rect, Size};
use super::proof::{self, Expected, Fault};
use super::qr::{Medium, Modules, QUIET_MODULES};
use crate::domain::sheet::SheetKind;
use crate::domain::sign::UnitKind;
use pen::Pen;

pub use cover::{Cover, cover};

/// A sign as it is printed.
#[derive(Clone, Debug)]
pub struct Sign {
    /// Running number.
    pub serial: String,
    /// Whether it is for an enterprise or for an agency.
    pub kind: UnitKind,
    /// Name of the unit; empty for a blank sign.
    pub name: String,
    /// Where it is to hang; may be empty.
    pub place: String,
    /// What a person can type, in groups.
    pub short_code: String,
    /// What the code carries.
    pub link: String,
    /// Edition.
    pub edition: i64,
    /// The date of issue, in words.
    pub issued: String,
}

/// What all signs of a job have in common.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The kind of sheet.
    pub kind: SheetKind,
    /// How much damage codes must bear.
    pub medium: Medium,
    /// The district; may be empty.
    pub district: String,
    /// What stands beside the code, for comparing with the phone.
    pub host: String,
    /// Whom to call; may be empty.
    pub hotline: String,
}

/// A sign that cannot be printed, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sign {serial} ({name}): {fault}")]
pub struct SheetError {
    /// Its running number.
    pub serial: String,
    /// Name of its unit.
    pub name: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Draws a page with these signs, the first `skip` places being used up. Nothing is proved yet.
///
/// # Errors
/// The first sign with a character that the font lacks, or with a link that fits into no code.
pub fn draw(frame: &Frame, signs: &[Sign], skip: u16) -> Result<(Page, Vec<Expected>), SheetError> {
    let grid = frame.kind.grid();
    let mut page = Page::new(Size { width: grid.page.0, height: grid.page.1 });
    let mut expected = Vec::with_capacity(signs.len());
    for (place, sign) in (skip..).zip(signs) {
        let (column, row) = (f32::from(place % grid.cells.0), f32::from(place / grid.cells.0));
        let (x, y) = (grid.origin.0 + column * grid.pitch.0, grid.origin.1 + row * grid.pitch.1);
        let cell = Rect::new(x, y, grid.cell.0, grid.cell.1);
        expected.push(one(&mut page, frame, sign, cell).map_err(|fault| SheetError {
            serial: sign.serial.clone(),
            name: sign.name.clone(),
            fault,
        })?);
    }
    pen::page_marks(&mut page, frame.kind);
    Ok((page, expected))
}

fn one(page: &mut Page, frame: &Frame, sign: &Sign, cell: Rect) -> Result<Expected, Fault> {
    let font = Font::shared();
    let texts = [&sign.name, &sign.place, &frame.district, &frame.hotline, &frame.host, &sign.issued];
    if let Some(c) = texts.iter().find_map(|text| font.lacks(text)) {
        return Err(Fault::Character(c));
    }
    let modules = Modules::of(&sign.link, frame.medium).map_err(|_| Fault::TooLong)?;
    let mut pen = Pen { page, frame, sign, cell, modules: &modules };
    let code = if frame.kind.label() { label::draw(&mut pen) } else { tall::draw(&mut pen) };
    let mut words = vec![sign.short_code.clone(), frame.host.clone(), sign.serial.clone(), pen.word()];
    words.extend((!sign.name.is_empty()).then(|| sign.name.clone()));
    words.extend((!sign.place.is_empty()).then(|| sign.place.clone()));
    let quiet = f32::from(QUIET_MODULES) / f32::from(modules.side());
    Ok(Expected { cell, code, quiet, link: sign.link.clone(), words })
}

/// The pages of `signs`, drawn, proved and packed; `skip` places of the first one are used up. Several pages are worked on at once.
///
/// # Errors
/// The first sign that cannot be printed.
pub fn pages(frame: &Frame, signs: &[Sign], skip: u16) -> Result<Vec<Packed>, SheetError> {
    let per_page = usize::from(frame.kind.per_page());
    let first = (per_page - usize::from(skip)).min(signs.len());
    let mut work = vec![(&signs[..first], skip)];
    work.extend(signs[first..].chunks(per_page).map(|chunk| (chunk, 0)));
    work.retain(|(signs, _)| !signs.is_empty());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(work.len().max(1));
    let share = work.len().div_ceil(workers).max(1);
    let made: Vec<Result<Packed, SheetError>> = std::thread::scope(|scope| {
        let parts: Vec<_> = work
            .chunks(share)
            .map(|part| {
                scope.spawn(|| part.iter().map(|(signs, skip)| proved(frame, signs, *skip)).collect::<Vec<_>>())
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    made.into_iter().collect()
}

/// A page whose signs have all been read back.
fn proved(frame: &Frame, signs: &[Sign], skip: u16) -> Result<Packed, SheetError> {
    let (page, expected) = draw(frame, signs, skip)?;
    match proof::check(&page, &expected) {
        Ok(()) => Ok(page.into()),
        Err((number, fault)) => {
            let of = |get: fn(&Sign) -> &String| signs.get(number).map(get).cloned().unwrap_or_default();
            Err(SheetError { serial: of(|sign| &sign.serial), name: of(|sign| &sign.name), fault })
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
