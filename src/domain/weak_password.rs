//! Passwords that are guessed first: the commonest of leaks, and those made of words that everybody here knows.

use super::search_text::readings;
use unicode_normalization::UnicodeNormalization as _;

/// The commonest passwords of eight and more characters, one a line.
const COMMON: &str = include_str!("common-passwords.txt");

/// Words of the product and its roles, in small letters.
const OURS: &[&str] = &[
    "码上报备",
    "mashangbaobei",
    "mashang",
    "督查人员",
    "监督员",
    "联络员",
    "经办员",
    "管理员",
    "jianduyuan",
    "lianluoyuan",
    "jingbanyuan",
    "guanliyuan",
    "supervisor",
    "administrator",
    "operator",
    "liaison",
    "admin",
    "password",
    "passwd",
    "密码",
    "mima",
];

/// A known word of fewer letters is in too many passwords by chance.
const WORD_MIN: usize = 2;

/// So many characters must be left when the known words are taken out.
const LEFT_MIN: usize = 8;

/// So many characters behind a common password make no other of it: `football1!`.
const BEHIND_MAX: usize = 3;

/// Whether a password is one of the commonest, capital letters or not, or one with little behind it.
#[must_use]
pub fn is_common(password: &str) -> bool {
    let password = plain(password);
    let behind = |line: &str| password.strip_prefix(line).is_some_and(|rest| rest.chars().count() <= BEHIND_MAX);
    lines().any(behind)
}

fn lines() -> impl Iterator<Item = &'static str> {
    COMMON.lines().filter(|line| !line.starts_with("# "))
}

/// Whether little is left of a password without the words of the product and `known` ones: the district, also without 区, 县 or 市 and in
/// pinyin, the person's address and name. A long sentence with such a word in it is none of them.
#[must_use]
pub fn is_of_known_words(password: &str, known: &[&str]) -> bool {
    let password = plain(password);
    let mut words: Vec<String> = OURS.iter().map(|word| (*word).to_owned()).collect();
    for text in known {
        let text = plain(text);
        let (before_at, _) = text.split_once('@').unwrap_or((&text, ""));
        for word in [before_at, text.trim_end_matches(['区', '县', '市'])] {
            words.push(word.to_owned());
            words.extend(readings(word).iter().map(|syllables| syllables.concat().to_lowercase()));
        }
        words.push(text);
    }
    words.retain(|word| word.chars().count() >= WORD_MIN);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    let mut left = password.clone();
    for word in &words {
        left = left.replace(word.as_str(), "");
    }
    left != password && left.chars().count() < LEFT_MIN
}

fn plain(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_are_known_in_any_case_and_there_are_more_than_3000() {
        assert!(lines().count() > 3000);
        assert!(lines().all(|line| line.len() >= 8 && plain(line) == line), "as they are compared");
        for common in ["1234567890", "qwertyuiop", "QwertyUIOP", "1q2w3e4r5t", "Football1!", "１２３４５６７８９０"]
        {
            assert!(is_common(common), "{common}");
        }
        for rare in ["first day at the office", "正确的马电池订书钉", "# Passwords that leaks"] {
            assert!(!is_common(rare), "{rare}");
        }
    }

    #[test]
    fn words_of_product_roles_district_and_person_make_no_password() {
        let known = ["金岭坡区", "zhoumin@jlp.gov.cn", "周敏"];
        for weak in [
            "mashang2026",
            "Mashang@2026",
            "administrator",
            "管理员管理员管理员2026",
            "jinlingpo2026",
            "JinLingPo-2026",
            "金岭坡区金岭坡区123",
            "zhoumin19900",
            "周敏周敏周敏周敏周敏",
            "Password2026!",
        ] {
            assert!(is_of_known_words(weak, &known), "{weak}");
        }
        for good in [
            "the administrator walks home",
            "first day at the office",
            "秋天的金岭坡区有很多红叶和风",
            "qz7-plume-ladder",
        ] {
            assert!(!is_of_known_words(good, &known), "{good}");
        }
    }
}
