//! Making the index by which enterprises are found: segments of up to 32,768 enterprises in the order of their names, and for each key the
//! slots that have it.
//!
//! Entering or changing an enterprise costs one small statement: its slot is marked as gone and it waits without one, to be compared with
//! a search directly. [`settle`] gives those that wait a segment, and makes one of several small or worn ones. So an import of 100,000
//! rows writes some 300,000 keys at its end instead of 20,000,000 on its way, and any number of processes may search meanwhile.

use super::members::{SLOTS, encode};
use super::param::{Param, params};
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::enterprise::CreditClass;
use crate::domain::id::EnterpriseId;
use crate::domain::search_keys::{Document, Key};
use std::collections::{BTreeMap, HashMap, HashSet};

/// So many may wait before it is worth to make a segment.
const MOST_WAITING: i64 = 256;

/// So many slots of a segment may be gone before it is made anew.
const MOST_GONE: i64 = 512;

/// A segment of fewer is small; so many small ones are made into one.
const SMALL: i64 = 4_096;
const MOST_SMALL: usize = 4;

/// Kind of the keys that filters look up: town, tag, credit class, active.
pub(super) const FACET: &str = "f";

/// The facet that every enterprise has.
pub(super) const EVERY: &str = "every";

statements! {
    NEXT = "UPDATE enterprise_index SET segment = segment + 1 WHERE id = 1 RETURNING segment";
    WAITING = "SELECT COUNT(*) AS n FROM enterprises WHERE segment IS NULL";
    SIZES = "SELECT segment, COUNT(*) AS n FROM enterprises WHERE segment IS NOT NULL GROUP BY segment";
    GONE_SIZES = "SELECT segment, COUNT(*) AS n FROM enterprise_gone GROUP BY segment";
    DISSOLVE = "UPDATE enterprises SET segment = NULL, slot = NULL WHERE segment = $1";
    DROP_KEYS = "DELETE FROM enterprise_keys WHERE segment = $1";
    DROP_GONE = "DELETE FROM enterprise_gone WHERE segment = $1";
    NEXT_WAITING = "SELECT id, name, address, uscc, town, tags, credit_class, active, revision
        FROM enterprises
        WHERE segment IS NULL
        ORDER BY name, id
        LIMIT $1";
    PLACE = "UPDATE enterprises
        SET segment = $1, slot = CASE id
            WHEN $2 THEN $4
            WHEN $5 THEN $7
            WHEN $8 THEN $10
            WHEN $11 THEN $13
            WHEN $14 THEN $16
            WHEN $17 THEN $19
            WHEN $20 THEN $22
            WHEN $23 THEN $25
            WHEN $26 THEN $28
            WHEN $29 THEN $31
            WHEN $32 THEN $34
            WHEN $35 THEN $37
            WHEN $38 THEN $40
            WHEN $41 THEN $43
            WHEN $44 THEN $46
            WHEN $47 THEN $49
            ELSE slot END
        WHERE id IN ($2, $5, $8, $11, $14, $17, $20, $23, $26, $29, $32, $35, $38, $41, $44, $47) AND (
            (id = $2 AND revision = $3) OR
            (id = $5 AND revision = $6) OR
            (id = $8 AND revision = $9) OR
            (id = $11 AND revision = $12) OR
            (id = $14 AND revision = $15) OR
            (id = $17 AND revision = $18) OR
            (id = $20 AND revision = $21) OR
            (id = $23 AND revision = $24) OR
            (id = $26 AND revision = $27) OR
            (id = $29 AND revision = $30) OR
            (id = $32 AND revision = $33) OR
            (id = $35 AND revision = $36) OR
            (id = $38 AND revision = $39) OR
            (id = $41 AND revision = $42) OR
            (id = $44 AND revision = $45) OR
            (id = $47 AND revision = $48))";
    TAKEN = "SELECT slot FROM enterprises WHERE segment = $1";
    LEAVE = "UPDATE enterprises SET revision = revision + 1 WHERE id = $1 RETURNING segment, slot";
    WAIT = "UPDATE enterprises SET segment = NULL, slot = NULL WHERE id = $1";
    ADD_GONE = "INSERT INTO enterprise_gone (segment, slot) VALUES ($1, $2)";
    ADD_KEY = "INSERT INTO enterprise_keys (kind, key, segment, members) VALUES ($1, $2, $3, $4)";
    ADD_KEYS = "INSERT INTO enterprise_keys (kind, key, segment, members)
        VALUES ($2, $3, $1, $4), ($5, $6, $1, $7), ($8, $9, $1, $10), ($11, $12, $1, $13), ($14, $15, $1, $16), ($17, $18,
            $1, $19), ($20, $21, $1, $22), ($23, $24, $1, $25), ($26, $27, $1, $28), ($29, $30, $1, $31), ($32, $33, $1,
            $34), ($35, $36, $1, $37), ($38, $39, $1, $40), ($41, $42, $1, $43), ($44, $45, $1, $46), ($47, $48, $1, $49),
            ($50, $51, $1, $52), ($53, $54, $1, $55), ($56, $57, $1, $58), ($59, $60, $1, $61), ($62, $63, $1, $64), ($65,
            $66, $1, $67), ($68, $69, $1, $70), ($71, $72, $1, $73), ($74, $75, $1, $76), ($77, $78, $1, $79), ($80, $81,
            $1, $82), ($83, $84, $1, $85), ($86, $87, $1, $88), ($89, $90, $1, $91), ($92, $93, $1, $94), ($95, $96, $1,
            $97)";
}

/// Rows that one statement places, and keys that one statement adds.
const PLACED: usize = 16;
const ADDED: usize = 32;

/// Takes an enterprise out of its segment because something about it changes. Call it before the change, in the same transaction.
///
/// # Errors
/// When the store fails.
pub(super) async fn leave(tx: &mut Tx, id: EnterpriseId) -> Result<()> {
    let Some(row) = tx.fetch_optional(LEAVE, params![id]).await? else { return Ok(()) };
    if let (Some(segment), Some(slot)) = (row.get::<Option<i64>>("segment")?, row.get::<Option<i64>>("slot")?) {
        tx.execute_one("slot", ADD_GONE, params![segment, slot]).await?;
        tx.execute_one("enterprise", WAIT, params![id]).await?;
    }
    Ok(())
}

/// Whether so much has changed that [`settle`] is worth its while.
///
/// # Errors
/// When the store fails.
pub async fn unsettled(tx: &mut Tx) -> Result<bool> {
    if tx.fetch_one(WAITING, params![]).await?.get::<i64>("n")? >= MOST_WAITING {
        return Ok(true);
    }
    Ok(sizes(tx, GONE_SIZES).await?.values().any(|gone| *gone >= MOST_GONE))
}

/// Indexes those that wait, of one segment at most: a second or two, for which whoever files on SQLite waits. Returns how many.
///
/// # Errors
/// When the store fails.
pub async fn settle(tx: &mut Tx) -> Result<usize> {
    // First the number: of two processes the second waits here.
    let number = next(tx).await?;
    dissolve(tx).await?;
    fill(tx, number).await
}

async fn next(tx: &mut Tx) -> Result<i64> {
    tx.fetch_one(NEXT, params![]).await?.get("segment")
}

/// Makes a segment of the first of those that wait; returns how many.
async fn fill(tx: &mut Tx, number: i64) -> Result<usize> {
    let waiting = waiting(tx).await?;
    if !waiting.is_empty() {
        place(tx, number, &waiting).await?;
        add_keys(tx, number, &waiting).await?;
    }
    Ok(waiting.len())
}

/// Lets those of worn segments wait, and those of small ones if there are several.
async fn dissolve(tx: &mut Tx) -> Result<()> {
    let (live, gone) = (sizes(tx, SIZES).await?, sizes(tx, GONE_SIZES).await?);
    let small: Vec<i64> = live.iter().filter(|(_, n)| **n < SMALL).map(|(segment, _)| *segment).collect();
    let mut old: HashSet<i64> = gone.iter().filter(|(_, n)| **n >= MOST_GONE).map(|(segment, _)| *segment).collect();
    old.extend(gone.keys().filter(|segment| !live.contains_key(segment)));
    if small.len() >= MOST_SMALL {
        old.extend(small);
    }
    for segment in old {
        for statement in [DISSOLVE, DROP_KEYS, DROP_GONE] {
            tx.execute(statement, params![segment]).await?;
        }
    }
    Ok(())
}

async fn sizes(tx: &mut Tx, statement: &'static str) -> Result<BTreeMap<i64, i64>> {
    let rows = tx.fetch_all(statement, params![]).await?;
    rows.iter().map(|row| Ok((row.get("segment")?, row.get("n")?))).collect()
}

/// What is indexed of an enterprise. Its keys, some hundred, are made when they are added: for a whole segment they would fill the memory.
struct Waiting {
    id: EnterpriseId,
    name: String,
    address: String,
    uscc: String,
    revision: i64,
    facets: Vec<String>,
}

/// The next segment's enterprises, in the order of their names.
async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>> {
    let rows = tx.fetch_all(NEXT_WAITING, params![i64::try_from(SLOTS).unwrap_or(i64::MAX)]).await?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, address, uscc): (String, String, String) = (row.get("name")?, row.get("address")?, row.get("uscc")?);
        let town: String = row.get("town")?;
        let tags: Vec<String> = row.json("tags")?;
        let class = row.code_opt("credit_class", CreditClass::parse)?;
        waiting.push(Waiting {
            id: row.id("id")?,
            revision: row.get("revision")?,
            facets: facets(&town, &tags, class, row.get("active")?),
            name,
            address,
            uscc,
        });
    }
    // The database may order names by the customs of a country.
    waiting.sort_unstable_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(waiting)
}

/// The keys that filters look up.
pub(super) fn facets(town: &str, tags: &[String], class: Option<CreditClass>, active: bool) -> Vec<String> {
    let mut facets = vec![EVERY.to_owned(), active_facet(active).to_owned(), town_facet(town), class_facet(class)];
    facets.extend(tags.iter().map(|tag| tag_facet(tag)));
    if !tags.is_empty() {
        facets.push(TAGGED.to_owned());
    }
    facets.sort_unstable();
    facets.dedup();
    facets
}

/// The facet of those with any tag: 重点企业.
pub(super) const TAGGED: &str = "tagged";

pub(super) const fn active_facet(active: bool) -> &'static str {
    if active { "on" } else { "off" }
}

pub(super) fn town_facet(town: &str) -> String {
    format!("town:{town}")
}

pub(super) fn tag_facet(tag: &str) -> String {
    format!("tag:{tag}")
}

pub(super) fn class_facet(class: Option<CreditClass>) -> String {
    format!("class:{}", class.map_or("", CreditClass::as_str))
}

/// Gives each its slot. One that somebody has changed meanwhile goes on waiting; the slot stays empty.
async fn place(tx: &mut Tx, segment: i64, waiting: &[Waiting]) -> Result<()> {
    let (mut slot, mut placed) = (0_i64, 0);
    for some in waiting.chunks(PLACED) {
        let mut bound = Vec::with_capacity(1 + PLACED * 3);
        bound.push(Param::from(segment));
        for nth in 0..PLACED {
            // The last one is repeated until the statement is full.
            let at = nth.min(some.len() - 1);
            let slot = slot + i64::try_from(at).unwrap_or_default();
            bound.extend([Param::from(some[at].id), Param::from(some[at].revision), Param::from(slot)]);
        }
        placed += tx.execute(PLACE, &bound).await?;
        slot += i64::try_from(some.len()).unwrap_or_default();
    }
    if placed == waiting.len() as u64 {
        return Ok(());
    }
    let rows = tx.fetch_all(TAKEN, params![segment]).await?;
    let taken: HashSet<i64> = rows.iter().map(|row| row.get("slot")).collect::<Result<_>>()?;
    for slot in (0..slot).filter(|slot| !taken.contains(slot)) {
        tx.execute_one("slot", ADD_GONE, params![segment, slot]).await?;
    }
    Ok(())
}

async fn add_keys(tx: &mut Tx, segment: i64, waiting: &[Waiting]) -> Result<()> {
    let mut by_key: HashMap<Key, Vec<u16>> = HashMap::new();
    let mut by_facet: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    for (slot, enterprise) in (0_u16..).zip(waiting) {
        for key in Document::keys(&enterprise.name, &enterprise.address, &enterprise.uscc) {
            by_key.entry(key).or_default().push(slot);
        }
        for facet in &enterprise.facets {
            by_facet.entry(facet).or_default().push(slot);
        }
    }
    let texts = by_key.into_iter().map(|(key, slots)| (key.kind.as_str(), key.text(), slots));
    let facets = by_facet.into_iter().map(|(facet, slots)| (FACET, facet.to_owned(), slots));
    let mut all: Vec<(&str, String, Vec<u16>)> = texts.chain(facets).collect();
    // In the order of the primary key the database writes each page once.
    all.sort_unstable();
    for some in all.chunks(ADDED) {
        if some.len() == ADDED {
            let mut bound = Vec::with_capacity(1 + ADDED * 3);
            bound.push(Param::from(segment));
            for (kind, key, slots) in some {
                bound.extend([Param::from(*kind), Param::from(key), Param::from(encode(slots))]);
            }
            tx.execute(ADD_KEYS, &bound).await?;
        } else {
            for (kind, key, slots) in some {
                tx.execute_one("key", ADD_KEY, params![*kind, key, segment, encode(slots)]).await?;
            }
        }
    }
    Ok(())
}
