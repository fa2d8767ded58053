//! What a search for an enterprise looks at: its name, the name in pinyin and by initials, its address and its credit code.
//!
//! Inspectors type what is quickest on a phone: `cqcl` for 重庆长岭, `changling`, a part of the name, or the last digits of the code.

use super::text::half_width;
use pinyin::ToPinyin as _;

/// Words in which a character is read otherwise than most often.
const READINGS: &[(&str, &[&str])] = &[
    ("重庆", &["chong", "qing"]),
    ("银行", &["yin", "hang"]),
    ("商行", &["shang", "hang"]),
    ("车行", &["che", "hang"]),
    ("厦门", &["xia", "men"]),
    ("大厦", &["da", "sha"]),
    ("长", &["chang"]),
    ("朝阳", &["chao", "yang"]),
    ("都", &["du"]),
    ("乐器", &["yue", "qi"]),
    ("音乐", &["yin", "yue"]),
];

/// A name by the syllables of its characters; what is no Chinese character stands for itself.
pub type Syllables = Vec<String>;

/// The text that a search looks at, in lower case: name, pinyin, initials, address and credit code, with spaces between.
#[must_use]
pub fn search_text(name: &str, address: &str, uscc: &str) -> String {
    let syllables = syllables(name, READINGS);
    format!("{name} {} {} {address} {uscc}", syllables.concat(), initials(&syllables)).to_lowercase()
}

/// The readings of a name: as its words are read, and character by character where that differs (重庆 is typed as `zhongqing`, too).
#[must_use]
pub fn readings(name: &str) -> Vec<Syllables> {
    let by_words = syllables(name, READINGS);
    let by_characters = syllables(name, &[]);
    if by_words == by_characters { vec![by_words] } else { vec![by_words, by_characters] }
}

/// The first letters of syllables.
#[must_use]
pub fn initials(syllables: &Syllables) -> String {
    syllables.iter().filter_map(|syllable| syllable.chars().next()).collect()
}

/// A text as it is compared: half width, lower case, letters and digits only, of any script.
#[must_use]
pub fn fold(text: &str) -> String {
    half_width(text).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The syllables of a name, its words read as `words` says. What is neither letter nor digit is left out.
fn syllables(name: &str, words: &[(&str, &[&str])]) -> Syllables {
    let mut all = Vec::new();
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if let Some((word, syllables)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
            all.extend(syllables.iter().map(|syllable| (*syllable).to_owned()));
            rest = &rest[word.len()..];
            continue;
        }
        if let Some(pinyin) = c.to_pinyin() {
            all.push(pinyin.plain().to_owned());
        } else {
            let folded = fold(c.encode_utf8(&mut [0; 4]));
            all.extend((!folded.is_empty()).then_some(folded));
        }
        rest = &rest[c.len_utf8()..];
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{fold, initials, readings, search_text};

    #[test]
    fn a_name_is_found_by_pinyin_initials_parts_and_code() {
        let text = search_text("重庆长岭ABC商贸（集团）有限公司", "石杨路103号", "91500107MAYPBPC761");
        for typed in ["长岭", "chongqingchangling", "cqclabcsm", "changlingabcshangmao", "石杨路103", "pc761", "abc"]
        {
            assert!(text.contains(typed), "{typed} in {text}");
        }
        assert_eq!(text, text.to_lowercase());
    }

    #[test]
    fn a_word_with_two_readings_has_both() {
        let read: Vec<String> = readings("重庆长岭").iter().map(|syllables| syllables.concat()).collect();
        assert_eq!(read, ["chongqingchangling", "zhongqingzhangling"]);
        assert_eq!(readings("禾味食品厂").len(), 1);
    }

    #[test]
    fn a_character_without_pinyin_stands_for_itself() {
        assert_eq!(initials(&readings("𠮷A１禾")[0]), "𠮷a1h");
        assert_eq!(fold("（重庆）ＡＢＣ—１ 号"), "重庆abc1号");
    }
}
