//! Checks of single settings: what is refused, is refused with what to write instead.

use super::{ConfigError, Result};
use crate::domain::text::{self, Email, NAME_MAX};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use url::Url;

/// Which database to open.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by its URL: it may hold a password.
    Postgres(String),
}

/// Shows no password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite {}", path.display()),
            Self::Postgres(url) => {
                let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
                write!(f, "PostgreSQL at {}", host.as_deref().unwrap_or("?"))
            }
        }
    }
}

impl Database {
    /// Reads the URL of a database; without one, SQLite in the data folder.
    pub(super) fn parse(url: Option<&str>, data: &Path) -> Result<Self> {
        let Some(url) = url else { return Ok(Self::Sqlite(data.join("mashang.db"))) };
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path.contains(":memory:") || path.contains('?') {
                return Err(ConfigError(
                    "--database-url sqlite: needs the path of a file, such as sqlite:/srv/mashang/mashang.db"
                        .to_owned(),
                ));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return match Url::parse(url) {
                Ok(_) => Ok(Self::Postgres(url.to_owned())),
                Err(e) => Err(ConfigError(format!(
                    "--database-url is not a URL ({e}): write special characters of the password as %XX"
                ))),
            };
        }
        let scheme = url.split(':').next().unwrap_or_default();
        Err(ConfigError(format!(
            "--database-url begins with {scheme:?}, but only postgres://USER:PASSWORD@HOST/NAME and sqlite:PATH are known; leave it out for SQLite in the data folder"
        )))
    }

    /// The URL, where it is PostgreSQL's.
    #[must_use]
    pub fn postgres(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => Some(url),
        }
    }

    /// The URL that the store opens.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.clone(),
        }
    }
}

/// The address that links begin with: scheme, host and port only, without a slash at the end.
///
/// # Errors
/// When it is not of that form.
pub fn public_url(text: &str) -> Result<String> {
    let wrong = |why: &str| {
        Err(ConfigError(format!(
            "--public-url {text:?} {why}: write what people's phones open, such as https://mashang.example.gov.cn"
        )))
    };
    let Ok(url) = Url::parse(text) else { return wrong("is not a complete address") };
    if !matches!(url.scheme(), "http" | "https") {
        return wrong("does not begin with https:// or http://");
    }
    if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() {
        return wrong("is not a plain address");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return wrong("has a path; the program needs a host name of its own");
    }
    Ok(url.origin().ascii_serialization())
}

/// Hosts with or without a port, with commas between; whole addresses are taken too.
pub(super) fn hosts(text: &str) -> Result<Vec<String>> {
    let host = |entry: &str| {
        let url = if entry.contains("://") { entry.to_owned() } else { format!("https://{entry}") };
        public_url(&url).map(|url| crate::domain::sign::host_of(&url).to_owned()).map_err(|_| {
            ConfigError(format!(
                "--also-hosts: {entry:?} is not a host: write the old one as it stands in the codes, such as old.example.gov.cn"
            ))
        })
    };
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(host).collect()
}

/// A sender: an address, or a name and an address in angle brackets.
pub(super) fn mail_from(text: &str) -> Result<String> {
    let wrong = |why: &dyn std::fmt::Display| {
        ConfigError(format!(
            "--mail-from {text:?}: {why}; write mashang@example.gov.cn or 码上报备 <mashang@example.gov.cn>"
        ))
    };
    let (name, address) = match text.trim().strip_suffix('>').and_then(|rest| rest.split_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("", text),
    };
    let address = Email::parse(address).map_err(|e| wrong(&e))?;
    if name.is_empty() {
        return Ok(address.as_str().to_owned());
    }
    let name = text::line(name, NAME_MAX).map_err(|e| wrong(&e))?;
    Ok(format!("{name} <{address}>"))
}

/// `mashang@` the host of the public address.
pub(super) fn default_mail_from(public_url: Option<&str>) -> String {
    let host = public_url.and_then(|url| Url::parse(url).ok()).and_then(|url| url.domain().map(str::to_owned));
    format!("mashang@{}", host.as_deref().unwrap_or("localhost"))
}

pub(super) fn words(flag: &str, text: Option<String>) -> Result<String> {
    text::optional_line(&text.unwrap_or_default(), NAME_MAX)
        .map(Option::unwrap_or_default)
        .map_err(|e| ConfigError(format!("{flag} {e}")))
}

pub(super) fn listen(text: &str) -> Result<SocketAddr> {
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| {
        ConfigError(format!(
            "--listen {text:?} is not an address and port: write 127.0.0.1:8080, or 0.0.0.0:8080 for every network"
        ))
    })
}

pub(super) fn smtp_url(text: &str) -> Result<String> {
    let known = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "smtp" | "smtps" | "smtp+starttls")
            && url.host_str().is_some_and(|host| !host.is_empty())
    });
    if known {
        return Ok(text.to_owned());
    }
    // The text may hold a password: it is not repeated.
    Err(ConfigError(
        "--smtp-url is not of the form smtp://USER:PASSWORD@HOST:PORT, smtps://… or smtp+starttls://…; write special characters of the password as %XX".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Database, hosts, public_url, smtp_url};
    use std::path::{Path, PathBuf};

    #[test]
    fn only_sqlite_and_postgres_are_databases() {
        let parse = |url| Database::parse(url, Path::new("/d"));
        assert_eq!(parse(None).ok(), Some(Database::Sqlite(PathBuf::from("/d/mashang.db"))));
        assert_eq!(parse(Some("sqlite:///x/y.db")).ok(), Some(Database::Sqlite(PathBuf::from("/x/y.db"))));
        assert!(matches!(parse(Some("postgres://u:p@h/n")), Ok(Database::Postgres(_))));
        for wrong in ["mysql://h/n", "h/n", "sqlite::memory:", "sqlite:", "postgres://u:p@:bad"] {
            assert!(parse(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let database = Database::Postgres("postgres://u:geheim@host/n".to_owned());
        assert!(!format!("{database:?}").contains("geheim"));
        let refused = smtp_url("ftp://u:geheim@host").expect_err("not a mail server");
        assert!(!refused.to_string().contains("geheim"));
    }

    #[test]
    fn further_hosts_are_a_list_with_or_without_scheme_and_port() {
        let found = hosts(" Old.example.cn, http://10.0.0.7:8080/ ,").expect("a good list");
        assert_eq!(found, ["old.example.cn", "10.0.0.7:8080"]);
        assert!(hosts("").expect("an empty list").is_empty());
        for wrong in ["a b", "old.example.cn/path", "https://u@old.example.cn"] {
            assert!(hosts(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_public_address_is_scheme_host_and_port() {
        assert_eq!(public_url("https://M.example.cn/").ok().as_deref(), Some("https://m.example.cn"));
        assert_eq!(public_url("http://127.0.0.1:8080").ok().as_deref(), Some("http://127.0.0.1:8080"));
        for wrong in ["m.example.cn", "ftp://m", "https://m/path", "https://u@m", "https://m/?a=b", "localhost:80"] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
