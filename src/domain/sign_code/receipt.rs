//! Receipt numbers: what a person writes down or photographs, and types again to look up what became of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::text::plain_code;

use super::groups;

/// The number of digits, the check digit included.
const LEN: usize = 16;

/// The totally anti-symmetric quasigroup of order 10 of H. Michael Damm, "Total anti-symmetrische Quasigruppen" (2004):
/// its check digit catches every single wrong digit and every swap of neighbours.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// The number on a receipt: 15 random digits (49.8 bits) and a check digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptNumber(String);

/// Why a text is no receipt number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptNumberError {
    /// Too few or too many digits.
    #[error("a receipt number has 16 digits, this has {found}")]
    Length {
        /// The number of characters without spaces and hyphens.
        found: usize,
    },
    /// Something else than a digit.
    #[error("character {position} must be a digit, not {found:?}")]
    NotDigit {
        /// The character's position, counted from 1, without spaces and hyphens.
        position: usize,
        /// The character.
        found: char,
    },
    /// The check digit does not fit: some digit is mistyped or two are swapped.
    #[error("the check digit does not fit; some digit is mistyped")]
    Check,
}

impl ReceiptNumber {
    /// A number from 16 random bytes. The same bytes give the same number.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> ReceiptNumber {
        let number = u128::from_be_bytes(bytes) % 10_u128.pow(15);
        let data = format!("{number:015}");
        let check = char::from(b'0' + interim(&data));
        ReceiptNumber(data + check.encode_utf8(&mut [0; 1]))
    }

    /// Reads a number as it is typed: full-width digits, spaces and hyphens are forgiven.
    ///
    /// # Errors
    ///
    /// [`ReceiptNumberError`]: the length, else the first character that is no digit, else the check.
    pub fn parse(input: &str) -> Result<ReceiptNumber, ReceiptNumberError> {
        let plain = plain_code(input);
        let found = plain.chars().count();
        if found != LEN {
            return Err(ReceiptNumberError::Length { found });
        }
        if let Some((position, found)) = (1..).zip(plain.chars()).find(|(_, c)| !c.is_ascii_digit()) {
            return Err(ReceiptNumberError::NotDigit { position, found });
        }
        if interim(&plain) == 0 { Ok(ReceiptNumber(plain)) } else { Err(ReceiptNumberError::Check) }
    }

    /// The 16 digits without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits in groups of four, joined by spaces.
    #[must_use]
    pub fn display_groups(&self) -> String {
        groups(&self.0, 4).replace('-', " ")
    }
}

/// Damm's interim digit after all digits: the check digit of a text without it, 0 for a valid text with it.
fn interim(digits: &str) -> u8 {
    digits.bytes().fold(0, |row, digit| DAMM[usize::from(row)][usize::from(digit - b'0')])
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows the first four digits only, so that no log gives the number away.
impl fmt::Debug for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiptNumber({}…)", &self.0[..4])
    }
}

impl std::str::FromStr for ReceiptNumber {
    type Err = ReceiptNumberError;

    fn from_str(text: &str) -> Result<ReceiptNumber, ReceiptNumberError> {
        ReceiptNumber::parse(text)
    }
}

impl TryFrom<String> for ReceiptNumber {
    type Error = ReceiptNumberError;

    fn try_from(text: String) -> Result<ReceiptNumber, ReceiptNumberError> {
        ReceiptNumber::parse(&text)
    }
}

impl From<ReceiptNumber> for String {
    fn from(number: ReceiptNumber) -> String {
        number.0
    }
}
