//! Those who sign in to the console: their role, their office, and how they want to hear of violations.

use super::code_enum::code_enum;
use super::id::{AgencyId, UserId};

code_enum! {
    /// What a person may do in the console.
    Role {
        /// 督查人员: all filings and violations of the jurisdiction.
        Supervisor = "supervisor",
        /// 单位联络员: the filings of the own agency only, never a report.
        Liaison = "liaison",
        /// 经办员 (政务办): registries and codes, no reports.
        Operator = "operator",
        /// 管理员: users, policy, backup; never who reported.
        Administrator = "administrator",
    }
}

code_enum! {
    /// The office of a supervisor. Violations of severity 4 are seen by the discipline office alone.
    Office {
        /// 纪委监委.
        Discipline = "discipline",
        /// 发改委.
        Reform = "reform",
        /// 司法局.
        Justice = "justice",
    }
}

code_enum! {
    /// When a supervisor hears of violations of severity 2. Severity 3 is always mailed at once.
    AlertChoice {
        /// At once in working hours, otherwise gathered on the next working morning.
        Default = "default",
        /// Gathered once a day.
        Digest = "digest",
        /// At once, whatever the hour.
        AnyHour = "any_hour",
    }
}

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// Mail address: how the person signs in, and where alerts go.
    pub email: String,
    /// Name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The office of a supervisor; `None` for every other role.
    pub office: Option<Office>,
    /// The agency of a liaison; `None` for every other role.
    pub agency: Option<AgencyId>,
    /// When the person hears of violations.
    pub alerts: AlertChoice,
    /// The language of mails: `zh-CN` or `en`.
    pub lang: String,
    /// May sign in.
    pub active: bool,
}
