use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_600_000_000, 0).expect("an instant")
}

#[test]
fn addresses_are_https_or_on_this_machine_and_carry_no_password() {
    for good in
        ["https://oapi.dingtalk.com/robot/send?access_token=x", "http://127.0.0.1:8000/x", "http://[::1]:8000/x"]
    {
        assert!(address_of(good).is_some(), "{good}");
    }
    for bad in
        ["http://oapi.dingtalk.com/x", "http://10.0.0.1/x", "ftp://127.0.0.1/", "https://u:p@example.org/", "nonsense"]
    {
        assert!(address_of(bad).is_none(), "{bad}");
    }
}

#[test]
fn dingtalk_signs_in_the_address_and_feishu_in_the_body() {
    let ding = post(BellKind::DingTalk, "https://oapi.dingtalk.com/robot/send?access_token=t", "SECx", "铃", now())
        .expect("a post");
    let query: std::collections::HashMap<_, _> = ding.url.query_pairs().into_owned().collect();
    assert_eq!(query["timestamp"], "1600000000000");
    assert_eq!(query["sign"], signature(b"SECx", b"1600000000000\nSECx"));
    assert_eq!(ding.body, r#"{"msgtype":"text","text":{"content":"铃"}}"#);
    let feishu =
        post(BellKind::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/t", "k", "铃", now()).expect("a post");
    let body: Value = serde_json::from_str(&feishu.body).expect("JSON");
    assert_eq!(body["timestamp"], "1600000000");
    assert_eq!(body["sign"], signature(b"1600000000\nk", b""));
    assert_eq!(body["content"]["text"], "铃");
    let open =
        post(BellKind::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/t", "", "铃", now()).expect("a post");
    assert!(!open.body.contains("sign"));
}

#[test]
fn a_signature_is_that_of_rfc_4231_case_2() {
    let bytes = STANDARD.decode(signature(b"Jefe", b"what do ya want for nothing?")).expect("base64");
    let hex = bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn only_status_200_with_code_0_is_taken() {
    assert!(judge(200, br#"{"errcode":0,"errmsg":"ok"}"#).is_ok());
    assert!(judge(200, br#"{"code":0,"msg":"success"}"#).is_ok());
    assert!(judge(200, br#"{"errcode":310000,"errmsg":"sign not match"}"#).is_err());
    assert!(judge(200, b"<html>").is_err());
    assert!(judge(500, br#"{"errcode":0}"#).is_err());
}
