//! The order in which signs are carried to their units: by town, then along the street by house number, then by name.

use std::cmp::Ordering;
use std::iter::Peekable;

/// Where a sign is carried to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Town or street office (镇街).
    pub town: String,
    /// Address.
    pub address: String,
    /// Name of the unit.
    pub name: String,
    /// Running number of the sign, for several of one unit.
    pub serial: String,
}

/// The order of two stops.
#[must_use]
pub fn compare(a: &Stop, b: &Stop) -> Ordering {
    natural(&a.town, &b.town)
        .then_with(|| natural(&a.address, &b.address))
        .then_with(|| natural(&a.name, &b.name))
        .then_with(|| a.serial.cmp(&b.serial))
}

/// Texts in the order in which people read them: 8号 before 12号. Digits of full width count as digits.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => {
                let order = if digit(x).is_some() && digit(y).is_some() {
                    let (x, y) = (number(&mut a), number(&mut b));
                    x.len().cmp(&y.len()).then_with(|| x.cmp(&y))
                } else {
                    a.next();
                    b.next();
                    x.cmp(&y)
                };
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// Takes the digits at the front, without leading zeros.
fn number(chars: &mut Peekable<std::str::Chars<'_>>) -> String {
    let mut digits = String::new();
    while let Some(digit) = chars.peek().copied().and_then(digit) {
        chars.next();
        if !(digits.is_empty() && digit == '0') {
            digits.push(digit);
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn house_numbers_are_in_the_order_of_the_street() {
        let mut addresses =
            ["建设路12号", "建设路8号", "建设路１０号", "建设路8号2栋", "解放路1号", "建设路08号附10", "建设路8号附9"];
        addresses.sort_by(|a, b| natural(a, b));
        assert_eq!(
            addresses,
            ["建设路8号", "建设路8号2栋", "建设路8号附9", "建设路08号附10", "建设路１０号", "建设路12号", "解放路1号"]
        );
    }

    #[test]
    fn the_town_comes_first_and_the_running_number_last() {
        let stop = |town: &str, address: &str, name: &str, serial: &str| Stop {
            town: town.to_owned(),
            address: address.to_owned(),
            name: name.to_owned(),
            serial: serial.to_owned(),
        };
        let ordered = [
            stop("禾口镇", "9号", "乙", "2026-000009"),
            stop("禾口镇", "10号", "丙", "2026-000001"),
            stop("禾口镇", "10号", "丙", "2026-000002"),
            stop("长岭镇", "1号", "甲", "2026-000003"),
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(&pair[0], &pair[1]), Ordering::Less);
        }
    }
}
