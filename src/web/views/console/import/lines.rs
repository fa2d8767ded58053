//! The lines of a preview in words.

use crate::actions::import_registry::{Field, Line};
use crate::web::page::Page;
use serde_json::Value;

/// A field of a line.
pub(super) struct ShownField {
    pub(super) label: String,
    pub(super) old: Option<String>,
    pub(super) new: String,
}

/// What is wrong with a rejected row.
pub(super) struct ShownFault {
    pub(super) column: String,
    pub(super) value: String,
    pub(super) reason: String,
    pub(super) advice: String,
}

/// A line of a list.
pub(super) struct ShownLine {
    /// Empty for what is not in the file.
    pub(super) row: String,
    pub(super) name: String,
    pub(super) key: String,
    pub(super) fields: Vec<ShownField>,
    pub(super) faults: Vec<ShownFault>,
}

/// The lines of a stored page.
pub(super) fn shown(page: &Page, lines: Option<Value>) -> Vec<ShownLine> {
    let lines: Vec<Line> = lines.and_then(|lines| serde_json::from_value(lines).ok()).unwrap_or_default();
    lines.into_iter().map(|line| one(page, line)).collect()
}

fn one(page: &Page, line: Line) -> ShownLine {
    let faults = line
        .faults
        .iter()
        .map(|fault| ShownFault {
            column: fault.column.clone(),
            value: fault.value.clone(),
            reason: fault.reason(page.lang),
            advice: fault.advice(page.lang).unwrap_or_default(),
        })
        .collect();
    // Of a rejected row its beginning, to find it by.
    let name = if line.cells.is_empty() { line.name } else { line.cells.first().cloned().unwrap_or_default() };
    ShownLine {
        row: if line.row == 0 { String::new() } else { line.row.to_string() },
        name,
        key: line.key,
        fields: line.fields.iter().map(|shown| field(page, shown)).collect(),
        faults,
    }
}

fn field(page: &Page, field: &Field) -> ShownField {
    ShownField {
        label: page.t(&format!("import-field-{}", field.name.replace('_', "-"))),
        old: field.old.as_ref().map(|old| text(page, &field.name, old)),
        new: text(page, &field.name, &field.new),
    }
}

fn text(page: &Page, name: &str, value: &Value) -> String {
    match value {
        Value::Bool(yes) if name == "active" => page.t(if *yes { "import-active" } else { "import-inactive" }),
        Value::Bool(yes) => page.t(if *yes { "import-hints-yes" } else { "import-hints-no" }),
        Value::Array(all) if !all.is_empty() => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"),
        Value::String(code) if name == "kind" => page.t(&format!("import-kind-{code}")),
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => page.t("import-nothing-there"),
    }
}
