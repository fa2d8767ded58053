//! Links from a number to exactly its rows.

use crate::web::paths;

fn link(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    format!("{path}?{}", query.finish())
}

/// Filings.
pub(super) fn filings(pairs: &[(&str, &str)]) -> String {
    link(paths::FILINGS, pairs)
}

/// Visit reports.
pub(super) fn reports(pairs: &[(&str, &str)]) -> String {
    link(paths::REPORTS, pairs)
}

/// Violations of severity 2 or more.
pub(super) fn cases(pairs: &[(&str, &str)]) -> String {
    link(paths::DASHBOARD_CASES, pairs)
}

/// Agencies with their figures.
pub(super) fn agencies(pairs: &[(&str, &str)]) -> String {
    link(paths::DASHBOARD_AGENCIES, pairs)
}

/// A tab of the inbox.
pub(super) fn inbox(tab: &str) -> String {
    link(paths::VIOLATIONS, &[("tab", tab)])
}

/// A tab of the requests for an explanation.
pub(super) fn explanations(tab: &str) -> String {
    link(paths::EXPLANATIONS, &[("tab", tab)])
}

/// A list of signs.
pub(super) fn signs(list: &str) -> String {
    link(paths::SIGNS, &[("tab", list)])
}
