//! Every link of the program, built in one place, so that no template writes a path by hand.

/// The start page.
pub const HOME: &str = "/";
/// Where language, theme and text size are chosen.
pub const PREFS: &str = "/prefs";
/// The public calendar of no-disturb days.
pub const CALENDAR: &str = "/calendar";
/// Paths below this are answered in JSON, errors too.
pub const API: &str = "/api/";

/// Whether a path that a form hands back stays on this site.
#[must_use]
pub fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t'])
}

/// Where an enterprise's code leads.
#[must_use]
pub fn enterprise(token: &str) -> String {
    format!("/e/{token}")
}

/// The filing form for the enterprise of a code.
#[must_use]
pub fn file(token: &str) -> String {
    format!("/e/{token}/file")
}

/// Where an agency's code leads.
#[must_use]
pub fn agency(token: &str) -> String {
    format!("/a/{token}")
}

/// A filing's page for its own agency.
#[must_use]
pub fn filing(id: impl std::fmt::Display) -> String {
    format!("/f/{id}")
}

/// What an enterprise scans to verify an inspection.
#[must_use]
pub fn inspection(code: &str) -> String {
    format!("/i/{code}")
}

/// The link of an invite.
#[must_use]
pub fn join(secret: &str) -> String {
    format!("/join/{secret}")
}

/// Asks for the PIN, then goes on to `next`.
#[must_use]
pub fn pin(next: &str) -> String {
    with_next("/pin", next)
}

/// Tells how to enrol a phone.
#[must_use]
pub fn not_enrolled(next: &str) -> String {
    with_next("/enrol", next)
}

fn with_next(path: &str, next: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.append_pair("next", next).finish())
}
