//! Taking over registries in the console: sending a file, the preview, the confirmation, the undo.

mod absent;
mod beside;
mod faults;
mod job;
mod new_excel;
mod old_excel;
mod origin;
mod undo;
mod used;

use crate::console::world::World;
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use mashang::domain::credit_code::CreditCode;
use mashang::domain::id::EnterpriseId;
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::imports::{self, ImportRecord};
use uuid::Uuid;

/// The header of the files that offices hand over.
const HEADER: &str = "企业名称,统一社会信用代码,镇街,地址,行业代码,信用等级,重点企业类别,联系邮箱\n";

/// A valid credit code of its own for each number.
fn code(number: u32) -> String {
    let start = format!("91500107MA{number:07}");
    let endings = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = endings.map(|last| format!("{start}{last}")).filter(|code| CreditCode::parse(code).is_ok());
    codes.next().expect("one of the check characters fits")
}

/// A row of an enterprise.
fn row(number: u32, name: &str, town: &str) -> String {
    format!("{name},{},{town},兴业路{number}号,C34,,,\n", code(number))
}

/// An operator's browser on the district of the tests.
struct Office {
    world: World,
    browser: Client,
}

impl Office {
    async fn new() -> Self {
        let world = World::new().await;
        let browser = world.signed_in("operator").await;
        Self { world, browser }
    }

    /// Sends a file as the form does.
    async fn send(&mut self, registry: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"registry\"\r\n\r\n{registry}\r\n--XX\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--XX--\r\n");
        let request = self
            .browser
            .request(Method::POST, "/console/import")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=XX")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.browser.send(request).await
    }

    /// Sends a file that is taken; returns the address of its page.
    async fn sent(&mut self, registry: &str, text: &str) -> String {
        self.send(registry, "名录.csv", text.as_bytes()).await.location()
    }

    /// Confirms what the page of an import shows.
    async fn confirm(&mut self, page: &str, more: &[(&str, &str)]) -> Answer {
        let digest = self.record(page).await.digest;
        let mut fields = vec![("digest", digest.as_str())];
        fields.extend_from_slice(more);
        self.browser.post_form(&format!("{page}/apply"), &fields).await
    }

    /// Sends a file and confirms it.
    async fn import(&mut self, registry: &str, text: &str) -> String {
        let page = self.sent(registry, text).await;
        assert_eq!(self.confirm(&page, &[]).await.location(), page);
        page
    }

    async fn record(&self, page: &str) -> ImportRecord {
        let id = Uuid::try_parse(page.rsplit('/').next().expect("an id")).expect("an id");
        let mut tx = self.world.test.app.db.read().await.expect("a connection");
        imports::get(&mut tx, id).await.expect("read").expect("an import")
    }

    async fn enterprise(&self, number: u32) -> Option<EnterpriseRecord> {
        let mut tx = self.world.test.app.db.read().await.expect("a connection");
        enterprises::by_uscc(&mut tx, &code(number)).await.expect("read")
    }

    /// The enterprises that the district begins with.
    fn seeded(&self) -> Vec<EnterpriseId> {
        self.world.test.seed.enterprises.iter().map(|(id, _)| *id).collect()
    }
}
