//! By which keys an enterprise is found, and which keys words that were typed ask for.
//!
//! A key is a run of one to three characters. Any text of two Chinese characters or three letters is found by one key exactly; of longer
//! ones every run must be there, and what is found is compared once more with the words. So a search costs what its answer is
//! long, however common its words are, and needs nothing of a database but equality.

use super::search_text::{fold, initials, readings};
use std::collections::BTreeSet;

/// Where a key was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Name, address, pinyin, initials.
    Text,
    /// Credit code.
    Code,
}

impl Kind {
    /// The stable code that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "t",
            Self::Code => "u",
        }
    }
}

/// The longest run.
const LONGEST: usize = 3;

/// So many keys of a term are looked up; the comparison settles the rest.
const MOST_KEYS: usize = 12;

/// So many terms are searched for, and so many characters of each.
const MOST_TERMS: usize = 4;
const MOST_CHARACTERS: usize = 40;

/// Fewer characters of a credit code are not looked for.
const SHORTEST_CODE: usize = 4;

/// One to three characters in one number: so that millions of them are compared and sorted quickly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Where it was taken from.
    pub kind: Kind,
    packed: u64,
}

impl Key {
    /// A key of at most three characters; further ones are left out.
    #[must_use]
    pub fn new(kind: Kind, run: &[char]) -> Self {
        let packed = run.iter().take(LONGEST).fold(0, |packed, c| (packed << 21) | u64::from(u32::from(*c)));
        Self { kind, packed }
    }

    /// The characters.
    #[must_use]
    pub fn text(self) -> String {
        let part = |shift: u32| char::from_u32(u32::try_from((self.packed >> shift) & 0x1f_ffff).unwrap_or_default());
        [42, 21, 0].into_iter().filter_map(part).filter(|c| *c != '\0').collect()
    }
}

/// What a search looks at of one enterprise.
#[derive(Clone, Debug)]
pub struct Document {
    texts: Vec<String>,
    code: String,
}

impl Document {
    /// Reads an enterprise.
    #[must_use]
    pub fn new(name: &str, address: &str, uscc: &str) -> Self {
        let mut texts = vec![fold(name), fold(address)];
        for syllables in readings(name) {
            texts.push(syllables.concat());
            texts.push(initials(&syllables));
        }
        Self { texts, code: fold(uscc) }
    }

    /// The keys by which an enterprise is found, each once, in order.
    #[must_use]
    pub fn keys(name: &str, address: &str, uscc: &str) -> Vec<Key> {
        let mut keys = Vec::with_capacity(256);
        for text in [fold(name), fold(address)] {
            add_runs(&mut keys, &text);
        }
        for syllables in readings(name) {
            add_runs(&mut keys, &initials(&syllables));
            let letters: Vec<char> = syllables.concat().chars().collect();
            keys.extend(letters.windows(LONGEST).filter(|run| plain(run)).map(|run| Key::new(Kind::Text, run)));
            // The beginning of a syllable is typed on the way to its end.
            for syllable in &syllables {
                let start: Vec<char> = syllable.chars().take(2).collect();
                keys.push(Key::new(Kind::Text, &start));
            }
        }
        let code: Vec<char> = fold(uscc).chars().collect();
        keys.extend(code.windows(2).map(|run| Key::new(Kind::Code, run)));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Every single character, every pair, and every three letters or digits of a text.
fn add_runs(keys: &mut Vec<Key>, text: &str) {
    let text: Vec<char> = text.chars().collect();
    keys.extend(text.iter().map(|c| Key::new(Kind::Text, &[*c])));
    keys.extend(text.windows(2).map(|run| Key::new(Kind::Text, run)));
    keys.extend(text.windows(LONGEST).filter(|run| plain(run)).map(|run| Key::new(Kind::Text, run)));
}

fn plain(run: &[char]) -> bool {
    run.iter().all(char::is_ascii_alphanumeric)
}

/// Words that were typed: each term must be found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Words {
    terms: Vec<String>,
}

/// All keys of one set must be there.
pub type KeySet = Vec<Key>;

impl Words {
    /// Reads what was typed; `None` if no letter, digit or character is in it.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut terms: Vec<String> = typed
            .split_whitespace()
            .map(|term| fold(term).chars().take(MOST_CHARACTERS).collect())
            .filter(|term: &String| !term.is_empty())
            .take(MOST_TERMS)
            .collect();
        terms.dedup();
        (!terms.is_empty()).then_some(Self { terms })
    }

    /// For each term the sets of keys of which one must be there whole.
    #[must_use]
    pub fn lookups(&self) -> Vec<Vec<KeySet>> {
        self.terms.iter().map(|term| lookups(term)).collect()
    }

    /// Whether one key says everything about each term, so that whoever has the keys has the words.
    #[must_use]
    pub fn exact(&self) -> bool {
        self.terms.iter().all(|term| term.chars().count() <= 2)
    }

    /// Whether an enterprise has all terms.
    #[must_use]
    pub fn found_in(&self, document: &Document) -> bool {
        self.terms.iter().all(|term| {
            document.texts.iter().any(|text| text.contains(term.as_str()))
                || (term.len() >= SHORTEST_CODE
                    && term.contains(|c: char| c.is_ascii_digit())
                    && document.code.contains(term.as_str()))
        })
    }
}

fn lookups(term: &str) -> Vec<KeySet> {
    let chars: Vec<char> = term.chars().collect();
    let letters = plain(&chars);
    let longest = if letters { LONGEST } else { 2 };
    if chars.len() <= longest {
        return vec![vec![Key::new(Kind::Text, &chars)]];
    }
    let mut sets = vec![thinned(chars.windows(longest).map(|run| Key::new(Kind::Text, run)).collect())];
    // Of a credit code nobody types letters alone.
    if letters && chars.len() >= SHORTEST_CODE && chars.iter().any(char::is_ascii_digit) {
        sets.push(thinned(chars.windows(2).map(|run| Key::new(Kind::Code, run)).collect()));
    }
    sets
}

/// At most so many keys, taken evenly from all.
fn thinned(keys: BTreeSet<Key>) -> KeySet {
    let step = keys.len().div_ceil(MOST_KEYS).max(1);
    keys.into_iter().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::{Document, Key, Kind, Words};
    use rstest::rstest;

    const NAME: &str = "重庆长岭ABC商贸（集团）有限公司";
    const ADDRESS: &str = "九龙坡区石杨路103号";
    const USCC: &str = "91500107MAYPBPC761";

    fn found(typed: &str) -> bool {
        let words = Words::parse(typed).expect("words");
        let keys = Document::keys(NAME, ADDRESS, USCC);
        let by_keys =
            words.lookups().iter().all(|sets| sets.iter().any(|set| set.iter().all(|k| keys.binary_search(k).is_ok())));
        let compared = words.found_in(&Document::new(NAME, ADDRESS, USCC));
        if compared && typed.chars().count() > 1 {
            assert!(by_keys, "{typed} is in the text but not found by its keys");
        }
        by_keys && compared
    }

    #[rstest]
    fn typed_words_are_found(
        #[values(
            "长",
            "岭",
            "公司",
            "长岭",
            "商贸集团",
            "（集团）有限",
            "重庆长岭ABC",
            "ABC商贸",
            "a",
            "ab",
            "c",
            "cq",
            "cqcl",
            "cqclabc",
            "chongqing",
            "zhongqing",
            "changling",
            "changl",
            "chan",
            "ch",
            "shangmao",
            "gs",
            "yxgs",
            "石杨路103",
            "103",
            "PC761",
            "YPBPC761",
            "91500107MAYPBPC761",
            "9150",
            "\u{ff43}\u{ff51}\u{ff43}\u{ff4c}",
            "长岭 石杨路",
            "cqcl 103"
        )]
        typed: &str,
    ) {
        assert!(found(typed), "{typed}");
    }

    #[rstest]
    fn other_words_are_not(
        #[values("岭长", "长安", "cqca", "ling长", "xyz", "PC762", "司公", "长岭 长安", "有限庆", "761号")] typed: &str,
    ) {
        assert!(!found(typed), "{typed}");
    }

    #[test]
    fn signs_alone_are_no_words() {
        assert_eq!(Words::parse(" （%_） "), None);
        assert_eq!(Words::parse(""), None);
    }

    #[test]
    fn a_key_is_what_it_was_made_of() {
        for run in ["a", "䶮㙟", "𠮷a1"] {
            let chars: Vec<char> = run.chars().collect();
            assert_eq!(Key::new(Kind::Text, &chars).text(), run);
        }
    }
}
