//! What the program is made of: where it comes from, under which licences, and that the bill of materials tells all of it.
//!
//! The lists of licences and of crates that are not wanted are those of `deny.toml`.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A crate of `Cargo.lock`.
#[derive(Debug)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn locked(lock: &str) -> Vec<Locked> {
    let blocks = lock.split("[[package]]").skip(1);
    let crates = blocks.map(|block| {
        let field = |name: &str| {
            let start = format!("{name} = \"");
            block.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"')).map(str::to_owned)
        };
        let need = |name: &str| field(name).unwrap_or_else(|| panic!("{name} in {block}"));
        Locked { name: need("name"), version: need("version"), source: field("source"), checksum: field("checksum") }
    });
    crates.collect()
}

/// The texts in quotation marks between the line that begins with `start` and the bracket that closes its list.
fn listed(settings: &str, start: &str) -> BTreeSet<String> {
    let from = settings.find(&format!("\n{start}")).unwrap_or_else(|| panic!("{start} in deny.toml"));
    let list = settings[from..].split("\n]").next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What cargo says of every crate, those of other systems too: a build here has not loaded them, so that it may have to ask for them.
fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--locked", "--format-version", "1"];
    let done =
        Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("JSON")
}

/// Whether an expression of licences can be met with those that are allowed: OR wants one of its parts, AND each of them. A slash is an OR.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = either(&mut rest, allowed);
    assert!(rest.is_empty(), "“{expression}” is not read to its end");
    met
}

fn either(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = both(rest, allowed);
    while let Some(("OR", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        *rest = after;
        met |= both(rest, allowed);
    }
    met
}

fn both(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = one(rest, allowed);
    while let Some(("AND", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        *rest = after;
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let (first, after) = rest.split_first().expect("a licence");
    *rest = after;
    if *first == "(" {
        let met = either(rest, allowed);
        assert_eq!(rest.first(), Some(&")"), "a bracket closes");
        *rest = &rest[1..];
        return met;
    }
    // An exception only allows more.
    if let [word, _, after @ ..] = *rest
        && *word == "WITH"
    {
        *rest = after;
    }
    allowed.contains(*first)
}

#[test]
fn every_component_has_a_licence_that_a_district_can_live_with() {
    let allowed = listed(&file("deny.toml"), "allow = [");
    assert!(allowed.contains("MIT") && !allowed.iter().any(|name| name.contains("GPL")), "{allowed:?}");
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 200, "only {} packages", packages.len());
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|expression| is_allowed(expression, &allowed)))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "not among the licences of deny.toml:\n{}", wrong.join("\n"));
}

#[test]
fn expressions_of_licences_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT", "ISC"].map(str::to_owned));
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(GPL-3.0-only OR MIT) AND ISC", true),
        ("MIT OR GPL-3.0-only AND GPL-2.0-only", true),
        ("(MIT OR GPL-3.0-only) AND GPL-2.0-only", false),
        ("GPL-2.0-only WITH Classpath-exception-2.0 OR ISC", true),
        ("GPL-2.0-only WITH Classpath-exception-2.0", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_component_comes_from_the_one_registry_with_a_checksum_and_none_is_unwanted() {
    let settings = file("deny.toml");
    let banned = listed(&settings, "deny = [");
    for name in ["openssl-sys", "aws-lc-sys", "native-tls", "ttf-parser"] {
        assert!(banned.contains(name), "{name} is not banned by deny.toml any more");
    }
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for Locked { name, version, source, checksum } in locked(&file(lock)) {
            assert!(!banned.contains(&name), "{lock}: {name} {version} is banned by deny.toml");
            let own = ["mashang", "mashang-fuzz"].contains(&name.as_str());
            let registry = source.as_deref() == Some("registry+https://github.com/rust-lang/crates.io-index");
            assert!(own == source.is_none() && (own || (registry && checksum.is_some())), "{lock}: {name} {source:?}");
            versions.entry(name).or_default().push(version);
        }
        // Two of them would be two SQLites in one program, of which one is old.
        for name in ["sqlx", "sqlx-core", "libsqlite3-sys", "rustls", "ring"] {
            assert_eq!(versions.get(name).map(Vec::len), Some(1), "{lock}: {name} {:?}", versions.get(name));
        }
    }
}

#[test]
fn the_bill_of_materials_names_every_crate_that_is_compiled_in_with_its_hash_and_licence() {
    let write = || {
        let done = Command::new("python3")
            .args(["tests/tools/sbom", "--target", "x86_64-unknown-linux-gnu"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("python3 runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let bytes = write();
    assert_eq!(write(), bytes, "the same program has the same bill");
    let bill: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!((bill["bomFormat"].as_str(), bill["specVersion"].as_str()), (Some("CycloneDX"), Some("1.6")));
    assert_eq!(bill["metadata"]["component"]["name"], "mashang");
    let components = bill["components"].as_array().expect("components");
    let reference = |part: &Value| part["bom-ref"].as_str().expect("a reference").to_owned();
    let references: BTreeSet<String> = components.iter().map(reference).collect();
    assert_eq!(references.len(), components.len(), "each once");
    let sums: BTreeMap<String, Option<String>> =
        locked(&file("Cargo.lock")).into_iter().map(|c| (format!("{} {}", c.name, c.version), c.checksum)).collect();
    let mut names = BTreeSet::new();
    for part in components {
        let (name, version) = (part["name"].as_str().expect("a name"), part["version"].as_str().expect("a version"));
        names.insert(name);
        assert!(part["licenses"].as_array().is_some_and(|list| !list.is_empty()), "{name} has no licence");
        if reference(part).starts_with("pkg:cargo/") {
            let expected = sums.get(&format!("{name} {version}")).expect("it is locked");
            assert_eq!(part["hashes"][0]["content"].as_str(), expected.as_deref(), "{name}");
        }
    }
    for inside in ["sqlite", "Noto Sans SC Regular", "axum", "sqlx-sqlite", "ring", "calamine", "lettre"] {
        assert!(names.contains(inside), "{inside} is missing");
    }
    for outside in ["proptest", "rstest", "divan", "syn", "cc", "serde_derive"] {
        assert!(!names.contains(outside), "{outside} is not in the program");
    }
    let sqlite = components.iter().find(|part| part["name"] == "sqlite").expect("SQLite");
    assert!(sqlite["version"].as_str().is_some_and(|version| version.starts_with("3.5")), "{sqlite}");
    let own = reference(&bill["metadata"]["component"]);
    for entry in bill["dependencies"].as_array().expect("dependencies") {
        let on = entry["dependsOn"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in on.chain(entry["ref"].as_str()) {
            assert!(references.contains(name) || name == own, "{name} is no component");
        }
    }
}
