//! A small district: three agencies with matters and inspectors, three enterprises with signs.

use super::TestApp;
use chrono::NaiveDate;
use mashang::actions::{Actor, enrol, issue_sign};
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::enterprise::CreditClass;
use mashang::domain::id::{AgencyId, EnterpriseId, InspectorId, MatterId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::domain::sign::UnitKind;
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::registries;
use mashang::storage::signs::SignRecord;
use std::collections::HashMap;
use uuid::Uuid;

/// Agency, its matters (name, group), its inspectors (name, certificate number).
type Office = (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

const OFFICES: &[Office] = &[
    (
        "青禾区消防救援大队",
        &[("消防安全检查", "消防通道"), ("消防产品检查", "")],
        &[("陈小明", "XF-001"), ("李芳", "XF-002")],
    ),
    ("青禾区应急管理局", &[("安全生产检查", "消防通道")], &[("王强", "YJ-001"), ("赵敏", "YJ-002")]),
    ("青禾区市场监督管理局", &[("食品安全检查", "食品安全")], &[("周平", "SJ-001"), ("孙丽", "SJ-002")]),
];

const ENTERPRISES: &[(&str, &str)] = &[
    ("青禾精密机械有限公司", "91500000MA5U000013"),
    ("禾味食品厂", "91500000MA5U000021"),
    ("远山化工有限公司", "91500000MA5U00003X"),
];

/// What the seed made, by name.
#[derive(Default)]
pub struct Seed {
    pub agencies: HashMap<&'static str, AgencyId>,
    pub matters: HashMap<&'static str, MatterId>,
    pub inspectors: HashMap<&'static str, InspectorId>,
    pub enterprises: Vec<(EnterpriseId, SignRecord)>,
    pub agency_signs: HashMap<&'static str, SignRecord>,
}

fn since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date")
}

/// Fills the registries.
pub async fn plant(app: &TestApp) -> Seed {
    let (service, now) = (&app.app.service, app.app.clock.now());
    let id = || service.ids.uuid(now);
    let mut seed = Seed::default();
    let mut tx = app.app.db.write().await.expect("a transaction");
    for (name, matters, inspectors) in OFFICES {
        let agency = AgencyId(id());
        let row = Agency {
            id: agency,
            name: (*name).into(),
            short_name: String::new(),
            parent: None,
            emails: vec![],
            areas: vec![],
        };
        registries::insert_agency(&mut tx, &row, now).await.expect("an agency");
        seed.agencies.insert(name, agency);
        for (matter, group) in *matters {
            let row = Matter {
                id: MatterId(id()),
                agency,
                name: (*matter).into(),
                group: (*group).into(),
                legal_basis: "《中华人民共和国消防法》第五十三条".into(),
                published_from: since(),
                published_to: None,
            };
            registries::insert_matter(&mut tx, &row, now).await.expect("a matter");
            seed.matters.insert(matter, row.id);
        }
        for (person, cert_no) in *inspectors {
            let row = Inspector {
                id: InspectorId(id()),
                cert_no: (*cert_no).into(),
                name: (*person).into(),
                agency,
                valid_from: since(),
                valid_to: None,
                suspended: false,
                kind: InspectorKind::Officer,
            };
            registries::insert_inspector(&mut tx, &row, now).await.expect("an inspector");
            seed.inspectors.insert(person, row.id);
        }
        let unit = (UnitKind::Agency, agency.0);
        let sign = issue_sign(&mut tx, service, now, &Actor::System, unit).await.expect("a sign");
        seed.agency_signs.insert(name, sign);
    }
    for (name, uscc) in ENTERPRISES {
        let row = enterprise(EnterpriseId(id()), name, uscc, now);
        enterprises::insert(&mut tx, &row).await.expect("an enterprise");
        let unit = (UnitKind::Enterprise, row.id.0);
        let sign = issue_sign(&mut tx, service, now, &Actor::System, unit).await.expect("a sign");
        seed.enterprises.push((row.id, sign));
    }
    registries::bump(&mut tx).await.expect("a version");
    tx.commit().await.expect("a commit");
    seed
}

fn enterprise(id: EnterpriseId, name: &str, uscc: &str, now: chrono::DateTime<chrono::Utc>) -> EnterpriseRecord {
    EnterpriseRecord {
        id,
        uscc: uscc.into(),
        name: name.into(),
        town: "禾口镇".into(),
        address: "禾口镇工业路 8 号".into(),
        industry: "制造业".into(),
        credit_class: Some(CreditClass::B),
        tags: vec![],
        email: String::new(),
        search: format!("{name} {}", uscc.to_lowercase()).to_lowercase(),
        pin_hash: None,
        active: true,
        created_at: now,
    }
}

/// The link of a fresh invite for an inspector.
pub async fn invite(app: &TestApp, inspector: InspectorId) -> String {
    let mut tx = app.app.db.write().await.expect("a transaction");
    let now = app.app.clock.now();
    let secret = enrol::invite_inspector(&mut tx, &app.app.service, now, None, inspector).await.expect("an invite");
    tx.commit().await.expect("a commit");
    mashang::web::paths::join(&mashang::web::cookies::encode_secret(&secret))
}

/// How many filings there are at an enterprise.
pub async fn filings_at(app: &TestApp, enterprise: EnterpriseId) -> usize {
    let mut tx = app.app.db.read().await.expect("a connection");
    mashang::storage::filings::dossier(&mut tx, enterprise, NaiveDate::MIN.max(since())).await.expect("a dossier").len()
}

/// A submission id for a test that does not care.
pub fn some_submission() -> String {
    Uuid::from_u128(7).to_string()
}
