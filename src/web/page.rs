//! What every page needs beside its own content: language, look, names of the district, and links to assets.

use super::{assets, cookies, paths};
use crate::app::App;
use crate::domain::day::Zone;
use crate::domain::passkey::Site;
use crate::domain::sign::host_of;
use crate::domain::visit_report::ArrivalKnown;
use crate::i18n::Lang;
use crate::identity::{Provider, Providers};
use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use chrono::{DateTime, NaiveDate, Utc};
use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;

/// Light or dark, where the reader has chosen one; otherwise the phone's own setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    Light,
    /// Light on black.
    Dark,
}

/// A link of the console's navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Where it leads; empty for the heading of a section.
    pub href: String,
    /// Its words.
    pub label: String,
    /// How many wait there; `None` shows nothing.
    pub count: Option<i64>,
    /// Whether the page shown is this one.
    pub current: bool,
}

/// The person signed in to the console, as the frame shows it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Name.
    pub name: String,
    /// Role in words.
    pub role: String,
}

/// What every page needs. Templates have it as `page` and extend `layout/base.html` or `layout/console.html`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub lang: Lang,
    /// The theme chosen, if any.
    pub theme: Option<Theme>,
    /// 关怀版: larger text and targets.
    pub care: bool,
    /// Path and query of this page: where a switch of the language comes back to.
    pub path: String,
    /// Made by sending a form: a switch of the language would come back without what was sent, so none is offered.
    pub posted: bool,
    /// The instant of the request.
    pub now: DateTime<Utc>,
    /// The console's navigation; empty elsewhere.
    pub nav: Vec<NavItem>,
    /// Who is signed in to the console.
    pub user: Option<SignedIn>,
    /// How many signs on walls carry an old host: operators and administrators are told.
    pub old_host_signs: i64,
    /// The old host that this page was opened under, if it was.
    pub old_host: Option<String>,
    settings: Arc<crate::actions::Settings>,
    providers: Providers,
}

impl Page {
    /// What a request says about its page.
    #[must_use]
    pub fn new(app: &App, headers: &HeaderMap, uri: &Uri, now: DateTime<Utc>) -> Self {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(Lang::accepted);
        let mut page = Self {
            lang: accepted.unwrap_or_default(),
            theme: None,
            care: false,
            path: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            posted: false,
            now,
            nav: Vec::new(),
            user: None,
            old_host_signs: 0,
            old_host: old_host(headers, uri, &app.service.settings.also_hosts),
            settings: app.service.settings.clone(),
            providers: app.service.providers.clone(),
        };
        for word in cookies::get(app, headers, cookies::PREFS).unwrap_or_default().split('.') {
            match word {
                "light" => page.theme = Some(Theme::Light),
                "dark" => page.theme = Some(Theme::Dark),
                "care" => page.care = true,
                tag => page.lang = Lang::parse(tag).unwrap_or(page.lang),
            }
        }
        page
    }

    /// Who else vouches for users.
    #[must_use]
    pub fn providers(&self) -> &[Provider] {
        self.providers.all()
    }

    /// The way to a provider of sign-ins, leading on to `next`.
    #[must_use]
    pub fn external_sign_in(&self, provider: &Provider, next: &str) -> String {
        paths::external_sign_in(&self.settings.public_url, provider.kind(), next)
    }

    /// The same where it stands for a password: the provider asks anew who it is, where the district demands that.
    #[must_use]
    pub fn external_proof(&self, provider: &Provider, next: &str) -> String {
        let address = self.external_sign_in(provider, next);
        if provider.asks_anew() { format!("{address}&anew=1") } else { address }
    }

    /// [`paths::leading_on`], for templates.
    #[must_use]
    pub fn leading_on(&self, first: &str, next: &str) -> String {
        paths::leading_on(first, next)
    }

    /// What a provider of sign-ins is called.
    #[must_use]
    pub fn provider_name(&self, provider: &Provider) -> String {
        provider.name().map_or_else(|| self.t(&format!("external-{}", provider.kind())), ToOwned::to_owned)
    }

    /// The value of the cookie that remembers language, theme and text size.
    #[must_use]
    pub fn prefs(&self) -> String {
        let mut words = vec![self.lang.tag()];
        match self.theme {
            Some(Theme::Light) => words.push("light"),
            Some(Theme::Dark) => words.push("dark"),
            None => {}
        }
        if self.care {
            words.push("care");
        }
        words.join(".")
    }

    /// What the form did that led to this page, in words: `?done=…` behind its address names it, as [`paths::done`] writes it.
    #[must_use]
    pub fn done(&self) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        let (_, what) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done")?;
        self.lang.maybe(&format!("done-{what}"), &[])
    }

    /// Words without values.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// Words with one value.
    pub fn t1(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.lang.ta(key, &[(name, &value)])
    }

    /// Words with two values.
    pub fn t2(&self, key: &str, a: &'static str, x: impl Display, b: &'static str, y: impl Display) -> String {
        self.lang.ta(key, &[(a, &x), (b, &y)])
    }

    /// Words with several values.
    pub fn tn(&self, key: &str, values: &[(&'static str, &dyn Display)]) -> String {
        self.lang.ta(key, values)
    }

    /// The word of a severity, 1 to 4.
    #[must_use]
    pub fn severity(&self, level: impl Display) -> String {
        self.t(&format!("severity-{level}"))
    }

    /// The district's name.
    #[must_use]
    pub fn district(&self) -> &str {
        &self.settings.district
    }

    /// The office's telephone number.
    #[must_use]
    pub fn hotline(&self) -> &str {
        &self.settings.hotline
    }

    /// The host that people should see in the address bar.
    #[must_use]
    pub fn host(&self) -> &str {
        host_of(&self.settings.public_url)
    }

    /// The host that stands in the address bar now.
    #[must_use]
    pub fn asked_host(&self) -> &str {
        self.old_host.as_deref().unwrap_or_else(|| self.host())
    }

    /// What absolute links begin with, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.settings.public_url
    }

    /// The address of a file under `static/`, with the hash of its content.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// Whether a browser that opened this page offers passkeys: over https or on the own machine, under the public address.
    #[must_use]
    pub fn offers_passkeys(&self) -> bool {
        self.old_host.is_none() && Site::of(&self.settings.public_url).is_some()
    }

    /// The zone of the jurisdiction.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.settings.zone
    }

    /// Today in the jurisdiction.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.settings.zone.local_date(self.now)
    }

    /// A date in words with its weekday.
    #[must_use]
    pub fn date(&self, day: &NaiveDate) -> String {
        self.lang.date(*day, self.today())
    }

    /// An instant in words with its weekday.
    #[must_use]
    pub fn time(&self, at: &DateTime<Utc>) -> String {
        self.lang.time(*at, self.now, self.settings.zone)
    }

    /// When an enterprise says that they came, as far as it knows.
    #[must_use]
    pub fn arrival(&self, at: &DateTime<Utc>, known: ArrivalKnown) -> String {
        self.lang.arrival(*at, known, self.now, self.settings.zone)
    }

    /// The time of day of an instant.
    #[must_use]
    pub fn clock(&self, at: &DateTime<Utc>) -> String {
        self.lang.clock(*at, self.settings.zone)
    }

    /// The `data-theme` attribute's value; empty for the phone's own setting.
    #[must_use]
    pub const fn theme_name(&self) -> &'static str {
        match self.theme {
            Some(Theme::Light) => "light",
            Some(Theme::Dark) => "dark",
            None => "",
        }
    }
}

/// The host of a request if it is one of those that are answered beside the public one.
fn old_host(headers: &HeaderMap, uri: &Uri, also: &[String]) -> Option<String> {
    let named = headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = uri.authority().map(axum::http::uri::Authority::as_str).or(named)?;
    also.iter().find(|old| old.eq_ignore_ascii_case(host)).cloned()
}

impl FromRequestParts<App> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let page = parts.extensions.get::<Self>().cloned();
        Ok(page.unwrap_or_else(|| Self::new(app, &parts.headers, &parts.uri, app.clock.now())))
    }
}
