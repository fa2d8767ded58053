//! `GET /go?code=…`: for those who cannot scan. A short code or a pasted link opens its page; a name or the end of a credit code is searched.

use super::lookup::{Trouble, trouble_with};
use crate::actions::limits::Door;
use crate::app::App;
use crate::domain::credit_code::{CreditCode, CreditCodeError};
use crate::domain::id::EnterpriseId;
use crate::domain::sign::{self, Opening, UnitKind};
use crate::domain::sign_code::{InspectionCode, ShortCode, SignToken};
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, enterprise_lists, open_signs, signs};
use crate::web::doors;
use crate::web::error::AppError;
use crate::web::extract::{ClientAddr, Filters, Now, Scanning};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{RawQuery, State};
use chrono::{DateTime, Utc};

/// How many enterprises a search shows.
const SHOWN: i64 = 20;

/// How many are suggested while somebody types.
const SUGGESTED: i64 = 8;

/// A search for fewer characters would show the registry rather than an enterprise.
const SHORTEST: usize = 2;

struct Hit {
    href: String,
    name: String,
    address: String,
}

#[derive(Template)]
#[template(path = "pages/code/go.html")]
struct Results {
    page: Page,
    query: String,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "pages/code/suggest.html")]
struct Suggestions {
    page: Page,
    hits: Vec<Hit>,
}

/// `GET /go`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    from: ClientAddr,
    page: Page,
    scanning: Scanning,
    RawQuery(query): RawQuery,
) -> Answer {
    doors::enter(&app, now, from, Door::Go)?;
    let fields = crate::web::extract::body::decode(query.unwrap_or_default().as_bytes())?;
    let typed = fields.iter().find(|(name, _)| name == "code").map_or("", |(_, value)| value.trim());
    if typed.is_empty() {
        return see_other(paths::HOME);
    }
    let mut tx = app.db.read().await?;
    if let Some(path) = by_code(&app, &mut tx, now, scanning, typed).await? {
        return match path {
            Ok(path) => see_other(&path),
            Err(what) => trouble_with(page, what, &shortened(typed)),
        };
    }
    let query = shortened(typed);
    let hits = search(&mut tx, now, &query, SHOWN).await?;
    html(&Results { page, query, hits })
}

/// `GET /go/suggest?q=…`: the same while somebody types, for the script.
pub(in crate::web) async fn suggest(
    State(app): State<App>,
    Now(now): Now,
    from: ClientAddr,
    page: Page,
    filters: Filters,
) -> Answer {
    doors::enter(&app, now, from, Door::Suggest)?;
    let mut tx = app.db.read().await?;
    let hits = search(&mut tx, now, &filters.words("q").unwrap_or_default(), SUGGESTED).await?;
    html(&Suggestions { page, hits })
}

/// What was typed as the page shows it again.
fn shortened(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// Enterprises with a code that opens.
async fn search(tx: &mut Tx, now: DateTime<Utc>, query: &str, limit: i64) -> Result<Vec<Hit>, AppError> {
    if query.chars().count() < SHORTEST {
        return Ok(Vec::new());
    }
    // Of a credit code with a slip (O for 0) the one that was meant is searched, if only one can be.
    let slip = CreditCode::parse(query).err();
    let meant = slip.as_ref().and_then(CreditCodeError::suggestion).map_or(query, CreditCode::as_str);
    let found = enterprise_lists::search(tx, Some(meant), None, limit).await?;
    let ids: Vec<EnterpriseId> = found.iter().map(|e| e.id).collect();
    let mut tokens = open_signs::tokens(tx, &ids, now).await?;
    let hit = |e: EnterpriseRecord| {
        let token = tokens.remove(&e.id)?;
        Some(Hit { href: paths::enterprise(&token), name: e.name, address: e.address })
    };
    Ok(found.into_iter().filter_map(hit).collect())
}

/// The kind of code and the token in a link to one of our pages (`https://…/e/TOKEN`); whichever host it names, the page is ours.
fn in_link(typed: &str) -> Option<(&str, &str)> {
    let path = typed.split_once("://").map_or(typed, |(_, rest)| rest).split(['?', '#']).next()?;
    let mut segments = path.split('/').skip(1);
    let kind = segments.next().filter(|kind| matches!(*kind, "e" | "a" | "i"))?;
    Some((kind, segments.next()?.split_whitespace().next()?))
}

/// Where a typed short code, a whole token or a link leads; `None` if it is none of them.
async fn by_code(
    app: &App,
    tx: &mut Tx,
    now: DateTime<Utc>,
    scanning: Scanning,
    typed: &str,
) -> Result<Option<Result<String, Trouble>>, AppError> {
    let link = in_link(typed);
    let sign = if let Some((kind, token)) = link {
        match (kind, InspectionCode::parse(token), SignToken::parse(token)) {
            ("i", Ok(code), _) => return Ok(Some(Ok(paths::inspection(code.as_str())))),
            ("e" | "a", _, Ok(token)) => signs::by_token(tx, token.as_str()).await?,
            _ => return Ok(Some(Err(Trouble::Mistyped))),
        }
    } else if let Ok(code) = ShortCode::parse(typed) {
        signs::by_short_code(tx, code.as_str()).await?
    } else if let Ok(token) = SignToken::parse(typed) {
        signs::by_token(tx, token.as_str()).await?
    } else {
        // Nine characters with a digit, in letters and digits alone, is a short code with a slip rather than a name.
        let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let slip = plain.chars().count() == ShortCode::LEN
            && plain.chars().all(|c| c.is_ascii_alphanumeric())
            && plain.contains(|c: char| c.is_ascii_digit());
        return Ok(slip.then_some(Err(Trouble::Mistyped)));
    };
    let Some(sign) = sign else { return Ok(Some(Err(Trouble::Unknown))) };
    let opening = sign::opening(sign.state, sign.grace_until, now);
    if matches!(opening, Opening::Open | Opening::Grace) {
        scanning.count_typed(app, sign.id);
    }
    Ok(Some(match (opening, sign.unit_kind) {
        (Opening::Closed, _) => Err(Trouble::Closed),
        (_, UnitKind::Enterprise) => Ok(paths::enterprise(&sign.token)),
        (_, UnitKind::Agency) => Ok(paths::agency(&sign.token)),
    }))
}
