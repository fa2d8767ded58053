//! The harness: a program over a fresh database, a clock that tests move, and clients that keep their cookies.

mod client;
mod database;
pub mod district;
pub mod filing;
pub mod routes;
pub mod seed;
pub mod smtp_server;

pub use client::{Answer, Client};
pub use database::Database;
pub use seed::Seed;

use axum::Router;
use chrono::{DateTime, Utc};
use mashang::actions::{Service, Settings};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::domain::day::Zone;
use mashang::ids::Ids;

/// The host that test requests name.
pub const HOST: &str = "mashang.test";

/// A host that signs were printed with before.
pub const OLD_HOST: &str = "old.mashang.test";

/// When every test begins: Tuesday 3 March 2026, 10:00 in Shanghai: an open day.
pub const START: &str = "2026-03-03T02:00:00Z";

/// A program of its own for one test.
pub struct TestApp {
    /// The program.
    pub app: App,
    /// What is in the registries; nothing for [`TestApp::empty`].
    pub seed: Seed,
    router: Router,
    _database: database::Database,
}

impl TestApp {
    /// A program with an empty database.
    pub async fn empty() -> Self {
        let database = database::Database::fresh().await;
        let settings = Settings {
            public_url: format!("http://{HOST}"),
            also_hosts: vec![OLD_HOST.to_owned()],
            district: "青禾区".to_owned(),
            hotline: "023-1234 5678".to_owned(),
            mail_from: "mashang@example.org".to_owned(),
            zone: Zone::SHANGHAI,
            contact_key: [7; 32],
        };
        let clock = Clock::manual(START.parse::<DateTime<Utc>>().expect("an instant"));
        let app = App { db: database.db.clone(), service: Service::new(Ids::seeded(1), settings), clock };
        let router = mashang::web::router(app.clone());
        Self { app, seed: Seed::default(), router, _database: database }
    }

    /// A program with a small district in it.
    pub async fn new() -> Self {
        let mut app = Self::empty().await;
        app.seed = seed::plant(&app).await;
        app
    }

    /// The token of an enterprise's sign: 0, 1 or 2.
    pub fn token(&self, enterprise: usize) -> &str {
        &self.seed.enterprises[enterprise].1.token
    }

    /// The enrolled phone of an inspector of the seed.
    pub async fn inspector(&self, name: &str) -> Client {
        let invite = seed::invite(self, self.seed.inspectors[name]).await;
        let mut client = self.client();
        client.post_form(&invite, &[("pin", "135790"), ("pin_again", "135790")]).await.location();
        client
    }

    /// The same over the routes of the demonstration too.
    pub fn demo_client(&self) -> Client {
        Client::new(mashang::web::demo_router(self.app.clone()))
    }

    /// A browser without cookies, in Chinese.
    pub fn client(&self) -> Client {
        Client::new(self.router.clone())
    }
}
