//! `mashang backup` and `mashang restore`, as an operator of the machine runs them.

use super::keys;
use crate::cli::{expect, folder, out, run, write};
use std::path::Path;

/// A data folder with a user in it.
fn served() -> tempfile::TempDir {
    let data = folder();
    let secret = write(data.path(), "secret", "a long pass phrase");
    let user =
        ["user", "create", "--email", "a@qh.gov.cn", "--name", "甲", "--role", "operator", "--password-file", &secret];
    expect(&run(data.path(), &user), 0, "");
    data
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[test]
fn an_encrypted_backup_comes_back_whole_with_its_keys_and_only_with_the_right_one() {
    let (old, new, safe) = (served(), folder(), folder());
    let (public, secret) = keys(safe.path(), "key.txt");
    let (_, other) = keys(safe.path(), "other.txt");
    // A key, as the first start makes it.
    expect(&run(old.path(), &["audit", "key"]), 0, "");
    let file = safe.path().join("a.backup.age");
    let backup = ["backup", text(&file), "--backup-recipient", &public, "--with-keys"];
    let made = run(old.path(), &backup);
    expect(&made, 0, "checked");
    assert!(!out(&made).contains("not encrypted"));
    let bytes = std::fs::read(&file).expect("a file");
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    let within = |words: &[u8]| bytes.windows(words.len()).any(|part| part == words);
    assert!(!within(b"a@qh.gov.cn") && !within(b"SQLite format"), "nothing of it can be read");
    expect(&run(old.path(), &backup), 2, "name a new file");

    let target = new.path().join("data");
    expect(&run(&target, &["restore", text(&file)]), 2, "--identity");
    expect(&run(&target, &["restore", text(&file), "--identity", &other]), 2, "to other keys");
    assert!(!target.join("mashang.db").exists() && !target.join("keys").exists(), "nothing is left behind");
    let restore = ["restore", text(&file), "--identity", &secret];
    let restored = run(&target, &restore);
    expect(&restored, 0, "whole");
    expect(&restored, 0, "Mails are held");
    expect(&run(&target, &["user", "list"]), 0, "a@qh.gov.cn");
    for key in std::fs::read_dir(old.path().join("keys")).expect("keys") {
        let key = key.expect("a key");
        let back = std::fs::read(target.join("keys").join(key.file_name())).expect("the same key");
        assert_eq!(back, std::fs::read(key.path()).expect("a key"));
    }
    expect(&run(&target, &["audit", "verify"]), 0, "whole");
    expect(&run(&target, &restore), 2, "is there already");
    let left: Vec<_> = std::fs::read_dir(&target).expect("a folder").map(|e| e.expect("a file").file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[test]
fn keys_are_never_written_in_the_clear_and_words_that_are_no_key_are_refused() {
    let old = served();
    let file = old.path().join("a.backup");
    expect(&run(old.path(), &["backup", text(&file), "--with-keys"]), 2, "encrypted");
    expect(&run(old.path(), &["backup", text(&file), "--backup-recipient", "age1nonsense"]), 2, "age-keygen");
    assert!(!file.exists());
    let plain = run(old.path(), &["backup", text(&file)]);
    expect(&plain, 0, "It is not encrypted");
}

#[test]
fn a_backup_that_was_changed_or_cut_off_is_refused_and_leaves_nothing() {
    let (old, safe) = (served(), folder());
    let (public, secret) = keys(safe.path(), "key.txt");
    let file = safe.path().join("sealed");
    expect(&run(old.path(), &["backup", text(&file), "--backup-recipient", &public]), 0, "checked");
    let whole = std::fs::read(&file).expect("a file");
    let mut harmed =
        vec![("half", whole[..whole.len() / 2].to_vec()), ("all but its end", whole[..whole.len() - 1].to_vec())];
    for place in [whole.len() / 3, whole.len() / 2, whole.len() - 20] {
        let mut flipped = whole.clone();
        flipped[place] ^= 1;
        harmed.push(("flipped", flipped));
    }
    for (what, bytes) in harmed {
        let new = folder();
        let harmed = write(safe.path(), "harmed", &bytes);
        let restored = run(new.path(), &["restore", &harmed, "--identity", &secret]);
        assert_eq!(restored.status.code(), Some(2), "{what}: {restored:?}");
        assert!(!new.path().join("mashang.db").exists(), "{what}");
    }
    let plain = safe.path().join("plain");
    expect(&run(old.path(), &["backup", text(&plain)]), 0, "checked");
    let half = std::fs::read(&plain).expect("a file");
    let half = write(safe.path(), "half", &half[..half.len() / 2]);
    let new = folder();
    assert!(!run(new.path(), &["restore", &half]).status.success());
    assert!(!new.path().join("mashang.db").exists());
    let new = folder();
    let other = write(safe.path(), "other", "something else");
    expect(&run(new.path(), &["restore", &other]), 2, "no backup of mashang");
    expect(&run(new.path(), &["restore", "/not/there"]), 1, "/not/there");
}

#[test]
fn a_sqlite_file_that_was_copied_before_there_were_backups_comes_back_too() {
    let (old, new) = (served(), folder());
    let copy = write(new.path(), "kept.db", std::fs::read(old.path().join("mashang.db")).expect("a database"));
    let target = new.path().join("data");
    expect(&run(&target, &["restore", &copy]), 0, "whole");
    expect(&run(&target, &["user", "list"]), 0, "a@qh.gov.cn");
}

/// On PostgreSQL, where the tests run on it: its own programs make and load the archive.
#[test]
fn a_postgresql_database_comes_back_into_an_empty_one_only() {
    let Ok(server) = std::env::var("MASHANG_TEST_DATABASE_URL") else { return };
    let (data, safe) = (folder(), folder());
    let (public, secret) = keys(safe.path(), "key.txt");
    let name = |kind: &str| format!("b{kind}{}", std::process::id());
    let database = |kind: &str| {
        let name = name(kind);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            use sqlx::{Connection as _, Executor as _};
            let mut admin = sqlx::PgConnection::connect(&server).await.expect("the server");
            admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database");
        });
        let mut url = url::Url::parse(&server).expect("a URL");
        url.set_path(&name);
        url.to_string()
    };
    let (old, new) = (database("old"), database("new"));
    let run = |url: &str, args: &[&str]| {
        let mut command = crate::cli::mashang(data.path());
        command.env("PATH", std::env::var("PATH").unwrap_or_default()).env("MASHANG_DATABASE_URL", url);
        command.args(args).output().expect("the program runs")
    };
    let password = write(data.path(), "secret", "a long pass phrase");
    let user = [
        "user",
        "create",
        "--email",
        "p@qh.gov.cn",
        "--name",
        "乙",
        "--role",
        "operator",
        "--password-file",
        &password,
    ];
    expect(&run(&old, &user), 0, "");
    let file = safe.path().join("p.backup.age");
    expect(&run(&old, &["backup", text(&file), "--backup-recipient", &public]), 0, "checked");
    let restore = ["restore", text(&file), "--identity", &secret];
    expect(&run(&old, &restore), 2, "has tables already");
    expect(&crate::cli::run(folder().path(), &restore), 2, "this backup is of postgres");
    expect(&run(&new, &restore), 0, "Mails are held");
    expect(&run(&new, &["user", "list"]), 0, "p@qh.gov.cn");
}
