//! Both languages in one place: words from `locales/`, and dates with weekdays. Used by pages and by mails.
//!
//! Chinese is the first language and the fallback. A test (`tests/it/i18n.rs`) fails on a key that is missing in either language.

mod dates;
pub mod facts;
mod rules;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{LazyLock, PoisonError, RwLock};

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The words of keys without values, by language, once they have been asked for: a page asks for a hundred, and the catalogue puts each together anew.
static PLAIN: LazyLock<[RwLock<HashMap<String, String>>; 2]> = LazyLock::new(Default::default);

/// Integers up to this many digits are given to the catalogue as numbers, so that English can choose a plural; longer ones are codes.
const NUMBER_DIGITS: usize = 9;

/// A language of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese (zh-CN).
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages, the first one first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The tag, as in the `lang` attribute and the folder of messages.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `zh`, `zh-CN`, `en-GB`; `None` for any other language.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that the program has; Chinese if there is none.
    ///
    /// Browsers list languages in the order of preference, so weights are not read, except that weight 0 means "not this".
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let wanted = |part: &str| {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            if rest.replace(' ', "").trim_end_matches(['0', '.']) == "q=" { None } else { Self::parse(tag) }
        };
        header.split(',').find_map(wanted).unwrap_or_default()
    }

    /// The other one of the two.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// The words of a key.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        let plain = &PLAIN[usize::from(self == Self::En)];
        if let Some(words) = plain.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return words.clone();
        }
        let Some(words) = self.maybe(key, &[]) else { return self.missing(key) };
        plain.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), words.clone());
        words
    }

    fn missing(self, key: &str) -> String {
        tracing::error!(key, lang = self.tag(), "no words for this key");
        format!("[{key}]")
    }

    /// The words of a key with values in them. A value that reads as a short integer chooses plurals.
    #[must_use]
    pub fn ta(self, key: &str, values: &[(&'static str, &dyn Display)]) -> String {
        self.maybe(key, values).unwrap_or_else(|| self.missing(key))
    }

    /// The same for a key that may be missing, because it is made from data and there is a general one to fall back on.
    #[must_use]
    pub fn maybe(self, key: &str, values: &[(&'static str, &dyn Display)]) -> Option<String> {
        let values: HashMap<Cow<'static, str>, FluentValue<'static>> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), fluent_value(value.to_string()))).collect();
        LOCALES.try_lookup_with_args(&self.id(), key, &values)
    }

    const fn id(self) -> LanguageIdentifier {
        match self {
            Self::Zh => langid!("zh-CN"),
            Self::En => langid!("en"),
        }
    }
}

impl Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.tag())
    }
}

fn fluent_value(text: String) -> FluentValue<'static> {
    if text.len() <= NUMBER_DIGITS
        && let Ok(number) = text.parse::<i64>()
        && number.to_string() == text
    {
        return FluentValue::from(number);
    }
    FluentValue::from(text)
}

#[cfg(test)]
mod tests;
