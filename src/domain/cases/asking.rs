//! What of a violation an agency is asked: fixed sentences, one or two a rule. What the agency's own filing says is asked about that filing; what
//! an enterprise told is asked about as a check of all visits to one town in one week, so that every enterprise visited there fits.

use crate::domain::code_enum::code_enum;
use crate::domain::violation::{RuleCode, Severity, Subject};
use chrono::{Datelike as _, Days, NaiveDate};

code_enum! {
    /// Why an agency is not asked about a violation.
    Unasked {
        /// For the discipline office alone.
        Referral = "referral",
        /// A visit that nobody filed, while it may still be filed, or of which nobody proved to be the enterprise.
        MayFile = "may_file",
        /// It rests on ratings alone: every sentence about it would say that enterprises gave bad ones.
        Ratings = "ratings",
        /// It asks the district for coordination and blames no agency.
        Coordination = "coordination",
        /// A record of the supervision itself.
        Supervision = "supervision",
    }
}

/// What the violations of a rule rest on, which decides what may be said of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The agency's own filings: the filing is named.
    Filings,
    /// What an enterprise told: town and week are named, no enterprise, no filing, no day.
    Told,
    /// The one or the other; which, its filing's own verdict says.
    Either,
    /// Its agency is not asked.
    Unasked(Unasked),
}

impl Ground {
    /// The ground of a rule. A new rule does not compile before it has one, and its sentences fail a test before they are written.
    #[must_use]
    pub const fn of(rule: RuleCode) -> Self {
        match rule {
            RuleCode::Dup01
            | RuleCode::Dup02
            | RuleCode::Dup03
            | RuleCode::Frq01
            | RuleCode::Fil01
            | RuleCode::Per01
            | RuleCode::Per02
            | RuleCode::Sco02
            | RuleCode::Exm01
            | RuleCode::Jnt02
            | RuleCode::Ndd02
            | RuleCode::Frq02
            | RuleCode::Fil07
            | RuleCode::Fil08
            | RuleCode::Per03
            | RuleCode::Per04
            | RuleCode::Sco03
            | RuleCode::Tim02 => Self::Filings,
            RuleCode::Fil04 | RuleCode::Rec01 | RuleCode::Prc01 | RuleCode::Dis01 | RuleCode::Prc02 => Self::Told,
            // An arrival that only an enterprise told, a matter that it named, or a visit that nobody filed.
            RuleCode::Ndd01
            | RuleCode::Fil02
            | RuleCode::Fil03
            | RuleCode::Tim01
            | RuleCode::Low01
            | RuleCode::Res01
            | RuleCode::Fil05
            | RuleCode::Sco01 => Self::Either,
            RuleCode::Int01 | RuleCode::Ret01 => Self::Unasked(Unasked::Referral),
            RuleCode::Eva01 => Self::Unasked(Unasked::Ratings),
            RuleCode::Frq03 => Self::Unasked(Unasked::Coordination),
            RuleCode::Exp01 | RuleCode::Exp02 | RuleCode::Agg01 => Self::Unasked(Unasked::Supervision),
        }
    }

    /// The forms that the sentences of such a rule have.
    #[must_use]
    pub const fn forms(self) -> &'static [Form] {
        match self {
            Self::Filings => &[Form::Filing],
            Self::Told => &[Form::Week],
            Self::Either => &[Form::Filing, Form::Week],
            Self::Unasked(_) => &[],
        }
    }
}

/// Whether a violation of this rule on an agency's own filing is there, and gone, by what the agency filed and nothing else, so that it may see when
/// it goes. Of the others an enterprise's word may end or prolong them.
#[must_use]
pub const fn clears_openly(rule: RuleCode) -> bool {
    match rule {
        RuleCode::Fil08 => false,
        RuleCode::Ndd01 | RuleCode::Res01 => true,
        other => matches!(Ground::of(other), Ground::Filings),
    }
}

/// What a sentence names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A filing of the agency, its day and its enterprise.
    Filing,
    /// A week and a town.
    Week,
}

impl Form {
    /// The form for a violation; `in_own_verdict` is whether the verdict on the agency's filing, from filings alone, has the rule.
    #[must_use]
    pub const fn of(rule: RuleCode, in_own_verdict: bool) -> Self {
        match Ground::of(rule) {
            Ground::Filings => Self::Filing,
            Ground::Either if in_own_verdict => Self::Filing,
            Ground::Either | Ground::Told | Ground::Unasked(_) => Self::Week,
        }
    }
}

/// Why an agency is not asked about a violation; `None` where it may be.
#[must_use]
pub const fn unasked(rule: RuleCode, severity: Severity, subject: Subject) -> Option<Unasked> {
    match (Ground::of(rule), severity, subject) {
        (_, Severity::Referral, _) => Some(Unasked::Referral),
        (_, _, Subject::Request(_) | Subject::Violation(_)) => Some(Unasked::Supervision),
        (Ground::Unasked(why), _, _) => Some(why),
        (_, Severity::Notice, _) if matches!(rule, RuleCode::Fil04) => Some(Unasked::MayFile),
        _ => None,
    }
}

/// The key of the fixed sentence of a rule.
#[must_use]
pub fn ask_key(rule: RuleCode, form: Form) -> String {
    let code = rule.as_str().to_ascii_lowercase();
    match form {
        Form::Filing => format!("ask-{code}"),
        Form::Week => format!("ask-{code}-week"),
    }
}

/// Monday and Sunday of the week of a day.
#[must_use]
pub fn week_of(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    (monday, monday + Days::new(6))
}
