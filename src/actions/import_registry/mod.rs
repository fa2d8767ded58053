//! Taking over a registry from a file: agencies, matters, inspectors, enterprises, holidays; CSV or XLSX, as offices hand them over.
//!
//! The same function previews and writes, so that what was shown is what happens. All rows or none, unless the caller skips bad ones;
//! nothing is deleted because a file does not have it; the same file twice changes nothing. A column that a file does not have leaves
//! what is stored; an empty cell empties it. The caller owns the transaction: everything happens in it, or nothing.

mod agencies;
mod apply;
mod columns;
mod csv_table;
mod enterprises;
mod holidays;
mod inspectors;
mod matters;
mod plan;
mod problem;
mod read_table;
mod row_reader;
#[cfg(test)]
mod tests;
mod xlsx_table;

pub use problem::{Problem, Rejection, RejectionWords};
pub use read_table::Limits;

use super::{Actor, Result, Service, audit};
use crate::domain::agency::Agency;
use crate::storage::{Tx, enterprise_index, registries};
use apply::Writer;
use chrono::{DateTime, Utc};
use columns::{Column, Columns};
use plan::{Parsed, Plan};
use read_table::{Table, TableRow, read_table};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Which registry a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    /// 单位
    Agencies,
    /// 检查事项
    Matters,
    /// 执法人员
    Inspectors,
    /// 企业
    Enterprises,
    /// 节假日
    Holidays,
}

impl Registry {
    /// Every registry, in the order in which they have to be taken over.
    pub const ALL: [Self; 5] = [Self::Agencies, Self::Matters, Self::Inspectors, Self::Enterprises, Self::Holidays];

    /// The name in commands, addresses and the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agencies => "agencies",
            Self::Matters => "matters",
            Self::Inspectors => "inspectors",
            Self::Enterprises => "enterprises",
            Self::Holidays => "holidays",
        }
    }

    /// The registry of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|registry| registry.as_str() == name)
    }

    /// The columns of the registry and whether each is required, for a page or a message that says what a file needs.
    #[must_use]
    pub fn columns(self) -> Vec<(&'static str, bool)> {
        self.known().iter().map(|column| (column.name, column.required)).collect()
    }

    const fn known(self) -> &'static [Column] {
        match self {
            Self::Agencies => agencies::COLUMNS,
            Self::Matters => matters::COLUMNS,
            Self::Inspectors => inspectors::COLUMNS,
            Self::Enterprises => enterprises::COLUMNS,
            Self::Holidays => holidays::COLUMNS,
        }
    }
}

/// An import: which file, and how.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Which registry the file holds.
    pub registry: Registry,
    /// The file.
    pub bytes: &'a [u8],
    /// How big it may be.
    pub limits: Limits,
    /// Takes the good rows although others are rejected.
    pub skip_bad: bool,
    /// Writes nothing: a preview. A reading transaction is enough then.
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that are not stored yet.
    pub new: usize,
    /// Rows that say something else than what is stored.
    pub changed: usize,
    /// Rows that say what is stored.
    pub unchanged: usize,
    /// Rows that are not taken, by their number; a row with several faults is there several times.
    pub rejected: Vec<Rejection>,
    /// How many rows are not taken.
    pub rejected_rows: usize,
    /// Headers that mean nothing to this registry.
    pub ignored_columns: Vec<String>,
    /// The sheet that was read, where the file has others.
    pub sheet: Option<String>,
    /// Whether the changes were written.
    pub written: bool,
}

/// Takes over a file. Of a file that cannot be read at all the problem is returned; nothing was written then.
///
/// # Errors
/// When the store fails; the caller rolls back.
pub async fn import_registry(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    import: &Import<'_>,
) -> Result<std::result::Result<Summary, Problem>> {
    let read = read_table(import.bytes, import.limits)
        .and_then(|table| Columns::find(&table.rows, import.registry.known()).map(|columns| (table, columns)));
    let (table, columns) = match read {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    if table.rows.len() == columns.rows_above {
        return Ok(Err(Problem::new("no-rows")));
    }
    let plans = plans(tx, service, now, import.registry, &table, &columns).await?;
    let mut summary = plans.summary();
    summary.ignored_columns.clone_from(&columns.ignored);
    summary.sheet.clone_from(&table.sheet);
    let refused = import.dry_run || (!summary.rejected.is_empty() && !import.skip_bad);
    if !refused && summary.new + summary.changed > 0 {
        write(tx, service, now, actor, import, &plans, &summary).await?;
        summary.written = true;
    }
    Ok(Ok(summary))
}

/// The plan of one registry.
enum Plans {
    Agencies(Plan<Agency>),
    Matters(Plan<crate::domain::agency::Matter>),
    Inspectors(Plan<crate::domain::inspector::Inspector>),
    Enterprises(Plan<crate::storage::enterprises::EnterpriseRecord>),
    Holidays(Plan<crate::domain::holidays::Holiday>),
}

async fn plans(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    registry: Registry,
    table: &Table,
    columns: &Columns,
) -> Result<Plans> {
    let mut rejected = Vec::new();
    let body = &table.rows[columns.rows_above..];
    if registry == Registry::Enterprises {
        let rows = parsed(body, &mut rejected, |row| enterprises::parse(columns, row));
        let mut plan = enterprises::plan(tx, rows, &mut rejected, columns, service, now).await?;
        plan.rejected = rejected;
        return Ok(Plans::Enterprises(plan));
    }
    let stored = registries::load(tx, service.settings.zone).await?;
    let agencies: HashMap<&str, &Agency> = stored.agencies.values().map(|a| (a.name.as_str(), a)).collect();
    macro_rules! plan {
        ($variant:ident, $parse:expr, $plan:expr) => {{
            let rows = parsed(body, &mut rejected, $parse);
            let mut plan = $plan(rows, &mut rejected);
            plan.rejected = rejected;
            Ok(Plans::$variant(plan))
        }};
    }
    match registry {
        Registry::Agencies => plan!(Agencies, |row| agencies::parse(columns, row), |rows, rejected| {
            agencies::plan(rows, rejected, &stored.agencies, columns, service, now)
        }),
        Registry::Matters => plan!(Matters, |row| matters::parse(columns, row, &agencies), |rows, rejected| {
            matters::plan(rows, rejected, &stored, columns, service, now)
        }),
        Registry::Inspectors => {
            plan!(Inspectors, |row| inspectors::parse(columns, row, &agencies), |rows, rejected| {
                inspectors::plan(rows, rejected, &stored, columns, service, now)
            })
        }
        Registry::Holidays | Registry::Enterprises => {
            plan!(Holidays, |row| holidays::parse(columns, row), |rows, rejected| {
                holidays::plan(rows, rejected, &stored, columns)
            })
        }
    }
}

fn parsed<R>(
    rows: &[TableRow],
    rejected: &mut Vec<Rejection>,
    parse: impl Fn(&TableRow) -> std::result::Result<Parsed<R>, Vec<Rejection>>,
) -> Vec<Parsed<R>> {
    let mut good = Vec::with_capacity(rows.len());
    for row in rows {
        match parse(row) {
            Ok(row) => good.push(row),
            Err(wrong) => rejected.extend(wrong),
        }
    }
    good
}

impl Plans {
    fn summary(&self) -> Summary {
        fn of<T>(plan: &Plan<T>) -> Summary {
            let new = plan.changes.iter().filter(|change| change.before.is_none()).count();
            let mut rejected = plan.rejected.clone();
            rejected.sort_by_key(|rejection| rejection.row);
            let mut rows: Vec<u32> = rejected.iter().map(|rejection| rejection.row).collect();
            rows.dedup();
            Summary {
                new,
                changed: plan.changes.len() - new,
                unchanged: plan.unchanged,
                rejected,
                rejected_rows: rows.len(),
                ..Summary::default()
            }
        }
        match self {
            Self::Agencies(plan) => of(plan),
            Self::Matters(plan) => of(plan),
            Self::Inspectors(plan) => of(plan),
            Self::Enterprises(plan) => of(plan),
            Self::Holidays(plan) => of(plan),
        }
    }
}

async fn write(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    import: &Import<'_>,
    plans: &Plans,
    summary: &Summary,
) -> Result<()> {
    let id = service.ids.uuid(now);
    let mut writer = Writer { tx, service, now, actor, import: id };
    macro_rules! write_each {
        ($module:ident, $plan:expr) => {
            for change in &$plan.changes {
                $module::write(&mut writer, change).await?;
            }
        };
    }
    match plans {
        Plans::Agencies(plan) => write_each!(agencies, plan),
        Plans::Matters(plan) => write_each!(matters, plan),
        Plans::Inspectors(plan) => write_each!(inspectors, plan),
        Plans::Enterprises(plan) => {
            write_each!(enterprises, plan);
            if enterprise_index::unsettled(writer.tx).await? {
                enterprise_index::settle(writer.tx).await?;
            }
        }
        Plans::Holidays(plan) => {
            holidays::write_built_in(&mut writer).await?;
            write_each!(holidays, plan);
        }
    }
    if import.registry != Registry::Enterprises {
        registries::bump(tx).await?;
    }
    let digest = Sha256::digest(import.bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let detail = json!({
        "registry": import.registry,
        "sha256": digest,
        "bytes": import.bytes.len(),
        "new": summary.new,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "rejected": summary.rejected_rows,
    });
    audit::record(tx, service, now, actor, "registry.imported", ("import", id), detail).await
}
