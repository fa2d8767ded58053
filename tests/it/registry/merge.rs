//! Merging two records of one enterprise: what moves, what the rules say of it then, and who learns what.

use crate::cases::world::{Cases, answer};
use crate::console::world::{FIRE, MARKET, World, at};
use chrono::TimeDelta;
use mashang::actions::{Accompanying, Actor, FileInspection, file_inspection};
use mashang::domain::filing::Kind;
use mashang::domain::id::{EnterpriseId, FilingId};
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::storage::{audit, enterprises, filings, reports, violations};

async fn file_at(world: &World, enterprise: EnterpriseId, agency: &str, start: &str) -> FilingId {
    let app = &world.test.app;
    let (matter, people) = match agency {
        FIRE => ("消防安全检查", ["XF-001", "XF-002"]),
        _ => ("食品安全检查", ["SJ-001", "SJ-002"]),
    };
    let command = FileInspection {
        more: Accompanying::default(),
        agency: world.test.seed.agencies[agency],
        enterprise,
        kind: Kind::Daily,
        matters: vec![world.test.seed.matters[matter]],
        inspectors: people.map(str::to_owned).to_vec(),
        planned_start: at(start),
        planned_end: at(start) + TimeDelta::hours(2),
        exemption: None,
        exemption_reason: String::new(),
        evidence_ref: String::new(),
        joint_group: None,
        arrived_at: None,
        left_at: None,
        note: String::new(),
        source: "web",
    };
    let actor = Actor::Inspector { cert_no: people[0].to_owned(), agency: command.agency };
    let mut tx = app.db.write().await.expect("a transaction");
    let filed = file_inspection(&mut tx, &app.service, app.clock.now(), &actor, None, command).await.expect("filed");
    tx.commit().await.expect("a commit");
    filed.record.filing.id
}

async fn has(world: &World, rule: RuleCode, filing: FilingId) -> bool {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let all = violations::by_subject(&mut tx, Subject::Filing(filing)).await.expect("violations");
    all.iter().any(|violation| violation.rule == rule && violation.state == ViolationState::Suspected)
}

#[tokio::test]
async fn a_merge_makes_one_enterprise_of_two_records() {
    let world = World::new().await;
    let app = &world.test.app;
    let (kept, given_up) = (world.test.seed.enterprises[0].0, world.test.seed.enterprises[1].0);
    let token = world.test.token(1).to_owned();
    let first = file_at(&world, given_up, FIRE, "03-05 10:00").await;
    app.clock.advance(TimeDelta::minutes(1));
    world.report(Some(MARKET), "03-03 09:00", &[]).await;
    app.clock.advance(TimeDelta::minutes(1));
    let second = file_at(&world, kept, FIRE, "03-26 10:00").await;
    app.clock.advance(TimeDelta::minutes(1));
    let third = file_at(&world, given_up, MARKET, "03-27 10:00").await;
    assert!(!has(&world, RuleCode::Dup01, second).await, "each record has one visit");

    let mut operator = world.signed_in("operator").await;
    let path = format!("/console/enterprises/{given_up}/merge");
    operator.get(&path).await.expect(200, "保留哪一条记录");
    operator.get(&format!("{path}?other=91500000MA5U000021")).await.expect(422, "没有这个信用代码");
    let preview = operator.get(&format!("{path}?other=91500000ma5u000013")).await.expect(200, "青禾精密机械有限公司");
    assert!(preview.text().contains("<dt>报备</dt><dd>2</dd>"), "{}", preview.text());
    assert!(preview.text().contains("数量只有督查人员能看"));

    let into = kept.to_string();
    let wrong = [("into", into.as_str()), ("confirm", "青禾精密机械有限公司")];
    operator.post_form(&path, &wrong).await.expect(422, "和要并入的记录不一致");
    let itself = given_up.to_string();
    operator.post_form(&path, &[("into", &itself), ("confirm", "禾味食品厂")]).await.expect(422, "");
    let right = [("into", into.as_str()), ("confirm", " 禾味 食品厂")];
    operator.submit(&path, &right).await.expect(200, "并入了“禾味食品厂”的记录");
    operator.post_form(&path, &right).await.expect(404, "");

    // Of the two visits within 60 days the one filed later repeats the other.
    assert!(has(&world, RuleCode::Dup01, second).await, "together they repeat");
    assert!(!has(&world, RuleCode::Dup01, first).await);
    let mut tx = app.db.read().await.expect("a connection");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
    assert!(filings::dossier(&mut tx, given_up, day).await.expect("a dossier").is_empty());
    let all = filings::dossier(&mut tx, kept, day).await.expect("a dossier");
    let order: Vec<(FilingId, i64)> = all.iter().map(|r| (r.filing.id, r.filing.seq)).collect();
    assert_eq!(order, [(first, 1), (second, 3), (third, 4)], "the report is the second that was accepted");
    assert_eq!(reports::dossier(&mut tx, kept, day).await.expect("a dossier")[0].report.seq, 2);
    for (id, action) in [(given_up, "enterprise.merged"), (kept, "enterprise.absorbed")] {
        let rows = audit::by_object(&mut tx, id.0).await.expect("an audit");
        let row = rows.iter().find(|row| row.action == action).unwrap_or_else(|| panic!("no {action}"));
        assert!(!row.detail.to_string().contains("report"), "who reads it may not know of reports");
    }
    drop(tx);

    // The code on the wall and the old record lead on.
    let mut anybody = world.test.client();
    anybody.get(&format!("/e/{token}")).await.expect(200, "青禾精密机械有限公司");
    anybody.get("/go/suggest?q=hwsp").await.expect(200, "没有找到");
    let old = operator.get(&format!("/console/enterprises/{given_up}")).await.expect(200, "这条记录已经并入").text();
    assert!(old.contains(&format!("/console/enterprises/{kept}")) && !old.contains("/edit\""), "{old}");
    operator.get(&format!("/console/enterprises/{kept}")).await.expect(200, "并入的记录");
    operator.get(&format!("/console/enterprises/{given_up}/edit")).await.expect(404, "");

    // Whoever still knows the old record files at the enterprise.
    let late = file_at(&world, given_up, MARKET, "04-02 10:00").await;
    let mut tx = app.db.read().await.expect("a connection");
    let found = filings::get(&mut tx, late, filings::Scope::All).await.expect("the store works").expect("a filing");
    assert_eq!((found.filing.enterprise, found.filing.seq > 4), (kept, true));
}

#[tokio::test]
async fn a_merged_record_takes_no_second_merge_and_a_chain_points_at_its_end() {
    let world = World::new().await;
    let ids: Vec<EnterpriseId> = world.test.seed.enterprises.iter().map(|(id, _)| *id).collect();
    let mut operator = world.signed_in("operator").await;
    let merge = |from: EnterpriseId| format!("/console/enterprises/{from}/merge");
    let (second, third) = (ids[1].to_string(), ids[2].to_string());
    operator.submit(&merge(ids[0]), &[("into", &second), ("confirm", "91500000MA5U000013")]).await.expect(200, "禾味");
    operator.submit(&merge(ids[1]), &[("into", &third), ("confirm", "禾味食品厂")]).await.expect(200, "远山");
    let page = operator.get(&format!("/console/enterprises/{}", ids[0])).await.expect(200, "这条记录已经并入").text();
    assert!(page.contains(&format!("/console/enterprises/{third}")), "{page}");
    for token in [world.test.token(0), world.test.token(1)] {
        world.test.client().get(&format!("/e/{token}")).await.expect(200, "远山化工有限公司");
    }
    let page = operator.post_form(&merge(ids[2]), &[("into", &second), ("confirm", "远山化工有限公司")]).await;
    assert_eq!(page.status, 409, "a merged record keeps nothing");
}

/// The PIN's hash of a record.
async fn pin_of(world: &World, id: EnterpriseId) -> Option<String> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    enterprises::get(&mut tx, id).await.expect("read").expect("a record").pin_hash
}

#[tokio::test]
async fn a_survivor_keeps_its_own_pin_and_takes_over_the_others_only_without_one() {
    let world = World::new().await;
    let app = &world.test.app;
    let ids: Vec<EnterpriseId> = world.test.seed.enterprises.iter().map(|(id, _)| *id).collect();
    let set = async |id: EnterpriseId, hash: Option<&str>| {
        let mut tx = app.db.write().await.expect("a transaction");
        enterprises::set_pin(&mut tx, id, hash).await.expect("set");
        tx.commit().await.expect("a commit");
    };
    set(ids[0], Some("known at the door")).await;
    set(ids[1], None).await;
    set(ids[2], Some("of the third")).await;
    let mut operator = world.signed_in("operator").await;
    let merge = |from: EnterpriseId| format!("/console/enterprises/{from}/merge");
    let (second, third) = (ids[1].to_string(), ids[2].to_string());
    operator.submit(&merge(ids[0]), &[("into", &second), ("confirm", "91500000MA5U000013")]).await.expect(200, "禾味");
    assert_eq!(pin_of(&world, ids[1]).await.as_deref(), Some("known at the door"), "it had none of its own");
    assert_eq!(pin_of(&world, ids[0]).await, None, "the pointer has none");
    operator.submit(&merge(ids[1]), &[("into", &third), ("confirm", "禾味食品厂")]).await.expect(200, "远山");
    assert_eq!(pin_of(&world, ids[2]).await.as_deref(), Some("of the third"), "its own is kept");
}

#[tokio::test]
async fn requests_for_an_explanation_move_with_a_merge_and_are_answered_as_before() {
    let cases = Cases::new().await;
    let (given_up, kept) = (cases.world.test.seed.enterprises[0].0, cases.world.test.seed.enterprises[1].0);
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    assert_eq!(request.enterprise, given_up);
    let mut operator = cases.world.signed_in("operator").await;
    let path = format!("/console/enterprises/{given_up}/merge");
    let into = kept.to_string();
    operator.submit(&path, &[("into", &into), ("confirm", "91500000MA5U000013")]).await.expect(200, "禾味食品厂");
    let moved = cases.request(&request.id.to_string()).await;
    assert_eq!((moved.enterprise, moved.state), (kept, request.state));
    assert_eq!(cases.violation(violation.id).await.enterprise, kept);
    // The agency answers what it was asked, and the supervisor reads it at the surviving enterprise.
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "当天是配合消防演练。", &[]).await.location();
    let page = supervisor.get(&format!("/console/explanations/{}", request.id)).await.expect(200, "当天是配合消防演练");
    assert!(
        page.text().contains("对青禾精密机械有限公司的检查"),
        "what was asked stays as it was sent: {}",
        page.text()
    );
    supervisor.get(&format!("/console/violations/{}", violation.id)).await.expect(200, "禾味食品厂");
}
