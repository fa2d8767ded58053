//! Credit codes: valid ones, each kind of mistake, and the hints. All codes are made up.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Computed apart from this implementation, from the text of GB 32100-2015.
const VALID: [&str; 12] = [
    "91500107MA095M34EQ",
    "915001071590830164",
    "915000006131860916",
    "92500107MA4LLH3GHP",
    "52500107603082462N",
    "12500107819482199T",
    "11500107351819093A",
    "93500107MABPE7X09B",
    "91110108975432319Q",
    "91440300487574911Y",
    "91310115MAC60W19B1",
    "81500107601895559N",
];

#[test]
fn valid_codes_are_taken_as_they_are() {
    for code in VALID {
        let parsed = CreditCode::parse(code).expect("a valid code");
        assert_eq!(parsed.as_str(), code);
        assert_eq!(parsed.to_string(), code);
        assert_eq!(parsed.last6(), &code[12..]);
    }
}

#[rstest]
#[case("  91500107MA095M34EQ\r\n")]
#[case("91500107ma095m34eq")]
#[case("９１５００１０７ＭＡ０９５Ｍ３４ＥＱ")]
#[case("91500107 MA095M34E Q")]
#[case("915001-07-MA095M34E-Q")]
#[case("91500107\u{3000}MA095M34E—Q")]
#[case("\u{feff}91500107MA095M34EQ\u{200b}")]
fn ways_of_writing_are_forgiven(#[case] typed: &str) {
    assert_eq!(CreditCode::parse(typed).expect("a valid code").as_str(), VALID[0]);
}

#[rstest]
#[case("", 0)]
#[case("91500107MA095M34E", 17)]
#[case("91500107MA095M34EQQ", 19)]
#[case("500107000123456", 15)] // an old registration number
#[case("统一社会信用代码", 8)]
fn a_wrong_length_is_told(#[case] typed: &str, #[case] found: usize) {
    assert_eq!(CreditCode::parse(typed), Err(CreditCodeError::Length { found }));
}

#[rstest]
#[case("915OO107MA095M34EQ", 4, 'O', Some('0'), Some(VALID[0]))]
#[case("9I500107ma095m34eq", 2, 'I', Some('1'), Some(VALID[0]))]
#[case("91S00107MA09SM34EQ", 3, 'S', Some('5'), Some(VALID[0]))]
#[case("5Z500107603082462N", 2, 'Z', Some('2'), Some(VALID[4]))]
#[case("91500107MA095M34EV", 18, 'V', Some('U'), None)]
#[case("91500107MA095M34E?", 18, '?', None, None)]
#[case("91500107MA095M34E号", 18, '号', None, None)]
#[case("91500107MA095M34E\0", 18, '\0', None, None)]
#[case("915O0107MA095M34E?", 4, 'O', Some('0'), None)]
fn a_forbidden_letter_is_told_with_its_place(
    #[case] typed: &str,
    #[case] position: usize,
    #[case] found: char,
    #[case] replacement: Option<char>,
    #[case] suggestion: Option<&str>,
) {
    let suggestion = suggestion.map(|code| CreditCode::parse(code).expect("a valid code"));
    assert_eq!(CreditCode::parse(typed), Err(CreditCodeError::Letter { position, found, replacement, suggestion }));
}

#[rstest]
// 8 for B, Q for 0, B for 8, 6 for G: the only look-alike that fits.
#[case("93500107MA8PE7X09B", 'B', Some("93500107MABPE7X09B"))]
#[case("91310115MAC6QW19B1", '1', Some("91310115MAC60W19B1"))]
#[case("9150Q107MA095M34EQ", 'Q', Some("91500107MA095M34EQ"))]
#[case("81500107601B95559N", 'N', Some("81500107601895559N"))]
#[case("92500107MA4LLH36HP", 'P', Some("92500107MA4LLH3GHP"))]
// Two look-alikes fit, Q for 0 and Q for D: none is suggested.
#[case("91500107MAQ95M34EQ", 'Q', None)]
// No look-alike fits: 4 for 3.
#[case("91500107MA095M44EQ", 'Q', None)]
fn a_wrong_check_character_suggests_a_look_alike(
    #[case] typed: &str,
    #[case] found: char,
    #[case] suggestion: Option<&str>,
) {
    let error = CreditCode::parse(typed).expect_err("an invalid code");
    assert!(matches!(error, CreditCodeError::Check { found: f, .. } if f == found), "{error:?}");
    assert_eq!(error.suggestion().map(CreditCode::as_str), suggestion);
}

#[test]
fn the_expected_check_character_completes_the_code() {
    let typed = "91500107MA095M34E0";
    let Err(CreditCodeError::Check { found, expected, .. }) = CreditCode::parse(typed) else {
        panic!("a wrong check character");
    };
    assert_eq!((found, expected), ('0', 'Q'));
}

#[test]
fn a_suggestion_is_never_a_letter_in_the_division() {
    // Every wrong digit in positions 3 to 8 of every code: what is suggested keeps digits there.
    for code in VALID {
        for position in 2..8 {
            for digit in '0'..='9' {
                let mut typed: Vec<char> = code.chars().collect();
                typed[position] = digit;
                let result = CreditCode::parse(&typed.iter().collect::<String>());
                if let Err(error) = result
                    && let Some(suggestion) = error.suggestion()
                {
                    assert!(suggestion.as_str()[2..8].chars().all(|c| c.is_ascii_digit()), "{suggestion}");
                }
            }
        }
    }
}

#[test]
fn every_single_wrong_character_and_every_swap_of_neighbours_is_caught() {
    for code in VALID {
        let bytes = code.as_bytes();
        for position in 0..18 {
            for other in ALPHABET.iter().filter(|c| **c != bytes[position]) {
                let mut typed = bytes.to_vec();
                typed[position] = *other;
                let typed = String::from_utf8(typed).expect("ASCII");
                assert!(matches!(CreditCode::parse(&typed), Err(CreditCodeError::Check { .. })), "{typed}");
            }
            if position < 17 && bytes[position] != bytes[position + 1] {
                let mut typed = bytes.to_vec();
                typed.swap(position, position + 1);
                let typed = String::from_utf8(typed).expect("ASCII");
                assert!(CreditCode::parse(&typed).is_err(), "{typed}");
            }
        }
    }
}

#[test]
fn json_holds_the_normal_form_and_refuses_a_wrong_code() {
    let code: CreditCode = serde_json::from_str("\"91500107ma095m34eq\"").expect("a valid code");
    assert_eq!(serde_json::to_string(&code).expect("a code serialises"), "\"91500107MA095M34EQ\"");
    assert!(serde_json::from_str::<CreditCode>("\"91500107MA095M34E0\"").is_err());
}

proptest! {
    #[test]
    fn any_17_characters_have_exactly_one_check_character(data in "[0-9A-HJ-NPQRTUWXY]{17}") {
        let valid: Vec<_> = ALPHABET.iter().filter_map(|c| CreditCode::parse(&format!("{data}{}", char::from(*c))).ok()).collect();
        prop_assert_eq!(valid.len(), 1);
    }

    #[test]
    fn no_input_panics_and_every_suggestion_is_valid(typed in "\\PC{0,24}|[0-9A-Za-z]{18}") {
        if let Err(error) = CreditCode::parse(&typed) && let Some(suggestion) = error.suggestion() {
            prop_assert_eq!(CreditCode::parse(suggestion.as_str()), Ok(suggestion.clone()));
        }
    }
}
