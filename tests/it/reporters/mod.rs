//! Those who report: the conversation through the receipt page, how far they may be named, their contacts, and what all enterprises get alike.

mod batches;
mod contact;
mod conversation;
mod invitations;
mod key;
mod link;
mod ratings;
mod watch;

use crate::console::world::{FIRE, World};
use mashang::actions::{Actor, ReportVisit, report_visit};
use mashang::domain::id::ReportId;
use mashang::domain::visit_report::{Answer, ArrivalKnown};

/// A report of enterprise 0 about the fire brigade just now, with a contact; its id and receipt.
pub async fn reported(world: &World, prohibited: &[u8]) -> (ReportId, String) {
    let app = &world.test.app;
    let enterprise = world.test.seed.enterprises[0].0;
    let command = ReportVisit {
        enterprise,
        agency: Some(world.test.seed.agencies[FIRE]),
        agency_text: String::new(),
        matters: Vec::new(),
        arrived_at: app.clock.now(),
        arrival_known: ArrivalKnown::Time,
        verified: true,
        visitors: Some(2),
        shown_certificate: Some(Answer::Yes),
        shown_notice: Some(Answer::Yes),
        documents_demanded: false,
        premises_inspected: false,
        rectification_asked: false,
        form_signed: false,
        prohibited: prohibited.to_vec(),
        service: false,
        words: "来了两个人".to_owned(),
        contact: "门卫老王 13900000000".to_owned(),
        held: false,
    };
    let mut tx = app.db.write().await.expect("a transaction");
    let actor = Actor::Enterprise(enterprise);
    let done = report_visit(&mut tx, &app.service, app.clock.now(), &actor, None, command).await.expect("reported");
    tx.commit().await.expect("a commit");
    (done.record.report.id, done.record.receipt)
}

/// The actions of the audit about an object, oldest first.
pub async fn audited(world: &World, object: uuid::Uuid) -> Vec<String> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let rows = mashang::storage::audit::by_object(&mut tx, object).await.expect("the audit");
    rows.into_iter().map(|row| row.action).collect()
}
