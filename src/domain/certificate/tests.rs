//! How numbers are read, alone and several in one field.

use super::*;
use rstest::rstest;

#[rstest]
#[case("509901105402", "509901105402")]
#[case(" ５０９９０１　１０５４０２ ", "509901105402")]
#[case("xf－001", "XF-001")]
#[case("渝a 123\t4", "渝A1234")]
#[case("渝府（2024） 7", "渝府(2024)7")]
#[case("1", "1")]
#[case("忘了带 / 明天补", "忘了带 / 明天补")]
#[case("a\u{0}b", "a\u{0}b")]
#[case("", "")]
fn a_number_has_one_plain_form_and_what_is_none_stays(#[case] typed: &str, #[case] expected: &str) {
    assert_eq!(plain(typed), expected);
    assert_eq!(plain(expected), expected);
}

#[rstest]
#[case("xf－001", Some("XF-001"))]
#[case("12 3", None)]
#[case("12/34", None)]
#[case("", None)]
fn a_registry_takes_over_numbers_of_four_characters_or_more(#[case] typed: &str, #[case] expected: Option<&str>) {
    assert_eq!(parse(typed).as_deref(), expected);
    assert_eq!(parse(&"1".repeat(MAX)).is_some(), parse(&"1".repeat(MAX + 1)).is_none());
}

#[rstest]
#[case("xf-1、XF-2，xf-3；ＸＦ-1\r\nxf-4,", &["XF-1", "XF-2", "XF-3", "XF-4"])]
#[case("509901 105402", &["509901105402"])]
#[case("509901 105402 509901 105403", &["509901105402", "509901", "105403"])]
#[case("509901　105402、7 7", &["509901105402", "7"])]
#[case("5099 0110 5402", &["509901105402"])]
#[case("509901，105402", &["509901", "105402"])]
#[case(" \n、", &[])]
fn a_space_parts_two_numbers_unless_they_are_one_that_is_known(#[case] typed: &str, #[case] expected: &[&str]) {
    assert_eq!(listed(typed, |number| number == "509901105402"), expected);
}
