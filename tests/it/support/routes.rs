//! Every route of the program, read from the lines that build the router: axum does not list its own routes. What cannot be read is an error,
//! and `structure::routes::every_route_that_is_read_is_in_the_router_with_these_methods_and_no_others` holds the list against the real router.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A method and a path with its parameters in braces: `GET /console/filings/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub path: String,
    pub method: String,
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A file below `src/web` without comments.
pub struct Source {
    pub name: String,
    pub code: String,
}

/// Functions of `axum::routing` that answer one method.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Ways to make a route that this reader does not understand.
const OTHER_WAYS: [&str; 6] =
    [".nest(", ".nest_service(", ".route_service(", ".fallback_service(", "MethodRouter::new", "on_service("];

/// All routes, sorted; those of the demonstration's mailbox too.
pub fn all() -> Vec<Route> {
    let sources = sources();
    let mut found: BTreeSet<Route> = sources.iter().flat_map(|source| read(source, &sources)).collect();
    for api in mashang::web::api::routes() {
        found.insert(Route { path: api.1.to_owned(), method: api.0.to_string() });
    }
    found.into_iter().collect()
}

/// The route that a request's path belongs to, the one with the fewest parameters first, as the router does.
pub fn of<'r>(routes: &'r [Route], method: &str, path: &str) -> Option<&'r Route> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |route: &&Route| {
        let (mut pattern, mut given) = (route.path.split('/'), path.split('/'));
        route.method == method
            && loop {
                match (pattern.next(), given.next()) {
                    (None, None) => break true,
                    (Some(name), Some(_)) if name.starts_with("{*") => break true,
                    (Some(name), Some(value)) if name == value || (name.starts_with('{') && !value.is_empty()) => {}
                    _ => break false,
                }
            }
    };
    routes.iter().filter(fits).min_by_key(|route| route.path.matches('{').count())
}

/// The routes that one file adds.
pub fn read(source: &Source, all: &[Source]) -> Vec<Route> {
    for way in OTHER_WAYS {
        assert!(!source.code.contains(way), "{}: {way} is not read by tests/it/support/routes.rs", source.name);
    }
    let mut routes = Vec::new();
    for (at, marker) in source.code.match_indices(".route(") {
        let arguments = balanced(&source.code[at + marker.len()..]);
        let (path, handlers) = arguments.split_once(',').expect("a path and its handlers");
        let path = path.trim();
        // The routes of the API are a list of values, which is asked for itself.
        if path == "path" && source.name.ends_with("api/mod.rs") {
            continue;
        }
        let path = literal(path, source, all);
        let methods = methods(handlers, &source.name);
        assert!(!methods.is_empty(), "{}: no method is read for {path} in “{handlers}”", source.name);
        routes.extend(methods.into_iter().map(|method| Route { path: path.clone(), method }));
    }
    routes
}

/// What is inside of the parentheses that were just opened.
fn balanced(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => return &text[..at],
            ')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    panic!("parentheses do not close: {}", &text[..text.len().min(80)]);
}

/// The text of a path: a literal, or a constant of this file (`PATH`) or of another (`paths::FILINGS`).
fn literal(path: &str, source: &Source, all: &[Source]) -> String {
    if let Some(text) = path.strip_prefix('"') {
        return text.trim_end_matches('"').to_owned();
    }
    let mut segments = path.rsplit("::");
    let name = segments.next().unwrap_or_default();
    let file = segments.next().map(|module| (format!("/{module}.rs"), format!("/{module}/mod.rs")));
    let start = format!("const {name}: &str =");
    let holds = |s: &&Source| match &file {
        Some((plain, folder)) => s.name.ends_with(plain) || s.name.ends_with(folder),
        None => s.name == source.name,
    };
    let mut values = all.iter().filter(holds).filter_map(|s| s.code.split(&start).nth(1)).map(|rest| {
        let text = rest.trim_start().strip_prefix('"').unwrap_or_else(|| panic!("{path} is no plain text"));
        text.split('"').next().unwrap_or_default().to_owned()
    });
    let value = values.next().unwrap_or_else(|| panic!("{}: the path {path} is not found", source.name));
    assert!(values.next().is_none(), "{}: {path} may mean several constants", source.name);
    value
}

/// The methods of `get(a).post(b)`, also with a path before the names.
fn methods(handlers: &str, file: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut word, mut found) = (0_usize, false, String::new(), Vec::new());
    for c in handlers.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => {
                if depth == 0 {
                    assert!(METHODS.contains(&word.as_str()), "{file}: “{word}(…)” is not read as a method");
                    found.push(word.to_uppercase());
                }
                depth += 1;
            }
            ')' => depth -= 1,
            _ => {}
        }
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            word.clear();
        }
    }
    found
}

/// All files below `src/web`.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found): (Vec<PathBuf>, Vec<Source>) = (vec![root.join("src/web")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src/web is readable") {
            let path = entry.expect("src/web is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(&path).expect("a text");
                let name = path.strip_prefix(root).expect("below the crate").display().to_string();
                found.push(Source { name, code: without_comments(&text) });
            }
        }
    }
    found
}

fn without_comments(text: &str) -> String {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}
