//! A filing (报备): an agency's statement that it will visit, visits or has visited an enterprise.

use super::code_enum::code_enum;
use super::day::{Span, Zone};
use super::exemption::{Exemption, ExemptionCode};
use super::id::{AgencyId, EnterpriseId, FilingId, MatterId, UserId};
use super::text::half_width;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, is_nfkc_quick};

code_enum! {
    /// Kind of inspection (重庆市政府令第375号, Art. 3, and the two neighbours that are not counted).
    Kind {
        /// 日常检查
        Daily = "daily",
        /// 专项检查
        Special = "special",
        /// 线索核查
        Clue = "clue",
        /// 即时检查
        Immediate = "immediate",
        /// 应企业申请/许可核查
        OnRequest = "on_request",
        /// 服务走访, not an inspection
        ServiceVisit = "service_visit",
    }
}

code_enum! {
    /// What came out of a visit (检查结果).
    VisitResult {
        /// 未发现问题
        NoProblem = "no_problem",
        /// 当场改正
        CorrectedOnSite = "corrected_on_site",
        /// 责令整改
        OrderToRectify = "order_to_rectify",
        /// 立案查处
        CaseOpened = "case_opened",
        /// 其他
        Other = "other",
    }
}

/// The approval of a visit by the head of the unit (单位负责人批准).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Name of who approved.
    pub approver: String,
    /// Position of who approved; may be empty.
    pub position: String,
    /// Number of the document; may be empty.
    pub document: String,
    /// When it was approved.
    pub approved_at: DateTime<Utc>,
    /// The head who approved it in person, signed in; `None` when somebody else entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<UserId>,
}

/// The papers of a special inspection (专项检查): each empty until it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpecialPapers {
    /// Number of the document that approved it (批准文号).
    pub approval_document: String,
    /// Reference of its filing with the supervising authority (备案号).
    pub filing_reference: String,
    /// Where it was published (公示链接).
    pub publication_link: String,
}

/// A filing as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Identity.
    pub id: FilingId,
    /// Order of acceptance at the enterprise, shared with its reports: the `id` by which RULES break ties.
    pub seq: i64,
    /// The agency that files.
    pub agency: AgencyId,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// Kind of inspection.
    pub kind: Kind,
    /// Matters inspected, at least one.
    pub matters: Vec<MatterId>,
    /// Claimed exemption.
    pub exemption: Option<Exemption>,
    /// Planned span.
    pub planned: Span,
    /// Certificate numbers of the inspectors.
    pub inspectors: Vec<String>,
    /// Name of the joint group (联合检查) it belongs to, as its agency typed it; compared by [`Filing::joint_key`].
    pub joint_group: Option<String>,
    /// The server's receipt time.
    pub filed_at: DateTime<Utc>,
    /// Receipt of the latest change of the planned span (改期).
    pub rescheduled_at: Option<DateTime<Utc>>,
    /// When the inspectors arrived.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When they left.
    pub left_at: Option<DateTime<Utc>>,
    /// What came out of it.
    pub result: Option<VisitResult>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Assistants (辅助人员) that come along, by the numbers of their work passes.
    pub assistants: Vec<String>,
    /// The approval by the unit's head.
    pub approval: Option<Approval>,
    /// The papers of a special inspection.
    pub special: SpecialPapers,
    /// What was really inspected, as named with the result.
    pub matters_inspected: Vec<MatterId>,
    /// The enterprise confirmed on the spot that they are there.
    pub presence_confirmed: bool,
    /// It came from an unknown phone (未核验), and its agency has not said that it is its own: it speaks for nobody until then.
    pub unconfirmed: bool,
}

impl Filing {
    /// `live(f)`: not cancelled.
    #[must_use]
    pub const fn live(&self) -> bool {
        self.cancelled_at.is_none()
    }

    /// `inspection(f)`: anything but a service visit.
    #[must_use]
    pub fn inspection(&self) -> bool {
        self.kind != Kind::ServiceVisit
    }

    /// Whether it waits for the approval of its unit's head (FIL-05): it stands, has not begun, is no immediate inspection, and has none. A
    /// claimed exemption changes nothing: whether it holds is only known afterwards.
    #[must_use]
    pub fn awaits_approval(&self) -> bool {
        self.live()
            && self.arrived_at.is_none()
            && self.inspection()
            && self.kind != Kind::Immediate
            && self.approval.is_none()
    }

    /// The joint group by what agencies that type its name apart have in common: half-width, small letters, without white space. None without
    /// a name.
    #[must_use]
    pub fn joint_key(&self) -> Option<Cow<'_, str>> {
        let name = self.joint_group.as_deref().filter(|name| !name.is_empty())?;
        let as_it_is = name.chars().all(|c| !c.is_whitespace() && !c.is_uppercase())
            && is_nfkc_quick(name.chars()) == IsNormalized::Yes;
        if as_it_is {
            return Some(name.into());
        }
        let key: String =
            half_width(name).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        (!key.is_empty()).then_some(key.into())
    }

    /// The code of the claimed exemption.
    #[must_use]
    pub fn exemption_code(&self) -> Option<ExemptionCode> {
        self.exemption.as_ref().map(|e| e.code)
    }

    /// `has_cause(f)`: kind in {clue, immediate, `on_request`} or exemption in {E06, E08}.
    #[must_use]
    pub fn has_cause(&self) -> bool {
        matches!(self.kind, Kind::Clue | Kind::Immediate | Kind::OnRequest)
            || matches!(self.exemption_code(), Some(ExemptionCode::E06 | ExemptionCode::E08))
    }

    /// `planned_at(f)`: `filed_at`, or the receipt of the latest change of the planned span.
    #[must_use]
    pub fn planned_at(&self) -> DateTime<Utc> {
        self.rescheduled_at.unwrap_or(self.filed_at)
    }

    /// `span(f)`, from the filing's own times, never from a report.
    #[must_use]
    pub fn span(&self) -> Span {
        span_of(self.planned, self.arrived_at, self.left_at)
    }

    /// `first(span(f))` in this zone.
    #[must_use]
    pub fn first_day(&self, zone: Zone) -> NaiveDate {
        self.span().first(zone)
    }

    /// `last(span(f))` in this zone.
    #[must_use]
    pub fn last_day(&self, zone: Zone) -> NaiveDate {
        self.span().last(zone)
    }

    /// `before(g, f)`: whether `self` was accepted before `other`.
    #[must_use]
    pub fn before(&self, other: &Self) -> bool {
        (self.filed_at, self.seq) < (other.filed_at, other.seq)
    }
}

/// `span(f)` of a filing with these times.
#[must_use]
pub fn span_of(planned: Span, arrived_at: Option<DateTime<Utc>>, left_at: Option<DateTime<Utc>>) -> Span {
    let Some(arrived) = arrived_at else { return planned };
    // The shortest visit is a minute, also where arrival and leaving carry the same instant.
    let shortest = arrived.checked_add_signed(TimeDelta::minutes(1)).unwrap_or(arrived);
    let end = match left_at {
        Some(left) if left > arrived => left,
        Some(_) => shortest,
        None => planned.end().max(shortest),
    };
    Span::new(arrived, end).unwrap_or(planned)
}
