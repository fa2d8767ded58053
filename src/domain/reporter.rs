//! Those who report: how far they let themselves be named, what supervisors write to them, and when a sealed contact may be read.

use super::code_enum::code_enum;
use super::day::Zone;
use super::holidays::Holidays;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};

code_enum! {
    /// How far a reporter lets it be known who they are. The order is that of disclosure.
    Identity {
        /// 身份不公开: the default.
        Hidden = "hidden",
        /// 仅向上级公开: supervisors may name the reporter to their own superiors.
        Superiors = "superiors",
        /// 可公开核实: a supervisor may name the reporter to verify the facts.
        Open = "open",
    }
}

code_enum! {
    /// Fixed phrases of a supervisor to a reporter.
    Phrase {
        /// 已收到，正在核实
        Received = "received",
        /// 请补充时间
        When = "when",
        /// 请补充来人
        Who = "who",
        /// 请补充证件和文书
        Papers = "papers",
        /// 请留下联系方式
        Contact = "contact",
        /// 是否愿意提高身份公开程度
        Identity = "identity",
        /// 已核实，正在处理
        Verified = "verified",
        /// 已处理
        Done = "done",
    }
}

code_enum! {
    /// Why a contact is opened, in the general words that the reporter is told.
    OpeningReason {
        /// 需要向您核实情况
        Verify = "verify",
        /// 需要告诉您办理结果
        Result = "result",
        /// 可能需要保护您
        Safety = "safety",
    }
}

code_enum! {
    /// Where the opening of a contact stands.
    OpeningState {
        /// Asked; a second person has not decided.
        Asked = "asked",
        /// A second person agreed.
        Approved = "approved",
        /// A second person refused.
        Refused = "refused",
        /// Opened once; it can be read again until [`OPEN_MINUTES`] are over.
        Opened = "opened",
    }
}

code_enum! {
    /// Where a request stands that waits for its batch.
    HeldState {
        /// It waits.
        Held = "held",
        /// It was sent with its batch.
        Sent = "sent",
        /// It could not be sent, because something had changed.
        Returned = "returned",
        /// Its supervisor took it back.
        TakenBack = "taken_back",
    }
}

/// How long an opened contact can be read, in minutes.
pub const OPEN_MINUTES: i64 = 15;

/// After this long without being opened, an agreement no longer holds, in hours.
pub const AGREED_HOURS: i64 = 24;

/// Where fewer enterprises than this would fit what a request says, the agency could tell which one reported.
pub const CROWD: i64 = 3;

/// Fewer ratings than this are not shown to an agency.
pub const FEWEST_RATINGS: i64 = 5;

/// When invitations are sent after a visit, in hours.
const INVITED_AFTER: TimeDelta = TimeDelta::hours(4);

/// The hour at which a batch of requests leaves.
const BATCH_HOUR: u32 = 10;

/// When the next batch of requests leaves: 10:00 of the next working day, never of the same day.
#[must_use]
pub fn next_batch(now: DateTime<Utc>, zone: Zone, holidays: &Holidays) -> DateTime<Utc> {
    zone.instant(holidays.addwd(zone.local_date(now), 1), hour(BATCH_HOUR))
}

/// When an enterprise is invited to confirm and rate: some hours after the visit, between 09:00 and 20:00.
#[must_use]
pub fn invited_at(left: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
    let local = zone.local(left + INVITED_AFTER);
    let day = local.date();
    if local.time() < hour(9) {
        zone.instant(day, hour(9))
    } else if local.time() >= hour(20) {
        zone.instant(day.succ_opt().unwrap_or(day), hour(9))
    } else {
        left + INVITED_AFTER
    }
}

/// So many quarters are offered and shown.
pub const QUARTERS_SHOWN: usize = 8;

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

impl Quarter {
    /// The quarter of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), number: day.month0() / 3 + 1 }
    }

    /// The one before.
    #[must_use]
    pub const fn before(self) -> Self {
        match self.number {
            1 => Self { year: self.year - 1, number: 4 },
            number => Self { year: self.year, number: number - 1 },
        }
    }

    /// The one after.
    #[must_use]
    pub const fn after(self) -> Self {
        match self.number {
            4 => Self { year: self.year + 1, number: 1 },
            number => Self { year: self.year, number: number + 1 },
        }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.number * 3 - 2, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Its first instant and the first one after it.
    #[must_use]
    pub fn span(self, zone: Zone) -> (DateTime<Utc>, DateTime<Utc>) {
        let start = |quarter: Self| zone.instant(quarter.first_day(), NaiveTime::MIN);
        (start(self), start(self.after()))
    }
}

const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

#[cfg(test)]
mod tests;
