//! A server for `tests/api/schemathesis.sh`: a small district over HTTP, until it is killed. No test by itself.

use super::{District, json_of};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "serves until it is killed, for tests/api/schemathesis.sh"]
async fn serve_for_fuzzing() {
    let out =
        std::env::var("MASHANG_FUZZ_OUT").expect("MASHANG_FUZZ_OUT names the file that tells where the server is");
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.fine()).await;
    d.file(&d.token_a, &d.disturbing()).await;
    let violations = json_of(&d.get(&d.discipline, "/api/v1/violations").await, 200);
    json_of(&d.post(&d.discipline, "/api/v1/visit-reports", &d.unfiled_visit()).await, 201);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let told = json!({
        "url": url, "agency_token": d.token_a, "supervisor_token": d.discipline, "agency": d.a, "enterprise": d.enterprise,
        "matter": d.matter_a, "filing": filing["id"], "violation": violations["items"][0]["id"],
    });
    // Written beside and renamed, so that nobody reads half of it.
    std::fs::write(format!("{out}.new"), told.to_string()).expect("written");
    std::fs::rename(format!("{out}.new"), &out).expect("renamed");
    mashang::web::serve::serve(listener, d.router.clone(), std::future::pending()).await.expect("served");
}
