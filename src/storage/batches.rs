//! Many rows by one statement, for imports: a hundred thousand statements, each with its way to the server and back, take too long.
//!
//! The texts are made by the compiler from a beginning and a number of rows, so that they are as static as all others.

use super::audit::AuditRow;
use super::enterprises::{self, EnterpriseRecord};
use super::param::{Param, params};
use super::signs::{self, SignRecord};
use super::statements::Statement;
use super::{Result, Tx};
use crate::domain::enterprise::CreditClass;
use crate::domain::id::EnterpriseId;
use serde_json::json;
use uuid::Uuid;

/// Rows of an `INSERT`.
const ROWS: usize = 50;
/// Values of an `IN`.
const VALUES: usize = 200;

/// How many digits a number below 10,000 has.
const fn digits(number: usize) -> usize {
    1 + (number > 9) as usize + (number > 99) as usize + (number > 999) as usize
}

/// How many bytes [`text`] makes.
const fn length(start: &str, columns: usize, rows: usize, end: &str) -> usize {
    let mut length = start.len() + end.len();
    let mut number = 1;
    while number <= columns * rows {
        // `$`, the digits, and a comma or a parenthesis; an opening one and a comma between rows.
        length += 2 + digits(number);
        number += 1;
    }
    length + rows + (rows - 1)
}

/// `START ($1,$2),($3,$4) END`, without the spaces.
const fn text<const LENGTH: usize>(start: &str, columns: usize, rows: usize, end: &str) -> [u8; LENGTH] {
    let mut made = [0; LENGTH];
    let mut at = 0;
    while at < start.len() {
        made[at] = start.as_bytes()[at];
        at += 1;
    }
    let mut number = 1;
    while number <= columns * rows {
        if number % columns == 1 || columns == 1 {
            if number > 1 {
                made[at] = b',';
                at += 1;
            }
            made[at] = b'(';
            at += 1;
        }
        made[at] = b'$';
        let mut place = digits(number);
        let mut rest = number;
        while place > 0 {
            #[expect(clippy::cast_possible_truncation, reason = "a digit")]
            let digit = (rest % 10) as u8;
            made[at + place] = b'0' + digit;
            rest /= 10;
            place -= 1;
        }
        at += 1 + digits(number);
        made[at] = if number % columns == 0 { b')' } else { b',' };
        at += 1;
        number += 1;
    }
    let mut from = 0;
    while from < end.len() {
        made[at] = end.as_bytes()[from];
        at += 1;
        from += 1;
    }
    made
}

macro_rules! many {
    ($($name:ident = $start:literal, $columns:literal * $rows:expr, $end:literal;)+) => {
        $(const $name: &str = {
            const BYTES: [u8; length($start, $columns, $rows, $end)] = text($start, $columns, $rows, $end);
            match std::str::from_utf8(&BYTES) {
                Ok(text) => text,
                Err(_) => "",
            }
        };)+
        pub(super) const STATEMENTS: &[Statement] =
            &[$(Statement { name: concat!(module_path!(), "::", stringify!($name)), sql: $name }),+];
    };
}

many! {
    ENTERPRISES = "INSERT INTO enterprises (
        id, uscc, name, town, address, industry, credit_class, tags, email, search, active, version, created_at, import_id)
        VALUES ",
        14 * ROWS, "";
    ENTERPRISE = "INSERT INTO enterprises (
        id, uscc, name, town, address, industry, credit_class, tags, email, search, active, version, created_at, import_id)
        VALUES ",
        14 * 1, "";
    SIGNS = "INSERT INTO signs (
        id, serial, token, short_code, unit_kind, unit_id, place, state, edition, created_at, printed_host, bound_at,
        revoked_reason) VALUES ",
        13 * ROWS, " ON CONFLICT (short_code) DO NOTHING";
    SIGN = "INSERT INTO signs (
        id, serial, token, short_code, unit_kind, unit_id, place, state, edition, created_at, printed_host, bound_at,
        revoked_reason) VALUES ",
        13 * 1, " ON CONFLICT (short_code) DO NOTHING";
    AUDIT_ROWS = "INSERT INTO audit (id, at, actor_kind, actor, action, object_kind, object_id, detail) VALUES ", 8 * ROWS, "";
    AUDIT_ROW = "INSERT INTO audit (id, at, actor_kind, actor, action, object_kind, object_id, detail) VALUES ", 8 * 1, "";
    BY_USCC = "SELECT * FROM enterprises WHERE uscc IN ", 200 * 1, "";
    NAMES_AFTER = "SELECT uscc, name FROM enterprises WHERE active AND uscc > ", 1 * 1, " ORDER BY uscc LIMIT 2000";
    ACTIVE_AFTER = "SELECT * FROM enterprises WHERE active AND uscc > ", 1 * 1, " ORDER BY uscc LIMIT 500";
}

/// Fifty rows by one statement where each is a long way, what is left over one by one. SQLite keeps a copy of each page for a statement of several
/// rows, which takes longer than a statement for each row on the same thread.
async fn insert<T>(
    tx: &mut Tx,
    (many, one): (&'static str, &'static str),
    rows: &[T],
    bound: impl Fn(&T) -> Vec<Param>,
) -> Result<()> {
    let (chunks, rest) = together(tx, rows);
    for chunk in chunks {
        let values: Vec<Param> = chunk.iter().flat_map(&bound).collect();
        tx.execute(many, &values).await?;
    }
    for row in rest {
        tx.execute(one, &bound(row)).await?;
    }
    Ok(())
}

/// Those that go into one statement each, and those that go alone.
fn together<'a, T>(tx: &Tx, rows: &'a [T]) -> (&'a [[T; ROWS]], &'a [T]) {
    if tx.is_far() { rows.as_chunks() } else { (&[], rows) }
}

/// Enters the new enterprises of an import.
///
/// # Errors
/// When the store fails, or a credit code is taken.
pub async fn insert_enterprises(tx: &mut Tx, import: Uuid, all: &[EnterpriseRecord]) -> Result<()> {
    insert(tx, (ENTERPRISES, ENTERPRISE), all, |e| {
        params![
            e.id,
            &e.uscc,
            &e.name,
            &e.town,
            &e.address,
            &e.industry,
            e.credit_class.map(CreditClass::as_str),
            json!(e.tags),
            &e.email,
            &e.search,
            e.active,
            0_i64,
            e.created_at,
            import,
        ]
        .to_vec()
    })
    .await
}

/// Stores new signs, and returns the places of those that were not stored because their short code is taken. The index of short codes is
/// asked by the insertion itself: PostgreSQL would plan a query of its own for the empty table that it was when the import began, and read all
/// of it each time.
///
/// # Errors
/// When the store fails.
pub async fn insert_signs(tx: &mut Tx, all: &[SignRecord]) -> Result<Vec<usize>> {
    let bound = |s: &SignRecord| {
        params![
            s.id,
            &s.serial,
            &s.token,
            &s.short_code,
            s.unit_kind.as_str(),
            s.unit,
            &s.place,
            s.state.as_str(),
            s.edition,
            s.created_at,
            &s.printed_host,
            s.bound_at,
            &s.revoked_reason,
        ]
        .to_vec()
    };
    let mut refused = Vec::new();
    let (many, rest) = together(tx, all);
    for (nth, chunk) in many.iter().enumerate() {
        let values: Vec<Param> = chunk.iter().flat_map(bound).collect();
        if tx.execute(SIGNS, &values).await? == ROWS as u64 {
            continue;
        }
        for (place, sign) in chunk.iter().enumerate() {
            if signs::get(tx, sign.id).await?.is_none() {
                refused.push(nth * ROWS + place);
            }
        }
    }
    for (place, sign) in rest.iter().enumerate() {
        if tx.execute(SIGN, &bound(sign)).await? == 0 {
            refused.push(many.len() * ROWS + place);
        }
    }
    Ok(refused)
}

/// Appends entries to the audit, in their order.
///
/// # Errors
/// When the store fails.
pub async fn append_audit(tx: &mut Tx, all: &[AuditRow]) -> Result<()> {
    insert(tx, (AUDIT_ROWS, AUDIT_ROW), all, |row| {
        params![
            row.id,
            row.at,
            &row.actor_kind,
            &row.actor,
            &row.action,
            &row.object_kind,
            row.object_id,
            row.detail.clone(),
        ]
        .to_vec()
    })
    .await
}

/// The enterprises with these credit codes, in no order, and whether each was merged into another one; those that are not stored are
/// left out.
///
/// # Errors
/// When the store fails.
pub async fn enterprises_by_uscc(tx: &mut Tx, codes: &[&str]) -> Result<Vec<(EnterpriseRecord, bool)>> {
    let mut found = Vec::with_capacity(codes.len());
    for chunk in codes.chunks(VALUES) {
        for row in tx.fetch_all(BY_USCC, &filled(chunk)).await? {
            let merged = row.id_opt::<EnterpriseId>("merged_into")?.is_some();
            found.push((enterprises::from_row(&row)?, merged));
        }
    }
    Ok(found)
}

/// A chunk as the values of an `IN`, filled up with its first: what stands there twice is found once.
fn filled(chunk: &[&str]) -> Vec<Param> {
    chunk.iter().chain(std::iter::repeat(&chunk[0])).take(VALUES).map(|code| Param::from(*code)).collect()
}

/// At most 500 active enterprises whose credit code is greater than `after`, in its order.
///
/// # Errors
/// When the store fails.
pub async fn active_enterprises(tx: &mut Tx, after: &str) -> Result<Vec<EnterpriseRecord>> {
    tx.fetch_all(ACTIVE_AFTER, params![after]).await?.iter().map(enterprises::from_row).collect()
}

/// Credit codes and names of at most 2,000 active enterprises whose credit code is greater than `after`, in its order.
///
/// # Errors
/// When the store fails.
pub async fn active_names(tx: &mut Tx, after: &str) -> Result<Vec<(String, String)>> {
    let rows = tx.fetch_all(NAMES_AFTER, params![after]).await?;
    rows.iter().map(|row| Ok((row.get("uscc")?, row.get("name")?))).collect()
}

#[cfg(test)]
mod tests {
    use super::{AUDIT_ROWS, BY_USCC, ENTERPRISES, length, text};

    #[test]
    fn placeholders_are_numbered_row_by_row() {
        const MADE: [u8; length("IN ", 2, 6, ";")] = text("IN ", 2, 6, ";");
        assert_eq!(std::str::from_utf8(&MADE), Ok("IN ($1,$2),($3,$4),($5,$6),($7,$8),($9,$10),($11,$12);"));
        assert!(ENTERPRISES.ends_with(",$699,$700)") && AUDIT_ROWS.ends_with(",$400)"));
        assert!(BY_USCC.ends_with(",$199,$200)"));
    }
}
