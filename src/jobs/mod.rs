//! What happens without anybody asking: deadlines that pass, digests in the morning, mails on their way.
//!
//! [`run`] does it for a server; [`run_due`] and [`deliver_due`] do the same once, for tests with a clock of their own, and
//! [`run_due_in`] within one transaction for the replay. Any number of processes may run: deadlines and digests are
//! for the one that holds the lease, mails are claimed one by one.

pub mod backups;
mod bells;
pub mod chain;
mod deadlines;
mod deliver_mail;
mod export;
mod figures;
mod imports;
mod index_enterprises;
mod make_sheets;
mod release_requests;
mod retire_signs;
mod store_scans;
pub mod tasks;
mod what_if;

pub use bells::ring_due;
pub use deadlines::{next_due, run_due, run_due_in};
pub use deliver_mail::{deliver_due, deliver_everything};
pub use figures::{check_figures, fold_figures, rebuild as rebuild_figures};
pub use index_enterprises::index_enterprises;
pub use store_scans::store_scans;
pub use tasks::run_tasks;

use crate::app::App;
use crate::mail::Mailer;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long nothing is looked at, unless somebody notifies.
const PAUSE: Duration = Duration::from_secs(2);

/// How long a mail that is being sent may still take at shutdown. One that is cut off is sent again, with the same Message-ID.
const GRACE: Duration = Duration::from_secs(5);

/// The least time between two looks for mails, so that many filings a second wake nobody for each.
const BREATH: Duration = Duration::from_millis(50);

/// Works until `shutdown`; looks every two seconds, and for mails at once when the flag on the outbox is raised after a commit.
///
/// A failure is logged and tried again at the next look. Mails have a loop of their own, so that a server that does not
/// answer holds up no deadline.
pub async fn run(app: App, mailer: Mailer, shutdown: CancellationToken) {
    tokio::join!(
        watch_deadlines(&app, &shutdown),
        watch_outbox(&app, &mailer, PAUSE, &shutdown),
        store_scans::watch_scans(&app, &shutdown),
        // Two, so that a long piece of work does not hold up a short one.
        tasks::watch(&app, &shutdown),
        tasks::watch(&app, &shutdown),
        figures::watch(&app, &shutdown),
        bells::watch(&app, &shutdown),
    );
}

async fn watch_deadlines(app: &App, shutdown: &CancellationToken) {
    loop {
        match run_due(app, app.clock.now()).await {
            Ok(true) => app.service.outbox.raise(),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "deadlines and digests failed; trying again"),
        }
        if let Err(error) = index_enterprises(app).await {
            tracing::error!(%error, "enterprises could not be indexed; trying again");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Delivers mails until `shutdown`: looks after each `pause`, for what other processes put in or what is to be tried again, and when the flag is
/// raised.
pub async fn watch_outbox(app: &App, mailer: &Mailer, pause: Duration, shutdown: &CancellationToken) {
    let grace = async {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::pin!(grace);
    loop {
        let result = tokio::select! {
            result = deliver_due(app, mailer) => result,
            () = &mut grace => return,
        };
        if let Err(error) = result {
            tracing::error!(%error, "mails could not be claimed; trying again");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = woken(app) => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn woken(app: &App) {
    app.service.outbox.raised().await;
    tokio::time::sleep(BREATH).await;
}
