//! Who else vouches for a user of the console: OpenID Connect, 企业微信, 政务钉钉, behind one small interface. A provider gives the address
//! that the browser is sent to, and turns the code that comes back into an [`Identity`]. Whose account that is, is not decided here.

mod demands;
pub mod id_token;
mod oidc;
mod token;
mod wecom;
mod zwdingtalk;

pub use demands::Demands;
pub use oidc::Oidc;
pub use wecom::WeCom;
pub use zwdingtalk::ZwDingTalk;

use crate::domain::sign_in_provider::ProviderKind;
use crate::outgoing::{Ask, Http};
use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The longest that a provider may take for all its answers together: less than a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most of an answer that is read.
const MOST: usize = 256 * 1024;

/// The longest subject: what OpenID Connect allows.
pub const SUBJECT_MAX: usize = 255;

/// Who signed in at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whose numbers they are: the issuer, or the corporation or platform.
    pub issuer: String,
    /// The account's number there, which never becomes somebody else's.
    pub subject: String,
    /// The mail address, only where the provider says that it has made sure of it.
    pub email: Option<String>,
}

/// What one sign-in carries to the provider and back. Each is random and used once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tries {
    /// Comes back beside the code: letters and digits alone, since 企业微信 takes no others.
    pub state: String,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Proves to the provider that who brings the code is who asked for it (PKCE).
    pub verifier: String,
    /// Since when the account's owner is to have proved who they are; `None`: a proof that the provider remembers will do.
    #[serde(default)]
    pub since: Option<DateTime<Utc>>,
}

/// What came back in the address.
#[derive(Clone, Copy, Debug)]
pub struct Returned<'a> {
    /// The code.
    pub code: &'a str,
    /// The issuer (RFC 9207), where the provider names itself.
    pub issuer: Option<&'a str>,
}

/// Why nobody was vouched for. The words are for the log and for `mashang doctor`: they carry no code, token or secret.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The provider cannot be reached, or answers as no provider does.
    #[error("the provider is out of order: {0}")]
    Down(String),
    /// It does not take the code, or this site's settings.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// What it sent fails a check.
    #[error("what the provider sent is not trusted: {0}")]
    Untrusted(String),
    /// The sign-in is not of the strength that the site demands: which claim is missing or another.
    #[error("the sign-in is weaker than demanded: {0}")]
    Weak(&'static str),
    /// It was to be proved anew, and the provider does not say that it was (`auth_time`).
    #[error("the provider did not ask anew who it is, or does not say so (auth_time)")]
    Remembered,
}

/// The result of asking a provider.
pub type Result<T> = std::result::Result<T, Trouble>;

/// A secret that no log shows.
#[derive(Clone)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// One provider.
#[derive(Debug)]
pub enum Provider {
    /// OpenID Connect.
    Oidc(Oidc),
    /// 企业微信.
    WeCom(WeCom),
    /// 政务钉钉.
    ZwDingTalk(ZwDingTalk),
}

impl Provider {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ProviderKind {
        match self {
            Self::Oidc(_) => ProviderKind::Oidc,
            Self::WeCom(_) => ProviderKind::WeCom,
            Self::ZwDingTalk(_) => ProviderKind::ZwDingTalk,
        }
    }

    /// Whose account numbers it gives.
    #[must_use]
    pub fn issuer(&self) -> &str {
        match self {
            Self::Oidc(provider) => provider.issuer(),
            Self::WeCom(provider) => provider.issuer(),
            Self::ZwDingTalk(provider) => provider.issuer(),
        }
    }

    /// What the site calls it; `None`: what everybody calls it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Oidc(provider) => provider.name(),
            Self::WeCom(_) | Self::ZwDingTalk(_) => None,
        }
    }

    /// Whether what stands for a password must have been proved anew.
    #[must_use]
    pub const fn asks_anew(&self) -> bool {
        match self {
            Self::Oidc(provider) => provider.demands().anew,
            Self::WeCom(_) | Self::ZwDingTalk(_) => false,
        }
    }

    /// The address to send the browser to. It comes back to `back`.
    ///
    /// # Errors
    /// When the provider has to be asked for it and cannot be.
    pub async fn address(&self, now: DateTime<Utc>, back: &str, tries: &Tries) -> Result<Url> {
        in_time(async {
            match self {
                Self::Oidc(provider) => provider.address(now, back, tries).await,
                Self::WeCom(provider) => Ok(provider.address(back, tries)),
                Self::ZwDingTalk(provider) => Ok(provider.address(back, tries)),
            }
        })
        .await
    }

    /// Turns a code into who signed in.
    ///
    /// # Errors
    /// When the provider cannot be asked, does not take the code, or sends what is not to be trusted.
    pub async fn exchange(
        &self,
        now: DateTime<Utc>,
        back: &str,
        tries: &Tries,
        returned: Returned<'_>,
    ) -> Result<Identity> {
        let identity = in_time(async {
            match self {
                Self::Oidc(provider) => provider.exchange(now, back, tries, returned).await,
                Self::WeCom(provider) => provider.exchange(now, returned.code).await,
                Self::ZwDingTalk(provider) => provider.exchange(now, returned.code).await,
            }
        })
        .await?;
        let subject = &identity.subject;
        if subject.is_empty() || subject.len() > SUBJECT_MAX || subject.chars().any(char::is_control) {
            return Err(Trouble::Untrusted("the account has no usable number".to_owned()));
        }
        Ok(identity)
    }

    /// Whether it answers and takes this site's settings, as far as that can be known without signing in; what was found.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self, now: DateTime<Utc>) -> Result<String> {
        in_time(async {
            match self {
                Self::Oidc(provider) => provider.check(now).await,
                Self::WeCom(provider) => provider.check(now).await,
                Self::ZwDingTalk(provider) => provider.check(now).await,
            }
        })
        .await
    }
}

/// The providers of a site. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<Vec<Provider>>);

impl Providers {
    /// Puts them together.
    #[must_use]
    pub fn new(providers: Vec<Provider>) -> Self {
        Self(Arc::new(providers))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Provider] {
        &self.0
    }

    /// The one of a kind, where the site has it.
    #[must_use]
    pub fn get(&self, kind: ProviderKind) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.kind() == kind)
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Trouble::Down(format!("no answer within {} seconds", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, work).await.map_err(late)?
}

/// Asks and reads JSON, whatever the status; what is no JSON is no answer of a provider.
async fn ask(http: &Http, what: &str, ask: Ask) -> Result<(u16, serde_json::Value)> {
    let (status, body) = send(http, what, ask).await?;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok((status, value)),
        Err(_) => Err(Trouble::Down(format!("{what}: status {status}, which is no JSON"))),
    }
}

async fn send(http: &Http, what: &str, ask: Ask) -> Result<(u16, Bytes)> {
    http.send(ask).await.map_err(|error| Trouble::Down(format!("{what}: {error}")))
}

/// Words of others, fit for a log.
fn cut(words: &str) -> String {
    words.chars().filter(|c| !c.is_control()).take(120).collect()
}
