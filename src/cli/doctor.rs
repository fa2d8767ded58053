//! `mashang doctor`: is everything in place? One line each, with what to do.

use super::open;
use super::output::{CliError, say};
use crate::actions::Settings;
use crate::clock::Clock;
use crate::config::{Database, Listen, Server, SignInArgs, SiteArgs, Store, StoreArgs};
use crate::domain::sign::host_of;
use crate::identity::{Provider, Trouble};
use crate::mail::Mailer;
use crate::storage::backups::{self, Proof};
use crate::storage::{Db, audit, health, mails, registries, sign_prints};
use crate::web::paths::external_back;
use chrono::{DateTime, TimeDelta, Utc};
use std::fmt::Display;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Less free room than this is a problem, in MiB.
const ROOM_MIB: u64 = 500;
/// How far the clock may be behind the newest row before it is a problem: the same as for filings.
const CLOCK_BEHIND: TimeDelta = TimeDelta::minutes(10);
/// How old the last backup may be before it is a problem.
const BACKUP_OLD: TimeDelta = TimeDelta::hours(48);
/// How old a waiting mail may be before it is a problem.
const MAIL_WAITS: TimeDelta = TimeDelta::hours(1);

/// Check the configuration, the database, the disk, the clock and the mail server
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Give it the same settings as `mashang serve`. Nothing is changed but that an older database is brought up to date.\n\
    The exit status is 0 if all is well, 1 if there is a problem, 2 if the settings themselves are wrong."
)]
pub struct Args {
    #[command(flatten)]
    server: Listen,
    #[command(flatten)]
    sign_in: SignInArgs,
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// The findings so far.
#[derive(Default)]
struct Findings {
    problems: usize,
}

impl Findings {
    fn ok(what: &str, found: impl Display) {
        say(format_args!("OK       {what}: {found}"));
    }

    fn problem(&mut self, what: &str, found: impl Display, to_do: impl Display) {
        self.problems += 1;
        say(format_args!("PROBLEM  {what}: {found}. {to_do}"));
    }
}

/// Checks everything and prints what was found.
///
/// # Errors
/// When a setting cannot be used, or there is a problem.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    let server = store.server(&args.server)?;
    let providers = store.providers(&args.sign_in)?;
    open::folder(&store.data)?;
    let settings = store.site(&args.site)?.settings;
    let now = Clock::System.now();
    let mut findings = Findings::default();
    public_url(&mut findings, &settings);
    folder(&mut findings, &store.data);
    database(&mut findings, &store, now, &settings).await;
    mail(&mut findings, &store, &server, &settings).await;
    for provider in providers.all() {
        sign_in(&mut findings, provider, now, &settings.public_url).await;
    }
    match findings.problems {
        0 => Ok(()),
        n => Err(CliError::Failure(format!("{n} problem(s) found; see above"))),
    }
}

fn public_url(findings: &mut Findings, settings: &Settings) {
    let url = settings.public_url.as_str();
    let local = ["//localhost", "//127.", "//[::1]"].iter().any(|host| url.contains(host));
    if url.is_empty() {
        findings.problem("public address", "not set", "Set --public-url: `serve` does not start without it");
    } else if url.starts_with("http://") && !local {
        findings.problem(
            "public address",
            format_args!("{url} is not encrypted"),
            "Put a reverse proxy with TLS in front and set --public-url to its https:// address",
        );
    } else {
        Findings::ok("public address", url);
    }
}

fn folder(findings: &mut Findings, data: &Path) {
    match std::fs::metadata(data).map(|found| found.permissions().mode() & 0o007) {
        Ok(0) => Findings::ok("data folder", data.display()),
        Ok(_) => findings.problem(
            "data folder",
            format_args!("{} can be read by every user of this machine", data.display()),
            format_args!("Run: chmod o= {}", data.display()),
        ),
        Err(e) => findings.problem("data folder", e, "Check --data"),
    }
    match rustix::fs::statvfs(data) {
        Ok(disk) => {
            let mib = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
            if mib < ROOM_MIB {
                findings.problem("disk", format_args!("{mib} MiB are free"), "Make room: writes fail on a full disk");
            } else {
                Findings::ok("disk", format_args!("{mib} MiB are free"));
            }
        }
        Err(e) => findings.problem("disk", e, "Check --data"),
    }
}

async fn database(findings: &mut Findings, store: &Store, now: DateTime<Utc>, settings: &Settings) {
    if let Database::Sqlite(path) = &store.database
        && !path.exists()
    {
        let next = "Take over the registries with `mashang import`, or check --data";
        findings.problem("database", format_args!("{} is not there yet", path.display()), next);
        return;
    }
    let db = match open::database(store).await {
        Ok(db) => db,
        Err(e) => {
            findings.problem("database", e, "Check --database-url and that the server runs");
            return;
        }
    };
    match health::health(&db).await {
        Ok(health) if health.durable => {
            Findings::ok("database", format_args!("{}, {}", health.version, health.durability));
        }
        Ok(health) => findings.problem(
            "database",
            format_args!(
                "{}: {}, so that a power cut can lose filings that were acknowledged",
                health.version, health.durability
            ),
            "Set synchronous_commit = on and fsync = on",
        ),
        Err(e) => findings.problem("database", e, "Look at the message of the database"),
    }
    if let Err(e) = contents(findings, &db, now, settings).await {
        findings.problem("database", e, "Bring back a backup if the file is damaged");
    }
    db.close().await;
}

async fn contents(
    findings: &mut Findings,
    db: &Db,
    now: DateTime<Utc>,
    settings: &Settings,
) -> crate::storage::Result<()> {
    let mut tx = db.read().await?;
    match audit::newest(&mut tx).await? {
        Some(newest) if now + CLOCK_BEHIND < newest => findings.problem(
            "clock",
            format_args!("it shows {now}, but something was stored at {newest}"),
            "Set the clock of this machine (NTP); until then filings are marked 时钟存疑. If it is right, and was ahead before: `mashang clock --is-right`",
        ),
        _ => Findings::ok(
            "clock",
            format_args!("{} ({})", settings.zone.local(now).format("%Y-%m-%d %H:%M"), settings.zone),
        ),
    }
    let stored = registries::load(&mut tx, settings.zone).await?;
    let counts = format!(
        "{} agencies, {} matters, {} inspectors",
        stored.agencies.len(),
        stored.matters.len(),
        stored.inspectors.len()
    );
    if stored.agencies.is_empty() || stored.inspectors.is_empty() {
        findings.problem("registries", counts, "Take them over with `mashang import`");
    } else {
        Findings::ok("registries", counts);
    }
    let today = settings.zone.local_date(now);
    if stored.holidays.is_provisional(today) {
        findings.problem(
            "holidays",
            "the table ends before this year",
            "Take over the table of the State Council's notice with `mashang import holidays`",
        );
    } else {
        Findings::ok("holidays", "the table covers this year");
    }
    let (last, proof) = (backups::last_good(&mut tx).await?, backups::proofs(&mut tx, 1).await?);
    let newest = last.map(|backup| backup.made_at).max(audit::last_backup(&mut tx).await?);
    backup(findings, now, newest, proof.first());
    if let Some(hold) = backups::held(&mut tx).await? {
        let found = format_args!("held since the restore at {}", hold.since);
        findings.problem("mails", found, "Release them on the page of backups in the console");
    }
    let hosts = sign_prints::hosts(&mut tx).await?;
    printed_hosts(&hosts, settings);
    let queue = mails::queue(&mut tx).await?;
    let waiting = format!("{} waiting, {} stuck", queue.waiting, queue.stuck);
    if queue.stuck > 0 || queue.oldest.is_some_and(|oldest| oldest + MAIL_WAITS < now) {
        findings.problem("mail queue", waiting, "Look at the mail queue in the console");
    } else {
        Findings::ok("mail queue", waiting);
    }
    Ok(())
}

/// Whether there is a backup that can be restored.
fn backup(findings: &mut Findings, now: DateTime<Utc>, newest: Option<DateTime<Utc>>, proof: Option<&Proof>) {
    match newest {
        None => findings.problem("backup", "there is none", "Set --backup-folder and --backup-recipient for `serve`"),
        Some(at) if at + BACKUP_OLD < now => {
            findings.problem("backup", format_args!("the last is of {at}"), "Look at the disk of the backup folder");
        }
        Some(at) => Findings::ok("backup", format_args!("of {at}")),
    }
    match proof {
        Some(proof) if !proof.trouble.is_empty() => {
            let found = format_args!("{} could not be restored: {}", proof.file, proof.trouble);
            findings.problem("proof of the backup", found, "Make one on another disk with `mashang backup`");
        }
        Some(proof) => Findings::ok("proof of the backup", format_args!("{} at {}", proof.file, proof.at)),
        None => Findings::ok("proof of the backup", "none yet; `serve` proves one each week where it makes them"),
    }
}

/// Signs on walls whose code carries another host than the public address.
fn printed_hosts(hosts: &[(String, i64)], settings: &Settings) {
    let now = host_of(&settings.public_url);
    let old: Vec<&(String, i64)> = hosts.iter().filter(|(host, _)| host != now).collect();
    let all: i64 = hosts.iter().map(|(_, count)| count).sum();
    if old.is_empty() {
        Findings::ok("printed signs", format_args!("{all}, all with the public address"));
    }
    for (host, count) in old {
        let found = format_args!("{count} carry the old host {host}, which is answered; keep its name and certificate");
        Findings::ok("printed signs", found);
    }
}

async fn mail(findings: &mut Findings, store: &Store, server: &Server, settings: &Settings) {
    let mailer = match super::serve::mailer(store, server) {
        Ok(mailer) => mailer,
        Err(e) => {
            findings.problem("mail", e, "Correct the setting");
            return;
        }
    };
    match (mailer.check(&settings.mail_from).await, &mailer) {
        (Ok(()), Mailer::Folder(folder)) => {
            Findings::ok("mail", format_args!("written to {}; set --smtp-url to have it sent", folder.display()));
        }
        (Ok(()), _) => Findings::ok("mail", format_args!("the server answers and takes the login ({mailer:?})")),
        (Err(e), _) => findings.problem("mail", e, "Check --smtp-url and that this machine may reach the server"),
    }
}

/// Whether a provider of sign-ins answers and takes the settings, and the address to register there.
async fn sign_in(findings: &mut Findings, provider: &Provider, now: DateTime<Utc>, public_url: &str) {
    let what = format!("sign-in through {}", provider.kind());
    let back = external_back(public_url, provider.kind());
    match provider.check(now).await {
        Ok(found) => Findings::ok(&what, format_args!("{found}; the redirect address to register there is {back}")),
        Err(trouble) => {
            let to_do = match trouble {
                Trouble::Down(_) => "Check the address in its settings, and that this machine may reach it",
                Trouble::Refused(_) => "Check id, key and secret against the provider's page of this application",
                Trouble::Untrusted(_) | Trouble::Weak(_) | Trouble::Remembered => {
                    "Compare the issuer and the certificate with what the provider's operator says"
                }
            };
            findings.problem(&what, trouble, to_do);
        }
    }
}
