//! PDF documents of pages in millimetres, with text that can be searched and copied, vectors and pictures.
//!
//! A [`Page`] stands alone until it is pushed, so that pages can be made by several threads at once; a [`Document`] packs each page as it comes
//! and embeds the glyphs of all of them once, at the end. The same pages give the same bytes.
//!
//! ```
//! use chrono::DateTime;
//! use mashang::print::pdf::{Align, Document, Page, Size, Style};
//!
//! let mut page = Page::new(Size::A4);
//! page.text((20.0, 30.0), "入企检查报备月报", Style::new(18.0).bold());
//! page.text_in((20.0, 170.0), 45.0, Align::Right, "2026年11月", Style::new(11.0));
//! let mut document = Document::new("月报", DateTime::UNIX_EPOCH);
//! document.push(page);
//! assert!(document.finish().starts_with(b"%PDF-1.7"));
//! ```

mod embed;
mod page;
mod picture;

use super::font::Font;
use chrono::{DateTime, Datelike, Timelike, Utc};
use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Date, Filter, Name, Pdf, Ref, TextStr};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

pub use page::{Align, Color, Page, Rect, Size, Style};
pub use picture::{Picture, PictureError};

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
/// The font's dictionary; the objects it refers to follow it.
const FONT: Ref = Ref::new(4);
/// The first object after those of the font.
const FIRST_FREE: i32 = 10;

/// The name of the font in the resources of pages.
const FONT_NAME: Name<'static> = Name(b"F");

/// A page whose drawing is packed: what a document keeps of it.
#[derive(Debug)]
pub struct Packed {
    size: Size,
    content: Vec<u8>,
    glyphs: BTreeMap<u16, char>,
    missing: BTreeSet<char>,
    pictures: Vec<Picture>,
}

impl From<Page> for Packed {
    fn from(page: Page) -> Self {
        let (size, glyphs, missing, pictures) = (page.size(), page.glyphs, page.missing, page.pictures);
        Self { size, content: pack(&page.content.finish().into_vec()), glyphs, missing, pictures }
    }
}

/// A document that is being made.
#[derive(Debug)]
pub struct Document {
    pdf: Pdf,
    title: String,
    made_at: DateTime<Utc>,
    next: i32,
    pages: Vec<Ref>,
    glyphs: BTreeMap<u16, char>,
    missing: BTreeSet<char>,
    pictures: Vec<(Picture, Ref)>,
}

impl Document {
    /// An empty document with what the reader's window is titled with.
    #[must_use]
    pub fn new(title: &str, made_at: DateTime<Utc>) -> Self {
        Self {
            pdf: Pdf::new(),
            title: title.to_owned(),
            made_at,
            next: FIRST_FREE,
            pages: Vec::new(),
            glyphs: BTreeMap::new(),
            missing: BTreeSet::new(),
            pictures: Vec::new(),
        }
    }

    /// Adds a page, or one that was packed before by another thread.
    pub fn push(&mut self, page: impl Into<Packed>) {
        let page = page.into();
        let pictures: Vec<Ref> = page.pictures.iter().map(|picture| self.picture(picture)).collect();
        let (content, id) = (self.take(), self.take());
        self.pdf.stream(content, &page.content).filter(Filter::FlateDecode);
        let mut object = self.pdf.page(id);
        object.parent(TREE).media_box(page.size.media_box()).contents(content);
        let mut resources = object.resources();
        if !page.glyphs.is_empty() {
            resources.fonts().pair(FONT_NAME, FONT);
        }
        if !pictures.is_empty() {
            let mut names = resources.x_objects();
            for (number, picture) in pictures.iter().enumerate() {
                names.pair(Name(page::picture_name(number).as_bytes()), *picture);
            }
        }
        drop(resources);
        drop(object);
        self.pages.push(id);
        self.missing.extend(page.missing);
        for (glyph, shown) in page.glyphs {
            self.glyphs.entry(glyph).or_insert(shown);
        }
    }

    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// How many bytes it has so far, without its font.
    #[must_use]
    pub fn size(&self) -> usize {
        self.pdf.len()
    }

    /// The characters that the font lacks; `〓` stands in their place.
    #[must_use]
    pub fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// The file. Readers that heed it print it at its own size.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if !self.glyphs.is_empty() {
            embed::font(&mut self.pdf, FONT, Font::shared(), &self.glyphs);
        }
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        self.pdf.pages(TREE).kids(self.pages.iter().copied()).count(count);
        let mut catalog = self.pdf.catalog(CATALOG);
        catalog.pages(TREE).lang(TextStr("zh-CN"));
        let mut preferences = catalog.viewer_preferences();
        preferences.display_doc_title(true);
        preferences.pair(Name(b"PrintScaling"), Name(b"None"));
        drop(preferences);
        drop(catalog);
        let mut info = self.pdf.document_info(INFO);
        info.title(TextStr(&self.title)).creator(TextStr("Mashang")).creation_date(date(self.made_at));
        drop(info);
        self.pdf.finish()
    }

    fn take(&mut self) -> Ref {
        let id = Ref::new(self.next);
        self.next += 1;
        id
    }

    /// The object of a picture, which is embedded the first time it is met.
    fn picture(&mut self, picture: &Picture) -> Ref {
        if let Some((_, id)) = self.pictures.iter().find(|(known, _)| known == picture) {
            return *id;
        }
        let id = self.take();
        picture.write(&mut self.pdf, id);
        self.pictures.push((picture.clone(), id));
        id
    }
}

/// Bytes as a stream of a PDF carries them.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::default());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn date(at: DateTime<Utc>) -> Date {
    let part = |value: u32| u8::try_from(value).unwrap_or_default();
    Date::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
}

#[cfg(test)]
mod tests;
