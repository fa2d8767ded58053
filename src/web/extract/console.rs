//! The person signed in to the console, and what their role may open. A page for another role is not there: 404.

use crate::actions::{Actor, sign_in};
use crate::app::App;
use crate::domain::first_duty::FirstDuty;
use crate::domain::id::AgencyId;
use crate::domain::sign::host_of;
use crate::domain::user::{Office, Role, User};
use crate::domain::violation::Severity;
use crate::storage::cases::request_lists;
use crate::storage::filings::Scope;
use crate::storage::sessions::Session;
use crate::storage::{Tx, sessions, sign_prints, violation_inbox};
use crate::web::error::AppError;
use crate::web::page::{NavItem, Page, SignedIn};
use crate::web::{cookies, paths, respond};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Supervisors.
pub const SUPERVISOR: u8 = 1;
/// Liaisons of agencies.
pub const LIAISON: u8 = 2;
/// Operators of registries and codes.
pub const OPERATOR: u8 = 4;
/// Administrators.
pub const ADMINISTRATOR: u8 = 8;
/// Everybody who is signed in.
pub const ANYBODY: u8 = SUPERVISOR | LIAISON | OPERATOR | ADMINISTRATOR;

/// How long a request waits to note that its session was used; the next one may note it instead.
const SEEN_WAIT: Duration = Duration::from_millis(300);

/// The person signed in, whose role is one of `ROLES` (the constants of this module, added up).
#[derive(Clone, Debug)]
pub struct Console<const ROLES: u8> {
    /// Who it is.
    pub user: User,
    /// The instant of the request.
    pub now: DateTime<Utc>,
    /// The hash of the session's token.
    pub session: Vec<u8>,
    /// What the person has to do before anything else.
    pub first: Option<FirstDuty>,
    /// By what the session was begun, as [`sessions::Session`] has it.
    pub begun_by: String,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    page: Page,
}

/// The bit of a role.
const fn bit(role: Role) -> u8 {
    match role {
        Role::Supervisor => SUPERVISOR,
        Role::Liaison => LIAISON,
        Role::Operator => OPERATOR,
        Role::Administrator => ADMINISTRATOR,
    }
}

impl<const ROLES: u8> Console<ROLES> {
    /// The person as the one who acts.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::User(self.user.id)
    }

    /// Whether the person has one of these roles.
    #[must_use]
    pub const fn is(&self, roles: u8) -> bool {
        bit(self.user.role) & roles != 0
    }

    /// The gravest violation that the person may see: the discipline office alone sees severity 4.
    #[must_use]
    pub fn ceiling(&self) -> Severity {
        if self.user.office == Some(Office::Discipline) { Severity::Referral } else { Severity::Violation }
    }

    /// Whose filings the person may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a liaison without agency and for roles that see no filings.
    pub fn scope(&self) -> Result<Scope, AppError> {
        match (self.user.role, self.user.agency) {
            (Role::Supervisor, _) => Ok(Scope::All),
            (Role::Liaison, Some(agency)) => Ok(Scope::Agency(agency)),
            _ => Err(AppError::NotFound),
        }
    }

    /// The one agency that a liaison is limited to; `None` for every other role.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a liaison without agency.
    pub fn own_agency(&self) -> Result<Option<AgencyId>, AppError> {
        match self.user.role {
            Role::Liaison => self.user.agency.map(Some).ok_or(AppError::NotFound),
            _ => Ok(None),
        }
    }

    /// The reader's language and the rest of the page, without navigation.
    #[must_use]
    pub const fn bare(&self) -> &Page {
        &self.page
    }

    /// The page with the console's frame: navigation by role, and who is signed in.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn page(&self, tx: &mut Tx) -> Result<Page, AppError> {
        let mut page = self.page.clone();
        let role = page.t(&format!("role-{}", self.user.role));
        page.user = Some(SignedIn { name: self.user.name.clone(), role });
        if self.first.is_some() {
            // No other page opens yet.
            return Ok(page);
        }
        let waiting = match (self.user.role, self.user.agency) {
            (Role::Supervisor, _) => Some(violation_inbox::open(tx, self.ceiling(), page.today()).await?),
            (Role::Liaison, Some(agency)) => Some(request_lists::awaited(tx, agency, self.now).await?),
            _ => None,
        };
        page.nav = navigation(&page, &self.user, waiting);
        if self.is(OPERATOR | ADMINISTRATOR) {
            page.old_host_signs = sign_prints::with_other_host(tx, host_of(page.public_url())).await?;
        }
        Ok(page)
    }
}

/// The page of what comes first, for who asks for another.
fn detour(first: Option<FirstDuty>, asked: &str) -> Option<&'static str> {
    let pages: &[&'static str] = match first? {
        FirstDuty::Password => &[paths::FIRST_PASSWORD],
        FirstDuty::SecondStep => &[paths::SECOND_STEP, paths::PASSKEYS, paths::PASSKEY_CHALLENGE],
    };
    let open = pages.contains(&asked) || asked == paths::SIGN_OUT;
    pages.first().copied().filter(|_| !open)
}

/// What each role finds in the navigation: sections with the addresses of their pages.
const fn sections(role: Role) -> &'static [(&'static str, &'static [&'static str])] {
    match role {
        Role::Supervisor => &[
            (
                "nav-work",
                &[
                    paths::DASHBOARD,
                    paths::VIOLATIONS,
                    paths::EXPLANATIONS,
                    paths::CIRCULATION,
                    paths::FILINGS,
                    paths::UNVERIFIED,
                    paths::REPORTS,
                    paths::QUARANTINE,
                    paths::WATCH,
                    paths::RATINGS,
                ],
            ),
            ("nav-registries", &[paths::ENTERPRISES, paths::SIGNS, paths::AGENCIES, paths::MATTERS, paths::INSPECTORS]),
            ("nav-system", &[paths::MONTHLY, paths::POLICY, paths::SETTINGS]),
        ],
        Role::Liaison => &[
            ("nav-work", &[paths::EXPLANATIONS, paths::FILINGS, paths::UNVERIFIED, paths::RATINGS]),
            ("nav-registries", &[paths::INSPECTORS, paths::MATTERS, paths::AGENCIES]),
            ("nav-system", &[paths::SETTINGS]),
        ],
        Role::Operator => &[
            (
                "nav-registries",
                &[
                    paths::ENTERPRISES,
                    paths::SIGNS,
                    paths::AGENCIES,
                    paths::MATTERS,
                    paths::INSPECTORS,
                    paths::IMPORT,
                    paths::SHEETS,
                ],
            ),
            ("nav-system", &[paths::SETTINGS]),
        ],
        Role::Administrator => &[(
            "nav-system",
            &[paths::USERS, paths::POLICY, paths::MAILS, paths::BELLS, paths::AUDIT, paths::BACKUPS, paths::SETTINGS],
        )],
    }
}

/// The first page of a role, after signing in.
#[must_use]
pub const fn home(role: Role) -> &'static str {
    match role {
        Role::Supervisor => paths::DASHBOARD,
        Role::Liaison => paths::FILINGS,
        Role::Operator => paths::ENTERPRISES,
        Role::Administrator => paths::USERS,
    }
}

fn navigation(page: &Page, user: &User, waiting: Option<i64>) -> Vec<NavItem> {
    let here = page.path.split('?').next().unwrap_or_default();
    let mut items = Vec::new();
    for (title, links) in sections(user.role) {
        items.push(NavItem { href: String::new(), label: page.t(title), count: None, current: false });
        for href in *links {
            // What follows from adverse reports is for the discipline office alone.
            if *href == paths::WATCH && user.office != Some(Office::Discipline) {
                continue;
            }
            let current = here == *href || here.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
            // What waits for a supervisor are violations, for a liaison requests.
            let counted = if user.role == Role::Liaison { paths::EXPLANATIONS } else { paths::VIOLATIONS };
            let count = if *href == counted { waiting } else { None };
            // `nav-mails` is what `/console/mails` is called.
            let label = page.t(&href.replacen("/console/", "nav-", 1));
            items.push(NavItem { href: (*href).to_owned(), label, count, current });
        }
    }
    items
}

impl<const ROLES: u8> FromRequestParts<App> for Console<ROLES> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = signed_in(parts, app).await.map_err(IntoResponse::into_response)?;
        let Some(Found { session, hash }) = found else {
            let asked = parts.uri.path_and_query().map_or(paths::CONSOLE, |path| path.as_str());
            let next = if parts.method == Method::GET { asked } else { paths::CONSOLE };
            return Err(respond::see_other(&paths::sign_in(next)).unwrap_or_else(IntoResponse::into_response));
        };
        if let Some(to) = detour(session.first, parts.uri.path()) {
            // Where one wanted to go opens when that is done.
            let asked = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
            let to = paths::leading_on(to, asked.map_or("", |path| path.as_str()));
            return Err(respond::see_other(&to).unwrap_or_else(IntoResponse::into_response));
        }
        if bit(session.user.role) & ROLES == 0 {
            return Err(AppError::NotFound.into_response());
        }
        let page = match Page::from_request_parts(parts, app).await {
            Ok(page) => page,
            Err(never) => match never {},
        };
        let Session { user, first, begun_by, begun_at, .. } = session;
        Ok(Self { user, now: page.now, session: hash, first, begun_by, begun_at, page })
    }
}

/// For pages that anybody may open: whether an operator is signed in on this phone.
#[derive(Clone, Copy, Debug)]
pub struct MaybeOperator(pub bool);

impl FromRequestParts<App> for MaybeOperator {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let found = signed_in(parts, app).await?;
        let is_operator = |session: Session| session.first.is_none() && session.user.role == Role::Operator;
        Ok(Self(found.is_some_and(|found| is_operator(found.session))))
    }
}

/// An error's page with the console's frame, for who is signed in to it; `None` for everybody else. The frame is that of any page of theirs: it
/// says nothing of the one that was asked for.
///
/// # Errors
/// When the store fails.
pub async fn framed(app: &App, headers: &HeaderMap, page: &Page) -> Result<Option<Page>, AppError> {
    let Some(Found { session, hash }) = find(app, headers).await? else { return Ok(None) };
    let Session { user, first, begun_by, begun_at, .. } = session;
    let me = Console::<ANYBODY> { user, now: page.now, session: hash, first, begun_by, begun_at, page: page.clone() };
    me.page(&mut app.db.glance().await?).await.map(Some)
}

/// Whom the cookie names.
struct Found {
    session: Session,
    /// The hash of its token.
    hash: Vec<u8>,
}

/// The owner of the session in the cookie, if it still lasts.
async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Found>, AppError> {
    let Some(hash) = cookies::get(app, headers, cookies::SESSION).and_then(cookies::secret_hash) else {
        return Ok(None);
    };
    let session = sessions::get(&mut app.db.glance().await?, &hash).await?;
    let now = app.clock.now();
    Ok(session.filter(|session| sign_in::lasts(session, now)).map(|session| Found { session, hash }))
}

/// The same, and notes that the session was used.
async fn signed_in(parts: &Parts, app: &App) -> Result<Option<Found>, AppError> {
    let Some(Found { session, hash }) = find(app, &parts.headers).await? else { return Ok(None) };
    let now = app.clock.now();
    if session.seen_at + sign_in::SEEN_STEP < now {
        // A large import may keep all others from writing for some seconds; a page that is only looked at does not wait for that.
        if let Ok(tx) = tokio::time::timeout(SEEN_WAIT, app.db.write()).await {
            let mut tx = tx?;
            sessions::seen(&mut tx, &hash, now).await?;
            tx.commit().await?;
        }
    }
    Ok(Some(Found { session, hash }))
}
