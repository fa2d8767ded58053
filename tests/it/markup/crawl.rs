//! Following links: every page that a role can reach, and every form that stands on one.

use super::corpus;
use super::dressed::PUBLIC;
use super::reader::{self, Form};
use super::sheets;
use crate::support::routes::{self, Route};
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many addresses of one route are opened in one role.
const OF_A_ROUTE: usize = 3;

/// What was found on the way.
pub struct Crawl {
    pub routes: Vec<Route>,
    /// Routes that answered 200.
    pub opened: BTreeSet<String>,
    /// Numbers of columns whose words were seen.
    pub seen: BTreeSet<usize>,
    /// What is wrong, and where.
    pub wrong: Vec<String>,
    /// Forms by who saw them and where.
    pub forms: Vec<(String, String, Form)>,
    /// Whole pages, and whether one can sign out there.
    pub ways_out: Vec<(String, bool)>,
    pub pages: usize,
}

impl Crawl {
    pub fn new() -> Self {
        Self {
            routes: routes::all(),
            opened: BTreeSet::new(),
            seen: BTreeSet::new(),
            wrong: Vec::new(),
            forms: Vec::new(),
            ways_out: Vec::new(),
            pages: 0,
        }
    }

    /// Opens these addresses and what they lead to.
    pub async fn walk(&mut self, who: &str, client: &mut Client, bearer: &str, start: &[String]) {
        let mut queue: VecDeque<String> = start.iter().cloned().collect();
        let mut known: BTreeSet<String> = start.iter().cloned().collect();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        while let Some(path) = queue.pop_front() {
            let Some(route) = routes::of(&self.routes, "GET", &path).map(ToString::to_string) else {
                self.wrong.push(format!("{who}: {path} is no route"));
                continue;
            };
            let count = times.entry(route.clone()).or_default();
            *count += 1;
            if *count > OF_A_ROUTE && !start.contains(&path) {
                continue;
            }
            let answer = get(client, &path, bearer).await;
            if answer.status == 200 {
                self.opened.insert(route);
            }
            for link in self.look(&format!("{who}: GET {path}"), &answer) {
                let link = resolved(&path, &link);
                if link.starts_with('/') && known.insert(link.clone()) {
                    queue.push_back(link);
                }
            }
        }
    }

    /// Reads an answer; where it leads to.
    pub fn look(&mut self, what: &str, answer: &Answer) -> Vec<String> {
        self.pages += 1;
        if answer.status.is_server_error() {
            self.wrong.push(format!("{what}: {}", answer.status));
        }
        if answer.status.is_redirection() {
            let to = answer.header("location").to_owned();
            if !to.starts_with('/') || to.starts_with("//") {
                self.wrong.push(format!("{what} leads to {to:?}"));
            }
            return vec![to];
        }
        let kind = answer.header("content-type").to_owned();
        if kind.starts_with("text/html") {
            if kind != "text/html; charset=utf-8" {
                self.wrong.push(format!("{what} is of the type {kind}"));
            }
            let text = answer.text();
            let page = reader::page(&text);
            if answer.status == 200 && text.contains("<html") {
                let out = page.forms.iter().any(|form| form.post && form.action == "/console/sign-out");
                self.ways_out.push((what.to_owned(), out));
            }
            self.wrong.extend(page.wrong.iter().map(|wrong| format!("{what}: {wrong}")));
            for words in &page.words {
                self.seen.extend(corpus::marks(words).iter().map(|found| found.column));
            }
            self.forms.extend(page.forms.into_iter().map(|form| (what.to_owned(), kind.clone(), form)));
            return page.links;
        }
        let file = sheets::read(&kind, &answer.bytes);
        self.wrong.extend(file.wrong.iter().map(|wrong| format!("{what}: {wrong}")));
        for words in &file.words {
            self.seen.extend(corpus::marks(words).iter().map(|found| found.column));
        }
        let name = answer.header("content-disposition");
        if name.chars().any(|c| !c.is_ascii() || c.is_control()) || name.matches(';').count() > 2 {
            self.wrong.push(format!("{what}: the name of the file is {name:?}"));
        }
        if answer.header("x-content-type-options") != "nosniff" {
            self.wrong.push(format!("{what}: a browser may take {kind} for something else"));
        }
        Vec::new()
    }
}

async fn get(client: &mut Client, path: &str, bearer: &str) -> Answer {
    let mut request = client.request(Method::GET, path);
    if !bearer.is_empty() {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    client.send(request.body(Body::empty()).expect("a request")).await
}

/// The address that a link of a page leads to, without the place within the page; empty for one that leads nowhere.
pub fn resolved(page: &str, link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    let link = link.strip_prefix(PUBLIC).unwrap_or(link);
    match link {
        "" => String::new(),
        query if query.starts_with('?') => format!("{}{query}", page.split('?').next().unwrap_or_default()),
        other => other.to_owned(),
    }
}
