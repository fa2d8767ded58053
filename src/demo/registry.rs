//! The registries of the made-up district: agencies, matters, inspectors, enterprises and their signs.

use super::dice::Dice;
use super::words::{AGENCIES, AgencyWords, BRANDS, DISTRICT, FAMILY, GIVEN, STREETS, TOWNS, TRADES};
use crate::actions::{ActionError, Actor, Result, Service, issue_sign};
use crate::domain::agency::{Agency, Matter};
use crate::domain::credit_code::{CreditCode, CreditCodeError};
use crate::domain::enterprise::CreditClass;
use crate::domain::id::{AgencyId, EnterpriseId, InspectorId, MatterId};
use crate::domain::inspector::Inspector;
use crate::domain::sign::UnitKind;
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, enterprises, registries};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

/// How many enterprises there are.
const ENTERPRISES: usize = 150;

/// The numbers of this year's certificates begin like this; no real district has the number.
const CERTIFICATES: &str = "509901";

/// Tags of enterprises, in turn.
const TAGS: [&[&str]; 7] = [&[], &["规上工业"], &[], &["高新技术", "专精特新"], &["科技型中小"], &[], &["专精特新"]];

/// An agency with what belongs to it.
#[derive(Debug)]
pub struct AgencyPlace {
    /// Identity.
    pub id: AgencyId,
    /// The authority that it belongs to, as a place in the list; itself if none.
    pub root: usize,
    /// Token of its sign.
    pub token: String,
    /// The matters that it inspects, with their groups.
    pub matters: Vec<(MatterId, &'static str)>,
    /// Certificate numbers of inspectors who may inspect.
    pub inspectors: Vec<String>,
    /// How often it files, compared with the others.
    pub weight: usize,
}

/// An enterprise.
#[derive(Debug)]
pub struct EnterprisePlace {
    /// Identity.
    pub id: EnterpriseId,
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Token of its sign.
    pub token: String,
    /// Short code of its sign.
    pub short_code: String,
    /// Inspections that one authority may make in a year; `None` without a limit.
    pub cap: Option<usize>,
}

/// What was entered.
#[derive(Debug)]
pub struct District {
    /// Agencies, in the order of [`AGENCIES`].
    pub agencies: Vec<AgencyPlace>,
    /// Enterprises; the first one is the one that a newcomer scans.
    pub enterprises: Vec<EnterprisePlace>,
    /// The demonstration's inspector.
    pub inspector: Inspector,
    /// A certificate that has run out, of the second agency.
    pub expired: String,
}

/// Enters all registries, as of `now`.
///
/// # Errors
/// When the store fails.
pub async fn enter(tx: &mut Tx, service: &Service, dice: &Dice, now: DateTime<Utc>) -> Result<District> {
    let today = service.settings.zone.local_date(now);
    let mut agencies: Vec<AgencyPlace> = Vec::new();
    let mut people: Vec<Inspector> = Vec::new();
    for words in AGENCIES {
        let place = enter_agency(tx, service, now, words, &agencies).await?;
        for nth in 0..words.inspectors {
            people.push(inspector(service, now, place.id, people.len(), nth));
        }
        agencies.push(place);
    }
    let expired = people.iter_mut().find(|p| p.agency == agencies[1].id).map(|p| {
        p.valid_to = Some(today - Days::new(200));
        p.cert_no.clone()
    });
    for person in &people {
        registries::insert_inspector(tx, person, now).await?;
    }
    for place in &mut agencies {
        let own = people.iter().filter(|p| p.agency == place.id && p.valid_to.is_none_or(|to| to >= today));
        place.inspectors = own.map(|p| p.cert_no.clone()).collect();
    }
    registries::bump(tx).await?;
    let mut list = Vec::with_capacity(ENTERPRISES);
    for n in 0..ENTERPRISES {
        list.push(enter_enterprise(tx, service, dice, now, n).await?);
    }
    let inspector = people.into_iter().next().ok_or(ActionError::NotFound("inspector"))?;
    Ok(District { agencies, enterprises: list, inspector, expired: expired.unwrap_or_default() })
}

async fn enter_agency(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    words: &AgencyWords,
    before: &[AgencyPlace],
) -> Result<AgencyPlace> {
    let id = AgencyId(service.ids.uuid(now));
    let agency = Agency {
        id,
        name: format!("{DISTRICT}{}", words.name),
        short_name: words.short.to_owned(),
        parent: words.parent.map(|parent| before[parent].id),
        emails: vec![format!("agency{}@demo.example", before.len() + 1)],
    };
    registries::insert_agency(tx, &agency, now).await?;
    let mut matters = Vec::new();
    let published = service.settings.zone.local_date(now).with_ordinal(1).unwrap_or_default();
    for (name, group, basis) in words.matters {
        let matter = Matter {
            id: MatterId(service.ids.uuid(now)),
            agency: id,
            name: (*name).to_owned(),
            group: (*group).to_owned(),
            legal_basis: (*basis).to_owned(),
            published_from: published,
            published_to: None,
        };
        registries::insert_matter(tx, &matter, now).await?;
        matters.push((matter.id, *group));
    }
    if let Some(parent) = words.parent {
        // The list of an authority serves its teams and stations.
        matters.clone_from(&before[parent].matters);
    }
    let sign = issue_sign(tx, service, now, &Actor::System, (UnitKind::Agency, id.0)).await?;
    Ok(AgencyPlace {
        id,
        root: words.parent.unwrap_or(before.len()),
        token: sign.token,
        matters,
        inspectors: Vec::new(),
        weight: words.weight,
    })
}

fn inspector(service: &Service, now: DateTime<Utc>, agency: AgencyId, number: usize, nth: usize) -> Inspector {
    Inspector {
        id: InspectorId(service.ids.uuid(now)),
        cert_no: format!("{CERTIFICATES}{:06}", 100_357 + number * 1_009),
        name: format!("{}{}", FAMILY[number * 7 % FAMILY.len()], GIVEN[(number + nth / 3) % GIVEN.len()]),
        agency,
        valid_from: NaiveDate::from_ymd_opt(2022, 1, 1).unwrap_or_default(),
        valid_to: None,
        suspended: false,
    }
}

async fn enter_enterprise(
    tx: &mut Tx,
    service: &Service,
    dice: &Dice,
    now: DateTime<Utc>,
    n: usize,
) -> Result<EnterprisePlace> {
    // Every brand meets every trade before a name would come twice.
    let (trade, industry) = TRADES[(n + n / BRANDS.len()) % TRADES.len()];
    let name = format!("江州{}{trade}", BRANDS[n % BRANDS.len()]);
    let town = TOWNS[n % TOWNS.len()];
    let address = format!("江州市{DISTRICT}{town}{}{}号", dice.pick(STREETS), dice.between(1, 300));
    let uscc = credit_code(n)?;
    let credit_class = match n % 10 {
        _ if n == 0 => Some(CreditClass::B),
        0 => Some(CreditClass::A),
        1..=3 => Some(CreditClass::D),
        4..=6 => Some(CreditClass::C),
        7 | 8 => Some(CreditClass::B),
        _ => None,
    };
    let cap = match credit_class {
        Some(CreditClass::A) => Some(1),
        Some(CreditClass::C) => Some(3),
        Some(CreditClass::D) => None,
        Some(CreditClass::B) | None => Some(2),
    };
    let record = EnterpriseRecord {
        id: EnterpriseId(service.ids.uuid(now)),
        search: crate::domain::search_text::search_text(&name, &address, &uscc),
        name: name.clone(),
        uscc: uscc.clone(),
        town: town.to_owned(),
        address,
        industry: industry.to_owned(),
        credit_class,
        tags: TAGS[n % TAGS.len()].iter().map(|tag| (*tag).to_owned()).collect(),
        email: format!("enterprise{}@demo.example", n + 1),
        pin_hash: None,
        active: true,
        created_at: now,
    };
    enterprises::insert(tx, &record).await?;
    let sign = issue_sign(tx, service, now, &Actor::System, (UnitKind::Enterprise, record.id.0)).await?;
    Ok(EnterprisePlace { id: record.id, name, uscc, token: sign.token, short_code: sign.short_code, cap })
}

/// The n-th code of a division that does not exist, with its check character.
pub(super) fn credit_code(n: usize) -> Result<String> {
    let stem = format!("91509901MA{:07}", 5_000_003 + n * 6_367);
    match CreditCode::parse(&format!("{stem}0")) {
        Ok(code) => Ok(code.as_str().to_owned()),
        Err(CreditCodeError::Check { expected, .. }) => Ok(format!("{stem}{expected}")),
        Err(error) => Err(ActionError::Internal(error.to_string())),
    }
}
