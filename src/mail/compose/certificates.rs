//! The mail to an agency's liaisons about certificates that run out: numbers and last days, no names.

use super::{Composed, DIGEST_CASES, DigestHtml, DigestSubject, DigestText, Letterhead, Row, line};
use crate::domain::id::InspectorId;
use crate::i18n::Lang;
use askama::Template as _;
use chrono::{DateTime, NaiveDate, Utc};

/// A certificate that runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its inspector: the page that the mail links to.
    pub inspector: InspectorId,
    /// Its number.
    pub number: String,
    /// Its last day.
    pub valid_to: NaiveDate,
}

/// The mail that lists certificates, and links to the list of all that run out soon.
///
/// # Errors
/// When a template cannot be rendered.
pub fn certificates(
    head: &Letterhead<'_>,
    lang: Lang,
    now: DateTime<Utc>,
    all: &[Certificate],
) -> askama::Result<Composed> {
    let today = head.zone.local_date(now);
    let rows: Vec<Row> = all
        .iter()
        .take(DIGEST_CASES)
        .map(|one| Row {
            number: one.number.clone(),
            fields: vec![
                (lang.t("mail-label-certificate"), one.number.clone()),
                (lang.t("mail-label-valid-to"), lang.date(one.valid_to, today)),
            ],
            link: format!("{}/console/inspectors/{}", head.public_url, one.inspector),
        })
        .collect();
    let subject = lang.ta("mail-certificates-subject", &[("count", &all.len())]);
    let lead = lang.ta("mail-certificates-lead", &[("count", &all.len())]);
    let page = super::page(head, lang, subject, lead, lang.t("mail-certificates-note"));
    let (more, inbox) = (lang.t("mail-certificates-all"), format!("{}/console/inspectors?valid=soon", head.public_url));
    Ok(Composed {
        subject: line(&DigestSubject { page: &page }.render()?),
        text: DigestText { page: &page, cases: &rows, more: &more, inbox: &inbox, checkpoint: "" }.render()?,
        html: DigestHtml { page: &page, cases: &rows, more: &more, inbox: &inbox, checkpoint: "" }.render()?,
    })
}
