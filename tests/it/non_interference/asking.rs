//! Asking as each agency role, and what came back.

use super::history::History;
use super::table::{How, LINES};
use crate::support::{Answer, Client, seed};
use axum::body::Body;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use mashang::jobs;

/// Of the ids that only the history with reports has, so many are asked for on each route.
const SECRETS: usize = 12;

/// The PIN of the phone.
const PIN: &str = "135790";

/// One answer to one role.
pub struct Answered {
    /// Who asked what, and when.
    pub what: String,
    /// The route of the table.
    pub route: &'static str,
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answered {
    fn new(what: String, route: &'static str, answer: &Answer) -> Self {
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        headers.sort();
        Self { what, route, status: answer.status.as_u16(), headers, body: answer.bytes.clone() }
    }

    /// Whether a handler had something to say to this role.
    pub fn reached(&self) -> bool {
        let leads = |to: &str| self.headers.iter().any(|(name, value)| name == "location" && value.starts_with(to));
        !matches!(self.status, 401 | 403 | 404) && !leads("/console/sign-in") && !leads("/enrol") && !leads("/pin")
    }

    /// How the answer differs from that of the other history.
    pub fn difference(&self, other: &Self) -> Option<String> {
        assert_eq!(self.what, other.what, "both histories are asked the same");
        let what = &self.what;
        if self.status != other.status {
            return Some(format!("{what}: status {} and {}", self.status, other.status));
        }
        if self.headers != other.headers {
            return Some(format!("{what}: headers\n  {:?}\n  {:?}", self.headers, other.headers));
        }
        if self.body == other.body {
            return None;
        }
        let (a, b) = (String::from_utf8_lossy(&self.body), String::from_utf8_lossy(&other.body));
        let line = a.lines().zip(b.lines()).find(|(a, b)| a != b);
        let (a, b) = line.unwrap_or(("one is longer", "than the other"));
        Some(format!("{what}:\n  {a}\n  {b}"))
    }
}

/// The agency roles, each with its browser.
pub struct Session {
    roles: Vec<(&'static str, Client)>,
    bearer: String,
}

impl Session {
    /// Enrols the phone and makes the token.
    pub async fn new(history: &mut History) -> Self {
        history.ask();
        let invite = seed::invite(&history.world.test, history.world.test.seed.inspectors["陈小明"]).await;
        let mut phone = history.world.test.client();
        history.ask();
        phone.post_form(&invite, &[("pin", PIN), ("pin_again", PIN)]).await.location();
        let bearer = format!("Bearer {}", history.api_token().await);
        let anybody = history.world.test.client();
        let roles =
            vec![("liaison", anybody.clone()), ("phone", phone), ("token", anybody.clone()), ("anybody", anybody)];
        Self { roles, bearer }
    }

    /// Signs the liaison in and unlocks the phone: both have been away for days.
    async fn sign_in(&mut self, history: &mut History) {
        history.ask();
        self.roles[0].1 = history.world.signed_in("fire").await;
        history.ask();
        self.roles[1].1.post_form("/pin", &[("pin", PIN), ("next", "/my")]).await.location();
    }

    /// Asks every page and answer as every role.
    pub async fn look(&mut self, history: &mut History, when: &str, secrets: &[String]) -> Vec<Answered> {
        self.ask_all(history, when, secrets, |method| method == "GET").await
    }

    /// Sends every form as every role; where one leads on, the next page is asked too.
    pub async fn send_forms(&mut self, history: &mut History, secrets: &[String]) -> Vec<Answered> {
        self.ask_all(history, "form", secrets, |method| method != "GET").await
    }

    async fn ask_all(
        &mut self,
        history: &mut History,
        when: &str,
        secrets: &[String],
        which: fn(&str) -> bool,
    ) -> Vec<Answered> {
        self.sign_in(history).await;
        let mut answers = Vec::new();
        for (route, how) in LINES {
            let (method, pattern) = route.split_once(' ').expect("a method and a path");
            if !which(method) {
                continue;
            }
            let method: Method = method.parse().expect("a method");
            for request in requests(pattern, how, history, secrets) {
                for (who, client) in self.roles.clone() {
                    let what = format!("{when}: {who} {method} {request}");
                    let answer = self.send(history, client.clone(), who, &method, &request).await;
                    answers.push(Answered::new(what.clone(), route, &answer));
                    if method != Method::GET && answer.status == 303 {
                        let to = answer.location();
                        // What it set off in the background is done then, and what that made is read too.
                        history.ask();
                        jobs::run_tasks(&history.world.test.app).await.expect("tasks are done");
                        let task = to.starts_with("/console/tasks/");
                        for to in [Some(to.clone()), task.then(|| format!("{to}/file"))].into_iter().flatten() {
                            let next = self.send(history, client.clone(), who, &Method::GET, &to).await;
                            answers.push(Answered::new(format!("{what}, then {to}"), "", &next));
                        }
                    }
                }
            }
        }
        answers
    }

    async fn send(
        &self,
        history: &mut History,
        mut client: Client,
        who: &str,
        method: &Method,
        request: &str,
    ) -> Answer {
        history.ask();
        let (path, body) = request.split_once(' ').unwrap_or((request, ""));
        let mut builder = client.request(method.clone(), path).header("sec-fetch-site", "same-origin");
        if who == "token" {
            builder = builder.header(AUTHORIZATION, &self.bearer);
        }
        if method != Method::GET {
            let json = body.starts_with('{') || (path.starts_with("/api/") && body.is_empty());
            let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            builder = builder.header(CONTENT_TYPE, kind);
        }
        client.send(builder.body(Body::from(body.to_owned())).expect("a request")).await
    }
}

/// What is asked of a route: the requests of its line, and the same path for ids that only one history has.
fn requests(pattern: &str, how: &How, history: &History, secrets: &[String]) -> Vec<String> {
    let mut requests = Vec::new();
    if let How::Ask(templates) = how {
        for template in *templates {
            let mut request = (*template).to_owned();
            for (name, value) in &history.names {
                request = request.replace(&format!("{{{name}}}"), value);
            }
            requests.push(request);
        }
    }
    let fill = |with: &str| {
        let parts = pattern.split('/').map(|part| if part.starts_with('{') { with } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    if !pattern.contains('{') {
        if requests.is_empty() {
            requests.push(pattern.to_owned());
        }
        return requests;
    }
    if matches!(how, How::Closed) {
        requests.push(fill(&history.names["filing"]));
    }
    requests.extend(secrets.iter().take(SECRETS).map(|secret| fill(secret)));
    requests
}
