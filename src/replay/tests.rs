//! Small histories, end to end.

use super::{History, replay};

const REGISTRY: &str = r#"
{"type":"agency","ref":"A1","name":"区应急管理局"}
{"type":"matter","ref":"M1","agency":"A1","name":"危险化学品储存使用安全检查","group":"危化品储存","published_from":"2023-01-01"}
{"type":"inspector","cert_no":"1","name":"甲","agency":"A1","valid_from":"2023-01-01"}
{"type":"inspector","cert_no":"2","name":"乙","agency":"A1","valid_from":"2023-01-01"}
{"type":"enterprise","ref":"E1","uscc":"91500107MAYPBPC761","name":"重庆长岭商贸有限公司"}
{"type":"supervisor","email":"jiwei@jlp.example"}
"#;

fn run(events: &str) -> Vec<String> {
    let history = History::parse(format!("{REGISTRY}{events}").as_bytes()).expect("well formed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let outcomes = runtime.block_on(replay(&history, None, |_| ())).expect("replayed");
    outcomes.iter().map(|o| serde_json::to_string(o).expect("JSON")).collect()
}

fn error(events: &str) -> String {
    let history = match History::parse(format!("{REGISTRY}{events}").as_bytes()) {
        Err(error) => return error.to_string(),
        Ok(history) => history,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(replay(&history, None, |_| ())).expect_err("malformed").to_string()
}

const FILE: &str = r#"{"type":"file","at":"2026-03-02T09:00:00+08:00","ref":"F1","agency":"A1","enterprise":"E1","kind":"daily","matters":["M1"],"inspectors":["1","2"],"planned_start":"2026-03-16T09:00:00+08:00","planned_end":"2026-03-16T11:00:00+08:00"}
"#;

#[test]
fn a_filing_on_a_no_disturb_day_is_suspected_and_worse_once_executed() {
    assert_eq!(run(FILE), [r#"{"rule":"NDD-01","subject":"F1","severity":2,"state":"suspected","evidence":[]}"#]);
    let arrived = format!("{FILE}{}", r#"{"type":"arrive","at":"2026-03-16T09:05:00+08:00","ref":"F1"}"#);
    assert_eq!(run(&arrived), [r#"{"rule":"NDD-01","subject":"F1","severity":3,"state":"suspected","evidence":[]}"#]);
}

#[test]
fn a_report_without_filing_rises_at_its_deadline_and_clears_by_a_late_filing() {
    let report = r#"{"type":"report","at":"2026-03-25T10:00:00+08:00","ref":"R1","enterprise":"E1","agency":"A1","arrived_at":"2026-03-25T09:10:00+08:00","verified":true}
"#;
    let before = format!("{report}{}", r#"{"type":"clock","at":"2026-03-30T23:59:59+08:00"}"#);
    assert_eq!(run(&before), [r#"{"rule":"FIL-04","subject":"R1","severity":1,"state":"suspected","evidence":[]}"#]);
    let after = format!("{report}{}", r#"{"type":"clock","at":"2026-03-31T00:00:00+08:00"}"#);
    assert_eq!(run(&after), [r#"{"rule":"FIL-04","subject":"R1","severity":3,"state":"suspected","evidence":[]}"#]);
}

#[test]
fn a_malformed_line_names_line_and_field() {
    assert_eq!(error("{\"type\":\"clock\"}"), "line 8, field `at`: missing");
    assert!(error(&FILE.replace("\"kind\":\"daily\"", "\"kind\":\"weekly\"")).starts_with("line 8, field `kind`:"));
    assert!(error(&FILE.replace("\"ref\":\"F1\",", "")).starts_with("line 8, field `ref`:"));
    assert!(
        error(&FILE.replace("\"matters\":[\"M1\"]", "\"matters\":[\"M9\"]")).starts_with("line 8, field `matters`:")
    );
    assert!(error(&FILE.replace("2026-03-16T11", "2026-03-16T09")).starts_with("line 8, field `planned_end`:"));
    assert!(error(&FILE.replace("\"kind\"", "\"purpose\":1,\"kind\"")).starts_with("line 8, field `purpose`:"));
    assert!(error(&format!("{FILE}{FILE}")).starts_with("line 9, field `ref`:"));
    assert!(
        error(&FILE.replace("2026-03-16T09:00:00+08:00", "2026-03-16T09:00:00"))
            .starts_with("line 8, field `planned_start`:")
    );
    assert!(
        error("{\"type\":\"policy\",\"effective_from\":\"2026-01-01\",\"rules\":{\"DUP-01\":{\"dayz\":1}}}")
            .contains("dayz")
    );
}
