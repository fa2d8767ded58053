//! Rating a visit (评价): 亲近度, 清廉度, 满意度, once for each filing.

use super::assess_dossier::{Occasion, assess_dossier};
use super::{ActionError, Actor, FieldError, Result, Service, assess_agency, audit};
use crate::domain::id::FilingId;
use crate::storage::filings::{self, Scope};
use crate::storage::{Tx, enterprises, ratings};
use chrono::{DateTime, Utc};
use serde_json::json;

/// The three marks, each 1 to 5, 5 being best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// 亲近度: how approachable they were.
    pub closeness: u8,
    /// 清廉度: how clean.
    pub integrity: u8,
    /// 满意度: how satisfied the enterprise is on the whole.
    pub satisfaction: u8,
}

impl Marks {
    const fn named(self) -> [(&'static str, u8); 3] {
        [("closeness", self.closeness), ("integrity", self.integrity), ("satisfaction", self.satisfaction)]
    }
}

/// Keeps the marks of a visit. Where nobody checked in, they confirm that it took place, and the enterprise is judged anew (PRC-02). The first ones count; later ones change nothing and are not told apart from them, so that nobody can
/// find out by trying whether an enterprise has rated.
///
/// # Errors
/// [`ActionError::Malformed`] for a mark outside 1 to 5, [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn rate_visit(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: FilingId, marks: Marks) -> Result<()> {
    let wrong = marks.named().into_iter().filter(|(_, mark)| !(1..=5).contains(mark));
    let wrong: Vec<_> = wrong.map(|(field, _)| FieldError::new(field, "invalid")).collect();
    if !wrong.is_empty() {
        return Err(ActionError::Malformed(wrong));
    }
    let record = filings::get(tx, id, Scope::All).await?.ok_or(ActionError::NotFound("filing"))?;
    let [closeness, integrity, satisfaction] = marks.named().map(|(_, mark)| i64::from(mark));
    let rating = ratings::Rating { closeness, integrity, satisfaction, created_at: now };
    if ratings::insert(tx, id, &rating).await? {
        let actor = Actor::Enterprise(record.filing.enterprise);
        audit::record(tx, service, now, &actor, "filing.rated", ("filing", id.0), json!({})).await?;
        if record.filing.arrived_at.is_none() {
            let (_, enterprise) =
                enterprises::touch(tx, record.filing.enterprise).await?.ok_or(ActionError::NotFound("enterprise"))?;
            let day = record.filing.first_day(service.settings.zone);
            assess_dossier(tx, service, now, enterprise, Some(day), Occasion::Telling).await?;
        }
        assess_agency::after_rating(tx, service, now, record.filing.agency, id).await?;
    }
    Ok(())
}
