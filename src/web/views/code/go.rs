//! `GET /go?code=…`: for those who cannot scan. A short code opens its page; a name or the end of a credit code is searched.

use super::lookup::{Trouble, trouble};
use crate::app::App;
use crate::domain::sign::{self, Opening, UnitKind};
use crate::domain::sign_code::{ShortCode, SignToken};
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, enterprise_lists, signs};
use crate::web::error::AppError;
use crate::web::extract::Now;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{RawQuery, State};
use chrono::{DateTime, Utc};

/// How many enterprises a search shows.
const SHOWN: i64 = 20;

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

/// `GET /go`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    RawQuery(query): RawQuery,
) -> Answer {
    let fields = crate::web::extract::body::decode(query.unwrap_or_default().as_bytes())?;
    let typed = fields.iter().find(|(name, _)| name == "code").map_or("", |(_, value)| value.trim());
    if typed.is_empty() {
        return see_other(paths::HOME);
    }
    let mut tx = app.db.read().await?;
    if let Some(path) = by_code(&mut tx, now, typed).await? {
        return match path {
            Ok(path) => see_other(&path),
            Err(what) => trouble(page, what),
        };
    }
    let query: String = typed.chars().filter(|c| !c.is_control()).take(60).collect();
    let mut hits = Vec::new();
    if query.chars().count() >= SHORTEST {
        for found in enterprise_lists::search(&mut tx, Some(&query), None, SHOWN).await? {
            hits.extend(hit(&mut tx, now, found).await?);
        }
    }
    html(&Results { page, query, hits })
}

/// Where a typed short code or a whole token leads; `None` if it is neither.
async fn by_code(tx: &mut Tx, now: DateTime<Utc>, typed: &str) -> Result<Option<Result<String, Trouble>>, AppError> {
    let sign = if let Ok(code) = ShortCode::parse(typed) {
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
    Ok(Some(match (sign::opening(sign.state, sign.grace_until, now), sign.unit_kind) {
        (Opening::Closed, _) => Err(Trouble::Closed),
        (Opening::Blank, _) => Err(Trouble::Blank),
        (_, UnitKind::Enterprise) => Ok(paths::enterprise(&sign.token)),
        (_, UnitKind::Agency) => Ok(paths::agency(&sign.token)),
    }))
}

/// An enterprise as a line of the results, if it has a code that opens.
async fn hit(tx: &mut Tx, now: DateTime<Utc>, found: EnterpriseRecord) -> Result<Option<Hit>, AppError> {
    let signs = signs::of_unit(tx, found.id.0).await?;
    let open = signs.iter().find(|s| sign::opening(s.state, s.grace_until, now) == Opening::Open);
    Ok(open.map(|sign| Hit { href: paths::enterprise(&sign.token), name: found.name, address: found.address }))
}
