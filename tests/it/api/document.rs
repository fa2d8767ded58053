//! The OpenAPI document says what the router does: every route, every field.

use super::{District, json_of};
use axum::http::Method;
use mashang::web::api::{document::document, routes};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

#[test]
fn every_route_is_in_the_document_and_the_other_way_round() {
    let routed: BTreeSet<(String, String)> =
        routes().iter().map(|route| (route.0.as_str().to_lowercase(), route.1.to_owned())).collect();
    let document = document();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        documented.extend(item.as_object().expect("operations").keys().map(|method| (method.clone(), path.clone())));
    }
    assert_eq!(routed, documented);
}

#[test]
fn every_operation_says_who_may_what_comes_back_and_what_can_go_wrong() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().expect("an id").to_owned()), "{name}");
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
            let open = path.ends_with("openapi.json");
            assert_eq!(responses.contains_key("401"), !open, "{name}");
            assert_eq!(operation["security"].is_array(), !open, "{name}");
            assert_eq!(responses.contains_key("404"), path.contains("{id}"), "{name}");
            let parameters = operation["parameters"].to_string();
            assert_eq!(parameters.contains("IdempotencyKey"), method == "post", "{name}");
            for status in ["409", "413", "415"] {
                assert_eq!(responses.contains_key(status), method != "get", "{name} {status}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, whole: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').expect("a local reference");
                    assert!(whole.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                fields.values().for_each(|field| walk(field, whole));
            }
            Value::Array(values) => values.iter().for_each(|value| walk(value, whole)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
}

/// A body with every documented field, each of a type that no field takes, so that only unknown ones are called unknown.
fn wrong_body(schema: &Value) -> Value {
    let fields = schema["properties"].as_object().expect("fields");
    Value::Object(fields.keys().map(|name| (name.clone(), json!({ "not": "this" }))).collect::<Map<_, _>>())
}

#[tokio::test]
async fn bodies_take_exactly_the_documented_fields_and_need_exactly_the_required_ones() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.disturbing()).await;
    let violations = json_of(&d.get(&d.discipline, "/api/v1/violations").await, 200);
    let document = document();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations").iter().filter(|(method, _)| *method != "get") {
            let schema = operation["requestBody"]["content"]["application/json"]["schema"].to_string();
            let name =
                schema.split("schemas/").nth(1).expect("a reference").split('"').next().expect("a name").to_owned();
            let schema = &document["components"]["schemas"][&name];
            assert_eq!(schema["additionalProperties"], json!(false), "{name}");
            let object = if path.contains("violations") { &violations["items"][0] } else { &filing };
            let url = path.replace("{id}", super::id(object));
            let token = if path.contains("/filings") { &d.token_a } else { &d.discipline };
            let verb = if method == "patch" { Method::PATCH } else { Method::POST };
            let told = json_of(&d.send(verb.clone(), token, &url, Some(&wrong_body(schema)), &[]).await, 422);
            let named: BTreeSet<&str> =
                told["errors"].as_array().expect("a list").iter().filter_map(|e| e["field"].as_str()).collect();
            let fields: BTreeSet<&str> =
                schema["properties"].as_object().expect("fields").keys().map(String::as_str).collect();
            assert_eq!(named, fields, "{method} {path}");
            assert!(!told.to_string().contains("unknown_field"), "{method} {path}: {told}");
            let required: BTreeSet<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if !required.is_empty() {
                let told = json_of(&d.send(verb, token, &url, Some(&json!({})), &[]).await, 422);
                let named: BTreeSet<&str> =
                    told["errors"].as_array().expect("a list").iter().filter_map(|e| e["field"].as_str()).collect();
                assert_eq!(named, required, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn lists_take_exactly_the_documented_parameters() {
    let d = District::new().await;
    let document = document();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(operation) =
            item.get("get").filter(|_| !path.contains("{id}") && path.as_str() != "/api/v1/openapi.json")
        else {
            continue;
        };
        let names: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        // A direction mark is wrong in every parameter.
        let query: Vec<String> = names.iter().map(|name| format!("{name}=%E2%80%AE")).collect();
        let told = json_of(&d.get(&d.discipline, &format!("{path}?{}", query.join("&"))).await, 422);
        let refused: BTreeSet<&str> =
            told["errors"].as_array().expect("a list").iter().filter_map(|e| e["field"].as_str()).collect();
        assert_eq!(refused, names.into_iter().collect(), "{path}");
        assert!(!told.to_string().contains("unknown_parameter"), "{path}: {told}");
    }
}

#[tokio::test]
async fn the_document_is_served_without_a_token() {
    let d = District::new().await;
    let answer = d.get("", "/api/v1/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(json_of(&answer, 200), document());
}
