//! What every action may use beside its transaction: ids, settings, and a snapshot of the registries.

use super::ScanCounter;
use super::bells;
use super::error::Result;
use super::held_up::HeldUp;
use super::limits::Limits;
use super::outbox::Flag;
use super::tasks::RunningTasks;
use super::turns::Turns;
use crate::domain::day::Zone;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::policy::Policies;
use crate::domain::user::User;
use crate::identity::Providers;
use crate::ids::Ids;
use crate::storage::bells::Bell;
use crate::storage::{Tx, record_updates, registries, users};
use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Settings of the jurisdiction and of the instance.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What codes and mails begin their links with, without a slash at the end.
    pub public_url: String,
    /// Other hosts (and ports) that are answered as well: what signs on walls still carry after a change of the public address.
    pub also_hosts: Vec<String>,
    /// Name of the district, as pages and mails show it.
    pub district: String,
    /// The office's telephone number, on every page that asks for help.
    pub hotline: String,
    /// Sender of mails.
    pub mail_from: String,
    /// The zone whose local dates count.
    pub zone: Zone,
    /// The key that seals reporters' contacts.
    pub contact_key: [u8; 32],
}

/// Registries, policies and who hears of violations, as they were at one version of the registries.
#[derive(Debug)]
pub struct Snapshot {
    /// The version that this was read at.
    pub version: i64,
    /// Agencies, matters, inspectors, holidays.
    pub registries: Registries,
    /// Policy versions.
    pub policies: Policies,
    /// Agencies that no list offers any more.
    pub inactive_agencies: HashSet<AgencyId>,
    /// The supervisors who may sign in, by address.
    pub supervisors: Vec<User>,
    /// The bells that ring.
    pub bells: Vec<Bell>,
}

/// What actions share. Cheap to clone: every layer that a request passes has one of its own.
#[derive(Clone, Debug)]
pub struct Service(Arc<Parts>);

/// What is in it.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where ids come from.
    pub ids: Ids,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Scans that are not in the store yet.
    pub scans: ScanCounter,
    /// The tasks that this process works on.
    pub running: RunningTasks,
    /// Who else vouches for users.
    pub providers: Providers,
    /// What this process remembers of who asks for much.
    pub limits: Limits,
    /// Whose turn it is to have a password or PIN hashed.
    pub turns: Turns,
    /// Whether there is something new in the outbox.
    pub outbox: Flag,
    /// How often which door held somebody up.
    pub held_up: HeldUp,
    snapshot: Arc<Mutex<Option<Arc<Snapshot>>>>,
}

impl Deref for Service {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Service {
    /// Puts a service together.
    #[must_use]
    pub fn new(ids: Ids, settings: Settings) -> Self {
        Self(Arc::new(Parts {
            ids,
            settings: Arc::new(settings),
            scans: ScanCounter::default(),
            running: RunningTasks::default(),
            providers: Providers::default(),
            limits: Limits::default(),
            turns: Turns::default(),
            outbox: Flag::default(),
            held_up: HeldUp::default(),
            snapshot: Arc::default(),
        }))
    }

    /// With those who else vouch for users.
    #[must_use]
    pub fn with_providers(self, providers: Providers) -> Self {
        Self(Arc::new(Parts { providers, ..Arc::unwrap_or_clone(self.0) }))
    }

    /// The registries as this transaction sees them: the cached snapshot if it is of the same version, else read anew.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn snapshot(&self, tx: &mut Tx) -> Result<Arc<Snapshot>> {
        let version = registries::version(tx).await?;
        let cached = self.snapshot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(snapshot) = cached.filter(|s| s.version == version) {
            return Ok(snapshot);
        }
        let registries = registries::load(tx, self.settings.zone).await?;
        let policies = registries::policies(tx).await?;
        let inactive_agencies = record_updates::inactive_agencies(tx).await?;
        let supervisors = users::supervisors(tx).await?;
        let bells = bells::active(tx).await?;
        let snapshot = Arc::new(Snapshot { version, registries, policies, inactive_agencies, supervisors, bells });
        *self.snapshot.lock().unwrap_or_else(PoisonError::into_inner) = Some(snapshot.clone());
        Ok(snapshot)
    }
}
