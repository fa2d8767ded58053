//! `mashang token`: bearer tokens of API clients.

use super::output::{CliError, say};
use super::{lookup, open};
use crate::actions::{ActionError, Actor, create_token, revoke_token};
use crate::clock::Clock;
use crate::config::{SiteArgs, StoreArgs};
use crate::domain::api_token::Holder;
use crate::domain::user::Office;
use crate::storage::api_tokens;
use uuid::Uuid;

/// Make, list and revoke tokens of API clients
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Create(CreateArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// Make a token and print it, once: only its hash is stored
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    mashang token create --role supervisor --office reform --name 区数据平台\n  \
    mashang token create --role agency --agency 区生态环境局 --name 环境执法系统")]
pub struct CreateArgs {
    /// supervisor: everything; agency: the own filings of one agency
    #[arg(long, value_parser = ["supervisor", "agency"])]
    role: String,
    /// Office of a supervisor's client; severity 4 is for the discipline office alone
    #[arg(long, value_parser = office, value_name = "discipline|reform|justice")]
    office: Option<Office>,
    /// The agency, by its full name
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// What people call the client
    #[arg(long)]
    name: String,
    #[command(flatten)]
    store: StoreArgs,
}

/// List all tokens, without their secrets
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    store: StoreArgs,
}

/// Revoke a token: requests with it are refused from now on
#[derive(Debug, clap::Args)]
pub struct RevokeArgs {
    /// The token's id, as `mashang token list` shows it
    id: Uuid,
    #[command(flatten)]
    store: StoreArgs,
}

fn office(text: &str) -> Result<Office, String> {
    Office::parse(text).ok_or_else(|| "one of discipline, reform, justice is meant".to_owned())
}

/// Runs one of the commands.
///
/// # Errors
/// When what was typed is wrong, or the store fails.
pub async fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::Create(args) => create(args).await,
        Command::List(args) => list(args).await,
        Command::Revoke(args) => revoke(args).await,
    }
}

async fn create(args: CreateArgs) -> Result<(), CliError> {
    let wrong = |words: &str| Err(CliError::Input(words.to_owned()));
    let store = args.store.store()?;
    let (db, service) = open::both(&store, &SiteArgs::default()).await?;
    let mut tx = db.write().await?;
    let holder = match (args.role.as_str(), &args.agency, args.office) {
        ("agency", Some(name), None) => {
            Holder::Agency(lookup::agency(&lookup::stored(&mut tx, service.settings.zone).await?, name)?.id)
        }
        ("agency", None, _) => return wrong("a token of an agency needs --agency with its full name"),
        ("agency", ..) => return wrong("--office is for supervisors only"),
        (_, None, office) => Holder::Supervisor(office),
        _ => return wrong("--agency is for tokens of an agency only"),
    };
    let now = Clock::System.now();
    let made = create_token(&mut tx, &service, now, &Actor::System, &args.name, holder).await;
    let (token, secret) = made.map_err(lookup::refused)?;
    tx.commit().await?;
    db.close().await;
    say(&secret);
    eprintln!("Token {} for {}: it is shown only now. Send it as `Authorization: Bearer …`.", token.id, token.name);
    Ok(())
}

async fn list(args: ListArgs) -> Result<(), CliError> {
    let store = args.store.store()?;
    let (db, service) = open::both(&store, &SiteArgs::default()).await?;
    let mut tx = db.read().await?;
    let registries = lookup::stored(&mut tx, service.settings.zone).await?;
    for token in api_tokens::list(&mut tx).await? {
        let of = match token.holder {
            Holder::Agency(id) => registries.agencies.get(&id).map_or("agency", |agency| agency.name.as_str()),
            Holder::Supervisor(office) => office.map_or("supervisor", Office::as_str),
        };
        let state = if token.revoked_at.is_some() { "revoked" } else { "valid" };
        say(format_args!("{}\t{}\t{of}\t{}\t{state}", token.id, token.name, token.created_at.format("%Y-%m-%d")));
    }
    drop(tx);
    db.close().await;
    Ok(())
}

async fn revoke(args: RevokeArgs) -> Result<(), CliError> {
    let store = args.store.store()?;
    let (db, service) = open::both(&store, &SiteArgs::default()).await?;
    let mut tx = db.write().await?;
    revoke_token(&mut tx, &service, Clock::System.now(), &Actor::System, args.id).await.map_err(
        |error| match error {
            ActionError::NotFound(_) => {
                CliError::Input("there is no valid token with this id; `mashang token list` shows them".to_owned())
            }
            other => other.into(),
        },
    )?;
    tx.commit().await?;
    db.close().await;
    say("The token is revoked.");
    Ok(())
}
