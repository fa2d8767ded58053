//! Every link of the program, built in one place, so that no template writes a path by hand.

/// The start page.
pub const HOME: &str = "/";
/// Where language, theme and text size are chosen.
pub const PREFS: &str = "/prefs";
/// The public calendar of no-disturb days.
pub const CALENDAR: &str = "/calendar";
/// Paths below this are answered in JSON, errors too.
pub const API: &str = "/api/";

/// The same calendar as a file for calendar programs.
pub const CALENDAR_FILE: &str = "/calendar.ics";
/// Looking up a report by its receipt.
pub const LOOK_UP: &str = "/r";
/// Adding words to a report.
pub const LOOK_UP_ADD: &str = "/r/add";
/// Widening how far the reporter may be named.
pub const LOOK_UP_IDENTITY: &str = "/r/identity";
/// Taking a report back.
pub const LOOK_UP_WITHDRAW: &str = "/r/withdraw";
/// Typing an inspection code.
pub const INSPECTION_FORM: &str = "/i";

/// 我是企业: verify, report, look up.
#[must_use]
pub fn enterprise_desk(token: &str) -> String {
    format!("/e/{token}/enterprise")
}

/// Where the four digits of a visitor are sent.
#[must_use]
pub fn enterprise_confirm(token: &str) -> String {
    format!("/e/{token}/confirm")
}

/// Reporting a visit.
#[must_use]
pub fn report(token: &str) -> String {
    format!("/e/{token}/report")
}

/// The receipt of a report just sent, by its submission id.
#[must_use]
pub fn report_receipt(token: &str, key: &str) -> String {
    format!("/e/{token}/report/receipt/{key}")
}

/// That receipt as an image.
#[must_use]
pub fn report_receipt_image(token: &str, key: &str) -> String {
    format!("/e/{token}/report/receipt/{key}/image.png")
}

/// Where the enterprise says that the inspectors are there.
#[must_use]
pub fn inspection_here(code: &str) -> String {
    format!("/i/{code}/here")
}

/// Where the enterprise rates an inspection.
#[must_use]
pub fn inspection_rate(code: &str) -> String {
    format!("/i/{code}/rate")
}

/// Where an enterprise rates an inspection from its own desk, with its PIN.
#[must_use]
pub fn desk_rate(token: &str, id: impl std::fmt::Display) -> String {
    format!("/e/{token}/rate/{id}")
}

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

/// Where an arrival on a day that was not planned is asked about.
#[must_use]
pub fn arrive(id: impl std::fmt::Display) -> String {
    format!("/f/{id}/arrive")
}

/// Where the result of a visit is told, and corrected.
#[must_use]
pub fn result(id: impl std::fmt::Display) -> String {
    format!("/f/{id}/result")
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

/// An urgent filing from a phone that is not enrolled.
#[must_use]
pub fn urgent(token: &str) -> String {
    format!("/e/{token}/urgent")
}

/// What was filed urgently from a phone that is not enrolled.
#[must_use]
pub fn urgent_sent(token: &str, filing: impl std::fmt::Display) -> String {
    format!("/e/{token}/urgent/{filing}")
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

/// The console: leads each role to its first page.
pub const CONSOLE: &str = "/console";
/// The supervisors' figures.
pub const DASHBOARD: &str = "/console/dashboard";
/// The violations that a figure counts.
pub const DASHBOARD_CASES: &str = "/console/dashboard/cases";
/// The agencies that a figure counts.
pub const DASHBOARD_AGENCIES: &str = "/console/dashboard/agencies";
/// The monthly report.
pub const MONTHLY: &str = "/console/monthly";
/// Group robots.
pub const BELLS: &str = "/console/bells";
/// Links to the large screen.
pub const SCREENS: &str = "/console/screens";

/// The large screen behind a link.
#[must_use]
pub fn screen(token: &str) -> String {
    format!("/screen/{token}")
}

/// The supervisors' inbox.
pub const VIOLATIONS: &str = "/console/violations";
/// The requests for an explanation.
pub const EXPLANATIONS: &str = "/console/explanations";
/// The agencies listed for circulation.
pub const CIRCULATION: &str = "/console/circulation";
/// The list of filings.
pub const FILINGS: &str = "/console/filings";
/// The list of visit reports.
pub const REPORTS: &str = "/console/reports";
/// Reports and urgent filings that came in a flood, for a look.
pub const QUARANTINE: &str = "/console/quarantine";
/// How enterprises rate inspections.
pub const RATINGS: &str = "/console/ratings";
/// Who is watched over after something adverse was told.
pub const WATCH: &str = "/console/watch";
/// The list of enterprises.
pub const ENTERPRISES: &str = "/console/enterprises";
/// The list of agencies.
pub const AGENCIES: &str = "/console/agencies";
/// The lists of signs.
pub const SIGNS: &str = "/console/signs";
/// Binding a blank sign.
pub const SIGN_BIND: &str = "/console/signs/bind";
/// The list of matters.
pub const MATTERS: &str = "/console/matters";
/// The list of inspectors.
pub const INSPECTORS: &str = "/console/inspectors";
/// Inviting several inspectors at once.
pub const INVITE_MANY: &str = "/console/inspectors/invite";
/// Policy versions.
pub const POLICY: &str = "/console/policy";
/// The newest trial of a draft policy.
pub const WHAT_IF: &str = "/console/policy/what-if";
/// The mail queue.
pub const MAILS: &str = "/console/mails";
/// Backups.
pub const BACKUPS: &str = "/console/backups";
/// The audit.
pub const AUDIT: &str = "/console/audit";
/// The users.
pub const USERS: &str = "/console/users";
/// Sheets of signs: what to print, and what was printed.
pub const SHEETS: &str = "/console/sheets";
/// Urgent filings from phones that are not enrolled.
pub const UNVERIFIED: &str = "/console/unverified";
/// A user's own settings.
pub const SETTINGS: &str = "/console/settings";
/// Where a password that somebody else gave is changed by its owner, before anything else.
pub const FIRST_PASSWORD: &str = "/console/settings/first-password";
/// Ending one's own sessions.
pub const OWN_SESSIONS: &str = "/console/settings/sessions";
/// Where signing out is sent.
pub const SIGN_OUT: &str = "/console/sign-out";
/// What the district requires for signing in.
pub const SIGN_IN_RULE: &str = "/console/users/sign-in-rule";
/// A user's passkeys.
pub const PASSKEYS: &str = "/console/settings/passkeys";
/// What a browser is asked to register one.
pub const PASSKEY_CHALLENGE: &str = "/console/settings/passkeys/challenge";
/// The second step of signing in, as a setting.
pub const SECOND_STEP: &str = "/console/settings/second-step";

/// An inspector's phones and invites.
#[must_use]
pub fn inspector_access(id: impl std::fmt::Display) -> String {
    format!("{INSPECTORS}/{id}/access")
}

/// The console's sign-in, leading on to `next`.
#[must_use]
pub fn sign_in(next: &str) -> String {
    with_next("/console/sign-in", next)
}

/// Where a browser comes back to from a provider of sign-ins: registered there, so it is whole.
#[must_use]
pub fn external_back(public_url: &str, kind: impl std::fmt::Display) -> String {
    format!("{public_url}/console/sign-in/{kind}/back")
}

/// The sign-in through a provider, leading on to `next`, by the public address: the browser comes back to that one.
#[must_use]
pub fn external_sign_in(public_url: &str, kind: impl std::fmt::Display, next: &str) -> String {
    format!("{public_url}{}", with_next(&format!("/console/sign-in/{kind}"), next))
}

/// The accounts elsewhere that sign a user in.
#[must_use]
pub fn user_accounts(id: impl std::fmt::Display) -> String {
    format!("{USERS}/{id}/accounts")
}

/// A page that is to be done with first, leading on to `next`; to no page of its own for an empty one.
#[must_use]
pub fn leading_on(first: &str, next: &str) -> String {
    if next.is_empty() { first.to_owned() } else { with_next(first, next) }
}

/// The second step of signing in, leading on to `next`.
#[must_use]
pub fn second_step(next: &str) -> String {
    with_next("/console/sign-in/code", next)
}

/// What a draft policy would have found.
#[must_use]
pub fn what_if(id: impl std::fmt::Display) -> String {
    format!("{WHAT_IF}/{id}")
}

/// A page that tells what was just done, in the words of the key `done-WHAT`.
#[must_use]
pub fn done(page: &str, what: &str) -> String {
    format!("{page}?done={what}")
}

/// One object of a list of the console: `/console/violations/ID`.
#[must_use]
pub fn item(list: &str, id: impl std::fmt::Display) -> String {
    format!("{list}/{id}")
}

/// Where a blank sign is bound.
#[must_use]
pub fn sign_bind(token: &str) -> String {
    format!("{SIGN_BIND}?token={token}")
}

/// Where a sign is moved to another unit or place.
#[must_use]
pub fn sign_move(id: impl std::fmt::Display) -> String {
    format!("{SIGNS}/{id}/move")
}

/// The signs whose code carries an old host.
pub const SIGNS_OLD_HOST: &str = "/console/signs?host=other";

/// An inspector's own filings.
pub const MY: &str = "/my";

/// How far work in the background is, and what came of it.
#[must_use]
pub fn task(id: impl std::fmt::Display) -> String {
    format!("/console/tasks/{id}")
}

/// The document that it made.
#[must_use]
pub fn task_file(id: impl std::fmt::Display) -> String {
    format!("/console/tasks/{id}/file")
}

/// Registries taken over from files.
pub const IMPORT: &str = "/console/import";

/// The file of the rejected rows of an import.
#[must_use]
pub fn rejected_rows(id: impl std::fmt::Display) -> String {
    format!("{IMPORT}/{id}/rejected.csv")
}
