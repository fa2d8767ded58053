//! What a district may demand of a provider of OpenID Connect beyond a right token: a proof of just now, or one of a certain strength.

use super::id_token::{Claims, SKEW};
use super::{Result, Trouble};
use chrono::{DateTime, Utc};

/// What is demanded; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// What stands for the password before a dangerous act is a proof that was given anew for it, not a sign-in that the provider remembered.
    pub anew: bool,
    /// One of these must be the strength (`acr`), in the order in which they are asked for; any is taken where there is none.
    pub strengths: Vec<String>,
    /// One of these must be among the means (`amr`); any are taken where there is none.
    pub means: Vec<String>,
}

impl Demands {
    /// Whether a sign-in fulfils them that began at `since` and was to be proved anew, or need not be (`None`).
    ///
    /// # Errors
    /// [`Trouble::Weak`] or [`Trouble::Remembered`].
    pub(super) fn met(&self, claims: &Claims, since: Option<DateTime<Utc>>) -> Result<()> {
        let strong = |strength: &String| claims.strength.as_ref() == Some(strength);
        if !self.strengths.is_empty() && !self.strengths.iter().any(strong) {
            return Err(Trouble::Weak("acr"));
        }
        if !self.means.is_empty() && !self.means.iter().any(|means| claims.means.contains(means)) {
            return Err(Trouble::Weak("amr"));
        }
        match since {
            Some(since) if claims.proved_at.is_none_or(|at| at + SKEW < since) => Err(Trouble::Remembered),
            _ => Ok(()),
        }
    }
}
