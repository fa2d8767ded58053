//! Exemptions (除特别规定外): a claim of code, reason and evidence, counted per agency, disputable by the enterprise.

use super::code_enum::code_enum;

code_enum! {
    /// What an exemption rests on; the default list of RULES part 2.
    ExemptionCode {
        /// 安全生产、消防、特种设备险情或事故
        E01 = "E01",
        /// 生态环境突发事件或应急
        E02 = "E02",
        /// 食品药品、公共卫生事件
        E03 = "E03",
        /// 投诉举报核查: the complaint number, never the complainant.
        E04 = "E04",
        /// 上级部署或交办
        E05 = "E05",
        /// 案件查处
        E06 = "E06",
        /// 法定时限内必须完成
        E07 = "E07",
        /// 责令整改复查
        E08 = "E08",
        /// 应企业申请、许可现场核查
        E09 = "E09",
        /// 数据监测异常
        E10 = "E10",
        /// 税务风险应对
        E11 = "E11",
        /// 区政府专门批准
        E12 = "E12",
    }
}

/// A claimed exemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// What it rests on.
    pub code: ExemptionCode,
    /// The reason in words; may be empty (EXM-01 flags it).
    pub reason: String,
    /// Number of the document, case, complaint or event; may be empty (EXM-01 flags it).
    pub evidence_ref: String,
}
