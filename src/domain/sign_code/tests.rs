//! The service's own codes: what they forgive, and that every typing mistake they promise to catch is caught.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Codes to spoil: the smallest, the largest, and some in between.
fn seeds() -> impl Iterator<Item = [u8; 16]> {
    [0, u128::MAX]
        .into_iter()
        .chain((1..30).map(|n: u128| n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)))
        .map(u128::to_be_bytes)
}

/// Every code that differs from `code` in one character, or by a swap of two neighbours.
fn spoiled<'a>(code: &'a str, alphabet: &'a [u8]) -> impl Iterator<Item = String> + 'a {
    let bytes = code.as_bytes();
    let single = (0..bytes.len()).flat_map(move |i| {
        alphabet.iter().filter(move |c| **c != bytes[i]).map(move |c| {
            let mut other = bytes.to_vec();
            other[i] = *c;
            other
        })
    });
    let swapped = (1..bytes.len()).filter(move |i| bytes[i - 1] != bytes[*i]).map(move |i| {
        let mut other = bytes.to_vec();
        other.swap(i - 1, i);
        other
    });
    single.chain(swapped).map(|bytes| String::from_utf8(bytes).expect("ASCII"))
}

#[test]
fn every_single_wrong_character_and_every_swap_of_neighbours_is_caught() {
    for seed in seeds() {
        let token = SignToken::from_random(seed);
        assert_eq!(SignToken::parse(token.as_str()), Ok(token.clone()));
        for wrong in spoiled(token.as_str(), ALPHABET) {
            assert_eq!(SignToken::parse(&wrong), Err(SignCodeError::Check), "{wrong} for {}", token.as_str());
        }
        let short = ShortCode::from_random(seed);
        assert_eq!(ShortCode::parse(short.as_str()), Ok(short.clone()));
        for wrong in spoiled(short.as_str(), ALPHABET) {
            assert_eq!(ShortCode::parse(&wrong), Err(SignCodeError::Check), "{wrong} for {}", short.as_str());
        }
        let code = InspectionCode::from_random(seed);
        assert_eq!(InspectionCode::parse(code.as_str()), Ok(code.clone()));
        let receipt = ReceiptNumber::from_random(seed);
        assert_eq!(ReceiptNumber::parse(receipt.as_str()), Ok(receipt.clone()));
        for wrong in spoiled(receipt.as_str(), b"0123456789") {
            assert_eq!(
                ReceiptNumber::parse(&wrong),
                Err(ReceiptNumberError::Check),
                "{wrong} for {}",
                receipt.as_str()
            );
        }
    }
}

#[test]
fn the_alphabet_has_31_different_characters_and_no_look_alikes() {
    let distinct: BTreeSet<u8> = ALPHABET.iter().copied().collect();
    assert_eq!(distinct.len(), 31);
    for look_alike in b"01OIL" {
        assert!(!ALPHABET.contains(look_alike));
    }
}

#[test]
fn lengths_and_groups_are_as_printed() {
    let seed = [7; 16];
    assert_eq!((SignToken::LEN, InspectionCode::LEN, ShortCode::LEN), (13, 13, 9));
    let token = SignToken::from_random(seed);
    let short = ShortCode::from_random(seed);
    let receipt = ReceiptNumber::from_random(seed);
    let sizes = |text: &str, separator| text.split(separator).map(str::len).collect::<Vec<_>>();
    assert_eq!(sizes(&token.display_groups(), '-'), [4, 4, 4, 1]);
    assert_eq!(sizes(&short.display_groups(), '-'), [4, 4, 1]);
    assert_eq!(sizes(&receipt.display_groups(), ' '), [4, 4, 4, 4]);
    assert_eq!(SignToken::parse(&token.display_groups()), Ok(token));
    assert_eq!(ShortCode::parse(&short.display_groups()), Ok(short));
    assert_eq!(ReceiptNumber::parse(&receipt.display_groups()), Ok(receipt));
}

#[test]
fn ways_of_typing_are_forgiven() {
    let short = ShortCode::from_random(*b"sixteen bytes 16");
    let groups = short.display_groups();
    let full_width: String = short.as_str().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
    let typed = [
        groups.to_lowercase(),
        groups.replace('-', " "),
        format!("  {groups}\n"),
        groups.replace('-', "—"),
        full_width,
    ];
    for typed in typed {
        assert_eq!(ShortCode::parse(&typed), Ok(short.clone()), "{typed:?}");
    }
    let receipt = ReceiptNumber::from_random(*b"sixteen bytes 16");
    let full_width: String = receipt.as_str().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
    for typed in [receipt.display_groups().replace(' ', "-"), format!(" {receipt} "), full_width] {
        assert_eq!(ReceiptNumber::parse(&typed), Ok(receipt.clone()), "{typed:?}");
    }
}

#[rstest]
#[case("", SignCodeError::Length { found: 0, expected: 9 })]
#[case("22222222", SignCodeError::Length { found: 8, expected: 9 })]
#[case("2222-2222-22", SignCodeError::Length { found: 10, expected: 9 })]
#[case("2222-O222-2", SignCodeError::Letter { position: 5, found: 'O' })]
#[case("2222-222l-2", SignCodeError::Letter { position: 8, found: 'L' })]
#[case("12222222?", SignCodeError::Letter { position: 1, found: '1' })]
#[case("2222码2222", SignCodeError::Letter { position: 5, found: '码' })]
#[case("222222223", SignCodeError::Check)]
fn a_mistake_in_a_short_code_is_told(#[case] typed: &str, #[case] expected: SignCodeError) {
    assert_eq!(ShortCode::parse(typed), Err(expected));
}

#[rstest]
#[case("", ReceiptNumberError::Length { found: 0 })]
#[case("0000 0000 0000 000", ReceiptNumberError::Length { found: 15 })]
#[case("0000 0000 0000 00O0", ReceiptNumberError::NotDigit { position: 15, found: 'O' })]
#[case("٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠", ReceiptNumberError::NotDigit { position: 1, found: '٠' })]
#[case("0000 0000 0000 0001", ReceiptNumberError::Check)]
fn a_mistake_in_a_receipt_number_is_told(#[case] typed: &str, #[case] expected: ReceiptNumberError) {
    assert_eq!(ReceiptNumber::parse(typed), Err(expected));
}

#[test]
fn the_check_digit_is_that_of_damm() {
    // The published example: 572 has the check digit 4.
    let number = ReceiptNumber::from_random(572_u128.to_be_bytes());
    assert_eq!(number.as_str(), "0000000000005724");
}

#[test]
fn each_character_and_place_is_used_evenly() {
    // 31 × 100 codes from consecutive numbers: the first place runs through the alphabet evenly.
    let mut counts = [0; 31];
    for n in 0..3_100_u128 {
        let code = ShortCode::from_random(n.to_be_bytes());
        counts[value(code.as_str().chars().next().expect("a first character")).expect("of the alphabet")] += 1;
    }
    assert_eq!(counts, [100; 31]);
}

#[test]
fn debugging_does_not_give_a_code_away() {
    let token = SignToken::from_random([9; 16]);
    assert!(!format!("{token:?}").contains(token.as_str()));
    let receipt = ReceiptNumber::from_random([9; 16]);
    assert!(!format!("{receipt:?}").contains(receipt.as_str()));
}

#[test]
fn json_holds_the_plain_form_and_refuses_a_wrong_code() {
    let token = SignToken::from_random([3; 16]);
    let json = serde_json::to_string(&token).expect("a token serialises");
    assert_eq!(json, format!("\"{token}\""));
    assert_eq!(serde_json::from_str::<SignToken>(&json.to_lowercase()).expect("the same token"), token);
    assert!(serde_json::from_str::<SignToken>("\"2222222222223\"").is_err());
    assert!(serde_json::from_str::<ReceiptNumber>("\"0000000000000001\"").is_err());
}

proptest! {
    #[test]
    fn different_randomness_gives_different_codes(a in 0..31_u128.pow(12), b in 0..31_u128.pow(12)) {
        let token = |n: u128| SignToken::from_random(n.to_be_bytes());
        prop_assert_eq!(token(a) == token(b), a == b);
    }

    #[test]
    fn every_drawn_code_is_valid(seed: [u8; 16]) {
        let token = SignToken::from_random(seed);
        let short = ShortCode::from_random(seed);
        let receipt = ReceiptNumber::from_random(seed);
        prop_assert_eq!(SignToken::parse(token.as_str()), Ok(token));
        prop_assert_eq!(ShortCode::parse(short.as_str()), Ok(short));
        prop_assert_eq!(ReceiptNumber::parse(receipt.as_str()), Ok(receipt));
    }

    #[test]
    fn no_input_panics(typed in "\\PC{0,20}") {
        // Whatever is taken reads back the same.
        if let Ok(code) = ShortCode::parse(&typed) {
            prop_assert_eq!(ShortCode::parse(code.as_str()), Ok(code));
        }
        if let Ok(number) = ReceiptNumber::parse(&typed) {
            prop_assert_eq!(ReceiptNumber::parse(number.as_str()), Ok(number));
        }
    }
}
