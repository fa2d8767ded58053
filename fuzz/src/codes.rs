//! Codes and texts as people type them: what is taken is in its normal form, and comes back the same.

use mashang::domain::credit_code::{CreditCode, CreditCodeError};
use mashang::domain::search_keys::{Document, Words};
use mashang::domain::sign_code::{InspectionCode, ReceiptNumber, ShortCode, SignToken};
use mashang::domain::text::{self, Email};
use mashang::domain::trusted_proxies::TrustedProxies;
use mashang::i18n::Lang;
use std::net::{IpAddr, Ipv4Addr};

pub fn credit_code(data: &[u8]) {
    let typed = String::from_utf8_lossy(data);
    match CreditCode::parse(&typed) {
        Ok(code) => {
            assert_eq!(code.as_str().len(), 18);
            assert!(code.as_str().bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()));
            assert_eq!(CreditCode::parse(code.as_str()).as_ref(), Ok(&code));
            assert_eq!(code.last6(), &code.as_str()[12..]);
        }
        Err(error) => {
            if let Some(meant) = error.suggestion() {
                assert_eq!(CreditCode::parse(meant.as_str()).as_ref(), Ok(meant), "a suggestion is right");
            }
            if let CreditCodeError::Length { found } = error {
                assert_ne!(found, 18);
            }
        }
    }
}

/// A code that was taken is the same when it is read again, as it is and in groups.
macro_rules! comes_back {
    ($typed:expr, $($code:ty),*) => {$(
        if let Ok(code) = <$code>::parse($typed) {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()));
            assert_eq!(<$code>::parse(code.as_str()).as_ref(), Ok(&code));
            assert_eq!(<$code>::parse(&code.display_groups()).as_ref(), Ok(&code));
        }
    )*};
}

pub fn tokens(data: &[u8]) {
    let typed = String::from_utf8_lossy(data);
    comes_back!(&typed, SignToken, ShortCode, InspectionCode, ReceiptNumber);
    if let Ok(random) = <[u8; 16]>::try_from(data) {
        let token = SignToken::from_random(random);
        assert_eq!(SignToken::parse(token.as_str()), Ok(token));
        let number = ReceiptNumber::from_random(random);
        assert_eq!(ReceiptNumber::parse(number.as_str()), Ok(number));
    }
}

/// A text that was taken can be shown, logged and mailed as it is.
pub fn is_clean(text: &str, max: usize, line_breaks: bool) {
    assert!(!text.is_empty() && text.chars().count() <= max);
    assert!(!text.chars().any(|c| c.is_control() && !(line_breaks && c == '\n')), "{text:?}");
    assert!(!text.contains(['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}', '\u{fffd}']), "{text:?}");
    let again = if line_breaks { text::paragraph(text, max) } else { text::line(text, max) };
    assert_eq!(again.as_deref(), Ok(text), "taken once, taken as it is");
}

pub fn texts(data: &[u8]) {
    let typed = String::from_utf8_lossy(data);
    if let Ok(line) = text::line(&typed, text::NAME_MAX) {
        is_clean(&line, text::NAME_MAX, false);
        let _ = text::mask_name(&line);
        let document = Document::new(&line, &line, "91500000MA5U000013");
        if let Some(words) = Words::parse(&line) {
            let _ = (words.lookups(), words.exact(), words.found_in(&document));
        }
    }
    if let Ok(paragraph) = text::paragraph(&typed, text::REPORT_MAX) {
        is_clean(&paragraph, text::REPORT_MAX, true);
    }
    if let Ok(email) = Email::parse(&typed) {
        assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
        assert!(!email.as_str().contains(|c: char| c.is_control() || c.is_whitespace()));
    }
    let _ = Lang::accepted(&typed);
    let [list, forwarded] = super::world::texts(data);
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if let Ok(proxies) = TrustedProxies::parse(&list) {
        let client = proxies.client(peer, Some(&forwarded));
        assert!(proxies.contains(peer) || client == peer, "who is no proxy speaks for nobody");
    }
}
