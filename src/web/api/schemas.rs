//! Schemas of the domain's ids and codes, and the parts that several resources show.

use crate::domain::enterprise::CreditClass;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, VisitResult};
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, MatterId, PolicyId, SiteId, ViolationId};
use crate::domain::rules::Inputs;
use crate::domain::violation::{RuleCode, VerdictLine, ViolationState};
use crate::domain::visit_report::Answer;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! codes {
    ($($ty:ident $words:literal;)+) => {$(
        impl PartialSchema for $ty {
            fn schema() -> RefOr<Schema> {
                let codes = Self::ALL.iter().map(|code| code.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).description(Some($words)).into()
            }
        }

        impl ToSchema for $ty {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($ty))
            }
        }
    )+};
}

codes! {
    Kind "Kind of inspection: daily 日常检查, special 专项检查, clue 线索核查, immediate 即时检查, on_request 应企业申请/许可核查, service_visit 服务走访 (not an inspection).";
    VisitResult "What came out of a visit.";
    ExemptionCode "What a claimed exemption (除特别规定外) rests on.";
    RuleCode "A rule, by its code.";
    ViolationState "suspected 疑似, confirmed 认定, dismissed 排除, cleared 已消除.";
    Answer "An answer that may be unknown.";
    CreditClass "Credit class (信用等级).";
}

macro_rules! ids {
    ($($ty:ident)+) => {$(
        impl PartialSchema for $ty {
            fn schema() -> RefOr<Schema> {
                let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
                ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
            }
        }

        impl ToSchema for $ty {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($ty))
            }
        }
    )+};
}

ids! { AgencyId EnterpriseId FilingId MatterId PolicyId SiteId ViolationId }

/// One line of a verdict: what a rule finds, from filings alone.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Line {
    /// The rule.
    pub rule: RuleCode,
    /// 1 关注 notice, 2 预警 warning, 3 违规 violation.
    #[schema(minimum = 1, maximum = 4)]
    pub severity: u8,
    /// The conflicting filings that it rests on, in order of acceptance. They may be another agency's.
    pub evidence: Vec<FilingId>,
    /// The facts that the rule used; their names depend on the rule. Instants are UTC, dates are local.
    #[schema(value_type = Object)]
    pub inputs: Inputs,
}

impl From<VerdictLine> for Line {
    fn from(line: VerdictLine) -> Self {
        Self { rule: line.rule, severity: line.severity, evidence: line.evidence, inputs: line.inputs }
    }
}

/// The verdict as it is shown.
#[must_use]
pub fn lines(verdict: Vec<VerdictLine>) -> Vec<Line> {
    verdict.into_iter().map(Line::from).collect()
}
