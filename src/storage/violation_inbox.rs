//! The supervisors' inbox: violations with their enterprises' names, the gravest first, page by page (keyset), and the counts of its tabs.

use super::enterprise_lists::containing;
use super::named_enterprises::{groups, named};
use super::param::{Param, params};
use super::statements::statements;
use super::violations::{ViolationRecord, from_row};
use super::{Result, Tx, newest_possible};
use crate::domain::cases::Handling;
use crate::domain::id::AgencyId;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;
use uuid::Uuid;

/// Which violations the inbox shows, beside its tab. Days are local dates on which they were raised, both ends inclusive.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InboxFilter {
    /// The gravest that the reader may see.
    pub ceiling: Severity,
    /// Exactly this severity.
    pub severity: Option<Severity>,
    /// The rule.
    pub rule: Option<RuleCode>,
    /// The agency concerned.
    pub agency: Option<AgencyId>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Words in the enterprise's name, initials, address or credit code.
    pub words: Option<String>,
}

/// Where a page of the inbox begins: after this violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxCursor {
    /// Its severity.
    pub severity: i64,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// A line of the inbox.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// The violation.
    pub violation: ViolationRecord,
    /// The name of the enterprise visited.
    pub enterprise: String,
}

impl InboxRow {
    /// Where the page after this line begins.
    #[must_use]
    pub fn cursor(&self) -> InboxCursor {
        let v = &self.violation;
        InboxCursor { severity: i64::from(v.severity.level()), raised_at: v.raised_at, id: v.id.0 }
    }
}

/// How many violations have a state, a severity, a handling and a deadline on this side of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxCount {
    /// Where they stand.
    pub state: ViolationState,
    /// How grave.
    pub severity: i64,
    /// How far they are handled.
    pub handling: Handling,
    /// Where their nearest deadline lies: −1 passed, 0 today, 1 ahead; `None` without one.
    pub due: Option<i64>,
    /// Whether an appeal waits.
    pub appealed: bool,
    /// How many.
    pub count: i64,
}

/// The tabs of the inbox, in the order of what needs somebody most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxTab {
    /// Somebody's deadline has passed.
    Overdue,
    /// Somebody's deadline is today.
    Due,
    /// A supervisor must decide: new, explained, taken up again, appealed against.
    Open,
    /// An agency must explain.
    Waiting,
    /// Severity 1: nothing to decide.
    Notice,
    /// Confirmed.
    Confirmed,
    /// Dismissed.
    Dismissed,
    /// Cleared.
    Cleared,
    /// Closed, as whatever.
    Closed,
    /// All.
    All,
}

impl InboxTab {
    /// Every tab in its order.
    pub const ALL: [Self; 10] = [
        Self::Overdue,
        Self::Due,
        Self::Open,
        Self::Waiting,
        Self::Notice,
        Self::Confirmed,
        Self::Dismissed,
        Self::Cleared,
        Self::Closed,
        Self::All,
    ];

    /// Its name in URLs and statements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Notice => "notice",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Cleared => "cleared",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    /// Where its violations are found: those of some states, in the order of the page, and the few with a deadline.
    fn narrows(self) -> Vec<(&'static str, Vec<Param>)> {
        let of = |state: ViolationState| (OF_STATE, vec![state.as_str().into()]);
        match self {
            Self::Overdue | Self::Due | Self::Waiting => vec![(OF_DEADLINES, Vec::new())],
            Self::Open => vec![of(ViolationState::Suspected), (OF_DEADLINES, Vec::new())],
            Self::Notice => vec![of(ViolationState::Suspected)],
            Self::Confirmed => vec![of(ViolationState::Confirmed)],
            Self::Dismissed => vec![of(ViolationState::Dismissed)],
            Self::Cleared => vec![of(ViolationState::Cleared)],
            Self::Closed | Self::All => ViolationState::ALL.iter().copied().map(of).collect(),
        }
    }

    /// Whether what is counted here is in the tab: what [`gravest_of`] says in SQL.
    #[must_use]
    pub fn holds(self, c: &InboxCount) -> bool {
        let idle = matches!(c.handling, Handling::Untouched | Handling::Explained | Handling::Reopened);
        let suspected = c.state == ViolationState::Suspected && idle;
        let grave = c.severity >= 2 || c.handling == Handling::Explained;
        match self {
            Self::Overdue => c.due == Some(-1),
            Self::Due => c.due == Some(0),
            Self::Open => {
                suspected && grave && c.due.is_none()
                    || c.due == Some(1) && (c.appealed || c.handling != Handling::Explaining)
            }
            Self::Waiting => c.due == Some(1) && c.handling == Handling::Explaining && !c.appealed,
            Self::Notice => suspected && !grave && c.due.is_none(),
            Self::Confirmed => c.state == ViolationState::Confirmed,
            Self::Dismissed => c.state == ViolationState::Dismissed,
            Self::Cleared => c.state == ViolationState::Cleared,
            Self::Closed => c.handling == Handling::Closed,
            Self::All => true,
        }
    }
}

/// What the filter says beside words.
macro_rules! passing {
    () => {
        "v.severity <= $1
            AND (v.severity = $2 OR $2 IS NULL)
            AND (v.rule = $3 OR $3 IS NULL)
            AND (v.agency_id = $4 OR $4 IS NULL)
            AND (v.raised_day >= $5 OR $5 IS NULL)
            AND (v.raised_day <= $6 OR $6 IS NULL)"
    };
}

/// A page of violations, the gravest and newest first, of those that a condition narrows it to: the one that an index serves.
macro_rules! gravest_of {
    ($narrow:literal) => {
        concat!(
            "SELECT v.*, e.name AS enterprise_name
        FROM violations v
        JOIN enterprises e ON e.id = v.enterprise_id
        WHERE ",
            $narrow,
            " AND (v.severity, v.raised_at, v.id) < ($9, $10, $11)
            AND ",
            passing!(),
            "
            AND (e.search LIKE $7 ESCAPE '\\' OR $7 IS NULL)
            AND ($8 = 'all'
                OR ($8 = 'overdue' AND (v.act_by < $12 OR v.appeal_by < $12))
                OR ($8 = 'due' AND (v.act_by = $12 OR v.appeal_by = $12)
                    AND (v.act_by >= $12 OR v.act_by IS NULL) AND (v.appeal_by >= $12 OR v.appeal_by IS NULL))
                OR ($8 = 'open' AND ((v.state = 'suspected' AND v.handling IN ('none', 'explained', 'reopened')
                        AND (v.severity >= 2 OR v.handling = 'explained') AND v.act_by IS NULL AND v.appeal_by IS NULL)
                    OR (v.act_by > $12 AND v.handling <> 'explaining' AND v.appeal_by IS NULL)
                    OR (v.appeal_by > $12 AND (v.act_by > $12 OR v.act_by IS NULL))))
                OR ($8 = 'waiting' AND v.act_by > $12 AND v.handling = 'explaining' AND v.appeal_by IS NULL)
                OR ($8 = 'notice' AND v.state = 'suspected' AND v.handling IN ('none', 'reopened')
                    AND v.severity = 1 AND v.act_by IS NULL AND v.appeal_by IS NULL)
                OR ($8 = 'closed' AND v.handling = 'closed')
                OR $8 = v.state)
        ORDER BY v.severity DESC, v.raised_at DESC, v.id DESC
        LIMIT $13"
        )
    };
}

/// How many violations there are of each kind that the tabs tell apart, on this day.
macro_rules! counted {
    ($today:literal, $($from:expr),+) => {
        concat!(
            "SELECT state, severity, handling, due, appealed, COUNT(*) AS n FROM (
            SELECT v.state, v.severity, v.handling,
                CASE WHEN v.act_by IS NULL AND v.appeal_by IS NULL THEN NULL
                    WHEN v.act_by < ", $today, " OR v.appeal_by < ", $today, " THEN -1
                    WHEN v.act_by = ", $today, " OR v.appeal_by = ", $today, " THEN 0 ELSE 1 END AS due,
                CASE WHEN v.appeal_by IS NULL THEN 0 ELSE 1 END AS appealed
            FROM violations v ",
            $($from,)+
            ") kinds
        GROUP BY state, severity, handling, due, appealed"
        )
    };
}

statements! {
    OF_STATE = gravest_of!("v.state = $14");
    OF_DEADLINES = gravest_of!("v.id IN (SELECT id FROM violations WHERE act_by IS NOT NULL
            UNION SELECT id FROM violations WHERE appeal_by IS NOT NULL)");
    OF_ENTERPRISES = gravest_of!("v.enterprise_id IN (
            $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,
            $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45)");
    /// Read out of an index alone.
    COUNTS_OF_ALL = counted!("$2", "WHERE v.severity <= $1");
    COUNTS = counted!("$7", "WHERE ", passing!());
    COUNTS_OF_ENTERPRISES = counted!("$7", "WHERE ", passing!(), " AND v.enterprise_id IN (
            $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39)");
    COUNTS_OF_WORDS = counted!("$7", "JOIN enterprises e ON e.id = v.enterprise_id
            WHERE ", passing!(), " AND e.search LIKE $8 ESCAPE '\\'");
    /// Those without a deadline are in the daily sums; few have one.
    OPEN = "SELECT CAST((SELECT COALESCE(SUM(n), 0) FROM figure_violations WHERE open AND severity <= $1)
            + (SELECT COALESCE(SUM(n), 0) FROM figure_violation_changes WHERE open AND severity <= $1)
            + (SELECT COUNT(*) FROM violations
                WHERE severity <= $1
                    AND ((act_by > $2 AND handling <> 'explaining' AND appeal_by IS NULL)
                        OR (appeal_by > $2 AND (act_by > $2 OR act_by IS NULL)))) AS BIGINT) AS n";
    DUE = "SELECT COUNT(CASE WHEN act_by < $2 OR appeal_by < $2 THEN 1 END) AS passed, COUNT(*) AS come
        FROM violations WHERE severity <= $1 AND (act_by <= $2 OR appeal_by <= $2)";
}

fn bound(f: &InboxFilter) -> Vec<Param> {
    let severity = f.severity.map(|s| i64::from(s.level()));
    params![i64::from(f.ceiling.level()), severity, f.rule.map(RuleCode::as_str), f.agency, f.from, f.to].to_vec()
}

/// At most `limit` violations of a tab after `after`, the gravest and newest first.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    filter: &InboxFilter,
    tab: InboxTab,
    today: NaiveDate,
    after: Option<InboxCursor>,
    limit: i64,
) -> Result<Vec<InboxRow>> {
    // What is graver than the tab's is not walked past.
    let gravest = if tab == InboxTab::Notice { Severity::Notice } else { filter.ceiling };
    let severity = i64::from(filter.severity.unwrap_or(gravest).min(gravest).level());
    let after = after.unwrap_or(InboxCursor { severity, raised_at: newest_possible(), id: Uuid::max() });
    let enterprises = named(tx, filter.words.as_deref()).await?;
    let (words, narrows) = match &enterprises {
        Some(some) => (None, groups(some).map(|places| (OF_ENTERPRISES, places)).collect()),
        None => (filter.words.as_deref().map(containing), tab.narrows()),
    };
    let mut rows: Vec<InboxRow> = Vec::new();
    for (sql, narrow) in narrows {
        let mut values = bound(filter);
        let cursor = params![words.clone(), tab.as_str(), after.severity, after.raised_at, after.id, today, limit];
        values.extend_from_slice(cursor);
        values.extend(narrow);
        for row in tx.fetch_all(sql, &values).await? {
            rows.push(InboxRow { violation: from_row(&row)?, enterprise: row.get("enterprise_name")? });
        }
    }
    let place = |row: &InboxRow| (row.violation.severity, row.violation.raised_at, row.violation.id);
    rows.sort_unstable_by_key(|row| Reverse(place(row)));
    rows.dedup_by_key(|row| place(row));
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(rows)
}

/// How many violations pass the filter, by what the tabs look at: one kind may be told in several parts.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx, filter: &InboxFilter, today: NaiveDate) -> Result<Vec<InboxCount>> {
    let ceiling = filter.ceiling;
    let any = InboxFilter { ceiling, severity: None, rule: None, agency: None, from: None, to: None, words: None };
    let mut values = bound(filter);
    values.push(today.into());
    let with = |more: Vec<Param>| values.iter().cloned().chain(more).collect();
    let enterprises = named(tx, filter.words.as_deref()).await?;
    let asked: Vec<(&'static str, Vec<Param>)> = match (&enterprises, &filter.words) {
        (Some(some), _) => groups(some).map(|places| (COUNTS_OF_ENTERPRISES, with(places))).collect(),
        (None, Some(words)) => vec![(COUNTS_OF_WORDS, with(vec![containing(words).into()]))],
        (None, None) if *filter == any => {
            vec![(COUNTS_OF_ALL, params![i64::from(ceiling.level()), today].to_vec())]
        }
        (None, None) => vec![(COUNTS, with(Vec::new()))],
    };
    let mut counts = Vec::new();
    for (sql, values) in asked {
        for row in tx.fetch_all(sql, &values).await? {
            counts.push(InboxCount {
                state: row.code("state", ViolationState::parse)?,
                severity: row.get("severity")?,
                handling: row.code("handling", Handling::parse)?,
                due: row.get::<Option<i32>>("due")?.map(i64::from),
                appealed: row.get::<i32>("appealed")? == 1,
                count: row.get("n")?,
            });
        }
    }
    Ok(counts)
}

/// How many violations wait for a decision: what [`InboxTab::Open`] holds.
///
/// # Errors
/// When the store fails.
pub async fn open(tx: &mut Tx, ceiling: Severity, today: NaiveDate) -> Result<i64> {
    tx.fetch_one(OPEN, params![i64::from(ceiling.level()), today]).await?.get("n")
}

/// How many violations have their deadline today, and how many had it before: what [`InboxTab::Due`] and [`InboxTab::Overdue`] hold.
///
/// # Errors
/// When the store fails.
pub async fn due(tx: &mut Tx, ceiling: Severity, today: NaiveDate) -> Result<(i64, i64)> {
    let row = tx.fetch_one(DUE, params![i64::from(ceiling.level()), today]).await?;
    let (passed, come): (i64, i64) = (row.get("passed")?, row.get("come")?);
    Ok((come - passed, passed))
}
