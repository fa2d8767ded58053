//! A visit report (企业上报): an enterprise's statement that somebody came.

use super::code_enum::code_enum;
use super::id::{AgencyId, EnterpriseId, FilingId, MatterId, ReportId};
use chrono::{DateTime, Utc};

code_enum! {
    /// An answer that may be unknown.
    Answer {
        /// 是
        Yes = "yes",
        /// 否
        No = "no",
        /// 不清楚
        Unknown = "unknown",
    }
}

code_enum! {
    /// How precisely the enterprise knows when they came; what it does not know is assumed, and accuses nobody.
    ArrivalKnown {
        /// The time of day.
        Time = "time",
        /// The day alone: noon, or the receipt on the same day, is assumed.
        Day = "day",
        /// 不清楚: the receipt is assumed.
        Nothing = "nothing",
    }
}

impl ArrivalKnown {
    /// What is known where nothing else is said.
    #[must_use]
    pub const fn whole() -> Self {
        Self::Time
    }

    /// Whether nothing is assumed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == Self::Time
    }
}

/// A visit report as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a tick on the form")]
pub struct Report {
    /// Identity.
    pub id: ReportId,
    /// Order of acceptance at the enterprise, shared with its filings.
    pub seq: i64,
    /// The enterprise that reports.
    pub enterprise: EnterpriseId,
    /// The agency that came, if known.
    pub agency: Option<AgencyId>,
    /// When they came, as the enterprise says.
    pub arrived_at: DateTime<Utc>,
    /// How much of that it knows.
    pub arrival_known: ArrivalKnown,
    /// The server's receipt time.
    pub filed_at: DateTime<Utc>,
    /// The enterprise proved itself.
    pub verified: bool,
    /// Number of visitors.
    pub visitors: Option<u32>,
    /// 是否亮证
    pub shown_certificate: Option<Answer>,
    /// 是否出示检查通知书
    pub shown_notice: Option<Answer>,
    /// 要求提供资料
    pub documents_demanded: bool,
    /// 查看生产经营场所
    pub premises_inspected: bool,
    /// 要求整改
    pub rectification_asked: bool,
    /// 签字
    pub form_signed: bool,
    /// Which of the eight 不得 (1–8) were ticked.
    pub prohibited: Vec<u8>,
    /// The enterprise itself calls it a service visit.
    pub service: bool,
    /// Matters that they inspected, as far as the enterprise names them.
    pub matters: Vec<MatterId>,
    /// A filing that a person linked by hand, for a report without agency.
    pub linked_filing: Option<FilingId>,
    /// Taken back by the enterprise: no rule looks at it.
    pub withdrawn: bool,
}

impl Report {
    /// How many of the four ticks of DIS-01 are set.
    #[must_use]
    pub fn ticks(&self) -> usize {
        [self.documents_demanded, self.premises_inspected, self.rectification_asked, self.form_signed]
            .into_iter()
            .filter(|tick| *tick)
            .count()
    }
}
