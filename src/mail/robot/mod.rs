//! Group robots: what is posted to which address, signed where the robot asks for it, and what its answer means.

use crate::domain::bell::BellKind;
use crate::outgoing::{Ask, Http, OutgoingError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::LazyLock;
use std::time::Duration;

/// The most of an answer that is read.
const MOST: usize = 16 * 1024;

static HTTP: LazyLock<Http> = LazyLock::new(Http::default);

/// The longest that a robot may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a message was not taken. The address is never in the words: whoever has it can write to the group.
#[derive(Debug, thiserror::Error)]
pub enum RobotError {
    /// The address cannot be used.
    #[error("the address cannot be used")]
    Address,
    /// Nobody answered in time.
    #[error("no answer within 10 seconds")]
    Slow,
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Connection(String),
    /// The robot answered that it does not take it.
    #[error("refused: status {status}, {words}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code and words of the robot, cut short.
        words: String,
    },
}

/// What is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Where to.
    pub url: url::Url,
    /// The JSON body.
    pub body: String,
}

/// The request that carries `words` to a robot. `secret` signs it where the robot was set up with one (`DingTalk`, Feishu).
///
/// # Errors
/// [`RobotError::Address`] when `address` is no address.
pub fn post(kind: BellKind, address: &str, secret: &str, words: &str, now: DateTime<Utc>) -> Result<Post, RobotError> {
    let mut url = address_of(address).ok_or(RobotError::Address)?;
    let body = match kind {
        BellKind::WeCom => json!({ "msgtype": "text", "text": { "content": words } }),
        BellKind::DingTalk => {
            if !secret.is_empty() {
                let at = now.timestamp_millis();
                let sign = signature(secret.as_bytes(), format!("{at}\n{secret}").as_bytes());
                url.query_pairs_mut().append_pair("timestamp", &at.to_string()).append_pair("sign", &sign);
            }
            json!({ "msgtype": "text", "text": { "content": words } })
        }
        BellKind::Feishu if secret.is_empty() => json!({ "msg_type": "text", "content": { "text": words } }),
        BellKind::Feishu => {
            let at = now.timestamp();
            // Feishu signs nothing, with the instant and the secret as the key.
            let sign = signature(format!("{at}\n{secret}").as_bytes(), b"");
            json!({ "timestamp": at.to_string(), "sign": sign, "msg_type": "text", "content": { "text": words } })
        }
    };
    Ok(Post { url, body: body.to_string() })
}

/// An address that may be posted to: https anywhere; http only to a relay on this machine.
#[must_use]
pub fn address_of(text: &str) -> Option<url::Url> {
    crate::outgoing::address(text)
}

impl From<OutgoingError> for RobotError {
    fn from(error: OutgoingError) -> Self {
        match error {
            OutgoingError::Address | OutgoingError::Certificates => Self::Address,
            OutgoingError::Connection(words) => Self::Connection(words),
        }
    }
}

fn signature(key: &[u8], text: &[u8]) -> String {
    // A key of any length is one for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether a robot took a message: status 200 and code 0 in its answer.
fn judge(status: u16, answer: &[u8]) -> Result<(), RobotError> {
    let value: Value = serde_json::from_slice(answer).unwrap_or_default();
    let code = ["errcode", "code", "StatusCode"].iter().find_map(|name| value.get(name)).and_then(Value::as_i64);
    if status == 200 && code == Some(0) {
        return Ok(());
    }
    let said = ["errmsg", "msg", "StatusMessage"].iter().find_map(|name| value.get(name)).and_then(Value::as_str);
    let said: String = said.unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
    let code = code.map_or_else(|| "no code".to_owned(), |code| format!("code {code}"));
    Err(RobotError::Refused { status, words: format!("{code} {said}").trim().to_owned() })
}

/// Posts a message and reads the answer.
///
/// # Errors
/// When nobody answers in time, or the robot does not take it.
pub async fn send(post: &Post) -> Result<(), RobotError> {
    let asked = HTTP.send(Ask::post_json(post.url.clone(), post.body.clone(), MOST));
    let (status, answer) = tokio::time::timeout(PATIENCE, asked).await.map_err(|_| RobotError::Slow)??;
    judge(status, &answer)
}

#[cfg(test)]
mod tests;
