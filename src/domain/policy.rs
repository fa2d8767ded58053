//! The policy (规则参数): which rules are on, with which parameters, in versions with effective dates.
//!
//! Its JSON form is the one of the replay file: `phase`, `no_disturb`, `rules`; a missing key takes its default, an unknown key is an error.
//! Every rule of RULES may be named; of those that are not judged (see the README of `rules/`) nothing is kept.

mod cases;
mod check;
mod first_wave;
mod params;
mod second_wave;

pub use cases::{Agg01, Exp01, Exp02};
pub use check::PolicyError;
pub use first_wave::{
    ByClass, Dup01, Dup02, Dup03, Exm01, Fil01, Fil03, Fil04, Frq01, Low01, Per01, Rec01, Res01, Switch, Tim01,
};
pub use params::Codes;
pub use second_wave::{Eva01, Fil05, Fil08, Frq02, Frq03, Jnt02, Ndd02, OffSwitch, Per03, Prc02, Ret01, Sco03, Tim02};

use super::calendar::NoDisturb;
use super::code_enum::code_enum;
use super::exemption::ExemptionCode;
use super::id::PolicyId;
use super::rule::RuleCode;
use chrono::NaiveDate;
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

/// Declares `Rules`, one field a rule, named by its code in JSON.
macro_rules! rules {
    (
        not judged: $($unjudged:ident = $name:literal),+;
        $($field:ident: $ty:ty = $code:literal, $variant:ident);+ $(;)?
    ) => {
        /// The parameters of all rules, by code.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Rules {
            $(#[doc = concat!("Parameters of ", $code, ".")] #[serde(rename = $code)] pub $field: $ty,)+
            $(#[serde(rename = $name, skip_serializing)] $unjudged: NotJudged),+
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
    not judged: jnt_01 = "JNT-01", fil_06 = "FIL-06", crd_01 = "CRD-01", res_02 = "RES-02";
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
    jnt_02: Jnt02 = "JNT-02", Jnt02;
    ndd_02: Ndd02 = "NDD-02", Ndd02;
    frq_02: Frq02 = "FRQ-02", Frq02;
    frq_03: Frq03 = "FRQ-03", Frq03;
    fil_05: Fil05 = "FIL-05", Fil05;
    fil_07: OffSwitch = "FIL-07", Fil07;
    fil_08: Fil08 = "FIL-08", Fil08;
    per_03: Per03 = "PER-03", Per03;
    per_04: OffSwitch = "PER-04", Per04;
    sco_01: OffSwitch = "SCO-01", Sco01;
    sco_03: Sco03 = "SCO-03", Sco03;
    tim_02: Tim02 = "TIM-02", Tim02;
    prc_02: Prc02 = "PRC-02", Prc02;
    eva_01: Eva01 = "EVA-01", Eva01;
    ret_01: Ret01 = "RET-01", Ret01;
    exp_01: Exp01 = "EXP-01", Exp01;
    exp_02: Exp02 = "EXP-02", Exp02;
    agg_01: Agg01 = "AGG-01", Agg01;
}

/// What a policy says of a rule of RULES part 5 that the program does not judge: read, so that a policy may name every rule, and dropped.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "NotJudgedParams")]
struct NotJudged;

#[derive(Deserialize)]
struct NotJudgedParams {
    #[serde(default, rename = "enabled")]
    _enabled: bool,
}

impl From<NotJudgedParams> for NotJudged {
    fn from(_: NotJudgedParams) -> Self {
        Self
    }
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

impl Policy {
    /// What a new installation begins with: the default, with the rules of the second wave switched on too. The built-in default leaves
    /// them off, because it also judges what is older than the first version, and histories that know nothing of them.
    #[must_use]
    pub fn for_installation() -> Self {
        let mut policy = Self::default();
        for rule in RuleCode::ALL {
            policy.rules.set_enabled(*rule, true);
        }
        policy
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
