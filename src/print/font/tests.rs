//! The font shows what names are written with.

use super::{Font, MISSING};

#[test]
fn rare_characters_of_names_are_there() {
    // Characters that a GB 2312 font lacks and that stand in names of persons, places and firms.
    let rare = "䶮㙟堃喆淼犇鑫垚燚赟珺昇媗翀湉烜浛瑀旻晞祎祺䜣䶮𬬭𬭎";
    assert_eq!(Font::shared().lacks(rare), None);
    assert_eq!(Font::shared().lacks("清河区振华机械（集团）有限公司 · Zhenhua Co., Ltd. №1 ①℃㎡—…「」《》"), None);
}

#[test]
fn a_character_that_the_font_lacks_is_named() {
    assert_eq!(Font::shared().lacks("有限公司😀"), Some('😀'));
    assert!(Font::shared().glyph(MISSING).is_some());
}

#[test]
fn selectors_of_variants_and_controls_are_not_missing() {
    assert_eq!(Font::shared().lacks("葛\u{E0100}飾\u{FE00}\u{200B}\n"), None);
    assert!(Font::shared().width("葛\u{E0100}", 10.0) <= Font::shared().width("葛", 10.0));
}

#[test]
fn widths_are_those_of_the_font() {
    let font = Font::shared();
    // A Chinese character is as wide as the size: 72 points are an inch.
    assert!((font.width("清", 72.0) - 25.4).abs() < 1e-3);
    assert!((font.width("清河区", 72.0) - 76.2).abs() < 1e-3);
    assert!(font.width("i", 72.0) < font.width("W", 72.0) && font.width("W", 72.0) < 25.4);
    // 733 thousandths, by the font's OS/2 table.
    assert!((font.cap_height(72.0) - 18.618).abs() < 1e-2);
}
