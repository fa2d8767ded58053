//! Passkeys from end to end, over https, with an authenticator that the test is: registered, used once for each challenge, removed, reset.

use super::world::{PASSWORD, World, input};
use crate::support::{Answer, Client, HOST};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use mashang::actions::limits::Door;
use mashang::actions::{Service, Settings, set_user_active};
use mashang::app::App;
use mashang::ids::Ids;
use mashang::storage::passkeys;
use mashang::web::paths::leading_on;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const OWN: &str = "/console/settings/passkeys";
const OWN_ASK: &str = "/console/settings/passkeys/challenge";
const USE: &str = "/console/sign-in/passkey";
const USE_ASK: &str = "/console/sign-in/passkey/challenge";
const VIOLATIONS: &str = "/console/violations";

/// The program of a world as it is served over https.
struct Served {
    world: World,
    app: App,
}

impl Served {
    async fn new() -> Self {
        let world = World::new().await;
        let mut settings = Settings::clone(&world.test.app.service.settings);
        settings.public_url = format!("https://{HOST}");
        let app = App { service: Service::new(Ids::seeded(2), settings), ..world.test.app.clone() };
        Self { world, app }
    }

    fn client(&self) -> Client {
        Client::new(mashang::web::router(self.app.clone()))
    }

    async fn signed_in(&self, who: &str) -> Client {
        let mut client = self.client();
        let fields = [("email", format!("{who}@qh.gov.cn")), ("password", PASSWORD.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        client.post_form("/console/sign-in", &fields).await.location();
        client
    }
}

/// An authenticator with one passkey in it.
struct Authenticator {
    pair: EcdsaKeyPair,
    id: Vec<u8>,
    owner: String,
    counter: u32,
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn json(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).expect("JSON")
}

fn client_data(act: &str, challenge: &str) -> Vec<u8> {
    format!(r#"{{"type":"{act}","challenge":"{challenge}","origin":"https://{HOST}","crossOrigin":false}}"#)
        .into_bytes()
}

type Fields = Vec<(&'static str, String)>;

async fn post(client: &mut Client, path: &str, fields: &Fields) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post_form(path, &fields).await
}

impl Authenticator {
    fn new(name: &str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).expect("a key");
        Self { pair, id: name.as_bytes().to_vec(), owner: String::new(), counter: 0 }
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(HOST).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// What the form of a new passkey sends, after the browser was asked.
    fn registration(&self, options: &Value) -> Fields {
        let mut data = self.head(0x45);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        let point = self.pair.public_key().as_ref();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        let said = client_data("webauthn.create", options["challenge"].as_str().expect("a challenge"));
        vec![
            ("act", "add".to_owned()),
            ("name", "办公室电脑".to_owned()),
            ("client_data", encode(&said)),
            ("attestation", encode(&object)),
        ]
    }

    /// Registers it for who is signed in.
    async fn register(&mut self, client: &mut Client) {
        assert_eq!(self.register_and_go_on(client, "").await, OWN);
    }

    /// The same for who wanted to go elsewhere; where that leads.
    async fn register_and_go_on(&mut self, client: &mut Client, next: &str) -> String {
        let fields = [("current", PASSWORD), ("name", "办公室电脑")];
        let options = json(&client.post_form(OWN_ASK, &fields).await);
        options["user"]["id"].as_str().expect("an id").clone_into(&mut self.owner);
        let mut fields = self.registration(&options);
        fields.push(("next", next.to_owned()));
        post(client, OWN, &fields).await.location()
    }

    /// What the sign-in page sends, after the browser was asked.
    fn answer(&mut self, options: &Value) -> Fields {
        self.counter += 1;
        let said = client_data("webauthn.get", options["challenge"].as_str().expect("a challenge"));
        let data = self.head(0x05);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&said));
        let signature = self.pair.sign(&SystemRandom::new(), &signed).expect("a signature");
        vec![
            ("next", "/console/violations?tab=confirmed".to_owned()),
            ("credential", encode(&self.id)),
            ("owner", self.owner.clone()),
            ("client_data", encode(&said)),
            ("authenticator_data", encode(&data)),
            ("signature", encode(signature.as_ref())),
        ]
    }

    /// Signs in on a browser.
    async fn sign_in(&mut self, client: &mut Client) -> Answer {
        let options = json(&client.post_form(USE_ASK, &[]).await);
        post(client, USE, &self.answer(&options)).await
    }
}

#[tokio::test]
async fn a_passkey_is_registered_signs_in_without_a_password_and_is_removed() {
    let served = Served::new().await;
    let mut elsewhere = served.signed_in("reform").await;
    let mut here = served.signed_in("reform").await;
    here.get("/console/settings").await.expect(200, "还没有通行密钥");
    here.get(OWN).await.expect(200, "添加通行密钥");
    for (current, name, words) in
        [("", "x", "请填写现在的密码"), ("不是这个密码", "x", "现在的密码不对"), (PASSWORD, " ", "")]
    {
        here.post_form(OWN_ASK, &[("current", current), ("name", name)]).await.expect(422, words);
    }
    let mut key = Authenticator::new("an authenticator of the office");
    key.register(&mut here).await;
    here.get(OWN).await.expect(200, "办公室电脑").expect(200, "还没有用过");
    assert!(elsewhere.get(VIOLATIONS).await.location().starts_with("/console/sign-in"), "other sessions end");

    let mut client = served.client();
    client.get("/console/sign-in").await.expect(200, "用通行密钥登录");
    assert_eq!(key.sign_in(&mut client).await.location(), "/console/violations?tab=confirmed");
    client.get(VIOLATIONS).await.expect(200, "周敏");
    let page = client.get(OWN).await.expect(200, "最近使用");
    let id = input(&page, "passkey");
    client.post_form(OWN, &[("act", "remove"), ("passkey", &id)]).await.expect(422, "请填写现在的密码");
    client.post_form(OWN, &[("act", "remove"), ("current", PASSWORD)]).await.expect(422, "请选择要移除的");
    // Nobody removes one of somebody else.
    let mut other = served.signed_in("discipline").await;
    other.post_form(OWN, &[("act", "remove"), ("passkey", &id), ("current", PASSWORD)]).await.expect(404, "");
    client.submit(OWN, &[("act", "remove"), ("passkey", &id), ("current", PASSWORD)]).await.expect(200, "添加通行密钥");
    assert!(here.get(VIOLATIONS).await.location().starts_with("/console/sign-in"), "other sessions end");
    let mut client = served.client();
    key.sign_in(&mut client).await.expect(422, "通行密钥登录没有成功");
    assert!(client.get(VIOLATIONS).await.location().starts_with("/console/sign-in"));
    let audit = served.signed_in("admin").await.get("/console/audit").await;
    let audit = audit.expect(200, "添加通行密钥").expect(200, "移除通行密钥");
    assert!(audit.text().contains("passkey"), "signing in names what proved it");
}

#[tokio::test]
async fn a_passkey_is_registered_only_with_the_challenge_of_this_session_in_time_and_once() {
    let served = Served::new().await;
    let clock = &served.app.clock;
    let mut here = served.signed_in("reform").await;
    let ask = [("current", PASSWORD), ("name", "x")];
    let key = Authenticator::new("one");
    // Never asked, asked in another session, asked too long ago, asked again since, asked to sign in.
    let asked = json(&here.post_form(OWN_ASK, &ask).await);
    let mut there = served.signed_in("reform").await;
    post(&mut there, OWN, &key.registration(&asked)).await.expect(422, "没有添加成功");
    clock.advance(TimeDelta::minutes(5));
    post(&mut here, OWN, &key.registration(&asked)).await.expect(422, "没有添加成功");
    let first = json(&here.post_form(OWN_ASK, &ask).await);
    let second = json(&here.post_form(OWN_ASK, &ask).await);
    post(&mut here, OWN, &key.registration(&first)).await.expect(422, "没有添加成功");
    post(&mut here, OWN, &key.registration(&second)).await.expect(422, "没有添加成功");
    let other = json(&here.post_form(USE_ASK, &[]).await);
    post(&mut here, OWN, &key.registration(&other)).await.expect(422, "没有添加成功");
    let right = json(&here.post_form(OWN_ASK, &ask).await);
    post(&mut here, OWN, &key.registration(&right)).await.location();
    // The same passkey again, for whomever.
    let mut other = served.signed_in("discipline").await;
    let asked = json(&other.post_form(OWN_ASK, &ask).await);
    post(&mut other, OWN, &key.registration(&asked)).await.expect(422, "没有添加成功");
    let known = json(&here.post_form(OWN_ASK, &ask).await);
    assert_eq!(known["excludeCredentials"][0]["id"], encode(b"one"), "the browser is told which it has");
}

#[tokio::test]
async fn an_answer_signs_in_only_on_its_own_browser_in_time_and_once() {
    let served = Served::new().await;
    let mut key = Authenticator::new("one");
    key.register(&mut served.signed_in("reform").await).await;
    let refused = |answer: Answer| {
        answer.expect(422, "通行密钥登录没有成功");
    };
    // Without having been asked; asked on another browser; asked too long ago.
    let mut mine = served.client();
    let options = json(&mine.post_form(USE_ASK, &[]).await);
    let stolen = key.answer(&options);
    refused(post(&mut served.client(), USE, &stolen).await);
    let mut other = served.client();
    other.post_form(USE_ASK, &[]).await;
    refused(post(&mut other, USE, &stolen).await);
    served.app.clock.advance(TimeDelta::minutes(5));
    refused(post(&mut mine, USE, &stolen).await);

    // Right once, and not again: neither on the same browser nor with a new challenge.
    let mut mine = served.client();
    let options = json(&mine.post_form(USE_ASK, &[]).await);
    let right = key.answer(&options);
    let mut copy = mine.clone();
    post(&mut mine, USE, &right).await.location();
    refused(post(&mut copy, USE, &right).await);
    copy.post_form(USE_ASK, &[]).await;
    served.app.clock.advance(TimeDelta::minutes(1));
    refused(post(&mut copy, USE, &right).await);
    assert!(copy.get(VIOLATIONS).await.location().starts_with("/console/sign-in"));
    served.signed_in("admin").await.get("/console/audit").await.expect(200, "登录失败（通行密钥不对）");
}

#[tokio::test]
async fn another_owner_a_copy_that_counts_behind_and_a_deactivated_person_do_not_come_in() {
    let served = Served::new().await;
    let mut key = Authenticator::new("one");
    key.register(&mut served.signed_in("reform").await).await;
    key.sign_in(&mut served.client()).await.location();
    key.counter = 0;
    key.sign_in(&mut served.client()).await.expect(422, "通行密钥登录没有成功");
    key.counter = 8;
    let owner = std::mem::replace(&mut key.owner, encode(served.world.users[1].0.as_bytes()));
    key.sign_in(&mut served.client()).await.expect(422, "通行密钥登录没有成功");
    key.owner = owner;
    key.sign_in(&mut served.client()).await.location();
    let mut tx = served.app.db.write().await.expect("a transaction");
    let (admin, user, now) = (served.world.users[5], served.world.users[0], served.app.clock.now());
    set_user_active(&mut tx, &served.app.service, now, admin, user, false).await.expect("deactivated");
    tx.commit().await.expect("a commit");
    key.sign_in(&mut served.client()).await.expect(422, "通行密钥登录没有成功");
}

#[tokio::test]
async fn made_up_answers_wait_ever_longer_and_keep_nobody_from_the_password() {
    let served = Served::new().await;
    let mut key = Authenticator::new("one");
    key.register(&mut served.signed_in("reform").await).await;
    let mut thief = served.client();
    for _ in 0..5 {
        let options = json(&thief.post_form(USE_ASK, &[]).await);
        let mut answer = key.answer(&options);
        answer[5].1 = encode(b"no signature");
        post(&mut thief, USE, &answer).await.expect(422, "通行密钥登录没有成功");
    }
    key.sign_in(&mut served.client()).await.expect(429, "请等 1 分钟");
    served.signed_in("reform").await.get(VIOLATIONS).await.expect(200, "周敏");
    served.app.clock.advance(TimeDelta::seconds(61));
    key.sign_in(&mut served.client()).await.location();
    key.sign_in(&mut served.client()).await.location();
}

#[tokio::test]
async fn a_network_asks_for_so_many_challenges_and_what_nobody_answered_goes() {
    let served = Served::new().await;
    let (limits, clock) = (&served.app.service.limits, &served.app.clock);
    let mut client = served.client();
    let nothing: [(&str, &str); 0] = [];
    client.post_from("198.51.100.7", USE_ASK, &nothing).await.expect(200, "challenge");
    while limits.take(clock.now(), Door::PasskeyChallenge, "198.51.100").is_ok() {}
    let answer = client.post_from("198.51.100.9", USE_ASK, &nothing).await.expect(429, "");
    assert_eq!((answer.header("retry-after"), answer.header("set-cookie")), ("1", ""), "nothing was stored");
    client.post_from("203.0.113.9", USE_ASK, &nothing).await.expect(200, "challenge");
    clock.advance(TimeDelta::seconds(1));
    client.post_from("198.51.100.9", USE_ASK, &nothing).await.expect(200, "challenge");
    clock.advance(TimeDelta::minutes(6));
    let mut tx = served.app.db.write().await.expect("a transaction");
    let gone = passkeys::drop_expired(&mut tx, clock.now()).await.expect("dropped");
    assert_eq!(gone, 3, "all that nobody answered in five minutes");
}

#[tokio::test]
async fn where_the_second_step_is_required_a_passkey_is_one_and_the_password_alone_no_longer_suffices() {
    let served = Served::new().await;
    let mut admin = served.signed_in("admin").await;
    admin.post_form("/console/users/sign-in-rule", &[("second_step", "yes")]).await.location();
    let mut client = served.signed_in("reform").await;
    let first = client.get(VIOLATIONS).await.location();
    assert_eq!(first, leading_on("/console/settings/second-step", VIOLATIONS));
    let page = client.get(&first).await.expect(200, "也可以改为添加通行密钥").text();
    let instead = leading_on(OWN, VIOLATIONS);
    assert!(page.contains(&format!("href=\"{instead}\"")), "the page asked for goes along");
    let page = client.get(&instead).await.expect(200, "添加通行密钥");
    assert_eq!(input(&page, "next"), VIOLATIONS);
    let mut key = Authenticator::new("one");
    assert_eq!(key.register_and_go_on(&mut client, VIOLATIONS).await, VIOLATIONS);
    client.get(VIOLATIONS).await.expect(200, "周敏");

    // Who has only the password could set up another second step.
    let mut thief = served.client();
    let fields = [("email", "reform@qh.gov.cn"), ("password", PASSWORD)];
    thief.post_form("/console/sign-in", &fields).await.expect(422, "只有密码不够");
    assert!(thief.get("/console/settings/second-step").await.location().starts_with("/console/sign-in"));
    let mut client = served.client();
    key.sign_in(&mut client).await.location();
    client.get(VIOLATIONS).await.expect(200, "周敏");

    // The administrator has set up one too by now, and takes both kinds off who lost them.
    assert_eq!(Authenticator::new("two").register_and_go_on(&mut admin, "//evil.example").await, OWN);
    admin.get("/console/users").await.expect(200, "通行密钥");
    let path = format!("/console/users/{}", served.world.users[0]);
    admin.post_form(&path, &[("second_step", "reset")]).await.location();
    assert!(client.get(VIOLATIONS).await.location().starts_with("/console/sign-in"));
    key.sign_in(&mut served.client()).await.expect(422, "通行密钥登录没有成功");
    served.signed_in("reform").await.get("/console/settings/second-step").await.expect(200, "本区要求");
}

#[tokio::test]
async fn over_plain_http_and_under_an_old_address_nothing_is_said_of_passkeys() {
    let world = World::new().await;
    let page = world.test.client().get("/console/sign-in").await.expect(200, "登录").text();
    assert!(!page.contains("passkey") && !page.contains("通行密钥"));
    let page = world.signed_in("reform").await.get("/console/settings").await.expect(200, "两步验证").text();
    assert!(!page.contains("passkey") && !page.contains("通行密钥"));
}
