//! Long names are broken and shrunk, never lost.

use super::{Lines, fit, fit_line, wrap};
use crate::print::font::Font;

const LONG: &str = "清河区新材料与高端装备制造产业创新服务综合体投资发展（集团）有限责任公司第三分公司城东生产基地";
const ENGLISH: &str = "Qinghe International Precision Manufacturing & Engineering Technologies (Jiangsu) Co., Ltd.";

fn together(lines: &[String]) -> String {
    lines.concat()
}

#[test]
fn no_line_is_wider_than_asked_and_nothing_is_lost() {
    for size in [6.0, 9.0, 14.0, 30.0] {
        for width in [15.0, 40.0, 90.0] {
            let lines = wrap(LONG, size, width);
            assert_eq!(together(&lines), LONG, "{size} {width}");
            for line in &lines {
                assert!(Font::shared().width(line, size) <= width, "{line} at {size} in {width}");
            }
            let english = wrap(ENGLISH, size, width);
            assert_eq!(english.join("").replace(' ', ""), ENGLISH.replace(' ', ""));
        }
    }
}

#[test]
fn closing_marks_do_not_begin_a_line_nor_opening_ones_end_it() {
    for width in 12..60_u8 {
        for line in wrap("甲乙（丙丁），戊己《庚辛》。壬癸：子丑", 10.0, f32::from(width)) {
            assert!(!line.starts_with(['）', '，', '》', '。', '：']) && !line.ends_with(['（', '《']), "{line}");
        }
    }
}

#[test]
fn words_break_at_spaces_and_only_an_endless_one_inside() {
    assert_eq!(wrap("one two three", 10.0, 12.0), ["one", "two", "three"]);
    let lines = wrap(&"x".repeat(50), 10.0, 20.0);
    assert!(lines.len() > 1 && together(&lines) == "x".repeat(50));
}

#[test]
fn line_breaks_of_the_text_stay() {
    assert_eq!(wrap("一\n二\n\n三", 10.0, 50.0), ["一", "二", "", "三"]);
    assert_eq!(wrap("", 10.0, 50.0), [""; 0]);
}

#[test]
fn a_short_name_keeps_the_largest_size_and_a_long_one_shrinks() {
    assert_eq!(fit("清河一厂", (80.0, 20.0), (24.0, 6.0)), Lines { lines: vec!["清河一厂".to_owned()], size: 24.0 });
    let long = fit(LONG, (80.0, 20.0), (24.0, 6.0));
    assert!(long.size < 24.0 && long.size >= 6.0 && long.height() <= 20.0, "{long:?}");
    assert_eq!(together(&long.lines), LONG);
    // Lines of about the same length: none is a lone character.
    let longest = long.lines.iter().map(|line| line.chars().count()).max().expect("lines");
    assert!(long.lines.iter().all(|line| line.chars().count() * 2 > longest), "{long:?}");
}

#[test]
fn what_no_size_can_hold_ends_in_an_ellipsis() {
    let cut = fit(&LONG.repeat(20), (30.0, 8.0), (12.0, 6.0));
    assert!((cut.size - 6.0).abs() < f32::EPSILON && cut.height() <= 8.0);
    assert!(cut.lines.last().is_some_and(|line| line.ends_with('…')), "{cut:?}");
}

#[test]
fn one_line_shrinks_to_its_width() {
    assert!((fit_line("清河", 80.0, (20.0, 5.0)) - 20.0).abs() < f32::EPSILON);
    let size = fit_line(LONG, 80.0, (20.0, 1.0));
    assert!(Font::shared().width(LONG, size) <= 80.01 && size < 20.0);
}
