//! Rows of the registries, by name.

use super::{After, Rows};
use crate::actions::Result;
use crate::domain::id::AgencyId;
use crate::domain::search_keys::{Document, Words};
use crate::i18n::Lang;
use crate::i18n::facts::Facts;
use crate::print::table::Cell;
use crate::storage::{Tx, enterprise_lists, inspector_lists};
use chrono::NaiveDate;
use uuid::Uuid;

fn day(day: Option<NaiveDate>) -> Cell {
    day.map(|day| day.to_string()).unwrap_or_default().into()
}

fn contains(texts: &[&str], words: Option<&str>) -> bool {
    let words = words.map(str::to_lowercase);
    words.is_none_or(|words| texts.iter().any(|text| text.to_lowercase().contains(&words)))
}

pub(super) async fn enterprises(
    tx: &mut Tx,
    lang: Lang,
    words: Option<&str>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Rows> {
    let found = enterprise_lists::search(tx, words, after, limit).await?;
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) == limit;
    let next = found.last().filter(|_| full).map(|row| After::Name(row.name.clone(), row.id.0));
    let rows = found.into_iter().map(|row| {
        let class = row.credit_class.map_or_else(|| lang.t("credit-none"), |class| class.as_str().to_owned());
        vec![row.name.into(), row.uscc.into(), row.town.into(), row.address.into(), row.industry.into(), class.into()]
    });
    Ok(Rows { rows: rows.collect(), next })
}

pub(super) fn agencies(facts: &Facts<'_>, own: Option<AgencyId>, words: Option<&str>) -> Rows {
    let registries = facts.registries;
    let mut found: Vec<_> = registries
        .agencies
        .values()
        .filter(|agency| own.is_none_or(|own| own == agency.id) && contains(&[&agency.name, &agency.short_name], words))
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let count = |n: usize| Cell::from(i64::try_from(n).unwrap_or(i64::MAX));
    let rows = found.into_iter().map(|agency| {
        let matters = registries.matters.values().filter(|matter| matter.agency == agency.id).count();
        let inspectors = registries.inspectors.values().filter(|person| person.agency == agency.id).count();
        let parent = agency.parent.map(|id| facts.agency(id)).unwrap_or_default();
        vec![agency.name.clone().into(), parent.into(), count(matters), count(inspectors)]
    });
    Rows { rows: rows.collect(), next: None }
}

pub(super) fn matters(facts: &Facts<'_>, own: Option<AgencyId>, agency: Option<AgencyId>, words: Option<&str>) -> Rows {
    let mut found: Vec<_> = facts
        .registries
        .matters
        .values()
        .filter(|matter| own.is_none_or(|own| own == matter.agency))
        .filter(|matter| agency.is_none_or(|agency| agency == matter.agency))
        .filter(|matter| contains(&[&matter.name, &matter.group, &matter.legal_basis], words))
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let rows = found.into_iter().map(|matter| {
        vec![
            matter.name.clone().into(),
            facts.agency(matter.agency).into(),
            matter.group.clone().into(),
            matter.legal_basis.clone().into(),
            day(Some(matter.published_from)),
            day(matter.published_to),
        ]
    });
    Rows { rows: rows.collect(), next: None }
}

pub(super) async fn inspectors(
    tx: &mut Tx,
    facts: &Facts<'_>,
    (own, agency): (Option<AgencyId>, Option<AgencyId>),
    words: Option<&str>,
) -> Result<Rows> {
    let words = words.and_then(Words::parse);
    let mut found: Vec<_> = facts
        .registries
        .inspectors
        .values()
        .filter(|person| own.is_none_or(|own| own == person.agency))
        .filter(|person| agency.is_none_or(|agency| agency == person.agency))
        .filter(|person| {
            words.as_ref().is_none_or(|words| words.found_in(&Document::new(&person.name, &person.cert_no, "")))
        })
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let ids: Vec<_> = found.iter().map(|person| person.id).collect();
    let enrolled = inspector_lists::enrolled(tx, &ids).await?;
    let rows = found.into_iter().map(|person| {
        let state = facts.lang.t(if person.suspended { "exports-suspended" } else { "exports-valid" });
        vec![
            person.name.clone().into(),
            person.cert_no.clone().into(),
            facts.agency(person.agency).into(),
            day(Some(person.valid_from)),
            day(person.valid_to),
            state.into(),
            enrolled.get(&person.id).map_or_else(|| Cell::from(""), |at| super::lines::instant(facts, *at)),
        ]
    });
    Ok(Rows { rows: rows.collect(), next: None })
}
