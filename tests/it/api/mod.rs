//! The JSON API through the real router: a small district with two agencies, and clients that hold tokens.

mod document;
mod filings;
mod idempotency;
mod lists;
mod protection;
mod refusals;
mod states;
mod violations;

use crate::support::{Answer, HOST, TestApp};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::api_token::{Holder, secret_hash, secret_text};
use mashang::domain::enterprise::CreditClass;
use mashang::domain::id::{AgencyId, EnterpriseId, InspectorId, MatterId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::domain::user::Office;
use mashang::storage::api_tokens::{self, ApiToken};
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::{Tx, registries};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// A district with two agencies that share a matter group, two inspectors each, and two enterprises.
pub struct District {
    pub app: TestApp,
    pub router: Router,
    /// The first agency, its matter, its token.
    pub a: AgencyId,
    pub matter_a: MatterId,
    pub token_a: String,
    /// The second.
    pub b: AgencyId,
    pub matter_b: MatterId,
    pub token_b: String,
    /// Supervisors of the discipline and the reform office.
    pub discipline: String,
    pub reform: String,
    pub enterprise: EnterpriseId,
    pub other_enterprise: EnterpriseId,
}

impl District {
    pub async fn new() -> Self {
        let app = TestApp::empty().await;
        let mut tx = app.app.db.write().await.expect("a transaction");
        let (a, matter_a) = agency(&app, &mut tx, "青禾区消防救援大队", "XF").await;
        let (b, matter_b) = agency(&app, &mut tx, "青禾区应急管理局", "YJ").await;
        let enterprise = enterprise(&app, &mut tx, "青禾精密机械有限公司", "915001010000000012").await;
        let other_enterprise = enterprise_named_second(&app, &mut tx).await;
        let token_a = token(&app, &mut tx, Holder::Agency(a)).await;
        let token_b = token(&app, &mut tx, Holder::Agency(b)).await;
        let discipline = token(&app, &mut tx, Holder::Supervisor(Some(Office::Discipline))).await;
        let reform = token(&app, &mut tx, Holder::Supervisor(Some(Office::Reform))).await;
        registries::bump(&mut tx).await.expect("a new version of the registries");
        tx.commit().await.expect("committed");
        let router = mashang::web::router(app.app.clone());
        Self {
            app,
            router,
            a,
            matter_a,
            token_a,
            b,
            matter_b,
            token_b,
            discipline,
            reform,
            enterprise,
            other_enterprise,
        }
    }

    /// A filing of the first agency for an open day: no rule fires.
    pub fn fine(&self) -> Value {
        json!({
            "enterprise": self.enterprise, "kind": "daily", "matters": [self.matter_a],
            "inspectors": ["XF-1", "XF-2"],
            "planned_start": "2026-03-26T09:00:00+08:00", "planned_end": "2026-03-26T11:00:00+08:00",
        })
    }

    /// The same on a no-disturb day.
    pub fn disturbing(&self) -> Value {
        let mut draft = self.fine();
        draft["planned_start"] = json!("2026-03-18T09:00:00+08:00");
        draft["planned_end"] = json!("2026-03-18T11:00:00+08:00");
        draft
    }

    /// A visit of the first agency at the other enterprise that nobody has filed; nothing was shown, money was asked for.
    pub fn unfiled_visit(&self) -> Value {
        json!({
            "enterprise": self.other_enterprise, "agency": self.a, "arrived_at": "2026-03-03T09:10:00+08:00",
            "verified": true, "visitors": 3, "shown_certificate": "no", "prohibited": [3],
        })
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.send(Method::GET, token, path, None, &[]).await
    }

    pub async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, token, path, Some(body), &[]).await
    }

    /// Files and gives the stored filing.
    pub async fn file(&self, token: &str, draft: &Value) -> Value {
        json_of(&self.post(token, "/api/v1/filings", draft).await, 201)
    }

    /// A request as a client sends it.
    pub async fn send(
        &self,
        method: Method,
        token: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", HOST);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        send(&self.router, request.expect("a request")).await
    }
}

/// Sends any request.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("the router is infallible");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

/// The JSON of an answer with this status.
#[track_caller]
pub fn json_of(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).expect("JSON")
}

/// The rules of a verdict with their severities.
pub fn rules(verdict: &Value) -> Vec<(String, u64)> {
    let lines = verdict.as_array().expect("a list").iter();
    lines
        .map(|line| (line["rule"].as_str().expect("a code").to_owned(), line["severity"].as_u64().expect("1 to 4")))
        .collect()
}

/// The id of an object.
pub fn id(object: &Value) -> &str {
    object["id"].as_str().expect("an id")
}

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}

async fn agency(app: &TestApp, tx: &mut Tx, name: &str, code: &str) -> (AgencyId, MatterId) {
    let now = app.app.clock.now();
    let new = || app.app.service.ids.uuid(now);
    let agency = Agency {
        id: AgencyId(new()),
        name: name.to_owned(),
        short_name: String::new(),
        parent: None,
        emails: vec![],
        areas: vec![],
    };
    registries::insert_agency(tx, &agency, now).await.expect("an agency");
    let matter = Matter {
        id: MatterId(new()),
        agency: agency.id,
        name: format!("消防通道检查 {code}"),
        group: "fire passages".to_owned(),
        legal_basis: String::new(),
        published_from: date("2025-01-01"),
        published_to: None,
    };
    registries::insert_matter(tx, &matter, now).await.expect("a matter");
    for number in 1..=2 {
        let inspector = Inspector {
            id: InspectorId(new()),
            cert_no: format!("{code}-{number}"),
            name: format!("检查员{code}{number}"),
            agency: agency.id,
            valid_from: date("2025-01-01"),
            valid_to: None,
            suspended: false,
            kind: InspectorKind::Officer,
        };
        registries::insert_inspector(tx, &inspector, now).await.expect("an inspector");
    }
    (agency.id, matter.id)
}

async fn enterprise_named_second(app: &TestApp, tx: &mut Tx) -> EnterpriseId {
    enterprise(app, tx, "青禾食品有限公司", "915001010000000020").await
}

/// An active enterprise of class D, which has no yearly cap.
pub async fn enterprise(app: &TestApp, tx: &mut Tx, name: &str, uscc: &str) -> EnterpriseId {
    let now = app.app.clock.now();
    let record = EnterpriseRecord {
        id: EnterpriseId(app.app.service.ids.uuid(now)),
        uscc: uscc.to_owned(),
        name: name.to_owned(),
        town: "禾丰镇".to_owned(),
        address: "工业路 1 号".to_owned(),
        industry: "C34".to_owned(),
        credit_class: Some(CreditClass::D),
        tags: vec![],
        email: "boss@example.org".to_owned(),
        search: format!("{name} {uscc}").to_lowercase(),
        pin_hash: None,
        active: true,
        created_at: now,
    };
    enterprises::insert(tx, &record).await.expect("an enterprise");
    record.id
}

/// A token's secret.
pub async fn token(app: &TestApp, tx: &mut Tx, holder: Holder) -> String {
    let now = app.app.clock.now();
    let text = secret_text(&app.app.service.ids.secret());
    let token = ApiToken {
        id: app.app.service.ids.uuid(now),
        name: "test".to_owned(),
        holder,
        created_at: now,
        revoked_at: None,
    };
    api_tokens::insert(tx, &token, &secret_hash(&text).expect("a secret")).await.expect("a token");
    text
}
