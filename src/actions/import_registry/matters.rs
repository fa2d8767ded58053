//! Published matters (检查事项), keyed by agency and name.

use super::columns::{Column, Columns};
use super::inspectors::agency_id;
use super::plan::{Parsed, Plan, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::RowReader;
use super::stored::Stored;
use crate::actions::Service;
use crate::domain::agency::{Agency, Matter};
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::text::{NAME_MAX, PURPOSE_MAX};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// The columns of the registry.
pub const COLUMNS: &[Column] = &[
    Column {
        name: "单位名称",
        aliases: &["单位", "执法单位", "实施单位", "检查单位", "机构名称", "部门名称", "agency", "agencyname"],
        required: true,
        example: "【示例】青禾区应急管理局",
    },
    Column {
        name: "事项名称",
        aliases: &["事项", "检查事项", "检查事项名称", "名称", "matter", "name", "mattername"],
        required: true,
        example: "安全生产检查",
    },
    Column {
        name: "事项组",
        aliases: &["事项分组", "跨部门事项组", "分组", "group", "mattergroup"],
        required: false,
        example: "安全生产",
    },
    Column {
        name: "法定依据",
        aliases: &["依据", "检查依据", "法律依据", "legalbasis", "basis"],
        required: false,
        example: "《中华人民共和国安全生产法》第六十五条",
    },
    Column {
        name: "公布日期",
        aliases: &["公布时间", "发布日期", "起始日期", "生效日期", "publishedfrom", "from"],
        required: true,
        example: "2026-01-01",
    },
    Column {
        name: "停用日期",
        aliases: &["停用时间", "取消日期", "截止日期", "失效日期", "publishedto", "to"],
        required: false,
        example: "",
    },
];
const AGENCY: usize = 0;
const NAME: usize = 1;
const GROUP: usize = 2;
const BASIS: usize = 3;
const FROM: usize = 4;
const TO: usize = 5;

/// A row as it was read.
#[derive(Clone, Debug)]
#[expect(clippy::option_option, reason = "no such column, an empty cell and a value are three answers")]
pub struct Row {
    agency: AgencyId,
    name: String,
    group: Option<String>,
    legal_basis: Option<String>,
    from: NaiveDate,
    to: Option<Option<NaiveDate>>,
}

/// Reads a row; its agency must be stored.
pub fn parse(
    columns: &Columns,
    row: &TableRow,
    agencies: &HashMap<&str, &Agency>,
) -> std::result::Result<Parsed<Row>, Vec<Rejection>> {
    let mut cells = RowReader::new(columns, row);
    let agency = agency_id(&mut cells, AGENCY, agencies);
    let name = cells.line(NAME, NAME_MAX);
    let group = cells.optional_line(GROUP, NAME_MAX);
    let legal_basis = cells.optional_line(BASIS, PURPOSE_MAX);
    let from = cells.date(FROM);
    let to = cells.optional_date(TO);
    if let (Some(from), Some(Some(to))) = (from, to)
        && to < from
    {
        cells.reject(TO, Problem::new("date-order"));
    }
    let number = cells.number();
    let value = agency
        .zip(name)
        .zip(from)
        .map(|((agency, name), from)| Parsed { number, value: Row { agency, name, group, legal_basis, from, to } });
    cells.finish(value)
}

/// Compares rows with what is stored.
pub fn plan(
    rows: Vec<Parsed<Row>>,
    rejected: &mut Vec<Rejection>,
    stored: &Stored,
    columns: &Columns,
    service: &Service,
    now: DateTime<Utc>,
) -> Plan<Matter> {
    let key = |row: &Row| (row.agency, row.name.clone());
    let rows = without_duplicates(rows, rejected, columns.header(NAME), key, |r| &r.name);
    let mut by_key: HashMap<(AgencyId, &str), Vec<&Matter>> = HashMap::new();
    for matter in stored.registries.matters.values() {
        by_key.entry((matter.agency, &matter.name)).or_default().push(matter);
    }
    let mut plan = Plan::default();
    for Parsed { value: row, number } in rows {
        // A matter may have been withdrawn and published again: the entry from the same day, else the latest.
        let known = by_key.get(&(row.agency, row.name.as_str())).map_or(&[][..], Vec::as_slice);
        let same = known.iter().find(|matter| matter.published_from == row.from);
        let before = same.or_else(|| known.iter().max_by_key(|matter| matter.published_from)).map(|m| (*m).clone());
        let active = before.as_ref().is_none_or(|m| stored.is_active(m.id.0));
        let kept = |new: Option<String>, old: fn(&Matter) -> &String| {
            new.unwrap_or_else(|| before.as_ref().map(|m| old(m).clone()).unwrap_or_default())
        };
        let after = Matter {
            id: before.as_ref().map_or_else(|| MatterId(service.ids.uuid(now)), |m| m.id),
            agency: row.agency,
            group: kept(row.group, |m| &m.group),
            legal_basis: kept(row.legal_basis, |m| &m.legal_basis),
            name: row.name,
            published_from: row.from,
            published_to: row.to.unwrap_or_else(|| before.as_ref().filter(|_| active).and_then(|m| m.published_to)),
        };
        plan.add(number, before.map(|matter| (matter, active)), after);
    }
    plan
}
