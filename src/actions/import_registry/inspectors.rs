//! Inspectors (执法人员), keyed by certificate number.

use super::apply::Writer;
use super::columns::{Column, Columns};
use super::plan::{Change, Parsed, Plan, nearest, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::RowReader;
use crate::actions::{Result, Service};
use crate::domain::agency::Agency;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, InspectorId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::text::NAME_MAX;
use crate::storage::{registries, registry_updates};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The columns of the registry.
pub const COLUMNS: &[Column] = &[
    Column { name: "姓名", aliases: &["人员姓名", "执法人员", "执法人员姓名", "name"], required: true },
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
    },
    Column {
        name: "单位名称",
        aliases: &["单位", "执法单位", "所在单位", "所属单位", "工作单位", "agency", "agencyname"],
        required: true,
    },
    Column {
        name: "有效期起",
        aliases: &["有效期开始", "发证日期", "有效期自", "有效起始日期", "validfrom", "from"],
        required: true,
    },
    Column {
        name: "有效期止",
        aliases: &["有效期截止", "有效期至", "有效期限", "有效期", "到期日期", "validto", "to"],
        required: false,
    },
    Column { name: "暂扣", aliases: &["是否暂扣", "状态", "证件状态", "suspended"], required: false },
    Column { name: "辅助人员", aliases: &["是否辅助人员", "辅助", "assistant"], required: false },
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
    let cert_no = cells.number_code(CERT);
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
    stored: &Registries,
    columns: &Columns,
    service: &Service,
    now: DateTime<Utc>,
) -> Plan<Inspector> {
    let rows = without_duplicates(rows, rejected, columns.header(CERT), |r| r.cert_no.clone(), |r| &r.cert_no);
    let mut plan = Plan::default();
    for Parsed { value: row, .. } in rows {
        let before = stored.inspectors.get(&row.cert_no);
        let after = Inspector {
            id: before.map_or_else(|| InspectorId(service.ids.uuid(now)), |i| i.id),
            cert_no: row.cert_no,
            name: row.name,
            agency: row.agency,
            valid_from: row.from,
            valid_to: row.to.unwrap_or_else(|| before.and_then(|i| i.valid_to)),
            suspended: row.suspended.unwrap_or_else(|| before.is_some_and(|i| i.suspended)),
            kind: match row.assistant {
                Some(true) => InspectorKind::Assistant,
                Some(false) => InspectorKind::Officer,
                None => before.map_or(InspectorKind::Officer, |i| i.kind),
            },
        };
        plan.add(before.cloned(), after);
    }
    plan
}

/// Writes a change.
pub async fn write(writer: &mut Writer<'_>, change: &Change<Inspector>) -> Result<()> {
    let inspector = &change.after;
    if change.before.is_none() {
        return Ok(registries::insert_inspector(writer.tx, inspector, writer.now).await?);
    }
    registry_updates::update_inspector(writer.tx, inspector).await?;
    writer.record_change("inspector", inspector.id.0, change.before.as_ref().map(facts), facts(inspector)).await
}

fn facts(i: &Inspector) -> Value {
    json!({
        "name": i.name,
        "agency": i.agency,
        "valid_from": i.valid_from,
        "valid_to": i.valid_to,
        "suspended": i.suspended,
        "kind": i.kind,
    })
}
