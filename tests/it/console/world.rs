//! The small district with people who sign in, filings, a violation of each kind that the console shows apart, and reports.

use crate::support::{self, Client, TestApp};
use chrono::{DateTime, TimeDelta, Utc};
use mashang::actions::{
    Accompanying, Actor, FileInspection, NewUser, ReportVisit, create_user, file_inspection, password, report_visit,
    set_user_lead,
};
use mashang::domain::filing::Kind;
use mashang::domain::id::{EnterpriseId, FilingId, ReportId, UserId};
use mashang::domain::user::{AlertChoice, Office, Role};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::domain::visit_report::{Answer, ArrivalKnown};
use mashang::i18n::Lang;
use mashang::storage::violations::{self, ViolationRecord};
use std::sync::OnceLock;

/// Everybody's password.
pub const PASSWORD: &str = "长一点的密码才好";

/// The two agencies of the tests.
pub const FIRE: &str = "青禾区消防救援大队";
/// The other one.
pub const MARKET: &str = "青禾区市场监督管理局";

/// Address, name, role, office, agency.
type Person = (&'static str, &'static str, Role, Option<Office>, Option<&'static str>);

/// One hash serves all: a hash takes its time, and each test begins with six people.
static HASH: OnceLock<String> = OnceLock::new();

/// Who may sign in.
pub const PEOPLE: [Person; 6] = [
    ("reform@qh.gov.cn", "周敏", Role::Supervisor, Some(Office::Reform), None),
    ("discipline@qh.gov.cn", "严正", Role::Supervisor, Some(Office::Discipline), None),
    ("fire@qh.gov.cn", "联络员甲", Role::Liaison, None, Some(FIRE)),
    ("market@qh.gov.cn", "联络员乙", Role::Liaison, None, Some(MARKET)),
    ("operator@qh.gov.cn", "经办员", Role::Operator, None, None),
    ("admin@qh.gov.cn", "管理员", Role::Administrator, None, None),
];

/// The rest of the roles, for those who call [`World::enter_more`]: the third office, and the head of an agency.
const MORE: [Person; 2] = [
    ("justice@qh.gov.cn", "钟正", Role::Supervisor, Some(Office::Justice), None),
    ("head@qh.gov.cn", "大队长", Role::Liaison, None, Some(FIRE)),
];

/// The program with the district and its people in it.
pub struct World {
    pub test: TestApp,
    pub users: Vec<UserId>,
}

impl World {
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        let app = &test.app;
        let now = app.clock.now();
        let hash = if let Some(hash) = HASH.get() {
            hash.clone()
        } else {
            let hash = password::hash(&app.service, PASSWORD).await.expect("a hash");
            HASH.get_or_init(|| hash).clone()
        };
        let mut users = Vec::new();
        let mut tx = app.db.write().await.expect("a transaction");
        for (email, name, role, office, agency) in PEOPLE {
            let new = NewUser {
                email: email.to_owned(),
                name: name.to_owned(),
                role,
                office,
                agency: agency.map(|name| test.seed.agencies[name]),
                alerts: AlertChoice::AnyHour,
                lang: Lang::Zh,
            };
            let user = create_user(&mut tx, &app.service, now, &Actor::System, &new, &hash).await.expect("a user");
            users.push(user.id);
        }
        tx.commit().await.expect("a commit");
        Self { test, users }
    }

    /// Enters a person of each role that [`PEOPLE`] has not: a supervisor of the office of justice, and a head of the fire brigade.
    pub async fn enter_more(&self) {
        let (app, now) = (&self.test.app, self.test.app.clock.now());
        let hash = password::hash(&app.service, PASSWORD).await.expect("a hash");
        let mut tx = app.db.write().await.expect("a transaction");
        for (email, name, role, office, agency) in MORE {
            let new = NewUser {
                email: email.to_owned(),
                name: name.to_owned(),
                role,
                office,
                agency: agency.map(|name| self.test.seed.agencies[name]),
                alerts: AlertChoice::AnyHour,
                lang: Lang::Zh,
            };
            let user = create_user(&mut tx, &app.service, now, &Actor::System, &new, &hash).await.expect("a user");
            if role == Role::Liaison {
                set_user_lead(&mut tx, &app.service, now, self.users[5], user.id, true).await.expect("a head");
            }
        }
        tx.commit().await.expect("a commit");
    }

    /// A browser that has signed in; `who` is the beginning of the address.
    pub async fn signed_in(&self, who: &str) -> Client {
        let mut client = self.test.client();
        let everybody = PEOPLE.iter().chain(&MORE);
        let email = everybody.map(|person| person.0).find(|email| email.starts_with(who)).expect("a person");
        let fields = [("email", email), ("password", PASSWORD), ("next", "")];
        client.post_form("/console/sign-in", &fields).await.location();
        client
    }

    /// A filing of an agency at enterprise 0 from `start` (local time of 2026) for two hours.
    pub async fn file(&self, agency: &str, start: &str) -> FilingId {
        self.file_as(agency, start, Kind::Daily).await
    }

    /// The same of another kind.
    pub async fn file_as(&self, agency: &str, start: &str, kind: Kind) -> FilingId {
        self.file_of(self.test.seed.enterprises[0].0, agency, start, kind).await
    }

    /// A daily filing at another enterprise.
    pub async fn file_at(&self, enterprise: usize, agency: &str, start: &str) -> FilingId {
        self.file_of(self.test.seed.enterprises[enterprise].0, agency, start, Kind::Daily).await
    }

    /// A filing at any enterprise.
    pub async fn file_of(&self, enterprise: EnterpriseId, agency: &str, start: &str, kind: Kind) -> FilingId {
        let app = &self.test.app;
        let (matter, people) = match agency {
            FIRE => ("消防安全检查", ["XF-001", "XF-002"]),
            _ => ("食品安全检查", ["SJ-001", "SJ-002"]),
        };
        let command = FileInspection {
            more: Accompanying::default(),
            agency: self.test.seed.agencies[agency],
            enterprise,
            kind,
            matters: vec![self.test.seed.matters[matter]],
            inspectors: people.map(str::to_owned).to_vec(),
            planned_start: at(start),
            planned_end: at(start) + TimeDelta::hours(2),
            exemption: None,
            exemption_reason: String::new(),
            evidence_ref: String::new(),
            joint_group: None,
            arrived_at: None,
            left_at: None,
            note: String::new(),
            source: "web",
        };
        let actor = Actor::Inspector { cert_no: people[0].to_owned(), agency: command.agency };
        let mut tx = app.db.write().await.expect("a transaction");
        let filed =
            file_inspection(&mut tx, &app.service, app.clock.now(), &actor, None, command).await.expect("filed");
        tx.commit().await.expect("a commit");
        filed.record.filing.id
    }

    /// A report of enterprise 0 about an agency (or nobody knows which), arrived at `start`.
    pub async fn report(&self, agency: Option<&str>, start: &str, prohibited: &[u8]) -> ReportId {
        self.report_of(self.test.seed.enterprises[0].0, agency, start, prohibited).await
    }

    /// The same of any enterprise.
    pub async fn report_of(
        &self,
        enterprise: EnterpriseId,
        agency: Option<&str>,
        start: &str,
        prohibited: &[u8],
    ) -> ReportId {
        let app = &self.test.app;
        let command = ReportVisit {
            matters: Vec::new(),
            enterprise,
            agency: agency.map(|name| self.test.seed.agencies[name]),
            agency_text: if agency.is_none() { "穿制服的".to_owned() } else { String::new() },
            arrived_at: at(start),
            arrival_known: ArrivalKnown::Time,
            verified: true,
            visitors: Some(3),
            shown_certificate: Some(Answer::No),
            shown_notice: Some(Answer::Unknown),
            documents_demanded: true,
            premises_inspected: true,
            rectification_asked: false,
            form_signed: false,
            prohibited: prohibited.to_vec(),
            service: false,
            words: "来人没有说明来意".to_owned(),
            contact: String::new(),
            held: false,
        };
        let mut tx = app.db.write().await.expect("a transaction");
        let actor = Actor::Enterprise(enterprise);
        let done = report_visit(&mut tx, &app.service, app.clock.now(), &actor, None, command).await.expect("reported");
        tx.commit().await.expect("a commit");
        done.record.report.id
    }

    /// The violation of a rule on a filing or report.
    pub async fn violation(&self, rule: RuleCode, subject: Subject) -> ViolationRecord {
        let mut tx = self.test.app.db.read().await.expect("a connection");
        let all = violations::by_subject(&mut tx, subject).await.expect("violations");
        all.into_iter().find(|violation| violation.rule == rule).unwrap_or_else(|| panic!("no {rule}"))
    }
}

/// An instant of 2026 in Shanghai: `at("03-15 14:00")`.
pub fn at(local: &str) -> DateTime<Utc> {
    format!("2026-{}:00+08:00", local.replace(' ', "T")).parse::<DateTime<Utc>>().expect("an instant")
}

/// The value of the first input of a page with this name.
pub fn input(page: &support::Answer, name: &str) -> String {
    let text = page.text();
    let tag = text.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).expect("an input of this name");
    let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    value.replace("&#38;", "&")
}
