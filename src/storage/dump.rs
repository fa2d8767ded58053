//! PostgreSQL's own programs for copying a database: `pg_dump` and `pg_restore`, of the version of the server or newer. The password goes to
//! them by the environment, where other users of the machine do not see it.

use super::error::{Result, StorageError};
use std::path::Path;
use tokio::process::Command;
use url::Url;

/// Writes an archive of a database.
///
/// # Errors
/// When the URL cannot be used, the program is not installed, or it fails: with its own words.
pub async fn pg_dump(url: &str, archive: &Path) -> Result<()> {
    let mut command = Command::new("pg_dump");
    // Whatever packs the archive afterwards packs it better.
    command.args(["--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--file"]).arg(archive);
    run(command, url).await
}

/// Loads an archive into an empty database, wholly or not at all.
///
/// # Errors
/// As [`pg_dump`].
pub async fn pg_restore(url: &str, archive: &Path) -> Result<()> {
    let mut command = Command::new("pg_restore");
    let database = settings(url)?.into_iter().find(|(name, _)| *name == "PGDATABASE");
    command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname"]);
    command.arg(database.map(|(_, name)| name).unwrap_or_default()).arg(archive);
    run(command, url).await
}

/// Reads an archive to its end.
///
/// # Errors
/// As [`pg_dump`].
pub async fn pg_read_through(archive: &Path) -> Result<()> {
    let mut command = Command::new("pg_restore");
    command.args(["--file", "/dev/null"]).arg(archive);
    run(command, "postgres:///").await
}

async fn run(mut command: Command, url: &str) -> Result<()> {
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    command.envs(settings(url)?).stdin(std::process::Stdio::null()).kill_on_drop(true);
    let done = command.output().await.map_err(|error| {
        StorageError::Settings(format!(
            "{name} cannot be run ({error}); install PostgreSQL's client programs (Debian: postgresql-client)"
        ))
    })?;
    if done.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&done.stderr);
    Err(StorageError::Settings(format!("{name} failed: {}", words.trim())))
}

/// What PostgreSQL's programs take from the environment, out of a URL.
fn settings(url: &str) -> Result<Vec<(&'static str, String)>> {
    let unusable = || StorageError::Settings("the database URL cannot be read".to_owned());
    let url = Url::parse(url).map_err(|_| unusable())?;
    let plain = |text: &str| percent(text);
    let mut found = vec![("PGDATABASE", plain(url.path().trim_start_matches('/')))];
    found.push(("PGHOST", url.host_str().map(plain).unwrap_or_default()));
    found.push(("PGPORT", url.port().map(|port| port.to_string()).unwrap_or_default()));
    found.push(("PGUSER", plain(url.username())));
    found.push(("PGPASSWORD", url.password().map(plain).unwrap_or_default()));
    for (name, value) in url.query_pairs() {
        let name = match &*name {
            "host" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            _ => continue,
        };
        found.retain(|(known, _)| *known != name);
        found.push((name, value.into_owned()));
    }
    found.retain(|(_, value)| !value.is_empty());
    Ok(found)
}

/// A part of a URL without its percent signs.
fn percent(text: &str) -> String {
    url::form_urlencoded::parse(format!("a={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn the_parts_of_a_url_become_the_names_that_the_programs_know() {
        let found =
            settings("postgres://mashang:p%40ss+word@db.example:5433/district?sslmode=verify-full&x=1").expect("a URL");
        for part in [
            ("PGDATABASE", "district"),
            ("PGHOST", "db.example"),
            ("PGPORT", "5433"),
            ("PGUSER", "mashang"),
            ("PGPASSWORD", "p@ss+word"),
            ("PGSSLMODE", "verify-full"),
        ] {
            assert!(found.contains(&(part.0, part.1.to_owned())), "{part:?} is not in {found:?}");
        }
        let socket = settings("postgres://mashang@localhost/m?host=/run/postgresql").expect("a URL");
        assert_eq!(socket.iter().filter(|(name, _)| *name == "PGHOST").count(), 1);
        assert!(socket.contains(&("PGHOST", "/run/postgresql".to_owned())));
    }
}
