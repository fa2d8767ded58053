//! Parameters of the second wave (RULES part 5): off unless a policy switches them on, so that a history of the first wave is judged as ever.

use super::params::{Codes, codes, rule_params};
use crate::domain::exemption::ExemptionCode::{E01, E02, E03, E04, E05, E06, E12};
use serde::{Deserialize, Serialize};

rule_params! {
    enabled: false;

    /// A rule with a switch only, which is off at first.
    OffSwitch {}
    /// JNT-02 联合后又单独入企.
    Jnt02 {
        /// Minutes after the group's first arrival.
        minutes: u32 = 60,
        /// Days after the group's first arrival in which an arrival of a member belongs to the same joint inspection.
        days: u32 = 30,
        /// Codes that lift it.
        exemptions: Codes = codes(&[E01, E02, E03]),
    }
    /// NDD-02 例外比例异常.
    Ndd02 {
        /// More than this share, in percent, is abnormal.
        percent: u32 = 50,
        /// Fewest exempt inspections on no-disturb days.
        min: u32 = 4,
    }
    /// FRQ-02 有因检查过频.
    Frq02 {
        /// Inspections with cause by one root agency at an enterprise.
        max: u32 = 6,
        /// Days within which they count.
        days: u32 = 365,
        /// Inspections on one complaint number.
        per_complaint: u32 = 2,
        /// Codes that lift it; such filings are not counted either.
        exemptions: Codes = codes(&[E01, E02, E03]),
    }
    /// FRQ-03 企业总负担.
    Frq03 {
        /// Visits in a calendar year: a joint one counts once, a service visit half.
        visits: u32 = 10,
        /// Inspector-persons in a calendar month.
        persons: u32 = 20,
    }
    /// FIL-05 未经批准.
    Fil05 {
        /// Working days after arrival in which a missing approval may be entered.
        working_days: u32 = 3,
        /// Codes that lift it.
        exemptions: Codes = codes(&[E01, E02, E03]),
    }
    /// FIL-08 报而不查.
    Fil08 {
        /// Hours after the planned end.
        hours: u32 = 24,
        /// The how-many-eth of an agency in a calendar quarter is flagged, and each after it.
        count: u32 = 3,
    }
    /// PER-03 人数过多.
    Per03 {
        /// Most people of one filing.
        max: u32 = 5,
        /// Most people of a joint inspection.
        joint_max: u32 = 12,
        /// Codes that lift it.
        exemptions: Codes = codes(&[E01, E02, E03]),
    }
    /// SCO-03 越权异地.
    Sco03 {
        /// Codes that lift it.
        exemptions: Codes = codes(&[E05, E12]),
    }
    /// TIM-02 超时.
    Tim02 {
        /// Minutes after the planned end.
        minutes: u32 = 30,
        /// Hours on site.
        hours: u32 = 4,
        /// Codes that lift it.
        exemptions: Codes = codes(&[E01, E02, E03, E04, E06]),
    }
    /// PRC-02 未扫码签到.
    Prc02 {
        /// The how-many-eth of an agency at an enterprise is flagged, and each after it.
        count: u32 = 2,
        /// Days within which they count.
        days: u32 = 365,
    }
    /// EVA-01 差评集中.
    Eva01 {
        /// Fewest ratings that a mean is taken of.
        count: u32 = 5,
        /// Days within which they count.
        days: u32 = 30,
        /// A mean below this mark, of 5, is bad.
        mean: u32 = 3,
    }
    /// RET-01 疑似打击报复.
    Ret01 {
        /// Days after the adverse report.
        days: u32 = 180,
        /// Codes that lift it: emergencies, and a complaint from outside.
        exemptions: Codes = codes(&[E01, E02, E03, E04]),
    }
}
