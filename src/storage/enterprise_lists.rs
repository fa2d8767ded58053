//! Lists of enterprises: by name, page by page (keyset), searched by what people type.

use super::enterprises::{EnterpriseRecord, from_row};
use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::enterprise::{CreditClass, Enterprise};
use crate::domain::id::EnterpriseId;
use uuid::Uuid;

statements! {
    SEARCH = "SELECT * FROM enterprises
        WHERE active
            AND (name, id) > ($1, $2)
            AND (search LIKE $3 ESCAPE '\\' OR $3 IS NULL)
        ORDER BY name, id
        LIMIT $4";
    AFTER = "SELECT id, credit_class, town FROM enterprises WHERE id > $1 ORDER BY id LIMIT $2";
    COUNT = "SELECT COUNT(*) AS n FROM enterprises WHERE active";
}

/// At most `limit` active enterprises after the one with this name and id, whose name, initials, address or credit code
/// contains `words`.
///
/// # Errors
/// When the store fails.
pub async fn search(
    tx: &mut Tx,
    words: Option<&str>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<EnterpriseRecord>> {
    let (name, id) = after.unwrap_or((String::new(), Uuid::nil()));
    let pattern = words.map(containing);
    tx.fetch_all(SEARCH, params![name, id, pattern, limit]).await?.iter().map(from_row).collect()
}

/// The next enterprises in the order of their ids, as the rules see them; inactive ones too.
///
/// # Errors
/// When the store fails.
pub async fn after(tx: &mut Tx, id: Option<EnterpriseId>, limit: i64) -> Result<Vec<Enterprise>> {
    let rows = tx.fetch_all(AFTER, params![id.map_or(Uuid::nil(), |id| id.0), limit]).await?;
    rows.iter()
        .map(|row| {
            let credit_class = row.code_opt("credit_class", CreditClass::parse)?;
            Ok(Enterprise { id: row.id("id")?, credit_class, town: row.get("town")? })
        })
        .collect()
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
