//! The preview of an import: its lists page by page, how many rows are of which kind, and a digest of it all. What is confirmed is what
//! was shown: when the plan that is about to be written has another digest, it is shown again instead.

use super::apply::Change;
use super::plan::{Same, differences};
use super::planned::{Planned, Reading};
use super::problem::Fault;
use super::record::Listed as _;
use super::stored::Stored;
use super::{Registry, hexadecimal};
use crate::actions::{Progress, Result};
use crate::domain::import::{Counts, LineKind};
use crate::storage::{Tx, imports};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Lines of a page of a list.
pub const PAGE_LINES: usize = 50;

/// A field of an object: as it was, if it changes, and as it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name: the key of its words is `import-field-NAME`.
    pub name: String,
    /// As it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// As it will be.
    pub new: Value,
}

/// A line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// The row of the file; 0 for what is not in it.
    pub row: u32,
    /// The object's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is known by, where that means something to a person.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// What is new, or changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// The cells of a rejected row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// Where the pages go, and the digest that grows with each line.
struct Layout<'a> {
    digest: Sha256,
    pages: Option<(&'a mut Tx, Uuid)>,
    lines: Vec<Line>,
    kind: LineKind,
    page: i64,
}

impl Layout<'_> {
    async fn begin(&mut self, kind: LineKind) -> Result<()> {
        self.end_page().await?;
        (self.kind, self.page) = (kind, 0);
        self.digest.update(kind.as_str());
        Ok(())
    }

    async fn add(&mut self, line: Line) -> Result<()> {
        self.digest.update(serde_json::to_vec(&line).unwrap_or_default());
        self.keep(line).await
    }

    async fn keep(&mut self, line: Line) -> Result<()> {
        if self.pages.is_some() {
            self.lines.push(line);
            if self.lines.len() == PAGE_LINES {
                self.end_page().await?;
            }
        }
        Ok(())
    }

    async fn end_page(&mut self) -> Result<()> {
        if let Some((tx, import)) = &mut self.pages
            && !self.lines.is_empty()
        {
            imports::put_page(tx, *import, self.kind, self.page, json!(self.lines)).await?;
            self.lines.clear();
            self.page += 1;
        }
        Ok(())
    }
}

/// Counts the rows, and stores the lists of an import if it is given.
///
/// # Errors
/// When the store fails.
pub async fn lay_out(
    planned: &Planned,
    reading: &Reading,
    sha256: &str,
    pages: Option<(&mut Tx, Uuid)>,
    progress: &Progress,
) -> Result<(Counts, String)> {
    let mut layout = Layout { digest: Sha256::new(), pages, lines: Vec::new(), kind: LineKind::New, page: 0 };
    layout.digest.update(sha256);
    let stored = planned.stored.as_ref();
    let total = planned.changes.len();
    for kind in [LineKind::New, LineKind::Changed] {
        layout.begin(kind).await?;
        let these = planned.changes.iter().filter(|change| change.before.is_none() == (kind == LineKind::New));
        for (done, change) in these.enumerate() {
            layout.add(line(change, stored)).await?;
            if done.is_multiple_of(PAGE_LINES) {
                progress.step(done, total);
                tokio::task::yield_now().await;
            }
        }
    }
    layout.begin(LineKind::Unchanged).await?;
    for same in &planned.unchanged {
        layout.add(staying(same)).await?;
    }
    layout.begin(LineKind::Rejected).await?;
    let mut rows = reading.body().iter();
    let mut rejected = 0;
    for faults in planned.rejected.chunk_by(|a, b| a.row == b.row) {
        let number = faults[0].row;
        let cells = rows.find(|row| row.number == number);
        let cells = cells.map(|row| row.cells().map(str::to_owned).collect()).unwrap_or_default();
        let faults = faults.iter().map(Fault::from).collect();
        layout.add(Line { row: number, cells, faults, ..Line::default() }).await?;
        rejected += 1;
    }
    layout.begin(LineKind::Absent).await?;
    for same in &planned.absent {
        // Which ones they are is confirmed; what they are called may change in between.
        layout.digest.update(format!("{}\n", same.key));
        layout.keep(staying(same)).await?;
    }
    layout.end_page().await?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let counts = Counts {
        new: count(planned.new_rows()),
        changed: count(total - planned.new_rows()),
        unchanged: count(planned.unchanged.len()),
        rejected,
        absent: count(planned.absent.len()),
        ..Counts::default()
    };
    Ok((counts, hexadecimal(&layout.digest.finalize())))
}

/// An object that stays as it is, as its list shows it.
fn staying(same: &Same) -> Line {
    let key = if Uuid::try_parse(&same.key).is_ok() { String::new() } else { same.key.clone() };
    Line { row: same.row, name: same.name.clone(), key, ..Line::default() }
}

/// A new or changed object as its list shows it.
fn line(change: &Change, stored: Option<&Stored>) -> Line {
    let record = &change.after.record;
    let key = match record {
        super::Record::Agency(_) | super::Record::Matter(_) => String::new(),
        other => other.key(),
    };
    let fields = match &change.before {
        None => change
            .after
            .shown(stored)
            .into_iter()
            .filter(|(name, value)| !matches!(name.as_str(), "name" | "active") && !is_empty(value))
            .map(|(name, new)| Field { name, old: None, new })
            .collect(),
        Some(before) => {
            let was = before.shown(stored);
            let changed = differences(&before.facts(), &change.after.facts());
            let is_changed = |name: &String| changed.get(name).is_some();
            let pairs = was.into_iter().zip(change.after.shown(stored));
            pairs
                .filter(|((name, _), _)| is_changed(name))
                .map(|((name, old), (_, new))| Field { name, old: Some(old), new })
                .collect()
        }
    };
    Line { row: change.row, name: record.name().to_owned(), key, fields, ..Line::default() }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    }
}

impl Registry {
    /// Whether active objects that a file does not have may be deactivated.
    #[must_use]
    pub const fn deactivates_absent(self) -> bool {
        super::absent::offered(self)
    }
}
