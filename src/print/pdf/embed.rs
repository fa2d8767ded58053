//! The font in a document: the glyphs that its pages use, and what they mean, so that text can be searched and copied.

use super::pack;
use crate::print::font::Font;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Name, Pdf, Rect, Ref, Str};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use subsetter::GlyphRemapper;

const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The width of most glyphs, in thousandths of the size: a Chinese character is as wide as it is high.
const USUAL_WIDTH: u16 = 1000;

/// Writes the font at `font` and the five objects that follow it. Pages name glyphs by their number in the whole font.
pub(super) fn font(pdf: &mut Pdf, font: Ref, whole: &Font, glyphs: &BTreeMap<u16, char>) {
    let following = |n: i32| Ref::new(font.get() + n);
    let (descendant, descriptor, file, unicode, numbers) =
        (following(1), following(2), following(3), following(4), following(5));
    let name = base_font(glyphs);
    let name = Name(name.as_bytes());

    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(unicode);

    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
    cid.default_width(f32::from(USUAL_WIDTH)).cid_to_gid_map_stream(numbers);
    let mut widths = cid.widths();
    for glyph in glyphs.keys().filter(|glyph| whole.advance(**glyph) != USUAL_WIDTH) {
        widths.consecutive(*glyph, [f32::from(whole.advance(*glyph))]);
    }
    drop(widths);
    drop(cid);

    let [left, bottom, right, top] = whole.metrics.bounds.map(f32::from);
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(f32::from(whole.metrics.ascent))
        .descent(f32::from(whole.metrics.descent))
        .cap_height(f32::from(whole.metrics.cap_height))
        .stem_v(80.0)
        .font_file2(file);

    let mut remapper = GlyphRemapper::new();
    let mut map = Vec::new();
    for glyph in glyphs.keys() {
        map.resize(usize::from(*glyph) * 2, 0);
        map.extend(remapper.remap(*glyph).to_be_bytes());
    }
    let subset = subsetter::subset(whole.bytes(), 0, &remapper).expect("the font of the program can be cut");
    let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
    let packed = pack(&subset);
    pdf.stream(file, &packed).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    pdf.stream(numbers, &pack(&map)).filter(Filter::FlateDecode);

    let mut meaning = UnicodeCmap::new(Name(b"Mashang"), SYSTEM);
    for (glyph, shown) in glyphs {
        meaning.pair(*glyph, *shown);
    }
    let packed = pack(&meaning.finish());
    pdf.cmap(unicode, &packed).name(Name(b"Mashang")).system_info(SYSTEM).filter(Filter::FlateDecode);
}

/// The name of a subset: six letters that tell it from others, and the font's own.
fn base_font(glyphs: &BTreeMap<u16, char>) -> String {
    let mut hasher = DefaultHasher::new();
    glyphs.hash(&mut hasher);
    let mut rest = hasher.finish();
    let mut tag = String::new();
    for _ in 0..6 {
        tag.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    format!("{tag}+NotoSansSC-Regular")
}
