//! The public calendar, as a page and as a file.

use crate::enterprise_world::{World, at};
use chrono::NaiveDate;
use mashang::domain::id::PolicyId;
use mashang::domain::policy::{Policy, PolicyVersion};
use mashang::storage::registries;

#[tokio::test]
async fn six_months_are_shown_with_quiet_days_holidays_and_make_up_days() {
    let world = World::new().await;
    let mut client = world.app.client();
    let page = client.get("/calendar").await.expect(200, "今天不是无扰日").expect(200, "下一个无扰日是 3月8日（周日）");
    let text = page.text();
    for month in ["2026年3月", "2026年4月", "2026年8月"] {
        assert!(text.contains(month), "{month}");
    }
    assert!(!text.contains("2026年9月"));
    assert_eq!(
        text.matches("静</small>").count()
            + text.matches("静·休</small>").count()
            + text.matches("静·班</small>").count(),
        6 * 16
    );
    assert!(text.contains("<td class=\"today\">3<"), "today is marked");
    assert!(text.contains("清明"), "holidays have their names");
    assert!(text.contains("班</small>"), "the make-up day of May is marked");
    assert!(!text.contains("放假安排还没有公布"));
    client.language = "en";
    client.get("/calendar").await.expect(200, "No-disturb calendar").expect(200, "next no-disturb day is Sun 8 Mar");
}

#[tokio::test]
async fn beyond_the_table_of_holidays_a_banner_says_so() {
    let world = World::new().await;
    world.app.app.clock.set(at("07-31 23:59"));
    let mut client = world.app.client();
    assert!(!client.get("/calendar").await.text().contains("放假安排还没有公布"), "December is in the table");
    world.app.app.clock.set(at("08-01 00:00"));
    client.get("/calendar").await.expect(200, "2027 年的放假安排还没有公布");
}

#[tokio::test]
async fn a_policy_that_begins_within_the_months_is_respected_day_by_day() {
    let world = World::new().await;
    let app = &world.app.app;
    let mut policy = Policy::default();
    policy.no_disturb.ranges = vec![(1, 2)];
    policy.no_disturb.extra.insert(NaiveDate::from_ymd_opt(2026, 4, 30).expect("a date"));
    let from = NaiveDate::from_ymd_opt(2026, 3, 16).expect("a date");
    let version = PolicyVersion::new(PolicyId(app.service.ids.uuid(app.clock.now())), from, policy);
    let mut tx = app.db.write().await.expect("a transaction");
    registries::insert_policy(&mut tx, &version, "", None, app.clock.now()).await.expect("a policy");
    registries::bump(&mut tx).await.expect("a version");
    tx.commit().await.expect("a commit");
    let runs = runs(&world.app.client().get("/calendar.ics").await.text());
    let expected = [
        ("20260308", "20260316"),
        ("20260401", "20260403"),
        // The last of April joins the first two of May.
        ("20260430", "20260503"),
        ("20260601", "20260603"),
        ("20260701", "20260703"),
        ("20260801", "20260803"),
    ];
    assert_eq!(runs, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

/// Start and end of each event.
fn runs(file: &str) -> Vec<(String, String)> {
    let values = |name: &str| -> Vec<String> {
        file.lines().filter_map(|line| line.strip_prefix(name)).map(|date| date.trim().to_owned()).collect()
    };
    values("DTSTART;VALUE=DATE:").into_iter().zip(values("DTEND;VALUE=DATE:")).collect()
}

#[tokio::test]
async fn the_file_is_a_calendar_with_the_same_identities_each_day() {
    let world = World::new().await;
    let mut client = world.app.client();
    let answer = client.get("/calendar.ics").await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "folded at 75 octets, CRLF only");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 6);
    assert_eq!(text.matches("DTSTAMP:20260303T020000Z").count(), 6);
    assert_eq!(runs(&text)[0], ("20260308".to_owned(), "20260324".to_owned()));
    assert!(text.contains("UID:no-disturb-2026-03-08@mashang.test"));
    // In the middle of the run it is still the same event.
    world.app.app.clock.set(at("03-20 08:00"));
    assert!(client.get("/calendar.ics").await.text().contains("UID:no-disturb-2026-03-08@mashang.test"));
    let parsed: icalendar::Calendar = text.parse().expect("a calendar");
    assert_eq!(parsed.components.len(), 6);
}
