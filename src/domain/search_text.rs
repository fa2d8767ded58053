//! What a search for an enterprise looks at: its name, the name in pinyin and by initials, its address and its credit code.
//!
//! Inspectors type what is quickest on a phone: `cqcl` for 重庆长岭, `changling`, a part of the name, or the last digits of the code.

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

/// The text that a search looks at, in lower case: name, pinyin, initials, address and credit code, with spaces between.
#[must_use]
pub fn search_text(name: &str, address: &str, uscc: &str) -> String {
    let (full, initials) = pinyin(name);
    format!("{name} {full} {initials} {address} {uscc}").to_lowercase()
}

/// A name in pinyin without tones and spaces, and by its initials. What is no Chinese character stays as it is.
fn pinyin(name: &str) -> (String, String) {
    let (mut full, mut initials) = (String::new(), String::new());
    let mut add = |syllable: &str| {
        full.push_str(syllable);
        initials.extend(syllable.chars().next());
    };
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if let Some((word, syllables)) = READINGS.iter().find(|(word, _)| rest.starts_with(word)) {
            syllables.iter().copied().for_each(&mut add);
            rest = &rest[word.len()..];
            continue;
        }
        match c.to_pinyin() {
            Some(pinyin) => add(pinyin.plain()),
            None if c.is_alphanumeric() => add(c.encode_utf8(&mut [0; 4])),
            None => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    (full, initials)
}

#[cfg(test)]
mod tests {
    use super::search_text;

    #[test]
    fn a_name_is_found_by_pinyin_initials_parts_and_code() {
        let text = search_text("重庆长岭ABC商贸（集团）有限公司", "石杨路103号", "91500107MAYPBPC761");
        for typed in ["长岭", "chongqingchangling", "cqclabcsm", "changlingabcshangmao", "石杨路103", "pc761", "abc"]
        {
            assert!(text.contains(typed), "{typed} in {text}");
        }
        assert_eq!(text, text.to_lowercase());
    }
}
