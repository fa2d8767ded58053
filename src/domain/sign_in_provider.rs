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
