//! The table of public holidays and make-up working days, keyed by date.
//!
//! An empty table means the one that comes with the program; the first change enters that one with it, so that a file with next
//! year's days alone takes nothing away.

use super::columns::{Column, Columns};
use super::plan::{Parsed, Plan, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::RowReader;
use super::stored::Stored;
use crate::domain::holidays::{Holiday, HolidayKind};
use crate::domain::text::NAME_MAX;

/// The columns of the registry.
pub const COLUMNS: &[Column] = &[
    Column { name: "日期", aliases: &["date", "day"], required: true, example: "2027-01-01" },
    Column { name: "类型", aliases: &["性质", "类别", "kind", "type"], required: true, example: "off" },
    Column {
        name: "名称",
        aliases: &["节日", "节日名称", "节假日", "说明", "name"],
        required: false,
        example: "【示例】元旦",
    },
];
const DATE: usize = 0;
const KIND: usize = 1;
const NAME: usize = 2;

/// Reads a row.
pub fn parse(columns: &Columns, row: &TableRow) -> std::result::Result<Parsed<Holiday>, Vec<Rejection>> {
    let mut cells = RowReader::new(columns, row);
    let date = cells.date(DATE);
    let kind = cells.word(KIND, kind, Problem::new("holiday-kind"));
    let name = cells.optional_line(NAME, NAME_MAX);
    let number = cells.number();
    let value = date.zip(kind);
    cells.finish(
        value.map(|(date, kind)| Parsed { number, value: Holiday { date, kind, name: name.unwrap_or_default() } }),
    )
}

fn kind(text: &str) -> Option<HolidayKind> {
    match text {
        "休" | "休息" | "放假" | "节假日" => Some(HolidayKind::Off),
        "班" | "上班" | "调休上班" | "补班" | "工作日" => Some(HolidayKind::Work),
        other => HolidayKind::parse(&other.to_lowercase()),
    }
}

/// Compares rows with the table in force.
pub fn plan(
    rows: Vec<Parsed<Holiday>>,
    rejected: &mut Vec<Rejection>,
    stored: &Stored,
    columns: &Columns,
) -> Plan<Holiday> {
    let rows = without_duplicates(rows, rejected, columns.header(DATE), |h| h.date, |h| &h.name);
    let mut plan = Plan::default();
    for Parsed { value: after, number } in rows {
        let before = stored.registries.holidays.kind_of(after.date);
        let before = before.map(|(kind, name)| Holiday { date: after.date, kind, name: name.to_owned() });
        plan.add(number, before.map(|holiday| (holiday, true)), after);
    }
    plan
}
