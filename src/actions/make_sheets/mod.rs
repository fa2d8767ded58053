//! Sheets of signs: which ones are asked for, what stands on them, and the document or archive that is made of them.
//!
//! [`gather_sheets`] reads within a transaction; [`compose_sheets`] draws, proves and packs without one, on whatever thread the caller gives it. The
//! console's task and the command line both go through here.

mod archive;
mod facts;

pub use facts::conditions;

use super::{Result, Service};
use crate::domain::id::{AgencyId, SignId};
use crate::domain::sheet::{SheetForm, SheetKind, SheetScope};
use crate::domain::sign::{self, GRACE, UnitKind};
use crate::domain::sign_code::ShortCode;
use crate::i18n::Lang;
use crate::print::pdf::{Document, Page};
use crate::print::qr::Medium;
use crate::print::sheet::{self, Cover, Frame, SheetError, Sign};
use crate::storage::Tx;
use crate::storage::sign_prints::{self, PrintFilter, PrintSign};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The most signs of one order.
pub const SHEETS_MOST: usize = 20_000;

/// How many pages are made between two looks at whether they are still wanted.
const PAGES_AT_ONCE: usize = 32;

/// Which signs to print, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetOrder {
    /// The kind of sheet.
    pub kind: SheetKind,
    /// A document, or an archive for a print shop.
    pub form: SheetForm,
    /// For outdoors: codes that bear more damage.
    pub outdoor: bool,
    /// Which signs, among those that the other filters leave.
    pub scope: SheetScope,
    /// Of enterprises or of agencies.
    pub unit: Option<UnitKind>,
    /// Of enterprises in this town.
    pub town: Option<String>,
    /// Of this agency and of its teams and stations.
    pub agency: Option<AgencyId>,
    /// Of enterprises with this tag.
    pub tag: Option<String>,
    /// Exactly these; the filters above do not count then.
    pub signs: Vec<SignId>,
    /// Places of the first page that are used up.
    pub skip: u16,
    /// Whether a page with counts goes in front.
    pub cover: bool,
}

impl SheetOrder {
    /// The order of one kind of sheet for all signs that were never printed.
    #[must_use]
    pub const fn new(kind: SheetKind) -> Self {
        Self {
            kind,
            form: SheetForm::Pdf,
            outdoor: false,
            scope: SheetScope::NeverPrinted,
            unit: None,
            town: None,
            agency: None,
            tag: None,
            signs: Vec::new(),
            skip: 0,
            cover: true,
        }
    }

    /// The signs that it takes, as the store selects them.
    #[must_use]
    pub fn filter(&self, now: DateTime<Utc>) -> PrintFilter {
        PrintFilter {
            kind: self.unit,
            town: self.town.clone(),
            agency: self.agency,
            tag: self.tag.clone(),
            // A blank sign on two sheets would be bound in two places.
            never_printed: matches!(self.scope, SheetScope::NeverPrinted | SheetScope::Blank),
            replaced_since: (self.scope == SheetScope::Replaced).then(|| now - GRACE),
            blank: self.scope == SheetScope::Blank,
            blank_batch: None,
            ids: self.signs.clone(),
        }
    }

    /// Places of the first page that are used up: never all of them.
    #[must_use]
    pub fn skipped(&self) -> u16 {
        if self.kind.label() { self.skip.min(self.kind.per_page() - 1) } else { 0 }
    }
}

/// Signs of an order with everything that their sheets show.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The order.
    pub order: SheetOrder,
    /// Which signs, in the order of delivery.
    pub ids: Vec<SignId>,
    signs: Vec<PrintSign>,
    sheets: Vec<Sign>,
    frame: Frame,
    cover: Cover,
    made_at: DateTime<Utc>,
    /// The day on which it is made, where the signs are.
    made_on: NaiveDate,
}

/// Why an order cannot be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSheets {
    /// No sign meets the conditions.
    #[error("no sign meets the conditions")]
    None,
    /// More signs than one order may have.
    #[error("{0} signs are more than one order may have")]
    TooMany(usize),
}

impl NoSheets {
    /// What to tell whoever asked.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        match self {
            Self::None => lang.t("sheet-none"),
            Self::TooMany(count) => lang.ta("sheet-too-many", &[("most", &SHEETS_MOST), ("count", &count)]),
        }
    }
}

/// What came of an order.
#[derive(Clone, Debug)]
pub struct Sheets {
    /// The document or the archive.
    pub bytes: Vec<u8>,
    /// Pages, the cover included.
    pub pages: usize,
}

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetsFailed {
    /// A sign did not pass its proof.
    #[error(transparent)]
    Sign(#[from] SheetError),
    /// The archive could not be written.
    #[error("the archive cannot be written: {0}")]
    Archive(String),
    /// Nobody wants it any more.
    #[error("cancelled")]
    Stopped,
}

impl SheetsFailed {
    /// What to tell whoever asked: which sign, and why.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Sign(SheetError { serial, name, fault }) => {
                let why = lang.ta(&format!("sheet-fault-{}", fault.code()), &[("detail", &fault.detail())]);
                lang.ta("sheet-fault", &[("serial", serial), ("name", name), ("why", &why)])
            }
            Self::Archive(error) => error.clone(),
            Self::Stopped => lang.t("task-cancelled"),
        }
    }
}

/// Reads the signs of an order, in the order in which they are carried to their units.
///
/// # Errors
/// When the store fails. An order that cannot be begun is [`NoSheets`].
pub async fn gather_sheets(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    order: &SheetOrder,
) -> Result<std::result::Result<Gathered, NoSheets>> {
    let mut ids = sign_prints::select(tx, &order.filter(now)).await?;
    if ids.is_empty() || ids.len() > SHEETS_MOST {
        return Ok(Err(if ids.is_empty() { NoSheets::None } else { NoSheets::TooMany(ids.len()) }));
    }
    let signs = sign_prints::load(tx, &ids).await?;
    ids = signs.iter().map(|sign| sign.id).collect();
    let agency = match order.agency {
        Some(id) => service.snapshot(tx).await?.registries.agencies.get(&id).map(|agency| agency.name.clone()),
        None => None,
    };
    let settings = &service.settings;
    let sheets = signs.iter().map(|sign| as_printed(service, order.kind, sign)).collect();
    let frame = Frame {
        kind: order.kind,
        medium: if order.outdoor { Medium::Outdoor } else { Medium::Paper },
        district: settings.district.clone(),
        host: sign::host_of(&settings.public_url).to_owned(),
        hotline: settings.hotline.clone(),
    };
    let towns: Vec<String> = signs.iter().map(|sign| sign.town.clone()).collect();
    let cover = Cover {
        kind: order.kind,
        district: settings.district.clone(),
        facts: facts::of(order, &signs, &frame, agency.as_deref(), settings.zone.local(now)),
        towns: Cover::towns(order.kind, order.skipped(), &towns),
    };
    Ok(Ok(Gathered {
        order: order.clone(),
        ids,
        signs,
        sheets,
        frame,
        cover,
        made_at: now,
        made_on: settings.zone.local_date(now),
    }))
}

/// How many signs an order takes, and the first page of them: what a preview shows.
///
/// # Errors
/// When the store fails. An order that cannot be begun is [`NoSheets`].
pub async fn first_sheets(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    order: &SheetOrder,
) -> Result<std::result::Result<(usize, Gathered), NoSheets>> {
    let mut ids = sign_prints::select(tx, &order.filter(now)).await?;
    let count = ids.len();
    if count > SHEETS_MOST {
        return Ok(Err(NoSheets::TooMany(count)));
    }
    ids.truncate(usize::from(order.kind.per_page() - order.skipped()));
    if ids.is_empty() {
        return Ok(Err(NoSheets::None));
    }
    let first = SheetOrder { signs: ids, ..order.clone() };
    Ok(gather_sheets(tx, service, now, &first).await?.map(|gathered| (count, gathered)))
}

fn as_printed(service: &Service, kind: SheetKind, sign: &PrintSign) -> Sign {
    let short = ShortCode::parse(&sign.short_code).map(|code| code.display_groups());
    Sign {
        serial: sign.serial.clone(),
        kind: sign.kind,
        name: sign.name.clone(),
        place: where_to(kind, sign),
        short_code: short.unwrap_or_else(|_| sign.short_code.clone()),
        link: sign::link(&service.settings.public_url, sign.kind, &sign.token),
        edition: sign.edition,
        issued: day(service.settings.zone.local_date(sign.created_at)),
    }
}

/// Where a sign is to hang: on a label the place, else the site, else the town; on a sheet site, address and place.
fn where_to(kind: SheetKind, sign: &PrintSign) -> String {
    let first = |parts: &[&str]| parts.iter().find(|part| !part.is_empty()).map(|part| (*part).to_owned());
    if kind.label() {
        return first(&[&sign.place, &sign.site_name, &sign.town]).unwrap_or_default();
    }
    let address = first(&[&sign.address, &sign.town]).unwrap_or_default();
    let parts = [sign.site_name.as_str(), address.as_str(), sign.place.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn day(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

impl Gathered {
    /// The first page with signs as it will be printed, not proved yet.
    ///
    /// # Errors
    /// The sign that cannot be drawn.
    pub fn first_page(&self) -> std::result::Result<Page, SheetError> {
        let skip = self.order.skipped();
        let room = usize::from(self.order.kind.per_page() - skip).min(self.sheets.len());
        sheet::draw(&self.frame, &self.sheets[..room], skip).map(|(page, _)| page)
    }

    /// How many pages it takes, the cover included.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.order.kind.pages(self.sheets.len(), self.order.skipped()) + usize::from(self.order.cover)
    }

    /// The file's name: kind, town, day.
    #[must_use]
    pub fn file_name(&self) -> String {
        let kind = Lang::Zh.t(&format!("sheet-file-{}", self.order.kind));
        let town = self.order.town.as_deref().unwrap_or_default().replace(['/', '\\'], "");
        let count = self.sheets.len();
        format!("{kind}{town}-{count}-{}.{}", self.made_on.format("%Y%m%d"), self.order.form)
    }
}

/// Makes the document or archive of an order. `go_on` hears how many signs are done, of how many, and says whether it is still wanted.
///
/// # Errors
/// The first sign that does not pass its proof: nothing is handed out then.
pub fn compose_sheets(
    gathered: &Gathered,
    go_on: &dyn Fn(usize, usize) -> bool,
) -> std::result::Result<Sheets, SheetsFailed> {
    let (order, total) = (&gathered.order, gathered.sheets.len());
    let mut document = Document::new(&Lang::Zh.t("sheet-cover-title"), gathered.made_at);
    if order.cover {
        document.push(sheet::cover(&gathered.cover, &gathered.sheets));
    }
    let per_page = usize::from(order.kind.per_page());
    let (mut done, mut skip) = (0, order.skipped());
    while done < total {
        if !go_on(done, total) {
            return Err(SheetsFailed::Stopped);
        }
        let end = (done + per_page * PAGES_AT_ONCE - usize::from(skip)).min(total);
        for page in sheet::pages(&gathered.frame, &gathered.sheets[done..end], skip)? {
            document.push(page);
        }
        (done, skip) = (end, 0);
    }
    let pages = document.pages();
    let mut bytes = document.finish();
    if order.form == SheetForm::Zip {
        bytes = archive::of(&gathered.frame, &gathered.signs, &gathered.sheets, bytes)?;
    }
    go_on(total, total);
    Ok(Sheets { bytes, pages })
}
