//! The file of settings: one `NAME=VALUE` a line, as systemd's `EnvironmentFile` and `docker --env-file` read it too.

use super::{ConfigError, Result};
use std::collections::HashMap;
use std::path::Path;

/// Every setting that a file may hold.
const NAMES: &[&str] = &[
    "MASHANG_DATA",
    "MASHANG_DATABASE_URL",
    "MASHANG_PUBLIC_URL",
    "MASHANG_ALSO_HOSTS",
    "MASHANG_DISTRICT",
    "MASHANG_HOTLINE",
    "MASHANG_MAIL_FROM",
    "MASHANG_TIME_ZONE",
    "MASHANG_CONTACT_KEY_PATH",
    "MASHANG_BACKUP_FOLDER",
    "MASHANG_BACKUP_IDENTITY_PATH",
    "MASHANG_BACKUP_RECIPIENT",
    "MASHANG_LISTEN",
    "MASHANG_METRICS_LISTEN",
    "MASHANG_SMTP_URL",
    "MASHANG_SMTP_CA",
    "MASHANG_TRUSTED_PROXIES",
    "MASHANG_OIDC_ISSUER",
    "MASHANG_OIDC_CLIENT_ID",
    "MASHANG_OIDC_CLIENT_SECRET_PATH",
    "MASHANG_OIDC_NAME",
    "MASHANG_WECOM_CORP_ID",
    "MASHANG_WECOM_AGENT_ID",
    "MASHANG_WECOM_SECRET_PATH",
    "MASHANG_WECOM_LOGIN_URL",
    "MASHANG_WECOM_API_URL",
    "MASHANG_ZWDINGTALK_CLIENT_ID",
    "MASHANG_ZWDINGTALK_APP_KEY",
    "MASHANG_ZWDINGTALK_APP_SECRET_PATH",
    "MASHANG_ZWDINGTALK_LOGIN_URL",
    "MASHANG_ZWDINGTALK_API_URL",
    "MASHANG_SIGN_IN_CA",
    "MASHANG_LANG",
    "MASHANG_LOG",
];

/// What a file of settings says.
#[derive(Debug, Default)]
pub struct ConfigFile {
    values: HashMap<String, String>,
}

impl ConfigFile {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError(format!("the file of settings {} cannot be read: {e}", path.display())))?;
        Self::parse(&text).map_err(|(line, problem)| ConfigError(format!("{}, line {line}: {problem}", path.display())))
    }

    /// Reads the text of a file; a line that is wrong by its number, counted from 1.
    fn parse(text: &str) -> std::result::Result<Self, (usize, String)> {
        let mut values = HashMap::new();
        for (number, line) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            let Some((name, value)) = line.split_once('=') else {
                return Err((number, format!("expected NAME=VALUE, found {line:?}")));
            };
            let name = name.trim().trim_start_matches("export ").trim();
            if !NAMES.contains(&name.strip_suffix("_FILE").unwrap_or(name)) {
                return Err((number, format!("there is no setting {name}; known are {}", NAMES.join(", "))));
            }
            if values.insert(name.to_owned(), unquoted(value.trim()).to_owned()).is_some() {
                return Err((number, format!("{name} is set twice")));
            }
        }
        Ok(Self { values })
    }

    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

fn unquoted(value: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::ConfigFile;

    #[test]
    fn comments_quotes_and_spaces_are_read_as_systemd_does() {
        let text = "\u{feff}# where\n\nMASHANG_DATA = \"/srv/a b\"\nMASHANG_SMTP_URL_FILE='/run/smtp'\n";
        let file = ConfigFile::parse(text).expect("a good file");
        assert_eq!(file.get("MASHANG_DATA"), Some("/srv/a b"));
        assert_eq!(file.get("MASHANG_SMTP_URL_FILE"), Some("/run/smtp"));
    }

    #[test]
    fn a_mistyped_name_is_refused_with_its_line() {
        assert!(matches!(ConfigFile::parse("\nMASHANG_DTAA=x"), Err((2, problem)) if problem.contains("MASHANG_DTAA")));
        assert!(matches!(ConfigFile::parse("MASHANG_DATA"), Err((1, _))));
        assert!(matches!(ConfigFile::parse("MASHANG_DATA=a\nMASHANG_DATA=b"), Err((2, _))));
    }
}
