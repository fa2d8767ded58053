//! Rows of signs, of those who sign in, and of ratings: each for supervisors, sums of whole quarters for a liaison.

use super::lines::instant;
use super::{Result, Rows};
use crate::domain::id::AgencyId;
use crate::domain::reporter::{FEWEST_RATINGS, QUARTERS_SHOWN, Quarter};
use crate::domain::sign_code::ShortCode;
use crate::domain::user::{AlertChoice, Role, User};
use crate::i18n::facts::Facts;
use crate::print::table::Cell;
use crate::storage::rating_lists::{self, Rated};
use crate::storage::sign_lists::ListedSign;
use crate::storage::{Tx, users};
use chrono::NaiveDate;

pub(super) fn sign(facts: &Facts<'_>, row: &ListedSign) -> Vec<Cell> {
    let (lang, sign) = (facts.lang, &row.sign);
    let day =
        |at: Option<_>| at.map_or_else(|| lang.t("signs-never"), |at| facts.registries.zone.local_date(at).to_string());
    let code = ShortCode::parse(&sign.short_code);
    let unit =
        if sign.unit.is_some() { row.unit_name.clone() } else { lang.t(&format!("signs-blank-{}", sign.unit_kind)) };
    vec![
        sign.serial.clone().into(),
        code.map_or_else(|_| sign.short_code.clone(), |code| code.display_groups()).into(),
        unit.into(),
        row.town.clone().into(),
        sign.place.clone().into(),
        day(sign.printed_at).into(),
        day(sign.last_scanned_at).into(),
        lang.t(&format!("sign-{}", sign.state)).into(),
    ]
}

/// All who may sign in, or once could.
pub(super) async fn people(tx: &mut Tx, facts: &Facts<'_>) -> Result<Rows> {
    let lang = facts.lang;
    let mut leads = users::leads(tx, Role::Supervisor).await?;
    leads.extend(users::leads(tx, Role::Liaison).await?);
    let row = |user: User| {
        let place = match (user.office, user.agency) {
            (Some(office), _) => lang.t(&format!("office-{office}")),
            (None, Some(id)) => facts.agency(id),
            _ => String::new(),
        };
        let alerts = match user.role {
            Role::Supervisor => alerts(facts, user.alerts),
            _ => String::new(),
        };
        let lead = leads.iter().any(|lead| lead.id == user.id);
        vec![
            user.name.into(),
            user.email.into(),
            lang.t(&format!("role-{}", user.role)).into(),
            place.into(),
            alerts.into(),
            lang.t(if user.active { "user-active" } else { "user-inactive" }).into(),
            lang.t(if lead { "exports-yes" } else { "exports-no" }).into(),
        ]
    };
    Ok(Rows { rows: users::list(tx).await?.into_iter().map(row).collect(), next: None })
}

fn alerts(facts: &Facts<'_>, choice: AlertChoice) -> String {
    facts.lang.t(&format!("alerts-{}", choice.as_str().replace('_', "-")))
}

pub(super) fn rating(facts: &Facts<'_>, row: &Rated) -> Vec<Cell> {
    let rating = &row.rating;
    vec![
        instant(facts, rating.created_at),
        row.number.clone().into(),
        facts.agency(row.agency).into(),
        row.enterprise.clone().into(),
        rating.closeness.into(),
        rating.integrity.into(),
        rating.satisfaction.into(),
    ]
}

/// What a liaison sees on the page: whole quarters that are over, of enough ratings.
pub(super) async fn quarters(tx: &mut Tx, facts: &Facts<'_>, agency: AgencyId, today: NaiveDate) -> Result<Rows> {
    let mut rows = Vec::new();
    let mut quarter = Quarter::of(today).before();
    for _ in 0..QUARTERS_SHOWN {
        let sum = rating_lists::sum(tx, agency, quarter.span(facts.registries.zone)).await?;
        let name =
            facts.lang.ta("ratings-quarter", &[("year", &quarter.year.to_string()), ("number", &quarter.number)]);
        let mut row = vec![Cell::from(name)];
        if sum.count < FEWEST_RATINGS {
            row.push(facts.lang.t("ratings-few").into());
            row.extend(std::iter::repeat_with(|| Cell::from("")).take(3));
        } else {
            row.push(sum.count.into());
            row.extend(sum.means().map(Cell::from));
        }
        rows.push(row);
        quarter = quarter.before();
    }
    Ok(Rows { rows, next: None })
}
