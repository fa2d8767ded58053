//! One POST over a connection of its own, with TLS by the roots that browsers trust. Redirects are not followed.

use super::{Post, RobotError};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::sync::{Arc, LazyLock};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The most of an answer that is read.
const MOST: usize = 16 * 1024;

static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
});

fn broken(error: impl std::fmt::Display) -> RobotError {
    RobotError::Connection(error.to_string())
}

/// Posts; the status and the beginning of the answer.
pub(super) async fn post(wanted: &Post) -> Result<(u16, Bytes), RobotError> {
    let host = wanted.url.host_str().ok_or(RobotError::Address)?.trim_matches(['[', ']']).to_owned();
    let port = wanted.url.port_or_known_default().ok_or(RobotError::Address)?;
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(broken)?;
    if wanted.url.scheme() == "https" {
        let name = ServerName::try_from(host).map_err(broken)?;
        let stream = TlsConnector::from(TLS.clone()).connect(name, stream).await.map_err(broken)?;
        exchange(wanted, stream).await
    } else {
        exchange(wanted, stream).await
    }
}

async fn exchange<S>(wanted: &Post, stream: S) -> Result<(u16, Bytes), RobotError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let connection = tokio::spawn(connection);
    let path = &wanted.url[url::Position::BeforePath..url::Position::AfterQuery];
    let authority = &wanted.url[url::Position::BeforeHost..url::Position::AfterPort];
    let request = hyper::Request::post(path)
        .header(HOST, authority)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .body(Full::new(Bytes::from(wanted.body.clone())))
        .map_err(broken)?;
    let answer = sender.send_request(request).await.map_err(broken)?;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), MOST).collect().await.map_err(broken)?.to_bytes();
    connection.abort();
    Ok((status, body))
}
