//! Proof that each check of the structure can fail, and that it does not fail on what is allowed.

use super::{Source, against_layers, foreign_libraries, own_clocks, own_imports, too_long};

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn an_import_against_the_layers_is_found_in_each_way_of_writing() {
    for text in [
        "use crate::storage::Tx;",
        "use crate::{ids, storage::{Tx, filings}};",
        "use crate::{\n    domain,\n    storage,\n};",
        "fn f(tx: &mut crate::storage::Tx) {}",
        "use mashang::storage::Tx;",
        "use super::super::storage::Tx;",
    ] {
        assert!(!against_layers(&source("domain/filing.rs", text)).is_empty(), "{text}");
    }
    assert!(!against_layers(&source("storage/mod.rs", "use super::actions::Actor;")).is_empty());
    assert!(!against_layers(&source("actions/a.rs", "use crate::web::paths;")).is_empty());
    assert!(!against_layers(&source("web/a.rs", "use crate::jobs::run_due;")).is_empty());
    assert!(!against_layers(&source("helpers/a.rs", "")).is_empty(), "an unknown layer");
}

#[test]
fn imports_along_the_layers_and_words_in_comments_are_fine() {
    for (path, text) in [
        ("web/views/a.rs", "use crate::actions::Actor;\nuse crate::{domain::day, storage};\nuse super::super::paths;"),
        ("domain/a.rs", "// crate::storage is above\n/// See [`crate::web`].\nuse crate::domain::day;"),
        ("actions/a.rs", "use super::{Result, Service};"),
        ("main.rs", "fn main() { mashang::cli::run() }"),
    ] {
        assert_eq!(against_layers(&source(path, text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn groups_are_read_to_their_first_names() {
    assert_eq!(own_imports("use crate::{a::{b, c}, d, e::f};\nuse crate::g;"), ["a", "d", "e", "g"]);
}

#[test]
fn a_library_outside_of_its_layer_is_found() {
    for (path, text) in [
        ("web/a.rs", "use sqlx::Row;"),
        ("actions/a.rs", "fn f() -> axum::Router {}"),
        ("jobs/a.rs", "let m = lettre::Message::builder();"),
        ("actions/b.rs", "#[derive(askama::Template)]"),
    ] {
        assert_eq!(foreign_libraries(&source(path, text)).len(), 1, "{text}");
    }
    for (path, text) in [
        ("storage/a.rs", "use sqlx::Row;"),
        ("mail/a.rs", "use lettre::Message;\nuse askama::Template;"),
        ("web/a.rs", "use axum::Router; // sqlx::Row"),
        ("web/b.rs", "let filter = \"sqlx=warn\"; my_sqlx::f();"),
    ] {
        assert_eq!(foreign_libraries(&source(path, text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn asking_for_the_time_outside_of_the_clock_is_found() {
    for call in ["Utc::now()", "chrono::Local::now()", "std::time::SystemTime::now()"] {
        assert_eq!(own_clocks(&source("actions/a.rs", call)).len(), 1, "{call}");
        assert!(own_clocks(&source("clock.rs", call)).is_empty(), "{call}");
    }
    assert!(own_clocks(&source("actions/a.rs", "Instant::now() // Utc::now")).is_empty());
}

#[test]
fn a_file_of_401_lines_is_found() {
    assert!(too_long(&source("a.rs", &"x\n".repeat(400))).is_empty());
    assert_eq!(too_long(&source("a.rs", &"x\n".repeat(401))).len(), 1);
}
