//! Rows of the registries, by name.

use super::{After, Rows};
use crate::actions::Result;
use crate::domain::id::{AgencyId, InspectorId, MatterId};
use crate::i18n::Lang;
use crate::i18n::facts::Facts;
use crate::print::table::Cell;
use crate::storage::enterprise_search::{self, EnterpriseQuery};
use crate::storage::{Tx, enterprise_lists, inspector_lists};
use chrono::NaiveDate;
use std::collections::HashMap;
use uuid::Uuid;

fn day(day: Option<NaiveDate>) -> Cell {
    day.map(|day| day.to_string()).unwrap_or_default().into()
}

pub(super) async fn enterprises(
    tx: &mut Tx,
    lang: Lang,
    query: &EnterpriseQuery,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Rows> {
    let plain = *query == EnterpriseQuery { active: Some(true), ..EnterpriseQuery::default() };
    let found = if plain {
        // All active ones walk an index by name, without a search for each page.
        enterprise_lists::search(tx, None, after, limit).await?
    } else {
        enterprise_search::search(tx, query, after, usize::try_from(limit).unwrap_or_default()).await?.rows
    };
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) == limit;
    let next = found.last().filter(|_| full).map(|row| After::Name(row.name.clone(), row.id.0));
    let rows = found.into_iter().map(|row| {
        let class = row.credit_class.map_or_else(|| lang.t("credit-none"), |class| class.as_str().to_owned());
        vec![row.name.into(), row.uscc.into(), row.town.into(), row.address.into(), row.industry.into(), class.into()]
    });
    Ok(Rows { rows: rows.collect(), next })
}

pub(super) fn agencies(facts: &Facts<'_>, ids: &[AgencyId]) -> Rows {
    let registries = facts.registries;
    let count = |n: usize| Cell::from(i64::try_from(n).unwrap_or(i64::MAX));
    let rows = ids.iter().filter_map(|id| registries.agencies.get(id)).map(|agency| {
        let matters = registries.matters.values().filter(|matter| matter.agency == agency.id).count();
        let inspectors = registries.inspectors.values().filter(|person| person.agency == agency.id).count();
        let parent = agency.parent.map(|id| facts.agency(id)).unwrap_or_default();
        vec![agency.name.clone().into(), parent.into(), count(matters), count(inspectors)]
    });
    Rows { rows: rows.collect(), next: None }
}

pub(super) fn matters(facts: &Facts<'_>, ids: &[MatterId]) -> Rows {
    let rows = ids.iter().filter_map(|id| facts.registries.matters.get(id)).map(|matter| {
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

pub(super) async fn inspectors(tx: &mut Tx, facts: &Facts<'_>, ids: &[InspectorId]) -> Result<Rows> {
    let known: HashMap<InspectorId, _> =
        facts.registries.inspectors.values().map(|person| (person.id, person)).collect();
    let enrolled = inspector_lists::enrolled(tx, ids).await?;
    let rows = ids.iter().filter_map(|id| known.get(id)).map(|person| {
        let state = facts.lang.t(if person.suspended { "exports-suspended" } else { "exports-valid" });
        let enrolled = enrolled.get(&person.id).map(|at| super::lines::instant(facts, *at));
        vec![
            person.name.clone().into(),
            person.cert_no.clone().into(),
            facts.agency(person.agency).into(),
            day(Some(person.valid_from)),
            day(person.valid_to),
            state.into(),
            enrolled.unwrap_or_else(|| Cell::from("")),
        ]
    });
    Ok(Rows { rows: rows.collect(), next: None })
}
