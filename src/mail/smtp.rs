//! One SMTP conversation a letter: plain, STARTTLS or TLS, with login.
//!
//! lettre's own transport does not tell at which stage a server said no; here each stage is a step of its own, so that a
//! refused recipient is told apart from a server that refuses everybody. Each step has a time limit.

use super::SendError;
use super::message::Built;
use lettre::transport::smtp::Error as LettreError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How long one step may take. A conversation has six of them, less than the outbox's lease.
const STEP_LIMIT: Duration = Duration::from_secs(30);

/// How long the QUIT may take.
const GOODBYE_LIMIT: Duration = Duration::from_secs(5);

/// Replies that speak of the login, whatever they answer: no fault of the recipient.
const LOGIN_CODES: [&str; 4] = ["530", "534", "535", "538"];

/// Why the settings of a mail server cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpError {
    /// Not a URL that names a server.
    #[error("the SMTP URL must be smtp://, smtps:// or smtp+starttls:// with a host: {0}")]
    Url(String),
    /// The further root certificates cannot be read.
    #[error("the root certificates for SMTP cannot be read: {0}")]
    Roots(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Plain,
    StartTls,
    Tls,
}

/// A mail server. Cheap to clone.
#[derive(Clone)]
pub struct Smtp {
    server: Arc<Server>,
}

struct Server {
    host: String,
    port: u16,
    security: Security,
    login: Option<Credentials>,
    tls: Option<TlsParameters>,
    step_limit: Duration,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({}:{} {:?})", self.server.host, self.server.port, self.server.security)
    }
}

impl Smtp {
    /// The server of an SMTP URL; `roots` are further root certificates in PEM.
    ///
    /// # Errors
    /// When the URL or the certificates cannot be used. The error does not repeat the password.
    pub fn new(url: &str, roots: Option<&[u8]>) -> Result<Self, SmtpError> {
        Self::with_step_limit(url, roots, STEP_LIMIT)
    }

    /// The same with another time limit for each step.
    ///
    /// # Errors
    /// As [`Smtp::new`].
    pub fn with_step_limit(url: &str, roots: Option<&[u8]>, step_limit: Duration) -> Result<Self, SmtpError> {
        let url = Url::parse(url).map_err(|e| SmtpError::Url(e.to_string()))?;
        let (security, default_port) = match url.scheme() {
            "smtp" => (Security::Plain, 25),
            "smtp+starttls" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            other => return Err(SmtpError::Url(format!("scheme {other}"))),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| SmtpError::Url("no host".into()))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let login = match (decode(url.username())?, decode(url.password().unwrap_or_default())?) {
            (user, _) if user.is_empty() => None,
            (user, password) => Some(Credentials::new(user, password)),
        };
        let tls = if security == Security::Plain { None } else { Some(tls(&host, roots)?) };
        let port = url.port().unwrap_or(default_port);
        Ok(Self { server: Arc::new(Server { host, port, security, login, tls, step_limit }) })
    }

    pub(super) async fn send(&self, message: &Built) -> Result<(), SendError> {
        let hello = ClientId::Domain(message.from.domain().to_owned());
        let mut conn = self.connect(&hello).await?;
        let result = self.converse(&mut conn, message).await;
        // The QUIT is a courtesy: whether the mail was taken is decided.
        let _ = tokio::time::timeout(GOODBYE_LIMIT.min(self.server.step_limit), conn.abort()).await;
        result
    }

    async fn connect(&self, hello: &ClientId) -> Result<AsyncSmtpConnection, SendError> {
        let server = &*self.server;
        let address = (server.host.as_str(), server.port);
        let limit = server.step_limit;
        let result = tokio::time::timeout(limit, async {
            if server.security == Security::Tls {
                return AsyncSmtpConnection::connect_tokio1(address, Some(limit), hello, server.tls.clone(), None)
                    .await
                    .map_err(|e| later("connect", &e));
            }
            let stream = tokio::net::TcpStream::connect(address).await.map_err(|e| text("connect", &e.to_string()))?;
            // Without it each small command waits for an acknowledgement, about 50 ms a mail.
            let _ = stream.set_nodelay(true);
            let connect = AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello);
            let mut conn = connect.await.map_err(|e| later("greeting", &e))?;
            if server.security == Security::StartTls {
                // If this fails the connection is dropped here: lettre panics when it is asked to say QUIT on it.
                let tls = server.tls.clone().ok_or_else(|| text("starttls", "no TLS settings"))?;
                conn.starttls(tls, hello).await.map_err(|e| later("starttls", &e))?;
            }
            Ok(conn)
        });
        result.await.map_err(|_| text("connect", "no answer in time"))?
    }

    /// Whether the server answers and takes the login; `hello` is the host of the sender.
    pub(super) async fn check(&self, hello: String) -> Result<(), SendError> {
        let mut conn = self.connect(&ClientId::Domain(hello)).await?;
        let result = self.sign_in(&mut conn).await;
        let _ = tokio::time::timeout(GOODBYE_LIMIT.min(self.server.step_limit), conn.abort()).await;
        result
    }

    async fn sign_in(&self, conn: &mut AsyncSmtpConnection) -> Result<(), SendError> {
        if let Some(login) = &self.server.login {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            self.step("login", conn.auth(&mechanisms, login)).await?.map_err(|e| later("login", &e))?;
        }
        Ok(())
    }

    async fn converse(&self, conn: &mut AsyncSmtpConnection, message: &Built) -> Result<(), SendError> {
        self.sign_in(conn).await?;
        let mut options = Vec::new();
        if !message.to.to_string().is_ascii() || !message.from.to_string().is_ascii() {
            if !conn.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(SendError::Refused("the server does not take addresses in this script".to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !message.bytes.is_ascii() {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let mail = Mail::new(Some(message.from.clone()), options);
        self.step("sender", conn.command(mail)).await?.map_err(|e| later("sender", &e))?;
        let recipient = Rcpt::new(message.to.clone(), Vec::new());
        self.step("recipient", conn.command(recipient)).await?.map_err(|e| refused("recipient", &e))?;
        self.step("data", conn.command(Data)).await?.map_err(|e| refused("data", &e))?;
        self.step("content", conn.message(&message.bytes)).await?.map_err(|e| refused("content", &e))?;
        Ok(())
    }

    async fn step<T>(&self, stage: &str, future: impl Future<Output = T>) -> Result<T, SendError> {
        tokio::time::timeout(self.server.step_limit, future).await.map_err(|_| text(stage, "no answer in time"))
    }
}

/// A failure that says nothing about this recipient.
fn later(stage: &str, error: &LettreError) -> SendError {
    text(stage, &error.to_string())
}

/// A failure that is for good if the server says so.
fn refused(stage: &str, error: &LettreError) -> SendError {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    if error.is_permanent() && !LOGIN_CODES.contains(&code.as_str()) {
        return SendError::Refused(format!("{stage}: {error}"));
    }
    later(stage, error)
}

fn text(stage: &str, what: &str) -> SendError {
    SendError::Temporary(format!("{stage}: {what}"))
}

fn tls(host: &str, roots: Option<&[u8]>) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = roots {
        let certificates = Certificate::from_pem(pem).map_err(|e| SmtpError::Roots(e.to_string()))?;
        builder = builder.add_root_certificate(certificates);
    }
    builder.build_rustls().map_err(|e| SmtpError::Roots(e.to_string()))
}

/// Undoes the percent-encoding of a user name or password.
fn decode(text: &str) -> Result<String, SmtpError> {
    let wrong = || SmtpError::Url("user name or password is not percent-encoded UTF-8".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok()).ok_or_else(wrong)?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests;
