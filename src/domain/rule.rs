//! Which rules there are, how grave a violation is, and what it can be about.

use super::code_enum::code_enum;
use super::id::{FilingId, ReportId, RequestId, ViolationId};
use uuid::Uuid;

code_enum! {
    /// The rules by their codes (RULES part 4, then part 5). The order is that of lists and of findings.
    RuleCode {
        /// 无扰日检查
        Ndd01 = "NDD-01",
        /// 同部门重复
        Dup01 = "DUP-01",
        /// 跨部门同事项重复
        Dup02 = "DUP-02",
        /// 短期密集
        Dup03 = "DUP-03",
        /// 年度频次超限
        Frq01 = "FRQ-01",
        /// 提前报备不足
        Fil01 = "FIL-01",
        /// 先查后报
        Fil02 = "FIL-02",
        /// 即时检查逾期补报
        Fil03 = "FIL-03",
        /// 未报备入企
        Fil04 = "FIL-04",
        /// 人员不足
        Per01 = "PER-01",
        /// 证件无效
        Per02 = "PER-02",
        /// 未公布事项
        Sco02 = "SCO-02",
        /// 例外依据缺失
        Exm01 = "EXM-01",
        /// 非工作时间
        Tim01 = "TIM-01",
        /// 低效检查
        Low01 = "LOW-01",
        /// 结果未上传
        Res01 = "RES-01",
        /// 两端不一致
        Rec01 = "REC-01",
        /// 未亮证或未出示通知书
        Prc01 = "PRC-01",
        /// 变相检查
        Dis01 = "DIS-01",
        /// 廉洁线索, discipline office only
        Int01 = "INT-01",
        /// 联合后又单独入企
        Jnt02 = "JNT-02",
        /// 例外比例异常
        Ndd02 = "NDD-02",
        /// 有因检查过频
        Frq02 = "FRQ-02",
        /// 企业总负担
        Frq03 = "FRQ-03",
        /// 未经批准
        Fil05 = "FIL-05",
        /// 专项未批准备案
        Fil07 = "FIL-07",
        /// 报而不查
        Fil08 = "FIL-08",
        /// 人数过多
        Per03 = "PER-03",
        /// 无证人员单独入企
        Per04 = "PER-04",
        /// 超范围
        Sco01 = "SCO-01",
        /// 越权异地
        Sco03 = "SCO-03",
        /// 超时
        Tim02 = "TIM-02",
        /// 未扫码签到
        Prc02 = "PRC-02",
        /// 差评集中
        Eva01 = "EVA-01",
        /// 疑似打击报复, discipline office only
        Ret01 = "RET-01",
        /// 逾期未说明
        Exp01 = "EXP-01",
        /// 整改逾期或反复
        Exp02 = "EXP-02",
        /// 单位累计
        Agg01 = "AGG-01",
    }
}

impl RuleCode {
    /// Whether the rule is judged from one enterprise's dossier. The others look across enterprises, at an agency's month, quarter or
    /// ratings, or at what became of requests, and are reconciled by whoever judges those: a dossier that does not find them says nothing about them.
    #[must_use]
    pub const fn from_dossier(self) -> bool {
        !matches!(self, Self::Ndd02 | Self::Fil08 | Self::Eva01 | Self::Exp01 | Self::Exp02 | Self::Agg01)
    }
}

/// Severity, 1–4 (RULES part 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "u8", try_from = "i64")]
pub enum Severity {
    /// 1 关注
    Notice,
    /// 2 预警
    Warning,
    /// 3 违规
    Violation,
    /// 4 线索, discipline office only
    Referral,
}

impl From<Severity> for u8 {
    fn from(severity: Severity) -> Self {
        severity.level()
    }
}

impl TryFrom<i64> for Severity {
    type Error = &'static str;

    fn try_from(level: i64) -> Result<Self, Self::Error> {
        Self::from_level(level).ok_or("a severity is 1 to 4")
    }
}

impl Severity {
    /// The number, 1–4.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::Notice => 1,
            Self::Warning => 2,
            Self::Violation => 3,
            Self::Referral => 4,
        }
    }

    /// The severity with this number; `None` outside 1–4.
    #[must_use]
    pub const fn from_level(level: i64) -> Option<Self> {
        match level {
            1 => Some(Self::Notice),
            2 => Some(Self::Warning),
            3 => Some(Self::Violation),
            4 => Some(Self::Referral),
            _ => None,
        }
    }
}

/// What a violation is about: one filing or one report; of the supervision rules one request or one other violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A filing.
    Filing(FilingId),
    /// A visit report.
    Report(ReportId),
    /// A request for an explanation.
    Request(RequestId),
    /// Another violation.
    Violation(ViolationId),
}

impl Subject {
    /// The bare id.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Filing(id) => id.0,
            Self::Report(id) => id.0,
            Self::Request(id) => id.0,
            Self::Violation(id) => id.0,
        }
    }

    /// `filing`, `report`, `request` or `violation`: how it is stored.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Filing(_) => "filing",
            Self::Report(_) => "report",
            Self::Request(_) => "request",
            Self::Violation(_) => "violation",
        }
    }

    /// The inverse of [`Subject::kind`] and [`Subject::uuid`].
    #[must_use]
    pub fn from_parts(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "filing" => Some(Self::Filing(FilingId(id))),
            "report" => Some(Self::Report(ReportId(id))),
            "request" => Some(Self::Request(RequestId(id))),
            "violation" => Some(Self::Violation(ViolationId(id))),
            _ => None,
        }
    }
}
