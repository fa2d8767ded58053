//! What signs somebody in without a password: passkeys as authenticators hand them over, and the token of a provider. Only what was signed is
//! taken, and of what was signed only what it says.

use super::world;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use mashang::domain::passkey::{Assertion, Site, Wrong, registered, used};
use mashang::identity::id_token::{self, Claims, Expected, Key};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const CHALLENGE: [u8; 32] = [7; 32];
const HOST: &str = "mashang.test";

/// The most that a credential's id may have.
const ID_MAX: usize = 1023;

thread_local! {
    static SIGNER: EcdsaKeyPair = {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).expect("a key")
    };
}

/// The two halves of the public key of this process.
fn point() -> ([u8; 32], [u8; 32]) {
    SIGNER.with(|signer| {
        let (x, y) = signer.public_key().as_ref()[1..].split_at(32);
        (x.try_into().expect("32 bytes"), y.try_into().expect("32 bytes"))
    })
}

/// What a browser says of an act, everything about it right.
fn said(act: &str) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode(CHALLENGE);
    format!(r#"{{"type":"{act}","challenge":"{challenge}","origin":"https://{HOST}"}}"#).into_bytes()
}

/// A registration's object around what an authenticator says.
fn object(said: &[u8]) -> Vec<u8> {
    let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
    object.extend(u16::try_from(said.len()).unwrap_or(u16::MAX).to_be_bytes());
    object.extend(said);
    object
}

/// By its first byte an input is a whole object, what an authenticator says of this site, what a browser says, a public key, or a use.
pub fn cbor(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let site = Site::of(&format!("https://{HOST}")).expect("a site");
    let of_this_site = [Sha256::digest(HOST).as_slice(), rest].concat();
    let (client, object) = match first % 5 {
        0 => (said("webauthn.create"), rest.to_vec()),
        1 => (said("webauthn.create"), object(&of_this_site)),
        2 => {
            let (x, y) = point();
            let mut whole = [Sha256::digest(HOST).as_slice(), &[0x45, 0, 0, 0, 3], &[0; 16], &[0, 1, 9]].concat();
            whole.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32].iter().chain(&x));
            whole.extend([0x22, 0x58, 32].iter().chain(&y));
            (rest.to_vec(), object(&whole))
        }
        3 => {
            let head = [Sha256::digest(HOST).as_slice(), &[0x45, 0, 0, 0, 3], &[0; 16], &[0, 1, 9]].concat();
            (said("webauthn.create"), object(&[&head, rest].concat()))
        }
        _ => return use_of(&site, rest),
    };
    let Ok(new) = registered(&site, &CHALLENGE, &client, &object) else { return };
    assert!((1..=ID_MAX).contains(&new.id.len()) && !new.key.is_empty(), "{new:?}");
    assert!((0..=i64::from(u32::MAX)).contains(&new.counter), "{new:?}");
    assert_eq!(registered(&site, &CHALLENGE, &client, &object).as_ref(), Ok(&new), "the same is the same");
    let longer = [object.as_slice(), b"\0"].concat();
    assert_eq!(registered(&site, &CHALLENGE, &client, &longer), Err(Wrong::Form), "nothing follows the object");
    assert_ne!(registered(&site, &[8; 32], &client, &object).as_ref(), Ok(&new), "another challenge");
    // The key that was taken can be used: what is wrong with a made-up signature is the signature.
    let says = [Sha256::digest(HOST).as_slice(), &[0x05, 0xff, 0xff, 0xff, 0xff]].concat();
    let with = Assertion { client_data: &said("webauthn.get"), authenticator_data: &says, signature: rest };
    assert_eq!(used(&site, &CHALLENGE, &new.key, 0, with), Err(Wrong::Signature));
}

/// Nobody has the private key, so that no use is right, whatever key, counter, words and signature it comes with.
fn use_of(site: &Site, rest: &[u8]) {
    let mut parts = rest.split(|byte| *byte == 0x1F);
    let mut part = || parts.next().unwrap_or_default();
    let (key, says, client, signature) = (part(), part(), part(), part());
    let (x, y) = point();
    let mut ours = vec![0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
    ours.extend(x);
    ours.extend([0x22, 0x58, 32].iter().chain(&y));
    let says = [Sha256::digest(HOST).as_slice(), says].concat();
    for key in [key, &ours] {
        for client in [client, &said("webauthn.get")] {
            let with = Assertion { client_data: client, authenticator_data: &says, signature };
            assert!(used(site, &CHALLENGE, key, 0, with).is_err(), "a use that nobody signed");
        }
    }
}

/// A public key of RSA that somebody else made, and a token that was signed with the private one.
const MODULUS: &str = "taTuSdN_1TyuacvIOEyZGiGcX67T68ntqMj6m3VS-vhsMI_4ezl3tRq3FXvA9GJ04f2ZnpYIvExI5MKFy1vf6YJiWzxSIV1fuqhGX1uDgfjuTE\
    5jVGFdIx8j9xpWqcvfNsxlGqcVDKLtu0K2qL2AHBZO2SAIF8jlLUe2W_lGD1Kui89E5jYAjf_mwmX1Uzu61oudwbDxHcu8KBIMLF_SI32LSHx2\
    yfP54JYhNuHkfAB2tbxAsyzKZKFuvP6daHoRYF1jA6F5gG9aj63fOzu-3pl16KoX-CZmzzwUfn4gXSKVYmh3PMPjjPqoQB073OUANYkPUazKu2\
    oC237-cF3pJw";
const CLAIMS: &str = r#"{"iss":"https://id.example.gov.cn","aud":"mashang","sub":"u-1","nonce":"n","exp":1772503800,"iat":1772503200,"email":"a@qh.gov.cn","email_verified":true}"#;

const EXPECTED: Expected<'static> = Expected {
    issuer: "https://id.example.gov.cn",
    client: "mashang",
    nonce: "n",
    now: DateTime::from_timestamp(1_772_503_210, 0).expect("an instant"),
};

fn keys() -> Vec<Key> {
    let (x, y) = point();
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    id_token::keys(&json!({ "keys": [
        { "kty": "RSA", "use": "sig", "kid": "r", "n": MODULUS, "e": "AQAB" },
        { "kty": "EC", "crv": "P-256", "kid": "e", "x": x, "y": y },
    ] }))
}

/// By its first byte an input is a whole token, its three parts, parts that are signed with a right key, or a set of keys.
pub fn id_token(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let [head, body, signature] = world::texts(rest);
    let (head, body) = (URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(body));
    let read = |token: &str| id_token::read(token, &keys(), EXPECTED);
    match first % 4 {
        0 => {
            let token = String::from_utf8_lossy(rest);
            if let Ok(claims) = read(&token) {
                genuine(&claims, token.split('.').nth(1).unwrap_or_default());
            }
        }
        1 => {
            if let Ok(claims) = read(&format!("{head}.{body}.{signature}")) {
                genuine(&claims, &body);
            }
        }
        2 => {
            let message = format!("{head}.{body}");
            let signed = SIGNER.with(|signer| signer.sign(&SystemRandom::new(), message.as_bytes()).expect("signed"));
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed));
            if let Ok(claims) = read(&token) {
                says(&claims, &body);
            }
            // One letter more in what was signed, or another signature, and nothing is taken.
            let end = token.rfind('.').expect("three parts");
            assert!(read(&format!("{}e{}", &token[..end], &token[end..])).is_err(), "what was signed is another");
            assert!(read(&format!("{}.{signature}", &token[..end])).is_err(), "a signature that nobody made");
        }
        _ => {
            let Ok(set) = serde_json::from_slice::<Value>(rest) else { return };
            let theirs = id_token::keys(&set);
            let list = set.get("keys").and_then(Value::as_array).map_or(0, Vec::len);
            assert!(theirs.len() <= list);
            for alg in ["RS256", "PS256", "ES256", "none"] {
                let head = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}"}}"#));
                let token = format!("{head}.{}.AAAA", URL_SAFE_NO_PAD.encode(CLAIMS));
                assert!(id_token::read(&token, &theirs, EXPECTED).is_err(), "{alg} with keys that signed nothing");
            }
        }
    }
}

/// The one token of the key of RSA is the one that its owner signed.
fn genuine(claims: &Claims, body: &str) {
    assert_eq!(URL_SAFE_NO_PAD.decode(body).as_deref(), Ok(CLAIMS.as_bytes()), "another token was taken: {claims:?}");
}

/// What was taken is what the claims say.
fn says(claims: &Claims, body: &str) {
    let bytes = URL_SAFE_NO_PAD.decode(body).expect("read before");
    let body: Value = serde_json::from_slice(&bytes).expect("read before");
    assert!(!claims.subject.is_empty());
    for (name, value) in [("iss", EXPECTED.issuer), ("nonce", EXPECTED.nonce), ("sub", &claims.subject)] {
        assert_eq!(body[name].as_str(), Some(value), "{name}");
    }
    let audience = &body["aud"];
    let ours = |value: &Value| value.as_str() == Some(EXPECTED.client);
    assert!(ours(audience) || audience.as_array().is_some_and(|all| all.iter().any(ours)), "{audience}");
    if let Some((email, sure)) = &claims.email {
        assert_eq!(body["email"].as_str(), Some(email.as_str()));
        assert!(!sure || body["email_verified"] == Value::Bool(true), "nobody made sure of {email}");
    }
}
