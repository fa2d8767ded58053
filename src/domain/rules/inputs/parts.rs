//! What the facts of several rules of the first wave are made of.

use crate::domain::id::{AgencyId, FilingId, MatterId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The nearest of the filings that a repetition rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// The other filing.
    pub filing: FilingId,
    /// Its agency.
    pub agency: AgencyId,
    /// Its first local day.
    pub first: NaiveDate,
    /// Its last local day.
    pub last: NaiveDate,
    /// Days between the two inspections; 0 if they touch.
    pub gap: i64,
    /// A gap below this many days is a repetition.
    pub limit: u32,
}

/// A limit of DUP-03 that is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exceeded {
    /// Which limit.
    pub period: Period,
    /// Visits counted before this one.
    pub before: u32,
    /// Visits allowed.
    pub limit: u32,
}

/// A period of DUP-03.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// The local day.
    Day,
    /// Monday to Sunday.
    Week,
    /// The calendar month.
    Month,
}

/// An inspector that PER-02 does not accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidInspector {
    /// Certificate number as filed.
    pub cert_no: String,
    /// Why.
    pub fault: InspectorFault,
}

/// Why an inspector is not valid for an inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectorFault {
    /// Not in the registry.
    Unknown,
    /// Of another root agency.
    OtherAgency,
    /// Suspended (暂扣).
    Suspended,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate has run out.
    Expired,
}

/// A matter that SCO-02 does not find on the agency's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpublishedMatter {
    /// The matter.
    pub matter: MatterId,
    /// Why.
    pub fault: MatterFault,
}

/// Why a matter is not on the agency's published list on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterFault {
    /// Not in the registry.
    Unknown,
    /// On the list of another agency.
    OtherAgency,
    /// Not published yet.
    NotYet,
    /// No longer published.
    NoLonger,
}

/// In what a filing and its matched report differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The local date of arrival.
    Date,
    /// The time of arrival.
    Time,
    /// The number of people.
    Visitors,
}

/// One of the four ticks of DIS-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    /// 要求提供资料
    DocumentsDemanded,
    /// 查看生产经营场所
    PremisesInspected,
    /// 要求整改
    RectificationAsked,
    /// 签字
    FormSigned,
}
