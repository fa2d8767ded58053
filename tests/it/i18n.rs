//! Both languages have every message that pages and mails use, with the same values in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Key to the names of its values, over all files of a language.
fn catalogue(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for path in files(Path::new("locales").join(tag).as_path()) {
        let mut key = String::new();
        for line in fs::read_to_string(&path).expect("a readable file").lines() {
            if let Some((name, _)) = line.split_once('=').filter(|(name, _)| is_key(name.trim_end())) {
                name.trim_end().clone_into(&mut key);
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} is twice in {tag}");
            }
            for value in line.split('$').skip(1) {
                let name: String =
                    value.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '-').collect();
                found.get_mut(&key).expect("a value stands in a message").insert(name);
            }
        }
    }
    found
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// Keys that are written out in templates and sources: `t("…")`, `t1("…"`, `ta("…"` and so on.
fn used() -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for path in files(Path::new("templates")).into_iter().chain(files(Path::new("src"))) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        for call in ["t(", "t1(", "t2(", "t3(", "ta("] {
            for (at, _) in text.match_indices(call) {
                let before = text[..at].chars().next_back();
                let Some(rest) = text[at + call.len()..].trim_start().strip_prefix('"') else { continue };
                let key = rest.split('"').next().unwrap_or_default();
                if before == Some('.') && is_key(key) {
                    found.insert(key.to_owned(), path.clone());
                }
            }
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_values() {
    let (zh, en) = (catalogue("zh-CN"), catalogue("en"));
    let differing: Vec<&String> = zh.keys().chain(en.keys()).filter(|key| zh.get(*key) != en.get(*key)).collect();
    assert!(differing.is_empty(), "missing in one language, or with other values: {differing:?}");
}

#[test]
fn every_key_that_is_used_has_words() {
    let zh = catalogue("zh-CN");
    let missing: Vec<_> = used().into_iter().filter(|(key, _)| !zh.contains_key(key)).collect();
    assert!(missing.is_empty(), "no words for: {missing:?}");
    assert!(used().len() > 10, "the scan finds nothing any more");
}

/// What the audit records, written out in sources as `"kind.act"`; records' `entered` and `changed` are put together from kind and act.
fn acts() -> BTreeSet<String> {
    let mut found: BTreeSet<String> = ["agency", "enterprise", "inspector", "matter", "site"]
        .iter()
        .flat_map(|kind| [format!("{kind}.entered"), format!("{kind}.changed")])
        .collect();
    for path in files(Path::new("src/actions")) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let literals = text.split('"').skip(1).step_by(2).filter(|_| text.contains("audit::"));
        let act = |text: &&str| {
            text.split_once('.').is_some_and(|(kind, act)| {
                let plain = |part: &str| {
                    !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '-')
                };
                plain(kind) && plain(act) && !["pdf", "json", "key", "csv", "zip"].contains(&act)
            })
        };
        found.extend(literals.filter(act).map(str::to_owned));
    }
    found
}

#[test]
fn everything_that_the_audit_records_has_words() {
    let (zh, acts) = (catalogue("zh-CN"), acts());
    let key = |act: &String| format!("audit-{}", act.replace(['.', '_'], "-"));
    let missing: Vec<_> = acts.iter().filter(|act| !zh.contains_key(&key(act))).collect();
    assert!(missing.is_empty(), "no words for: {missing:?}");
    assert!(acts.len() > 60, "the scan finds {} only", acts.len());
}

/// The words of a language with their keys, without comments.
fn words(tag: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for path in files(Path::new("locales").join(tag).as_path()) {
        for line in fs::read_to_string(&path).expect("a readable file").lines().filter(|line| !line.starts_with('#')) {
            match line.split_once('=').filter(|(key, _)| is_key(key.trim_end())) {
                Some((key, words)) => all.push((key.trim_end().to_owned(), words.to_owned())),
                None => all.last_mut().into_iter().for_each(|(_, words)| words.push_str(line)),
            }
        }
    }
    all
}

#[test]
fn one_thing_has_one_word() {
    for (key, words) in words("zh-CN") {
        assert!(!words.contains("监督员") && !words.contains("监督人员"), "{key}: supervisors are 督查人员");
        let inspectors = ["agency-pin", "enrol-", "join-", "pin-", "err-pin-", "people-reset", "invite-hint"];
        let pin = inspectors.iter().any(|prefix| key.starts_with(prefix));
        assert!(!pin || !words.contains("密码"), "{key}: an inspector has a PIN 码");
    }
    for (key, words) in words("en") {
        let lower = words.to_lowercase();
        // The word of the law for whoever gives an order.
        assert!(key == "exemption-e05" || !lower.contains("authorit"), "{key}: an agency");
        assert!(!lower.contains("exception"), "{key}: an exemption");
        assert!(
            !words.contains("}th") && !words.contains("}st") && !words.contains("}nd"),
            "{key}: no ordinals of numbers"
        );
    }
}
