//! A draft policy over the last twelve months of real filings: in batches, each in a reading transaction of its own, so that neither memory
//! nor the database's log grows with the number of filings.

use super::tasks::{Outcome, Running, Stopped};
use crate::actions::what_if::{BATCH, agencies, counts_told, what_if_agency, what_if_enterprises};
use crate::domain::id::PolicyId;
use crate::domain::policy::{Policies, Policy, PolicyVersion};
use crate::domain::what_if::Comparison;
use crate::storage::enterprise_lists;
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

/// Judges everybody both ways. `params` holds the draft as `policy`.
pub(super) async fn what_if(running: &mut Running) -> Result<Outcome, Stopped> {
    let policy = running.task.params.get("policy").cloned().unwrap_or_default();
    let draft: Policy = serde_json::from_value(policy).map_err(|_| Stopped::Failed("what-if-unreadable".to_owned()))?;
    let draft = Policies::new(vec![PolicyVersion::new(PolicyId(Uuid::nil()), NaiveDate::MIN, draft)]);
    let (app, service) = (running.app.clone(), running.app.service.clone());
    let now = app.clock.now();
    let mut comparison = Comparison::default();

    let mut tx = app.db.read().await?;
    let enterprises = usize::try_from(enterprise_lists::count(&mut tx).await?).unwrap_or(usize::MAX);
    let told = counts_told(&mut tx, running.task.created_by).await?;
    let of_district = agencies(&service.snapshot(&mut tx).await?.registries);
    drop(tx);
    let total = enterprises.saturating_add(of_district.len());
    let (mut after, mut done) = (None, 0);
    running.progress(0, total)?;
    loop {
        let mut tx = app.db.read().await?;
        let batch = what_if_enterprises(&mut tx, &service, now, (&draft, told), after, &mut comparison).await?;
        let Some((last, number)) = batch else { break };
        (after, done) = (Some(last), done + number);
        running.progress(done.min(total), total)?;
        if i64::try_from(number).unwrap_or(BATCH) < BATCH {
            break;
        }
    }
    for agency in of_district {
        let mut tx = app.db.read().await?;
        what_if_agency(&mut tx, &service, now, (&draft, told), agency, &mut comparison).await?;
        done += 1;
        running.progress(done.min(total), total)?;
    }
    let (rows, omitted) = comparison.rows();
    let result = json!({
        "at": now,
        "told": told,
        "enterprises": enterprises,
        "groups": comparison.groups(),
        "rows": rows,
        "omitted": omitted,
    });
    Ok(Outcome { result, file: None })
}
