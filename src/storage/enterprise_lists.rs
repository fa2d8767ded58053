//! Lists of enterprises: by name, page by page (keyset), searched by what people type.

use super::enterprise_search::{self, EnterpriseQuery};
use super::enterprises::{EnterpriseRecord, from_row};
use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::search_keys::Words;
use uuid::Uuid;

statements! {
    LIST = "SELECT * FROM enterprises
        WHERE active
            AND (name, id) > ($1, $2)
        ORDER BY name, id
        LIMIT $3";
    COUNT = "SELECT COUNT(*) AS n FROM enterprises WHERE active";
}

/// At most `limit` active enterprises after the one with this name and id, whose name (also in pinyin and by initials), address or
/// credit code has `words`; of words without letter or digit none.
///
/// # Errors
/// When the store fails.
pub async fn search(
    tx: &mut Tx,
    words: Option<&str>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<EnterpriseRecord>> {
    let Some(typed) = words else {
        let (name, id) = after.unwrap_or((String::new(), Uuid::nil()));
        return tx.fetch_all(LIST, params![name, id, limit]).await?.iter().map(from_row).collect();
    };
    let Some(words) = Words::parse(typed) else { return Ok(Vec::new()) };
    let limit = usize::try_from(limit).unwrap_or_default();
    Ok(enterprise_search::search(tx, &EnterpriseQuery::of_words(words), after, limit).await?.rows)
}

/// How many active enterprises there are.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.fetch_one(COUNT, params![]).await?.get("n")
}

/// The LIKE pattern of a text that contains `words`, with `\` before what LIKE would read as a sign.
pub(super) fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn signs_of_like_are_taken_as_they_are() {
        assert_eq!(containing("100%_A\\"), "%100\\%\\_a\\\\%");
    }
}
