//! Extractors: what handlers take from a request beside [`super::Page`] and [`super::Form`].

pub mod body;
pub mod console;
pub mod filters;
mod inspecting;
mod scanning;
pub mod upload;
pub mod waiting;

pub use console::Console;
pub use filters::Filters;
pub use inspecting::{Inspecting, MaybeInspecting};
pub use scanning::Scanning;
pub use upload::{Upload, UploadedFile};

use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use std::convert::Infallible;
use std::net::IpAddr;

/// The instant of a request: read once, the same for everything that the request does.
#[derive(Clone, Copy, Debug)]
pub struct Now(pub DateTime<Utc>);

impl FromRequestParts<App> for Now {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(|| Self(app.clock.now())))
    }
}

/// The address of the client, for limits only: it is never logged. Absent in tests and behind an unknown proxy.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddr(pub Option<IpAddr>);

impl ClientAddr {
    /// The network that limits count by: 24 bits of IPv4, 48 bits of IPv6; `-` if unknown.
    #[must_use]
    pub fn network(self) -> String {
        match self.0.map(|addr| addr.to_canonical()) {
            Some(IpAddr::V4(addr)) => {
                let [a, b, c, _] = addr.octets();
                format!("{a}.{b}.{c}")
            }
            Some(IpAddr::V6(addr)) => {
                let [a, b, c, ..] = addr.segments();
                format!("{a:x}:{b:x}:{c:x}")
            }
            None => "-".to_owned(),
        }
    }

    /// The same for limits that this machine and unknown addresses are exempt from, as they are from those of connections.
    #[must_use]
    pub fn counted(self) -> Option<String> {
        self.0.filter(|addr| !addr.to_canonical().is_loopback()).map(|_| self.network())
    }
}

impl FromRequestParts<App> for ClientAddr {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self(None)))
    }
}
