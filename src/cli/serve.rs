//! `mashang serve`: the pages, the API and the jobs, until it is told to stop.

use super::lock::Lock;
use super::output::{CliError, say};
use super::{key_marks, open};
use crate::actions::{ActionError, Settings, first_policy};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{BackupArgs, Database, Listen, NightlyArgs, Server, SignInArgs, SiteArgs, Store, StoreArgs};
use crate::domain::audit_chain::unhex;
use crate::domain::sign::host_of;
use crate::jobs::backups::{self, Plan};
use crate::jobs::{self, chain};
use crate::mail::Mailer;
use crate::storage::{Db, sign_prints};
use crate::web;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Run the server
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    mashang serve --data /srv/mashang --public-url https://mashang.example.gov.cn --smtp-url smtps://user:password@mail.example.gov.cn\n\n\
    Put a reverse proxy with TLS in front of it that keeps the Host header. SIGTERM or Ctrl-C stops it: open requests may\n\
    finish, which takes at most 12 seconds.")]
pub struct Args {
    /// The keys of this database are lost: go on with those of this data folder
    #[arg(long)]
    accept_new_keys: bool,
    #[command(flatten)]
    server: Listen,
    #[command(flatten)]
    sign_in: SignInArgs,
    #[command(flatten)]
    nightly: NightlyArgs,
    #[command(flatten)]
    backups: BackupArgs,
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// When a setting is missing or wrong, or something cannot be opened.
pub async fn run(args: Args) -> Result<(), CliError> {
    crate::telemetry::start();
    // Heeded from here on: who asks it to stop while it starts is not met by the system's rude default.
    let stop = web::serve::stop_signal();
    let store = args.store.store()?;
    let server = store.server(&args.server)?;
    let providers = store.providers(&args.sign_in)?;
    open::as_many_files_as_allowed(web::serve::FILES);
    open::folder(&store.data)?;
    let mut site = store.site(&args.site)?;
    if site.settings.public_url.is_empty() {
        return Err(CliError::Input(
            "--public-url (MASHANG_PUBLIC_URL) is missing. It is printed in every code and cannot be changed once the codes hang on walls, so it is never guessed: give the address that people's phones open, such as https://mashang.example.gov.cn. For a look around, run `mashang demo`.".to_owned(),
        ));
    }
    let _lock = match &store.database {
        Database::Sqlite(path) => {
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                open::folder(parent)?;
            }
            Some(Lock::take(path)?)
        }
        Database::Postgres(_) => None,
    };
    let db = open::database(&store).await?;
    let listener = TcpListener::bind(server.listen).await.map_err(|e| {
        CliError::Failure(format!("cannot listen on {}: {e}; choose another address with --listen", server.listen))
    })?;
    let metrics = match server.metrics {
        Some(address) => Some(TcpListener::bind(address).await.map_err(|e| {
            CliError::Failure(format!("cannot listen on {address}: {e}; choose another address with --metrics-listen"))
        })?),
        None => None,
    };
    let mailer = mailer(&store, &server)?;
    let old = old_hosts(&db, &site.settings).await?;
    site.settings.also_hosts.extend(old);
    let public_url = site.settings.public_url.clone();
    let service = open::service(&db, site).await?.with_providers(providers);
    let app = App { db: db.clone(), service, clock: Clock::System };
    let audit_key = store.audit_key()?;
    let keys = [("contact", &app.service.settings.contact_key[..]), ("audit", &audit_key[..])];
    key_marks::check(&db, &keys, args.accept_new_keys).await?;
    let prepared = async {
        let mut tx = app.db.write().await?;
        first_policy(&mut tx, &app.service, app.clock.now()).await?;
        Ok::<_, ActionError>(tx.commit().await?)
    };
    prepared.await.map_err(|e| CliError::Failure(format!("the first policy cannot be stored: {e}")))?;
    say(format_args!("mashang serves {public_url} on http://{} — Ctrl-C stops it", server.listen));
    tracing::info!(listen = %server.listen, public_url, database = ?store.database, mails = ?mailer, "serving");
    let plan = plan(&store, &args)?;
    let points = chain::Checkpoints { key: super::audit::key(&store)?, folder: store.data.join("checkpoints") };
    let outcome = run_until_stopped(app, mailer, (points, plan), (listener, metrics, stop), (&store, &server)).await;
    db.close().await;
    tracing::info!("stopped");
    outcome
}

/// The backups of each night, where a folder for them is named.
///
/// # Errors
/// When a setting cannot be used, or the folder cannot be made.
fn plan(store: &Store, args: &Args) -> Result<Option<Plan>, CliError> {
    let Some(nightly) = store.nightly(&args.nightly)? else { return Ok(None) };
    open::folder(&nightly.folder)?;
    let public = super::audit::key(store)?.public();
    Ok(Some(Plan {
        folder: nightly.folder,
        recipients: store.recipients(&args.backups)?,
        identities: nightly.identities,
        scratch: store.data.clone(),
        postgres: store.database.postgres().map(str::to_owned),
        public: unhex(&public).unwrap_or_default(),
    }))
}

/// The hosts that signs on walls carry and that are no longer the public one: they are answered as long as a sign carries them.
async fn old_hosts(db: &Db, settings: &Settings) -> Result<Vec<String>, CliError> {
    let mut old = Vec::new();
    for (host, signs) in sign_prints::hosts(&mut db.read().await?).await? {
        if host != host_of(&settings.public_url) {
            tracing::warn!(
                host,
                signs,
                "signs on walls carry an old host, which is still answered; keep its name and its certificate"
            );
            old.push(host);
        }
    }
    Ok(old)
}

/// Serves the pages and does the jobs until SIGTERM or Ctrl-C, then lets both finish.
///
/// # Errors
/// When serving fails.
async fn run_until_stopped(
    app: App,
    mailer: Mailer,
    (points, plan): (chain::Checkpoints, Option<Plan>),
    (listener, metrics, stop): (TcpListener, Option<TcpListener>, impl Future<Output = ()> + Send + 'static),
    (store, server): (&Store, &Server),
) -> Result<(), CliError> {
    let shutdown = CancellationToken::new();
    let jobs = tokio::spawn(jobs::run(app.clone(), mailer, shutdown.clone()));
    let chain = tokio::spawn(chain::watch(app.clone(), points, shutdown.clone()));
    let nightly = plan.map(|plan| tokio::spawn(backups::watch(app.clone(), plan, shutdown.clone())));
    if let Some(listener) = metrics {
        let (router, ended) = (web::metrics::router(app.clone(), store.data.clone()), shutdown.clone());
        tokio::spawn(web::serve::serve(listener, router, async move { ended.cancelled().await }));
    }
    let stop = async {
        stop.await;
        shutdown.cancel();
    };
    let outcome = web::serve::serve_behind(listener, web::router(app), server.trusted_proxies.clone(), stop).await;
    shutdown.cancel();
    // A backup that is under way is given up: it takes long, and is made anew.
    nightly.inspect(tokio::task::JoinHandle::abort);
    for job in [jobs, chain] {
        if let Err(error) = job.await {
            tracing::error!(%error, "the jobs ended badly");
        }
    }
    outcome.map_err(|e| CliError::Failure(format!("serving failed: {e}")))
}

/// Where mails go: to the server, else into the data folder.
///
/// # Errors
/// When the URL of the server or its certificates cannot be used.
pub fn mailer(store: &Store, server: &Server) -> Result<Mailer, CliError> {
    if let Some(url) = &server.smtp_url {
        return Mailer::smtp(url, server.smtp_ca.as_deref()).map_err(|e| CliError::Input(format!("--smtp-url: {e}")));
    }
    let folder = store.data.join("mail");
    tracing::warn!(folder = %folder.display(), "no mail server is set (--smtp-url): mails are written as files");
    Ok(Mailer::Folder(folder))
}
