//! The query of a list: filters that live in the URL, read leniently, and links that keep them.

use super::body;
use crate::app::App;
use crate::domain::text;
use crate::web::form::Form;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, NaiveDate, Utc};
use std::convert::Infallible;
use uuid::Uuid;

/// Rows of a page of a list.
pub const PAGE_ROWS: i64 = 25;

/// What tells what was just done, once: no link keeps it.
const DONE: &str = "done";

/// The most characters of a search.
const WORDS_MAX: usize = 60;

/// The filters of a list. What cannot be read is as if it were not there: a link that somebody cut short still opens a list.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    path: String,
    /// The values, for the filter form to show again.
    pub form: Form,
}

impl Filters {
    /// The filters of a list's path with its query, as a form hands it on.
    #[must_use]
    pub fn of(path: &str, query: &str) -> Self {
        let values = body::decode(query.as_bytes()).unwrap_or_default();
        Self { path: path.to_owned(), form: Form::prefilled(values) }
    }

    /// The query that shows this list from its first page, without the question mark.
    #[must_use]
    pub fn query(&self) -> String {
        let first = self.with("after", "");
        first.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// The filters of a list at `path` from a form that was sent.
    #[must_use]
    pub fn sent(path: &str, form: Form) -> Self {
        Self { path: path.to_owned(), form }
    }

    /// The value of a filter; empty if it is not set.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.form.one(name)
    }

    /// A filter that is a date.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(self.one(name), "%Y-%m-%d").ok().filter(|day| text_year(*day))
    }

    /// A filter that is words to search for.
    #[must_use]
    pub fn words(&self, name: &str) -> Option<String> {
        text::optional_line(self.one(name), WORDS_MAX).ok().flatten()
    }

    /// The cursor `after`: an instant and an id.
    #[must_use]
    pub fn after(&self) -> Option<(DateTime<Utc>, Uuid)> {
        parse_after(self.one("after"))
    }

    /// The cursor `after` of a list by name: an id and a name.
    #[must_use]
    pub fn after_name(&self) -> Option<(String, Uuid)> {
        let (id, name) = self.one("after").split_once('.')?;
        let name = text::line(name, text::NAME_MAX).ok()?;
        Some((name, Uuid::try_parse(id).ok()?))
    }

    /// The page `page` of a list that is wholly at hand, with the links to the pages before and after; empty where there is none.
    #[must_use]
    pub fn numbered<T>(&self, all: Vec<T>) -> (Vec<T>, String, String) {
        let rows = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
        let last = all.len().saturating_sub(1) / rows + 1;
        let page = self.one("page").parse::<usize>().unwrap_or(1).clamp(1, last);
        let previous = if page > 1 { self.with("page", &(page - 1).to_string()) } else { String::new() };
        let next = if page < last { self.with("page", &(page + 1).to_string()) } else { String::new() };
        (all.into_iter().skip((page - 1) * rows).take(rows).collect(), previous, next)
    }

    /// Whether any filter beside the tab and the page is set.
    #[must_use]
    pub fn any(&self) -> bool {
        let not_filters = ["after", "page", "tab", DONE];
        self.form.values().iter().any(|(name, value)| !not_filters.contains(&name.as_str()) && !value.is_empty())
    }

    /// This list with one value changed; the page begins anew unless the page itself is changed.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, old) in self.form.values() {
            if key != name && key != "after" && key != DONE && !old.is_empty() {
                query.append_pair(key, old);
            }
        }
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The first page of this list; empty if this is it.
    #[must_use]
    pub fn first(&self) -> String {
        if self.form.filled("after") { self.with("after", "") } else { String::new() }
    }

    /// The list without filters, in the same tab.
    #[must_use]
    pub fn cleared(&self) -> String {
        match self.one("tab") {
            "" => self.path.clone(),
            tab => format!(
                "{}?tab={}",
                self.path,
                url::form_urlencoded::byte_serialize(tab.as_bytes()).collect::<String>()
            ),
        }
    }

    /// The next page, if `rows` holds one more than a page: cuts it off, and links to what comes after the last one left.
    #[must_use]
    pub fn next<T>(&self, rows: &mut Vec<T>, key: impl FnOnce(&T) -> String) -> String {
        let page = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
        if rows.len() <= page {
            return String::new();
        }
        rows.truncate(page);
        rows.last().map_or_else(String::new, |last| self.with("after", &key(last)))
    }
}

/// The text of a cursor: milliseconds and id.
#[must_use]
pub fn cursor(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{}.{id}", at.timestamp_millis())
}

fn parse_after(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (millis, id) = text.split_once('.')?;
    let at = DateTime::from_timestamp_millis(millis.parse().ok()?)?;
    (at.timestamp() >= 0 && at <= crate::storage::newest_possible()).then_some((at, Uuid::try_parse(id).ok()?))
}

/// Years that both databases write with four digits.
fn text_year(day: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1900..=9999).contains(&day.year())
}

impl FromRequestParts<App> for Filters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let values = body::decode(parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
        Ok(Self { path: parts.uri.path().to_owned(), form: Form::prefilled(values) })
    }
}
