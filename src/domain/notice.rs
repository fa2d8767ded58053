//! When a supervisor hears of a violation, and what the mails that tell it are: pure routing, no words, no sending.
//!
//! Severity 3 and 4 at once at any hour; 2 at once in the daytime of a working day, otherwise gathered into one mail of
//! the next working morning. A supervisor may choose a daily digest for 2, or to hear of it at once at any hour.

use super::code_enum::code_enum;
use super::day::Zone;
use super::holidays::Holidays;
use super::id::ViolationId;
use super::user::AlertChoice;
use super::violation::Severity;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

code_enum! {
    /// What a mail is about, and whether it may arrive at night.
    MailKind {
        /// One violation, at any hour.
        Alert = "violation_alert",
        /// One violation of severity 2, in the daytime of working days only.
        DaytimeAlert = "violation_alert_daytime",
        /// Several violations in one mail, in the daytime of working days only.
        Digest = "violation_digest",
        /// Something for the discipline office, without content.
        Referral = "referral_notice",
        /// To an agency about a request for an explanation.
        Request = "explanation_request",
        /// To an agency: a deadline that is near or has passed.
        Reminder = "deadline_reminder",
        /// To the supervisors about an answer, or to their lead about an agency that does not answer.
        Case = "case_notice",
        /// To an enterprise after every visit: an invitation to confirm and rate.
        Invitation = "visit_invitation",
        /// To an agency's liaisons: certificates that run out.
        Certificates = "certificates_running_out",
    }
}

impl MailKind {
    /// Whether it waits for the daytime of a working day.
    #[must_use]
    pub const fn daytime_only(self) -> bool {
        !matches!(self, Self::Alert | Self::Referral)
    }

    /// Whether it tells of violations by alerts, so that a digest can take its place after an outage.
    #[must_use]
    pub const fn of_alerts(self) -> bool {
        matches!(self, Self::Alert | Self::DaytimeAlert | Self::Digest | Self::Referral)
    }
}

code_enum! {
    /// Where a mail stands. A lease on it is kept beside the state.
    MailState {
        /// Not tried yet.
        Pending = "pending",
        /// Tried, and will be tried again.
        Retry = "retry",
        /// The server, or the folder, has taken it.
        Sent = "sent",
        /// The server refused the recipient or the mail for good: a person must look.
        Stuck = "stuck",
        /// Replaced by one digest after a long outage.
        Gathered = "gathered",
        /// Of a history that was loaded: what it tells is long past, so it is never sent.
        Withheld = "withheld",
        /// Never sent: the decision that it told of was taken back.
        Withdrawn = "withdrawn",
    }
}

code_enum! {
    /// Where an alert stands: whether somebody was told of a violation at a severity.
    AlertState {
        /// Waits for the morning's digest.
        Pending = "pending",
        /// Taken by the digest that is being made; seen only inside that transaction.
        Gathering = "gathering",
        /// In a mail.
        Mailed = "mailed",
        /// The violation rose before the digest, and is told of at the higher severity.
        Superseded = "superseded",
        /// The violation was cleared or decided before the digest.
        Dropped = "dropped",
    }
}

/// When an alert is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// At once.
    Now,
    /// In the digest of this instant.
    At(DateTime<Utc>),
}

/// When a supervisor with this choice is told of a violation of this severity; `None` for severity 1, of which nobody is told.
#[must_use]
pub fn due_at(
    severity: Severity,
    choice: AlertChoice,
    now: DateTime<Utc>,
    zone: Zone,
    holidays: &Holidays,
) -> Option<Due> {
    match (severity, choice) {
        (Severity::Notice, _) => None,
        (Severity::Violation | Severity::Referral, _) | (Severity::Warning, AlertChoice::AnyHour) => Some(Due::Now),
        (Severity::Warning, AlertChoice::Default) if is_daytime(now, zone, holidays) => Some(Due::Now),
        (Severity::Warning, AlertChoice::Default | AlertChoice::Digest) => {
            Some(Due::At(next_morning(now, zone, holidays)))
        }
    }
}

/// The kind of the mail that tells of one violation at once.
#[must_use]
pub const fn alert_kind(severity: Severity, choice: AlertChoice) -> MailKind {
    match (severity, choice) {
        (Severity::Referral, _) => MailKind::Referral,
        (Severity::Violation, _) | (_, AlertChoice::AnyHour) => MailKind::Alert,
        _ => MailKind::DaytimeAlert,
    }
}

/// Whether this instant lies between 08:00 (inclusive) and 20:00 (exclusive) of a working day.
#[must_use]
pub fn is_daytime(now: DateTime<Utc>, zone: Zone, holidays: &Holidays) -> bool {
    let local = zone.local(now);
    holidays.is_working_day(local.date()) && time(8, 0) <= local.time() && local.time() < time(20, 0)
}

/// The first 08:30 of a working day after this instant.
#[must_use]
pub fn next_morning(now: DateTime<Utc>, zone: Zone, holidays: &Holidays) -> DateTime<Utc> {
    let morning = |day: NaiveDate| zone.instant(day, time(8, 30));
    let mut day = zone.local_date(now);
    while !holidays.is_working_day(day) || morning(day) <= now {
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    morning(day)
}

const fn time(hour: u32, minute: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, minute, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

/// The number of a case as people write it: the random end of the violation's id, `7F3A-09C2`.
#[must_use]
pub fn case_number(id: ViolationId) -> String {
    let bytes = id.0.as_bytes();
    format!("{:02X}{:02X}-{:02X}{:02X}", bytes[12], bytes[13], bytes[14], bytes[15])
}

#[cfg(test)]
mod tests;
