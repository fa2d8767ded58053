use super::*;
use serde_json::json;

/// A public key of RSA that OpenSSL made, and what it signed with the private one.
const MODULUS: &str = "taTuSdN_1TyuacvIOEyZGiGcX67T68ntqMj6m3VS-vhsMI_4ezl3tRq3FXvA9GJ04f2ZnpYIvExI5MKFy1vf6YJiWzxSIV1fuqhGX1uDgfjuTE\
    5jVGFdIx8j9xpWqcvfNsxlGqcVDKLtu0K2qL2AHBZO2SAIF8jlLUe2W_lGD1Kui89E5jYAjf_mwmX1Uzu61oudwbDxHcu8KBIMLF_SI32LSHx2\
    yfP54JYhNuHkfAB2tbxAsyzKZKFuvP6daHoRYF1jA6F5gG9aj63fOzu-3pl16KoX-CZmzzwUfn4gXSKVYmh3PMPjjPqoQB073OUANYkPUazKu2\
    oC237-cF3pJw";
const RS256: &str = "m4QtWz6hNavVB6uwDEFJafMGZjXKrB_Jj8ks8ifGyQ1Wa_JRspmt3kdZXAP2gNDIPcBdq64jeaWHL-ZWuJRQcdirQaAcL5sIUf6-XcEP6Jfo3d\
    1qV5ebY-YCmsOsQTLbXi7PscfZpdS4VUkBqoCrjcC0euI-n7JpGqOhalPCCrAasAW17f2zfp7k_aMQLX2-XmM4eHjzXh13JvC5Twj5ZNzUK6lM\
    VXFeO6_bf4_MXYW6sC2rZrUOawBMkUGHI0ZyLTHVwJkEp9uyzZfhAJ84SC1s77bDnpEYnvPdifztboeaZ-Gk_XMqQkX3AjvjY_gvCXounZ0Nhh\
    Gx06jxRKSz8A";
const PS256: &str = "NBucjBBlb-lp1raDEQRygeOt399hPwMaTXAFzF5IXAHg8OrO1L-s5a-RQbzvWrb5_TKJb1t10l7PDo0-Gf24HYJi91-l_ljYM9diuJYv12uBj_\
    Ebw82U30-arX7LjuNlR5Plq8oIgsjvkS8M8qADeYiWef3TB62qxQv9JlIgaIWSNh7drNFygSYwytL-bfBBCiNRrZSOeRMRZLd0dsCptlKW7ZHw\
    DjGAxrxZixpjmyFc1-G08JtBucQFMQQdhvwirKEJ43blHieq0ulEKS4NrkG_80WXhX_0WX9CWFX4U6N7Cxw5mRjKeXf-KeKxMmbV8kqa9bt31a\
    LqaF_Y6UhUEA";

const CLAIMS: &str = r#"{"iss":"https://id.example.gov.cn","aud":"mashang","sub":"u-1","nonce":"n","exp":1772503800,"iat":1772503200,"email":"a@qh.gov.cn","email_verified":true}"#;

fn rsa() -> Vec<Key> {
    keys(&json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "x": "AA" },
        { "kty": "RSA", "use": "enc", "kid": "r", "n": MODULUS, "e": "AQAB" },
        { "kty": "RSA", "use": "sig", "kid": "r", "n": MODULUS, "e": "AQAB" },
    ] }))
}

fn signed(header: &str, claims: &str, signature: &str) -> String {
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn expected(at: i64) -> Expected<'static> {
    let now = DateTime::from_timestamp(at, 0).expect("an instant");
    Expected { issuer: "https://id.example.gov.cn", client: "mashang", nonce: "n", now }
}

const NOW: i64 = 1_772_503_210;

#[test]
fn rsa_signatures_of_openssl_are_right_in_both_ways_and_only_as_they_stand() {
    let keys = rsa();
    assert_eq!(keys.len(), 1, "only what signs, and of a kind that is taken");
    for (alg, signature) in [("RS256", RS256), ("PS256", PS256)] {
        let header = format!(r#"{{"alg":"{alg}","kid":"r"}}"#);
        let claims = read(&signed(&header, CLAIMS, signature), &keys, expected(NOW)).expect("a right token");
        let email = Some(("a@qh.gov.cn".to_owned(), true));
        let (subject, proved_at, strength, means) = ("u-1".to_owned(), None, None, Vec::new());
        assert_eq!(claims, Claims { subject, email, proved_at, strength, means });
        let other = CLAIMS.replace("u-1", "u-2");
        assert_eq!(read(&signed(&header, &other, signature), &keys, expected(NOW)), Err(Wrong::Signature));
    }
    let swapped = signed(r#"{"alg":"PS256","kid":"r"}"#, CLAIMS, RS256);
    assert_eq!(read(&swapped, &keys, expected(NOW)), Err(Wrong::Signature));
}

#[test]
fn what_names_no_key_or_another_way_is_never_taken() {
    let keys = rsa();
    for (header, wrong) in [
        (r#"{"alg":"none"}"#, Wrong::Algorithm),
        (r#"{"alg":"None","kid":"r"}"#, Wrong::Algorithm),
        (r#"{"alg":"HS256","kid":"r"}"#, Wrong::Algorithm),
        (r#"{"alg":"RS384","kid":"r"}"#, Wrong::Algorithm),
        (r#"{"alg":"RS256","kid":"other"}"#, Wrong::Key),
        (r#"{"alg":"ES256","kid":"r"}"#, Wrong::Key),
        (r#"{"alg":"RS256","kid":"r","crit":["b64"],"b64":false}"#, Wrong::Form),
        (r#"{"kid":"r"}"#, Wrong::Form),
    ] {
        assert_eq!(read(&signed(header, CLAIMS, RS256), &keys, expected(NOW)), Err(wrong), "{header}");
        assert_eq!(read(&signed(header, CLAIMS, ""), &keys, expected(NOW)), Err(wrong), "{header} without a signature");
    }
    for text in ["", ".", "..", "a.b.c", "a.b.c.d", "e30.e30.e30", "{}"] {
        assert_eq!(read(text, &keys, expected(NOW)), Err(Wrong::Form), "{text:?}");
    }
}

#[test]
fn its_time_has_both_ends() {
    let token = signed(r#"{"alg":"RS256","kid":"r"}"#, CLAIMS, RS256);
    let at = |now| read(&token, &rsa(), expected(now)).err();
    // Made at …3200, good until …3800; clocks may be two minutes apart.
    assert_eq!(at(1_772_503_200 - 121), Some(Wrong::Time));
    assert_eq!(at(1_772_503_200 - 119), None);
    assert_eq!(at(1_772_503_800 + 119), None);
    assert_eq!(at(1_772_503_800 + 120), Some(Wrong::Time));
}

/// What is changed of the claims.
type Change = fn(&mut Value);

#[test]
fn each_claim_counts() {
    let claims = |change: Change| {
        let mut claims: Value = serde_json::from_str(CLAIMS).expect("JSON");
        change(&mut claims);
        check(&claims, expected(NOW))
    };
    assert_eq!(claims(|_| ()), Ok(()));
    assert_eq!(claims(|c| c["aud"] = json!(["mashang"])), Ok(()));
    assert_eq!(
        claims(|c| {
            c["aud"] = json!(["mashang", "b"]);
            c["azp"] = json!("mashang");
        }),
        Ok(())
    );
    assert_eq!(claims(|c| c["exp"] = json!(1_772_503_800.5)), Ok(()));
    let wrong: [(Change, Wrong); 17] = [
        (|c| c["iss"] = json!("https://id.example.gov.cn/"), Wrong::Issuer),
        (|c| c["iss"] = Value::Null, Wrong::Issuer),
        (|c| c["aud"] = json!("b"), Wrong::Audience),
        (|c| c["aud"] = json!([]), Wrong::Audience),
        (|c| c["aud"] = json!(["mashang", "b"]), Wrong::Audience),
        (|c| c["azp"] = json!("b"), Wrong::Audience),
        (|c| c["exp"] = Value::Null, Wrong::Time),
        (|c| c["exp"] = json!("1772503800"), Wrong::Time),
        (|c| c["exp"] = json!(-9e18), Wrong::Time),
        (|c| c["exp"] = json!(i64::MAX), Wrong::Time),
        (|c| c["iat"] = Value::Null, Wrong::Time),
        (|c| c["iat"] = json!(1_772_503_210 + 121), Wrong::Time),
        (|c| c["iat"] = json!(1_772_503_210 - 901), Wrong::Time),
        (|c| c["nbf"] = json!(1_772_503_210 + 121), Wrong::Time),
        (|c| c["nonce"] = json!("m"), Wrong::Nonce),
        (|c| c["nonce"] = Value::Null, Wrong::Nonce),
        (|c| c["nonce"] = json!(["n"]), Wrong::Nonce),
    ];
    for (number, (change, wrong)) in wrong.into_iter().enumerate() {
        assert_eq!(claims(change), Err(wrong), "change {number}");
    }
}
