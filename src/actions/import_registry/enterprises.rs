//! Enterprises (企业), keyed by unified social credit code.

use super::apply::Writer;
use super::columns::{Column, Columns};
use super::plan::{Change, Parsed, Plan, without_duplicates};
use super::problem::{Problem, Rejection};
use super::read_table::TableRow;
use super::row_reader::RowReader;
use crate::actions::{Result, Service};
use crate::domain::enterprise::CreditClass;
use crate::domain::id::EnterpriseId;
use crate::domain::search_text::search_text;
use crate::domain::sign::UnitKind;
use crate::domain::text::{Email, NAME_MAX, half_width};
use crate::storage::Tx;
use crate::storage::enterprises::{self, EnterpriseRecord};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

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
    },
    Column {
        name: "镇街",
        aliases: &["街道", "乡镇", "所属镇街", "镇街道", "街镇", "乡镇街道", "town", "subdistrict"],
        required: false,
    },
    Column {
        name: "地址",
        aliases: &["住所", "注册地址", "经营地址", "企业地址", "经营场所", "生产经营地址", "详细地址", "address"],
        required: false,
    },
    Column {
        name: "行业代码",
        aliases: &["行业", "行业类别", "国民经济行业代码", "industry", "industrycode"],
        required: false,
    },
    Column {
        name: "信用等级",
        aliases: &["信用级别", "信用分类", "信用评级", "信用风险等级", "creditclass", "credit"],
        required: false,
    },
    Column {
        name: "重点企业类别",
        aliases: &["重点类别", "标签", "企业类别", "重点企业", "tags", "tag"],
        required: false,
    },
    Column {
        name: "联系邮箱",
        aliases: &["邮箱", "电子邮箱", "电子邮件", "企业邮箱", "email", "mail", "e-mail"],
        required: false,
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
    let tags = cells.list(TAGS, NAME_MAX);
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

/// Compares rows with what is stored.
pub async fn plan(
    tx: &mut Tx,
    rows: Vec<Parsed<Row>>,
    rejected: &mut Vec<Rejection>,
    columns: &Columns,
    service: &Service,
    now: DateTime<Utc>,
) -> Result<Plan<EnterpriseRecord>> {
    let rows = without_duplicates(rows, rejected, columns.header(USCC), |r| r.uscc.clone(), |r| &r.uscc);
    let mut plan = Plan::default();
    for Parsed { value: row, .. } in rows {
        let before = enterprises::by_uscc(tx, &row.uscc).await?;
        let mut after = before.clone().unwrap_or_else(|| EnterpriseRecord {
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
        after.search = search_text(&after.name, &after.address, &after.uscc);
        plan.add(before, after);
    }
    Ok(plan)
}

/// Writes a change. A new enterprise gets a sign; one whose credit class changed is judged again.
pub async fn write(writer: &mut Writer<'_>, change: &Change<EnterpriseRecord>) -> Result<()> {
    let enterprise = &change.after;
    let Some(before) = &change.before else {
        enterprises::insert(writer.tx, enterprise).await?;
        return writer.issue_sign(UnitKind::Enterprise, enterprise.id.0).await;
    };
    enterprises::update(writer.tx, enterprise).await?;
    if before.credit_class != enterprise.credit_class {
        enterprises::set_next_change(writer.tx, enterprise.id, Some(writer.now)).await?;
    }
    writer.record_change("enterprise", enterprise.id.0, Some(facts(before)), facts(enterprise)).await
}

fn facts(e: &EnterpriseRecord) -> Value {
    json!({
        "name": e.name,
        "town": e.town,
        "address": e.address,
        "industry": e.industry,
        "credit_class": e.credit_class,
        "tags": e.tags,
        "email": e.email,
    })
}
