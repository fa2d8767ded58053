//! Parameters of the first wave (RULES part 4): on unless a policy switches them off.

use super::params::{Codes, codes, rule_params};
use crate::domain::enterprise::CreditClass;
use crate::domain::exemption::ExemptionCode::{E01, E02, E03, E04, E05, E06, E08, E09, E10};
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

rule_params! {
    enabled: true;

    /// A rule with a switch only.
    Switch {}
    /// DUP-01 同部门重复.
    Dup01 {
        /// A gap below this many days is a repetition.
        days: u32 = 60,
        /// Codes that lift it, on either side.
        exemptions: Codes = codes(&[E01, E02, E03, E04, E06, E08, E09, E10]),
    }
    /// DUP-02 跨部门同事项重复.
    Dup02 {
        /// A gap below this many days is a repetition.
        days: u32 = 30,
        /// Codes that lift it, on either side.
        exemptions: Codes = codes(&[E01, E02, E03, E04, E06, E09, E10]),
    }
    /// DUP-03 短期密集.
    Dup03 {
        /// Visits allowed on a local day.
        day: u32 = 1,
        /// Visits allowed in an ISO week.
        week: u32 = 2,
        /// Visits allowed in a calendar month.
        month: u32 = 3,
        /// Codes that lift it; such filings are not counted either.
        exemptions: Codes = codes(&[E01, E02, E03]),
    }
    /// FRQ-01 年度频次超限.
    Frq01 {
        /// Inspections a year by one root agency at an unclassified enterprise.
        default: u32 = 2,
        /// The same by credit class; `null` is no cap.
        by_class: ByClass = ByClass::default(),
        /// Codes that lift it; such filings are not counted either.
        exemptions: Codes = codes(&[E05]),
    }
    /// FIL-01 提前报备不足.
    Fil01 {
        /// Working days between planning and the planned start.
        working_days: u32 = 3,
        /// Codes that lift it.
        exemptions: Codes = codes(&[E01, E02, E03, E04, E06, E09, E10]),
    }
    /// FIL-03 即时检查逾期补报.
    Fil03 {
        /// Hours after arrival.
        hours: u32 = 24,
        /// Working days after which it is graver.
        working_days: u32 = 3,
    }
    /// FIL-04 未报备入企, and the matching of reports with filings.
    Fil04 {
        /// Days by which a report may miss the span of a filing and still match it.
        tolerance_days: u32 = 1,
        /// Working days in which a late filing still matches before it is graver.
        working_days: u32 = 3,
    }
    /// PER-01 人员不足.
    Per01 {
        /// Fewest valid inspectors.
        min: u32 = 2,
    }
    /// EXM-01 例外依据缺失.
    Exm01 {
        /// Fewest characters of a reason.
        min_chars: u32 = 10,
        /// Working days in which evidence of an emergency may follow.
        working_days: u32 = 3,
    }
    /// TIM-01 非工作时间.
    Tim01 {
        /// Start of working hours, local.
        #[serde(with = "hour_minute")]
        from: NaiveTime = clock(8, 30),
        /// End of working hours, local.
        #[serde(with = "hour_minute")]
        to: NaiveTime = clock(18, 0),
        /// Codes that lift it.
        exemptions: Codes = codes(&[E01, E02, E03, E04, E06, E09, E10]),
    }
    /// LOW-01 低效检查.
    Low01 {
        /// Number of last inspections without a problem.
        count: u32 = 3,
        /// Days within which they count.
        days: u32 = 365,
    }
    /// RES-01 结果未上传.
    Res01 {
        /// Working days for uploading the result.
        working_days: u32 = 5,
    }
    /// REC-01 两端不一致.
    Rec01 {
        /// Minutes by which the two arrivals may differ.
        minutes: u32 = 30,
    }
}

/// Yearly caps by credit class; `None` is no cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ByClass {
    /// Class A.
    #[serde(rename = "A")]
    pub a: Option<u32>,
    /// Class B.
    #[serde(rename = "B")]
    pub b: Option<u32>,
    /// Class C.
    #[serde(rename = "C")]
    pub c: Option<u32>,
    /// Class D.
    #[serde(rename = "D")]
    pub d: Option<u32>,
}

impl Default for ByClass {
    fn default() -> Self {
        Self { a: Some(1), b: Some(2), c: Some(3), d: None }
    }
}

impl Frq01 {
    /// The yearly cap for an enterprise of this class; `None` is no cap.
    #[must_use]
    pub const fn cap(&self, class: Option<CreditClass>) -> Option<u32> {
        match class {
            None => Some(self.default),
            Some(CreditClass::A) => self.by_class.a,
            Some(CreditClass::B) => self.by_class.b,
            Some(CreditClass::C) => self.by_class.c,
            Some(CreditClass::D) => self.by_class.d,
        }
    }
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a constant time of day")
}

/// Times of day as `HH:MM`.
mod hour_minute {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| D::Error::custom(format!("`{text}` is not a time HH:MM")))
    }
}
