//! What an SMTP URL means.

use super::{Security, Smtp, SmtpError, decode};
use rstest::rstest;

#[rstest]
#[case("smtp://mail.example.org", Security::Plain, 25)]
#[case("smtp://mail.example.org:2525", Security::Plain, 2525)]
#[case("smtp+starttls://u:p@mail.example.org", Security::StartTls, 587)]
#[case("smtps://u:p@mail.example.org", Security::Tls, 465)]
fn the_scheme_says_how_it_is_secured(#[case] url: &str, #[case] security: Security, #[case] port: u16) {
    let smtp = Smtp::new(url, None).expect("usable");
    assert_eq!((smtp.server.security, smtp.server.port), (security, port));
    assert_eq!(smtp.server.host, "mail.example.org");
    assert_eq!(smtp.server.login.is_some(), url.contains('@'));
    assert_eq!(smtp.server.tls.is_some(), security != Security::Plain);
}

#[rstest]
#[case("http://mail.example.org")]
#[case("mail.example.org")]
#[case("smtp://")]
#[case("smtp://u%ZZ:geheim@mail.example.org")]
fn other_urls_are_refused_without_repeating_the_password(#[case] url: &str) {
    let error = Smtp::new(url, None).expect_err("refused").to_string();
    assert!(!error.contains("geheim"), "{error}");
}

#[test]
fn a_password_may_hold_anything_percent_encoded() {
    assert_eq!(decode("p%40ss%3A%E5%AF%86+").as_deref(), Ok("p@ss:密+"));
    assert!(decode("%E5").is_err());
    assert!(decode("%4").is_err());
}

#[test]
fn roots_that_are_no_certificates_are_refused() {
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(Smtp::new("smtps://mail.example.org", Some(pem)), Err(SmtpError::Roots(_))));
}

#[test]
fn the_debug_form_hides_the_password() {
    let smtp = Smtp::new("smtp://user:geheim@mail.example.org", None).expect("usable");
    assert!(!format!("{smtp:?}").contains("geheim"));
}
