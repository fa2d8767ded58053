//! Finding enterprises by words and filters, in the order of their names, page by page (keyset), with counts for the filters.
//!
//! The keys of the words and filters are looked up by equality and combined as sets of slots; only rows that are shown are read. Slots of a
//! segment are in the order of names, so that each segment gives its next ones directly. Enterprises that wait for a segment are compared
//! one by one. See `enterprise_index` for how the keys come about.

use super::enterprise_index::{
    EVERY, FACET, TAGGED, active_facet, class_facet, facets as facets_of, tag_facet, town_facet,
};
use super::enterprises::{EnterpriseRecord, from_row};
use super::members::Members;
use super::param::{Param, params};
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::enterprise::CreditClass;
use crate::domain::search_keys::{Document, Kind, Words};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

statements! {
    KEYS = "SELECT key, segment, members FROM enterprise_keys
        WHERE kind = $1 AND key IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    FACETS = "SELECT key, segment, members FROM enterprise_keys WHERE kind = $1";
    GONE = "SELECT segment, slot FROM enterprise_gone";
    WAITING = "SELECT * FROM enterprises WHERE segment IS NULL";
    SLOTS = "SELECT * FROM enterprises WHERE segment = $1 AND slot IN (
            $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)";
    NAME_AT = "SELECT name, id FROM enterprises WHERE segment = $1 AND slot = $2";
}

/// Every slot of a segment.
const SLOTS_OF_ALL: usize = super::members::SLOTS;

/// Keys and slots that one statement reads.
const KEYS_READ: usize = 16;
const SLOTS_READ: usize = 32;

/// What to look for. Filters of one kind are alternatives, those of different kinds must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EnterpriseQuery {
    /// Words; `None` for any.
    pub words: Option<Words>,
    /// Towns.
    pub towns: Vec<String>,
    /// Tags, any of which is enough.
    pub tags: Vec<String>,
    /// Only those with any tag (重点企业).
    pub tagged: bool,
    /// Credit classes; `None` among them is unclassified.
    pub classes: Vec<Option<CreditClass>>,
    /// Active ones, or deactivated ones; `None` for both.
    pub active: Option<bool>,
    /// What was typed has no words in it: nothing is found.
    #[serde(default)]
    pub nothing: bool,
}

/// Kinds of filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    /// Town.
    Town,
    /// Tag.
    Tag,
    /// Any tag at all.
    Tagged,
    /// Credit class.
    Class,
    /// Active or not.
    Active,
}

impl EnterpriseQuery {
    /// The active enterprises with these words.
    #[must_use]
    pub fn of_words(words: Words) -> Self {
        Self { words: Some(words), active: Some(true), ..Self::default() }
    }

    /// The facets of each filter that is set, any of which must be there.
    fn filters(&self) -> Vec<(Filter, Vec<String>)> {
        let mut filters = Vec::new();
        let mut add = |filter, facets: Vec<String>| {
            if !facets.is_empty() {
                filters.push((filter, facets));
            }
        };
        add(Filter::Town, self.towns.iter().map(|town| town_facet(town)).collect());
        add(Filter::Tag, self.tags.iter().map(|tag| tag_facet(tag)).collect());
        add(Filter::Tagged, self.tagged.then(|| TAGGED.to_owned()).into_iter().collect());
        add(Filter::Class, self.classes.iter().map(|class| class_facet(*class)).collect());
        add(Filter::Active, self.active.map(|active| active_facet(active).to_owned()).into_iter().collect());
        filters
    }

    /// Whether an enterprise that waits for its segment has the words.
    fn words_in(&self, e: &EnterpriseRecord) -> bool {
        let Some(words) = &self.words else { return true };
        let keys = Document::keys(&e.name, &e.address, &e.uscc);
        let has = |set: &Vec<_>| set.iter().all(|key| keys.binary_search(key).is_ok());
        words.lookups().iter().all(|sets| sets.iter().any(has)) && self.compared(e)
    }

    fn compared(&self, e: &EnterpriseRecord) -> bool {
        let document = || Document::new(&e.name, &e.address, &e.uscc);
        self.words.as_ref().is_none_or(|words| words.found_in(&document()))
    }
}

fn matches(filters: &[(Filter, Vec<String>)], facets: &[String], except: Option<Filter>) -> bool {
    filters
        .iter()
        .filter(|(filter, _)| Some(*filter) != except)
        .all(|(_, any)| any.iter().any(|facet| facets.contains(facet)))
}

/// A page of what was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The enterprises by name.
    pub rows: Vec<EnterpriseRecord>,
    /// How many there are on all pages. Of words longer than a key a few more may be counted than are shown.
    pub total: usize,
}

/// A filter's value with how many enterprises it would leave, the other filters being as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The value: a town, a tag, a class (empty: unclassified), `on` or `off`.
    pub value: String,
    /// How many.
    pub count: usize,
}

/// The values of each filter, by value.
pub type Facets = BTreeMap<Filter, Vec<Facet>>;

type Segments = BTreeMap<i64, Members>;

/// At most `limit` enterprises after the one with this name and id.
///
/// # Errors
/// When the store fails.
pub async fn search(
    tx: &mut Tx,
    query: &EnterpriseQuery,
    after: Option<(String, Uuid)>,
    limit: usize,
) -> Result<Found> {
    if query.nothing {
        return Ok(Found::default());
    }
    let filters = query.filters();
    let mut names: Vec<String> = filters.iter().flat_map(|(_, facets)| facets.clone()).collect();
    names.push(EVERY.to_owned());
    let facets = keys(tx, FACET, &names).await?;
    let gone = gone(tx).await?;
    let candidates = restricted(&with_words(tx, query, &facets).await?, &filters, &facets, None, &gone);
    let mut found: Vec<EnterpriseRecord> = Vec::new();
    let mut total = 0;
    for e in waiting(tx, query).await? {
        if matches(&filters, &facets_of(&e.town, &e.tags, e.credit_class, e.active), None) {
            total += 1;
            found.push(e);
        }
    }
    found.retain(|e| is_after(&e.name, e.id.0, after.as_ref()));
    for (segment, members) in &candidates {
        total += members.count();
        let (rows, false_ones) = next_rows(tx, query, *segment, members, after.as_ref(), limit).await?;
        total -= false_ones;
        found.extend(rows);
    }
    found.sort_unstable_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    found.truncate(limit);
    Ok(Found { rows: found, total })
}

/// How many enterprises each value of each filter would leave.
///
/// # Errors
/// When the store fails.
pub async fn facets(tx: &mut Tx, query: &EnterpriseQuery) -> Result<Facets> {
    let all = read_keys(tx.fetch_all(FACETS, params![FACET]).await?)?;
    let gone = gone(tx).await?;
    let filters = query.filters();
    let words = with_words(tx, query, &all).await?;
    let mut bases: BTreeMap<Filter, Segments> = BTreeMap::new();
    let mut counts: BTreeMap<(Filter, String), usize> = BTreeMap::new();
    for (facet, segments) in &all {
        let Some((filter, value)) = value_of(facet) else { continue };
        let base = bases.entry(filter).or_insert_with(|| restricted(&words, &filters, &all, Some(filter), &gone));
        let mut count = 0;
        for (segment, members) in segments {
            if let Some(base) = base.get(segment) {
                let mut both = base.clone();
                both.keep(members);
                count += both.count();
            }
        }
        *counts.entry((filter, value.to_owned())).or_default() += count;
    }
    for e in waiting(tx, query).await? {
        let own = facets_of(&e.town, &e.tags, e.credit_class, e.active);
        for (filter, value) in own.iter().filter_map(|facet| value_of(facet)) {
            if matches(&filters, &own, Some(filter)) {
                *counts.entry((filter, value.to_owned())).or_default() += 1;
            }
        }
    }
    let mut facets = Facets::new();
    for ((filter, value), count) in counts {
        facets.entry(filter).or_default().push(Facet { value, count });
    }
    Ok(facets)
}

fn value_of(facet: &str) -> Option<(Filter, &str)> {
    match facet.split_once(':') {
        Some(("town", value)) => Some((Filter::Town, value)),
        Some(("tag", value)) => Some((Filter::Tag, value)),
        Some(("class", value)) => Some((Filter::Class, value)),
        None if facet == TAGGED => Some((Filter::Tagged, facet)),
        None if facet != EVERY => Some((Filter::Active, facet)),
        _ => None,
    }
}

/// The slots whose enterprises have the keys of all words.
async fn with_words(tx: &mut Tx, query: &EnterpriseQuery, facets: &HashMap<String, Segments>) -> Result<Segments> {
    let mut found = facets.get(EVERY).cloned().unwrap_or_default();
    let Some(words) = &query.words else { return Ok(found) };
    let lookups = words.lookups();
    let mut read: HashMap<Kind, HashMap<String, Segments>> = HashMap::new();
    for kind in [Kind::Text, Kind::Code] {
        let wanted = lookups.iter().flatten().flatten().filter(|key| key.kind == kind).map(|key| key.text());
        read.insert(kind, keys(tx, kind.as_str(), &wanted.collect::<Vec<_>>()).await?);
    }
    for sets in &lookups {
        for (segment, members) in &mut found {
            let mut any = Members::none();
            for set in sets {
                let mut all = members.clone();
                for key in set {
                    if let Some(with) = read.get(&key.kind).and_then(|read| read.get(&key.text())?.get(segment)) {
                        all.keep(with);
                    } else {
                        all = Members::none();
                        break;
                    }
                }
                any.join(&all);
            }
            *members = any;
        }
    }
    Ok(found)
}

/// Those of `words` that pass every filter but one, without those that are gone.
fn restricted(
    words: &Segments,
    filters: &[(Filter, Vec<String>)],
    facets: &HashMap<String, Segments>,
    except: Option<Filter>,
    gone: &Segments,
) -> Segments {
    let mut found = words.clone();
    for (segment, members) in &mut found {
        for (_, any) in filters.iter().filter(|(filter, _)| Some(*filter) != except) {
            let mut pass = Members::none();
            any.iter().filter_map(|facet| facets.get(facet)?.get(segment)).for_each(|with| pass.join(with));
            members.keep(&pass);
        }
        if let Some(gone) = gone.get(segment) {
            members.without(gone);
        }
    }
    found
}

/// The slots of each of these keys, by segment.
async fn keys(tx: &mut Tx, kind: &'static str, wanted: &[String]) -> Result<HashMap<String, Segments>> {
    let mut all = HashMap::new();
    for some in wanted.chunks(KEYS_READ) {
        let mut bound = vec![Param::from(kind)];
        bound.extend((0..KEYS_READ).map(|nth| Param::from(&some[nth.min(some.len() - 1)])));
        all.extend(read_keys(tx.fetch_all(KEYS, &bound).await?)?);
    }
    Ok(all)
}

fn read_keys(rows: Vec<super::row::Row>) -> Result<HashMap<String, Segments>> {
    let mut keys: HashMap<String, Segments> = HashMap::new();
    for row in rows {
        let members: Vec<u8> = row.get("members")?;
        keys.entry(row.get("key")?).or_default().insert(row.get("segment")?, Members::decode(&members)?);
    }
    Ok(keys)
}

async fn gone(tx: &mut Tx) -> Result<Segments> {
    let mut gone = Segments::new();
    for row in tx.fetch_all(GONE, params![]).await? {
        let slot: i64 = row.get("slot")?;
        let members = gone.entry(row.get("segment")?).or_insert_with(Members::none);
        members.add(usize::try_from(slot).unwrap_or(usize::MAX));
    }
    Ok(gone)
}

/// Those that wait for a segment and have the words.
async fn waiting(tx: &mut Tx, query: &EnterpriseQuery) -> Result<Vec<EnterpriseRecord>> {
    let rows = tx.fetch_all(WAITING, params![]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let e = from_row(&row)?;
        if query.words_in(&e) {
            found.push(e);
        }
    }
    Ok(found)
}

fn is_after(name: &str, id: Uuid, after: Option<&(String, Uuid)>) -> bool {
    after.is_none_or(|(last, last_id)| (name, id) > (last.as_str(), *last_id))
}

/// Up to `limit` enterprises of a segment whose slots these are, and how many of the slots looked at were none after all.
async fn next_rows(
    tx: &mut Tx,
    query: &EnterpriseQuery,
    segment: i64,
    members: &Members,
    after: Option<&(String, Uuid)>,
    limit: usize,
) -> Result<(Vec<EnterpriseRecord>, usize)> {
    // A first page needs few of them, and nearly always those first ones are right.
    let first = if after.is_none() && query.words.as_ref().is_none_or(Words::exact) { limit } else { SLOTS_OF_ALL };
    let slots = members.slots(first);
    let begin = if after.is_some() { first_after(tx, segment, &slots, after).await? } else { 0 };
    let (mut rows, mut false_ones) = (Vec::new(), 0);
    for some in slots[begin..].chunks(SLOTS_READ.min(limit.max(1))) {
        if rows.len() >= limit {
            break;
        }
        let mut bound = vec![Param::from(segment)];
        bound.extend((0..SLOTS_READ).map(|nth| Param::from(some[nth.min(some.len() - 1)])));
        for row in tx.fetch_all(SLOTS, &bound).await? {
            let e = from_row(&row)?;
            if !query.compared(&e) {
                false_ones += 1;
            } else if is_after(&e.name, e.id.0, after) {
                rows.push(e);
            }
        }
    }
    Ok((rows, false_ones))
}

/// The index of the first of these slots whose enterprise comes after the given one: they are in the order of names.
async fn first_after(tx: &mut Tx, segment: i64, slots: &[i64], after: Option<&(String, Uuid)>) -> Result<usize> {
    let (mut low, mut high) = (0, slots.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let row = tx.fetch_optional(NAME_AT, params![segment, slots[middle]]).await?;
        let later = match row {
            Some(row) => is_after(&row.get::<String>("name")?, row.get("id")?, after),
            None => false,
        };
        if later { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}
