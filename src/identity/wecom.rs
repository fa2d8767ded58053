//! 企业微信 as it lets a self-made application sign its members in: a page with a code to scan, then two GETs. Nothing is signed and there is
//! neither nonce nor PKCE: the state, and that the code is asked about over TLS with the application's own token, are what there is.

use super::token::Kept;
use super::{Identity, MOST, Result, Secret, Tries, Trouble, ask, cut};
use crate::outgoing::{Ask, Http};
use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

/// Codes for an access token that counts no longer.
const TOKEN_ENDED: [i64; 2] = [40014, 42001];

/// 企业微信.
#[derive(Debug)]
pub struct WeCom {
    corp: String,
    agent: String,
    secret: Secret,
    login: Url,
    api: Url,
    issuer: String,
    http: Http,
    token: Kept,
}

impl WeCom {
    /// Of a corporation (`corp`) and its application (`agent`). `login` and `api` are the addresses of the page and of the interface.
    #[must_use]
    pub fn new(corp: &str, agent: &str, secret: Secret, (login, api): (Url, Url), http: Http) -> Self {
        let issuer = format!("wecom:{corp}");
        let (corp, agent) = (corp.to_owned(), agent.to_owned());
        Self { corp, agent, secret, login, api, issuer, http, token: Kept::default() }
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn address(&self, back: &str, tries: &Tries) -> Url {
        let mut url = self.login.clone();
        url.set_path("/wwlogin/sso/login");
        url.query_pairs_mut()
            .append_pair("login_type", "CorpApp")
            .append_pair("appid", &self.corp)
            .append_pair("agentid", &self.agent)
            .append_pair("redirect_uri", back)
            .append_pair("state", &tries.state);
        url
    }

    pub(super) async fn exchange(&self, now: DateTime<Utc>, code: &str) -> Result<Identity> {
        let mut answer = self.member(&self.access(now).await?, code).await?;
        if TOKEN_ENDED.contains(&code_of(&answer)) {
            // Another process may have asked for one since. The code was not looked at yet.
            self.token.forget();
            answer = self.member(&self.access(now).await?, code).await?;
        }
        good("getuserinfo", &answer)?;
        let subject = ["userid", "UserId"].iter().find_map(|name| answer.get(name)).and_then(Value::as_str);
        // Who is no member of the corporation has an openid alone.
        let subject =
            subject.ok_or_else(|| Trouble::Refused("who scanned is no member of the corporation".to_owned()))?;
        Ok(Identity { issuer: self.issuer.clone(), subject: subject.to_owned(), email: None })
    }

    pub(super) async fn check(&self, now: DateTime<Utc>) -> Result<String> {
        self.access(now).await?;
        Ok(format!("{} hands out access tokens for {}", self.api.host_str().unwrap_or_default(), self.corp))
    }

    async fn member(&self, token: &str, code: &str) -> Result<Value> {
        let mut url = self.api.clone();
        url.set_path("/cgi-bin/auth/getuserinfo");
        url.query_pairs_mut().append_pair("access_token", token).append_pair("code", code);
        Ok(ask(&self.http, "getuserinfo", Ask::get(url, MOST)).await?.1)
    }

    async fn access(&self, now: DateTime<Utc>) -> Result<String> {
        if let Some(token) = self.token.get(now) {
            return Ok(token);
        }
        let mut url = self.api.clone();
        url.set_path("/cgi-bin/gettoken");
        url.query_pairs_mut().append_pair("corpid", &self.corp).append_pair("corpsecret", &self.secret.0);
        let (_, answer) = ask(&self.http, "gettoken", Ask::get(url, MOST)).await?;
        good("gettoken", &answer)?;
        let token = answer.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| Trouble::Down("gettoken: no access_token in the answer".to_owned()))?;
        self.token.put(token, now, answer.get("expires_in").and_then(Value::as_i64).unwrap_or_default());
        Ok(token.to_owned())
    }
}

fn code_of(answer: &Value) -> i64 {
    answer.get("errcode").and_then(Value::as_i64).unwrap_or(-1)
}

/// Whether it went well; what the codes that a setting or a late code leads to mean.
fn good(what: &str, answer: &Value) -> Result<()> {
    let code = code_of(answer);
    let hint = match code {
        0 => return Ok(()),
        // -1 is its word for being too busy; what has no code is no answer of it.
        -1 => return Err(Trouble::Down(format!("{what}: busy, or no errcode in the answer"))),
        40001 => "the secret is not that of the application",
        40013 => "there is no such corp id",
        40029 => "the code was used, is over five minutes old or is not of this application",
        50001 => "the domain of the redirect address is not registered for the application",
        60020 => "the address of this server is not among the application's trusted addresses (企业可信IP)",
        _ => answer.get("errmsg").and_then(Value::as_str).unwrap_or_default(),
    };
    Err(Trouble::Refused(format!("{what}: errcode {code}, {}", cut(hint))))
}
