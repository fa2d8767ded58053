//! How the program itself is: mails that wait, the clock, the backup, the sums.

use crate::actions::audit::clock_doubtful;
use crate::storage::{Tx, audit, figure_days, mails};
use crate::web::error::AppError;
use crate::web::page::Page;
use chrono::TimeDelta;

/// A backup older than this is worth a word.
const BACKUP_OLD: TimeDelta = TimeDelta::days(2);

/// Lines of name, words, and whether somebody should look.
pub(super) async fn lines(tx: &mut Tx, page: &Page) -> Result<Vec<(String, String, bool)>, AppError> {
    let queue = mails::queue(tx).await?;
    let doubtful = clock_doubtful(tx, page.now).await?;
    let backup = audit::last_backup(tx).await?;
    let check = figure_days::last_check(tx).await?;
    let name = |key: &str| page.t(&format!("figures-system-{key}"));
    let old = backup.is_none_or(|at| page.now - at > BACKUP_OLD);
    let sums = match check {
        None => page.t("figures-check-none"),
        Some(check) if check.differing == 0 => page.t1("figures-check-same", "time", page.time(&check.at)),
        Some(check) => page.t2("figures-check-differs", "time", page.time(&check.at), "count", check.differing),
    };
    Ok(vec![
        (name("mails"), page.t2("figures-mails", "waiting", queue.waiting, "stuck", queue.stuck), queue.stuck > 0),
        (name("clock"), page.t(if doubtful { "figures-clock-bad" } else { "figures-clock-good" }), doubtful),
        (
            name("backup"),
            backup.map_or_else(
                || page.t("figures-backup-none"),
                |at| page.t1("figures-backup-at", "time", page.time(&at)),
            ),
            old,
        ),
        (name("sums"), sums, check.is_some_and(|check| check.differing > 0)),
    ])
}
