//! Mails: whatever the names and words are, the message has the headers that it should have, each once, in lines that a server takes.

use super::world;
use chrono::{TimeZone as _, Utc};
use mashang::domain::day::Zone;
use mashang::i18n::Lang;
use mashang::mail::compose::{Letterhead, invitation};
use mashang::mail::{Letter, Mailer, Memory};

const HEADERS: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Date",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

pub fn mail(data: &[u8]) {
    let [name, to, subject, text, html, earlier, host] = world::texts(data);
    let head = Letterhead { public_url: &host, district: &name, hotline: &text, zone: Zone::SHANGHAI };
    for lang in Lang::ALL {
        let composed = invitation(&head, lang, &subject, &earlier).expect("words");
        assert!(!composed.html.contains("<script"), "words of others are no markup");
    }
    let letter = Letter {
        from: format!("{name} <mashang@example.org>"),
        to: if to.is_empty() { "a@example.org".to_owned() } else { to },
        subject,
        text,
        html,
        message_id: "<1@example.org>".to_owned(),
        in_reply_to: (!earlier.is_empty()).then_some(earlier),
        created_at: Utc.timestamp_opt(1_772_500_000, 0).single().expect("an instant"),
        zone: Zone::SHANGHAI,
    };
    let send = |letter: &Letter| {
        let memory = Memory::default();
        let sent = world::with(|world| world.runtime.block_on(Mailer::Memory(memory.clone()).send(letter)));
        sent.ok().map(|()| memory.take().remove(0).raw)
    };
    let Some(raw) = send(&letter) else { return };
    assert_eq!(send(&letter).as_ref(), Some(&raw), "the same letter is the same bytes");
    let raw = String::from_utf8(raw).expect("a text");
    assert!(raw.is_ascii() || !letter.to.is_ascii(), "encoded, but for an address in other letters");
    assert!(!raw.replace("\r\n", "").contains(['\r', '\n']), "lines end with CR LF");
    assert!(raw.split("\r\n").all(|line| line.len() <= 998), "no line is longer than RFC 5322 allows");
    let (headers, body) = raw.split_once("\r\n\r\n").expect("headers and a body");
    let mut seen = Vec::new();
    for line in headers.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
        let (name, _) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?} is no header"));
        assert!(HEADERS.contains(&name), "{name} was not asked for:\n{headers}");
        assert!(!seen.contains(&name), "{name} is there twice:\n{headers}");
        seen.push(name);
    }
    assert_eq!(body.matches("Content-Type: text/").count(), 2, "two parts, whatever stands in them");
}
