use super::*;

#[test]
fn addresses_are_https_or_on_this_machine_and_carry_no_password() {
    for good in ["https://id.example.gov.cn/realms/qh", "http://127.0.0.1:8000/x", "http://[::1]:8000/x"] {
        assert!(address(good).is_some(), "{good}");
    }
    for bad in
        ["http://id.example.gov.cn/", "http://10.0.0.1/x", "ftp://127.0.0.1/", "https://u:p@example.org/", "nonsense"]
    {
        assert!(address(bad).is_none(), "{bad}");
    }
}

#[test]
fn only_certificates_are_certificates() {
    assert!(Http::trusting(b"").is_err());
    assert!(Http::trusting(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").is_err());
}
