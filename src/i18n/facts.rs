//! The facts of a verdict as one sentence: what a rule found, with which agency's filing and which day.

use super::Lang;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::rules::{Exceeded, Inputs, InspectorFault, MatterFault, Nearest, Period, Tick};
use chrono::{DateTime, NaiveDate, Utc};
use std::fmt::Display;

/// How many days, names or matters a sentence lists before it says how many more there are.
const LISTED: usize = 4;

/// Makes sentences of facts, for one reader at one time.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// Where names of agencies, matters and inspectors are found.
    pub registries: &'a Registries,
    /// Decides whether years are written.
    pub now: DateTime<Utc>,
}

impl Facts<'_> {
    /// The sentence.
    #[must_use]
    pub fn sentence(&self, inputs: &Inputs) -> String {
        match inputs {
            Inputs::Ndd01 { days, .. } => self.say("fact-ndd-01", &[("days", &self.days(days))]),
            Inputs::Dup01 { nearest, matters, .. } => {
                self.repetition("fact-dup-01", nearest, &self.list(matters.iter().map(|m| self.matter(*m))))
            }
            Inputs::Dup02 { nearest, groups, .. } => {
                self.repetition("fact-dup-02", nearest, &self.list(groups.iter().cloned()))
            }
            Inputs::Dup03 { exceeded, .. } => self.list(exceeded.iter().map(|e| self.exceeded(*e))),
            Inputs::Frq01 { year, root, rank, cap, .. } => self.say(
                "fact-frq-01",
                &[("agency", &self.agency(*root)), ("year", &year.to_string()), ("rank", rank), ("cap", cap)],
            ),
            Inputs::Fil01 { first, working_days, required, .. } => {
                self.say("fact-fil-01", &[("day", &self.date(*first)), ("days", working_days), ("required", required)])
            }
            Inputs::Fil02 { filed_at, arrived_at, .. } => {
                self.say("fact-fil-02", &[("arrived", &self.time(*arrived_at)), ("filed", &self.time(*filed_at))])
            }
            Inputs::Fil03 { filed_at, arrived_at, hours, .. } => self.say(
                "fact-fil-03",
                &[("arrived", &self.time(*arrived_at)), ("filed", &self.time(*filed_at)), ("hours", hours)],
            ),
            Inputs::Fil04 { day, .. } => self.say("fact-fil-04", &[("day", &self.date(*day))]),
            Inputs::Per01 { named, valid, min, .. } => {
                self.say("fact-per-01", &[("named", named), ("valid", valid), ("min", min)])
            }
            Inputs::Per02 { invalid, .. } => self.list(invalid.iter().map(|i| self.inspector(&i.cert_no, i.fault))),
            Inputs::Sco02 { matters, .. } => self.list(matters.iter().map(|m| self.unpublished(m.matter, m.fault))),
            Inputs::Exm01 { code, reason_chars, min_chars, evidence_missing, .. } => {
                let key = if *evidence_missing { "fact-exm-01-evidence" } else { "fact-exm-01-reason" };
                self.say(key, &[("code", code), ("chars", reason_chars), ("min", min_chars)])
            }
            Inputs::Tim01 { day, time, from, to, working_day, .. } => {
                let key = if *working_day { "fact-tim-01" } else { "fact-tim-01-rest" };
                let values = [time, from, to].map(|t| t.format("%H:%M").to_string());
                let [time, from, to] = &values;
                self.say(key, &[("day", &self.date(*day)), ("time", time), ("from", from), ("to", to)])
            }
            Inputs::Low01 { cert_no, inspections, .. } => {
                self.say("fact-low-01", &[("name", &self.name(cert_no)), ("count", &inspections.len())])
            }
            Inputs::Res01 { deadline, .. } => {
                // The deadline is the first instant after the last day.
                let last = self.registries.zone.local_date(*deadline).pred_opt().unwrap_or_default();
                self.say("fact-res-01", &[("day", &self.date(last))])
            }
            Inputs::Rec01 { filing_at, report_at, inspectors, visitors, .. } => {
                let visitors = visitors.map_or_else(|| self.lang.t("fact-unknown"), |v| v.to_string());
                self.say(
                    "fact-rec-01",
                    &[
                        ("filing", &self.time(*filing_at)),
                        ("report", &self.time(*report_at)),
                        ("inspectors", inspectors),
                        ("visitors", &visitors),
                    ],
                )
            }
            Inputs::Prc01 { certificate, notice, .. } => self.lang.t(match (certificate, notice) {
                (true, true) => "fact-prc-01-both",
                (true, false) => "fact-prc-01-certificate",
                _ => "fact-prc-01-notice",
            }),
            Inputs::Dis01 { ticks, .. } => {
                self.say("fact-dis-01", &[("done", &self.list(ticks.iter().map(|t| self.tick(*t))))])
            }
            Inputs::Int01 { .. } => self.lang.t("fact-int-01"),
        }
    }

    fn say(&self, key: &str, values: &[(&'static str, &dyn Display)]) -> String {
        self.lang.ta(key, values)
    }

    fn repetition(&self, key: &str, nearest: &Nearest, what: &str) -> String {
        let values: [(&'static str, &dyn Display); 5] = [
            ("agency", &self.agency(nearest.agency)),
            ("day", &self.date(nearest.first)),
            ("what", &what),
            ("gap", &nearest.gap),
            ("limit", &nearest.limit),
        ];
        self.say(key, &values)
    }

    fn exceeded(&self, exceeded: Exceeded) -> String {
        let key = match exceeded.period {
            Period::Day => "fact-dup-03-day",
            Period::Week => "fact-dup-03-week",
            Period::Month => "fact-dup-03-month",
        };
        self.say(key, &[("before", &exceeded.before), ("limit", &exceeded.limit)])
    }

    fn inspector(&self, cert_no: &str, fault: InspectorFault) -> String {
        let key = match fault {
            InspectorFault::Unknown => "fact-per-02-unknown",
            InspectorFault::OtherAgency => "fact-per-02-other-agency",
            InspectorFault::Suspended => "fact-per-02-suspended",
            InspectorFault::NotYetValid => "fact-per-02-not-yet",
            InspectorFault::Expired => "fact-per-02-expired",
        };
        self.say(key, &[("name", &self.name(cert_no))])
    }

    fn unpublished(&self, matter: MatterId, fault: MatterFault) -> String {
        let key = match fault {
            MatterFault::Unknown => "fact-sco-02-unknown",
            MatterFault::OtherAgency => "fact-sco-02-other-agency",
            MatterFault::NotYet => "fact-sco-02-not-yet",
            MatterFault::NoLonger => "fact-sco-02-no-longer",
        };
        self.say(key, &[("matter", &self.matter(matter))])
    }

    fn tick(&self, tick: Tick) -> String {
        self.lang.t(match tick {
            Tick::DocumentsDemanded => "tick-documents",
            Tick::PremisesInspected => "tick-premises",
            Tick::RectificationAsked => "tick-rectification",
            Tick::FormSigned => "tick-form",
        })
    }

    fn agency(&self, id: AgencyId) -> String {
        self.registries.agencies.get(&id).map_or_else(|| self.lang.t("fact-unknown"), |a| a.name.clone())
    }

    fn matter(&self, id: MatterId) -> String {
        self.registries.matters.get(&id).map_or_else(|| self.lang.t("fact-unknown"), |m| m.name.clone())
    }

    fn name(&self, cert_no: &str) -> String {
        self.registries.inspectors.get(cert_no).map_or_else(|| cert_no.to_owned(), |i| i.name.clone())
    }

    fn date(&self, day: NaiveDate) -> String {
        self.lang.date(day, self.registries.zone.local_date(self.now))
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        self.lang.time(at, self.now, self.registries.zone)
    }

    fn days(&self, days: &[NaiveDate]) -> String {
        self.list(days.iter().map(|day| self.date(*day)))
    }

    fn list(&self, items: impl Iterator<Item = String>) -> String {
        let items: Vec<String> = items.collect();
        let shown = items.iter().take(LISTED).cloned().collect::<Vec<_>>();
        let comma = if self.lang == Lang::Zh { "、" } else { ", " };
        match items.len().saturating_sub(LISTED) {
            0 => shown.join(comma),
            more => self.say("fact-and-more", &[("list", &shown.join(comma)), ("more", &more)]),
        }
    }
}
