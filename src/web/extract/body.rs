//! The body of a form: urlencoded, at most 64 KiB, strictly UTF-8. Control characters are left to the domain's text parser, so that the
//! form comes back with words at the field.

use crate::web::error::AppError;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Request};

/// The most bytes of a form.
pub const FORM_MAX: usize = 64 * 1024;

/// Reads the fields of a form in the order they were sent.
///
/// # Errors
/// Too large; not urlencoded; no UTF-8.
pub async fn fields(request: Request<Body>) -> Result<Vec<(String, String)>, AppError> {
    if !is_urlencoded(request.headers()) {
        return Err(AppError::BadRequest("content type"));
    }
    decode(&bytes(request.into_body(), FORM_MAX).await?)
}

/// A whole body of at most `max` bytes.
///
/// # Errors
/// Too large; cut off.
pub async fn bytes(body: Body, max: usize) -> Result<axum::body::Bytes, AppError> {
    to_bytes(body, max).await.map_err(|error| {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(cause) = source {
            if cause.is::<http_body_util::LengthLimitError>() {
                return AppError::TooLarge;
            }
            source = cause.source();
        }
        AppError::BadRequest("body")
    })
}

/// Whether the body claims to be a form in UTF-8, which is also meant when no charset is named.
fn is_urlencoded(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && parts.all(|parameter| !is_other_charset(parameter))
}

/// Whether a parameter names another charset than UTF-8; some programs write it without the hyphen.
fn is_other_charset(parameter: &str) -> bool {
    let Some((name, charset)) = parameter.split_once('=') else { return false };
    let utf8 = ["utf-8", "utf8"].iter().any(|known| charset.trim().trim_matches('"').eq_ignore_ascii_case(known));
    name.trim().eq_ignore_ascii_case("charset") && !utf8
}

/// Splits and decodes `a=1&b=2`.
///
/// # Errors
/// When a name or a value is no UTF-8.
pub fn decode(bytes: &[u8]) -> Result<Vec<(String, String)>, AppError> {
    bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = percent_decode(halves.next().unwrap_or_default())?;
            let value = percent_decode(halves.next().unwrap_or_default())?;
            Ok((name, value))
        })
        .collect()
}

fn percent_decode(bytes: &[u8]) -> Result<String, AppError> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'+' => decoded.push(b' '),
            b'%' => {
                if let [high, low, after @ ..] = tail
                    && let (Some(high), Some(low)) = (hex(*high), hex(*low))
                {
                    decoded.push(high * 16 + low);
                    rest = after;
                } else {
                    decoded.push(b'%');
                }
            }
            other => decoded.push(other),
        }
    }
    String::from_utf8(decoded).map_err(|_| AppError::BadEncoding)
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded_in_order() {
        let fields = decode(b"a=1+2&b=%E6%A3%80%e6%9F%A5&a=3&c&=x&d=100%").expect("UTF-8");
        let expected = [("a", "1 2"), ("b", "检查"), ("a", "3"), ("c", ""), ("", "x"), ("d", "100%")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_form_is_urlencoded_in_utf_8_however_that_is_written() {
        let taken = |kind: &str| {
            let value = axum::http::HeaderValue::from_str(kind).expect("a header");
            is_urlencoded(&HeaderMap::from_iter([(CONTENT_TYPE, value)]))
        };
        for parameters in
            ["", ";", "; charset=UTF-8", ";charset=utf8", "; charset=UTF-8;", "; Charset=\"utf-8\"; x=y", "; x"]
        {
            assert!(taken(&format!("application/x-www-form-urlencoded{parameters}")), "{parameters}");
        }
        assert!(taken("APPLICATION/X-WWW-FORM-URLENCODED"));
        for kind in [
            "application/x-www-form-urlencoded; charset=gbk",
            "application/x-www-form-urlencoded; x=y; charset=gbk",
            "text/plain",
            "",
        ] {
            assert!(!taken(kind), "{kind}");
        }
        assert!(!is_urlencoded(&HeaderMap::new()));
    }

    #[test]
    fn gbk_is_refused_instead_of_garbled() {
        assert!(matches!(decode(b"a=%BC%EC%B2%E9"), Err(AppError::BadEncoding)));
        assert!(matches!(decode(b"a=\xBC\xEC"), Err(AppError::BadEncoding)));
    }
}
