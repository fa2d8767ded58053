//! Inspectors (执法人员), keyed by certificate number.

use super::columns::{Column, Columns};
use super::plan::{Parsed, Plan, nearest, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::RowReader;
use super::stored::Stored;
use crate::actions::Service;
use crate::domain::agency::Agency;
use crate::domain::id::{AgencyId, InspectorId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::text::NAME_MAX;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// The columns of the registry.
pub const COLUMNS: &[Column] = &[
    Column {
        name: "姓名",
        aliases: &["人员姓名", "执法人员", "执法人员姓名", "name"],
        required: true,
        example: "【示例】张三",
    },
    Column {
        name: "执法证号",
        aliases: &[
            "证号",
            "执法证件号",
            "证件号",
            "证件编号",
            "执法证编号",
            "执法证号码",
            "certno",
            "certificate",
            "certificateno",
            "cert",
        ],
        required: true,
        example: "500101000001",
    },
    Column {
        name: "单位名称",
        aliases: &["单位", "执法单位", "所在单位", "所属单位", "工作单位", "agency", "agencyname"],
        required: true,
        example: "青禾区应急管理局",
    },
    Column {
        name: "有效期起",
        aliases: &["有效期开始", "发证日期", "有效期自", "有效起始日期", "validfrom", "from"],
        required: true,
        example: "2026-01-01",
    },
    Column {
        name: "有效期止",
        aliases: &["有效期截止", "有效期至", "有效期限", "有效期", "到期日期", "validto", "to"],
        required: false,
        example: "2030-12-31",
    },
    Column {
        name: "暂扣", aliases: &["是否暂扣", "状态", "证件状态", "suspended"], required: false, example: "否"
    },
    Column {
        name: "辅助人员", aliases: &["是否辅助人员", "辅助", "assistant"], required: false, example: "否"
    },
];
const NAME: usize = 0;
const CERT: usize = 1;
const AGENCY: usize = 2;
const FROM: usize = 3;
const TO: usize = 4;
const SUSPENDED: usize = 5;
const ASSISTANT: usize = 6;

/// A row as it was read.
#[derive(Clone, Debug)]
#[expect(clippy::option_option, reason = "no such column, an empty cell and a value are three answers")]
pub struct Row {
    name: String,
    cert_no: String,
    agency: AgencyId,
    from: NaiveDate,
    to: Option<Option<NaiveDate>>,
    suspended: Option<bool>,
    assistant: Option<bool>,
}

/// The agency that a cell names by its full name.
pub fn agency_id(cells: &mut RowReader<'_>, column: usize, agencies: &HashMap<&str, &Agency>) -> Option<AgencyId> {
    let name = cells.line(column, NAME_MAX)?;
    if let Some(agency) = agencies.get(name.as_str()) {
        return Some(agency.id);
    }
    let problem = Problem::new("unknown-agency").with("name", &name);
    let by_short =
        agencies.values().filter(|agency| agency.short_name == name).map(|agency| agency.name.as_str()).next();
    let problem = match by_short.or_else(|| nearest(&name, agencies.keys().copied())) {
        Some(near) => problem.hint_with("meant", "value", near),
        None => problem.hint("agencies-first"),
    };
    cells.reject(column, problem);
    None
}

/// Reads a row; its agency must be stored.
pub fn parse(
    columns: &Columns,
    row: &TableRow,
    agencies: &HashMap<&str, &Agency>,
) -> std::result::Result<Parsed<Row>, Vec<Rejection>> {
    let mut cells = RowReader::new(columns, row);
    let name = cells.line(NAME, NAME_MAX);
    let cert_no = cells.certificate(CERT);
    let agency = agency_id(&mut cells, AGENCY, agencies);
    let from = cells.date(FROM);
    let to = cells.optional_date(TO);
    let suspended = cells.yes_no(SUSPENDED);
    let assistant = cells.yes_no(ASSISTANT);
    if let (Some(from), Some(Some(to))) = (from, to)
        && to < from
    {
        cells.reject(TO, Problem::new("date-order"));
    }
    let number = cells.number();
    let value = name.zip(cert_no).zip(agency.zip(from)).map(|((name, cert_no), (agency, from))| Parsed {
        number,
        value: Row { name, cert_no, agency, from, to, suspended, assistant },
    });
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
) -> Plan<Inspector> {
    let rows = without_duplicates(rows, rejected, columns.header(CERT), |r| r.cert_no.clone(), |r| &r.cert_no);
    let mut plan = Plan::default();
    for Parsed { value: row, number } in rows {
        let before = stored.registries.inspectors.get(&row.cert_no);
        let active = before.is_none_or(|i| stored.is_active(i.id.0));
        let after = Inspector {
            id: before.map_or_else(|| InspectorId(service.ids.uuid(now)), |i| i.id),
            cert_no: row.cert_no,
            name: row.name,
            agency: row.agency,
            valid_from: row.from,
            valid_to: row.to.unwrap_or_else(|| before.and_then(|i| i.valid_to)),
            suspended: row.suspended.unwrap_or_else(|| active && before.is_some_and(|i| i.suspended)),
            kind: match row.assistant {
                Some(true) => InspectorKind::Assistant,
                Some(false) => InspectorKind::Officer,
                None => before.map_or(InspectorKind::Officer, |i| i.kind),
            },
        };
        plan.add(number, before.cloned().map(|inspector| (inspector, active)), after);
    }
    plan
}
