//! OpenID Connect: discovery, the code flow with state, nonce and PKCE, and the checks of what comes back. The site's secret is sent to the
//! provider alone; the browser never carries a token.

use super::id_token::{self, Claims, Expected, Key, Wrong};
use super::{Demands, Identity, MOST, Result, Returned, Secret, Tries, Trouble, ask, cut};
use crate::outgoing::{self, Ask, Http};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// What the provider says of itself and its keys are believed for this long.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// Keys are not asked for more often than this, whatever key a token names.
const KEYS_STEP: TimeDelta = TimeDelta::minutes(1);

/// A provider of OpenID Connect.
#[derive(Debug)]
pub struct Oidc {
    issuer: String,
    client: String,
    secret: Secret,
    name: Option<String>,
    demands: Demands,
    http: Http,
    known: Mutex<Option<Arc<Known>>>,
}

/// What the provider says of itself, and its keys.
#[derive(Debug)]
struct Known {
    metadata: Metadata,
    keys: Vec<Key>,
    at: DateTime<Utc>,
}

/// The part of its metadata that is used.
#[derive(Clone, Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// An address that the provider names: https, or on this machine.
fn endpoint(what: &str, text: &str) -> Result<Url> {
    outgoing::address(text).ok_or_else(|| Trouble::Untrusted(format!("{what} is no https address")))
}

impl Oidc {
    /// A provider by its issuer, exactly as it writes it, with this site's id and secret there, and what the site calls it.
    #[must_use]
    pub fn new(issuer: &str, (client, secret): (&str, Secret), name: Option<String>, http: Http) -> Self {
        let (issuer, client) = (issuer.to_owned(), client.to_owned());
        Self { issuer, client, secret, name, demands: Demands::default(), http, known: Mutex::default() }
    }

    /// With what the district demands of its sign-ins.
    #[must_use]
    pub fn demanding(self, demands: Demands) -> Self {
        Self { demands, ..self }
    }

    pub(super) const fn demands(&self) -> &Demands {
        &self.demands
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(super) async fn address(&self, now: DateTime<Utc>, back: &str, tries: &Tries) -> Result<Url> {
        let known = self.known(now).await?;
        let mut url = endpoint("authorization_endpoint", &known.metadata.authorization_endpoint)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client)
            .append_pair("redirect_uri", back)
            .append_pair("scope", "openid email")
            .append_pair("state", &tries.state)
            .append_pair("nonce", &tries.nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&tries.verifier)))
            .append_pair("code_challenge_method", "S256");
        if !self.demands.strengths.is_empty() {
            url.query_pairs_mut().append_pair("acr_values", &self.demands.strengths.join(" "));
        }
        if tries.since.is_some() {
            // A provider that is told the age must say the time of the proof; the prompt alone leaves that open.
            url.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0");
        }
        Ok(url)
    }

    pub(super) async fn exchange(
        &self,
        now: DateTime<Utc>,
        back: &str,
        tries: &Tries,
        returned: Returned<'_>,
    ) -> Result<Identity> {
        let known = self.known(now).await?;
        // The code goes to nobody but who made it: a provider that names itself must be this one (RFC 9207).
        let named = known.metadata.authorization_response_iss_parameter_supported;
        if returned.issuer.is_some_and(|issuer| issuer != self.issuer) || (named && returned.issuer.is_none()) {
            return Err(Trouble::Untrusted("the code came from another issuer".to_owned()));
        }
        let answer = self.tokens(&known.metadata, back, tries, returned.code).await?;
        let token = answer.get("id_token").and_then(Value::as_str);
        let token = token.ok_or_else(|| Trouble::Untrusted("token: no id_token in the answer".to_owned()))?;
        let claims = self.claims(now, known.clone(), tries, token).await?;
        self.demands.met(&claims, tries.since)?;
        let email = match &claims.email {
            Some(email) => Some(email.clone()),
            None => self.asked_email(&known.metadata, &answer, &claims.subject).await,
        };
        let email = email.filter(|(_, sure)| *sure).map(|(email, _)| email);
        Ok(Identity { issuer: self.issuer.clone(), subject: claims.subject, email })
    }

    pub(super) async fn check(&self, now: DateTime<Utc>) -> Result<String> {
        let known = self.fetch(now).await?;
        let metadata = &known.metadata;
        endpoint("authorization_endpoint", &metadata.authorization_endpoint)?;
        endpoint("token_endpoint", &metadata.token_endpoint)?;
        if known.keys.is_empty() {
            return Err(Trouble::Untrusted("it has no key for RS256, PS256 or ES256".to_owned()));
        }
        let methods = metadata.code_challenge_methods_supported.as_deref();
        let proof = if methods.is_some_and(|methods| methods.iter().any(|method| method == "S256")) {
            "PKCE"
        } else {
            "no word of PKCE"
        };
        Ok(format!("{} answers, {} key(s), {proof}", self.issuer, known.keys.len()))
    }

    /// Brings the code to the provider.
    async fn tokens(&self, metadata: &Metadata, back: &str, tries: &Tries, code: &str) -> Result<Value> {
        let url = endpoint("token_endpoint", &metadata.token_endpoint)?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", tries.verifier.as_str()),
        ];
        // What a provider says nothing about is the way by header.
        let methods = metadata.token_endpoint_auth_methods_supported.as_deref();
        let by_header = methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        let request = if by_header {
            let part = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", part(&self.client), part(&self.secret.0));
            Ask::post_form(url, &fields, MOST).authorized(format!("Basic {}", STANDARD.encode(pair)))
        } else {
            fields.extend([("client_id", self.client.as_str()), ("client_secret", self.secret.0.as_str())]);
            Ask::post_form(url, &fields, MOST)
        };
        let (status, answer) = ask(&self.http, "token", request).await?;
        match status {
            200 => Ok(answer),
            500.. => Err(Trouble::Down(format!("token: status {status}"))),
            _ => {
                let why = answer.get("error").and_then(Value::as_str).unwrap_or("without a reason");
                Err(Trouble::Refused(format!("token: status {status}, {}", cut(why))))
            }
        }
    }

    /// Reads the token; with the keys asked for anew where it names one that is not known.
    async fn claims(&self, now: DateTime<Utc>, known: Arc<Known>, tries: &Tries, token: &str) -> Result<Claims> {
        let expected = Expected { issuer: &self.issuer, client: &self.client, nonce: &tries.nonce, now };
        let read = match id_token::read(token, &known.keys, expected) {
            Err(Wrong::Key) if now >= known.at + KEYS_STEP => {
                id_token::read(token, &self.fetch(now).await?.keys, expected)
            }
            read => read,
        };
        read.map_err(|wrong| Trouble::Untrusted(format!("ID token: {wrong}")))
    }

    /// The mail address, from where most providers give it. Without one, somebody whose account is linked signs in all the same.
    async fn asked_email(&self, metadata: &Metadata, tokens: &Value, subject: &str) -> Option<(String, bool)> {
        let url = endpoint("userinfo_endpoint", metadata.userinfo_endpoint.as_deref()?).ok()?;
        let token = tokens.get("access_token").and_then(Value::as_str)?;
        match ask(&self.http, "userinfo", Ask::get(url, MOST).authorized(format!("Bearer {token}"))).await {
            // What is said of somebody else is not about who signed in.
            Ok((200, person)) if person.get("sub").and_then(Value::as_str) == Some(subject) => id_token::email(&person),
            Ok((status, _)) => {
                tracing::warn!(status, "the provider gave no mail address of who signed in");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "the provider gave no mail address of who signed in");
                None
            }
        }
    }

    async fn known(&self, now: DateTime<Utc>) -> Result<Arc<Known>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known.filter(|known| now < known.at + FRESH) {
            Some(known) => Ok(known),
            None => self.fetch(now).await,
        }
    }

    async fn fetch(&self, now: DateTime<Utc>) -> Result<Arc<Known>> {
        let place = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let value = self.document("discovery", &place).await?;
        let metadata: Metadata = serde_json::from_value(value)
            .map_err(|error| Trouble::Down(format!("discovery: {}", cut(&error.to_string()))))?;
        if metadata.issuer != self.issuer {
            let found = cut(&metadata.issuer);
            return Err(Trouble::Untrusted(format!("the issuer calls itself {found:?}; write it exactly so")));
        }
        let keys = id_token::keys(&self.document("keys", &metadata.jwks_uri).await?);
        let known = Arc::new(Known { metadata, keys, at: now });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    async fn document(&self, what: &str, place: &str) -> Result<Value> {
        match ask(&self.http, what, Ask::get(endpoint(what, place)?, MOST)).await? {
            (200, value) => Ok(value),
            (status, _) => Err(Trouble::Down(format!("{what}: status {status}"))),
        }
    }
}
