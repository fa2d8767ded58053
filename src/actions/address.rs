//! The mail address that somebody signs in with. Large and small letters are one in it, as they are to mail servers: a phone that begins it with a
//! large letter keeps nobody out, and no two people have the same one.

use super::Result;
use crate::domain::user::User;
use crate::storage::{Tx, users};

/// The form in which the address of a user is kept.
pub(super) fn plain(email: &str) -> String {
    email.to_lowercase()
}

/// Whether somebody has this address.
pub(super) async fn is_taken(tx: &mut Tx, email: &str) -> Result<bool> {
    Ok(!kept_as(tx, email).await?.is_empty())
}

/// The user with this address, with the hash of the password. It takes as long for an address that nobody has.
///
/// # Errors
/// When the store fails.
pub async fn user_of(tx: &mut Tx, email: &str) -> Result<Option<(User, String)>> {
    let kept = kept_as(tx, email).await?;
    // Of several that earlier versions took, the one that is written like this is meant, or none.
    let exact = kept.iter().find(|kept| *kept == email);
    let only = if let [only] = kept.as_slice() { Some(only) } else { None };
    Ok(users::by_email(tx, exact.or(only).map_or(email, String::as_str)).await?)
}

/// The addresses that are this one, as they are kept: those that earlier versions took may have large letters.
async fn kept_as(tx: &mut Tx, email: &str) -> Result<Vec<String>> {
    let email = plain(email);
    let all = users::list(tx).await?.into_iter().map(|user| user.email);
    Ok(all.filter(|kept| plain(kept) == email).collect())
}
