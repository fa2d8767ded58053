//! Connections that send one request after the other, and how long each took.

use super::support::Failure;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// Connections at once.
const CLIENTS: usize = 32;

/// A request that can be sent again.
#[derive(Clone)]
pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: Vec::new(), body: Bytes::new() }
    }

    /// A POST of JSON.
    pub fn post(path: &str) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: "POST", path: path.to_owned(), headers, body: Bytes::new() }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn with(&self, body: &str) -> Self {
        Self { body: Bytes::copy_from_slice(body.as_bytes()), ..self.clone() }
    }

    async fn send(&self, sender: &mut SendRequest<Full<Bytes>>, host: &str) -> Result<(), Failure> {
        let mut request = hyper::Request::builder().method(self.method).uri(&self.path).header("host", host);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        sender.ready().await?;
        let answer = sender.send_request(request.body(Full::new(self.body.clone()))?).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(format!("{} {}: {status} {}", self.method, self.path, String::from_utf8_lossy(&body)).into());
        }
        Ok(())
    }
}

/// What was measured.
#[derive(Default)]
pub struct Measured {
    taken: Duration,
    times: Vec<Duration>,
}

impl Measured {
    pub fn add(&mut self, more: Self) {
        self.taken += more.taken;
        self.times.extend(more.times);
    }

    /// Requests a second.
    pub fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.times.len()).unwrap_or(u32::MAX)) / self.taken.as_secs_f64()
    }

    pub fn print(&mut self, what: &str) {
        self.times.sort_unstable();
        let count = self.times.len();
        let at = |percent: usize| self.times[(count - 1) * percent / 100];
        let (p50, p95, p99) = (at(50), at(95), at(99));
        println!("{what}: {:.0}/s, p50 {p50:.1?}, p95 {p95:.1?}, p99 {p99:.1?} ({count} requests)", self.rate());
    }
}

/// Sends each request once, or all of them over and over if they may be `repeated`, until the time is over or none is left. Any answer but a
/// success ends it.
pub async fn run(
    address: SocketAddr,
    requests: Vec<Request>,
    lasting: Duration,
    repeated: bool,
) -> Result<Measured, Failure> {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let begin = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (requests, next) = (requests.clone(), next.clone());
            tokio::spawn(async move {
                one(address, &requests, &next, begin + lasting, repeated).await.map_err(|error| error.to_string())
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    Ok(Measured { taken: begin.elapsed(), times })
}

async fn one(
    address: SocketAddr,
    requests: &[Request],
    next: &AtomicUsize,
    until: Instant,
    repeated: bool,
) -> Result<Vec<Duration>, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (host, mut times) = (address.to_string(), Vec::new());
    while Instant::now() < until {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(if repeated { n % requests.len() } else { n }) else { break };
        let begin = Instant::now();
        request.send(&mut sender, &host).await?;
        times.push(begin.elapsed());
    }
    Ok(times)
}
