//! `mashang clock`: whether the clock is in doubt, and the word of whoever set it that it is right now.

use super::open;
use super::output::{CliError, say};
use crate::actions::{Actor, trust_clock};
use crate::clock::Clock;
use crate::config::{SiteArgs, StoreArgs};
use crate::storage::audit;

/// Show whether the clock is in doubt, or say that it is right now
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A clock that ran ahead leaves entries of days that are yet to come. Set right, it seems to be behind them: filings are accepted and\n\
    marked, and nothing is raised. --is-right ends that: what is on record of later instants is no measure any more, enterprises are judged\n\
    again, and mails that were put off go out. Look at `date` and at NTP first."
)]
pub struct Args {
    /// The clock was looked at and is right now
    #[arg(long)]
    is_right: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    site: SiteArgs,
}

/// Tells, or takes the word.
///
/// # Errors
/// When the settings are wrong or the store fails.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    let (db, service) = open::both(&store, &args.site).await?;
    let now = Clock::System.now();
    let mut tx = db.write().await?;
    let newest = audit::newest(&mut tx).await?;
    let trusted = if args.is_right { trust_clock(&mut tx, &service, now, &Actor::System).await? } else { None };
    tx.commit().await?;
    db.close().await;
    say(format_args!("It is {now}; the newest entry is of {}.", newest.map_or("–".to_owned(), |at| at.to_string())));
    match trusted {
        Some((begins, ends)) => say(format_args!(
            "The clock is believed. Entries from {begins} to {ends} are no measure any more; what was put off is done now."
        )),
        None if args.is_right => say("The clock is not in doubt: nothing was changed."),
        None => {}
    }
    Ok(())
}
