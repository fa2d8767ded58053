//! A letter as the bytes of a MIME message: plain text and HTML side by side, with fixed headers.

use super::{Letter, SendError, short_hash};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::SystemTime;

/// What a server is given.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) bytes: Vec<u8>,
}

/// Builds the message. The same letter gives the same bytes.
pub(super) fn build(letter: &Letter) -> Result<Built, SendError> {
    // A sender that is not an address is a mistake in the settings, so that waiting may help; a recipient will not get better.
    let from = mailbox(&letter.from).ok_or_else(|| SendError::Temporary("the sender is not an address".to_owned()))?;
    let to: Address =
        letter.to.trim().parse().map_err(|_| SendError::Refused("the recipient is not an address".to_owned()))?;
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line(&letter.subject))
        .message_id(Some(one_line(&letter.message_id)))
        .date(SystemTime::from(letter.created_at));
    if let Some(earlier) = &letter.in_reply_to {
        builder = builder.in_reply_to(one_line(earlier)).references(one_line(earlier));
    }
    let parts = MultiPart::alternative()
        // The boundary belongs to the Message-ID, so that the same letter is the same bytes.
        .boundary(short_hash(&letter.message_id, 16))
        .singlepart(SinglePart::plain(clean(&letter.text)))
        .singlepart(SinglePart::html(clean(&letter.html)));
    let mut message = builder.multipart(parts).map_err(|e| SendError::Refused(e.to_string()))?;
    let headers = message.headers_mut();
    headers.insert_raw(ascii("Date", date(letter)));
    headers.insert_raw(ascii("Auto-Submitted", "auto-generated".to_owned()));
    Ok(Built { from: from.email, to, bytes: message.formatted() })
}

/// The host part of a sender's address, for Message-ID and EHLO.
pub(super) fn host_of(from: &str) -> String {
    mailbox(from).map_or_else(|| "localhost".to_owned(), |mailbox| mailbox.email.domain().to_owned())
}

/// `name <address>` or a bare address. The name is cleaned first, since lettre panics on a control character in it.
fn mailbox(text: &str) -> Option<Mailbox> {
    let text = one_line(text);
    let Some((name, rest)) = text.rsplit_once('<') else {
        return text.trim().parse().ok().map(|address| Mailbox::new(None, address));
    };
    let address = rest.trim().strip_suffix('>')?.parse().ok()?;
    let name = name.trim().trim_matches('"').trim();
    Some(Mailbox::new((!name.is_empty()).then(|| name.to_owned()), address))
}

/// One line without control characters and without those that turn the direction of writing.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !turns_direction(*c)).collect()
}

/// Text without control characters but line ends and tabs.
fn clean(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || (!c.is_control() && !turns_direction(*c))).collect()
}

const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// The Date in the zone of the jurisdiction: lettre writes it in UTC only.
fn date(letter: &Letter) -> String {
    let local = letter.zone.local(letter.created_at);
    let minutes = (local - letter.created_at.naive_utc()).num_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{} {sign}{:02}{:02}", local.format("%a, %d %b %Y %H:%M:%S"), minutes / 60, minutes % 60)
}

fn ascii(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

#[cfg(test)]
mod tests;
