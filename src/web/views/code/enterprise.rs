//! `/e/TOKEN`: what opens when an enterprise's code is scanned. In one second it says whose code it is, whether today is a quiet day, and which
//! inspections are registered for today.

use super::blank;
use super::lookup::{self, Entered, Trouble};
use crate::actions::Snapshot;
use crate::app::App;
use crate::domain::sign::UnitKind;
use crate::domain::sign_code::ShortCode;
use crate::domain::text::mask_name;
use crate::storage::filings::FilingRecord;
use crate::storage::sites::Site;
use crate::web::extract::console::MaybeOperator;
use crate::web::extract::{Inspecting, MaybeInspecting, Now, Scanning};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use crate::web::views::filing::status;
use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Days, Utc};

/// A visit of several days is found if it began at most this many days ago.
const LONGEST_VISIT: Days = Days::new(31);

/// One of today's registered inspections; names are masked.
struct Visit {
    title: String,
    who: String,
    when: String,
    state: String,
    tone: &'static str,
    /// The own filing's page, on the phone of an inspector of the agency.
    own: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/code/enterprise.html")]
struct Landing {
    page: Page,
    token: String,
    name: String,
    site: Option<Site>,
    short_code: String,
    issued: String,
    place: String,
    grace_until: Option<String>,
    /// The same page under the public address, where it was opened under an old one.
    new_address: Option<String>,
    quiet: bool,
    today: String,
    next_open: String,
    visits: Vec<Visit>,
    inspector: Option<String>,
    /// The own filing that an inspector on this phone may arrive for now.
    arrive: Option<String>,
}

/// `GET /e/{token}`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    MaybeInspecting(known): MaybeInspecting,
    operator: MaybeOperator,
    scanning: Scanning,
    Path(token): Path<String>,
) -> Answer {
    let mut tx = app.db.glance().await?;
    let today = page.today();
    let entered = lookup::enter_on_day(&mut tx, now, &token, (today - LONGEST_VISIT, today)).await?;
    let (Entered { sign, grace, premises }, mut filed) = match entered {
        Ok(entered) => entered,
        Err(Trouble::Blank) => return blank::get(&mut tx, page, operator, &token).await,
        Err(trouble) => return lookup::trouble(page, trouble),
    };
    scanning.count(&app, sign.id);
    let snapshot = app.service.snapshot(&mut tx).await?;
    filed.sort_by_key(|r| (r.filing.span().start(), r.filing.seq));
    let visits = filed.iter().map(|r| visit(&page, &snapshot, known.as_ref(), now, r)).collect();
    let calendar = &snapshot.policies.on(today).calendar;
    let next = calendar.next_open_days(today, 1, &snapshot.registries.holidays);
    let arrive = known.as_ref().and_then(|known| arriving(known, &filed)).map(paths::filing);
    html(&Landing {
        token: sign.token.clone(),
        name: premises.name,
        site: premises.site,
        short_code: ShortCode::parse(&sign.short_code).map_or(sign.short_code, |code| code.display_groups()),
        new_address: lookup::new_address(&page, UnitKind::Enterprise, &sign.token),
        place: sign.place,
        issued: page.date(&page.zone().local_date(sign.created_at)),
        grace_until: sign.grace_until.filter(|_| grace).map(|until| page.date(&page.zone().local_date(until))),
        quiet: calendar.is_no_disturb(today),
        today: page.date(&today),
        next_open: next.first().map(|day| page.date(day)).unwrap_or_default(),
        visits,
        inspector: known.map(|known| known.inspector.name),
        arrive,
        page,
    })
}

fn visit(
    page: &Page,
    snapshot: &Snapshot,
    known: Option<&Inspecting>,
    now: DateTime<Utc>,
    record: &FilingRecord,
) -> Visit {
    let filing = &record.filing;
    let registries = &snapshot.registries;
    let comma = page.t("list-comma");
    let matters: Vec<&str> =
        filing.matters.iter().filter_map(|m| registries.matters.get(m)).map(|m| m.name.as_str()).collect();
    let names: Vec<String> =
        filing.inspectors.iter().filter_map(|c| registries.inspectors.get(c)).map(|i| mask_name(&i.name)).collect();
    let agency = registries.agencies.get(&filing.agency).map(|a| a.name.clone()).unwrap_or_default();
    let own = known.filter(|known| known.inspector.agency == filing.agency).map(|_| paths::filing(filing.id));
    let (state, tone) =
        if filing.unconfirmed { (page.t("unverified-badge"), "over") } else { status::of(page, filing, now) };
    Visit {
        title: format!("{agency} · {}", matters.join(&comma)),
        who: names.join(&comma),
        when: page.lang.span(filing.span(), now, page.zone()),
        state,
        tone,
        own,
    }
}

/// The own filing of today that nobody has arrived for yet.
fn arriving(known: &Inspecting, filed: &[FilingRecord]) -> Option<crate::domain::id::FilingId> {
    let mine = |r: &&FilingRecord| {
        r.filing.agency == known.inspector.agency
            && r.filing.inspectors.contains(&known.inspector.cert_no)
            && r.filing.arrived_at.is_none()
    };
    filed.iter().find(mine).map(|r| r.filing.id)
}
