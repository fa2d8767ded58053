//! Numbers of enforcement certificates (执法证号), read in one way wherever they are typed: in a file, a form, a request or a history.
//!
//! The plain form is half-width, in capital letters, without white space: 渝a 123－4 is 渝A123-4.

use super::text;

/// The most characters of a number.
pub const MAX: usize = 40;

/// The fewest that a registry takes over from a file.
const SHORTEST: usize = 4;

/// In so many groups a number is written at most.
const MOST_GROUPS: usize = 8;

/// A number as a registry takes it over; `None` if it is none.
#[must_use]
pub fn parse(typed: &str) -> Option<String> {
    compact(typed).filter(|number| number.chars().count() >= SHORTEST)
}

/// A number in its plain form. What cannot be one stays as it was typed: a filing names whom it names.
#[must_use]
pub fn plain(typed: &str) -> String {
    let typed = text::line(typed, MAX).unwrap_or_else(|_| typed.trim().to_owned());
    compact(&typed).unwrap_or(typed)
}

/// The numbers in one field, each once. Commas, semicolons, slashes, 顿号 and line breaks stand between them; a space does as well, unless what it
/// parts is one number that is `known`.
#[must_use]
pub fn listed(typed: &str, known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for entry in typed.split(['\n', '\r', ',', ';', '，', '；', '、', '/', '／']) {
        let groups: Vec<&str> = entry.split_whitespace().collect();
        let mut rest = groups.as_slice();
        while let [first, ..] = rest {
            let (number, taken) = leading(rest, &known).unwrap_or_else(|| (plain(first), 1));
            rest = &rest[taken..];
            if !number.is_empty() && !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }
    numbers
}

/// The longest known number that these groups begin with, and how many of them it takes.
fn leading(groups: &[&str], known: impl Fn(&str) -> bool) -> Option<(String, usize)> {
    let mut joined = String::new();
    let mut longest = None;
    for (taken, group) in (1..=MOST_GROUPS).zip(groups) {
        joined.push_str(group);
        let number = plain(&joined);
        if known(&number) {
            longest = Some((number, taken));
        }
    }
    longest
}

/// The plain form of what consists of letters, digits and the signs that certificates carry.
fn compact(typed: &str) -> Option<String> {
    let compact: String = text::half_width(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_uppercase();
    let fits = (1..=MAX).contains(&compact.chars().count())
        && compact.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '(' | ')' | '〔' | '〕'));
    fits.then_some(compact)
}

#[cfg(test)]
mod tests;
