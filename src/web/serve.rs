//! The accept loop. `axum::serve` has no limit on how long a client may take to send its headers, so this serves through hyper-util:
//! header time, header size, number of headers and connections are bounded, and a stop lets open requests finish.

use super::crowd::Crowd;
use super::extract::ClientAddr;
use crate::domain::trusted_proxies::TrustedProxies;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// How long a client may take to send its headers, and how long an idle connection is kept for its next request.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// The most bytes of a request's head.
const HEADER_BYTES: usize = 32 * 1024;
/// The most headers of a request.
const HEADER_COUNT: usize = 64;
/// The most connections at a time.
const CONNECTIONS: usize = 10_000;
/// How many files are open when there are as many connections as there may be: those, and the database's, with room to spare.
pub const FILES: u64 = 16_384;
/// How long open requests may take to finish after a stop.
const DRAIN_TIME: Duration = Duration::from_secs(10);
/// The pause after `accept` failed, for want of file descriptors as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` is ready, then lets open requests finish for at most ten seconds.
///
/// # Errors
/// Never after the listener is open; failures of single connections are logged.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> io::Result<()> {
    serve_behind(listener, router, TrustedProxies::default(), stop).await
}

/// The same behind reverse proxies, whose `X-Forwarded-For` says who the client is: limits would count all clients as one otherwise.
///
/// # Errors
/// As [`serve`].
pub async fn serve_behind(
    listener: TcpListener,
    router: Router,
    proxies: TrustedProxies,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let proxies = Arc::new(proxies);
    let mut http = Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_COUNT)
        .keep_alive(true);
    let http = Arc::new(http.http1_only());
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let crowd = Arc::new(Crowd::default());
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let Some(place) = crowd.enter(peer.ip(), proxies.contains(peer.ip())) else {
            tracing::debug!("a network has its share of connections");
            continue;
        };
        let connection = Connection {
            http: http.clone(),
            router: router.clone(),
            watcher: graceful.watcher(),
            proxies: proxies.clone(),
        };
        tokio::spawn(async move {
            connection.run(stream, peer).await;
            drop((permit, place));
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => tracing::info!("all requests are finished"),
        () = tokio::time::sleep(DRAIN_TIME) => tracing::warn!("some requests did not finish in time and are cut off"),
    }
    Ok(())
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = room.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

struct Connection {
    http: Arc<Builder<TokioExecutor>>,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
    proxies: Arc<TrustedProxies>,
}

impl Connection {
    async fn run(self, stream: TcpStream, peer: SocketAddr) {
        // Small answers leave at once.
        let _ = stream.set_nodelay(true);
        let (router, proxies) = (self.router, self.proxies);
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            let client = proxies.client(peer.ip(), forwarded_for(request.headers()).as_deref());
            request.extensions_mut().insert(ClientAddr(Some(client)));
            let router = router.clone();
            async move {
                // What arrives in one piece can be larger than the buffer that hyper is held to.
                if head_bytes(&request) > HEADER_BYTES {
                    return Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response());
                }
                router.oneshot(request).await
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(error, "a connection ended early");
        }
    }
}

/// The bytes of a request's head: its line, and a line for each header.
fn head_bytes(request: &Request<Body>) -> usize {
    let line = request.method().as_str().len()
        + request.uri().path_and_query().map_or(0, |path| path.as_str().len())
        + " HTTP/1.1\r\n ".len();
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + headers.sum::<usize>()
}

/// All `X-Forwarded-For` headers as one list.
fn forwarded_for(headers: &HeaderMap) -> Option<String> {
    let all: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    (!all.is_empty()).then(|| all.join(","))
}

/// Ready when the process is asked to stop, by SIGTERM or Ctrl-C; both are heeded from this call on.
#[must_use = "the future is what waits"]
pub fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    let heeded =
        |kind, name| signal(kind).inspect_err(|error| tracing::warn!(%error, name, "a signal cannot be heeded")).ok();
    let terminate = heeded(SignalKind::terminate(), "SIGTERM");
    let interrupt = heeded(SignalKind::interrupt(), "SIGINT");
    async move {
        tokio::select! {
            () = received(terminate) => {}
            () = received(interrupt) => {}
        }
    }
}

/// Waits for a signal; for ever where it cannot be heeded.
async fn received(signal: Option<Signal>) {
    match signal {
        Some(mut signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}
