//! Requests to servers of others: to a group's robot, to who vouches for a user. One exchange over a connection of its own, with TLS by the
//! roots that browsers trust and by those that a site adds. Redirects are not followed, and no more is read than was asked for.

#[cfg(test)]
mod tests;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Position, Url};

/// Why there is no answer. The address is never in the words: it may carry a secret.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The address cannot be used.
    #[error("the address cannot be used")]
    Address,
    /// A file of certificates cannot be used.
    #[error("no certificate can be read from it")]
    Certificates,
    /// The connection failed, or what came is no answer.
    #[error("the connection failed: {0}")]
    Connection(String),
}

fn broken(error: impl std::fmt::Display) -> OutgoingError {
    OutgoingError::Connection(error.to_string())
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    url: Url,
    headers: Vec<(HeaderName, String)>,
    body: String,
    most: usize,
}

impl Ask {
    /// A GET; at most `most` bytes of the answer are read.
    #[must_use]
    pub fn get(url: Url, most: usize) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: vec![(ACCEPT, "application/json".to_owned())],
            body: String::new(),
            most,
        }
    }

    /// A POST of JSON.
    #[must_use]
    pub fn post_json(url: Url, body: String, most: usize) -> Self {
        let kind = "application/json; charset=utf-8".to_owned();
        Self { method: Method::POST, url, headers: vec![(CONTENT_TYPE, kind)], body, most }
    }

    /// A POST of a form.
    #[must_use]
    pub fn post_form(url: Url, fields: &[(&str, &str)], most: usize) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = vec![
            (ACCEPT, "application/json".to_owned()),
            (CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned()),
        ];
        Self { method: Method::POST, url, headers, body, most }
    }

    /// With another header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With the `Authorization` header.
    #[must_use]
    pub fn authorized(self, value: impl Into<String>) -> Self {
        self.with(AUTHORIZATION, value)
    }
}

/// An address that may be asked: https anywhere; http only on this machine. None carries a password.
#[must_use]
pub fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let here = match url.host()? {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
        Host::Domain(_) => false,
    };
    let plain = url.username().is_empty() && url.password().is_none();
    (plain && (url.scheme() == "https" || (url.scheme() == "http" && here))).then_some(url)
}

/// Who asks: the certificates that it trusts. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    tls: Arc<ClientConfig>,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::over(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }
}

impl Http {
    fn over(roots: RootCertStore) -> Self {
        Self { tls: Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()) }
    }

    /// One that trusts the certificates of a PEM text too.
    ///
    /// # Errors
    /// [`OutgoingError::Certificates`] when there is none in it.
    pub fn trusting(pem: &[u8]) -> Result<Self, OutgoingError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let more: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let more = more.ok().filter(|more| !more.is_empty()).ok_or(OutgoingError::Certificates)?;
        for certificate in more {
            roots.add(certificate).map_err(|_| OutgoingError::Certificates)?;
        }
        Ok(Self::over(roots))
    }

    /// Asks; the status and the body of the answer. How long that may take is for the caller.
    ///
    /// # Errors
    /// When the address cannot be asked, the connection fails, or the answer is longer than wanted.
    pub async fn send(&self, ask: Ask) -> Result<(u16, Bytes), OutgoingError> {
        let host = ask.url.host_str().ok_or(OutgoingError::Address)?.trim_matches(['[', ']']).to_owned();
        let port = ask.url.port_or_known_default().ok_or(OutgoingError::Address)?;
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(broken)?;
        if ask.url.scheme() == "https" {
            let name = ServerName::try_from(host).map_err(broken)?;
            let stream = TlsConnector::from(self.tls.clone()).connect(name, stream).await.map_err(broken)?;
            exchange(ask, stream).await
        } else {
            exchange(ask, stream).await
        }
    }
}

async fn exchange<S>(ask: Ask, stream: S) -> Result<(u16, Bytes), OutgoingError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let connection = tokio::spawn(connection);
    let path = &ask.url[Position::BeforePath..Position::AfterQuery];
    let mut request = Request::builder()
        .method(ask.method)
        .uri(path)
        .header(HOST, &ask.url[Position::BeforeHost..Position::AfterPort])
        .body(Full::new(Bytes::from(ask.body)))
        .map_err(broken)?;
    for (name, value) in ask.headers {
        // What cannot be a header is a wrong setting; its text may be a secret and is not repeated.
        let value = HeaderValue::from_str(&value).map_err(|_| broken("a setting cannot be sent as a header"))?;
        request.headers_mut().insert(name, value);
    }
    let answer = sender.send_request(request).await.map_err(broken)?;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), ask.most).collect().await.map_err(broken)?.to_bytes();
    connection.abort();
    Ok((status, body))
}
