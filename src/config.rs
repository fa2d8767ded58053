//! Settings by flag, environment or file, in this order of strength. Names are the same in the environment and in the file.
//!
//! The value of a setting may also stand in a file of its own that `NAME_FILE` points to: for secrets that are mounted as files.

mod args;
mod checks;
pub mod contact_key;
mod file;
mod sign_in;

pub use args::{BackupArgs, Listen, NightlyArgs, SiteArgs, StoreArgs};
pub use checks::{Database, public_url};
pub use sign_in::SignInArgs;

use crate::actions::Settings;
use crate::actions::backup::{Recipient, recipients};
use crate::domain::day::Zone;
use crate::domain::trusted_proxies::TrustedProxies;
use crate::i18n::Lang;
use file::ConfigFile;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A setting that is missing or cannot be used, in words for whoever started the program.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// The result of reading a setting.
pub type Result<T> = std::result::Result<T, ConfigError>;

/// Where everything is kept.
#[derive(Debug)]
pub struct Store {
    /// The data folder.
    pub data: PathBuf,
    /// The database.
    pub database: Database,
    sources: Sources,
}

/// What `serve` needs beside the [`Store`] and the [`Settings`].
#[derive(Debug)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where `/metrics` is answered; `None`: nowhere.
    pub metrics: Option<SocketAddr>,
    /// The mail server; `None`: mails are written to `DATA/mail`.
    pub smtp_url: Option<String>,
    /// PEM file of further root certificates for it.
    pub smtp_ca: Option<PathBuf>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
}

/// The backups of each night.
#[derive(Clone, Debug)]
pub struct Nightly {
    /// The folder.
    pub folder: PathBuf,
    /// The text of the file of the secret key.
    pub identities: Option<String>,
}

/// The environment and the file, once the flags have had their say.
#[derive(Debug)]
struct Sources {
    file: ConfigFile,
}

impl Sources {
    /// The value of a setting: `given` by flag or environment, else from the file that `NAME_FILE` names, else from the
    /// configuration file. Empty counts as not set.
    fn get(&self, name: &str, given: Option<&str>) -> Result<Option<String>> {
        let filled = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        if let Some(value) = given.and_then(filled) {
            return Ok(Some(value));
        }
        let pointer = format!("{name}_FILE");
        let path = match std::env::var(&pointer).ok().as_deref().and_then(filled) {
            Some(path) => Some(path),
            None => match self.file.get(name).and_then(filled) {
                Some(value) => return Ok(Some(value)),
                None => self.file.get(&pointer).and_then(filled),
            },
        };
        let Some(path) = path else { return Ok(None) };
        let text = std::fs::read_to_string(&path)
            .map_err(|e| ConfigError(format!("{pointer} names {path}, which cannot be read: {e}")))?;
        Ok(filled(&text))
    }
}

/// The settings of the site.
#[derive(Clone, Debug)]
pub struct Site {
    /// The settings. Where `key_to_make` says so, the contact key is not one yet.
    pub settings: Settings,
    /// Where the contact key is to be made.
    pub key_to_make: Option<PathBuf>,
}

impl StoreArgs {
    /// Reads the configuration file and says where everything is kept.
    ///
    /// # Errors
    /// When a file cannot be read, or a setting cannot be used.
    pub fn store(&self) -> Result<Store> {
        let file = match &self.config {
            Some(path) => ConfigFile::read(path)?,
            None => ConfigFile::default(),
        };
        let sources = Sources { file };
        let data = sources.get("MASHANG_DATA", self.data.as_deref())?.unwrap_or_else(|| "./data".to_owned());
        let data = PathBuf::from(data);
        let url = sources.get("MASHANG_DATABASE_URL", self.database_url.as_deref())?;
        let database = Database::parse(url.as_deref(), &data)?;
        Ok(Store { data, database, sources })
    }
}

impl Store {
    /// The settings of the site. `public_url` may be missing for commands that print no link: it is empty then.
    ///
    /// # Errors
    /// When a setting cannot be used, or the contact key cannot be read.
    pub fn site(&self, args: &SiteArgs) -> Result<Site> {
        let get = |name, given: &Option<String>| self.sources.get(name, given.as_deref());
        let url = get("MASHANG_PUBLIC_URL", &args.public_url)?.map(|url| public_url(&url)).transpose()?;
        let mail_from = match get("MASHANG_MAIL_FROM", &args.mail_from)? {
            Some(address) => checks::mail_from(&address)?,
            None => checks::default_mail_from(url.as_deref()),
        };
        let zone = get("MASHANG_TIME_ZONE", &args.time_zone)?.unwrap_or_else(|| "Asia/Shanghai".to_owned());
        let zone = Zone::parse(&zone).ok_or_else(|| {
            ConfigError(format!("there is no time zone {zone:?}: set --time-zone to a name such as Asia/Shanghai"))
        })?;
        let key_file = get("MASHANG_CONTACT_KEY_PATH", &args.contact_key_path)?.map(PathBuf::from);
        let (contact_key, key_to_make) = match contact_key::find(&self.data, key_file.as_deref())? {
            contact_key::Key::Found(key) => (key, None),
            contact_key::Key::ToMake(path) => ([0; 32], Some(path)),
        };
        let settings = Settings {
            public_url: url.unwrap_or_default(),
            also_hosts: checks::hosts(&get("MASHANG_ALSO_HOSTS", &args.also_hosts)?.unwrap_or_default())?,
            district: checks::words("--district", get("MASHANG_DISTRICT", &args.district)?)?,
            hotline: checks::words("--hotline", get("MASHANG_HOTLINE", &args.hotline)?)?,
            mail_from,
            zone,
            contact_key,
        };
        Ok(Site { settings, key_to_make })
    }

    /// The seed of the key that signs checkpoints of the audit: `keys/audit.key` in the data folder.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn audit_key(&self) -> Result<[u8; 32]> {
        contact_key::named(&self.data, "audit.key")
    }

    /// To whom backups are encrypted; nobody: they are not.
    ///
    /// # Errors
    /// When a key cannot be used.
    pub fn recipients(&self, args: &BackupArgs) -> Result<Vec<Recipient>> {
        let keys = self.sources.get("MASHANG_BACKUP_RECIPIENT", args.backup_recipient.as_deref())?.unwrap_or_default();
        let keys: Vec<String> = keys.split([',', ' ', '\n']).filter(|key| !key.is_empty()).map(str::to_owned).collect();
        recipients(&keys).map_err(|key| {
            ConfigError(format!("--backup-recipient: {key:?} is no public key of age; age-keygen prints one, age1…"))
        })
    }

    /// The backups of each night; `None` where no folder is named.
    ///
    /// # Errors
    /// When the file of the secret key cannot be read.
    pub fn nightly(&self, args: &NightlyArgs) -> Result<Option<Nightly>> {
        let Some(folder) = self.sources.get("MASHANG_BACKUP_FOLDER", args.backup_folder.as_deref())? else {
            return Ok(None);
        };
        let path = self.sources.get("MASHANG_BACKUP_IDENTITY_PATH", args.backup_identity_path.as_deref())?;
        let identities = path.map(|path| {
            std::fs::read_to_string(&path)
                .map_err(|e| ConfigError(format!("--backup-identity-path: {path} cannot be read: {e}")))
        });
        Ok(Some(Nightly { folder: folder.into(), identities: identities.transpose()? }))
    }

    /// What `serve` needs beside the settings of the site.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn server(&self, args: &Listen) -> Result<Server> {
        let listen = self.sources.get("MASHANG_LISTEN", args.listen.as_deref())?;
        let metrics = self.sources.get("MASHANG_METRICS_LISTEN", args.metrics_listen.as_deref())?;
        let smtp_url = self.sources.get("MASHANG_SMTP_URL", args.smtp_url.as_deref())?;
        let proxies = self.sources.get("MASHANG_TRUSTED_PROXIES", args.trusted_proxies.as_deref())?;
        Ok(Server {
            listen: checks::listen(listen.as_deref().unwrap_or("127.0.0.1:8080"))?,
            metrics: metrics.map(|address| checks::listen(&address)).transpose()?,
            smtp_url: smtp_url.map(|url| checks::smtp_url(&url)).transpose()?,
            smtp_ca: self.sources.get("MASHANG_SMTP_CA", args.smtp_ca.as_deref())?.map(PathBuf::from),
            trusted_proxies: TrustedProxies::parse(proxies.as_deref().unwrap_or_default()).map_err(|entry| {
                ConfigError(format!(
                    "--trusted-proxies: {entry:?} is neither an address nor a network such as 10.0.0.0/8"
                ))
            })?,
        })
    }

    /// The language of messages: by flag, environment or file, else that of the terminal.
    ///
    /// # Errors
    /// When it is neither Chinese nor English.
    pub fn lang(&self, given: Option<&str>) -> Result<Lang> {
        match self.sources.get("MASHANG_LANG", given)? {
            Some(tag) => Lang::parse(&tag).ok_or_else(|| ConfigError(format!("--lang is zh-CN or en, not {tag:?}"))),
            None => Ok(terminal_lang()),
        }
    }
}

/// The language of the terminal, by the usual variables: Chinese where they say so, else English.
fn terminal_lang() -> Lang {
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if set.is_some_and(|value| value.starts_with("zh")) { Lang::Zh } else { Lang::En }
}
