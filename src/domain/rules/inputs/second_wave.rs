//! The facts of the second wave, one struct a rule.

use crate::domain::id::{AgencyId, FilingId, MatterId, ReportId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

macro_rules! facts {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
    )+};
}

facts! {
    /// JNT-02 联合后又单独入企.
    Jnt02 {
        /// Name of the joint group.
        group: String,
        /// The filing of the group that arrived first.
        first: FilingId,
        /// Its agency.
        agency: AgencyId,
        /// When it arrived.
        first_at: DateTime<Utc>,
        /// When this one arrived.
        arrived_at: DateTime<Utc>,
        /// Minutes allowed between the two on one day.
        minutes: u32,
    }
    /// NDD-02 例外比例异常.
    Ndd02 {
        /// First day of the month.
        month: NaiveDate,
        /// Executed inspections of the agency in that month.
        executed: u32,
        /// Those of them that fell on no-disturb days under an exemption.
        exempt: u32,
        /// More than this share, in percent, is abnormal.
        percent: u32,
    }
    /// FRQ-02 有因检查过频.
    Frq02 {
        /// The root agency whose inspections are counted.
        root: AgencyId,
        /// The how-many-eth it is.
        rank: u32,
        /// Inspections allowed.
        max: u32,
        /// Days within which they count.
        days: u32,
        /// The complaint number, if it is the one that is used too often.
        complaint: Option<String>,
    }
    /// FRQ-03 企业总负担.
    Frq03 {
        /// What was reached.
        burden: Burden,
        /// First day of the year or month.
        from: NaiveDate,
        /// Visits in halves, or persons.
        reached: u32,
        /// The limit, in visits or persons.
        limit: u32,
    }
    /// FIL-05 未经批准.
    Fil05 {
        /// What is wrong with the approval.
        fault: ApprovalFault,
        /// Who approved; empty if nobody did.
        approver: String,
        /// When it was approved.
        approved_at: Option<DateTime<Utc>>,
        /// The earliest known arrival.
        arrived_at: DateTime<Utc>,
        /// The report that the arrival is known from, if not from the filing.
        report: Option<ReportId>,
        /// The end of the days in which a missing approval may be entered.
        deadline: Option<DateTime<Utc>>,
    }
    /// FIL-07 专项未批准备案.
    Fil07 {
        /// What is missing, at least one.
        missing: Vec<Paper>,
        /// Whether the inspectors have arrived.
        executed: bool,
    }
    /// FIL-08 报而不查.
    Fil08 {
        /// First day of the calendar quarter.
        quarter: NaiveDate,
        /// The how-many-eth of the agency in that quarter it is.
        rank: u32,
        /// The end of the planned span.
        planned_end: DateTime<Utc>,
        /// Hours after it.
        hours: u32,
    }
    /// PER-03 人数过多.
    Per03 {
        /// Inspectors and assistants, each once; of a joint inspection those filed before it too.
        people: u32,
        /// People allowed.
        max: u32,
        /// Whether it is part of a joint inspection.
        joint: bool,
        /// Whether the inspectors have arrived.
        executed: bool,
    }
    /// PER-04 无证人员单独入企.
    Per04 {
        /// Assistants that come.
        assistants: u32,
        /// Officers named; none of them is valid.
        officers: u32,
        /// Whether they have arrived.
        executed: bool,
    }
    /// SCO-01 超范围.
    Sco01 {
        /// The matters inspected that were not filed.
        matters: Vec<MatterId>,
        /// The report that names one of them, if the result does not name them all.
        report: Option<ReportId>,
    }
    /// SCO-03 越权异地.
    Sco03 {
        /// The enterprise's town.
        town: String,
        /// The agency's area; the first dozen of its towns.
        areas: Vec<String>,
        /// Whether the inspectors have arrived.
        executed: bool,
    }
    /// TIM-02 超时.
    Tim02 {
        /// When the inspectors arrived.
        arrived_at: DateTime<Utc>,
        /// When they left.
        left_at: DateTime<Utc>,
        /// The end of the planned span.
        planned_end: DateTime<Utc>,
        /// They left more than this many minutes after the planned end.
        late: Option<u32>,
        /// They were on site for more than this many hours.
        long: Option<u32>,
    }
    /// PRC-02 未扫码签到.
    Prc02 {
        /// The local day of the visit.
        day: NaiveDate,
        /// The verified report that confirms it, if it was not confirmed on the spot or by a rating alone.
        report: Option<ReportId>,
        /// The how-many-eth without check-in it is.
        rank: u32,
    }
    /// EVA-01 差评集中.
    Eva01 {
        /// The rating of this visit has the worst mark in it.
        very_bad: bool,
        /// Ratings within the days, this one included.
        ratings: u32,
        /// The sum of all their marks, three a rating.
        sum: u32,
        /// Days within which they count.
        days: u32,
    }
    /// RET-01 疑似打击报复.
    Ret01 {
        /// The adverse report, if it is one.
        report: Option<ReportId>,
        /// The filing of the adversely rated visit, if it is a rating.
        rated: Option<FilingId>,
        /// The agency that it was about.
        about: AgencyId,
        /// The local day on which it was received.
        told_on: NaiveDate,
        /// Days from then to the receipt of the new filing.
        days: i64,
    }
}

/// What FRQ-03 adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Burden {
    /// Visits of a calendar year.
    Visits,
    /// Inspector-persons of a calendar month.
    Persons,
}

/// What FIL-05 finds wrong with an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalFault {
    /// There is none.
    Missing,
    /// It was given after the arrival.
    Late,
    /// It was given by one of the inspectors.
    Own,
}

/// The papers of a special inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 批准文号
    ApprovalDocument,
    /// 备案号
    FilingReference,
    /// 公示链接
    PublicationLink,
}
