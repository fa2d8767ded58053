//! As much of CBOR (RFC 8949) as an authenticator's answer has: whole numbers, bytes, texts, lists and maps of a length that is told (CTAP2's
//! canonical form). Of strangers' bytes nothing deeper than [`DEPTH`] is read, and nothing is reserved for what is not there.

/// How deep lists and maps may lie in each other.
const DEPTH: u8 = 6;

/// A value. Numbers with a point, `true`, `null` and the like are skipped: nothing here rests on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text.
    Text(&'a str),
    /// A list.
    List(Vec<Self>),
    /// Keys and values in order.
    Map(Vec<(Self, Self)>),
    /// Anything else.
    Other,
}

impl<'a> Value<'a> {
    /// The value of a key of a map; `None` also where the key is there twice.
    #[must_use]
    pub fn get(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        let Self::Map(entries) = self else { return None };
        let mut found = entries.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    }

    /// The bytes of a key of a map.
    #[must_use]
    pub fn bytes(&self, key: &Value<'_>) -> Option<&'a [u8]> {
        match self.get(key)? {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The whole number of a key of a map.
    #[must_use]
    pub fn int(&self, key: &Value<'_>) -> Option<i64> {
        match self.get(key)? {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
}

/// The first value of `bytes`, and what follows it.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    item(bytes, DEPTH)
}

fn item(bytes: &[u8], depth: u8) -> Option<(Value<'_>, &[u8])> {
    let (&head, rest) = bytes.split_first()?;
    let (kind, short) = (head >> 5, head & 31);
    let (argument, rest) = match short {
        0..=23 => (u64::from(short), rest),
        24..=27 => {
            let (digits, rest) = rest.split_at_checked(1 << (short - 24))?;
            (digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)), rest)
        }
        _ => return None,
    };
    match kind {
        0 => Some((Value::Int(i64::try_from(argument).ok()?), rest)),
        1 => Some((Value::Int(-1 - i64::try_from(argument).ok()?), rest)),
        2 => {
            let (value, rest) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
            Some((Value::Bytes(value), rest))
        }
        3 => {
            let (value, rest) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
            Some((Value::Text(std::str::from_utf8(value).ok()?), rest))
        }
        4 => {
            let depth = depth.checked_sub(1)?;
            let (mut values, mut rest) = (Vec::new(), rest);
            for _ in 0..argument {
                let (value, after) = item(rest, depth)?;
                values.push(value);
                rest = after;
            }
            Some((Value::List(values), rest))
        }
        5 => {
            let depth = depth.checked_sub(1)?;
            let (mut entries, mut rest) = (Vec::new(), rest);
            for _ in 0..argument {
                let (key, after) = item(rest, depth)?;
                let (value, after) = item(after, depth)?;
                entries.push((key, value));
                rest = after;
            }
            Some((Value::Map(entries), rest))
        }
        7 => Some((Value::Other, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_read_as_the_rfc_has_them() {
        // RFC 8949, appendix A.
        assert_eq!(first(&[0x18, 0x64]), Some((Value::Int(100), &[][..])));
        assert_eq!(first(&[0x39, 0x03, 0xe7]), Some((Value::Int(-1000), &[][..])));
        assert_eq!(first(&[0x44, 1, 2, 3, 4, 9]), Some((Value::Bytes(&[1, 2, 3, 4]), &[9][..])));
        assert_eq!(first(&[0x62, 0xc3, 0xbc, 0xf4]), Some((Value::Text("ü"), &[0xf4][..])));
        assert_eq!(first(&[0xf5]), Some((Value::Other, &[][..])));
        let (map, rest) = first(&[0xa2, 0x01, 0x02, 0x20, 0x82, 0x02, 0x03]).expect("a map");
        assert!(rest.is_empty());
        assert_eq!(map.int(&Value::Int(1)), Some(2));
        assert_eq!(map.get(&Value::Int(-1)), Some(&Value::List(vec![Value::Int(2), Value::Int(3)])));
        assert_eq!(map.int(&Value::Int(-1)), None, "of another kind");
    }

    #[test]
    fn what_is_cut_off_endless_too_deep_or_there_twice_is_not_taken() {
        for wrong in [
            &[][..],
            &[0x44, 1, 2],
            &[0x5f, 0x41, 1, 0xff],
            &[0x9a, 0xff, 0xff, 0xff, 0xff],
            &[0xc1, 1],
            &[0x61, 0xff],
            &[0x1b, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert_eq!(first(wrong), None, "{wrong:?}");
        }
        assert_eq!(first(&[0x81; 100]), None);
        let (map, _) = first(&[0xa2, 0x01, 0x02, 0x01, 0x03]).expect("a map");
        assert_eq!(map.int(&Value::Int(1)), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some((_, rest)) = first(&bytes) {
                prop_assert!(rest.len() < bytes.len());
            }
        }
    }
}
