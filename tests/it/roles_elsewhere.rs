//! Who may do what outside of the console: every other route of the router, asked as every role.
//!
//! There a session of the console gives nothing: whoever has one is answered as anybody is. A phone that is enrolled counts on the pages of
//! inspectors alone and is refused where an enterprise speaks; a token counts only on the API. The routes come from the router, so that a new one is asked at once.

use crate::api::token;
use crate::console::world::{FIRE, World};
use crate::support::routes;
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use mashang::domain::api_token::Holder;
use mashang::domain::user::Office;

/// Pages of the inspector's phone: the only ones that answer a phone otherwise than anybody.
const PHONE: [&str; 19] = [
    "GET /pin",
    "POST /pin",
    "GET /my",
    "GET /e/{token}/file",
    "POST /e/{token}/file",
    "POST /e/{token}/check",
    "GET /f/{id}",
    "GET /f/{id}/arrive",
    "POST /f/{id}/arrive",
    "POST /f/{id}/leave",
    "GET /f/{id}/result",
    "POST /f/{id}/result",
    "GET /f/{id}/change",
    "POST /f/{id}/change",
    "GET /f/{id}/papers",
    "POST /f/{id}/papers",
    "GET /f/{id}/cancel",
    "POST /f/{id}/cancel",
    "GET /f/{id}/qr.png",
];

/// What an enterprise does: an inspector's phone is refused there.
const ENTERPRISES: [&str; 5] = [
    "POST /e/{token}/confirm",
    "GET /e/{token}/rate/{id}",
    "POST /e/{token}/rate/{id}",
    "GET /i/{code}/rate",
    "POST /i/{code}/rate",
];

/// What the API has for supervisors alone.
const SUPERVISORS: [&str; 5] = [
    "POST /api/v1/visit-reports",
    "GET /api/v1/violations",
    "GET /api/v1/violations/{id}",
    "POST /api/v1/violations/{id}/confirm",
    "POST /api/v1/violations/{id}/dismiss",
];

/// The one answer of the API that wants no token.
const DESCRIPTION: &str = "GET /api/v1/openapi.json";

async fn ask(client: &mut Client, method: &str, path: &str, bearer: &str) -> Answer {
    let json = path.starts_with("/api/");
    let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = client.request(method.clone(), path).header("sec-fetch-site", "same-origin");
    if !bearer.is_empty() {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    let body = if json && method != Method::GET { Body::from("{}") } else { Body::empty() };
    client.send(request.header(CONTENT_TYPE, kind).body(body).expect("a request")).await
}

/// The routes outside of the console with a path to ask for. What ends or changes something goes to objects that are not there.
async fn asked(world: &World) -> Vec<(String, String, String)> {
    let filing = world.file(FIRE, "03-15 10:00").await;
    let nothing = "00000000-0000-7000-8000-000000000000";
    let token = world.test.token(0).to_owned();
    let own = &world.test.seed.agency_signs[FIRE].token;
    let all = routes::all().into_iter().filter(|route| !route.path.starts_with("/console"));
    all.map(|route| {
        let name = route.to_string();
        let id = if route.method == "GET" { filing.to_string() } else { nothing.to_owned() };
        let sign = if route.path.starts_with("/a/") { own } else { &token };
        let path = route.path.replace("{token}", sign).replace("{id}", &id).replace("{code}", "22222222");
        let path = path.replace("{key}", "submission-of-a-test-001").replace("{secret}", "unknown");
        (name, route.method, path.replace("{*name}", "app.css"))
    })
    .collect()
}

#[tokio::test]
async fn outside_of_the_console_its_roles_are_nobody_and_a_phone_counts_on_its_own_pages_alone() {
    let world = World::new().await;
    world.enter_more().await;
    let asked = asked(&world).await;
    assert!(asked.len() > 60, "only {} routes", asked.len());
    for name in PHONE.iter().chain(&ENTERPRISES).chain(&SUPERVISORS).chain([&DESCRIPTION]) {
        assert!(asked.iter().any(|(route, ..)| route == name), "{name} is no route any more: take it out");
    }
    let mut wrong = Vec::new();
    for who in ["reform", "discipline", "justice", "fire", "head", "operator", "admin"] {
        let mut signed_in = world.signed_in(who).await;
        for (name, method, path) in &asked {
            let anybody = ask(&mut world.test.client(), method, path, "").await.status;
            // A copy, since an answer may leave a cookie.
            let answer = ask(&mut signed_in.clone(), method, path, "").await.status;
            if answer != anybody {
                wrong.push(format!("{name}: {who} gets {answer}, anybody {anybody}"));
            }
        }
        assert_eq!(signed_in.get("/console/settings").await.status, 200, "{who} is still signed in");
    }
    let phone = world.test.inspector("陈小明").await;
    for (name, method, path) in &asked {
        let anybody = ask(&mut world.test.client(), method, path, "").await;
        let answer = ask(&mut phone.clone(), method, path, "").await;
        let told = |answer: &Answer| (answer.status.as_u16(), answer.header("location").to_owned());
        let fits = match name.as_str() {
            name if PHONE.contains(&name) => told(&answer) != told(&anybody) && answer.status != 403,
            name if ENTERPRISES.contains(&name) => answer.status == 403 && anybody.status != 403,
            _ => answer.status == anybody.status,
        };
        if !fits || answer.status.is_server_error() || anybody.status.is_server_error() {
            wrong.push(format!("{name}: a phone gets {:?}, anybody {:?}", told(&answer), told(&anybody)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_api_knows_nobody_without_a_token_and_each_token_has_its_routes() {
    let world = World::new().await;
    let app = &world.test;
    let mut tx = app.app.db.write().await.expect("a transaction");
    let agency = token(app, &mut tx, Holder::Agency(app.seed.agencies[FIRE])).await;
    let mut supervisors = Vec::new();
    for office in [None, Some(Office::Reform), Some(Office::Discipline), Some(Office::Justice)] {
        supervisors.push(token(app, &mut tx, Holder::Supervisor(office)).await);
    }
    tx.commit().await.expect("a commit");
    let mut clients = vec![app.client(), app.inspector("陈小明").await];
    for who in ["reform", "fire", "operator", "admin"] {
        clients.push(world.signed_in(who).await);
    }
    let mut wrong = Vec::new();
    for (name, method, path) in asked(&world).await.iter().filter(|(_, _, path)| path.starts_with("/api/")) {
        for client in &mut clients {
            let expected = if name == DESCRIPTION { 200 } else { 401 };
            for bearer in ["", "msk_nonsense"] {
                let status = ask(client, method, path, bearer).await.status;
                if status != expected {
                    wrong.push(format!("{name}: {status} without a token that counts"));
                }
            }
        }
        let mut client = app.client();
        let status = ask(&mut client, method, path, &agency).await.status;
        let closed = SUPERVISORS.contains(&name.as_str());
        // What cannot be found is not told apart from what is not for this token.
        let refused = status == 403 || (status == 404 && path.contains("/violations/"));
        if closed != refused || status == 401 {
            wrong.push(format!("{name}: an agency's token gets {status}"));
        }
        for supervisor in &supervisors {
            let status = ask(&mut client, method, path, supervisor).await.status;
            if status == 401 || (closed && status == 403) || status.is_server_error() {
                wrong.push(format!("{name}: a supervisor's token gets {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
