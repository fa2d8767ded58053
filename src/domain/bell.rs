//! Group robots (`WeCom`, `DingTalk`, Feishu): which there are, where a bell and its messages stand, and when a failed one is tried again.

use super::code_enum::code_enum;
use chrono::TimeDelta;

code_enum! {
    /// Whose robot it is.
    BellKind {
        /// 企业微信
        WeCom = "wecom",
        /// 钉钉
        DingTalk = "dingtalk",
        /// 飞书
        Feishu = "feishu",
    }
}

code_enum! {
    /// Whether a bell rings.
    BellState {
        /// It does.
        Active = "active",
        /// Not for now: nothing new is written for it, and what waits stays.
        Paused = "paused",
    }
}

code_enum! {
    /// Where a message stands.
    RingState {
        /// Not tried yet.
        Pending = "pending",
        /// Tried, and will be tried again.
        Retry = "retry",
        /// The robot has taken it.
        Sent = "sent",
        /// Given up after many attempts: a person must look.
        Stuck = "stuck",
        /// The violation was cleared or decided before it was sent.
        Dropped = "dropped",
        /// The violation rose before it was sent, and is told of at the higher severity.
        Superseded = "superseded",
    }
}

/// After so many attempts nobody tries any more.
pub const MOST_ATTEMPTS: i64 = 12;

/// How long after the `attempts`-th failed attempt the next one is: 1, 2, 5, 10, 30 minutes, then every 30. `None`: given up.
#[must_use]
pub fn pause_after(attempts: i64) -> Option<TimeDelta> {
    let minutes = match attempts {
        ..=1 => 1,
        2 => 2,
        3 => 5,
        4 => 10,
        n if n < MOST_ATTEMPTS => 30,
        _ => return None,
    };
    Some(TimeDelta::minutes(minutes))
}
