//! The facts that a rule used: enough to explain the verdict years later, when filings, policies and registries have moved on.
//!
//! Words for people are made from them in templates. Each is compact: of many conflicting filings only the nearest is
//! described, the others are the evidence of the finding. Nothing in here depends on `now`.

mod parts;
mod second_wave;

pub use parts::{
    Difference, Exceeded, InspectorFault, InvalidInspector, MatterFault, Nearest, Period, Tick, UnpublishedMatter,
};
pub use second_wave::{
    ApprovalFault, Burden, Eva01, Fil05, Fil07, Fil08, Frq02, Frq03, Jnt02, Ndd02, Paper, Per03, Per04, Prc02, Ret01,
    Sco01, Sco03, Tim02,
};

use super::supervision::Card;
use crate::domain::enterprise::CreditClass;
use crate::domain::exemption::ExemptionCode;
use crate::domain::id::{AgencyId, FilingId, MatterId, ReportId, ViolationId};
use crate::domain::visit_report::ArrivalKnown;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// One variant a rule, tagged by the rule's code in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule")]
pub enum Inputs {
    /// 无扰日检查
    #[serde(rename = "NDD-01")]
    Ndd01 {
        /// The no-disturb days touched, ascending; the first 62 of them.
        days: Vec<NaiveDate>,
        /// Whether the inspectors have arrived; always true of a report.
        executed: bool,
    },
    /// 同部门重复
    #[serde(rename = "DUP-01")]
    Dup01 {
        /// The nearest conflicting filing.
        nearest: Nearest,
        /// The matters that both inspect.
        matters: Vec<MatterId>,
        /// Whether the inspectors have arrived.
        executed: bool,
    },
    /// 跨部门同事项重复
    #[serde(rename = "DUP-02")]
    Dup02 {
        /// The nearest conflicting filing.
        nearest: Nearest,
        /// The matter groups that both inspect.
        groups: Vec<String>,
        /// Whether the inspectors have arrived.
        executed: bool,
    },
    /// 短期密集
    #[serde(rename = "DUP-03")]
    Dup03 {
        /// First local day of the visit.
        day: NaiveDate,
        /// The how-many-eth visit of that day it is.
        day_rank: u32,
        /// The limits exceeded, at least one.
        exceeded: Vec<Exceeded>,
    },
    /// 年度频次超限
    #[serde(rename = "FRQ-01")]
    Frq01 {
        /// The calendar year.
        year: i32,
        /// The root agency whose inspections are counted.
        root: AgencyId,
        /// The how-many-eth inspection of that year it is.
        rank: u32,
        /// Inspections allowed.
        cap: u32,
        /// The credit class that gave the cap; unclassified if `None`.
        credit_class: Option<CreditClass>,
        /// Whether the inspectors have arrived.
        executed: bool,
    },
    /// 提前报备不足
    #[serde(rename = "FIL-01")]
    Fil01 {
        /// Local date of filing, or of the latest change of the planned span.
        planned_on: NaiveDate,
        /// Whether `planned_on` is that of a change (改期).
        rescheduled: bool,
        /// First local day of the planned span.
        first: NaiveDate,
        /// Working days between the two.
        working_days: i64,
        /// Working days required.
        required: u32,
    },
    /// 先查后报
    #[serde(rename = "FIL-02")]
    Fil02 {
        /// Receipt of the filing.
        filed_at: DateTime<Utc>,
        /// The earliest known arrival.
        arrived_at: DateTime<Utc>,
        /// The report that the arrival is known from, if not from the filing.
        report: Option<ReportId>,
        /// Whether both are on the same local date.
        same_day: bool,
    },
    /// 即时检查逾期补报
    #[serde(rename = "FIL-03")]
    Fil03 {
        /// Receipt of the filing.
        filed_at: DateTime<Utc>,
        /// The earliest known arrival.
        arrived_at: DateTime<Utc>,
        /// The report that the arrival is known from, if not from the filing.
        report: Option<ReportId>,
        /// Hours allowed after arrival.
        hours: u32,
        /// From this instant on a filing is gravely late.
        grave_from: DateTime<Utc>,
    },
    /// 未报备入企
    #[serde(rename = "FIL-04")]
    Fil04 {
        /// Local date of arrival.
        day: NaiveDate,
        /// The end of the working days in which a late filing still matches.
        deadline: DateTime<Utc>,
        /// Whether the enterprise proved itself.
        verified: bool,
        /// Whether it knows the day.
        #[serde(default = "ArrivalKnown::whole", skip_serializing_if = "ArrivalKnown::is_whole")]
        known: ArrivalKnown,
    },
    /// 人员不足
    #[serde(rename = "PER-01")]
    Per01 {
        /// Distinct inspectors named.
        named: u32,
        /// Those of them that are valid.
        valid: u32,
        /// Fewest valid inspectors.
        min: u32,
        /// Whether the inspectors have arrived.
        executed: bool,
    },
    /// 证件无效
    #[serde(rename = "PER-02")]
    Per02 {
        /// The first local day of the inspection.
        day: NaiveDate,
        /// Who is not valid, and why.
        invalid: Vec<InvalidInspector>,
        /// Whether the inspectors have arrived.
        executed: bool,
    },
    /// 未公布事项
    #[serde(rename = "SCO-02")]
    Sco02 {
        /// The first local day of the inspection.
        day: NaiveDate,
        /// The matters that are not on the agency's list, and why.
        matters: Vec<UnpublishedMatter>,
        /// Whether the inspectors have arrived.
        executed: bool,
    },
    /// 例外依据缺失
    #[serde(rename = "EXM-01")]
    Exm01 {
        /// The exemption claimed.
        code: ExemptionCode,
        /// Characters of the trimmed reason.
        reason_chars: u32,
        /// Fewest characters of a reason.
        min_chars: u32,
        /// Whether the evidence reference is empty.
        evidence_missing: bool,
        /// The end of the grace that emergencies have.
        deadline: Option<DateTime<Utc>>,
    },
    /// 非工作时间
    #[serde(rename = "TIM-01")]
    Tim01 {
        /// Local date of arrival, or of the planned start.
        day: NaiveDate,
        /// Local time of day.
        time: NaiveTime,
        /// Start of working hours, local.
        from: NaiveTime,
        /// End of working hours, local.
        to: NaiveTime,
        /// Whether `day` is a working day.
        working_day: bool,
        /// Whether it is the time of arrival, not of the planned start.
        executed: bool,
    },
    /// 低效检查
    #[serde(rename = "LOW-01")]
    Low01 {
        /// The inspector.
        cert_no: String,
        /// The last inspections without a problem, latest first.
        inspections: Vec<FilingId>,
        /// Days within which they count.
        days: u32,
    },
    /// 结果未上传
    #[serde(rename = "RES-01")]
    Res01 {
        /// The local day from which the working days count.
        day: NaiveDate,
        /// Whether `day` is the day of leaving, not the last planned one.
        left: bool,
        /// When the result was due.
        deadline: DateTime<Utc>,
    },
    /// 两端不一致
    #[serde(rename = "REC-01")]
    Rec01 {
        /// The matched report.
        report: ReportId,
        /// Arrival by the filing, or its planned start.
        filing_at: DateTime<Utc>,
        /// Whether `filing_at` is an arrival.
        filing_arrived: bool,
        /// Arrival by the report.
        report_at: DateTime<Utc>,
        /// How much of that the enterprise knows.
        #[serde(default = "ArrivalKnown::whole", skip_serializing_if = "ArrivalKnown::is_whole")]
        known: ArrivalKnown,
        /// Inspectors of the filing.
        inspectors: u32,
        /// Visitors of the report.
        visitors: Option<u32>,
        /// What differs, at least one.
        differences: Vec<Difference>,
        /// Minutes by which the arrivals may differ.
        minutes: u32,
    },
    /// 未亮证或未出示通知书
    #[serde(rename = "PRC-01")]
    Prc01 {
        /// No certificate was shown.
        certificate: bool,
        /// No notice was shown, and one was due.
        notice: bool,
        /// The matched filing.
        filing: Option<FilingId>,
    },
    /// 变相检查
    #[serde(rename = "DIS-01")]
    Dis01 {
        /// What was done, at least one.
        ticks: Vec<Tick>,
        /// Whether the enterprise itself calls it a service visit.
        service: bool,
        /// The matched filing.
        filing: Option<FilingId>,
    },
    /// 廉洁线索
    #[serde(rename = "INT-01")]
    Int01 {
        /// Which of the eight 不得 (1–8), ascending.
        prohibited: Vec<u8>,
    },
    /// 联合后又单独入企
    #[serde(rename = "JNT-02")]
    Jnt02(Jnt02),
    /// 例外比例异常
    #[serde(rename = "NDD-02")]
    Ndd02(Ndd02),
    /// 有因检查过频
    #[serde(rename = "FRQ-02")]
    Frq02(Frq02),
    /// 企业总负担
    #[serde(rename = "FRQ-03")]
    Frq03(Frq03),
    /// 未经批准
    #[serde(rename = "FIL-05")]
    Fil05(Fil05),
    /// 专项未批准备案
    #[serde(rename = "FIL-07")]
    Fil07(Fil07),
    /// 报而不查
    #[serde(rename = "FIL-08")]
    Fil08(Fil08),
    /// 人数过多
    #[serde(rename = "PER-03")]
    Per03(Per03),
    /// 无证人员单独入企
    #[serde(rename = "PER-04")]
    Per04(Per04),
    /// 超范围
    #[serde(rename = "SCO-01")]
    Sco01(Sco01),
    /// 越权异地
    #[serde(rename = "SCO-03")]
    Sco03(Sco03),
    /// 超时
    #[serde(rename = "TIM-02")]
    Tim02(Tim02),
    /// 未扫码签到
    #[serde(rename = "PRC-02")]
    Prc02(Prc02),
    /// 差评集中
    #[serde(rename = "EVA-01")]
    Eva01(Eva01),
    /// 疑似打击报复
    #[serde(rename = "RET-01")]
    Ret01(Ret01),
    /// 逾期未说明
    #[serde(rename = "EXP-01")]
    Exp01 {
        /// The local day on which the agency was asked.
        asked_on: NaiveDate,
        /// The last day for an answer.
        due_on: NaiveDate,
        /// Whether `due_on` is that of an extension.
        extended: bool,
        /// The local day of the answer, which came late.
        answered_on: Option<NaiveDate>,
        /// The last day before it is graver.
        grave_on: NaiveDate,
    },
    /// 整改逾期或反复
    #[serde(rename = "EXP-02")]
    Exp02 {
        /// The local day on which the violation was closed.
        closed_on: NaiveDate,
        /// The last day for the correction, if that has passed.
        follow_up_on: Option<NaiveDate>,
        /// The violation of the same rule that was confirmed again.
        again: Option<ViolationId>,
        /// The local day of that confirmation.
        again_on: Option<NaiveDate>,
        /// Days after closing within which that counts.
        days: u32,
    },
    /// 单位累计
    #[serde(rename = "AGG-01")]
    Agg01 {
        /// The card.
        card: Card,
        /// The root agency whose violations are counted.
        root: AgencyId,
        /// The confirmed violations that were counted, oldest decision first.
        counted: Vec<ViolationId>,
        /// The local day of the first decision counted.
        first: NaiveDate,
        /// That of the last.
        last: NaiveDate,
        /// Days within which they count.
        days: u32,
    },
}
