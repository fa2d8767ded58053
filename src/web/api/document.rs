//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them said once: token, idempotency key, refusals.

use super::problem::{MEDIA_TYPE, Problem};
use super::{enterprises, filing_changes, filing_draft, filings, registries, stats, violations, visit_reports};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::OpenApi;

/// Where the document is.
pub const PATH: &str = "/api/v1/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mashang 码上报备",
        version = "1",
        description = "Inspection filings of a district, judged against the no-disturb calendar and the repetition rules.\n\n\
            Send a bearer token with each request. An agency's token sees and changes its own filings, and learns nothing that rests \
            on reports of enterprises; a supervisor's token sees all filings and violations of the jurisdiction.\n\n\
            References are ids (UUID), but inspectors are certificate numbers. Instants are RFC 3339 with an offset; answers give them \
            in UTC. Dates are local dates of the jurisdiction.\n\n\
            Filings, what follows them, and single objects have no limit. Lists and figures of one token are read eight at a time; one that \
            finds no place within a second is answered with 429. Wrong tokens of one network are answered with 429 beyond sixty, then one a \
            second.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server.")),
    tags(
        (name = "filings", description = "Filings (报备) and the course of the visit."),
        (name = "visit reports", description = "What enterprises report (企业上报); supervisors only."),
        (name = "violations", description = "What the rules suspect, and what supervisors decide; supervisors only."),
        (name = "registries", description = "Agencies, matters, inspectors, enterprises."),
        (name = "stats", description = "The figures of a period.")
    ),
    paths(
        filing_draft::check, filing_draft::post, filings::list, filings::get, filing_changes::patch,
        filing_changes::post_arrive, filing_changes::post_leave, filing_changes::post_result,
        filing_changes::post_cancel, visit_reports::post, violations::list, violations::get, violations::confirm,
        violations::dismiss, enterprises::list, registries::agencies, registries::matters, registries::inspectors,
        stats::get, get
    ),
    components(schemas(Problem))
)]
struct Api;

/// The schemas of bodies: an unknown field is refused.
const BODIES: &[&str] =
    &["FilingDraft", "Step", "ResultStep", "CancelStep", "FilingChange", "VisitReport", "Confirmation", "Dismissal"];

/// Refusals by status, with what they mean.
const REFUSALS: &[(u16, &str)] = &[
    (400, "The request or its JSON is malformed."),
    (401, "No valid token."),
    (403, "The token's role does not allow it."),
    (404, "There is no such resource, or not for this token."),
    (408, "It took too long."),
    (409, "The object's state or version does not allow it, or the Idempotency-Key was used for another request."),
    (413, "The body is larger than 64 KiB."),
    (415, "The body is not application/json."),
    (421, "The host is none of this server."),
    (422, "Values are wrong; each is told."),
    (429, "Too many at a time, or too many wrong tokens; come again when Retry-After says."),
    (500, "Something failed inside."),
    (503, "The service is not available now."),
];

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// The document as a JSON value.
///
/// # Panics
/// Never: the document is plain data, and a test writes it.
#[must_use]
pub fn document() -> Value {
    let mut document = serde_json::to_value(Api::openapi()).expect("the document is plain data");
    let components = &mut document["components"];
    components["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "`mashang token create` makes one." }
    });
    components["parameters"] = json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key and body give the same answer, however often it is sent; another body gives 409.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            "example": "b5f0c9d2-5a1f-4c52-8d52-0d3f6a0f2a10"
        }
    });
    components["responses"] = refusals();
    for name in BODIES {
        components["schemas"][name]["additionalProperties"] = json!(false);
    }
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    document
}

/// The refusals as components: `Problem422` and so on.
fn refusals() -> Value {
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    let mut all = Map::new();
    for (status, words) in REFUSALS {
        let mut response = json!({ "description": words, "content": { MEDIA_TYPE: schema } });
        if *status == 401 {
            response["headers"] = json!({ "WWW-Authenticate": { "required": true, "schema": { "type": "string" } } });
        }
        if *status == 429 {
            let schema = json!({ "type": "integer", "minimum": 1 });
            let words = "Seconds to wait.";
            response["headers"] =
                json!({ "Retry-After": { "required": true, "description": words, "schema": schema } });
        }
        all.insert(format!("Problem{status}"), response);
    }
    Value::Object(all)
}

/// Adds to an operation what holds for all of its kind.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let is_open = path == PATH;
    if !is_open {
        operation["security"] = json!([{ "token": [] }]);
    }
    let (has_body, has_id) = (method != "get", path.contains("{id}"));
    if method == "post" {
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
    for (status, _) in REFUSALS {
        let applies = match status {
            401 | 422 | 429 => !is_open,
            403 => !is_open && !has_id,
            404 => has_id,
            409 | 413 | 415 => has_body,
            _ => true,
        };
        if applies {
            let reference = json!({ "$ref": format!("#/components/responses/Problem{status}") });
            operation["responses"][status.to_string()] = reference;
        }
    }
}

/// Read this document
///
/// The OpenAPI document; needs no token.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", operation_id = "readDocument", tag = "document",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object))
)]
pub(super) async fn get() -> Response {
    let mut response = DOCUMENT.as_str().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
