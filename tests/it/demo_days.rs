//! The made-up year ends on the day on which somebody starts it: whatever stands open on that day, no action may refuse.

use mashang::actions::Settings;
use mashang::demo;
use mashang::domain::day::Zone;

fn settings() -> Settings {
    Settings {
        public_url: "http://127.0.0.1:8080".to_owned(),
        also_hosts: Vec::new(),
        district: demo::DISTRICT.to_owned(),
        hotline: demo::HOTLINE.to_owned(),
        mail_from: "mashang@demo.example".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [7; 32],
    }
}

/// Builds the year as of an instant.
async fn year_up_to(now: &str) {
    let now = now.parse().expect("an instant");
    let folder = tempfile::tempdir().expect("a folder");
    let built = demo::build(&folder.path().join("mashang.db"), settings(), now, |_, _| ()).await;
    let guide = built.unwrap_or_else(|error| panic!("{now}: {error}"));
    assert!(guide.enterprise_url.contains("/e/"));
}

/// On the day of the first, each suspected report without a filing has been asked about: nothing is left to hold for a batch.
#[tokio::test]
async fn the_year_is_made_up_although_all_that_could_be_asked_is_asked() {
    year_up_to("2026-11-25T16:10:00Z").await;
}

#[tokio::test]
async fn the_year_is_made_up_on_a_first_of_january() {
    year_up_to("2026-12-31T16:00:00Z").await;
}

#[tokio::test]
async fn the_year_is_made_up_on_a_no_disturb_day_after_a_long_holiday() {
    year_up_to("2026-10-08T01:00:00Z").await;
}
