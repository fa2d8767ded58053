//! The codes that the service itself gives out: on signs, for inspections, and for receipts.
//!
//! A code on a sign is drawn from 31 characters without look-alikes (no 0, O, 1, I, L) and ends in a check character: with the
//! weights n, n−1, …, 1 the sum of the characters' values is a multiple of 31. As 31 is prime and the weights are distinct and
//! not 0 modulo 31, every single wrong character and every swap of two characters, neighbours or not, is caught.
//!
//! Randomness is handed in as bytes. 128 random bits modulo `31^12` are uniform up to a bias below 2⁻⁶⁸.

mod receipt;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::plain_code;

pub use receipt::{ReceiptNumber, ReceiptNumberError};

/// The 31 characters of a code, by value.
pub const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Why a text is not a code of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignCodeError {
    /// Too few or too many characters.
    #[error("the code has {expected} characters, this has {found}")]
    Length {
        /// The number of characters without spaces and hyphens.
        found: usize,
        /// The number of characters that the code has.
        expected: usize,
    },
    /// A character that no code has. The codes have no 0, O, 1, I, L: one of these was read for something else.
    #[error("character {position} cannot be {found:?}")]
    Letter {
        /// The character's position, counted from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// The check character does not fit: some character is mistyped or two are swapped.
    #[error("the check character does not fit; some character is mistyped")]
    Check,
}

/// Declares a code of `$data` random characters and a check character.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $data:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The number of characters, the check character included.
            pub const LEN: usize = $data + 1;

            /// A code from 16 random bytes. The same bytes give the same code.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(draw(bytes, $data))
            }

            /// Reads a code as it is typed: small letters, full-width characters, spaces and hyphens are forgiven.
            ///
            /// # Errors
            ///
            /// [`SignCodeError`]: the length, else the first character that no code has, else the check.
            pub fn parse(input: &str) -> Result<Self, SignCodeError> {
                parse(input, Self::LEN).map(Self)
            }

            /// The code in capital letters without separators.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The code in groups of four with the check character apart, for people to read.
            #[must_use]
            pub fn display_groups(&self) -> String {
                groups(&self.0, 4)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// Shows the first two characters only, so that no log gives the code away.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}…)", stringify!($name), &self.0[..2])
            }
        }

        impl std::str::FromStr for $name {
            type Err = SignCodeError;

            fn from_str(text: &str) -> Result<Self, SignCodeError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = SignCodeError;

            fn try_from(text: String) -> Result<Self, SignCodeError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0
            }
        }
    };
}

code! {
    /// The token in a sign's address (`/e/TOKEN`, `/a/TOKEN`): 12 random characters and a check character.
    ///
    /// 12 characters of 31 carry log₂ 31¹² = 59.45 bits: the "60 random bits" of the requirements, rounded.
    SignToken, 12
}

code! {
    /// The token of one inspection's code (`/i/TOKEN`); of the same form as a [`SignToken`], never looked up as one.
    InspectionCode, 12
}

code! {
    /// The short code printed on a sign for typing, such as `7K3M-9PQR-X`: 8 random characters (39.6 bits) and a check character.
    ShortCode, 8
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|a| char::from(*a) == c)
}

/// The weighted sum modulo 31 of a code's values: the last weighs 1, the one before it 2, and so on.
fn remainder(values: impl DoubleEndedIterator<Item = usize>) -> usize {
    (1..).zip(values.rev()).map(|(weight, value): (usize, usize)| weight * value).sum::<usize>() % 31
}

fn draw(bytes: [u8; 16], data: usize) -> String {
    let mut rest = u128::from_be_bytes(bytes);
    let mut values = Vec::with_capacity(data + 1);
    for _ in 0..data {
        // The remainder of a division by 31 fits any integer.
        values.push((rest % 31) as usize);
        rest /= 31;
    }
    let open = remainder(values.iter().copied().chain([0]).collect::<Vec<_>>().into_iter());
    values.push((31 - open) % 31);
    values.into_iter().map(|v| char::from(ALPHABET[v])).collect()
}

fn parse(input: &str, expected: usize) -> Result<String, SignCodeError> {
    let plain = plain_code(input);
    let found = plain.chars().count();
    if found != expected {
        return Err(SignCodeError::Length { found, expected });
    }
    let mut values = Vec::with_capacity(expected);
    for (position, found) in (1..).zip(plain.chars()) {
        values.push(value(found).ok_or(SignCodeError::Letter { position, found })?);
    }
    if remainder(values.into_iter()) == 0 { Ok(plain) } else { Err(SignCodeError::Check) }
}

/// The text in groups of `size` characters joined by hyphens. The text is ASCII.
fn groups(text: &str, size: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(size).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests;
