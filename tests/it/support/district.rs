//! A small district: one agency with a matter and two inspectors, an enterprise, and supervisors; and what happens in it.

use super::TestApp;
use chrono::{DateTime, Utc};
use mashang::actions::{self, Accompanying, Actor, FileInspection, ReportVisit, Target};
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::filing::Kind;
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId, UserId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::domain::user::{AlertChoice, Office, Role, User};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::domain::visit_report::{Answer, ArrivalKnown};
use mashang::jobs;
use mashang::mail::{Letter, Mailer, Memory};
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::filings::Scope;
use mashang::storage::violations::{self, ViolationRecord};
use mashang::storage::{Tx, registries, users};

/// Name of the agency.
pub const AGENCY: &str = "青禾区应急管理局";

/// Name of the enterprise: never in a mail.
pub const ENTERPRISE: &str = "重庆长岭商贸有限公司";

/// An instant from a local time at +08:00.
pub fn at(local: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{local}:00+08:00")).expect("a local time").to_utc()
}

/// The district of a test.
pub struct District<'a> {
    pub test: &'a TestApp,
    pub agency: AgencyId,
    matter: MatterId,
    pub enterprise: EnterpriseId,
}

impl<'a> District<'a> {
    /// A district without supervisors.
    pub async fn of(test: &'a TestApp) -> Self {
        let now = test.app.clock.now();
        let ids = &test.app.service.ids;
        let mut tx = test.app.db.write().await.expect("a transaction");
        let agency = Agency {
            id: AgencyId(ids.uuid(now)),
            name: AGENCY.to_owned(),
            short_name: "应急局".to_owned(),
            parent: None,
            emails: Vec::new(),
            areas: Vec::new(),
        };
        registries::insert_agency(&mut tx, &agency, now).await.expect("an agency");
        let day = |text: &str| text.parse().expect("a date");
        let matter = Matter {
            id: MatterId(ids.uuid(now)),
            agency: agency.id,
            name: "危险化学品储存使用安全检查".to_owned(),
            group: String::new(),
            legal_basis: String::new(),
            published_from: day("2020-01-01"),
            published_to: None,
        };
        registries::insert_matter(&mut tx, &matter, now).await.expect("a matter");
        for cert_no in ["1", "2"] {
            let inspector = Inspector {
                id: InspectorId(ids.uuid(now)),
                cert_no: cert_no.to_owned(),
                name: "甲".to_owned(),
                agency: agency.id,
                valid_from: day("2020-01-01"),
                valid_to: None,
                suspended: false,
                kind: InspectorKind::Officer,
            };
            registries::insert_inspector(&mut tx, &inspector, now).await.expect("an inspector");
        }
        registries::bump(&mut tx).await.expect("a version");
        let enterprise = EnterpriseId(ids.uuid(now));
        let record = EnterpriseRecord {
            id: enterprise,
            uscc: "91500107MAYPBPC761".to_owned(),
            name: ENTERPRISE.to_owned(),
            town: "长岭镇".to_owned(),
            address: "长岭路 1 号".to_owned(),
            industry: String::new(),
            credit_class: None,
            tags: Vec::new(),
            email: String::new(),
            search: String::new(),
            pin_hash: None,
            active: true,
            created_at: now,
        };
        enterprises::insert(&mut tx, &record).await.expect("an enterprise");
        tx.commit().await.expect("committed");
        Self { test, agency: agency.id, matter: matter.id, enterprise }
    }

    /// Enters a supervisor.
    pub async fn supervisor(&self, email: &str, office: Office, alerts: AlertChoice, lang: &str) -> UserId {
        let now = self.test.app.clock.now();
        let user = User {
            id: UserId(self.test.app.service.ids.uuid(now)),
            email: email.to_owned(),
            name: "督查员".to_owned(),
            role: Role::Supervisor,
            office: Some(office),
            agency: None,
            alerts,
            lang: lang.to_owned(),
            active: true,
        };
        let mut tx = self.test.app.db.write().await.expect("a transaction");
        users::insert(&mut tx, &user, "", now).await.expect("a user");
        tx.commit().await.expect("committed");
        user.id
    }

    /// Files an inspection within the caller's transaction: on 16 March it meets a no-disturb day, and nothing else.
    pub async fn file_in(&self, tx: &mut Tx, day: &str) -> FilingId {
        let command = FileInspection {
            more: Accompanying::default(),
            agency: self.agency,
            enterprise: self.enterprise,
            kind: Kind::Clue,
            matters: vec![self.matter],
            inspectors: vec!["1".to_owned(), "2".to_owned()],
            planned_start: at(&format!("{day}T09:00")),
            planned_end: at(&format!("{day}T11:00")),
            exemption: None,
            exemption_reason: String::new(),
            evidence_ref: String::new(),
            joint_group: None,
            arrived_at: None,
            left_at: None,
            note: String::new(),
            source: "web",
        };
        let app = &self.test.app;
        let now = app.clock.now();
        let filed = actions::file_inspection(tx, &app.service, now, &Actor::System, None, command).await;
        filed.expect("accepted").record.filing.id
    }

    /// The same in a transaction of its own.
    pub async fn file(&self, day: &str) -> FilingId {
        let mut tx = self.test.app.db.write().await.expect("a transaction");
        let id = self.file_in(&mut tx, day).await;
        tx.commit().await.expect("committed");
        id
    }

    /// A verified report of a visit just now; `prohibited` are those of the eight 不得.
    pub async fn report(&self, prohibited: &[u8]) {
        let app = &self.test.app;
        let now = app.clock.now();
        let command = ReportVisit {
            matters: Vec::new(),
            enterprise: self.enterprise,
            agency: Some(self.agency),
            agency_text: String::new(),
            arrived_at: now,
            arrival_known: ArrivalKnown::Time,
            verified: true,
            visitors: None,
            shown_certificate: Some(Answer::Yes),
            shown_notice: Some(Answer::Yes),
            documents_demanded: false,
            premises_inspected: false,
            rectification_asked: false,
            form_signed: false,
            prohibited: prohibited.to_vec(),
            service: false,
            words: "他们要求购买指定的设备".to_owned(),
            contact: String::new(),
            held: false,
        };
        let mut tx = app.db.write().await.expect("a transaction");
        let actor = Actor::Enterprise(self.enterprise);
        actions::report_visit(&mut tx, &app.service, now, &actor, None, command).await.expect("accepted");
        tx.commit().await.expect("committed");
    }
}

impl District<'_> {
    fn target(id: FilingId, actor: &Actor) -> Target<'_> {
        Target { id, scope: Scope::All, version: None, actor }
    }

    /// The inspectors arrive now.
    pub async fn arrive(&self, id: FilingId) {
        let app = &self.test.app;
        let mut tx = app.db.write().await.expect("a transaction");
        let target = Self::target(id, &Actor::System);
        actions::arrive(&mut tx, &app.service, app.clock.now(), target).await.expect("arrived");
        tx.commit().await.expect("committed");
    }

    /// The filing is cancelled now.
    pub async fn cancel(&self, id: FilingId) {
        let app = &self.test.app;
        let mut tx = app.db.write().await.expect("a transaction");
        let target = Self::target(id, &Actor::System);
        actions::cancel_filing(&mut tx, &app.service, app.clock.now(), target, "改期").await.expect("cancelled");
        tx.commit().await.expect("committed");
    }

    /// The violation of the no-disturb days that a filing carries.
    pub async fn violation(&self, id: FilingId) -> ViolationRecord {
        let mut tx = self.test.app.db.read().await.expect("a connection");
        let found = violations::by_subject(&mut tx, Subject::Filing(id)).await.expect("read");
        found.into_iter().find(|violation| violation.rule == RuleCode::Ndd01).expect("a no-disturb day")
    }

    /// Lets everything happen that is due now, and returns the mails that went out.
    pub async fn mails(&self) -> Vec<Letter> {
        let app = &self.test.app;
        jobs::run_due(app, app.clock.now()).await.expect("deadlines and digests");
        let memory = Memory::default();
        jobs::deliver_due(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
        memory.take().into_iter().map(|delivered| delivered.letter).collect()
    }

    /// Moves the clock to a local time.
    pub fn clock(&self, local: &str) {
        self.test.app.clock.set(at(local));
    }
}
