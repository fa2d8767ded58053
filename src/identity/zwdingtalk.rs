//! 政务钉钉 (专有钉钉) as it lets an application sign people in by a code to scan: a page of the platform, then two signed requests to its
//! interface. Each province runs a platform of its own, so both addresses are settings. There is neither nonce nor PKCE.

use super::token::Kept;
use super::{Identity, MOST, Result, Secret, Tries, Trouble, ask, cut};
use crate::outgoing::{Ask, Http};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, FixedOffset, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::header::HeaderName;
use serde_json::Value;
use sha2::Sha256;
use std::sync::atomic::{AtomicU32, Ordering};
use url::Url;

const TOKEN: &str = "/gettoken.json";
const PERSON: &str = "/rpc/oauth2/getuserinfo_bycode.json";

/// The code for an access token that counts no longer.
const TOKEN_ENDED: &str = "240133";

/// The platform's clock is that of Beijing.
const BEIJING: i32 = 8 * 3600;

/// 政务钉钉.
#[derive(Debug)]
pub struct ZwDingTalk {
    client: String,
    key: String,
    secret: Secret,
    login: Url,
    api: Url,
    issuer: String,
    http: Http,
    token: Kept,
    asked: AtomicU32,
}

impl ZwDingTalk {
    /// Of an application: its identifier (应用标识) and its key and secret. `login` and `api` are the addresses of the sign-in page and of
    /// the open platform.
    #[must_use]
    pub fn new(client: &str, key: &str, secret: Secret, (login, api): (Url, Url), http: Http) -> Self {
        let issuer = format!("zwdingtalk:{}", &api[url::Position::BeforeHost..url::Position::AfterPort]);
        let (client, key) = (client.to_owned(), key.to_owned());
        Self { client, key, secret, login, api, issuer, http, token: Kept::default(), asked: AtomicU32::new(0) }
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn address(&self, back: &str, tries: &Tries) -> Url {
        let mut url = self.login.clone();
        url.set_path("/oauth2/auth.htm");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client)
            .append_pair("redirect_uri", back)
            .append_pair("scope", "get_user_info")
            .append_pair("authType", "QRCODE")
            .append_pair("state", &tries.state);
        url
    }

    pub(super) async fn exchange(&self, now: DateTime<Utc>, code: &str) -> Result<Identity> {
        let mut answer = self.person(now, code).await?;
        if code_of(&answer) == Some(TOKEN_ENDED) {
            self.token.forget();
            answer = self.person(now, code).await?;
        }
        let data = good(PERSON, &answer)?;
        // A number that is the account's for good; names and employee codes change hands. It comes as a number, in some versions as a text.
        let subject = match data.get("accountId") {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text.clone(),
            _ => return Err(Trouble::Down(format!("{PERSON}: no accountId in the answer"))),
        };
        Ok(Identity { issuer: self.issuer.clone(), subject, email: None })
    }

    pub(super) async fn check(&self, now: DateTime<Utc>) -> Result<String> {
        self.access(now).await?;
        Ok(format!("{} hands out access tokens for {}", self.api.host_str().unwrap_or_default(), self.client))
    }

    async fn person(&self, now: DateTime<Utc>, code: &str) -> Result<Value> {
        let token = self.access(now).await?;
        let fields = [("access_token", token.as_str()), ("code", code)];
        let mut url = self.api.clone();
        url.set_path(PERSON);
        let request = self.signed(now, "POST", PERSON, &fields, Ask::post_form(url, &fields, MOST));
        Ok(ask(&self.http, PERSON, request).await?.1)
    }

    async fn access(&self, now: DateTime<Utc>) -> Result<String> {
        if let Some(token) = self.token.get(now) {
            return Ok(token);
        }
        let fields = [("appkey", self.key.as_str()), ("appsecret", self.secret.0.as_str())];
        let mut url = self.api.clone();
        url.set_path(TOKEN);
        url.query_pairs_mut().extend_pairs(fields);
        let request = self.signed(now, "GET", TOKEN, &fields, Ask::get(url, MOST));
        let (_, answer) = ask(&self.http, TOKEN, request).await?;
        let data = good(TOKEN, &answer)?;
        let token = data.get("accessToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| Trouble::Down(format!("{TOKEN}: no accessToken in the answer")))?;
        // Seconds, as a text or as a number.
        let seconds = match data.get("expiresIn") {
            Some(Value::String(text)) => text.parse().unwrap_or_default(),
            other => other.and_then(Value::as_i64).unwrap_or_default(),
        };
        self.token.put(token, now, seconds);
        Ok(token.to_owned())
    }

    /// The platform knows an application by a signature of each request: HMAC-SHA256 of method, time, a number used once, path and fields.
    fn signed(&self, now: DateTime<Utc>, method: &str, path: &str, fields: &[(&str, &str)], ask: Ask) -> Ask {
        let at = match FixedOffset::east_opt(BEIJING) {
            Some(zone) => now.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
            None => now.to_rfc3339(),
        };
        let once = format!("{}{:04}", now.timestamp_millis(), self.asked.fetch_add(1, Ordering::Relaxed) % 10_000);
        let sign = signature(&self.secret.0, &[method, &at, &once, path], fields);
        ask.with(HeaderName::from_static("x-hmac-auth-timestamp"), at)
            .with(HeaderName::from_static("x-hmac-auth-version"), "1.0")
            .with(HeaderName::from_static("x-hmac-auth-nonce"), once)
            .with(HeaderName::from_static("apikey"), self.key.clone())
            .with(HeaderName::from_static("x-hmac-auth-signature"), sign)
    }
}

/// The fields are sorted and signed as they are, not encoded.
fn signature(secret: &str, head: &[&str], fields: &[(&str, &str)]) -> String {
    let mut pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    // A key of any length is one for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{}\n{}", head.join("\n"), pairs.join("&")).as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn code_of(answer: &Value) -> Option<&str> {
    answer.get("content")?.get("responseCode")?.as_str()
}

/// The data of an answer that went well; what the codes that a setting or a late code leads to mean.
fn good<'a>(what: &str, answer: &'a Value) -> Result<&'a Value> {
    let yes = |value: &Value| value.get("success").and_then(Value::as_bool) == Some(true);
    let content = answer.get("content");
    let data = content.filter(|content| {
        yes(answer) && code_of(answer) == Some("0") && content.get("success").is_none_or(|v| v == true)
    });
    if let Some(data) = data.and_then(|content| content.get("data")) {
        return Ok(data);
    }
    // Refused before it came to the interface (a wrong signature): code and words stand on top.
    let text =
        |value: &'a Value, names: [&str; 3]| names.iter().find_map(|name| value.get(name)).and_then(Value::as_str);
    let code = code_of(answer).or_else(|| text(answer, ["bizErrorCode", "errorCode", "Code"])).unwrap_or("none");
    let words = match code {
        "240111" => "the code was used, is too old or is not of this application",
        TOKEN_ENDED => "the application's access token does not count",
        "OPF-B001-05-16-0009" => "the secret is not that of the key, or the platform is not that of the application",
        _ => content
            .and_then(|content| text(content, ["responseMessage", "bizErrorMsg", "errorMsg"]))
            .or_else(|| text(answer, ["errorMsg", "Message", "bizErrorMsg"]))
            .unwrap_or_default(),
    };
    if answer.get("success").is_none() && code == "none" {
        return Err(Trouble::Down(format!("{what}: neither success nor a code in the answer")));
    }
    Err(Trouble::Refused(format!("{what}: code {}, {}", cut(code), cut(words))))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn a_signature_covers_method_time_number_path_and_sorted_fields() {
        // Computed with OpenSSL over the same text.
        let head = ["GET", "2026-03-03T10:00:00.000+08:00", "17725032000000000", "/gettoken.json"];
        let sign = signature("s3cret", &head, &[("appsecret", "s3cret"), ("appkey", "key")]);
        assert_eq!(sign, "dXP8dV18cCKMnaFqlPbJPFb3IMS7nCaDLLvKBBZldgc=");
    }
}
