//! Identities as newtypes over UUIDs, so that an agency is never passed where an enterprise is meant.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads the usual hyphenated form; `None` for anything else.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// An agency (单位): an authority, or a team, station or entrusted body of one.
    AgencyId,
    /// A published inspection matter (检查事项).
    MatterId,
    /// An inspector (执法人员).
    InspectorId,
    /// An enterprise (企业), or one site of it.
    EnterpriseId,
    /// A branch or site of an enterprise (分支、经营场所).
    SiteId,
    /// A filing (报备).
    FilingId,
    /// A visit report by an enterprise (企业上报).
    ReportId,
    /// A version of the policy (规则参数).
    PolicyId,
    /// A suspected or decided violation.
    ViolationId,
    /// A sign: one code of an enterprise or agency (码牌).
    SignId,
    /// A person who signs in to the console.
    UserId,
    /// A mail in the outbox.
    MailId,
}
