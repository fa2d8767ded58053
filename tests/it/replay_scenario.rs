//! The 2024 scenario: 234 records from 17 units, in which the rules find 63 problems at 7 units.

use mashang::replay::{History, Outcome, replay};
use std::collections::{HashMap, HashSet};

const SCENARIO: &[u8] = include_bytes!("../data/scenario-2024.jsonl");

/// Which agency each filing and report of the scenario is about, by the scenario's own names.
fn agencies() -> HashMap<String, String> {
    let text = std::str::from_utf8(SCENARIO).expect("the scenario is well formed");
    let lines =
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("the scenario is well formed"));
    lines
        .filter(|line| ["file", "report"].contains(&line["type"].as_str().expect("the scenario is well formed")))
        .map(|line| {
            (
                line["ref"].as_str().expect("the scenario is well formed").to_owned(),
                line["agency"].as_str().expect("the scenario is well formed").to_owned(),
            )
        })
        .collect()
}

async fn outcomes(mails: Option<&std::path::Path>) -> Vec<Outcome> {
    replay(&History::parse(SCENARIO).expect("the scenario is well formed"), mails, |_| ())
        .await
        .expect("the scenario is well formed")
}

#[tokio::test]
async fn the_scenario_of_2024_has_63_problems_at_7_units() {
    let agencies = agencies();
    assert_eq!(agencies.len(), 234);
    assert_eq!(agencies.values().collect::<HashSet<_>>().len(), 17);
    let problems: Vec<_> = outcomes(None).await.into_iter().filter(|o| o.severity >= 2).collect();
    assert_eq!(problems.len(), 63);
    let units: HashSet<_> = problems.iter().map(|o| &agencies[&o.subject]).collect();
    assert_eq!(units.len(), 7);
}

#[tokio::test]
async fn replaying_twice_gives_the_same_lines_in_the_order_of_subject_and_rule() {
    let first = outcomes(None).await;
    assert_eq!(first, outcomes(None).await);
    let keys: Vec<_> = first.iter().map(|o| (o.subject.clone(), o.rule.as_str())).collect();
    assert!(keys.is_sorted());
}

#[tokio::test]
async fn each_problem_reaches_the_supervisor_by_mail() {
    let folder = tempfile::tempdir().expect("the scenario is well formed");
    let problems = outcomes(Some(folder.path())).await.iter().filter(|o| o.severity >= 2).count();
    let mails = std::fs::read_dir(folder.path()).expect("the scenario is well formed").filter(|entry| {
        entry
            .as_ref()
            .expect("the scenario is well formed")
            .path()
            .extension()
            .is_some_and(|extension| extension == "eml")
    });
    let mails = mails.count();
    // What came at night or on a rest day is gathered, so there are fewer mails than problems, but not many fewer.
    assert!(mails > problems / 2 && mails <= problems, "{mails} mails for {problems} problems");
}
