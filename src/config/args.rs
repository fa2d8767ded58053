//! The flags that settings come from, and the names of their variables.

use clap::Args;
use std::path::PathBuf;

/// Where everything is kept.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Where things are kept")]
pub struct StoreArgs {
    /// File of settings, one NAME=VALUE a line, by the names of the environment. Flags and the environment are stronger
    #[arg(long, value_name = "FILE", env = "MASHANG_CONFIG")]
    pub config: Option<PathBuf>,
    /// Data folder: database, keys, mails that no server takes [default: ./data]
    #[arg(long, value_name = "DIR", env = "MASHANG_DATA")]
    pub data: Option<String>,
    /// PostgreSQL's address, or SQLite's file.
    #[arg(help = "postgres://USER:PASSWORD@HOST/NAME, or sqlite:PATH [default: SQLite in the data folder]")]
    #[arg(long, value_name = "URL", env = "MASHANG_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// What the site is called and how it is reached.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "The site")]
pub struct SiteArgs {
    /// Address that codes and mails begin with, such as <https://mashang.example.gov.cn>. Never guessed: it is printed on walls
    #[arg(long, value_name = "URL", env = "MASHANG_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Further hosts that are answered, with commas between: those that signs on walls carry after a change of the public address
    #[arg(long, value_name = "LIST", env = "MASHANG_ALSO_HOSTS")]
    pub also_hosts: Option<String>,
    /// Name of the district, as pages and mails show it
    #[arg(long, value_name = "NAME", env = "MASHANG_DISTRICT")]
    pub district: Option<String>,
    /// The office's telephone number, shown wherever help is needed
    #[arg(long, value_name = "NUMBER", env = "MASHANG_HOTLINE")]
    pub hotline: Option<String>,
    /// Sender of mails [default: mashang@ the host of the public address]
    #[arg(long, value_name = "ADDRESS", env = "MASHANG_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Time zone whose dates count [default: Asia/Shanghai]
    #[arg(long, value_name = "NAME", env = "MASHANG_TIME_ZONE")]
    pub time_zone: Option<String>,
    /// The key that seals reporters' contacts, 32 bytes [default: keys/contact.key in the data folder, made at the first start]
    #[arg(long, value_name = "FILE", env = "MASHANG_CONTACT_KEY_PATH")]
    pub contact_key_path: Option<String>,
}

/// How backups are made.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Backups")]
pub struct BackupArgs {
    /// Public keys that backups are encrypted to, with commas between: age1…, as age-keygen prints them [default: not encrypted]
    #[arg(long, value_name = "KEYS", env = "MASHANG_BACKUP_RECIPIENT")]
    pub backup_recipient: Option<String>,
}

/// When the server makes backups, and how it proves them.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Backups of each night")]
pub struct NightlyArgs {
    /// Folder for a backup each night, best on another disk; 7 days, 5 weeks and 12 months are kept [default: none is made]
    #[arg(long, value_name = "DIR", env = "MASHANG_BACKUP_FOLDER")]
    pub backup_folder: Option<String>,
    /// File of the secret key, to prove each week that an encrypted backup can be restored [default: its copy before encryption is proved]
    #[arg(long, value_name = "FILE", env = "MASHANG_BACKUP_IDENTITY_PATH")]
    pub backup_identity_path: Option<String>,
}

/// How the server listens and sends.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "The server")]
pub struct Listen {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "MASHANG_LISTEN")]
    pub listen: Option<String>,
    /// Mail server: smtp://USER:PASSWORD@HOST:PORT, smtps://… or smtp+starttls://… [default: mails are written to the data folder]
    #[arg(long, value_name = "URL", env = "MASHANG_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// PEM file of further root certificates for the mail server
    #[arg(long, value_name = "FILE", env = "MASHANG_SMTP_CA")]
    pub smtp_ca: Option<String>,
    /// Address and port that answers /metrics (Prometheus): keep it inside the network [default: none]
    #[arg(long, value_name = "ADDRESS", env = "MASHANG_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed, such as 127.0.0.1,10.0.0.0/8
    #[arg(long, value_name = "LIST", env = "MASHANG_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
}
