//! A file read and compared with what is stored, whichever registry it holds.

use super::apply::Change;
use super::basis::Basis;
use super::choices::{Choices, Format};
use super::columns::Columns;
use super::plan::{Parsed, Plan, Same};
use super::problem::{Problem, Rejection};
use super::read_table::{Limits, Table, TableRow, read_table};
use super::record::{Entry, Listed, Record};
use super::stored::Stored;
use super::{Registry, absent, agencies, enterprises, holidays, inspectors, matters};
use crate::actions::{Progress, Result, Service};
use crate::domain::agency::Agency;
use crate::storage::Tx;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// How many rows of a file a page shows before it is confirmed how it is read.
const SAMPLE: usize = 3;
/// After so many rows other work of the server has its turn.
const BREATH: usize = 500;

/// A file that was read.
#[derive(Debug)]
pub struct Reading {
    /// Its rows.
    pub table: Table,
    /// Where the registry's columns stand in them.
    pub columns: Columns,
}

/// Reads a file; takes some time for a large one.
///
/// # Errors
/// What the file is instead of a table that can be read. A table without required columns is read: which one is meant can be chosen.
pub fn read(
    registry: Registry,
    bytes: &[u8],
    limits: Limits,
    choices: &Choices,
) -> std::result::Result<Reading, Problem> {
    let fits = |rows: &[TableRow]| Columns::find(rows, registry.known(), None).is_header();
    let table = read_table(bytes, limits, choices, &fits)?;
    let columns = Columns::find(&table.rows, registry.known(), choices.columns.as_deref());
    if table.rows.len() == columns.rows_above && columns.check().is_ok() {
        return Err(Problem::new("no-rows"));
    }
    Ok(Reading { table, columns })
}

impl Reading {
    /// Whether the rows can be read by the columns found or chosen.
    ///
    /// # Errors
    /// Required columns that are missing, or one that is there twice.
    pub fn check(&self) -> std::result::Result<(), Problem> {
        self.columns.check()
    }

    /// The rows below the header.
    #[must_use]
    pub fn body(&self) -> &[TableRow] {
        self.table.rows.get(self.columns.rows_above..).unwrap_or_default()
    }

    /// How it was read.
    #[must_use]
    pub fn format(&self) -> Format {
        let sample = self.body().iter().take(SAMPLE).map(|row| row.cells().map(str::to_owned).collect()).collect();
        Format {
            kind: Some(self.table.kind),
            encoding: self.table.encoding,
            separator: self.table.separator,
            sheets: self.table.sheets.clone(),
            sheet: self.table.sheet.clone(),
            header_row: self.columns.header_row,
            headers: self.columns.headers.clone(),
            sample,
            columns: self.columns.places(),
            rows: self.body().len(),
        }
    }
}

/// What an import would do.
#[derive(Debug)]
pub struct Planned {
    /// New and changed objects, in the order in which they have to be written.
    pub changes: Vec<Change>,
    /// Rows that say what is stored already.
    pub unchanged: Vec<Same>,
    /// Rows that are not taken, by their number; a row with several faults is there several times.
    pub rejected: Vec<Rejection>,
    /// Active objects that the file does not have; none while rows are rejected.
    pub absent: Vec<Same>,
    /// The registries that rules look up, for the names of agencies; `None` for enterprises and holidays.
    pub stored: Option<Stored>,
    pub(super) basis: Basis,
}

impl Planned {
    /// How many objects are new.
    #[must_use]
    pub fn new_rows(&self) -> usize {
        self.changes.iter().filter(|change| change.before.is_none()).count()
    }

    /// What the objects of the file are known by, except those of rejected rows.
    #[must_use]
    pub fn keys(&self) -> HashSet<String> {
        let changed = self.changes.iter().map(|change| change.after.record.key());
        changed.chain(self.unchanged.iter().map(|same| same.key.clone())).collect()
    }

    fn of<T: Into<Record>>(plan: Plan<T>, mut rejected: Vec<Rejection>, stored: Option<Stored>, basis: Basis) -> Self {
        rejected.sort_by_key(|rejection| rejection.row);
        let changes = plan
            .changes
            .into_iter()
            .map(|change| Change {
                row: change.row,
                before: change.before.map(|(record, active)| Entry { record: record.into(), active }),
                after: Entry::active(change.after),
            })
            .collect();
        Self { changes, unchanged: plan.unchanged, rejected, absent: Vec::new(), stored, basis }
    }
}

/// Compares a file with what is stored.
///
/// # Errors
/// When the store fails, or the work shall stop.
pub async fn plan(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    registry: Registry,
    reading: &Reading,
    progress: &Progress,
) -> Result<Planned> {
    let (columns, body) = (&reading.columns, reading.body());
    let mut rejected = Vec::new();
    let mut planned = if registry == Registry::Enterprises {
        let rows = parsed(body, &mut rejected, progress, |row| enterprises::parse(columns, row)).await;
        let plan = enterprises::plan(tx, rows, &mut rejected, columns, service, now).await?;
        Planned::of(plan, rejected, None, Basis::Enterprises)
    } else {
        let basis = Basis::registries(tx).await?;
        let stored = Stored::load(tx, service.settings.zone).await?;
        let names: HashMap<&str, &Agency> =
            stored.registries.agencies.values().map(|agency| (agency.name.as_str(), agency)).collect();
        match registry {
            Registry::Agencies => {
                let rows = parsed(body, &mut rejected, progress, |row| agencies::parse(columns, row)).await;
                let plan = agencies::plan(rows, &mut rejected, &stored, columns, service, now);
                Planned::of(plan, rejected, Some(stored), basis)
            }
            Registry::Matters => {
                let rows = parsed(body, &mut rejected, progress, |row| matters::parse(columns, row, &names)).await;
                let plan = matters::plan(rows, &mut rejected, &stored, columns, service, now);
                Planned::of(plan, rejected, Some(stored), basis)
            }
            Registry::Inspectors => {
                let rows = parsed(body, &mut rejected, progress, |row| inspectors::parse(columns, row, &names)).await;
                let plan = inspectors::plan(rows, &mut rejected, &stored, columns, service, now);
                Planned::of(plan, rejected, Some(stored), basis)
            }
            Registry::Holidays | Registry::Enterprises => {
                let rows = parsed(body, &mut rejected, progress, |row| holidays::parse(columns, row)).await;
                let plan = holidays::plan(rows, &mut rejected, &stored, columns);
                Planned::of(plan, rejected, Some(stored), basis)
            }
        }
    };
    planned.absent = absent::list(tx, registry, &planned, service.settings.zone.local_date(now)).await?;
    Ok(planned)
}

async fn parsed<R>(
    rows: &[TableRow],
    rejected: &mut Vec<Rejection>,
    progress: &Progress,
    parse: impl Fn(&TableRow) -> std::result::Result<Parsed<R>, Vec<Rejection>>,
) -> Vec<Parsed<R>> {
    let mut good = Vec::with_capacity(rows.len());
    for (done, some) in rows.chunks(BREATH).enumerate() {
        for row in some {
            match parse(row) {
                Ok(row) => good.push(row),
                Err(wrong) => rejected.extend(wrong),
            }
        }
        progress.step(done * BREATH, rows.len());
        tokio::task::yield_now().await;
    }
    good
}
