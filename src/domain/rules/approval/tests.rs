//! Cases of FIL-05 and FIL-07.

use crate::domain::filing::{Filing, Kind, SpecialPapers};
use crate::domain::rule::RuleCode::{Fil05, Fil07};
use crate::domain::rules::test_support::{Case, on, report, t};
use crate::domain::rules::{ApprovalFault, Inputs, Paper};
use rstest::rstest;

/// Arrived on Wednesday 2026-03-04 at 09:00.
fn came() -> Filing {
    on(1, "2026-03-04").done()
}

#[rstest]
#[case::before(came().approved("王局", "2026-03-03 17:00"), "")]
#[case::at_that_instant(came().approved("王局", "2026-03-04 09:00"), "")]
#[case::a_second_later(came().approved("王局", "2026-03-04 09:00:01"), "F1:2")]
#[case::by_an_inspector(came().approved("甲", "2026-03-03 17:00"), "F1:2")]
#[case::by_an_inspector_with_blanks(came().approved(" 乙 ", "2026-03-03 17:00"), "F1:2")]
#[case::by_an_inspector_who_does_not_come(came().approved("停", "2026-03-03 17:00"), "")]
#[case::by_a_number(came().inspectors(&["500-1", "乙"]).approved("500-1", "2026-03-03 17:00"), "F1:2")]
#[case::not_at_all(came(), "F1:2")]
#[case::immediate(came().kind(Kind::Immediate), "")]
#[case::clue(came().kind(Kind::Clue), "F1:2")]
#[case::emergency(came().exempt("E02"), "")]
#[case::other_exemption(came().exempt("E04"), "F1:2")]
#[case::planned(on(1, "2026-03-04"), "")]
#[case::service_visit(came().kind(Kind::ServiceVisit), "")]
#[case::cancelled(came().cancelled(), "")]
fn fil_05(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f]).second_wave().found(Fil05), expected);
}

#[test]
fn fil_05_a_missing_approval_may_be_entered_for_three_working_days() {
    // Wednesday: Thursday, Friday, Monday 9th.
    let at = |now: &str| Case::of([came()]).second_wave().now(now);
    assert_eq!(at("2026-03-04 09:00").found(Fil05), "F1:1");
    assert_eq!(at("2026-03-09 23:59:59").found(Fil05), "F1:1");
    assert_eq!(at("2026-03-10 00:00").found(Fil05), "F1:2");
    assert_eq!(at("2026-03-09 23:59:59").assess().next_change, Some(t("2026-03-10 00:00")));
    let entered = Case::of([came().approved("王局", "2026-03-03 17:00")]).second_wave().now("2026-03-09 12:00");
    assert_eq!(entered.found(Fil05), "");
    let late = Case::of([came().approved("王局", "2026-03-04 09:01")]).second_wave().now("2026-03-04 10:00");
    assert_eq!(late.found(Fil05), "F1:2", "a late one does not wait");
    let Inputs::Fil05(facts) = late.inputs(Fil05) else { panic!("inputs of FIL-05") };
    assert_eq!((facts.fault, facts.approver.as_str()), (ApprovalFault::Late, "王局"));
    let none = Case::of([came()]).policy(|p| {
        p.rules.fil_05.enabled = true;
        p.rules.fil_05.working_days = 0;
    });
    assert_eq!(none.now("2026-03-04 23:59").found(Fil05), "F1:1", "the day itself");
}

#[test]
fn fil_05_an_arrival_may_be_known_from_a_report() {
    let f = on(1, "2026-03-04").approved("王局", "2026-03-04 08:30");
    let case = Case::of([f]).reports([report(1, "2026-03-04 08:20")]).second_wave();
    assert_eq!(case.found(Fil05), "F1:2");
    let Inputs::Fil05(facts) = case.inputs(Fil05) else { panic!("inputs of FIL-05") };
    assert!(facts.report.is_some());
    let mut own = case.clone();
    own.dossier = own.dossier.without_reports();
    assert_eq!(own.found(Fil05), "", "the agency sees nothing of it");
}

fn papers(document: &str, reference: &str, link: &str) -> Filing {
    let [approval_document, filing_reference, publication_link] = [document, reference, link].map(str::to_owned);
    let special = SpecialPapers { approval_document, filing_reference, publication_link };
    Filing { special, ..on(1, "2026-03-04").kind(Kind::Special) }
}

#[rstest]
#[case::all("渝府〔2026〕1号", "备1", "https://jlp.example/1", "", "")]
#[case::no_document(" ", "备1", "https://jlp.example/1", "F1:1", "F1:2")]
#[case::no_reference("渝府〔2026〕1号", "", "https://jlp.example/1", "F1:1", "F1:2")]
#[case::no_link("渝府〔2026〕1号", "备1", "", "F1:1", "F1:2")]
#[case::nothing("", "", "", "F1:1", "F1:2")]
fn fil_07(
    #[case] document: &str,
    #[case] reference: &str,
    #[case] link: &str,
    #[case] planned: &str,
    #[case] done: &str,
) {
    let f = || papers(document, reference, link);
    assert_eq!(Case::of([f()]).second_wave().found(Fil07), planned);
    assert_eq!(Case::of([f().done()]).second_wave().found(Fil07), done);
    assert_eq!(Case::of([f().kind(Kind::Daily)]).second_wave().found(Fil07), "", "special inspections only");
    assert_eq!(Case::of([f()]).found(Fil07), "", "off by default");
}

#[test]
fn fil_07_lists_what_is_missing() {
    let Inputs::Fil07(facts) = Case::of([papers("", "备1", "")]).second_wave().inputs(Fil07) else { panic!("inputs") };
    assert_eq!(facts.missing, [Paper::ApprovalDocument, Paper::PublicationLink]);
}
