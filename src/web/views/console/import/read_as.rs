//! How a file was read, and the form that has it read otherwise.

use crate::actions::import_registry::{Choices, Format, Registry};
use crate::domain::import::{FileKind, Separator, TextEncoding};
use crate::web::form::Form;
use crate::web::page::Page;

/// A choice of the form.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) picked: bool,
}

/// One choice to make.
pub(super) struct Pick {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) required: bool,
    pub(super) choices: Vec<Choice>,
}

/// How a file was read.
pub(super) struct ReadAs {
    /// In one line.
    pub(super) summary: String,
    /// Encoding, separator or sheet.
    pub(super) picks: Vec<Pick>,
    /// The registry's columns.
    pub(super) columns: Vec<Pick>,
    pub(super) headers: Vec<String>,
    /// The first rows: each cell with its header.
    pub(super) sample: Vec<Vec<(String, String)>>,
}

/// The choices as they were made.
pub(super) fn of(page: &Page, registry: Registry, format: &Format) -> ReadAs {
    let mut picks = Vec::new();
    let mut parts = vec![format.kind.map(|kind| page.t(&format!("import-kind-{kind}"))).unwrap_or_default()];
    let pick = |name: &str, choices: Vec<Choice>| Pick {
        name: name.to_owned(),
        label: page.t(&format!("import-{name}")),
        required: false,
        choices,
    };
    if format.kind == Some(FileKind::Csv) {
        let choice = |encoding: &TextEncoding| Choice {
            value: encoding.to_string(),
            label: page.t(&format!("import-encoding-{encoding}")),
            picked: format.encoding == Some(*encoding),
        };
        picks.push(pick("encoding-as", TextEncoding::ALL.iter().map(choice).collect()));
        let choice = |separator: &Separator| Choice {
            value: separator.to_string(),
            label: page.t(&format!("import-separator-{separator}")),
            picked: format.separator == Some(*separator),
        };
        picks.push(pick("separator-as", Separator::ALL.iter().map(choice).collect()));
        parts.extend(format.encoding.map(|encoding| page.t(&format!("import-encoding-{encoding}"))));
        parts.extend(format.separator.map(|separator| page.t(&format!("import-separator-{separator}"))));
    } else {
        let choice = |name: &String| Choice {
            value: name.clone(),
            label: name.clone(),
            picked: format.sheet.as_ref() == Some(name),
        };
        picks.push(pick("sheet-as", format.sheets.iter().map(choice).collect()));
        parts.extend(format.sheet.clone());
    }
    parts.push(page.t1("import-header-row", "row", format.header_row));
    parts.push(page.t1("import-rows", "count", format.rows));
    let columns = registry.columns().into_iter().enumerate().map(|(index, (name, required))| {
        let at = format.columns.get(index).copied().flatten();
        let none = Choice { value: String::new(), label: page.t("import-column-none"), picked: at.is_none() };
        let choice = |(place, header): (usize, &String)| {
            let shown = if header.is_empty() { "—" } else { header.as_str() };
            Choice { value: place.to_string(), label: format!("{}. {shown}", place + 1), picked: at == Some(place) }
        };
        let choices = std::iter::once(none).chain(format.headers.iter().enumerate().map(choice)).collect();
        Pick { name: format!("c{index}"), label: name.to_owned(), required, choices }
    });
    ReadAs {
        summary: parts.join(" · "),
        columns: columns.collect(),
        picks,
        headers: format.headers.clone(),
        sample: format
            .sample
            .iter()
            .map(|row| {
                let headers = format.headers.iter().cloned().chain(std::iter::repeat(String::new()));
                headers.zip(row.iter().cloned()).collect()
            })
            .collect(),
    }
}

/// What a form chooses. Another encoding, separator or sheet gives another header, so that the columns are guessed anew then.
pub(super) fn chosen(form: &Form, registry: Registry, format: &Format) -> Choices {
    let encoding = TextEncoding::parse(form.one("encoding-as"));
    let separator = Separator::parse(form.one("separator-as"));
    let sheet = format.sheets.iter().find(|name| *name == form.one("sheet-as")).cloned();
    let same = encoding == format.encoding && separator == format.separator && sheet == format.sheet;
    let columns = registry.columns();
    let place = |index: usize| form.one(&format!("c{index}")).parse::<usize>().ok();
    let columns = same.then(|| (0..columns.len()).map(place).collect());
    Choices { encoding, separator, sheet, columns }
}
