//! What happens in the made-up year: visits that mostly keep the rules, some that do not, and reports by enterprises.

use super::calm::Calm;
use super::dice::Dice;
use super::registry::District;
use super::words::REPORTS;
use crate::domain::calendar::NoDisturb;
use crate::domain::day::Zone;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, VisitResult};
use crate::domain::holidays::Holidays;
use crate::domain::visit_report::Answer;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

/// How many visits are thought up; those that are not allowed to exist yet are left out.
const VISITS: usize = 640;

/// How far ahead agencies plan, in days.
const AHEAD: u64 = 14;

/// Where and when.
#[derive(Debug)]
pub struct Setting<'a> {
    /// The district.
    pub district: &'a District,
    /// Holidays.
    pub holidays: &'a Holidays,
    /// Its zone.
    pub zone: Zone,
    /// The first day of the year.
    pub first: NaiveDate,
    /// The instant at which the year ends.
    pub now: DateTime<Utc>,
}

/// A filing that will be made. Agencies, enterprises and matters are places in the district's lists.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Number of the visit.
    pub number: usize,
    /// The agency.
    pub agency: usize,
    /// The enterprise.
    pub enterprise: usize,
    /// Kind.
    pub kind: Kind,
    /// The matter, by its place in the agency's list.
    pub matter: usize,
    /// Exemption, reason and evidence.
    pub exemption: Option<(ExemptionCode, &'static str, String)>,
    /// Certificate numbers.
    pub inspectors: Vec<String>,
    /// Planned start.
    pub start: DateTime<Utc>,
    /// Planned end.
    pub end: DateTime<Utc>,
    /// Arrival that is claimed when it is filed afterwards.
    pub arrived: Option<DateTime<Utc>>,
}

/// A report that will be made.
#[derive(Clone, Debug)]
pub struct Told {
    /// The agency, if the reporter knows it.
    pub agency: Option<usize>,
    /// The enterprise.
    pub enterprise: usize,
    /// When they came.
    pub arrived: DateTime<Utc>,
    /// The enterprise proved itself.
    pub verified: bool,
    /// Certificate shown.
    pub certificate: Answer,
    /// Documents were demanded and premises inspected.
    pub ticks: bool,
    /// Called a service visit.
    pub service: bool,
    /// One of the eight 不得.
    pub prohibited: Option<u8>,
    /// In the reporter's words.
    pub words: &'static str,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Event {
    /// An agency files.
    File(Box<Visit>),
    /// The inspectors of a visit have arrived.
    Arrive(usize),
    /// They have left.
    Leave(usize),
    /// What came out of it.
    Result(usize, VisitResult),
    /// The visit does not take place.
    Cancel(usize),
    /// An enterprise reports.
    Report(Box<Told>),
    /// The supervisor goes through what is open.
    Decide,
}

/// All that happens until now, in order.
pub fn plan(setting: &Setting<'_>, dice: &Dice) -> Vec<(DateTime<Utc>, Event)> {
    let mut year = Year { setting, dice, calm: Calm::default(), calendar: NoDisturb::default(), events: Vec::new() };
    let mut visits = Vec::new();
    for number in 0..VISITS {
        visits.extend(year.visit(number));
    }
    visits.sort_by_key(|visit| visit.start);
    for visit in &visits {
        year.tell(visit);
    }
    for _ in 0..16 {
        year.unfiled();
    }
    super::stage::set(&mut year, VISITS);
    year.decisions();
    let mut events = year.events;
    events.retain(|(at, _)| *at <= setting.now);
    events.sort_by_key(|(at, _)| *at);
    events
}

/// The year as it is being thought up.
pub struct Year<'a> {
    pub(super) setting: &'a Setting<'a>,
    dice: &'a Dice,
    calm: Calm,
    pub(super) calendar: NoDisturb,
    pub(super) events: Vec<(DateTime<Utc>, Event)>,
}

impl Year<'_> {
    /// An instant of a local day.
    pub(super) fn at(&self, day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
        self.setting.zone.instant(day, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
    }

    pub(super) fn add(&mut self, at: DateTime<Utc>, event: Event) {
        self.events.push((at, event));
    }

    /// The local day of now.
    pub(super) fn today(&self) -> NaiveDate {
        self.setting.zone.local_date(self.setting.now)
    }

    /// The working day that is `n` working days before `day`.
    pub(super) fn working_days_before(&self, day: NaiveDate, n: usize) -> NaiveDate {
        let earlier = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt);
        earlier.filter(|d| self.setting.holidays.is_working_day(*d)).nth(n.saturating_sub(1)).unwrap_or(day)
    }

    /// A working day of the year: most are open ones.
    fn day(&self) -> NaiveDate {
        let width = (self.today() - self.setting.first).num_days() + i64::try_from(AHEAD).unwrap_or(0);
        for _ in 0..200 {
            let day = self.setting.first + Days::new(u64::try_from(self.dice.between(12, width)).unwrap_or(0));
            let wanted = !self.calendar.is_no_disturb(day) || self.dice.percent(14);
            if wanted && self.setting.holidays.is_working_day(day) {
                return day;
            }
        }
        self.today()
    }

    fn agency(&self) -> usize {
        let agencies = &self.setting.district.agencies;
        let mut throw = self.dice.below(agencies.iter().map(|a| a.weight).sum());
        for (n, agency) in agencies.iter().enumerate() {
            match throw.checked_sub(agency.weight) {
                Some(rest) => throw = rest,
                None => return n,
            }
        }
        0
    }

    /// A visit with all that follows from it, if it can have been filed by now.
    fn visit(&mut self, number: usize) -> Option<Visit> {
        let (dice, district) = (self.dice, self.setting.district);
        let agency = self.agency();
        let place = &district.agencies[agency];
        let matter = dice.below(place.matters.len());
        let kind = match dice.below(100) {
            0..62 => Kind::Daily,
            62..80 => Kind::Special,
            80..88 => Kind::Clue,
            88..92 => Kind::Immediate,
            92..96 => Kind::OnRequest,
            _ => Kind::ServiceVisit,
        };
        let day = self.day();
        let careful = !dice.percent(7);
        let enterprise = self.calm.place(dice, district, (agency, matter), day, careful);
        let start = self.at(day, u32::try_from(dice.between(9, 15)).unwrap_or(9), *dice.pick(&[0, 15, 30, 45]));
        let end = start + TimeDelta::minutes(*dice.pick(&[60, 90, 120, 150]));
        let arrived = start + TimeDelta::minutes(dice.between(-5, 20));
        let filed = match kind {
            Kind::Immediate => arrived + TimeDelta::minutes(if dice.percent(90) { 50 } else { 60 * 30 }),
            Kind::Clue | Kind::OnRequest => self.at(self.working_days_before(day, 2), 10, 20),
            _ if dice.percent(4) => arrived + TimeDelta::minutes(150),
            _ => {
                let ahead = if dice.percent(90) { dice.between(4, 8) } else { 1 };
                let before = self.working_days_before(day, usize::try_from(ahead).unwrap_or(4));
                self.at(
                    before,
                    u32::try_from(dice.between(9, 16)).unwrap_or(9),
                    5 * u32::try_from(dice.below(12)).unwrap_or(0),
                )
            }
        };
        if filed > self.setting.now || filed < self.at(self.setting.first, 8, 0) {
            return None;
        }
        let exempt = self.calendar.is_no_disturb(day) && dice.percent(65);
        let inspectors = self.inspectors(agency);
        let backfiled = filed > arrived;
        let visit = Visit {
            number,
            agency,
            enterprise,
            kind,
            matter,
            exemption: exempt.then(|| self.exemption(number)),
            inspectors,
            start,
            end,
            arrived: backfiled.then_some(arrived),
        };
        self.add(filed, Event::File(Box::new(visit.clone())));
        if dice.percent(4) && !backfiled {
            self.add(filed + (start - filed) / 2, Event::Cancel(number));
            return None;
        }
        if dice.percent(3) && !backfiled {
            // Filed, and nobody came.
            return Some(visit);
        }
        if !backfiled {
            self.add(arrived, Event::Arrive(number));
        }
        let left = end.max(filed) + TimeDelta::minutes(dice.between(-10, 15));
        self.add(left.max(filed + TimeDelta::minutes(2)), Event::Leave(number));
        if dice.percent(95) {
            let result = match dice.below(10) {
                0..6 => VisitResult::NoProblem,
                6..8 => VisitResult::CorrectedOnSite,
                8 => VisitResult::OrderToRectify,
                _ => VisitResult::Other,
            };
            self.add(left + TimeDelta::minutes(dice.between(20, 300)), Event::Result(number, result));
        }
        Some(visit)
    }

    fn inspectors(&self, agency: usize) -> Vec<String> {
        let own = &self.setting.district.agencies[agency].inspectors;
        let first = self.dice.below(own.len());
        let mut chosen = vec![own[first].clone(), own[(first + 1) % own.len()].clone()];
        if self.dice.percent(3) {
            chosen.truncate(1);
        } else if agency == 1 && self.dice.percent(6) {
            chosen[1].clone_from(&self.setting.district.expired);
        }
        chosen
    }

    fn exemption(&self, number: usize) -> (ExemptionCode, &'static str, String) {
        let (code, reason) = *self.dice.pick(&[
            (ExemptionCode::E04, "收到投诉举报，需要到现场核实情况"),
            (ExemptionCode::E06, "已立案，需要到现场调取证据材料"),
            (ExemptionCode::E08, "责令整改期限已到，需要现场复查"),
            (ExemptionCode::E05, "上级统一部署的专项行动，时间由上级确定"),
            (ExemptionCode::E10, "在线监测数据连续三日异常，需要现场核查"),
        ]);
        let evidence = if self.dice.percent(85) {
            format!("青禾〔{}〕第{}号", self.today().format("%Y"), 100 + number)
        } else {
            String::new()
        };
        (code, reason, evidence)
    }

    /// One enterprise in nine says that it was visited.
    fn tell(&mut self, visit: &Visit) {
        let dice = self.dice;
        if !dice.percent(11) || visit.start > self.setting.now {
            return;
        }
        let arrived = visit.arrived.unwrap_or(visit.start) + TimeDelta::minutes(if dice.percent(88) { 10 } else { 95 });
        let told = Told {
            agency: Some(visit.agency),
            enterprise: visit.enterprise,
            arrived,
            verified: dice.percent(70),
            certificate: if dice.percent(90) { Answer::Yes } else { Answer::No },
            ticks: false,
            service: false,
            prohibited: None,
            words: dice.pick::<&str>(REPORTS),
        };
        self.add(visit.end + TimeDelta::hours(dice.between(1, 30)), Event::Report(Box::new(told)));
    }

    /// A visit that nobody filed, told by the enterprise.
    fn unfiled(&mut self) {
        let dice = self.dice;
        let day = self.day();
        let arrived = self.at(day, u32::try_from(dice.between(9, 16)).unwrap_or(9), 10);
        let service = dice.percent(25);
        let told = Told {
            agency: (!dice.percent(15)).then(|| self.agency()),
            enterprise: 1 + dice.below(self.setting.district.enterprises.len() - 1),
            arrived,
            verified: dice.percent(75),
            certificate: *dice.pick(&[Answer::Yes, Answer::No, Answer::Unknown]),
            ticks: true,
            service,
            prohibited: dice.percent(12).then_some(3),
            words: dice.pick::<&str>(REPORTS),
        };
        self.add(arrived + TimeDelta::hours(dice.between(2, 28)), Event::Report(Box::new(told)));
    }

    /// The supervisor works each Monday and Thursday morning.
    fn decisions(&mut self) {
        let mut day = self.setting.first + Days::new(20);
        while day < self.today() {
            if self.setting.holidays.is_working_day(day) {
                self.add(self.at(day, 10, 7), Event::Decide);
            }
            day = day + Days::new(3);
        }
    }
}
