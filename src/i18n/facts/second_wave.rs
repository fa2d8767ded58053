//! The second wave of rules, each in one sentence.

use super::{Facts, yes};
use crate::domain::rules::{ApprovalFault, Burden, Fil05, Inputs, Paper};
use chrono::{DateTime, TimeDelta, Utc};

impl Facts<'_> {
    /// The rules of RULES part 5.
    pub(super) fn sentence_of_the_second_wave(&self, inputs: &Inputs) -> String {
        let lang = self.lang;
        match inputs {
            Inputs::Jnt02(f) => lang.ta(
                "fact-jnt-02",
                &[
                    ("group", &f.group),
                    ("agency", &self.agency(f.agency)),
                    ("first", &self.time(f.first_at)),
                    ("arrived", &self.time(f.arrived_at)),
                    ("minutes", &f.minutes),
                ],
            ),
            Inputs::Ndd02(f) => lang.ta(
                "fact-ndd-02",
                &[
                    ("month", &f.month.format("%Y-%m")),
                    ("executed", &f.executed),
                    ("exempt", &f.exempt),
                    ("percent", &f.percent),
                ],
            ),
            Inputs::Frq02(_) | Inputs::Frq03(_) => self.burden(inputs),
            Inputs::Fil05(f) => self.approval(f),
            Inputs::Fil07(f) => {
                let list: Vec<String> = f.missing.iter().map(|paper| lang.t(paper_key(*paper))).collect();
                lang.ta("fact-fil-07", &[("list", &lang.join(&list))])
            }
            Inputs::Fil08(f) => lang.ta(
                "fact-fil-08",
                &[
                    ("end", &self.time(f.planned_end)),
                    ("hours", &f.hours),
                    ("quarter", &f.quarter.format("%Y-%m")),
                    ("rank", &f.rank),
                ],
            ),
            Inputs::Per03(f) => {
                lang.ta("fact-per-03", &[("joint", &yes(f.joint)), ("people", &f.people), ("max", &f.max)])
            }
            Inputs::Per04(f) => lang.ta("fact-per-04", &[("assistants", &f.assistants), ("officers", &f.officers)]),
            Inputs::Sco01(f) => {
                let reported = yes(f.report.is_some());
                lang.ta("fact-sco-01", &[("list", &self.matters(&f.matters)), ("reported", &reported)])
            }
            Inputs::Sco03(f) => lang.ta("fact-sco-03", &[("town", &f.town), ("areas", &lang.join(&f.areas))]),
            Inputs::Tim02(f) => self.overtime(f.arrived_at, f.left_at, f.planned_end, (f.late, f.long)),
            Inputs::Prc02(f) => {
                let reported = yes(f.report.is_some());
                lang.ta("fact-prc-02", &[("day", &self.day(f.day)), ("rank", &f.rank), ("reported", &reported)])
            }
            Inputs::Eva01(f) => {
                let mean = f64::from(f.sum) / f64::from(f.ratings.max(1)) / 3.0;
                let mean = format!("{mean:.1}");
                let key = if f.very_bad { "fact-eva-01-worst" } else { "fact-eva-01" };
                lang.ta(key, &[("days", &f.days), ("ratings", &f.ratings), ("mean", &mean)])
            }
            Inputs::Ret01(f) => lang.ta(
                "fact-ret-01",
                &[
                    ("agency", &self.agency(f.about)),
                    ("day", &self.day(f.told_on)),
                    ("days", &f.days),
                    ("reported", &yes(f.report.is_some())),
                ],
            ),
            // The others are explained by `sentence`.
            _ => String::new(),
        }
    }

    fn burden(&self, inputs: &Inputs) -> String {
        let lang = self.lang;
        match inputs {
            Inputs::Frq02(f) => match &f.complaint {
                Some(number) => lang.ta(
                    "fact-frq-02-complaint",
                    &[("agency", &self.agency(f.root)), ("number", number), ("rank", &f.rank), ("max", &f.max)],
                ),
                None => lang.ta(
                    "fact-frq-02",
                    &[("agency", &self.agency(f.root)), ("days", &f.days), ("rank", &f.rank), ("max", &f.max)],
                ),
            },
            Inputs::Frq03(f) => match f.burden {
                Burden::Visits => {
                    let reached = halves(f.reached);
                    lang.ta(
                        "fact-frq-03-visits",
                        &[("year", &f.from.format("%Y")), ("reached", &reached), ("limit", &f.limit)],
                    )
                }
                Burden::Persons => lang.ta(
                    "fact-frq-03-persons",
                    &[("month", &f.from.format("%Y-%m")), ("reached", &f.reached), ("limit", &f.limit)],
                ),
            },
            // Only the two above come here.
            _ => String::new(),
        }
    }

    fn approval(&self, f: &Fil05) -> String {
        let lang = self.lang;
        let reported = yes(f.report.is_some());
        let arrived = self.time(f.arrived_at);
        match (f.fault, f.approved_at, f.deadline) {
            (ApprovalFault::Missing, _, deadline) => {
                let until = deadline.map(|at| self.last_day(at)).unwrap_or_default();
                lang.ta("fact-fil-05-missing", &[("arrived", &arrived), ("reported", &reported), ("until", &until)])
            }
            (ApprovalFault::Late, Some(at), _) => lang.ta(
                "fact-fil-05-late",
                &[
                    ("arrived", &arrived),
                    ("reported", &reported),
                    ("approved", &self.time(at)),
                    ("approver", &f.approver),
                ],
            ),
            (ApprovalFault::Late | ApprovalFault::Own, ..) => lang.ta("fact-fil-05-own", &[("approver", &f.approver)]),
        }
    }

    fn overtime(
        &self,
        arrived_at: DateTime<Utc>,
        left_at: DateTime<Utc>,
        planned_end: DateTime<Utc>,
        (late, long): (Option<u32>, Option<u32>),
    ) -> String {
        let mut parts = Vec::new();
        if let Some(minutes) = late {
            let (end, over) = (self.time(planned_end), whole_minutes(left_at - planned_end));
            parts.push(self.lang.ta("fact-tim-02-late", &[("end", &end), ("over", &over), ("minutes", &minutes)]));
        }
        if let Some(hours) = long {
            let stayed = whole_minutes(left_at - arrived_at);
            parts.push(self.lang.ta("fact-tim-02-long", &[("stayed", &stayed), ("hours", &hours)]));
        }
        let left = self.time(left_at);
        self.lang.ta("fact-tim-02", &[("left", &left), ("list", &self.lang.join(&parts))])
    }
}

fn whole_minutes(span: TimeDelta) -> i64 {
    span.num_minutes()
}

/// A number of halves: `10`, `10.5`.
fn halves(n: u32) -> String {
    if n.is_multiple_of(2) { (n / 2).to_string() } else { format!("{}.5", n / 2) }
}

const fn paper_key(paper: Paper) -> &'static str {
    match paper {
        Paper::ApprovalDocument => "field-special-document",
        Paper::FilingReference => "field-special-reference",
        Paper::PublicationLink => "field-special-link",
    }
}
