//! What a message looks like, and that hostile names and words harm nothing.

use super::{build, host_of};
use crate::domain::day::Zone;
use crate::mail::{Letter, SendError};

fn letter() -> Letter {
    Letter {
        from: "码上报备 <mashang@example.org>".to_owned(),
        to: "jiwei@example.org".to_owned(),
        subject: "【码上报备】提醒 编号 ABCD-1234".to_owned(),
        text: "发现一条疑似违规。\n链接".to_owned(),
        html: "<p>发现一条疑似违规。</p>".to_owned(),
        message_id: "<1@example.org>".to_owned(),
        in_reply_to: Some("<0@example.org>".to_owned()),
        created_at: "2026-03-03T17:30:00Z".parse().expect("an instant"),
        zone: Zone::SHANGHAI,
    }
}

fn raw(letter: &Letter) -> String {
    String::from_utf8(build(letter).expect("a message").bytes).expect("ASCII")
}

#[test]
fn the_headers_are_fixed_and_the_date_is_local() {
    let raw = raw(&letter());
    assert!(
        raw.contains("\r\nDate: Wed, 04 Mar 2026 01:30:00 +0800\r\n")
            || raw.starts_with("Date: Wed, 04 Mar 2026 01:30:00 +0800")
    );
    assert_eq!(raw.matches("Date: ").count(), 1);
    assert!(raw.contains("Message-ID: <1@example.org>\r\n"));
    assert!(raw.contains("In-Reply-To: <0@example.org>\r\n"));
    assert!(raw.contains("References: <0@example.org>\r\n"));
    assert!(raw.contains("Auto-Submitted: auto-generated\r\n"));
    assert!(raw.contains("multipart/alternative"));
}

#[test]
fn the_same_letter_is_the_same_bytes() {
    assert_eq!(raw(&letter()), raw(&letter()));
}

#[test]
fn control_characters_neither_panic_nor_make_headers() {
    for hostile in
        ["码\u{0}上\u{7}", "a\r\nBcc: b@example.org", "\u{202e}abc", "\u{85}\u{1b}[0m", "\"quoted\" \\", "<<>>", ""]
    {
        let mut letter = letter();
        letter.from = format!("{hostile} <mashang@example.org>");
        letter.subject = hostile.to_owned();
        letter.text = hostile.to_owned();
        letter.in_reply_to = Some(hostile.to_owned());
        let raw = raw(&letter);
        let head = raw.split("\r\n\r\n").next().unwrap_or_default();
        assert!(!head.contains("\r\nBcc"), "{raw}");
        assert!(!raw.contains(['\u{0}', '\u{7}', '\u{1b}']), "{raw}");
    }
}

#[test]
fn a_recipient_that_is_no_address_is_refused_and_a_wrong_sender_may_be_mended() {
    let wrong = Letter { to: "nobody".to_owned(), ..letter() };
    assert!(matches!(build(&wrong), Err(SendError::Refused(_))));
    let wrong = Letter { from: "nobody".to_owned(), ..letter() };
    assert!(matches!(build(&wrong), Err(SendError::Temporary(_))));
}

#[test]
fn the_host_of_a_sender() {
    assert_eq!(host_of("码上报备 <mashang@example.org>"), "example.org");
    assert_eq!(host_of("mashang@example.org"), "example.org");
    assert_eq!(host_of("nobody"), "localhost");
}
