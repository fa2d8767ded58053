//! Putting composed mails into the outbox: to somebody who signs in, or to the bare address of an agency or enterprise.

use super::error::Result;
use super::service::{Service, Settings};
use crate::domain::id::{AgencyId, MailId, UserId};
use crate::domain::notice::MailKind;
use crate::domain::user::User;
use crate::i18n::Lang;
use crate::mail::compose::{Composed, Letterhead};
use crate::mail::message_id;
use crate::storage::Tx;
use crate::storage::mails::{self, NewMail};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;

/// The flag on the outbox of this process: whether there is something new in it. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Flag {
    put_in: Arc<AtomicU64>,
    up: Arc<Notify>,
}

impl Flag {
    /// How many mails were put in since the process began, those of transactions among them that are still open or were rolled back.
    #[must_use]
    pub fn put_in(&self) -> u64 {
        self.put_in.load(Ordering::Relaxed)
    }

    /// Wakes whoever delivers. After the commit, or nothing is found.
    pub fn raise(&self) {
        self.up.notify_one();
    }

    /// Waits until it is raised; at once, if it was since the last time.
    pub async fn raised(&self) {
        self.up.notified().await;
    }
}

/// Somebody to write to.
pub(super) struct Reader {
    /// The user; `None` behind a bare address.
    pub user: Option<UserId>,
    /// The address.
    pub address: String,
    /// The language to write in.
    pub lang: Lang,
}

impl Reader {
    /// A user, in the language that they chose.
    pub(super) fn of(user: &User) -> Self {
        let lang = Lang::parse(&user.lang).unwrap_or_default();
        Self { user: Some(user.id), address: user.email.clone(), lang }
    }

    /// A bare address, in Chinese.
    pub(super) const fn at(address: String) -> Self {
        Self { user: None, address, lang: Lang::Zh }
    }
}

/// What every mail has at its head and foot.
pub(super) fn letterhead(settings: &Settings) -> Letterhead<'_> {
    Letterhead {
        public_url: &settings.public_url,
        district: &settings.district,
        hotline: &settings.hotline,
        zone: settings.zone,
    }
}

/// Puts a composed mail into the outbox.
///
/// # Errors
/// When the store fails.
pub(super) async fn enqueue(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    reader: &Reader,
    kind: MailKind,
    words: Composed,
    in_reply_to: Option<String>,
) -> Result<MailId> {
    let id = MailId(service.ids.uuid(now));
    let mail = NewMail {
        id,
        user: reader.user,
        recipient: reader.address.clone(),
        kind,
        subject: words.subject,
        text: words.text,
        html: words.html,
        message_id: message_id(id.0, &service.settings.mail_from),
        in_reply_to,
    };
    mails::insert(tx, &mail, now).await?;
    service.outbox.put_in.fetch_add(1, Ordering::Relaxed);
    Ok(id)
}

/// These people of an agency; the agency's addresses where there are none.
///
/// # Errors
/// When the store fails.
pub(super) async fn or_addresses(
    tx: &mut Tx,
    service: &Service,
    agency: AgencyId,
    people: &[User],
) -> Result<Vec<Reader>> {
    if !people.is_empty() {
        return Ok(people.iter().map(Reader::of).collect());
    }
    let snapshot = service.snapshot(tx).await?;
    let addresses = snapshot.registries.agencies.get(&agency).map(|agency| agency.emails.clone()).unwrap_or_default();
    Ok(addresses.into_iter().map(Reader::at).collect())
}
