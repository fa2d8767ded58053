//! A small world for the tests of the enterprise's side: two agencies, two inspectors each, one enterprise with its sign.

use crate::support::{Answer, Client, TestApp};
use chrono::{DateTime, NaiveDate, Utc};
use mashang::actions::{
    Accompanying, Actor, FileInspection, NewPin, Target, cancel_filing, file_inspection, issue_sign, set_enterprise_pin,
};
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::exemption::ExemptionCode;
use mashang::domain::filing::Kind;
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId, MatterId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::domain::sign::UnitKind;
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::filings::{FilingRecord, Scope};
use mashang::storage::reports::{self, ReportRecord};
use mashang::storage::{filings, registries};

/// The program with the small world in it.
pub struct World {
    pub app: TestApp,
    pub fire: AgencyId,
    pub market: AgencyId,
    fire_matter: MatterId,
    market_matter: MatterId,
    pub enterprise: EnterpriseId,
    pub token: String,
}

/// An instant of 2026 in Shanghai: `at("03-03 14:00")`.
pub fn at(local: &str) -> DateTime<Utc> {
    format!("2026-{}:00+08:00", local.replace(' ', "T"))
        .parse::<DateTime<chrono::FixedOffset>>()
        .expect("an instant")
        .to_utc()
}

impl World {
    pub async fn new() -> Self {
        let app = TestApp::empty().await;
        let now = app.app.clock.now();
        let service = &app.app.service;
        let mut tx = app.app.db.write().await.expect("a transaction");
        let mut agencies = Vec::new();
        let offices = [
            ("区消防救援大队", "消防安全检查", [("陈小明", "XF-000101"), ("李芳", "XF-000102")]),
            ("区市场监督管理局", "食品安全检查", [("周平", "SJ-000201"), ("孙丽", "SJ-000202")]),
        ];
        let since = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
        for (name, matter, people) in offices {
            let id = AgencyId(service.ids.uuid(now));
            let agency = Agency {
                id,
                name: name.into(),
                short_name: String::new(),
                parent: None,
                emails: vec![],
                areas: vec![],
            };
            registries::insert_agency(&mut tx, &agency, now).await.expect("an agency");
            let matter = Matter {
                id: MatterId(service.ids.uuid(now)),
                agency: id,
                name: matter.into(),
                group: String::new(),
                legal_basis: "《消防法》第五十三条".into(),
                published_from: since,
                published_to: None,
            };
            registries::insert_matter(&mut tx, &matter, now).await.expect("a matter");
            for (name, cert_no) in people {
                let inspector = Inspector {
                    id: mashang::domain::id::InspectorId(service.ids.uuid(now)),
                    cert_no: cert_no.into(),
                    name: name.into(),
                    agency: id,
                    valid_from: since,
                    valid_to: None,
                    suspended: false,
                    kind: InspectorKind::Officer,
                };
                registries::insert_inspector(&mut tx, &inspector, now).await.expect("an inspector");
            }
            agencies.push((id, matter.id));
        }
        let row = EnterpriseRecord {
            id: EnterpriseId(service.ids.uuid(now)),
            uscc: "91500000MA5U000013".into(),
            name: "青禾精密机械有限公司".into(),
            town: "禾口镇".into(),
            address: "工业路 8 号".into(),
            industry: String::new(),
            credit_class: None,
            tags: vec![],
            email: String::new(),
            search: String::new(),
            pin_hash: None,
            active: true,
            created_at: now,
        };
        enterprises::insert(&mut tx, &row).await.expect("an enterprise");
        let unit = (UnitKind::Enterprise, row.id.0);
        let sign = issue_sign(&mut tx, service, now, &Actor::System, unit).await.expect("a sign");
        registries::bump(&mut tx).await.expect("a version");
        tx.commit().await.expect("a commit");
        let [(fire, fire_matter), (market, market_matter)] = agencies[..] else { panic!("two agencies") };
        Self { app, fire, market, fire_matter, market_matter, enterprise: row.id, token: sign.token }
    }

    /// A page below the enterprise's code.
    pub fn path(&self, rest: &str) -> String {
        format!("/e/{}{rest}", self.token)
    }

    /// A filing of the fire brigade (or the market office) from `start` for two hours.
    pub async fn file(&self, agency: AgencyId, start: DateTime<Utc>, exemption: Option<ExemptionCode>) -> FilingRecord {
        let fire = agency == self.fire;
        let command = FileInspection {
            more: Accompanying::default(),
            agency,
            enterprise: self.enterprise,
            kind: Kind::Daily,
            matters: vec![if fire { self.fire_matter } else { self.market_matter }],
            inspectors: if fire { ["XF-000101", "XF-000102"] } else { ["SJ-000201", "SJ-000202"] }
                .map(str::to_owned)
                .to_vec(),
            planned_start: start,
            planned_end: start + chrono::TimeDelta::hours(2),
            exemption,
            exemption_reason: exemption.map(|_| "上级统一部署的专项行动".to_owned()).unwrap_or_default(),
            evidence_ref: exemption.map(|_| "〔2026〕7号".to_owned()).unwrap_or_default(),
            joint_group: None,
            arrived_at: None,
            left_at: None,
            note: String::new(),
            source: "web",
        };
        let app = &self.app.app;
        let mut tx = app.db.write().await.expect("a transaction");
        let actor = Actor::Inspector { cert_no: command.inspectors[0].clone(), agency };
        let filed =
            file_inspection(&mut tx, &app.service, app.clock.now(), &actor, None, command).await.expect("filed");
        tx.commit().await.expect("a commit");
        filed.record
    }

    pub async fn cancel(&self, id: FilingId) {
        let app = &self.app.app;
        let mut tx = app.db.write().await.expect("a transaction");
        let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
        cancel_filing(&mut tx, &app.service, app.clock.now(), target, "人手不足").await.expect("cancelled");
        tx.commit().await.expect("a commit");
    }

    pub async fn filing(&self, id: FilingId) -> FilingRecord {
        let mut tx = self.app.app.db.read().await.expect("a connection");
        filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing")
    }

    pub async fn reports(&self) -> Vec<ReportRecord> {
        let mut tx = self.app.app.db.read().await.expect("a connection");
        let from = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
        reports::dossier(&mut tx, self.enterprise, from).await.expect("reports")
    }

    /// Gives the enterprise a PIN.
    pub async fn pin(&self) -> String {
        let app = &self.app.app;
        let new = NewPin::make(&app.service).await.expect("a PIN");
        let mut tx = app.db.write().await.expect("a transaction");
        let (now, by) = (app.clock.now(), Actor::System);
        let pin = set_enterprise_pin(&mut tx, &app.service, now, &by, self.enterprise, new).await;
        tx.commit().await.expect("a commit");
        pin.expect("a PIN")
    }

    /// Answers every question of a report that the fire brigade is here now; what `changes` names is answered so, empty values are left
    /// out. Sent in one go, as the review page does.
    pub fn answers<'a>(&self, submission: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
        let mut fields = vec![
            ("submission", submission.to_owned()),
            ("step", "6".to_owned()),
            ("go", "send".to_owned()),
            ("what", "inspection".to_owned()),
            ("agency", self.fire.to_string()),
            ("when", "now".to_owned()),
            ("at", self.app.app.clock.now().to_rfc3339()),
            ("visitors", "2".to_owned()),
            ("certificate", "yes".to_owned()),
            ("notice", "unknown".to_owned()),
        ];
        for (name, _) in changes {
            fields.retain(|(field, _)| field != name);
            if *name == "when" {
                fields.retain(|(field, _)| *field != "at");
            }
        }
        fields.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        fields.retain(|(_, value)| !value.is_empty());
        fields
    }

    /// Sends a whole report.
    pub async fn send(&self, client: &mut Client, submission: &str, changes: &[(&str, &str)]) -> Answer {
        let fields = self.answers(submission, changes);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post_form(&self.path("/report"), &fields).await
    }

    /// Sends a whole report and opens its receipt; the sixteen digits.
    pub async fn reported(&self, client: &mut Client, submission: &str, changes: &[(&str, &str)]) -> String {
        let to = self.send(client, submission, changes).await.location();
        digits(&client.get(&to).await.expect(200, "已经收下").text())
    }
}

/// The value of the first input of this name on a page.
pub fn input(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let at = text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no input {name} in\n{text}"));
    let start = text[..at].rfind('<').expect("inside a tag");
    let tag = &text[start..start + text[start..].find('>').expect("the tag ends")];
    let value = tag.split("value=\"").nth(1).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_owned()
}

/// The sixteen digits of a receipt page.
pub fn digits(page: &str) -> String {
    let start = page.find("class=\"big\"").expect("a receipt");
    let end = start + page[start..].find("</p>").expect("the receipt ends");
    let found: String = page[start..end]
        .split("<span>")
        .skip(1)
        .flat_map(|part| part[..9].chars())
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(found.len(), 16, "{found}");
    found
}

/// A submission id as the pages make them.
pub fn key(number: u8) -> String {
    format!("submission-of-a-test-{number:03}")
}
