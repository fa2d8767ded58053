//! What an import would do: which objects are new, which change, which rows are not taken.

use super::problem::{Problem, Rejection};
use super::record::Listed;
use super::row_reader::rejection;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// An object that is new or changes.
#[derive(Clone, Debug)]
pub struct Change<T> {
    /// The row that says so; 0 for what is not in the file.
    pub row: u32,
    /// As it is stored, and whether it is active; `None` if it is new.
    pub before: Option<(T, bool)>,
    /// As it will be; active.
    pub after: T,
}

/// An object that stays as it is stored: the file says the same, or does not have it.
#[derive(Clone, Debug)]
pub struct Same {
    /// The row that says so; 0 for what is not in the file.
    pub row: u32,
    /// The object's name.
    pub name: String,
    /// What it is known by.
    pub key: String,
}

/// What an import would do to one registry.
#[derive(Clone, Debug)]
pub struct Plan<T> {
    /// New and changed objects, in the order in which they have to be written.
    pub changes: Vec<Change<T>>,
    /// Rows that say what is stored already.
    pub unchanged: Vec<Same>,
}

impl<T> Default for Plan<T> {
    fn default() -> Self {
        Self { changes: Vec::new(), unchanged: Vec::new() }
    }
}

impl<T: PartialEq + Listed> Plan<T> {
    /// Adds what a row asks for: the object as it is stored and whether it is active, and as it shall be.
    pub fn add(&mut self, row: u32, before: Option<(T, bool)>, after: T) {
        if before.as_ref().is_some_and(|(before, active)| *active && *before == after) {
            self.unchanged.push(Same { row, name: after.name().to_owned(), key: after.key() });
        } else {
            self.changes.push(Change { row, before, after });
        }
    }
}

/// A row that was read without a fault.
#[derive(Clone, Debug)]
pub struct Parsed<R> {
    /// Its number.
    pub number: u32,
    /// What it says.
    pub value: R,
}

/// Takes out all rows that share a key with another one: which of them is right cannot be known. Each names the others.
pub fn without_duplicates<R, K: Eq + Hash>(
    rows: Vec<Parsed<R>>,
    rejected: &mut Vec<Rejection>,
    column: &str,
    key: impl Fn(&R) -> K,
    shown: impl Fn(&R) -> &str,
) -> Vec<Parsed<R>> {
    let mut numbers: HashMap<K, Vec<u32>> = HashMap::new();
    for row in &rows {
        numbers.entry(key(&row.value)).or_default().push(row.number);
    }
    let (mut kept, mut repeated) = (Vec::with_capacity(rows.len()), HashSet::new());
    for row in rows {
        let all = numbers.get(&key(&row.value)).map_or(&[][..], Vec::as_slice);
        if all.len() < 2 {
            kept.push(row);
        } else if repeated.insert(row.number) {
            let others: Vec<String> = all.iter().filter(|n| **n != row.number).take(5).map(u32::to_string).collect();
            let problem = Problem::new("duplicate").with("rows", others.join("、"));
            rejected.push(rejection(row.number, column, shown(&row.value), problem));
        }
    }
    kept
}

/// The name that was probably meant: the only one that contains `typed`, is contained in it, or differs in one or two characters.
#[must_use]
pub fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = |name: &str| {
        let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), name.chars().collect());
        a.len() > 1 && (name.contains(typed) || typed.contains(name) || (a.len() > 3 && distance(&a, &b) <= 2))
    };
    let mut found = names.filter(|name| near(name));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// How many characters have to be changed, added or left out.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

/// What differs between two objects of JSON: each field with what it was and what it is.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Value {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return Value::Null };
    let mut changed = Map::new();
    for (name, now) in after {
        let was = before.get(name).unwrap_or(&Value::Null);
        if was != now {
            changed.insert(name.clone(), json!([was, now]));
        }
    }
    Value::Object(changed)
}

#[cfg(test)]
mod tests {
    use super::{differences, nearest};
    use serde_json::json;

    #[test]
    fn only_one_near_name_is_suggested() {
        let names = ["区生态环境局", "区应急管理局", "区城市管理局"];
        assert_eq!(nearest("生态环境局", names.into_iter()), Some("区生态环境局"));
        assert_eq!(nearest("区生态环镜局", names.into_iter()), Some("区生态环境局"));
        assert_eq!(nearest("管理局", names.into_iter()), None, "two are as near");
        assert_eq!(nearest("区税务局", ["税务总站"].into_iter()), None);
    }

    #[test]
    fn differences_name_what_was_and_what_is() {
        let found = differences(&json!({"a": 1, "b": 2}), &json!({"a": 1, "b": 3}));
        assert_eq!(found, json!({"b": [2, 3]}));
    }
}
