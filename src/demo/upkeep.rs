//! What an operator does to the registries: corrects an address, enters a second site with a code of its own, merges a record that was entered
//! twice.

use super::registry::{District, credit_code};
use crate::actions::edit_records::{
    EnterpriseFields, SiteFields, change_enterprise, enter_enterprise, enter_site, seen,
};
use crate::actions::{ActionError, Actor, Result, Service, issue_sign, merge_enterprises};
use crate::domain::sign::UnitKind;
use crate::domain::user::Role;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::signs::Spot;
use crate::storage::{Tx, users};
use chrono::{DateTime, Utc};

/// Does it, as of `now`.
///
/// # Errors
/// When the store fails, or an action refuses.
pub async fn keep_up(tx: &mut Tx, service: &Service, now: DateTime<Utc>, district: &District) -> Result<()> {
    let operator = users::list(tx).await?.into_iter().find(|user| user.role == Role::Operator);
    let actor = operator.map_or(Actor::System, |operator| Actor::User(operator.id));
    let [first, second, ..] = &district.enterprises[..] else { return Ok(()) };

    let stored = enterprises::get(tx, first.id).await?.ok_or(ActionError::NotFound("enterprise"))?;
    let shown = seen(&EnterpriseFields::facts(&stored));
    let mut fields = fields(&stored);
    fields.address.push_str("（二期厂房旁）");
    fields.tags = vec!["规上工业、专精特新".to_owned()];
    change_enterprise(tx, service, now, &actor, first.id, &shown, fields).await?;

    let site = SiteFields { name: "二分厂".to_owned(), town: stored.town, address: "青禾大道188号".to_owned() };
    let site = enter_site(tx, service, now, &actor, first.id, site).await?;
    let spot = Spot { kind: UnitKind::Enterprise, unit: first.id.0, site: Some(site.id.0), place: "大门".to_owned() };
    issue_sign(tx, service, now, &actor, spot).await?;

    let twice = EnterpriseFields {
        name: format!("{}（重复）", second.name),
        uscc: credit_code(district.enterprises.len() + 1)?,
        ..EnterpriseFields::default()
    };
    let twice = enter_enterprise(tx, service, now, &actor, twice).await?;
    merge_enterprises(tx, service, now, &actor, twice.id, second.id, &twice.name).await
}

fn fields(e: &EnterpriseRecord) -> EnterpriseFields {
    EnterpriseFields {
        name: e.name.clone(),
        uscc: e.uscc.clone(),
        town: e.town.clone(),
        address: e.address.clone(),
        industry: e.industry.clone(),
        credit_class: e.credit_class,
        tags: e.tags.clone(),
        email: e.email.clone(),
    }
}
