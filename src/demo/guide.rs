//! Who can sign in to the demonstration, and where to begin.

use super::registry::District;
use crate::actions::enrol::{invite_inspector, parse_pin};
use crate::actions::{Result, Service, password};
use crate::domain::api_token::{Holder, secret_hash, secret_text};
use crate::domain::id::UserId;
use crate::domain::user::{AlertChoice, Office, Role, User};
use crate::storage::api_tokens::{self, ApiToken};
use crate::storage::{Tx, enterprises, users};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// The PIN that the demonstration's inspector chooses.
const INSPECTOR_PIN: &str = "246813";

/// The PIN of the enterprise that a newcomer scans.
const ENTERPRISE_PIN: &str = "135790";

/// How many phones can be enrolled for the demonstration's inspector.
const INVITES: usize = 8;

/// A person who can sign in to the console.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn {
    /// Mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// The inspector whose phone can be enrolled.
#[derive(Clone, Debug, Serialize)]
pub struct InspectorGuide {
    /// Certificate number.
    pub cert_no: String,
    /// Name.
    pub name: String,
    /// The PIN to choose.
    pub pin: String,
    /// Enrols one phone.
    pub enrol_url: String,
    /// The same for further phones: each link works once.
    pub more_enrol_urls: Vec<String>,
}

/// The enterprise that a newcomer scans.
#[derive(Clone, Debug, Serialize)]
pub struct UnitGuide {
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Short code on its sign.
    pub short_code: String,
    /// Its PIN.
    pub pin: String,
}

/// What a newcomer needs to know; `mashang demo --json` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct Guide {
    /// The start page.
    pub url: String,
    /// What the enterprise's code leads to.
    pub enterprise_url: String,
    /// What the agency's code leads to.
    pub agency_url: String,
    /// All mails that were sent.
    pub mailbox_url: String,
    /// A supervisor of the discipline office.
    pub supervisor: SignIn,
    /// The liaison of the inspector's agency.
    pub liaison: SignIn,
    /// An inspector.
    pub inspector: InspectorGuide,
    /// The administrator.
    pub admin: SignIn,
    /// The operator of registries and codes.
    pub operator: SignIn,
    /// The enterprise.
    pub enterprise: UnitGuide,
    /// The bearer token of an API client of the supervisors, who may do all that the API can: file for any agency, read violations.
    pub api_token: String,
    /// The bearer token of an API client that acts for the inspector's agency.
    pub agency_api_token: String,
}

const SUPERVISOR: &str = "supervisor@demo.example";
const LIAISON: &str = "liaison@demo.example";
const OPERATOR: &str = "operator@demo.example";
const ADMIN: &str = "admin@demo.example";

/// The password that belongs to an address.
fn password_of(email: &str) -> String {
    format!("demo-{}", email.split('@').next().unwrap_or_default())
}

/// Enters those who sign in; returns the supervisor who decides.
///
/// # Errors
/// When the store fails.
pub async fn enter_users(tx: &mut Tx, service: &Service, now: DateTime<Utc>, district: &District) -> Result<UserId> {
    let agency = district.inspector.agency;
    let people = [
        (SUPERVISOR, "周明", Role::Supervisor, Some(Office::Discipline), AlertChoice::AnyHour),
        ("reform@demo.example", "何静", Role::Supervisor, Some(Office::Reform), AlertChoice::Digest),
        ("justice@demo.example", "罗文", Role::Supervisor, Some(Office::Justice), AlertChoice::Default),
        (LIAISON, "林悦", Role::Liaison, None, AlertChoice::Default),
        (OPERATOR, "高宁", Role::Operator, None, AlertChoice::Default),
        (ADMIN, "管理员", Role::Administrator, None, AlertChoice::Default),
    ];
    let mut first = None;
    for (email, name, role, office, alerts) in people {
        let user = User {
            id: UserId(service.ids.uuid(now)),
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            office,
            agency: (role == Role::Liaison).then_some(agency),
            alerts,
            lang: "zh-CN".to_owned(),
            active: true,
        };
        users::insert(tx, &user, "", now).await?;
        first.get_or_insert(user.id);
    }
    Ok(first.unwrap_or(UserId(service.ids.uuid(now))))
}

/// Hashes the passwords and the enterprise's PIN. Last of all: each takes 19 MiB for a moment, after which the allocator would not give the
/// memory of a whole year back.
async fn set_secrets(tx: &mut Tx, service: &Service, district: &District) -> Result<()> {
    for user in users::list(tx).await? {
        let hash = password::hash(service, &password_of(&user.email)).await?;
        users::set_password(tx, user.id, &hash).await?;
    }
    let pin = password::hash(service, ENTERPRISE_PIN).await?;
    Ok(enterprises::set_pin(tx, district.enterprises[0].id, Some(&pin)).await?)
}

/// Makes invites and tokens as of `now`, and says where to begin.
///
/// # Errors
/// When the store fails.
pub async fn make(tx: &mut Tx, service: &Service, now: DateTime<Utc>, district: &District) -> Result<Guide> {
    set_secrets(tx, service, district).await?;
    let url = service.settings.public_url.clone();
    let mut invites = Vec::new();
    for _ in 0..INVITES {
        let secret = invite_inspector(tx, service, now, None, district.inspector.id).await?;
        invites.push(format!("{url}/join/{}", URL_SAFE_NO_PAD.encode(secret)));
    }
    let enrol_url = invites.remove(0);
    let enterprise = &district.enterprises[0];
    let agency = district.inspector.agency;
    let sign_in = |email: &str| SignIn { email: email.to_owned(), password: password_of(email) };
    Ok(Guide {
        enterprise_url: format!("{url}/e/{}", enterprise.token),
        agency_url: format!("{url}/a/{}", district.agencies[0].token),
        mailbox_url: format!("{url}/demo/mail"),
        url: url.clone(),
        supervisor: sign_in(SUPERVISOR),
        liaison: sign_in(LIAISON),
        admin: sign_in(ADMIN),
        operator: sign_in(OPERATOR),
        inspector: InspectorGuide {
            cert_no: district.inspector.cert_no.clone(),
            name: district.inspector.name.clone(),
            pin: parse_pin(INSPECTOR_PIN)?,
            enrol_url,
            more_enrol_urls: invites,
        },
        enterprise: UnitGuide {
            name: enterprise.name.clone(),
            uscc: enterprise.uscc.clone(),
            short_code: enterprise.short_code.clone(),
            pin: ENTERPRISE_PIN.to_owned(),
        },
        api_token: token(tx, service, now, "演示监督", Holder::Supervisor(Some(Office::Discipline))).await?,
        agency_api_token: token(tx, service, now, "演示单位", Holder::Agency(agency)).await?,
    })
}

async fn token(tx: &mut Tx, service: &Service, now: DateTime<Utc>, name: &str, holder: Holder) -> Result<String> {
    let secret = secret_text(&service.ids.secret());
    let token =
        ApiToken { id: service.ids.uuid(now), name: name.to_owned(), holder, created_at: now, revoked_at: None };
    if let Some(hash) = secret_hash(&secret) {
        api_tokens::insert(tx, &token, &hash).await?;
    }
    Ok(secret)
}
