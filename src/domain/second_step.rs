//! The second step of signing in: time-based codes of six digits (RFC 6238: SHA-1, 30 s), and recovery codes.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret: what RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;

/// How many recovery codes there are at a time.
pub const RECOVERY_CODES: usize = 10;

/// Random bytes of a recovery code: 60 bits are used.
pub const RECOVERY_BYTES: usize = 12;

/// Letters and digits that nobody confuses.
const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// A secret of random bytes, in base32 as apps take it.
#[must_use]
pub fn new_secret(random: &[u8; SECRET_BYTES]) -> String {
    Secret::new_stack(*random).to_base32()
}

/// The link of a secret for an authenticator app, which shows `issuer` and `account` beside the code. Colons are taken out, which the link forbids.
#[must_use]
pub fn app_link(secret: &str, issuer: &str, account: &str) -> Option<String> {
    let plain = |text: &str| text.replace(':', " ");
    let named = builder(secret)?.with_issuer(Some(plain(issuer))).with_account_name(plain(account));
    named.build().ok()?.to_url().ok()
}

/// The secret as people type it into an app, in groups of four.
#[must_use]
pub fn typed_secret(secret: &str) -> String {
    let groups: Vec<&str> = secret.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// The 30-second step whose code was typed, if it is the present one or one beside it and newer than `used`.
#[must_use]
pub fn step_of(secret: &str, typed: &str, now: DateTime<Utc>, used: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = bare(secret)?.check(&digits, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(step).ok().filter(|step| *step > used)
}

/// The code that is shown at an instant, as an authenticator app computes it.
#[must_use]
pub fn code_at(secret: &str, now: DateTime<Utc>) -> Option<String> {
    Some(bare(secret)?.generate(now.timestamp().unsigned_abs()).to_string())
}

/// A recovery code of random bytes: `abcd-efgh-jkmn`.
#[must_use]
pub fn recovery_code(random: &[u8; RECOVERY_BYTES]) -> String {
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A recovery code as typed, in the form in which it is hashed: small letters and digits only.
#[must_use]
pub fn normal_recovery_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn builder(secret: &str) -> Option<Builder> {
    Some(Builder::new().with_secret(Secret::try_from_base32(secret).ok()?))
}

fn bare(secret: &str) -> Option<Totp> {
    Some(builder(secret)?.build_noncompliant())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // The RFC gives eight digits; an app shows the last six.
        assert_eq!(new_secret(b"12345678901234567890"), SECRET);
        assert_eq!(code_at(SECRET, at(59)).as_deref(), Some("287082"));
        assert_eq!(code_at(SECRET, at(1_111_111_109)).as_deref(), Some("081804"));
        assert_eq!(code_at(SECRET, at(2_000_000_000)).as_deref(), Some("279037"));
    }

    #[test]
    fn a_code_holds_in_its_step_and_those_beside_it_and_only_once() {
        let code = code_at(SECRET, at(3_000)).expect("a code");
        assert_eq!(step_of(SECRET, &code, at(3_000), 0), Some(100));
        assert_eq!(step_of(SECRET, &code, at(2_970), 0), Some(100), "a clock that is a little behind");
        assert_eq!(step_of(SECRET, &code, at(3_059), 0), Some(100), "or ahead");
        assert_eq!(step_of(SECRET, &code, at(3_060), 0), None);
        assert_eq!(step_of(SECRET, &code, at(2_969), 0), None);
        assert_eq!(step_of(SECRET, &code, at(3_000), 100), None, "used already");
        assert_eq!(step_of(SECRET, " 12 34 5", at(3_000), 0), None);
        assert_eq!(step_of(SECRET, "", at(3_000), 0), None);
    }

    #[test]
    fn a_recovery_code_is_read_as_it_is_written_down() {
        let code = recovery_code(&[0, 1, 2, 3, 31, 32, 33, 255, 9, 10, 11, 12]);
        assert_eq!(code.len(), 14);
        assert_eq!(normal_recovery_code(&code.to_uppercase().replace('-', " ")), code.replace('-', ""));
    }

    #[test]
    fn the_link_names_district_and_account() {
        let link = app_link(SECRET, "码上报备: 青禾区", "a@qh.gov.cn").expect("a link");
        assert!(link.starts_with("otpauth://totp/"), "{link}");
        assert!(link.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{link}");
        assert_eq!(typed_secret(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
