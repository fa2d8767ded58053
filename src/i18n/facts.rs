//! One sentence that says why a rule fired, from the facts that it used. Verdicts, receipts, mails and the violation page all use this.

use super::Lang;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::rules::Inputs;
use crate::domain::rules::{Difference, Exceeded, InspectorFault, MatterFault, Nearest, Period, Tick};
use crate::domain::visit_report::ArrivalKnown;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Of many days only so many are written out.
const DAYS_WRITTEN: usize = 3;

/// What words are made with: the language, the registries for names, and the instant that decides whether a year is written.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The language.
    pub lang: Lang,
    /// Where names of agencies and matters are looked up.
    pub registries: &'a Registries,
    /// The instant of the page or mail.
    pub now: DateTime<Utc>,
}

/// How a condition is given to the catalogue.
const fn yes(condition: bool) -> &'static str {
    if condition { "yes" } else { "no" }
}

impl Facts<'_> {
    /// One sentence, or two short ones, from the facts that a rule used. The enterprise is never named in it.
    #[must_use]
    pub fn sentence(&self, inputs: &Inputs) -> String {
        let lang = self.lang;
        match inputs {
            Inputs::Ndd01 { days, executed } => {
                lang.ta("fact-ndd-01", &[("days", &self.days(days)), ("executed", &yes(*executed))])
            }
            Inputs::Dup01 { nearest, matters, .. } => self.repetition("fact-dup-01", nearest, &self.matters(matters)),
            Inputs::Dup02 { nearest, groups, .. } => self.repetition("fact-dup-02", nearest, &lang.join(groups)),
            Inputs::Dup03 { day, day_rank, exceeded } => {
                let limits: Vec<String> = exceeded.iter().map(|e| self.exceeded(*e)).collect();
                lang.ta(
                    "fact-dup-03",
                    &[("day", &self.day(*day)), ("rank", day_rank), ("exceeded", &lang.join(&limits))],
                )
            }
            Inputs::Frq01 { year, root, rank, cap, credit_class, .. } => {
                let class = credit_class.map_or_else(|| lang.t("credit-none"), |class| class.as_str().to_owned());
                lang.ta(
                    "fact-frq-01",
                    &[("year", year), ("agency", &self.agency(*root)), ("rank", rank), ("cap", cap), ("class", &class)],
                )
            }
            Inputs::Fil01 { planned_on, rescheduled, first, working_days, required } => lang.ta(
                "fact-fil-01",
                &[
                    ("on", &self.day(*planned_on)),
                    ("moved", &yes(*rescheduled)),
                    ("first", &self.day(*first)),
                    ("days", working_days),
                    ("required", required),
                ],
            ),
            Inputs::Fil02 { filed_at, arrived_at, report, .. } => lang.ta(
                "fact-fil-02",
                &[
                    ("arrived", &self.time(*arrived_at)),
                    ("filed", &self.time(*filed_at)),
                    ("reported", &yes(report.is_some())),
                ],
            ),
            Inputs::Fil03 { filed_at, arrived_at, report, hours, .. } => lang.ta(
                "fact-fil-03",
                &[
                    ("arrived", &self.time(*arrived_at)),
                    ("filed", &self.time(*filed_at)),
                    ("hours", hours),
                    ("reported", &yes(report.is_some())),
                ],
            ),
            Inputs::Fil04 { day, deadline, verified, known } => lang.ta(
                if *known == ArrivalKnown::Nothing { "fact-fil-04-some-day" } else { "fact-fil-04" },
                &[("day", &self.day(*day)), ("until", &self.last_day(*deadline)), ("verified", &yes(*verified))],
            ),
            _ => self.sentence_on_the_visit(inputs),
        }
    }

    /// The other half of the rules: people, scope, basis, hours, result, and what an enterprise reported.
    fn sentence_on_the_visit(&self, inputs: &Inputs) -> String {
        let lang = self.lang;
        match inputs {
            Inputs::Per01 { named, valid, min, .. } => {
                lang.ta("fact-per-01", &[("named", named), ("valid", valid), ("min", min)])
            }
            Inputs::Per02 { day, invalid, .. } => {
                let list: Vec<String> =
                    invalid.iter().map(|i| self.with_fault(&i.cert_no, inspector_fault(i.fault))).collect();
                lang.ta("fact-per-02", &[("day", &self.day(*day)), ("list", &lang.join(&list))])
            }
            Inputs::Sco02 { day, matters, .. } => {
                let list: Vec<String> =
                    matters.iter().map(|m| self.with_fault(&self.matter(m.matter), matter_fault(m.fault))).collect();
                lang.ta("fact-sco-02", &[("day", &self.day(*day)), ("list", &lang.join(&list))])
            }
            Inputs::Exm01 { code, reason_chars, min_chars, evidence_missing, .. } => {
                let mut missing = Vec::new();
                if reason_chars < min_chars {
                    missing.push(lang.ta("fact-exm-reason", &[("chars", reason_chars), ("min", min_chars)]));
                }
                if *evidence_missing {
                    missing.push(lang.t("fact-exm-evidence"));
                }
                let name = lang.exemption(*code);
                lang.ta("fact-exm-01", &[("code", code), ("name", &name), ("missing", &lang.join(&missing))])
            }
            Inputs::Tim01 { day, time, from, to, working_day, executed } => lang.ta(
                "fact-tim-01",
                &[
                    ("executed", &yes(*executed)),
                    ("day", &self.day(*day)),
                    ("time", &hour_minute(*time)),
                    ("working", &yes(*working_day)),
                    ("from", &hour_minute(*from)),
                    ("to", &hour_minute(*to)),
                ],
            ),
            Inputs::Low01 { cert_no, inspections, days } => lang.ta(
                "fact-low-01",
                &[("inspector", &self.inspector(cert_no)), ("count", &inspections.len()), ("days", days)],
            ),
            Inputs::Res01 { day, left, deadline } => lang.ta(
                "fact-res-01",
                &[("left", &yes(*left)), ("day", &self.day(*day)), ("until", &self.last_day(*deadline))],
            ),
            Inputs::Rec01 {
                filing_at, filing_arrived, report_at, known, inspectors, visitors, differences, ..
            } => {
                let list: Vec<String> = differences
                    .iter()
                    .map(|difference| match difference {
                        Difference::Date | Difference::Time => lang.ta(
                            "fact-rec-time",
                            &[
                                ("arrived", &yes(*filing_arrived)),
                                ("filing", &self.time(*filing_at)),
                                ("report", &self.arrival(*report_at, *known)),
                            ],
                        ),
                        Difference::Visitors => {
                            let came = visitors.map_or_else(|| lang.t("unknown"), |n| n.to_string());
                            lang.ta("fact-rec-visitors", &[("filing", inspectors), ("report", &came)])
                        }
                    })
                    .collect();
                let mut list = list;
                list.dedup();
                lang.ta("fact-rec-01", &[("list", &lang.join(&list))])
            }
            Inputs::Prc01 { certificate, notice, .. } => {
                lang.ta("fact-prc-01", &[("certificate", &yes(*certificate)), ("notice", &yes(*notice))])
            }
            Inputs::Dis01 { ticks, service, .. } => {
                let list: Vec<String> = ticks.iter().map(|tick| lang.t(tick_key(*tick))).collect();
                lang.ta("fact-dis-01", &[("service", &yes(*service)), ("list", &lang.join(&list))])
            }
            Inputs::Int01 { prohibited } => {
                let list: Vec<String> = prohibited.iter().map(ToString::to_string).collect();
                lang.ta("fact-int-01", &[("list", &lang.join(&list))])
            }
            _ => self.sentence_on_supervision(inputs),
        }
    }

    /// The rules about the agency's answers and corrections.
    fn sentence_on_supervision(&self, inputs: &Inputs) -> String {
        let lang = self.lang;
        match inputs {
            Inputs::Exp01 { asked_on, due_on, extended, answered_on, .. } => lang.ta(
                "fact-exp-01",
                &[
                    ("asked", &self.day(*asked_on)),
                    ("due", &self.day(*due_on)),
                    ("extended", &yes(*extended)),
                    ("answered", &yes(answered_on.is_some())),
                    ("day", &answered_on.map(|day| self.day(day)).unwrap_or_default()),
                ],
            ),
            Inputs::Exp02 { closed_on, follow_up_on, again_on, days, .. } => lang.ta(
                "fact-exp-02",
                &[
                    ("closed", &self.day(*closed_on)),
                    ("passed", &yes(follow_up_on.is_some())),
                    ("due", &follow_up_on.map(|day| self.day(day)).unwrap_or_default()),
                    ("relapsed", &yes(again_on.is_some())),
                    ("again", &again_on.map(|day| self.day(day)).unwrap_or_default()),
                    ("days", days),
                ],
            ),
            Inputs::Agg01 { card, root, counted, first, last, .. } => lang.ta(
                "fact-agg-01",
                &[
                    ("card", &lang.t(&format!("card-{card}"))),
                    ("agency", &self.agency(*root)),
                    ("count", &counted.len()),
                    ("first", &self.day(*first)),
                    ("last", &self.day(*last)),
                ],
            ),
            _ => self.sentence_of_the_second_wave(inputs),
        }
    }

    /// The name of an agency; a general word for one that is no longer there.
    #[must_use]
    pub fn agency(&self, id: AgencyId) -> String {
        self.registries.agencies.get(&id).map_or_else(|| self.lang.t("agency-unknown"), |agency| agency.name.clone())
    }

    /// The name of a matter.
    #[must_use]
    pub fn matter(&self, id: MatterId) -> String {
        self.registries.matters.get(&id).map_or_else(|| self.lang.t("matter-unknown"), |matter| matter.name.clone())
    }

    /// An inspector by name with the certificate number behind; the number alone if it is not in the registry.
    #[must_use]
    pub fn inspector(&self, cert_no: &str) -> String {
        self.registries.inspectors.get(cert_no).map_or_else(
            || cert_no.to_owned(),
            |inspector| match self.lang {
                Lang::Zh => format!("{}（{cert_no}）", inspector.name),
                Lang::En => format!("{} ({cert_no})", inspector.name),
            },
        )
    }

    fn matters(&self, ids: &[MatterId]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.matter(*id)).collect();
        self.lang.join(&names)
    }

    fn repetition(&self, key: &str, nearest: &Nearest, what: &str) -> String {
        let when = if nearest.first == nearest.last {
            self.day(nearest.first)
        } else {
            format!("{} – {}", self.day(nearest.first), self.day(nearest.last))
        };
        self.lang.ta(
            key,
            &[
                ("agency", &self.agency(nearest.agency)),
                ("when", &when),
                ("what", &what),
                ("gap", &nearest.gap),
                ("limit", &nearest.limit),
            ],
        )
    }

    fn exceeded(&self, exceeded: Exceeded) -> String {
        let key = match exceeded.period {
            Period::Day => "fact-dup-day",
            Period::Week => "fact-dup-week",
            Period::Month => "fact-dup-month",
        };
        self.lang.ta(key, &[("before", &exceeded.before), ("limit", &exceeded.limit)])
    }

    fn with_fault(&self, what: &str, fault: &str) -> String {
        self.lang.ta("fact-fault", &[("what", &what), ("fault", &self.lang.t(fault))])
    }

    fn day(&self, day: NaiveDate) -> String {
        self.lang.date(day, self.registries.zone.local_date(self.now))
    }

    fn days(&self, days: &[NaiveDate]) -> String {
        let written: Vec<String> = days.iter().take(DAYS_WRITTEN).map(|day| self.day(*day)).collect();
        let list = self.lang.join(&written);
        if days.len() > DAYS_WRITTEN {
            return self.lang.ta("fact-and-more", &[("list", &list), ("count", &days.len())]);
        }
        list
    }

    /// When an enterprise says that they came, as far as it knows.
    #[must_use]
    pub fn arrival(&self, at: DateTime<Utc>, known: ArrivalKnown) -> String {
        self.lang.arrival(at, known, self.now, self.registries.zone)
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        self.lang.time(at, self.now, self.registries.zone)
    }

    /// The last day before a deadline, which is the first instant of the next day.
    fn last_day(&self, deadline: DateTime<Utc>) -> String {
        self.day(self.registries.zone.local_date(deadline - TimeDelta::milliseconds(1)))
    }
}

fn hour_minute(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

const fn inspector_fault(fault: InspectorFault) -> &'static str {
    match fault {
        InspectorFault::Unknown => "fault-inspector-unknown",
        InspectorFault::OtherAgency => "fault-inspector-other-agency",
        InspectorFault::Suspended => "fault-inspector-suspended",
        InspectorFault::NotYetValid => "fault-inspector-not-yet",
        InspectorFault::Expired => "fault-inspector-expired",
    }
}

const fn matter_fault(fault: MatterFault) -> &'static str {
    match fault {
        MatterFault::Unknown => "fault-matter-unknown",
        MatterFault::OtherAgency => "fault-matter-other-agency",
        MatterFault::NotYet => "fault-matter-not-yet",
        MatterFault::NoLonger => "fault-matter-no-longer",
    }
}

const fn tick_key(tick: Tick) -> &'static str {
    match tick {
        Tick::DocumentsDemanded => "tick-documents",
        Tick::PremisesInspected => "tick-premises",
        Tick::RectificationAsked => "tick-rectification",
        Tick::FormSigned => "tick-form",
    }
}

mod second_wave;
#[cfg(test)]
mod tests;
