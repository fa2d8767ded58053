//! Who else may vouch for a user of the console.

use super::code_enum::code_enum;

code_enum! {
    /// A kind of provider. A site has at most one of each.
    ProviderKind {
        /// OpenID Connect: the unified sign-in of a city or district.
        Oidc = "oidc",
        /// 企业微信.
        WeCom = "wecom",
        /// 政务钉钉 (专有钉钉).
        ZwDingTalk = "zwdingtalk",
    }
}

/// What is noted behind the kind, where the provider asked anew who it is.
const ANEW: &str = "_anew";

/// By what a session was begun that a provider let in: its kind, and whether it asked anew.
#[must_use]
pub fn noted(kind: ProviderKind, anew: bool) -> String {
    format!("{kind}{}", if anew { ANEW } else { "" })
}

/// The kind and whether it asked anew, of what [`noted`] wrote; `None` where no provider began the session.
#[must_use]
pub fn vouched(noted: &str) -> Option<(ProviderKind, bool)> {
    let kind = noted.strip_suffix(ANEW);
    Some((ProviderKind::parse(kind.unwrap_or(noted))?, kind.is_some()))
}

#[cfg(test)]
mod tests {
    use super::{ProviderKind, noted, vouched};

    #[test]
    fn what_is_noted_is_read_again() {
        for (kind, anew) in [(ProviderKind::Oidc, false), (ProviderKind::Oidc, true), (ProviderKind::WeCom, false)] {
            assert_eq!(vouched(&noted(kind, anew)), Some((kind, anew)));
        }
        for other in ["password", "passkey", "code", "recovery_code", "", "_anew", "password_anew"] {
            assert_eq!(vouched(other), None, "{other}");
        }
    }
}
