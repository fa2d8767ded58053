//! Branches and sites: entering, changing, closing; and noting which one a filing is about.

use crate::console::world::{FIRE, World, at, input};
use crate::support::filing;
use mashang::actions::edit_records::note_site;
use mashang::actions::{Actor, issue_sign};
use mashang::domain::id::FilingId;
use mashang::domain::sign::UnitKind;
use mashang::domain::violation::Subject;
use mashang::storage::signs::Spot;
use mashang::storage::sites::{self, Site};
use mashang::storage::{filings, reports, violations};

async fn stored(world: &World) -> Vec<Site> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    sites::of_enterprise(&mut tx, world.test.seed.enterprises[0].0).await.expect("sites")
}

#[tokio::test]
async fn an_operator_enters_changes_and_closes_a_site() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let page = format!("/console/enterprises/{}", world.test.seed.enterprises[0].0);
    operator.get(&page).await.expect(200, "没有登记分支或经营场所");
    let new = format!("{page}/sites/new");
    let form = operator.get(&new).await.expect(200, "新增场所");
    assert_eq!(input(&form, "town"), "禾口镇", "the enterprise's own town is a good guess");
    let empty = operator.post_form(&new, &[("name", "二分厂"), ("town", "陶家镇"), ("address", " ")]).await;
    assert_eq!(input(&empty.expect(422, "请填写这一项"), "name"), "二分厂");
    let fields = [("name", "二分厂"), ("town", "陶家镇"), ("address", "陶兴路9号")];
    operator.submit(&new, &fields).await.expect(200, "陶兴路9号");

    let site = stored(&world).await.remove(0);
    let edit = format!("/console/sites/{}/edit", site.id);
    let seen = input(&operator.get(&edit).await.expect(200, "二分厂"), "seen");
    let changed = [("seen", seen.as_str()), ("name", "二分厂"), ("town", "陶家镇"), ("address", "陶兴路11号")];
    operator.submit(&edit, &changed).await.expect(200, "陶兴路11号");
    operator.post_form(&edit, &changed).await.expect(422, "别人改了这条记录");
    let active = format!("/console/sites/{}/active", site.id);
    operator.submit(&active, &[("active", "no")]).await.expect(200, "已关闭");
    operator.post_form(&active, &[("active", "no")]).await.expect(409, "");
    operator.post_form(&active, &[("active", "perhaps")]).await.expect(400, "");
    let open = operator.submit(&active, &[("active", "yes")]).await.expect(200, "二分厂").text();
    assert!(!open.contains("已关闭"), "{open}");
    let past = operator.get(&format!("/console/sites/{}/history", site.id)).await.expect(200, "停用").text();
    assert!(past.contains("<del>陶兴路9号</del> → <ins>陶兴路11号</ins>"), "{past}");
}

#[tokio::test]
async fn a_filing_is_about_one_site_of_its_own_enterprise() {
    let world = World::new().await;
    let filed = world.file(FIRE, "03-05 10:00").await;
    let mut operator = world.signed_in("operator").await;
    for (nth, name) in [(0, "二分厂"), (0, "三分厂"), (1, "门店")] {
        let new = format!("/console/enterprises/{}/sites/new", world.test.seed.enterprises[nth].0);
        operator.submit(&new, &[("name", name), ("town", ""), ("address", "某路1号")]).await.expect(200, name);
    }
    let own = stored(&world).await;
    let mut tx = world.test.app.db.write().await.expect("a transaction");
    let foreign = sites::of_enterprise(&mut tx, world.test.seed.enterprises[1].0).await.expect("sites").remove(0);
    let subject = Subject::Filing(filed);
    for (site, noted) in [(&foreign, None), (&own[0], Some(&own[0])), (&own[1], Some(&own[0]))] {
        note_site(&mut tx, subject, Some(site.id)).await.expect("the store works");
        assert_eq!(sites::of_filing(&mut tx, filed).await.expect("the store works").as_ref(), noted);
    }
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn the_code_of_a_site_carries_it_into_the_filing_and_the_report() {
    let world = World::new().await;
    let app = &world.test.app;
    let enterprise = world.test.seed.enterprises[0].0;
    let mut operator = world.signed_in("operator").await;
    let new = format!("/console/enterprises/{enterprise}/sites/new");
    operator.submit(&new, &[("name", "二分厂"), ("town", ""), ("address", "陶兴路9号")]).await.expect(200, "二分厂");
    let site = stored(&world).await.remove(0);
    let spot = Spot { kind: UnitKind::Enterprise, unit: enterprise.0, site: Some(site.id.0), place: String::new() };
    let mut tx = app.db.write().await.expect("a transaction");
    let sign = issue_sign(&mut tx, &app.service, app.clock.now(), &Actor::System, spot).await.expect("a sign");
    tx.commit().await.expect("a commit");
    let code = format!("/e/{}", sign.token);
    let here = "陶兴路9号";

    let mut anybody = world.test.client();
    anybody.get(&code).await.expect(200, here);
    let main = anybody.get(&format!("/e/{}", world.test.token(0))).await.expect(200, "青禾精密机械").text();
    assert!(!main.contains("二分厂"), "the enterprise's own code is at no site");
    let mut phone = world.test.inspector("陈小明").await;
    let path = format!("{code}/file");
    phone.get(&path).await.expect(200, here);
    let fields = filing::fields(&world.test, filing::FRIDAY);
    let sent = filing::review(&mut phone, &path, &fields).await;
    let receipt = phone.post_form(&path, &filing::borrowed(&sent)).await.location();
    let page = phone.get(&receipt).await.expect(200, "二分厂 · 陶兴路9号").text();
    assert_eq!(page.matches("二分厂 · 陶兴路9号").count(), 2, "among the facts and at the door");
    let id = FilingId::parse(receipt.trim_start_matches("/f/")).expect("an id");
    let mut tx = app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, filings::Scope::All).await.expect("the store works").expect("a filing");
    drop(tx);
    anybody.get(&format!("/i/{}", record.inspection_code)).await.expect(200, here);
    let mut liaison = world.signed_in("fire").await;
    liaison.get(&format!("/console/filings/{id}")).await.expect(200, here);

    let agency = world.test.seed.agencies[FIRE].to_string();
    let now = app.clock.now().to_rfc3339();
    let answers = [
        ("submission", "submission-of-a-test-001"),
        ("step", "6"),
        ("go", "send"),
        ("what", "inspection"),
        ("agency", agency.as_str()),
        ("when", "now"),
        ("at", now.as_str()),
    ];
    anybody.get(&format!("{code}/enterprise")).await.expect(200, here);
    anybody.get(&format!("{code}/report")).await.expect(200, here);
    let receipt = anybody.post_form(&format!("{code}/report"), &answers).await.location();
    anybody.get(&receipt).await.expect(200, here);
    let mut tx = app.db.read().await.expect("a connection");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
    let report = reports::dossier(&mut tx, enterprise, day).await.expect("a dossier").remove(0).report.id;
    assert_eq!(
        sites::of_report(&mut tx, report).await.expect("the store works").map(|site| site.name),
        Some("二分厂".into())
    );
    drop(tx);
    app.clock.set(at("03-09 10:00"));
    mashang::jobs::run_due(app, app.clock.now()).await.expect("nobody has filed it");
    let mut supervisor = world.signed_in("reform").await;
    supervisor.get(&format!("/console/reports/{report}")).await.expect(200, here);
    let mut tx = app.db.read().await.expect("a connection");
    let carried = violations::by_subject(&mut tx, Subject::Report(report)).await.expect("the store works");
    drop(tx);
    assert!(!carried.is_empty(), "nobody filed this visit");
    for violation in carried {
        supervisor.get(&format!("/console/violations/{}", violation.id)).await.expect(200, here);
    }
}
