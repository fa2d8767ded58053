//! The policy (规则参数): which rules are on, with which parameters, in versions with effective dates.
//!
//! Its JSON form is the one of the replay file: `phase`, `no_disturb`, `rules`; a missing key takes its default, an unknown key is an error.

mod check;

pub use check::PolicyError;

use super::calendar::NoDisturb;
use super::code_enum::code_enum;
use super::enterprise::CreditClass;
use super::exemption::ExemptionCode::{self, E01, E02, E03, E04, E05, E06, E08, E09, E10};
use super::id::PolicyId;
use super::rule::RuleCode;
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

code_enum! {
    /// When filings are due: a district begins with filing at the visit and moves to filing when planned.
    Phase {
        /// Filed when the inspection is planned.
        AtPlanning = "at_planning",
        /// Filed when the inspectors arrive.
        AtVisit = "at_visit",
    }
}

/// The no-disturb days of a policy and the exemptions that NDD-01 honours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoDisturbPolicy {
    /// Inclusive ranges of days of the month.
    pub ranges: Vec<(u8, u8)>,
    /// Days added.
    pub extra: BTreeSet<NaiveDate>,
    /// Days taken out.
    pub waived: BTreeSet<NaiveDate>,
    /// Exemption codes that lift NDD-01.
    pub exemptions: BTreeSet<ExemptionCode>,
}

impl Default for NoDisturbPolicy {
    fn default() -> Self {
        let NoDisturb { ranges, extra, waived } = NoDisturb::default();
        Self { ranges, extra, waived, exemptions: ExemptionCode::ALL.iter().copied().collect() }
    }
}

impl NoDisturbPolicy {
    /// The calendar part of it.
    #[must_use]
    pub fn calendar(&self) -> NoDisturb {
        NoDisturb { ranges: self.ranges.clone(), extra: self.extra.clone(), waived: self.waived.clone() }
    }
}

/// Declares the parameters of one rule: a struct with `enabled` and a default for each parameter.
macro_rules! rule_params {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty = $default:expr),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            /// Whether the rule runs.
            pub enabled: bool,
            $($(#[$fmeta])* pub $field: $ty),*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { enabled: true, $($field: $default),* }
            }
        }
    )+};
}

/// A set of exemption codes.
pub type Codes = BTreeSet<ExemptionCode>;

fn codes(list: &[ExemptionCode]) -> Codes {
    list.iter().copied().collect()
}

rule_params! {
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
    /// EXP-01 逾期未说明, and the deadlines of requests for an explanation.
    Exp01 {
        /// Working days for an answer.
        working_days: u32 = 5,
        /// Working days that the one extension adds.
        extension_days: u32 = 5,
        /// Working days after the deadline from which it is graver.
        grave_days: u32 = 5,
    }
    /// EXP-02 整改逾期或反复.
    Exp02 {
        /// Working days for a correction, unless a supervisor says otherwise.
        working_days: u32 = 15,
        /// Days after closing within which the same rule confirmed again is a relapse.
        days: u32 = 90,
    }
    /// AGG-01 单位累计.
    Agg01 {
        /// Days within which confirmed violations add up.
        days: u32 = 90,
        /// Confirmed violations of severity 2 or more for a yellow card.
        yellow: u32 = 3,
        /// The same for a red card.
        red: u32 = 6,
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

/// Declares `Rules`, one field a rule, named by its code in JSON.
macro_rules! rules {
    ($($field:ident: $ty:ty = $code:literal, $variant:ident);+ $(;)?) => {
        /// The parameters of all rules of the first wave, by code.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Rules {
            $(#[doc = concat!("Parameters of ", $code, ".")] #[serde(rename = $code)] pub $field: $ty),+
        }

        impl Rules {
            /// Whether this rule is switched on.
            #[must_use]
            pub const fn enabled(&self, rule: RuleCode) -> bool {
                match rule { $(RuleCode::$variant => self.$field.enabled),+ }
            }

            /// Switches this rule on or off.
            pub const fn set_enabled(&mut self, rule: RuleCode, enabled: bool) {
                match rule { $(RuleCode::$variant => self.$field.enabled = enabled),+ }
            }
        }
    };
}

rules! {
    ndd_01: Switch = "NDD-01", Ndd01;
    dup_01: Dup01 = "DUP-01", Dup01;
    dup_02: Dup02 = "DUP-02", Dup02;
    dup_03: Dup03 = "DUP-03", Dup03;
    frq_01: Frq01 = "FRQ-01", Frq01;
    fil_01: Fil01 = "FIL-01", Fil01;
    fil_02: Switch = "FIL-02", Fil02;
    fil_03: Fil03 = "FIL-03", Fil03;
    fil_04: Fil04 = "FIL-04", Fil04;
    per_01: Per01 = "PER-01", Per01;
    per_02: Switch = "PER-02", Per02;
    sco_02: Switch = "SCO-02", Sco02;
    exm_01: Exm01 = "EXM-01", Exm01;
    tim_01: Tim01 = "TIM-01", Tim01;
    low_01: Low01 = "LOW-01", Low01;
    res_01: Res01 = "RES-01", Res01;
    rec_01: Rec01 = "REC-01", Rec01;
    prc_01: Switch = "PRC-01", Prc01;
    dis_01: Switch = "DIS-01", Dis01;
    int_01: Switch = "INT-01", Int01;
    exp_01: Exp01 = "EXP-01", Exp01;
    exp_02: Exp02 = "EXP-02", Exp02;
    agg_01: Agg01 = "AGG-01", Agg01;
}

/// The content of one policy version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// When filings are due.
    pub phase: Phase,
    /// No-disturb days.
    pub no_disturb: NoDisturbPolicy,
    /// Rules and their parameters.
    pub rules: Rules,
}

impl Default for Policy {
    fn default() -> Self {
        Self { phase: Phase::AtPlanning, no_disturb: NoDisturbPolicy::default(), rules: Rules::default() }
    }
}

/// A policy version: content, identity, and the first local date on which it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyVersion {
    /// Identity, stored with each violation that it produced.
    pub id: PolicyId,
    /// First local date in force.
    pub effective_from: NaiveDate,
    /// Content.
    pub policy: Policy,
    /// The calendar of `policy`, ready to ask.
    pub calendar: NoDisturb,
}

impl PolicyVersion {
    /// Puts a version together.
    #[must_use]
    pub fn new(id: PolicyId, effective_from: NaiveDate, policy: Policy) -> Self {
        let calendar = policy.no_disturb.calendar();
        Self { id, effective_from, policy, calendar }
    }
}

/// All policy versions.
#[derive(Clone, Debug)]
pub struct Policies {
    versions: Vec<PolicyVersion>,
    built_in: PolicyVersion,
}

impl Policies {
    /// Takes versions in order of creation; of two with the same date the later created is in force.
    #[must_use]
    pub fn new(mut versions: Vec<PolicyVersion>) -> Self {
        versions.sort_by_key(|v| v.effective_from);
        let built_in = PolicyVersion::new(PolicyId(Uuid::nil()), NaiveDate::MIN, Policy::default());
        Self { versions, built_in }
    }

    /// The version in force on this local date; the built-in defaults before the first.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> &PolicyVersion {
        let after = self.versions.partition_point(|v| v.effective_from <= day);
        after.checked_sub(1).and_then(|at| self.versions.get(at)).unwrap_or(&self.built_in)
    }

    /// All versions in order of their dates, without the built-in one.
    #[must_use]
    pub fn versions(&self) -> &[PolicyVersion] {
        &self.versions
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
