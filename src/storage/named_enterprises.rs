//! The enterprises that somebody's words name, for lists of what happened at them: looked up first, so that an index finds their rows.

use super::enterprise_search::{self, EnterpriseQuery};
use super::param::Param;
use super::{Result, Tx};
use crate::domain::id::EnterpriseId;
use crate::domain::search_keys::Words;
use uuid::Uuid;

/// So many enterprises are looked up, at most. What more of them have, a page of the newest or gravest soon holds: that is searched row by row.
const MOST: usize = 320;

/// Enterprises that one statement takes.
const AT_ONCE: usize = 32;

/// The enterprises, active or not, whose name (also in pinyin and by initials), address or credit code has the words; `None` without words,
/// and where they are too many.
///
/// # Errors
/// When the store fails.
pub(super) async fn named(tx: &mut Tx, words: Option<&str>) -> Result<Option<Vec<EnterpriseId>>> {
    let Some(words) = words else { return Ok(None) };
    let Some(words) = Words::parse(words) else { return Ok(Some(Vec::new())) };
    let query = EnterpriseQuery { words: Some(words), ..EnterpriseQuery::default() };
    let found = enterprise_search::search(tx, &query, None, MOST + 1).await?.rows;
    Ok((found.len() <= MOST).then(|| found.iter().map(|e| e.id).collect()))
}

/// Enterprises in groups of as many as one statement takes, as its values; what is left of the places stands for nobody.
pub(super) fn groups(enterprises: &[EnterpriseId]) -> impl Iterator<Item = Vec<Param>> {
    let nobody = || std::iter::repeat(EnterpriseId(Uuid::nil()));
    enterprises.chunks(AT_ONCE).map(move |some| {
        let places = some.iter().copied().chain(nobody()).take(AT_ONCE);
        places.map(Param::from).collect()
    })
}
