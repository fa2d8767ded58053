//! What the cover says of an order, and what a list of orders says of one: kind, conditions, counts.

use super::SheetOrder;
use crate::domain::sheet::SheetForm;
use crate::domain::sign::{SignState, UnitKind};
use crate::i18n::Lang;
use crate::print::sheet::Frame;
use crate::storage::sign_prints::PrintSign;
use chrono::NaiveDateTime;

/// The facts of a cover, in Chinese as everything on paper.
pub(super) fn of(
    order: &SheetOrder,
    signs: &[PrintSign],
    frame: &Frame,
    agency: Option<&str>,
    now: NaiveDateTime,
) -> Vec<(String, String)> {
    let lang = Lang::Zh;
    let count = |is: &dyn Fn(&PrintSign) -> bool| signs.iter().filter(|sign| is(sign)).count();
    let blank = count(&|sign| sign.state == SignState::Blank);
    let agencies = count(&|sign| sign.kind == UnitKind::Agency && sign.state != SignState::Blank);
    let enterprises = signs.len() - blank - agencies;
    let counts = [("sheet-word-enterprise", enterprises), ("sheet-word-agency", agencies), ("sheet-word-blank", blank)];
    let counts: Vec<String> =
        counts.iter().filter(|(_, n)| *n > 0).map(|(key, n)| format!("{} {n}", lang.t(key))).collect();
    let mut facts = vec![
        (lang.t("sheet-fact-kind"), lang.t(&format!("sheet-kind-{}", order.kind))),
        (lang.t("sheet-fact-counts"), counts.join("，")),
        (lang.t("sheet-fact-filter"), conditions(order, lang, agency)),
        (lang.t("sheet-fact-date"), now.format("%Y-%m-%d %H:%M").to_string()),
        (lang.t("sheet-fact-host"), frame.host.clone()),
    ];
    if let (Some(first), Some(last)) =
        (signs.iter().map(|sign| &sign.serial).min(), signs.iter().map(|sign| &sign.serial).max())
    {
        facts.push((lang.t("sheet-fact-serials"), format!("{first} – {last}")));
    }
    facts
}

/// The conditions of an order in words; `agency` is the name of the one that it is limited to.
#[must_use]
pub fn conditions(order: &SheetOrder, lang: Lang, agency: Option<&str>) -> String {
    let mut parts = Vec::new();
    if order.signs.is_empty() {
        parts.push(lang.t(&format!("sheet-scope-{}", order.scope)));
        parts.extend(order.unit.map(|unit| lang.t(&format!("sheet-word-{unit}"))));
        parts.extend(order.town.clone());
        parts.extend(agency.map(str::to_owned));
        parts.extend(order.tag.clone());
    } else {
        parts.push(lang.ta("sheet-scope-chosen", &[("count", &order.signs.len())]));
    }
    if order.outdoor {
        parts.push(lang.t("sheet-medium-outdoor"));
    }
    if order.form == SheetForm::Zip {
        parts.push(lang.t("sheet-form-zip"));
    }
    if order.skipped() > 0 {
        parts.push(lang.ta("sheet-skipped", &[("count", &order.skipped())]));
    }
    parts.join(" · ")
}
