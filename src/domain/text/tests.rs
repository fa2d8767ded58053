//! What text is taken, and what is refused with its place.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[rstest]
#[case("重庆长岭商贸有限公司", Ok("重庆长岭商贸有限公司"))]
#[case("  两端空白\u{3000}\r\n", Ok("两端空白"))]
#[case("cafe\u{301}", Ok("café"))]
#[case("𬭚𠮷", Ok("𬭚𠮷"))]
#[case("", Err(TextError::Empty))]
#[case(" \u{3000}\t", Err(TextError::Empty))]
#[case("a\nb", Err(TextError::Control { position: 2 }))]
#[case("甲局\t乙局", Ok("甲局 乙局"))]
#[case("a\u{b}b", Err(TextError::Control { position: 2 }))]
#[case("a\0", Err(TextError::Control { position: 2 }))]
#[case("\u{7f}a", Err(TextError::Control { position: 1 }))]
#[case("a\u{9b}b", Err(TextError::Control { position: 2 }))]
#[case("a\u{2028}b", Err(TextError::Control { position: 2 }))]
#[case("文\u{FFFD}", Err(TextError::Unreadable { position: 2 }))]
fn a_line_is_clean_text(#[case] input: &str, #[case] expected: Result<&str, TextError>) {
    assert_eq!(line(input, NAME_MAX), expected.map(str::to_owned));
}

#[test]
fn every_control_and_every_bidi_control_is_refused() {
    for c in ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}').filter(|c| *c != '\t') {
        let refused = Err(TextError::Control { position: 2 });
        assert_eq!(line(&format!("a{c}b"), 10), refused, "{c:?}");
        if c != '\n' {
            assert_eq!(paragraph(&format!("a{c}b"), 10), refused, "{c:?}");
        }
    }
    let marks = ['\u{061C}', '\u{200E}', '\u{200F}'];
    for c in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}').chain(marks) {
        let refused = Err(TextError::Bidi { position: 2 });
        assert_eq!(line(&format!("a{c}b"), 10), refused, "{c:?}");
        assert_eq!(paragraph(&format!("a{c}b"), 10), refused, "{c:?}");
    }
}

#[rstest]
#[case("C:\\data\\企业.csv", "企业.csv")]
#[case("../../etc/pass\u{7}wd", "passwd")]
#[case("报告\u{202e}fdp.exe", "报告fdp.exe")]
#[case(" 一\u{200b}\u{2066}.pdf\u{2028}\u{fffd} ", "一.pdf")]
#[case("..\\", "")]
fn the_name_of_a_file_is_never_a_path_and_shows_what_it_is(#[case] input: &str, #[case] expected: &str) {
    assert_eq!(file_name(input, NAME_MAX), expected);
}

#[test]
fn the_name_of_a_file_is_cut_and_clean_then() {
    assert_eq!(file_name(&"长".repeat(300), NAME_MAX).chars().count(), NAME_MAX);
    let name = file_name(&format!("{} 二.pdf", "长".repeat(NAME_MAX - 1)), NAME_MAX);
    assert_eq!(line(&name, NAME_MAX), Ok(name.clone()), "no space at the end");
}

#[rstest]
#[case("一\r\n二\n三\n", Ok("一\n二\n三"))]
#[case("一\r\n\r\n二", Ok("一\n\n二"))]
#[case("一\t二\n三\t四\t", Ok("一 二\n三 四"))]
#[case("一\r二", Err(TextError::Control { position: 2 }))]
#[case("\r\n", Err(TextError::Empty))]
fn a_paragraph_keeps_its_line_breaks(#[case] input: &str, #[case] expected: Result<&str, TextError>) {
    assert_eq!(paragraph(input, PURPOSE_MAX), expected.map(str::to_owned));
}

#[test]
fn the_length_counts_characters_of_the_normal_form() {
    let fits = "查".repeat(NAME_MAX);
    assert_eq!(line(&fits, NAME_MAX), Ok(fits.clone()));
    assert_eq!(line(&format!("  {fits}  "), NAME_MAX), Ok(fits.clone()));
    let over = format!("{fits}查");
    assert_eq!(line(&over, NAME_MAX), Err(TextError::TooLong { found: 101, max: 100 }));
    // Two code points that compose to one character.
    assert_eq!(line(&"e\u{301}".repeat(NAME_MAX), NAME_MAX), Ok("é".repeat(NAME_MAX)));
    // A line break sent as CRLF counts once.
    assert_eq!(paragraph("a\r\nb", 3), Ok("a\nb".to_owned()));
}

#[test]
fn an_optional_text_may_be_empty_but_not_wrong() {
    assert_eq!(optional_line("  ", 5), Ok(None));
    assert_eq!(optional_line(" a ", 5), Ok(Some("a".to_owned())));
    assert_eq!(optional_line("a\0", 5), Err(TextError::Control { position: 2 }));
    assert_eq!(optional_paragraph("\n", 5), Ok(None));
    assert_eq!(optional_paragraph("a\nb", 5), Ok(Some("a\nb".to_owned())));
    assert_eq!(optional_paragraph("abcdef", 5), Err(TextError::TooLong { found: 6, max: 5 }));
}

#[test]
fn full_width_characters_become_half_width() {
    assert_eq!(half_width("ＡＢ－１２３＠ｘ．ｃｎ"), "AB-123@x.cn");
    assert_eq!(half_width("渝A12345"), "渝A12345");
}

#[rstest]
#[case("wang@example.com", "wang@example.com")]
#[case(" Wang.Li+x@Mail.Example.COM ", "Wang.Li+x@mail.example.com")]
#[case("wang＠example．com", "wang@example.com")]
#[case("root@localhost", "root@localhost")]
#[case("王@例子.中国", "王@例子.中国")]
fn a_mail_address_is_taken_with_its_domain_in_lower_case(#[case] input: &str, #[case] expected: &str) {
    assert_eq!(Email::parse(input).expect("an address").as_str(), expected);
}

#[rstest]
#[case("", EmailError::Empty)]
#[case("wang", EmailError::Malformed)]
#[case("@example.com", EmailError::Malformed)]
#[case("wang@", EmailError::Malformed)]
#[case("a@b@example.com", EmailError::Malformed)]
#[case("wang li@example.com", EmailError::Malformed)]
#[case("wang@example..com", EmailError::Malformed)]
#[case("wang@-example.com", EmailError::Malformed)]
#[case(".wang@example.com", EmailError::Malformed)]
#[case("wang@example.com\r\nBcc: all@example.com", EmailError::Malformed)]
#[case("wang\0@example.com", EmailError::Malformed)]
#[case("wang\u{202E}@example.com", EmailError::Malformed)]
#[case("\"wang\"@example.com", EmailError::Malformed)]
#[case("王 <wang@example.com>", EmailError::Malformed)]
fn a_text_that_is_no_mail_address_is_refused(#[case] input: &str, #[case] expected: EmailError) {
    assert_eq!(Email::parse(input), Err(expected));
}

#[test]
fn a_mail_address_has_at_most_254_bytes() {
    let domain = ["d".repeat(63), "d".repeat(63), "d".repeat(57)].join(".");
    let longest = format!("{}@{domain}.com", "n".repeat(64));
    assert_eq!(longest.len(), 254);
    assert!(Email::parse(&longest).is_ok());
    assert_eq!(Email::parse(&format!("{longest}x")), Err(EmailError::TooLong));
    assert_eq!(Email::parse(&format!("{}@x.cn", "n".repeat(65))), Err(EmailError::Malformed));
    assert_eq!(Email::parse(&format!("n@{}.cn", "d".repeat(64))), Err(EmailError::Malformed));
}

#[rstest]
#[case("陈小明", "陈**")]
#[case("王明", "王*")]
#[case("陈", "陈*")]
#[case("欧阳小明", "欧***")]
#[case("买买提·吐尔逊江", "买****")]
#[case("𠮷田", "𠮷*")]
#[case("John Smith", "J*** S***")]
#[case("Ö", "Ö***")]
#[case("  陈小明 ", "陈**")]
#[case("", "")]
fn a_masked_name_keeps_only_the_first_character(#[case] name: &str, #[case] expected: &str) {
    assert_eq!(mask_name(name), expected);
}

proptest! {
    #[test]
    fn what_is_taken_is_taken_again_unchanged(input in "\\PC{0,40}|[a\u{301}\\n\\r \u{3000}]{0,20}") {
        if let Ok(text) = line(&input, 30) {
            prop_assert_eq!(line(&text, 30), Ok(text.clone()));
            prop_assert!(text.chars().count() <= 30);
        }
        if let Ok(text) = paragraph(&input, 30) {
            prop_assert_eq!(paragraph(&text, 30), Ok(text.clone()));
            prop_assert!(!text.contains('\r'));
        }
        if let Ok(email) = Email::parse(&input) {
            prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
        }
    }
}
