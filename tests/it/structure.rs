//! The shape of the source: imports go one way, a library is named in one layer only, the time is asked for in one place, and no file grows
//! past 400 lines. The checks are functions over text, so that `checks.rs` can prove that each of them can fail.

mod checks;
mod routes;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src`: its path below `src`, with `/`, and its text.
struct Source {
    path: String,
    text: String,
}

/// No file of `src` may be longer.
const MOST_LINES: usize = 400;

/// What the modules of a layer may import, beside themselves. A module that is not listed is an error: a new layer is a decision.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("ids", &["domain"]),
    ("i18n", &["domain"]),
    ("storage", &["domain"]),
    ("outgoing", &[]),
    ("identity", &["outgoing", "domain"]),
    ("mail", &["outgoing", "domain", "i18n"]),
    ("print", &["domain", "i18n"]),
    ("actions", &["storage", "mail", "print", "identity", "domain", "ids", "i18n"]),
    ("app", &["actions", "storage", "mail", "print", "domain", "ids", "i18n", "clock"]),
    ("web", &["app", "actions", "storage", "mail", "print", "identity", "domain", "ids", "i18n", "clock"]),
    ("jobs", &["app", "actions", "storage", "mail", "print", "domain", "ids", "i18n", "clock"]),
    ("replay", &["jobs", "app", "actions", "storage", "mail", "domain", "ids", "clock"]),
    ("config", &["actions", "identity", "outgoing", "domain", "ids", "i18n"]),
    ("telemetry", &["config"]),
    (
        "demo",
        &["web", "jobs", "app", "actions", "storage", "mail", "print", "domain", "ids", "i18n", "clock", "config"],
    ),
    (
        "cli",
        &[
            "demo",
            "replay",
            "web",
            "jobs",
            "app",
            "actions",
            "storage",
            "mail",
            "print",
            "identity",
            "domain",
            "ids",
            "i18n",
            "clock",
            "config",
            "telemetry",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Libraries, and the modules that may name them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sqlx", &["storage"]),
    ("rusqlite", &["storage"]),
    ("axum", &["web"]),
    ("axum_extra", &["web"]),
    ("lettre", &["mail"]),
    ("askama", &["web", "mail"]),
];

/// Ways to ask for the time of day; a monotonic `Instant` is not one.
const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now"];

/// All Rust files of `src`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found): (Vec<PathBuf>, Vec<Source>) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let name =
                    path.strip_prefix(&root).expect("below src").to_str().expect("a plain name").replace('\\', "/");
                found.push(Source { path: name, text: fs::read_to_string(&path).expect("a text") });
            }
        }
    }
    assert!(found.len() > 50, "only {} files were looked at", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl Source {
    /// The layer: the first part of the path, without `.rs`.
    fn layer(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// How many modules deep the file is: `web/views/home.rs` is three, `web/mod.rs` is one.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        let root = self.path == "lib.rs" || self.path == "main.rs";
        parts - usize::from(root || self.path.ends_with("/mod.rs"))
    }

    /// The text without comments.
    fn code(&self) -> String {
        self.text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }
}

/// The identifier at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The texts that follow a path's first segment: after each `NAME::` that is a whole word.
fn after<'t>(code: &'t str, name: &str) -> Vec<&'t str> {
    let start = format!("{name}::");
    code.match_indices(&start)
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
        .map(|(at, found)| &code[at + found.len()..])
        .collect()
}

/// The crate's own modules that a file names, as `crate::x`, `crate::{x, y}` or `mashang::x`.
fn own_imports(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in after(code, "crate").into_iter().chain(after(code, "mashang")) {
        let Some(group) = rest.strip_prefix('{') else {
            names.push(word(rest).to_owned());
            continue;
        };
        let (mut depth, mut at_start) = (0_usize, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                c if at_start && depth == 0 && !c.is_whitespace() => {
                    names.push(word(&group[at..]).to_owned());
                    at_start = false;
                }
                _ => {}
            }
        }
    }
    names
}

/// Imports against the layers.
fn against_layers(source: &Source) -> Vec<String> {
    let layer = source.layer();
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("src/{}: the layer {layer} is not known to tests/it/structure.rs", source.path)];
    };
    let code = source.code();
    let mut wrong: Vec<String> = own_imports(&code)
        .into_iter()
        .filter(|name| {
            name != layer && LAYERS.iter().any(|(known, _)| known == name) && !allowed.contains(&name.as_str())
        })
        .map(|name| format!("src/{}: {layer} may not import {name}", source.path))
        .collect();
    let climb = "super::".repeat(source.depth());
    if layer != "lib" && layer != "main" && code.contains(&climb) {
        wrong.push(format!("src/{}: write crate:: instead of climbing out of the layer by super::", source.path));
    }
    wrong
}

/// Libraries named outside of their layer.
fn foreign_libraries(source: &Source) -> Vec<String> {
    let code = source.code();
    ONLY_IN
        .iter()
        .filter(|(library, layers)| !layers.contains(&source.layer()) && !after(&code, library).is_empty())
        .map(|(library, layers)| format!("src/{}: {library} is for {} only", source.path, layers.join(" and ")))
        .collect()
}

/// Asking for the time outside of the clock.
fn own_clocks(source: &Source) -> Vec<String> {
    let code = source.code();
    let asks = CLOCKS.iter().filter(|call| code.contains(*call));
    asks.filter(|_| source.path != "clock.rs")
        .map(|call| format!("src/{}: {call} is for clock.rs only", source.path))
        .collect()
}

/// Files that are too long.
fn too_long(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let wrong = (lines > MOST_LINES).then(|| format!("src/{}: {lines} lines, at most {MOST_LINES}", source.path));
    wrong.into_iter().collect()
}

fn assert_none(check: fn(&Source) -> Vec<String>) {
    let wrong: Vec<String> = sources().iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn imports_follow_the_layers() {
    assert_none(against_layers);
}

#[test]
fn each_library_is_named_in_its_layer_only() {
    assert_none(foreign_libraries);
}

#[test]
fn only_the_clock_asks_for_the_time() {
    assert_none(own_clocks);
}

#[test]
fn no_file_is_over_400_lines() {
    assert_none(too_long);
}
