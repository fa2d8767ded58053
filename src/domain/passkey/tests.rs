//! Answers of an authenticator made by hand and signed by a key of the test, right ones and each with one thing wrong.

use super::*;
use crate::domain::audit_chain::unhex;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

const CHALLENGE: [u8; 32] = [7; 32];

/// There, and proved.
const RIGHT: u8 = PRESENT | VERIFIED;

fn site() -> Site {
    Site::of("https://mashang.test").expect("a site")
}

fn pair() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).expect("a key")
}

fn cose(pair: &EcdsaKeyPair) -> Vec<u8> {
    let point = pair.public_key().as_ref();
    let mut key = vec![0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
    key.extend(&point[1..33]);
    key.extend([0x22, 0x58, 32]);
    key.extend(&point[33..]);
    key
}

/// What a browser says of an act.
fn said(act: &str, challenge: &[u8], origin: &str, more: &str) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode(challenge);
    format!(r#"{{"type":"{act}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

/// What an authenticator says of a use.
fn data(id: &str, flags: u8, counter: u32) -> Vec<u8> {
    let mut data = Sha256::digest(id).to_vec();
    data.push(flags);
    data.extend(counter.to_be_bytes());
    data
}

fn bytes(value: &[u8]) -> Vec<u8> {
    let mut out = vec![0x59];
    out.extend(u16::try_from(value.len()).expect("short").to_be_bytes());
    out.extend(value);
    out
}

/// A registration's object, with what follows the flags and counter.
fn object(id: &str, flags: u8, credential: &[u8], key: &[u8], after: &[u8]) -> Vec<u8> {
    let mut data = data(id, flags, 3);
    data.extend([0; 16]);
    data.extend(u16::try_from(credential.len()).expect("short").to_be_bytes());
    data.extend(credential);
    data.extend(key);
    data.extend(after);
    let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".to_vec();
    object.extend(bytes(&data));
    object
}

#[test]
fn passkeys_are_for_names_over_https_and_for_the_own_machine() {
    let of = |url| Site::of(url).map(|site| (site.id, site.origin));
    let pair = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
    assert_eq!(of("https://ms.example.gov.cn"), pair("ms.example.gov.cn", "https://ms.example.gov.cn"));
    assert_eq!(of("https://ms.example.gov.cn:8443"), pair("ms.example.gov.cn", "https://ms.example.gov.cn:8443"));
    assert_eq!(of("http://localhost:8080"), pair("localhost", "http://localhost:8080"));
    for none in ["http://ms.example.gov.cn", "https://10.1.2.3", "http://127.0.0.1:8080", "https://[::1]", ""] {
        assert_eq!(of(none), None, "{none}");
    }
}

#[test]
fn a_registration_gives_id_key_and_counter() {
    let pair = pair();
    let client = said("webauthn.create", &CHALLENGE, "https://mashang.test", r#","crossOrigin":false,"other":{"x":1}"#);
    let right = object("mashang.test", RIGHT | HAS_CREDENTIAL, b"an id", &cose(&pair), &[]);
    let new = registered(&site(), &CHALLENGE, &client, &right).expect("a passkey");
    assert_eq!(new, NewCredential { id: b"an id".to_vec(), key: cose(&pair), counter: 3 });
    // With an extension's answer, and one that is kept by a cloud.
    let flags = RIGHT | HAS_CREDENTIAL | HAS_EXTENSIONS | MAY_BE_COPIED | COPIED;
    let more = object("mashang.test", flags, b"an id", &cose(&pair), &[0xa1, 0x61, b'x', 0xf5]);
    assert_eq!(registered(&site(), &CHALLENGE, &client, &more).expect("a passkey").key, cose(&pair));
}

#[test]
fn a_registration_with_one_thing_wrong_is_refused() {
    let pair = pair();
    let origin = "https://mashang.test";
    let client = said("webauthn.create", &CHALLENGE, origin, "");
    let flags = RIGHT | HAS_CREDENTIAL;
    let right = object("mashang.test", flags, b"an id", &cose(&pair), &[]);
    let with = |client: &[u8], object: &[u8]| registered(&site(), &CHALLENGE, client, object).expect_err("refused");
    assert_eq!(with(&said("webauthn.get", &CHALLENGE, origin, ""), &right), Wrong::Act);
    assert_eq!(with(&said("webauthn.create", &[8; 32], origin, ""), &right), Wrong::Challenge);
    assert_eq!(with(&said("webauthn.create", &CHALLENGE, "https://evil.test", ""), &right), Wrong::Origin);
    assert_eq!(with(b"{}", &right), Wrong::Form);
    let wrong = |id: &str, flags: u8, credential: &[u8], key: &[u8], after: &[u8]| {
        with(&client, &object(id, flags, credential, key, after))
    };
    assert_eq!(wrong("evil.test", flags, b"an id", &cose(&pair), &[]), Wrong::Site);
    assert_eq!(wrong("mashang.test", flags & !PRESENT, b"an id", &cose(&pair), &[]), Wrong::Presence);
    assert_eq!(wrong("mashang.test", flags & !VERIFIED, b"an id", &cose(&pair), &[]), Wrong::Verification);
    assert_eq!(wrong("mashang.test", RIGHT, b"an id", &cose(&pair), &[]), Wrong::Form);
    assert_eq!(wrong("mashang.test", flags | COPIED, b"an id", &cose(&pair), &[]), Wrong::Form);
    assert_eq!(wrong("mashang.test", flags, b"", &cose(&pair), &[]), Wrong::Form);
    assert_eq!(wrong("mashang.test", flags, &[1; 1024], &cose(&pair), &[]), Wrong::Form);
    assert_eq!(wrong("mashang.test", flags, b"an id", &cose(&pair), &[0xf5]), Wrong::Form, "more than the flags tell");
    assert_eq!(wrong("mashang.test", flags, b"an id", &[0xa0], &[]), Wrong::Key);
    let mut other = cose(&pair);
    other[4] = 0x27;
    assert_eq!(wrong("mashang.test", flags, b"an id", &other, &[]), Wrong::Key, "another algorithm");
    for cut in 0..right.len() {
        with(&client, &right[..cut]);
    }
}

/// A use, signed by `pair`.
fn sign(pair: &EcdsaKeyPair, client: &[u8], data: &[u8]) -> Vec<u8> {
    let mut signed = data.to_vec();
    signed.extend(Sha256::digest(client));
    pair.sign(&SystemRandom::new(), &signed).expect("a signature").as_ref().to_vec()
}

#[test]
fn a_use_is_right_only_with_everything_right() {
    let pair = pair();
    let key = cose(&pair);
    let origin = "https://mashang.test";
    let client = said("webauthn.get", &CHALLENGE, origin, r#","crossOrigin":false"#);
    let try_with = |client: &[u8], data: &[u8], counter: i64| {
        let signature = sign(&pair, client, data);
        let with = Assertion { client_data: client, authenticator_data: data, signature: &signature };
        used(&site(), &CHALLENGE, &key, counter, with)
    };
    let right = data("mashang.test", RIGHT, 9);
    assert_eq!(try_with(&client, &right, 8), Ok(9));
    assert_eq!(try_with(&client, &data("mashang.test", RIGHT, 0), 0), Ok(0), "one that does not count");
    assert_eq!(try_with(&client, &right, 9), Err(Wrong::Counter), "not further");
    assert_eq!(try_with(&client, &right, 10), Err(Wrong::Counter), "gone back");
    assert_eq!(try_with(&client, &data("mashang.test", RIGHT, 0), 10), Err(Wrong::Counter), "counts no longer");

    assert_eq!(try_with(&said("webauthn.create", &CHALLENGE, origin, ""), &right, 8), Err(Wrong::Act));
    assert_eq!(try_with(&said("webauthn.get", &[8; 32], origin, ""), &right, 8), Err(Wrong::Challenge));
    assert_eq!(try_with(&said("webauthn.get", &[], origin, ""), &right, 8), Err(Wrong::Challenge));
    for other in ["http://mashang.test", "https://mashang.test:444", "https://mashang.test.evil.test", "null"] {
        assert_eq!(try_with(&said("webauthn.get", &CHALLENGE, other, ""), &right, 8), Err(Wrong::Origin), "{other}");
    }
    for framed in [r#","crossOrigin":true"#, r#","topOrigin":"https://evil.test""#] {
        assert_eq!(try_with(&said("webauthn.get", &CHALLENGE, origin, framed), &right, 8), Err(Wrong::Origin));
    }
    assert_eq!(try_with(&client, &data("evil.test", RIGHT, 9), 8), Err(Wrong::Site));
    assert_eq!(try_with(&client, &data("mashang.test", VERIFIED, 9), 8), Err(Wrong::Presence));
    assert_eq!(try_with(&client, &data("mashang.test", PRESENT, 9), 8), Err(Wrong::Verification));
    assert_eq!(try_with(&client, &data("mashang.test", RIGHT | COPIED, 9), 8), Err(Wrong::Form));
    assert_eq!(try_with(&client, &data("mashang.test", RIGHT | HAS_CREDENTIAL, 9), 8), Err(Wrong::Form));
    assert_eq!(try_with(&client, &right[..36], 8), Err(Wrong::Form));

    let signature = sign(&pair, &client, &right);
    for at in 0..signature.len() {
        let mut flipped = signature.clone();
        flipped[at] ^= 1;
        let with = Assertion { client_data: &client, authenticator_data: &right, signature: &flipped };
        assert_eq!(used(&site(), &CHALLENGE, &key, 8, with), Err(Wrong::Signature), "byte {at}");
    }
    let with = Assertion { client_data: &client, authenticator_data: &right, signature: &signature };
    assert_eq!(used(&site(), &CHALLENGE, &cose(&super::tests::pair()), 8, with), Err(Wrong::Signature), "another key");
    let other = data("mashang.test", RIGHT, 10);
    let with = Assertion { client_data: &client, authenticator_data: &other, signature: &signature };
    assert_eq!(used(&site(), &CHALLENGE, &key, 8, with), Err(Wrong::Signature), "another counter than was signed");
}

/// Modulus of a key of 2048 bits that was made for this test, and its signature over the use below: by `openssl dgst -sha256 -sign`.
const MODULUS: &str = "ecbf18651e6dc73d5408ca1eeaa75f1c16f44008afae36816f8c22f0c688275447d65d16043d7fff4495623a75f30771a57854504764c9306fefc2d4e74e2837\
     f1908c5da2a62ac2b90954c6227092cabcb373bfaf649919252b5ca8e0e456ab8a7ba06a5133af908e1e473434ac08ef8c1df2a0822b27e770d6fa68a4e8ae7e\
     bc9190ef44c09694ba243f68adddc217ac467f5e305c1ac5599767c7ba2bc51e0379f6651afcd812d92fc886658015e82b21f9eff0f0db3f373e2a849b4a4c34\
     2830765977753808a69c4a9289adadc9718ce8ed38367c6f7f3ef5f57d9e79f95ce287d246c5fc536d63324108647e12382d3ce95c8b90688229e0adca61244f";
const SIGNED: &str = "0450a72224d9f9abdd6e932de7eedb2200fc1490da41ae8a99203b085507c4baeb6228bcca4b35c200a25432b63e6fafb091a72e2a943867789b5d02c1e13730\
     41f0434f0d620ab62f205ebc928ef4a934978e3b82960d50a0b280891a811b1b14bb60bce20c166aca9049ed0926517c18bcfdb87226ea208710ada04d9df030\
     b7de469554da35c58f6e5db8ab8ab36ba855d083e743f13edcaea28c6f6144cbc1ff28472d2991615fa9c147b8712d383e39a0c5454221df5b21823067f92504\
     3e4c235f671e7f3a918201bd1fcbab88f2333d6283fafc0b5cb12f24d6c8e0fcf34ff4610d5f0f4c2ec7809acb89108442eeb4e221586c0fe9559adc2cb302ff";

#[test]
fn a_signature_by_rsa_is_verified_too() {
    let mut key = vec![0xa4, 1, 3, 3, 0x39, 1, 0, 0x20];
    key.extend(bytes(&unhex(MODULUS).expect("digits")));
    key.extend([0x21, 0x43, 1, 0, 1]);
    let client = said("webauthn.get", &CHALLENGE, "https://mashang.test", r#","crossOrigin":false"#);
    let data = data("mashang.test", RIGHT, 9);
    let mut signature = unhex(SIGNED).expect("digits");
    let with = Assertion { client_data: &client, authenticator_data: &data, signature: &signature };
    assert_eq!(used(&site(), &CHALLENGE, &key, 8, with), Ok(9));
    signature[100] ^= 1;
    let with = Assertion { client_data: &client, authenticator_data: &data, signature: &signature };
    assert_eq!(used(&site(), &CHALLENGE, &key, 8, with), Err(Wrong::Signature));
}
