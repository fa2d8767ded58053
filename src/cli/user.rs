//! `mashang user`: those who sign in to the console.

use super::output::{CliError, say};
use super::{lookup, open, password};
use crate::actions::{
    Actor, NewUser, Service, address, create_user, first_password, password as hashing, reset_password,
};
use crate::clock::Clock;
use crate::config::{SiteArgs, StoreArgs};
use crate::domain::user::{AlertChoice, Office, Role};
use crate::i18n::Lang;
use crate::storage::{Db, users};
use std::path::{Path, PathBuf};

/// Enter and list those who sign in to the console
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Create(CreateArgs),
    Password(PasswordArgs),
    List(ListArgs),
}

/// Enter a person who may sign in
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The password is asked for on the terminal, or read from standard input or --password-file; it is never an argument,\n\
    since other users of the machine see those. At least 10 characters, none of the commonest, not made of the names of the person and the district or a role. It holds\n\
    for a week, and the person is asked for another when they sign in; not so with --own-password.\n\nExamples:\n  \
    mashang user create --email wang@jw.example.gov.cn --name 王监督 --role supervisor --office discipline\n  \
    mashang user create --email li@hbj.example.gov.cn --name 李联络 --role liaison --agency 区生态环境局 --password-file /run/secrets/li"
)]
pub struct CreateArgs {
    /// Mail address: how the person signs in, and where alerts go
    #[arg(long)]
    email: String,
    /// Name, as pages show it
    #[arg(long)]
    name: String,
    /// supervisor: filings, reports and violations; liaison: the own agency's filings; operator: registries and codes; administrator: users, policy, backup
    #[arg(long, value_parser = role, value_name = "supervisor|liaison|operator|administrator")]
    role: Role,
    /// Office of a supervisor; the discipline office alone sees severity 4
    #[arg(long, value_parser = office, value_name = "discipline|reform|justice")]
    office: Option<Office>,
    /// Agency of a liaison, by its full name
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// When a supervisor hears of severity 2: in working hours, once a day, or at once at any hour
    #[arg(long, value_parser = alerts, default_value = "default", value_name = "default|digest|any_hour")]
    alerts: AlertChoice,
    /// Language of mails
    #[arg(long, value_parser = lang, default_value = "zh-CN", value_name = "zh-CN|en")]
    mail_lang: Lang,
    /// File with the password in its first line
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The person types the password, who need not change it at the first sign-in
    #[arg(long)]
    own_password: bool,
    #[command(flatten)]
    district: DistrictArg,
    #[command(flatten)]
    store: StoreArgs,
}

/// Give somebody who forgot it a new password; their sessions end
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The password is asked for on the terminal, or read from standard input or --password-file. A second step stays:\n\
    an administrator takes it off in the console."
)]
pub struct PasswordArgs {
    /// Mail address of the person
    #[arg(long)]
    email: String,
    /// File with the password in its first line
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The person types the password, who need not change it at the next sign-in
    #[arg(long)]
    own_password: bool,
    #[command(flatten)]
    district: DistrictArg,
    #[command(flatten)]
    store: StoreArgs,
}

/// List everybody who may sign in
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    store: StoreArgs,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "one of supervisor, liaison, operator, administrator is meant".to_owned())
}

fn office(text: &str) -> Result<Office, String> {
    Office::parse(text).ok_or_else(|| "one of discipline, reform, justice is meant".to_owned())
}

fn alerts(text: &str) -> Result<AlertChoice, String> {
    AlertChoice::parse(text).ok_or_else(|| "one of default, digest, any_hour is meant".to_owned())
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "zh-CN or en is meant".to_owned())
}

/// Runs one of the commands.
///
/// # Errors
/// When what was typed is wrong, or the store fails.
pub async fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::Create(args) => create(args).await,
        Command::Password(args) => new_password(args).await,
        Command::List(args) => list(args).await,
    }
}

/// The setting of the server that a password is checked against.
#[derive(Debug, clap::Args)]
struct DistrictArg {
    /// Name of the district, of which no password may be made [default: what the server's settings say]
    #[arg(long, value_name = "NAME", env = "MASHANG_DISTRICT")]
    district: Option<String>,
}

/// Asks for a new password and opens the database.
async fn asked(
    store: &StoreArgs,
    password_file: Option<&Path>,
    DistrictArg { district }: DistrictArg,
) -> Result<(Db, Service, String), CliError> {
    let store = store.store()?;
    let password = password::ask(password_file)?;
    let (db, service) = open::both(&store, &SiteArgs { district, ..SiteArgs::default() }).await?;
    Ok((db, service, password))
}

/// The hash of a new password of the person with this address and name, if it is not one that is guessed first.
async fn new_hash(service: &Service, password: &str, email: &str, name: &str) -> Result<String, CliError> {
    let known = [service.settings.district.as_str(), email, name];
    hashing::check_new(password, &known).map_err(|e| lookup::refused(e.into()))?;
    Ok(hashing::hash(service, password).await?)
}

async fn create(args: CreateArgs) -> Result<(), CliError> {
    let (db, service, password) = asked(&args.store, args.password_file.as_deref(), args.district).await?;
    let hash = new_hash(&service, &password, &args.email, &args.name).await?;
    let mut tx = db.write().await?;
    let agency = match &args.agency {
        None => None,
        Some(name) => Some(lookup::agency(&lookup::stored(&mut tx, service.settings.zone).await?, name)?.id),
    };
    let new = NewUser {
        email: args.email,
        name: args.name,
        role: args.role,
        office: args.office,
        agency,
        alerts: args.alerts,
        lang: args.mail_lang,
    };
    let now = Clock::System.now();
    let user = create_user(&mut tx, &service, now, &Actor::System, &new, &hash).await.map_err(lookup::refused)?;
    if !args.own_password {
        first_password::was_given(&mut tx, now, user.id).await?;
    }
    tx.commit().await?;
    db.close().await;
    say(format_args!("{} {} may sign in as {}.", user.name, user.email, user.role));
    Ok(())
}

async fn new_password(args: PasswordArgs) -> Result<(), CliError> {
    let (db, service, password) = asked(&args.store, args.password_file.as_deref(), args.district).await?;
    let found = address::user_of(&mut db.read().await?, args.email.trim()).await?;
    let (user, _) = found
        .ok_or_else(|| CliError::Input(format!("nobody signs in as {}; see mashang user list", args.email.trim())))?;
    let hash = new_hash(&service, &password, &user.email, &user.name).await?;
    let mut tx = db.write().await?;
    let now = Clock::System.now();
    let user = reset_password(&mut tx, &service, now, &Actor::System, user.id, &hash).await.map_err(lookup::refused)?;
    if args.own_password {
        first_password::was_chosen(&mut tx, user.id).await?;
    }
    tx.commit().await?;
    db.close().await;
    say(format_args!("{} {} has a new password; all sessions ended.", user.name, user.email));
    Ok(())
}

async fn list(args: ListArgs) -> Result<(), CliError> {
    let store = args.store.store()?;
    let (db, service) = open::both(&store, &SiteArgs::default()).await?;
    let mut tx = db.read().await?;
    let registries = lookup::stored(&mut tx, service.settings.zone).await?;
    for user in users::list(&mut tx).await? {
        let agency = user.agency.and_then(|id| registries.agencies.get(&id)).map(|agency| agency.name.as_str());
        let of = user.office.map(Office::as_str).or(agency).unwrap_or("-");
        let state = if user.active { "active" } else { "inactive" };
        say(format_args!("{}\t{}\t{}\t{of}\t{}\t{state}", user.email, user.name, user.role, user.alerts));
    }
    drop(tx);
    db.close().await;
    Ok(())
}
