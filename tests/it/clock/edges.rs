//! 29 February, the turn of a year, and the first and last instant of a no-disturb period, from the form to the month's report.

use super::{at, file, id_of, raised, stored};
use crate::console::world::World;
use crate::figures_out::{made, words};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;

/// How many filings the internal report of a month counts.
async fn counted(world: &World, month: &str) -> String {
    jobs::run_due(&world.test.app, world.test.app.clock.now()).await.expect("what fell due");
    jobs::fold_figures(&world.test.app).await.expect("folded");
    let asked = [("month", month), ("reader", "internal"), ("paper", "docx")];
    let text = words(made(world, "discipline", "/console/monthly", &asked).await.1);
    let rest = text.split("报备入企检查").nth(1).unwrap_or_else(|| panic!("no count in {text}"));
    rest.split('次').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn on_29_february_a_visit_is_filed_done_and_counted_in_its_month() {
    let world = World::new().await;
    let app = &world.test;
    app.app.clock.set(at("2028-02-28 10:00"));
    let mut phone = app.inspector("陈小明").await;
    let day = [("when", "day"), ("date", "2028-02-29"), ("planned_start", "09:00"), ("planned_end", "11:00")];
    let receipt = file(app, &mut phone, 1, &day).await;
    phone.get(&receipt).await.expect(200, "2月29日（周二）09:00–11:00");
    let id = id_of(&receipt);
    assert!(!raised(app, Subject::Filing(id)).await.contains(&RuleCode::Ndd01), "an open day");
    assert_eq!(stored(app, id).await.filing.first_day(app.app.service.settings.zone).to_string(), "2028-02-29");

    app.app.clock.set(at("2028-02-29 09:02"));
    let mut phone = app.inspector("陈小明").await;
    phone.post_form(&format!("{receipt}/arrive"), &[]).await.location();
    app.app.clock.set(at("2028-02-29 10:30"));
    phone.submit(&format!("{receipt}/leave"), &[("result", "no_problem")]).await.expect(200, "已完成");
    app.client().get("/calendar").await.expect(200, "2028年2月").expect(200, "<td class=\"today\">29<");
    let mut supervisor = world.signed_in("discipline").await;
    let panel = supervisor.get("/console/dashboard?from=2028-02-29&to=2028-02-29").await;
    assert_eq!(panel.status, 200);
    let listed = supervisor.get("/console/filings?from=2028-02-29&to=2028-02-29").await;
    listed.expect(200, &id.to_string());

    app.app.clock.set(at("2028-03-01 09:00"));
    assert_eq!(counted(&world, "2028-02").await, "1");
    assert_eq!(counted(&world, "2028-03").await, "0");
    // A day that is no day is asked about.
    let mut phone = app.inspector("陈小明").await;
    app.app.clock.set(at("2029-02-28 10:00"));
    let path = format!("/e/{}/file", app.token(0));
    let wrong =
        crate::support::filing::fields(app, &[("when", "day"), ("date", "2029-02-29"), ("planned_start", "09:00")]);
    let answer = phone.post_form(&path, &crate::support::filing::borrowed(&wrong)).await;
    assert!(answer.status == 422 || answer.location().starts_with("/pin"), "{}", answer.text());
}

#[tokio::test]
async fn a_visit_over_the_turn_of_the_year_is_one_of_the_year_in_which_it_begins() {
    let world = World::new().await;
    let app = &world.test;
    app.app.clock.set(at("2026-12-31 10:00"));
    let mut phone = app.inspector("陈小明").await;
    let night = [("when", "day"), ("date", "2026-12-31"), ("planned_start", "23:30"), ("planned_end", "01:30")];
    let receipt = file(app, &mut phone, 1, &night).await;
    phone.get(&receipt).await.expect(200, "12月31日（周四）23:30").expect(200, "1月1日（周五）01:30");
    let filing = stored(app, id_of(&receipt)).await.filing;
    assert_eq!(filing.planned.start(), at("2026-12-31 23:30"));
    assert_eq!(filing.planned.end(), at("2027-01-01 01:30"));

    app.app.clock.set(at("2026-12-31 23:35"));
    let mut phone = app.inspector("陈小明").await;
    phone.post_form(&format!("{receipt}/arrive"), &[]).await.location();
    app.app.clock.set(at("2027-01-01 00:50"));
    phone.submit(&format!("{receipt}/leave"), &[("result", "no_problem")]).await.expect(200, "已完成");
    // The first visit of the new year, in its first minute.
    app.app.clock.set(at("2027-01-01 00:00"));
    let first = file(app, &mut phone, 2, &[("when", "now"), ("planned_end", "01:00")]).await;
    let zone = app.app.service.settings.zone;
    assert_eq!(stored(app, id_of(&first)).await.filing.first_day(zone).to_string(), "2027-01-01");

    app.app.clock.set(at("2027-01-04 09:00"));
    assert_eq!(counted(&world, "2026-12").await, "1");
    assert_eq!(counted(&world, "2027-01").await, "1");
    let mut supervisor = world.signed_in("discipline").await;
    for (day, here, elsewhere) in [("2026-12-31", &receipt, &first), ("2027-01-01", &first, &receipt)] {
        let list = supervisor
            .get(&format!("/console/filings?from={day}&to={day}"))
            .await
            .expect(200, &id_of(here).to_string());
        assert!(!list.text().contains(&id_of(elsewhere).to_string()), "{day}");
    }
}

#[tokio::test]
async fn both_ends_of_a_no_disturb_period_are_those_of_the_local_day() {
    let world = World::new().await;
    let app = &world.test;
    let mut phone = app.inspector("陈小明").await;
    let cases = [
        ("2026-03-07", "22:00", "00:00", false),
        ("2026-03-07", "22:00", "00:01", true),
        ("2026-03-08", "00:00", "02:00", true),
        ("2026-03-23", "23:59", "00:30", true),
        ("2026-03-24", "00:00", "02:00", false),
        ("2026-04-07", "22:00", "00:00", false),
        ("2026-04-23", "23:59", "00:30", true),
    ];
    for (number, (date, start, end, quiet)) in (1..).zip(cases) {
        let times = [("when", "day"), ("date", date), ("planned_start", start), ("planned_end", end)];
        let receipt = file(app, &mut phone, number, &times).await;
        let found = raised(app, Subject::Filing(id_of(&receipt))).await.contains(&RuleCode::Ndd01);
        assert_eq!(found, quiet, "{date} {start}–{end}");
    }
}
