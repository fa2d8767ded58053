//! Enterprises (企业), keyed by unified social credit code.

use super::columns::{Column, Columns};
use super::plan::{Parsed, Plan, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::{RowReader, rejection};
use crate::actions::{Result, Service};
use crate::domain::enterprise::{CreditClass, tags};
use crate::domain::id::EnterpriseId;
use crate::domain::text::{Email, NAME_MAX, half_width};
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, batches};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// The columns of the registry.
pub const COLUMNS: &[Column] = &[
    Column {
        name: "企业名称",
        aliases: &[
            "单位名称",
            "企业全称",
            "企业",
            "公司名称",
            "市场主体名称",
            "经营主体名称",
            "名称",
            "全称",
            "name",
            "enterprise",
            "enterprisename",
        ],
        required: true,
        example: "【示例】青禾某某商贸有限公司",
    },
    Column {
        name: "统一社会信用代码",
        aliases: &[
            "信用代码",
            "社会信用代码",
            "统一信用代码",
            "统一代码",
            "统一社会信用代码/注册号",
            "uscc",
            "creditcode",
            "code",
        ],
        required: true,
        example: "91500107MAYPBPC761",
    },
    Column {
        name: "镇街",
        aliases: &["街道", "乡镇", "所属镇街", "镇街道", "街镇", "乡镇街道", "town", "subdistrict"],
        required: false,
        example: "青禾街道",
    },
    Column {
        name: "地址",
        aliases: &["住所", "注册地址", "经营地址", "企业地址", "经营场所", "生产经营地址", "详细地址", "address"],
        required: false,
        example: "青禾区某某路1号",
    },
    Column {
        name: "行业代码",
        aliases: &["行业", "行业类别", "国民经济行业代码", "industry", "industrycode"],
        required: false,
        example: "F51",
    },
    Column {
        name: "信用等级",
        aliases: &["信用级别", "信用分类", "信用评级", "信用风险等级", "creditclass", "credit"],
        required: false,
        example: "A",
    },
    Column {
        name: "重点企业类别",
        aliases: &["重点类别", "标签", "企业类别", "重点企业", "tags", "tag"],
        required: false,
        example: "规上工业、专精特新",
    },
    Column {
        name: "联系邮箱",
        aliases: &["邮箱", "电子邮箱", "电子邮件", "企业邮箱", "email", "mail", "e-mail"],
        required: false,
        example: "lianxi@qiye.example",
    },
];
const NAME: usize = 0;
const USCC: usize = 1;
const TOWN: usize = 2;
const ADDRESS: usize = 3;
const INDUSTRY: usize = 4;
const CREDIT: usize = 5;
const TAGS: usize = 6;
const EMAIL: usize = 7;

/// How many enterprises are looked up at once.
const LOOKED_UP: usize = 1000;
/// The most characters of an address.
const ADDRESS_MAX: usize = 200;

/// A row as it was read.
#[derive(Clone, Debug)]
#[expect(clippy::option_option, reason = "no such column, an empty cell and a value are three answers")]
pub struct Row {
    name: String,
    uscc: String,
    town: Option<String>,
    address: Option<String>,
    industry: Option<String>,
    credit_class: Option<Option<CreditClass>>,
    tags: Option<Vec<String>>,
    email: Option<String>,
}

/// Reads a row.
pub fn parse(columns: &Columns, row: &TableRow) -> std::result::Result<Parsed<Row>, Vec<Rejection>> {
    let mut cells = RowReader::new(columns, row);
    let name = cells.line(NAME, NAME_MAX);
    let uscc = cells.credit_code(USCC);
    let town = cells.optional_line(TOWN, NAME_MAX);
    let address = cells.optional_line(ADDRESS, ADDRESS_MAX);
    let industry = cells.optional_line(INDUSTRY, NAME_MAX).map(|text| half_width(&text).to_uppercase());
    let credit_class = cells.optional_word(CREDIT, credit_class, Problem::new("credit-class"));
    let tags = cells.list(TAGS, NAME_MAX).map(tags);
    let email = cells.optional_word(EMAIL, |text| Email::parse(text).ok(), Problem::new("email"));
    let email = email.map(|email| email.map(|email| email.as_str().to_owned()).unwrap_or_default());
    let number = cells.number();
    let value = name.zip(uscc).map(|(name, uscc)| Parsed {
        number,
        value: Row { name, uscc, town, address, industry, credit_class, tags, email },
    });
    cells.finish(value)
}

/// A credit class as it is written: `A`, `a`, `Ａ`, `A级`, `A类`.
fn credit_class(text: &str) -> Option<CreditClass> {
    let text = half_width(text).to_uppercase();
    CreditClass::parse(text.trim_end_matches(['级', '类', '等']))
}

/// Compares rows with what is stored. The search text of what changes is made when it is written.
pub async fn plan(
    tx: &mut Tx,
    rows: Vec<Parsed<Row>>,
    rejected: &mut Vec<Rejection>,
    columns: &Columns,
    service: &Service,
    now: DateTime<Utc>,
) -> Result<Plan<Box<EnterpriseRecord>>> {
    let rows = without_duplicates(rows, rejected, columns.header(USCC), |r| r.uscc.clone(), |r| &r.uscc);
    let mut plan = Plan::default();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<Parsed<Row>> = rows.by_ref().take(LOOKED_UP).collect();
        let codes: Vec<&str> = some.iter().map(|row| row.value.uscc.as_str()).collect();
        let known = batches::enterprises_by_uscc(tx, &codes).await?;
        let mut known: HashMap<String, (EnterpriseRecord, bool)> =
            known.into_iter().map(|(e, merged)| (e.uscc.clone(), (e, merged))).collect();
        for Parsed { number, value: row } in some {
            let before = match known.remove(&row.uscc) {
                Some((_, true)) => {
                    let problem = Problem::new("merged").hint("merged");
                    rejected.push(rejection(number, columns.header(USCC), &row.uscc, problem));
                    continue;
                }
                Some((mut before, false)) => {
                    before.search = String::new();
                    Some(Box::new(before))
                }
                None => None,
            };
            let after = changed(before.as_deref(), row, service, now);
            let active = before.as_ref().is_some_and(|before| before.active);
            plan.add(number, before.map(|before| (before, active)), Box::new(after));
        }
    }
    Ok(plan)
}

/// An enterprise as a row says it is.
fn changed(before: Option<&EnterpriseRecord>, row: Row, service: &Service, now: DateTime<Utc>) -> EnterpriseRecord {
    let mut after = before.cloned().unwrap_or_else(|| EnterpriseRecord {
        id: EnterpriseId(service.ids.uuid(now)),
        uscc: row.uscc,
        name: String::new(),
        town: String::new(),
        address: String::new(),
        industry: String::new(),
        credit_class: None,
        tags: Vec::new(),
        email: String::new(),
        search: String::new(),
        pin_hash: None,
        active: true,
        created_at: now,
    });
    after.name = row.name;
    after.active = true;
    let texts = [
        (&mut after.town, row.town),
        (&mut after.address, row.address),
        (&mut after.industry, row.industry),
        (&mut after.email, row.email),
    ];
    for (place, text) in texts {
        if let Some(text) = text {
            *place = text;
        }
    }
    after.credit_class = row.credit_class.unwrap_or(after.credit_class);
    after.tags = row.tags.unwrap_or(after.tags);
    after
}
