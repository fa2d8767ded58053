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
