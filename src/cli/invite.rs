//! `mashang invite`: the link with which an inspector makes a phone known.

use super::output::{CliError, say};
use super::{lookup, open};
use crate::actions::enrol::invite_inspector;
use crate::clock::Clock;
use crate::config::{SiteArgs, StoreArgs};
use crate::web::{cookies::encode_secret, paths};

/// Print a link with which an inspector makes a phone known: 72 hours, once
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The inspector's certificate number
    #[arg(long, value_name = "NUMBER")]
    cert_no: String,
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Invites the inspector and prints the link.
///
/// # Errors
/// When there is no such inspector, the public address is not set, or the store fails.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    let (db, service) = open::both(&store, &args.site).await?;
    if service.settings.public_url.is_empty() {
        return Err(CliError::Input(
            "--public-url (MASHANG_PUBLIC_URL) is missing: the link begins with it. Give the same as to `mashang serve`.".to_owned(),
        ));
    }
    let mut tx = db.write().await?;
    let registries = lookup::stored(&mut tx, service.settings.zone).await?;
    let cert_no = registries.certificate(args.cert_no.trim());
    let Some(inspector) = registries.inspectors.get(&cert_no) else {
        return Err(CliError::Input(format!(
            "there is no inspector with the certificate number {cert_no}: take the inspectors over first (`mashang import inspectors FILE`)"
        )));
    };
    let secret = invite_inspector(&mut tx, &service, Clock::System.now(), None, inspector.id).await?;
    tx.commit().await?;
    db.close().await;
    say(format_args!("{}{}", service.settings.public_url, paths::join(&encode_secret(&secret))));
    eprintln!("The link is for {} alone, works once and for 72 hours.", inspector.name);
    Ok(())
}
