//! The list of routes, held against the router from both sides, and against the table.

use crate::non_interference::table;
use crate::support::routes::{self, Route};
use crate::support::{Client, TestApp};
use axum::body::Body;
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet};

/// A path of a route with something for each parameter.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

/// A request by a method that no route answers: 405 and the methods where there is a route, 404 elsewhere.
async fn probe(client: &mut Client, path: &str) -> (u16, BTreeSet<String>) {
    let method = Method::from_bytes(b"PROBE").expect("a method");
    let request = client.request(method, path).header("sec-fetch-site", "same-origin").body(Body::empty());
    let answer = client.send(request.expect("a request")).await;
    let methods = answer.header("allow").split(',').filter(|m| !m.is_empty() && *m != "HEAD").map(str::to_owned);
    (answer.status.as_u16(), methods.collect())
}

#[tokio::test]
async fn every_route_that_is_read_is_in_the_router_with_these_methods_and_no_others() {
    let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Route { path, method } in routes::all() {
        read.entry(path).or_default().insert(method);
    }
    assert!(read.len() > 90, "only {} paths are read", read.len());
    let app = TestApp::empty().await;
    let mut client = app.demo_client();
    for (path, methods) in &read {
        assert_eq!(probe(&mut client, &filled(path)).await, (405, methods.clone()), "{path}");
    }
    assert_eq!(probe(&mut client, "/no/such/route").await.0, 404, "the probe tells what is not there");
    // Each line that adds a route was read: there are no more of them than were understood.
    let sources = routes::sources();
    let lines: usize = sources.iter().map(|s| s.code.matches(".route(").count()).sum();
    let from_lines: BTreeSet<String> =
        sources.iter().flat_map(|s| routes::read(s, &sources)).map(|route| route.path).collect();
    assert_eq!(from_lines.len() + 1, lines, "one line adds the list of the API; each other line adds a path");
}

#[test]
fn wrapped_lines_constants_and_chains_of_methods_are_read() {
    let source = |name: &str, code: &str| routes::Source { name: name.to_owned(), code: code.to_owned() };
    let all = [
        source("src/web/paths.rs", "pub const LIST: &str = \"/list\";"),
        source(
            "src/web/x.rs",
            "const HERE: &str =\n \"/here/{id}\";\n Router::new().route(HERE, get(a::b(\"(\")).patch(c)).route(\n \
             paths::LIST,\n axum::routing::get(list)\n .post(views::form::post),\n)",
        ),
    ];
    let read: Vec<String> = routes::read(&all[1], &all).iter().map(ToString::to_string).collect();
    assert_eq!(read, ["GET /here/{id}", "PATCH /here/{id}", "GET /list", "POST /list"]);
}

#[test]
#[should_panic(expected = "is not read as a method")]
fn a_way_to_route_that_is_not_understood_is_an_error() {
    let any = routes::Source { name: "src/web/x.rs".to_owned(), code: ".route(\"/x\", any(x))".to_owned() };
    routes::read(&any, std::slice::from_ref(&any));
}

#[test]
fn a_path_belongs_to_the_route_with_the_fewest_parameters() {
    let route = |path: &str| Route { path: path.to_owned(), method: "GET".to_owned() };
    let routes = [route("/users/{id}"), route("/users/new"), route("/static/{*name}")];
    let of = |path: &str| routes::of(&routes, "GET", path).map(|route| route.path.as_str());
    assert_eq!(of("/users/new?x=1"), Some("/users/new"));
    assert_eq!(of("/users/7"), Some("/users/{id}"));
    assert_eq!(of("/static/a/b.css"), Some("/static/{*name}"));
    assert_eq!(of("/users"), None);
    assert_eq!(of("/users/"), None);
}

#[test]
fn every_route_is_in_the_table() {
    let routes: BTreeSet<String> = routes::all().iter().map(ToString::to_string).collect();
    let lines: Vec<&str> = table::LINES.iter().map(|(route, _)| *route).collect();
    let missing: Vec<String> = routes
        .iter()
        .filter(|route| !lines.contains(&route.as_str()))
        .map(|route| format!("    (\"{route}\", Closed),"))
        .collect();
    assert!(
        missing.is_empty(),
        "\nAdd to tests/it/non_interference/table.rs, beside its neighbours:\n{}\nClosed: every agency role \
         (liaison, inspector's phone, API token, anybody) gets 404, 401, 403 or is sent to sign in. Otherwise Ask(&[\"/path/{{filing}}\", …]) with \
         the requests that an agency would make, a form after a space; the names in braces are in the head of the table.\n",
        missing.join("\n")
    );
    for line in &lines {
        assert!(
            routes.contains(*line),
            "{line} is no route any more: take it out of tests/it/non_interference/table.rs"
        );
        assert_eq!(lines.iter().filter(|l| l == &line).count(), 1, "{line} is in the table twice");
    }
}
