//! Parameters of the rules of supervision (RULES part 5: EXP-01, EXP-02, AGG-01), and the deadlines of requests and corrections, which hold
//! whether or not their rules are switched on.

use super::params::rule_params;
use serde::{Deserialize, Serialize};

rule_params! {
    enabled: true;

    /// EXP-01 逾期未说明, and the deadlines of requests for an explanation.
    Exp01 {
        /// Working days for an answer.
        working_days: u32 = 5,
        /// Working days that the one extension adds.
        extension_days: u32 = 5,
        /// Working days after the deadline from which it is graver.
        grave_days: u32 = 5,
    }
    /// EXP-02 整改逾期或反复.
    Exp02 {
        /// Working days for a correction, unless a supervisor says otherwise.
        working_days: u32 = 15,
        /// Days after closing within which the same rule confirmed again is a relapse.
        days: u32 = 90,
    }
    /// AGG-01 单位累计.
    Agg01 {
        /// Days within which confirmed violations add up.
        days: u32 = 90,
        /// Confirmed violations of severity 2 or more for a yellow card.
        yellow: u32 = 3,
        /// The same for a red card.
        red: u32 = 6,
    }
}
