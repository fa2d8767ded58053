//! Unified social credit codes (统一社会信用代码), GB 32100-2015.
//!
//! 18 characters of digits and capital letters without I, O, S, V, Z. The last is a check character: the sum of the first 17
//! characters' values with the weights `3^(i−1) mod 31`, and of the check character's own value, is a multiple of 31.
//! As 31 is prime and neighbouring weights differ, every single wrong character and every swap of neighbours is caught.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::plain_code;

/// The characters of a code, by value.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weights of GB 32100-2015, and 1 for the check character.
const WEIGHTS: [usize; 18] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1];
/// Groups of characters that are taken for each other on a screen, on paper or in handwriting. Few, because every further pair
/// makes it likelier that a wrong code is suggested.
const LOOK_ALIKES: [&str; 5] = ["0DQ", "1L", "17", "6G", "8B"];
/// Where the code of the administrative division stands: digits only (positions 3 to 8).
const DIVISION: std::ops::Range<usize> = 2..8;

/// A valid unified social credit code, in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

/// Why a text is no credit code, with what a hint needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not 18 characters. 15 are usually an old business registration number (注册号), 9 an organisation code.
    #[error("a credit code has 18 characters, this has {found}")]
    Length {
        /// The number of characters without spaces and hyphens.
        found: usize,
    },
    /// A character that no credit code has.
    #[error("character {position} of a credit code cannot be {found:?}")]
    Letter {
        /// The character's position, counted from 1.
        position: usize,
        /// The character.
        found: char,
        /// What was probably meant: 0 for O, 1 for I, 5 for S, 2 for Z, U for V.
        replacement: Option<char>,
        /// The whole code with all such characters replaced, if that is valid.
        suggestion: Option<CreditCode>,
    },
    /// The check character does not fit: some character is wrong or two are swapped.
    #[error("the check character does not fit; some character is mistyped")]
    Check {
        /// The last character of the text.
        found: char,
        /// The check character of the 17 before it.
        expected: char,
        /// The only valid code that differs in one character that looks alike, if there is exactly one.
        suggestion: Option<CreditCode>,
    },
}

impl CreditCodeError {
    /// The valid code that was probably meant, if one suggests itself.
    #[must_use]
    pub fn suggestion(&self) -> Option<&CreditCode> {
        match self {
            CreditCodeError::Length { .. } => None,
            CreditCodeError::Letter { suggestion, .. } | CreditCodeError::Check { suggestion, .. } => {
                suggestion.as_ref()
            }
        }
    }
}

impl CreditCode {
    /// Reads a code as it is typed or pasted: full-width characters, small letters, spaces and hyphens are forgiven.
    ///
    /// # Errors
    ///
    /// [`CreditCodeError`]: the length, else the first character that no code has, else the check character.
    pub fn parse(input: &str) -> Result<CreditCode, CreditCodeError> {
        let plain: Vec<char> = plain_code(input).chars().collect();
        let Ok(typed) = <[char; 18]>::try_from(plain) else {
            return Err(CreditCodeError::Length { found: plain_code(input).chars().count() });
        };
        let mut values = [0; 18];
        for (i, found) in typed.into_iter().enumerate() {
            let Some(value) = value(found) else {
                return Err(CreditCodeError::Letter {
                    position: i + 1,
                    found,
                    replacement: replacement(found),
                    suggestion: with_replacements(&typed),
                });
            };
            values[i] = value;
        }
        if checks(&values) {
            return Ok(from_values(&values));
        }
        let expected = char::from(ALPHABET[check_value(&values)]);
        Err(CreditCodeError::Check { found: typed[17], expected, suggestion: look_alike(&values) })
    }

    /// The code, 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last six characters, with which an enterprise proves that it knows its code.
    #[must_use]
    pub fn last6(&self) -> &str {
        &self.0[12..]
    }
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|a| char::from(*a) == c)
}

fn from_values(values: &[usize; 18]) -> CreditCode {
    CreditCode(values.iter().map(|v| char::from(ALPHABET[*v])).collect())
}

/// The weighted sum modulo 31; 0 for a valid code.
fn remainder(values: &[usize]) -> usize {
    values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum::<usize>() % 31
}

fn checks(values: &[usize; 18]) -> bool {
    remainder(values) == 0
}

/// The value of the check character that fits the first 17.
fn check_value(values: &[usize; 18]) -> usize {
    (31 - remainder(&values[..17])) % 31
}

/// The letters that no code has, and what was probably meant.
fn replacement(c: char) -> Option<char> {
    match c {
        'O' => Some('0'),
        'I' => Some('1'),
        'S' => Some('5'),
        'Z' => Some('2'),
        'V' => Some('U'),
        _ => None,
    }
}

/// The code with every letter that no code has replaced, if that is valid.
fn with_replacements(typed: &[char; 18]) -> Option<CreditCode> {
    let mut values = [0; 18];
    for (slot, c) in values.iter_mut().zip(typed) {
        *slot = value(replacement(*c).unwrap_or(*c))?;
    }
    checks(&values).then(|| from_values(&values))
}

/// The only valid code that differs from `values` in one look-alike character, if there is exactly one.
fn look_alike(values: &[usize; 18]) -> Option<CreditCode> {
    let mut valid = Vec::new();
    for (position, typed) in values.iter().enumerate() {
        let typed = char::from(ALPHABET[*typed]);
        let others = LOOK_ALIKES.iter().filter(|group| group.contains(typed)).flat_map(|group| group.chars());
        for other in others.filter(|c| !DIVISION.contains(&position) || c.is_ascii_digit()) {
            let mut candidate = *values;
            candidate[position] = value(other)?;
            if checks(&candidate) {
                valid.push(candidate);
            }
        }
    }
    if let [only] = valid.as_slice() { Some(from_values(only)) } else { None }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<CreditCode, CreditCodeError> {
        CreditCode::parse(text)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<CreditCode, CreditCodeError> {
        CreditCode::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests;
