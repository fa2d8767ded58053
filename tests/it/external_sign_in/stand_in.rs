//! Providers of our own on a port of this machine: OpenID Connect, 企业微信 and 政务钉钉, as far as a sign-in meets them, with faults to order.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use mashang::clock::Clock;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;

pub type Fields = HashMap<String, String>;

/// What is changed of the header and the claims of a token.
pub type Twist = fn(&mut Value, &mut Value);

/// This site at the providers.
pub const CLIENT: &str = "mashang";
/// With a character that a header has to have encoded.
pub const SECRET: &str = "a+secret:of%the=site";

/// What the providers know, and the faults that a test orders.
pub struct Inner {
    pub url: String,
    clock: Clock,
    key: EcdsaKeyPair,
    /// Changes with the key.
    key_id: String,
    /// Codes that were given out and not used: what the browser was sent with.
    codes: HashMap<String, Fields>,
    /// What userinfo says of the account; `null`: it is out of order.
    pub person: Value,
    /// Changes the header and the claims of the next tokens.
    pub twist: Twist,
    /// Breaks the signature.
    pub break_signature: bool,
    /// Takes the secret in the form alone.
    pub secret_in_form: bool,
    /// What `discovery` says differently.
    pub metadata: Value,
    /// What 企业微信 and 政务钉钉 answer instead of going well, once: by path.
    pub orders: HashMap<&'static str, Vec<Value>>,
    /// The paths that were asked.
    pub asked: Vec<String>,
}

/// The providers, until they are dropped.
pub struct StandIn {
    inner: Arc<Mutex<Inner>>,
    task: tokio::task::JoinHandle<()>,
}

type Shared = State<Arc<Mutex<Inner>>>;

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let made = EcdsaKeyPair::generate_pkcs8(how, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(how, made.as_ref(), &random).expect("a key")
}

impl StandIn {
    pub async fn start(clock: Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let person = json!({ "sub": "u-1", "email": "reform@qh.gov.cn", "email_verified": true });
        let inner = Arc::new(Mutex::new(Inner {
            url,
            clock,
            key: new_key(),
            key_id: "first".to_owned(),
            codes: HashMap::new(),
            person,
            twist: |_, _| (),
            break_signature: false,
            secret_in_form: false,
            metadata: json!({}),
            orders: HashMap::new(),
            asked: Vec::new(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .route("/cgi-bin/gettoken", get(wecom_token))
            .route("/cgi-bin/auth/getuserinfo", get(wecom_member))
            .route("/gettoken.json", get(ding_token))
            .route("/rpc/oauth2/getuserinfo_bycode.json", post(ding_person))
            .with_state(inner.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { inner, task }
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no panic before")
    }

    /// What a browser does at an address of the provider where somebody signs in: it comes back with a code and the state.
    pub fn sign_in(&self, address: &str) -> (String, Fields) {
        let address = url::Url::parse(address).expect("an address");
        let sent: Fields = address.query_pairs().into_owned().collect();
        let mut inner = self.lock();
        let code = format!("code-{}-{}", inner.codes.len(), inner.asked.len());
        inner.codes.insert(code.clone(), sent.clone());
        (code, sent)
    }

    /// Another key signs from now on.
    pub fn change_key(&self, id: &str) {
        let mut inner = self.lock();
        inner.key = new_key();
        id.clone_into(&mut inner.key_id);
    }
}

impl Inner {
    fn order(&mut self, path: &'static str) -> Option<Value> {
        self.asked.push(path.to_owned());
        let orders = self.orders.get_mut(path).filter(|orders| !orders.is_empty())?;
        Some(orders.remove(0))
    }
}

fn lock(State(inner): &Shared) -> MutexGuard<'_, Inner> {
    inner.lock().expect("no panic before")
}

async fn discovery(shared: Shared) -> Response {
    let mut inner = lock(&shared);
    inner.asked.push("discovery".to_owned());
    let url = inner.url.clone();
    let methods = if inner.secret_in_form { json!(["client_secret_post"]) } else { json!(["client_secret_basic"]) };
    let mut metadata = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/auth?tenant=qh"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "userinfo_endpoint": format!("{url}/me"),
        "token_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
    });
    for (name, value) in inner.metadata.as_object().expect("an object") {
        metadata[name] = value.clone();
    }
    Json(metadata).into_response()
}

async fn keys(shared: Shared) -> Response {
    let mut inner = lock(&shared);
    inner.asked.push("keys".to_owned());
    let point = inner.key.public_key().as_ref();
    let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
    let key =
        json!({ "kty": "EC", "crv": "P-256", "kid": inner.key_id, "use": "sig", "x": part(1..33), "y": part(33..65) });
    Json(json!({ "keys": [key] })).into_response()
}

async fn token(shared: Shared, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let mut inner = lock(&shared);
    inner.asked.push("token".to_owned());
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)));
    let by_header = headers.get("authorization").is_some_and(|value| value == &format!("Basic {pair}"));
    let by_form =
        form.get("client_id").is_some_and(|id| id == CLIENT) && form.get("client_secret").is_some_and(|s| s == SECRET);
    if if inner.secret_in_form { !by_form || headers.contains_key("authorization") } else { !by_header } {
        return refused("invalid_client");
    }
    let Some(sent) = form.get("code").and_then(|code| inner.codes.remove(code)) else {
        return refused("invalid_grant");
    };
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(form.get("code_verifier").expect("a verifier")));
    if proof != sent["code_challenge"]
        || form["redirect_uri"] != sent["redirect_uri"]
        || form["grant_type"] != "authorization_code"
    {
        return refused("invalid_grant");
    }
    let now = inner.clock.now().timestamp();
    let mut header = json!({ "alg": "ES256", "kid": inner.key_id });
    let mut claims = json!({
        "iss": inner.url, "aud": CLIENT, "sub": "u-1", "nonce": sent["nonce"], "iat": now, "exp": now + 300,
    });
    (inner.twist)(&mut header, &mut claims);
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = match header["alg"].as_str() {
        Some("none") => Vec::new(),
        _ => inner.key.sign(&SystemRandom::new(), text.as_bytes()).expect("signed").as_ref().to_vec(),
    };
    if inner.break_signature {
        signature[7] ^= 1;
    }
    let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature));
    Json(json!({ "access_token": "for-userinfo", "token_type": "Bearer", "id_token": token })).into_response()
}

async fn me(shared: Shared, headers: HeaderMap) -> Response {
    let mut inner = lock(&shared);
    inner.asked.push("userinfo".to_owned());
    let may = headers.get("authorization").is_some_and(|value| value == "Bearer for-userinfo");
    match (may, inner.person.is_null()) {
        (true, false) => Json(inner.person.clone()).into_response(),
        (true, true) => StatusCode::BAD_GATEWAY.into_response(),
        (false, _) => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn wecom_token(shared: Shared, Query(query): Query<Fields>) -> Json<Value> {
    let mut inner = lock(&shared);
    if let Some(order) = inner.order("/cgi-bin/gettoken") {
        return Json(order);
    }
    match (query["corpid"].as_str(), query["corpsecret"].as_str()) {
        (CLIENT, SECRET) => {
            let token = format!("t{}", inner.asked.len());
            Json(json!({ "errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200 }))
        }
        (CLIENT, _) => Json(json!({ "errcode": 40001, "errmsg": "invalid credential" })),
        _ => Json(json!({ "errcode": 40013, "errmsg": "invalid corpid" })),
    }
}

async fn wecom_member(shared: Shared, Query(query): Query<Fields>) -> Json<Value> {
    let mut inner = lock(&shared);
    if let Some(order) = inner.order("/cgi-bin/auth/getuserinfo") {
        return Json(order);
    }
    assert!(query["access_token"].starts_with('t'));
    match inner.codes.remove(&query["code"]) {
        Some(_) => Json(json!({ "errcode": 0, "errmsg": "ok", "userid": "ZhouMin" })),
        None => Json(json!({ "errcode": 40029, "errmsg": "invalid code" })),
    }
}

/// Whether a request is signed as the platform wants: computed here in a way of its own.
fn ding_signed(method: &str, uri: &Uri, headers: &HeaderMap, fields: &Fields) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    let (at, once) = (header("X-Hmac-Auth-Timestamp"), header("X-Hmac-Auth-Nonce"));
    let text = [method, at, once, uri.path(), &pairs.join("&")].join("\n");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    header("apiKey") == CLIENT
        && header("X-Hmac-Auth-Version") == "1.0"
        && header("X-Hmac-Auth-Timestamp").ends_with("+08:00")
        && header("X-Hmac-Auth-Signature") == STANDARD.encode(ring::hmac::sign(&key, text.as_bytes()))
}

const UNSIGNED: &str = r#"{"success":false,"errorCode":"OPF-B001-05-16-0009","errorMsg":"SignatureDoesNotMatch"}"#;

async fn ding_token(shared: Shared, uri: Uri, headers: HeaderMap, Query(query): Query<Fields>) -> Json<Value> {
    let mut inner = lock(&shared);
    if let Some(order) = inner.order("/gettoken.json") {
        return Json(order);
    }
    if !ding_signed("GET", &uri, &headers, &query) || query["appsecret"] != SECRET {
        return Json(serde_json::from_str(UNSIGNED).expect("JSON"));
    }
    let data = json!({ "accessToken": format!("app_{}", inner.asked.len()), "expiresIn": "7200" });
    Json(
        json!({ "success": true, "content": { "data": data, "responseMessage": "OK", "responseCode": "0", "success": true } }),
    )
}

async fn ding_person(shared: Shared, uri: Uri, headers: HeaderMap, Form(form): Form<Fields>) -> Json<Value> {
    let mut inner = lock(&shared);
    if let Some(order) = inner.order("/rpc/oauth2/getuserinfo_bycode.json") {
        return Json(order);
    }
    if !ding_signed("POST", &uri, &headers, &form) {
        return Json(serde_json::from_str(UNSIGNED).expect("JSON"));
    }
    match inner.codes.remove(&form["code"]) {
        Some(_) => {
            let data = json!({ "accountId": 100_135, "lastName": "敏", "account": "zhoumin", "tenantId": 12_371 });
            Json(
                json!({ "success": true, "content": { "data": data, "success": true, "responseMessage": "成功", "responseCode": "0" } }),
            )
        }
        None => Json(
            json!({ "success": true, "content": { "success": false, "responseMessage": "code失效或不存在", "responseCode": "240111" } }),
        ),
    }
}
