//! The registries that are kept for years: finding enterprises, changing records with their history, merging two of them, sites.

mod merge;
mod records;
mod search;
mod sites;

use crate::support::TestApp;
use chrono::{DateTime, Utc};
use mashang::domain::enterprise::CreditClass;
use mashang::domain::id::EnterpriseId;
use mashang::domain::search_text::search_text;
use mashang::storage::enterprises::{self, EnterpriseRecord};

/// An enterprise that no test has entered yet; its credit code is made from `nth`.
fn enterprise(app: &TestApp, name: &str, nth: usize) -> EnterpriseRecord {
    let now: DateTime<Utc> = app.app.clock.now();
    let (address, uscc) = (format!("石杨路{nth}号"), format!("91509901MA{nth:07}X"));
    EnterpriseRecord {
        id: EnterpriseId(app.app.service.ids.uuid(now)),
        search: search_text(name, &address, &uscc),
        uscc,
        name: name.to_owned(),
        town: ["陶家镇", "二郎街道"][nth % 2].to_owned(),
        address,
        industry: "C34".to_owned(),
        credit_class: [Some(CreditClass::A), None, Some(CreditClass::D)][nth % 3],
        tags: [vec![], vec!["专精特新".to_owned()], vec!["专精特新".to_owned(), "规上工业".to_owned()], vec![]]
            [nth % 4]
            .clone(),
        email: String::new(),
        pin_hash: None,
        active: true,
        created_at: now,
    }
}

/// Enters enterprises of these names.
async fn enter(app: &TestApp, names: impl IntoIterator<Item = String>) -> Vec<EnterpriseRecord> {
    let mut tx = app.app.db.write().await.expect("a transaction");
    let mut entered = Vec::new();
    for (nth, name) in names.into_iter().enumerate() {
        let record = enterprise(app, &name, nth + 1);
        enterprises::insert(&mut tx, &record).await.expect("an enterprise");
        entered.push(record);
    }
    tx.commit().await.expect("a commit");
    entered
}
