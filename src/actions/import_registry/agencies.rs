//! Agencies (单位), keyed by their full name. A parent may stand further down in the file.

use super::columns::{Column, Columns};
use super::plan::{Change, Parsed, Plan, nearest, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::{RowReader, rejection};
use super::stored::Stored;
use crate::actions::Service;
use crate::domain::agency::Agency;
use crate::domain::id::AgencyId;
use crate::domain::text::NAME_MAX;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// The columns of the registry.
pub const COLUMNS: &[Column] = &[
    Column {
        name: "单位名称",
        aliases: &[
            "单位全称",
            "单位",
            "机构名称",
            "部门名称",
            "执法单位",
            "名称",
            "全称",
            "name",
            "agency",
            "agencyname",
        ],
        required: true,
        example: "【示例】青禾区应急管理局",
    },
    Column { name: "简称", aliases: &["单位简称", "shortname", "short"], required: false, example: "应急" },
    Column {
        name: "上级单位",
        aliases: &["上级", "主管单位", "主管部门", "上级主管单位", "parent"],
        required: false,
        example: "",
    },
    Column {
        name: "联系邮箱",
        aliases: &["邮箱", "电子邮箱", "单位邮箱", "电子邮件", "email", "emails", "mail", "e-mail"],
        required: false,
        example: "yjj@qinghe.example",
    },
    Column {
        name: "管辖镇街",
        aliases: &["管辖范围", "执法区域", "管辖区域", "areas", "towns"],
        required: false,
        example: "青禾街道、北塘镇",
    },
];
const NAME: usize = 0;
const SHORT: usize = 1;
const PARENT: usize = 2;
const EMAILS: usize = 3;
const AREAS: usize = 4;

/// A row as it was read.
#[derive(Clone, Debug)]
pub struct Row {
    name: String,
    short_name: Option<String>,
    parent: Option<String>,
    emails: Option<Vec<String>>,
    areas: Option<Vec<String>>,
}

/// Reads a row.
pub fn parse(columns: &Columns, row: &TableRow) -> std::result::Result<Parsed<Row>, Vec<Rejection>> {
    let mut cells = RowReader::new(columns, row);
    let name = cells.line(NAME, NAME_MAX);
    let short_name = cells.optional_line(SHORT, NAME_MAX);
    let parent = cells.optional_line(PARENT, NAME_MAX);
    let emails = cells.emails(EMAILS);
    let areas = cells.list(AREAS, NAME_MAX);
    if name.is_some() && name == parent {
        cells.reject(PARENT, Problem::new("own-parent"));
    }
    let number = cells.number();
    cells.finish(name.map(|name| Parsed { number, value: Row { name, short_name, parent, emails, areas } }))
}

/// Compares rows with what is stored.
pub fn plan(
    rows: Vec<Parsed<Row>>,
    rejected: &mut Vec<Rejection>,
    stored: &Stored,
    columns: &Columns,
    service: &Service,
    now: DateTime<Utc>,
) -> Plan<Agency> {
    let rows = without_duplicates(rows, rejected, columns.header(NAME), |r| r.name.clone(), |r| &r.name);
    let agencies = &stored.registries.agencies;
    let by_name: HashMap<&str, &Agency> = agencies.values().map(|a| (a.name.as_str(), a)).collect();
    let rows = with_known_parents(rows, rejected, &by_name, columns.header(PARENT));
    let ids: HashMap<String, AgencyId> = rows
        .iter()
        .map(|row| {
            let known = by_name.get(row.value.name.as_str()).map(|agency| agency.id);
            (row.value.name.clone(), known.unwrap_or_else(|| AgencyId(service.ids.uuid(now))))
        })
        .collect();
    let id_of = |name: &str| ids.get(name).copied().or_else(|| by_name.get(name).map(|agency| agency.id));
    let mut plan = Plan::default();
    let mut parents: HashMap<AgencyId, AgencyId> =
        agencies.values().filter_map(|agency| Some((agency.id, agency.parent?))).collect();
    let mut numbers = HashMap::new();
    for row in rows {
        let Some(id) = id_of(&row.value.name) else { continue };
        let before = agencies.get(&id);
        let parent = match &row.value.parent {
            Some(name) => id_of(name),
            None => before.and_then(|agency| agency.parent),
        };
        match parent {
            Some(parent) => parents.insert(id, parent),
            None => parents.remove(&id),
        };
        numbers.insert(id, row.number);
        let Row { name, short_name, emails, areas, .. } = row.value;
        let after = Agency {
            id,
            name,
            short_name: short_name.unwrap_or_else(|| before.map(|a| a.short_name.clone()).unwrap_or_default()),
            parent,
            emails: emails.unwrap_or_else(|| before.map(|a| a.emails.clone()).unwrap_or_default()),
            areas: areas.unwrap_or_else(|| before.map(|a| a.areas.clone()).unwrap_or_default()),
        };
        plan.add(row.number, before.cloned().map(|agency| (agency, stored.is_active(id.0))), after);
    }
    without_cycles(&mut plan, rejected, &parents, &numbers, columns.header(PARENT));
    parents_first(&mut plan.changes);
    plan
}

/// Takes out rows whose parent is neither stored nor in the file; with each, those below it.
fn with_known_parents(
    mut rows: Vec<Parsed<Row>>,
    rejected: &mut Vec<Rejection>,
    by_name: &HashMap<&str, &Agency>,
    column: &str,
) -> Vec<Parsed<Row>> {
    loop {
        let names: HashSet<String> = rows.iter().map(|row| row.value.name.clone()).collect();
        let known = |name: &str| name.is_empty() || names.contains(name) || by_name.contains_key(name);
        let before = rows.len();
        let mut kept = Vec::with_capacity(before);
        for row in rows {
            let parent = row.value.parent.as_deref().unwrap_or_default();
            if known(parent) {
                kept.push(row);
                continue;
            }
            let problem = Problem::new("unknown-parent").with("name", parent);
            let all = names.iter().map(String::as_str).chain(by_name.keys().copied()).filter(|n| *n != row.value.name);
            let problem = match nearest(parent, all) {
                Some(near) => problem.hint_with("meant", "value", near),
                None => problem.hint("parent-in-file"),
            };
            rejected.push(rejection(row.number, column, parent, problem));
        }
        rows = kept;
        if rows.len() == before {
            return rows;
        }
    }
}

/// Takes out agencies that would be above themselves.
fn without_cycles(
    plan: &mut Plan<Agency>,
    rejected: &mut Vec<Rejection>,
    parents: &HashMap<AgencyId, AgencyId>,
    numbers: &HashMap<AgencyId, u32>,
    column: &str,
) {
    let in_cycle = |agency: &Agency| {
        let (mut at, mut steps) = (agency.id, 0);
        while let Some(above) = parents.get(&at) {
            (at, steps) = (*above, steps + 1);
            if at == agency.id || steps > parents.len() {
                return true;
            }
        }
        false
    };
    plan.changes.retain(|change| {
        let wrong = in_cycle(&change.after);
        if wrong {
            let row = numbers.get(&change.after.id).copied().unwrap_or_default();
            rejected.push(rejection(row, column, &change.after.name, Problem::new("parent-cycle")));
        }
        !wrong
    });
}

/// Orders new agencies so that each comes after its parent.
fn parents_first(changes: &mut Vec<Change<Agency>>) {
    let mut waiting: Vec<Change<Agency>> = std::mem::take(changes);
    while !waiting.is_empty() {
        let new: HashSet<AgencyId> = waiting.iter().filter(|c| c.before.is_none()).map(|c| c.after.id).collect();
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|c| c.after.parent.is_none_or(|parent| !new.contains(&parent)));
        if ready.is_empty() {
            // Not reached: cycles were taken out.
            changes.extend(rest);
            return;
        }
        changes.extend(ready);
        waiting = rest;
    }
}
