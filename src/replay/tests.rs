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

/// The same registry with one line in the place of another.
fn registry_error(line: &str, instead: &str) -> String {
    assert!(REGISTRY.contains(line), "{line}");
    let history = match History::parse(REGISTRY.replace(line, instead).as_bytes()) {
        Err(error) => return error.to_string(),
        Ok(history) => history,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(replay(&history, None, |_| ())).expect_err("malformed").to_string()
}

#[test]
fn names_and_dates_of_a_registry_are_read_as_an_import_reads_them() {
    let long = "长".repeat(101);
    for (line, instead, expected) in [
        ("区应急管理局", "区\\u202e局", "line 2, field `name`: has an invisible direction mark at position 2"),
        ("区应急管理局", "区\\u0007局", "line 2, field `name`: has a control character at position 2"),
        ("区应急管理局", " ", "line 2, field `name`: is empty"),
        ("区应急管理局\"", "区应急管理局\",\"areas\":[\"\"]", "line 2, field `areas`: is empty"),
        ("区应急管理局", long.as_str(), "line 2, field `name`: has 101 characters, at most 100 are allowed"),
        ("危化品储存", "危\\u0000", "line 3, field `group`: has a control character at position 2"),
        (
            "2023-01-01\"}\n{\"type\":\"inspector\",\"cert_no\":\"1\"",
            "2023-01-01\",\"published_to\":\"2022-12-31\"}\n{\"type\":\"inspector\",\"cert_no\":\"1\"",
            "line 3, field `published_to`: is before `published_from`",
        ),
        (
            "\"cert_no\":\"1\"",
            "\"cert_no\":\"1\",\"valid_to\":\"2022-12-31\"",
            "line 4, field `valid_to`: is before `valid_from`",
        ),
        (
            "\"cert_no\":\"1\"",
            "\"cert_no\":\"1\",\"valid_to\":\"+12345-01-01\"",
            "line 4, field `valid_to`: is not a day of the calendar",
        ),
        ("\"cert_no\":\"1\"", "\"cert_no\":\" \"", "line 4, field `cert_no`: is empty"),
        ("\"cert_no\":\"1\"", "\"cert_no\":\"２ \"", "line 5, field `cert_no`: `2` was used on line 4 already"),
        (
            "\"name\":\"乙\"",
            "\"name\":\"乙\\ufffd\"",
            "line 5, field `name`: has an unreadable character at position 2",
        ),
        ("重庆长岭商贸有限公司", "", "line 6, field `name`: is empty"),
        (
            "\"ref\":\"E1\"",
            "\"ref\":\"E1\",\"town\":\"a\\nb\"",
            "line 6, field `town`: has a control character at position 2",
        ),
    ] {
        assert_eq!(registry_error(line, instead), expected);
    }
    // What is open-ended in words, and days that are equal, are as good as before.
    let history = REGISTRY.replace("\"cert_no\":\"1\"", "\"cert_no\":\"1\",\"valid_to\":\"9999-12-31\"");
    let history = history.replace("\"cert_no\":\"2\"", "\"cert_no\":\"2\",\"valid_to\":\"2023-01-01\"");
    let history = History::parse(history.replace("危化品储存", "").as_bytes()).expect("well formed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(replay(&history, None, |_| ())).expect("replayed");
}

#[test]
fn a_matter_that_stands_there_twice_is_named() {
    let matter = REGISTRY.lines().nth(2).expect("the matter");
    let twice = format!("{matter}\n{}", matter.replace("M1", "M2"));
    let expected = "line 4, field `name`: `危险化学品储存使用安全检查` was used on line 3 already";
    assert_eq!(registry_error(matter, &twice), expected);
}

#[test]
fn a_name_stands_for_one_filing_or_one_report() {
    let report = r#"{"type":"report","at":"2026-03-25T10:00:00+08:00","ref":"F1","enterprise":"E1","agency":"A1","arrived_at":"2026-03-25T09:10:00+08:00","verified":true}
"#;
    let expected = "line 9, field `ref`: `F1` is defined twice";
    assert_eq!(error(&format!("{FILE}{report}")), expected);
    let earlier = report.replace("2026-03-25", "2026-03-01");
    assert_eq!(error(&format!("{earlier}{FILE}")), expected);
    assert_eq!(error(&format!("{earlier}{earlier}")), expected);
}

#[test]
fn a_key_that_stands_twice_in_a_line_is_refused() {
    let twice = FILE.replace("\"ref\":\"F1\"", "\"ref\":\"F1\",\"ref\":\"F1\"");
    assert_eq!(error(&twice), "line 8, field `ref`: stands there twice");
    let clock = r#"{"type":"clock","type":"clock","at":"2026-03-25T10:00:00+08:00"}"#;
    assert_eq!(error(clock), "line 8, field `type`: stands there twice");
    let policy = r#"{"type":"policy","effective_from":"2026-01-01","rules":{"DUP-01":{"days":1,"days":2}}}"#;
    assert_eq!(error(policy), "line 8, field `rules.DUP-01.days`: stands there twice");
    assert!(error("{\"type\":\"clock\"").starts_with("line 8, field `(line)`: not a JSON object"));
    assert!(error("{\"type\":\"clock\"} {}").starts_with("line 8, field `(line)`: not a JSON object"));
    assert!(error("[1]").starts_with("line 8, field `(line)`: not a JSON object"));
}

#[test]
fn certificates_and_joint_groups_are_the_same_however_they_are_typed() {
    let open = FILE.replace("2026-03-16", "2026-03-26");
    let registry = REGISTRY.replace("\"cert_no\":\"1\"", "\"cert_no\":\"ａb 1\"");
    let first = open.replace("[\"1\",\"2\"]", "[\"AB1\",\"２\"],\"joint_group\":\"安全 联检１\"");
    let second = open.replace("[\"1\",\"2\"]", "[\"ａｂ１\",\" 2\"],\"joint_group\":\"安全联检1\"").replace("F1", "F2");
    let history = History::parse(format!("{registry}{first}{second}").as_bytes()).expect("well formed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let outcomes = runtime.block_on(replay(&history, None, |_| ())).expect("replayed");
    assert_eq!(outcomes, []);
    let blank = second.replace("安全联检1", " ");
    assert_eq!(
        run(&format!("{open}{}", blank.replace("ａｂ１", "1"))).len(),
        2,
        "DUP-01 and DUP-03: no name, no group"
    );
}

#[test]
fn a_list_is_no_object_and_an_object_is_no_word() {
    let policy = |key: &str| error(&format!(r#"{{"type":"policy","effective_from":"2026-01-01",{key}}}"#));
    for (key, field) in [
        (r#""rules":[[false]]"#, "rules"),
        (r#""rules":{"NDD-01":[false]}"#, "rules.NDD-01"),
        (r#""rules":{"FRQ-01":{"by_class":[0,0,0,0]}}"#, "rules.FRQ-01.by_class"),
        (r#""no_disturb":[[],[],[],[]]"#, "no_disturb"),
    ] {
        assert_eq!(policy(key), format!("line 8, field `{field}`: a list, where an object is meant"));
    }
    assert!(policy(r#""phase":{"at_visit":null}"#).starts_with("line 8, field `phase`: invalid type: map"));
    let kind = FILE.replace(r#""kind":"daily""#, r#""kind":{"service_visit":null}"#);
    assert!(error(&kind).starts_with("line 8, field `kind`: invalid type: map"), "{}", error(&kind));
}

#[test]
fn an_error_names_the_field_that_the_line_has() {
    let result =
        r#"{"type":"result","ref":"F1","at":"2026-03-17T10:00:00+08:00","result":"other","matters_inspected":["ZZ"]}"#;
    let history = History::parse(format!("{REGISTRY}{FILE}{result}\n").as_bytes()).expect("well formed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let error = runtime.block_on(replay(&history, None, |_| ())).expect_err("refused").to_string();
    assert!(error.contains("field `matters_inspected`"), "{error}");
}

#[test]
fn a_policy_may_name_rules_that_are_not_judged() {
    let policy = r#"{"type":"policy","effective_from":"2026-01-01","rules":{"JNT-01":{"enabled":false},"RES-02":{"enabled":true,"working_days":20},"FIL-06":{},"CRD-01":{"enabled":true},"NDD-01":{"enabled":false}}}
"#;
    assert_eq!(run(&format!("{policy}{FILE}")), Vec::<String>::new());
}
