//! What a newcomer meets first: at the enterprise whose code is scanned there is a visit today, a filing that meets a no-disturb day, and
//! its alert; and in the console there is a visit that nobody filed, which has just become a violation.

use super::plan::{Event, Told, Visit, Year};
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, VisitResult};
use crate::domain::visit_report::Answer;
use chrono::{Days, NaiveDate, TimeDelta};

/// Adds it to the year; `number` and the following are free for visits.
pub fn set(year: &mut Year<'_>, number: usize) {
    past_visit(year, number, 2, 210);
    past_visit(year, number + 1, 4, 130);
    today(year, number + 2);
    conflict(year, number + 3);
    unreported(year);
}

fn visit(year: &Year<'_>, number: usize, agency: usize, day: NaiveDate, hours: (u32, u32)) -> Visit {
    Visit {
        number,
        agency,
        enterprise: 0,
        kind: Kind::Daily,
        matter: 0,
        exemption: None,
        inspectors: year.setting.district.agencies[agency].inspectors.iter().take(2).cloned().collect(),
        start: year.at(day, hours.0, 30),
        end: year.at(day, hours.1, 30),
        arrived: None,
    }
}

/// A visit some time ago, as it should be.
fn past_visit(year: &mut Year<'_>, number: usize, agency: usize, days_ago: u64) {
    let open = |day: &NaiveDate| year.setting.holidays.is_working_day(*day) && !year.calendar.is_no_disturb(*day);
    let day = std::iter::successors(Some(year.today() - Days::new(days_ago)), NaiveDate::succ_opt).find(open);
    let day = day.unwrap_or_else(|| year.today());
    let visit = visit(year, number, agency, day, (9, 11));
    let (start, end) = (visit.start, visit.end);
    year.add(year.at(year.working_days_before(day, 5), 14, 10), Event::File(Box::new(visit)));
    year.add(start + TimeDelta::minutes(4), Event::Arrive(number));
    year.add(end, Event::Leave(number));
    year.add(end + TimeDelta::minutes(40), Event::Result(number, VisitResult::NoProblem));
}

/// A visit of today with a cause that lifts the no-disturb days.
fn today(year: &mut Year<'_>, number: usize) {
    let day = year.today();
    let mut visit = visit(year, number, 3, day, (9, 11));
    visit.kind = Kind::Clue;
    let evidence = format!("青禾投〔{}〕第318号", day.format("%Y"));
    visit.exemption = Some((ExemptionCode::E04, "收到噪声扰民投诉，需要到现场核实", evidence));
    let start = visit.start;
    year.add(year.at(day - Days::new(1), 9, 40), Event::File(Box::new(visit)));
    year.add(start + TimeDelta::minutes(3), Event::Arrive(number));
}

/// Yesterday somebody filed for a no-disturb day without a reason.
fn conflict(year: &mut Year<'_>, number: usize) {
    let today = year.today();
    let still = |day: &NaiveDate| year.setting.holidays.is_working_day(*day) && year.calendar.is_no_disturb(*day);
    let ahead = std::iter::successors(Some(today + Days::new(6)), NaiveDate::succ_opt).find(still);
    let visit = visit(year, number, 1, ahead.unwrap_or(today), (14, 16));
    year.add(year.at(today - Days::new(1), 10, 20), Event::File(Box::new(visit)));
}

/// A verified report whose three working days for a filing are just over.
fn unreported(year: &mut Year<'_>) {
    let day = year.working_days_before(year.today(), 4);
    let told = Told {
        agency: Some(6),
        enterprise: 12,
        arrived: year.at(day, 15, 20),
        verified: true,
        certificate: Answer::Yes,
        ticks: true,
        service: false,
        prohibited: None,
        words: "来了两个人，没有扫码，看了仓库，说下次再来。",
    };
    year.add(year.at(day, 17, 0), Event::Report(Box::new(told)));
}
