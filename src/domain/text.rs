//! Text as people type it, checked once on the way in ("parse, don't validate").
//!
//! What passes is NFC, trimmed and free of control characters, so that it can be shown, logged and mailed as it is. A tab, which comes along
//! with what is pasted from a spreadsheet, is a space.
//! A bidi control could show a reviewer another text than is stored (CVE-2021-42574), U+FFFD means that the browser's bytes
//! were in another encoding and the words are already lost.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The most characters in a name.
pub const NAME_MAX: usize = 100;
/// The most characters in a purpose or a reason.
pub const PURPOSE_MAX: usize = 500;
/// The most characters in a report.
pub const REPORT_MAX: usize = 2000;
/// The most bytes in a mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_MAX: usize = 254;

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// More characters than allowed.
    #[error("has {found} characters, at most {max} are allowed")]
    TooLong {
        /// The characters that there are.
        found: usize,
        /// The characters that are allowed.
        max: usize,
    },
    /// A control character, a line break in a one-line text included.
    #[error("has a control character at position {position}")]
    Control {
        /// The character's position, counted from 1.
        position: usize,
    },
    /// A character that changes the direction of writing unseen.
    #[error("has an invisible direction mark at position {position}")]
    Bidi {
        /// The character's position, counted from 1.
        position: usize,
    },
    /// U+FFFD: the text was sent in another encoding than UTF-8.
    #[error("has an unreadable character at position {position}")]
    Unreadable {
        /// The character's position, counted from 1.
        position: usize,
    },
}

impl TextError {
    /// The stable code under which the catalogue of messages has the words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong { .. } => "too_long",
            Self::Control { .. } => "control_character",
            Self::Bidi { .. } => "direction_mark",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

/// A text of one line with 1 to `max` characters.
///
/// # Errors
///
/// [`TextError`]: empty, too long, or with a character that does not belong into a line.
pub fn line(input: &str, max: usize) -> Result<String, TextError> {
    let text: String = seen(input).trim().nfc().collect();
    checked(text, max, false)
}

/// A text of any number of lines with 1 to `max` characters; line breaks are `\n`.
///
/// # Errors
///
/// [`TextError`]: empty, too long, or with a character that does not belong into a text.
pub fn paragraph(input: &str, max: usize) -> Result<String, TextError> {
    let text: String = seen(input).trim().replace("\r\n", "\n").nfc().collect();
    checked(text, max, true)
}

/// The text without characters that nobody sees and that pasting brings along: zero-width and soft hyphens, byte order
/// marks, tag characters, noncharacters; and with a space for each tab. Joiners stay: some scripts and pictures need them.
fn seen(input: &str) -> String {
    let unseen = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' | '\u{fdd0}'..='\u{fdef}')
            || u32::from(c) & 0xfffe == 0xfffe
    };
    input.chars().filter(|c| !unseen(*c)).map(|c| if c == '\t' { ' ' } else { c }).collect()
}

/// The name of a file as it is shown: without folders, at most `max` characters, and without those that [`line`] refuses. A name is mended where a
/// text is refused: it is the file that counts, and an ending that is turned around (`fdp.exe` for `exe.pdf`) must not be shown as it was meant.
#[must_use]
pub fn file_name(input: &str, max: usize) -> String {
    let last = input.rsplit(['/', '\\']).next().unwrap_or_default();
    let fits = |c: &char| {
        let breaks = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        !(breaks || is_bidi_control(*c) || *c == char::REPLACEMENT_CHARACTER)
    };
    seen(last).chars().filter(fits).collect::<String>().trim().nfc().take(max).collect::<String>().trim_end().to_owned()
}

/// As [`line`], with `None` for an empty input.
///
/// # Errors
///
/// As [`line`], but never [`TextError::Empty`].
pub fn optional_line(input: &str, max: usize) -> Result<Option<String>, TextError> {
    optional(line(input, max))
}

/// As [`paragraph`], with `None` for an empty input.
///
/// # Errors
///
/// As [`paragraph`], but never [`TextError::Empty`].
pub fn optional_paragraph(input: &str, max: usize) -> Result<Option<String>, TextError> {
    optional(paragraph(input, max))
}

fn optional(result: Result<String, TextError>) -> Result<Option<String>, TextError> {
    match result {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(error),
    }
}

fn checked(text: String, max: usize, line_breaks: bool) -> Result<String, TextError> {
    for (position, c) in (1..).zip(text.chars()) {
        match c {
            '\n' if line_breaks => {}
            // Separators of lines and paragraphs break a line although they are no control characters.
            '\u{2028}' | '\u{2029}' => return Err(TextError::Control { position }),
            c if c.is_control() => return Err(TextError::Control { position }),
            c if is_bidi_control(c) => return Err(TextError::Bidi { position }),
            char::REPLACEMENT_CHARACTER => return Err(TextError::Unreadable { position }),
            _ => {}
        }
    }
    match text.chars().count() {
        0 => Err(TextError::Empty),
        found if found > max => Err(TextError::TooLong { found, max }),
        _ => Ok(text),
    }
}

/// Whether a character steers the direction of writing (`Bidi_Control` of Unicode).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A number without the marks that nobody sees: contact lists of phones put them around what is copied from there.
#[must_use]
pub fn without_marks(input: &str) -> String {
    let unseen = |c: char| is_bidi_control(c) || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    input.chars().filter(|c| !unseen(*c)).collect()
}

/// Full-width letters, digits and signs as half-width ones (NFKC), for codes that are typed with a Chinese keyboard.
#[must_use]
pub fn half_width(input: &str) -> String {
    input.nfkc().collect()
}

/// Whether a character only groups a typed code: white space, a hyphen or dash, or an invisible joiner.
pub(super) fn is_grouping(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// A typed code in its plain form: half-width, upper case, without spaces and hyphens.
pub(super) fn plain_code(input: &str) -> String {
    half_width(input).chars().filter(|c| !is_grouping(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

/// A mail address: one `@`, at most [`EMAIL_MAX`] bytes, the domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is no mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was entered.
    #[error("the mail address is empty")]
    Empty,
    /// Longer than [`EMAIL_MAX`] bytes.
    #[error("the mail address is longer than 254 bytes")]
    TooLong,
    /// Not of the form `name@domain`.
    #[error("the mail address is not of the form name@domain")]
    Malformed,
}

impl Email {
    /// Reads a mail address as it is typed; full-width characters become half-width. Quoted names and address literals are not taken; nobody has them here.
    ///
    /// # Errors
    ///
    /// [`EmailError`].
    pub fn parse(input: &str) -> Result<Email, EmailError> {
        let text = half_width(input.trim());
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > EMAIL_MAX {
            return Err(EmailError::TooLong);
        }
        let (name, domain) = text.split_once('@').ok_or(EmailError::Malformed)?;
        let name_is_fine =
            name.len() <= 64 && name.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char));
        let domain_is_fine = domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        if name_is_fine && domain_is_fine {
            Ok(Email(format!("{name}@{}", domain.to_lowercase())))
        } else {
            Err(EmailError::Malformed)
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `atext` of RFC 5322, 3.2.3, and letters of other scripts (RFC 6531).
fn is_atom_char(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Email, EmailError> {
        Email::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

/// A person's name with all but the first character of each part hidden: 陈小明 is 陈**, John Smith is J*** S***.
///
/// Latin parts get three stars whatever their length; a Chinese name keeps its length, up to four stars.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let mask = |part: &str| {
        let mut chars = part.chars();
        let first = chars.next()?;
        let latin = first.is_alphabetic() && u32::from(first) < 0x2E80;
        let stars = if latin { 3 } else { chars.count().clamp(1, 4) };
        Some(format!("{first}{}", "*".repeat(stars)))
    };
    name.split_whitespace().filter_map(mask).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
