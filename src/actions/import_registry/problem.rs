//! What is wrong with a file or a row of it: a stable code with values, put into words in either language at the end.

use crate::i18n::Lang;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// The names of values that may stand in a message; they are stored with a preview.
const NAMES: [&str; 18] = [
    "column", "columns", "encoding", "expected", "found", "headers", "letter", "limit", "line", "max", "name",
    "position", "row", "rows", "value", "width", "sheet", "count",
];

/// Values that stand in the words of a message, by name.
type Values = Vec<(&'static str, String)>;

/// Something wrong, with a hint on what to do about it where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code: the key of the words is `import-CODE`.
    pub code: &'static str,
    values: Values,
    hint: Option<(&'static str, Values)>,
}

impl Problem {
    /// A problem without values or hint.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, values: Vec::new(), hint: None }
    }

    /// The same with a value in its words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The same with a hint; the key of its words is `import-hint-CODE`.
    #[must_use]
    pub fn hint(mut self, code: &'static str) -> Self {
        self.hint = Some((code, Vec::new()));
        self
    }

    /// The same with a value in the hint.
    #[must_use]
    pub fn hint_with(mut self, code: &'static str, name: &'static str, value: impl Display) -> Self {
        self.hint = Some((code, vec![(name, value.to_string())]));
        self
    }

    /// What is wrong, in words.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> String {
        words(lang, &format!("import-{}", self.code), &self.values)
    }

    /// What to do about it, in words.
    #[must_use]
    pub fn advice(&self, lang: Lang) -> Option<String> {
        self.hint.as_ref().map(|(code, values)| words(lang, &format!("import-hint-{code}"), values))
    }
}

fn words(lang: Lang, key: &str, values: &Values) -> String {
    let values: Vec<(&'static str, &dyn Display)> =
        values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
    lang.ta(key, &values)
}

/// A rejection as it is stored with a preview, to be put into words when it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The column, by its name in the file.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    code: String,
    values: Vec<(String, String)>,
    hint: Option<(String, Vec<(String, String)>)>,
}

impl From<&Rejection> for Fault {
    fn from(rejection: &Rejection) -> Self {
        let stored = |values: &Values| values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let problem = &rejection.problem;
        Self {
            column: rejection.column.clone(),
            value: rejection.value.clone(),
            code: problem.code.to_owned(),
            values: stored(&problem.values),
            hint: problem.hint.as_ref().map(|(code, values)| ((*code).to_owned(), stored(values))),
        }
    }
}

impl Fault {
    /// What is wrong, in words.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> String {
        words(lang, &format!("import-{}", self.code), &named(&self.values))
    }

    /// What to do about it, in words.
    #[must_use]
    pub fn advice(&self, lang: Lang) -> Option<String> {
        self.hint.as_ref().map(|(code, values)| words(lang, &format!("import-hint-{code}"), &named(values)))
    }
}

fn named(values: &[(String, String)]) -> Values {
    let known = |name: &str| NAMES.into_iter().find(|known| *known == name);
    values.iter().filter_map(|(name, value)| Some((known(name)?, value.clone()))).collect()
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The row's number as a spreadsheet shows it, counted from 1 with the header.
    pub row: u32,
    /// The column, by its name in the file.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// A rejection in words, as a page or the command line shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectionWords {
    /// As in [`Rejection`].
    pub row: u32,
    /// As in [`Rejection`].
    pub column: String,
    /// As in [`Rejection`].
    pub value: String,
    /// Stable code of the problem.
    pub code: &'static str,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Rejection {
    /// The rejection in words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> RejectionWords {
        RejectionWords {
            row: self.row,
            column: self.column.clone(),
            value: self.value.clone(),
            code: self.problem.code,
            reason: self.problem.reason(lang),
            hint: self.problem.advice(lang),
        }
    }
}
