//! The audit as administrators read it: what would tell who reported, rated or confirmed is not in it, however it is asked.

use super::world::{FIRE, World};
use crate::cases::world::{Cases, review};
use mashang::actions::audit::record;
use mashang::actions::{Actor, Marks, confirm_presence, rate_visit};
use mashang::domain::id::FilingId;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::storage::audit;
use mashang::storage::filings::Scope;
use serde_json::json;
use uuid::Uuid;

const AUDIT: &str = "/console/audit";

/// The audit as a file, of what `query` asks for.
async fn taken_out(world: &World, query: &str) -> String {
    let mut admin = world.signed_in("admin").await;
    let fields = [("list", "audit"), ("query", query), ("format", "csv")];
    let task = admin.post_form("/console/export", &fields).await.location();
    jobs::run_tasks(&world.test.app).await.expect("worked on");
    admin.get(&format!("{task}/file")).await.expect(200, "").text()
}

#[tokio::test]
async fn what_a_supervisor_looked_for_in_a_list_that_was_taken_out_is_not_in_the_audit() {
    let world = World::new().await;
    let app = &world.test.app;
    let sought = "青禾精密";
    let enterprise = Uuid::from_u128(0xfeed).to_string();
    let mut supervisor = world.signed_in("reform").await;
    for list in ["reports", "cases", "inbox", "ratings", "filings"] {
        let query = format!("q={sought}&enterprise={enterprise}");
        let fields = [("list", list), ("query", query.as_str()), ("format", "csv")];
        let task = supervisor.post_form("/console/export", &fields).await.location();
        let task = Uuid::try_parse(task.rsplit('/').next().expect("an id")).expect("an id");
        let mut tx = app.db.read().await.expect("a connection");
        let rows = audit::by_object(&mut tx, task).await.expect("the audit");
        let row = rows.iter().find(|row| row.action == "list.exported").expect("on record");
        assert_eq!(row.detail, json!({ "list": list, "format": "csv", "filter": null }));
    }
    // One of before.
    let mut tx = app.db.write().await.expect("a transaction");
    let detail = json!({ "list": "reports", "format": "csv", "filter": { "list": "reports", "words": sought, "enterprise": enterprise } });
    let (actor, task) = (Actor::User(world.users[0]), ("task", Uuid::from_u128(5)));
    record(&mut tx, &app.service, app.clock.now(), &actor, "list.exported", task, detail).await.expect("recorded");
    tx.commit().await.expect("a commit");
    let page = world.signed_in("admin").await.get(AUDIT).await.expect(200, "导出名单").text();
    for text in [page, taken_out(&world, "").await] {
        assert!(text.contains("reports"), "{text}");
        assert!(!text.contains(sought) && !text.contains(&enterprise), "{text}");
    }
}

#[tokio::test]
async fn who_rated_confirmed_or_reported_is_not_found_by_the_object() {
    let world = World::new().await;
    let app = &world.test.app;
    let (quiet, rated) = (world.file(FIRE, "03-05 14:00").await, world.file(FIRE, "03-04 14:00").await);
    let report = world.report(Some(FIRE), "02-20 09:00", &[]).await;
    let told = world.violation(RuleCode::Prc01, Subject::Report(report)).await;
    let marks = Marks { closeness: 1, integrity: 1, satisfaction: 1 };
    let mut tx = app.db.write().await.expect("a transaction");
    rate_visit(&mut tx, &app.service, app.clock.now(), rated, marks).await.expect("rated");
    // A history that was loaded says so too.
    let replayed = mashang::actions::Target { id: rated, scope: Scope::All, version: None, actor: &Actor::Replay };
    confirm_presence(&mut tx, &app.service, app.clock.now(), replayed).await.expect("confirmed");
    tx.commit().await.expect("a commit");
    let mut admin = world.signed_in("admin").await;
    let end = |id: FilingId| id.to_string().replace('-', "")[24..].to_owned();
    let whole = admin.get(AUDIT).await.expect(200, "filing.rated").expect(200, "filing.presence_confirmed").text();
    assert_eq!((whole.matches(&end(rated)).count(), whole.matches(&end(quiet)).count()), (1, 1), "filed, no more");
    let file = taken_out(&world, "").await;
    assert_eq!(file.matches(&rated.to_string()).count(), 1, "{file}");
    for query in [format!("id={rated}"), format!("id={quiet}")] {
        let page = admin.get(&format!("{AUDIT}?{query}")).await.expect(200, "filing.accepted").text();
        let file = taken_out(&world, &query).await;
        assert!(!page.contains("filing.rated") && !page.contains("filing.presence_confirmed"), "{page}");
        assert!(!file.contains("评价") && file.lines().count() == 2, "{file}");
    }
    for id in [report.to_string(), told.id.to_string()] {
        assert!(!admin.get(&format!("{AUDIT}?id={id}")).await.text().contains("<tbody>"), "{id}");
    }
}

#[tokio::test]
async fn why_a_request_was_withdrawn_stays_with_the_supervisors() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let words = "青禾精密说是另一个单位";
    review(&mut supervisor, &request, &[("act", "withdraw"), ("withdraw_words", words)]).await.location();
    let mut admin = cases.world.signed_in("admin").await;
    let page = admin.get(AUDIT).await.expect(200, "request.withdrawn").expect(200, "周敏").text();
    assert!(!page.contains(words), "{page}");
    assert!(!taken_out(&cases.world, "").await.contains(words));
}
