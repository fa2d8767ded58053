//! Cases: what becomes of a suspected violation until it is closed. States, what leads from one to another, the text of a request, and the
//! ladder of its deadlines. Pure: no words for people, no clock.
//!
//! A violation has two states: what is known of it ([`super::violation::ViolationState`]) and how far it is handled ([`Handling`]).
//! A request for an explanation has its own ([`RequestState`]); one request asks for several violations of one agency.

mod asking;
mod ladder;
mod standing;

pub use asking::{Form, Ground, Unasked, ask_key, clears_openly, unasked, week_of};
pub use ladder::{Rung, Step, ladder, working_day_before};
pub use standing::{Refused, Standing};

use super::code_enum::code_enum;
use chrono::TimeDelta;

/// How often an answer may be returned; after that the supervisor must decide.
pub const MOST_RETURNS: i64 = 2;

/// For how long a decision can be taken back. Mails that tell of it wait as long.
pub const UNDO: TimeDelta = TimeDelta::minutes(10);

/// Working days in which an agency may appeal against a decision.
pub const APPEAL_DAYS: u32 = 10;

/// Working days in which an appeal is to be decided.
pub const APPEAL_DECISION_DAYS: u32 = 15;

code_enum! {
    /// How far a violation is handled.
    Handling {
        /// Nobody was asked yet.
        Untouched = "none",
        /// 等待说明: its agency was asked to explain.
        Explaining = "explaining",
        /// 已说明: the agency has answered, a supervisor must look.
        Explained = "explained",
        /// 已关闭.
        Closed = "closed",
        /// 重新处理: closed or decided before, and taken up again.
        Reopened = "reopened",
    }
}

code_enum! {
    /// As what a violation was closed. A dismissal closes it too, as nothing of these.
    ClosedAs {
        /// 采纳: the explanation was accepted.
        Accepted = "accepted",
        /// 整改: corrected, or to be corrected by a date.
        Corrected = "corrected",
        /// 通报.
        Circulated = "circulated",
        /// 转办: handed to another body.
        Transferred = "transferred",
    }
}

code_enum! {
    /// What a supervisor decides of a violation.
    DecisionKind {
        /// 认定.
        Confirm = "confirm",
        /// 例外成立: an exemption holds, so that it is none.
        Exempt = "exempt",
        /// 排除.
        Dismiss = "dismiss",
        /// 采纳并关闭.
        Accept = "accept",
        /// 责令整改, with a date for looking again.
        Correct = "correct",
        /// 整改已复查: what was to be corrected is.
        FollowUp = "follow_up",
        /// 通报.
        Circulate = "circulate",
        /// 转办.
        Transfer = "transfer",
        /// 重新处理.
        Reopen = "reopen",
        /// 维持原处理: an appeal is rejected, and what was decided stands.
        Uphold = "uphold",
    }
}

code_enum! {
    /// Why a suspected violation is none (误报原因).
    Dismissal {
        /// 登记的数据有误.
        Facts = "facts",
        /// 属于特别规定的情形.
        Exception = "exception",
        /// 实为联合检查.
        Joint = "joint",
        /// 重复登记.
        Duplicate = "duplicate",
        /// 规则不适用于此情形.
        Rule = "rule",
        /// 其他.
        Other = "other",
    }
}

code_enum! {
    /// Where a request for an explanation stands.
    RequestState {
        /// Sent; the agency has not opened it.
        Sent = "sent",
        /// The agency has opened it.
        Seen = "seen",
        /// Answered; a supervisor must look.
        Replied = "replied",
        /// The answer was accepted.
        Accepted = "accepted",
        /// The answer was returned with a reason; the agency must answer again.
        Returned = "returned",
        /// Over: withdrawn, or all its violations were decided otherwise.
        Closed = "closed",
    }
}

impl RequestState {
    /// Whether the agency must answer.
    #[must_use]
    pub const fn awaits_answer(self) -> bool {
        matches!(self, Self::Sent | Self::Seen | Self::Returned)
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Accepted | Self::Closed)
    }
}

code_enum! {
    /// The one extension that an agency may ask for.
    Extension {
        /// Not asked for.
        Unasked = "none",
        /// Asked for; a supervisor must decide.
        Asked = "asked",
        /// Granted: the deadline has moved.
        Granted = "granted",
        /// Refused.
        Refused = "refused",
    }
}

code_enum! {
    /// What an agency answers in one word; words, a document and files follow.
    AnswerChoice {
        /// 属实，已整改.
        Corrected = "corrected",
        /// 属实，正在整改.
        Correcting = "correcting",
        /// 有特殊情形.
        Exception = "exception",
        /// 与事实不符.
        Disputed = "disputed",
        /// 其他.
        Other = "other",
    }
}

code_enum! {
    /// Where an appeal stands.
    AppealState {
        /// Waits for a decision.
        Asked = "asked",
        /// The violation was taken up again.
        Granted = "granted",
        /// The decision stands.
        Rejected = "rejected",
        /// The decision that it was against was changed otherwise.
        Moot = "moot",
    }
}

code_enum! {
    /// Where a step of the ladder stands.
    StepState {
        /// Its time has not come.
        Pending = "pending",
        /// Done.
        Done = "done",
        /// An answer, an extension or a closing came first.
        Cancelled = "cancelled",
    }
}
