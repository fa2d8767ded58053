//! The dashboard: each number opens exactly its rows, on the page and as a file; the screen names nobody; lists as files.

use crate::cases::world::{Cases, answer};
use crate::console::world::{FIRE, MARKET, World, at};
use crate::support::{Answer, Client};
use mashang::actions::{Actor, Decision, Target, arrive, cancel_filing, decide_violation};
use mashang::domain::filing::Kind;
use mashang::domain::reporter::OpeningReason;
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::storage::contact_openings;
use mashang::storage::filings::Scope;

/// Two agencies, filings in every state, problems suspected, confirmed and dismissed, reports, severity 4.
async fn busy() -> World {
    let world = World::new().await;
    let app = &world.test.app;
    let mut filings = Vec::new();
    for day in 4..=31 {
        filings.push(world.file(if day % 3 == 0 { MARKET } else { FIRE }, &format!("03-{day:02} 10:00")).await);
    }
    world.file_as(MARKET, "03-24 15:00", Kind::ServiceVisit).await;
    let gift = world.report(Some(MARKET), "02-20 09:00", &[3]).await;
    let unknown = world.report(None, "03-02 09:00", &[]).await;
    let mut tx = app.db.write().await.expect("a transaction");
    let target = |n: usize| Target { id: filings[n], scope: Scope::All, version: None, actor: &Actor::System };
    cancel_filing(&mut tx, &app.service, app.clock.now(), target(27), "企业停产检修").await.expect("cancelled");
    tx.commit().await.expect("a commit");
    for (n, decision) in [(6, Decision::Confirm), (7, Decision::Dismiss)] {
        let violation = world.violation(RuleCode::Ndd01, Subject::Filing(filings[n])).await;
        let mut tx = app.db.write().await.expect("a transaction");
        let actor = Actor::User(world.users[0]);
        let now = app.clock.now();
        decide_violation(&mut tx, &app.service, now, &actor, violation.id, None, decision, "依据不足，已核实")
            .await
            .expect("decided");
        tx.commit().await.expect("a commit");
    }
    app.clock.set(at("03-04 10:02"));
    let mut tx = app.db.write().await.expect("a transaction");
    arrive(&mut tx, &app.service, app.clock.now(), target(0)).await.expect("arrived");
    // The contacts of both reports are asked for; one of them is for the discipline office alone.
    for (report, asker) in [(gift, 0), (unknown, 0), (unknown, 1)] {
        let why = (OpeningReason::Verify, "要约时间看监控");
        let (id, now) = (app.service.ids.uuid(app.clock.now()), app.clock.now());
        contact_openings::insert(&mut tx, id, report, why, world.users[asker], now).await.expect("asked");
    }
    tx.commit().await.expect("a commit");
    // Two requests: one is answered, one is late; and a third whose last day is today.
    let cases = Cases { world };
    for (day, n, answered) in [("03-16", 9, true), ("03-16", 10, false), ("03-19", 12, false)] {
        cases.at(&format!("{day} 10:00")).await;
        let mut supervisor = cases.world.signed_in("reform").await;
        let violation = cases.world.violation(RuleCode::Ndd01, Subject::Filing(filings[n])).await;
        let request = cases.ask(&mut supervisor, &[violation.id]).await;
        if answered {
            let mut liaison = cases.world.signed_in("fire").await;
            answer(&mut liaison, &request, "说明", &[]).await.location();
        }
    }
    cases.at("03-26 12:00").await;
    cases.world
}

/// Numbers of a page with where they lead.
fn numbers(page: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for tag in page.split("<a ").skip(1) {
        let (head, rest) = tag.split_once('>').expect("a tag ends");
        if !head.starts_with("class=\"n\"") && !head.starts_with("class=\"stat n\"") {
            continue;
        }
        let href = head.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        let text = rest.trim_start_matches("<b>").split('<').next().expect("a number");
        found.push((text.parse().expect("a number"), href.replace("&#38;", "&").replace("&amp;", "&")));
    }
    found
}

fn rows(page: &str) -> usize {
    page.split_once("<tbody>").map_or(0, |(_, body)| body.matches("<tr").count())
}

/// How many rows a list has on all its pages; its first page too.
async fn listed(client: &mut Client, href: &str) -> (usize, Answer) {
    let first = client.get(href).await;
    assert_eq!(first.status, 200, "{href}");
    let mut text = first.text();
    let mut all = rows(&text);
    while let Some(next) = text.split("<a ").find(|tag| tag.contains("rel=\"next\"")) {
        let next = next.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        text = client.get(&next.replace("&#38;", "&")).await.text();
        all += rows(&text);
    }
    (all, first)
}

fn csv_rows(bytes: &[u8]) -> usize {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").expect("the mark of UTF-8");
    csv::Reader::from_reader(bytes).records().filter(|row| row.as_ref().is_ok_and(|row| !row.is_empty())).count()
}

/// The list of a page as a file.
async fn exported(world: &World, client: &mut Client, page: &Answer, format: &str) -> Vec<u8> {
    let hidden = page.hidden_inputs();
    let value =
        |name: &str| hidden.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone()).expect("a field");
    let fields = [("list", value("list")), ("query", value("query")), ("format", format.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let task = client.post_form("/console/export", &fields).await.location();
    jobs::run_tasks(&world.test.app).await.expect("the task is worked on");
    client.get(&task).await.expect(200, "<h1>导出</h1>");
    let file = client.get(&format!("{task}/file")).await;
    assert_eq!(file.status, 200);
    file.bytes
}

#[tokio::test]
async fn every_number_of_the_dashboard_opens_exactly_its_rows_on_the_page_and_as_a_file() {
    let world = busy().await;
    for who in ["reform", "discipline"] {
        let mut client = world.signed_in(who).await;
        let page = client.get("/console/dashboard?from=2026-01-01&to=2026-03-31").await.expect(200, "数据看板").text();
        let all = numbers(&page);
        assert!(all.len() > 60, "{} numbers", all.len());
        for tab in ["violations?tab=open", "violations?tab=due", "violations?tab=overdue", "explanations?tab=replied"] {
            assert!(all.iter().any(|(_, href)| *href == format!("/console/{tab}")), "nothing in {tab} as {who}");
        }
        let contacts =
            all.iter().find(|(_, href)| href == "/console/reports?contact=waiting").map(|(number, _)| *number);
        assert_eq!(contacts, Some(if who == "discipline" { 2 } else { 1 }), "{who}");
        let mut seen = std::collections::HashMap::new();
        for (number, href) in all {
            if let Some(before) = seen.insert(href.clone(), number) {
                assert_eq!(before, number, "two numbers for {href}");
                continue;
            }
            let (count, first) = listed(&mut client, &href).await;
            assert_eq!(count, number, "{href} as {who}");
            let bytes = if href.starts_with("/console/dashboard/agencies") {
                client.get(&format!("{href}&format=csv")).await.bytes
            } else {
                exported(&world, &mut client, &first, "csv").await
            };
            assert_eq!(csv_rows(&bytes), number, "the file of {href} as {who}");
        }
    }
}

#[tokio::test]
async fn suspected_and_confirmed_stand_apart_and_severity_4_counts_for_the_discipline_office_alone() {
    let world = busy().await;
    let mut counts = Vec::new();
    for who in ["reform", "discipline"] {
        let mut client = world.signed_in(who).await;
        let page = client.get("/console/dashboard?from=2026-01-01&to=2026-03-31").await.text();
        let of = |state: &str| {
            let href = format!("/console/dashboard/cases?from=2026-01-01&to=2026-03-31&state={state}");
            numbers(&page).into_iter().find(|(_, link)| *link == href).map_or(0, |(number, _)| number)
        };
        assert_eq!(of("confirmed"), 1);
        counts.push(of("suspected"));
        assert_eq!(page.contains("INT-01"), who == "discipline");
    }
    assert_eq!(counts[0] + 1, counts[1]);
}

#[tokio::test]
async fn each_panel_is_a_workbook_with_the_numbers_of_the_page() {
    use calamine::{Data, Reader as _, Xlsx};
    let world = busy().await;
    let mut client = world.signed_in("reform").await;
    for panel in ["days", "funnel", "agencies", "trend", "rules", "burden", "quality"] {
        let query = "from=2026-01-01&to=2026-03-31";
        let page = client.get(&format!("/console/dashboard?{query}")).await.text();
        let section = page.split(&format!("id=\"{panel}\"")).nth(1).and_then(|rest| rest.split("</section>").next());
        let section = section.expect("the panel");
        let answer = client.get(&format!("/console/dashboard/{panel}/table.xlsx?{query}")).await;
        assert_eq!(answer.status, 200, "{panel}");
        let mut book = Xlsx::new(std::io::Cursor::new(answer.bytes)).expect("a workbook");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        assert_eq!(sheet.height(), rows(section) + 1, "{panel}");
        let written: f64 = sheet.cells().map(|(_, _, cell)| if let Data::Float(n) = cell { *n } else { 0.0 }).sum();
        let shown: usize = numbers(section).iter().map(|(number, _)| number).sum();
        assert!(
            (written - f64::from(u32::try_from(shown).expect("small"))).abs() < 0.5,
            "{panel}: {written} and {shown}"
        );
    }
    client.get("/console/dashboard/other/table.xlsx").await.expect(404, "没有找到");
    client.get("/console/dashboard/days/table.pdf").await.expect(404, "没有找到");
}

#[tokio::test]
async fn a_screen_shows_figures_to_whoever_has_the_link_names_no_enterprise_and_ends_when_it_is_revoked() {
    let world = busy().await;
    let mut client = world.signed_in("discipline").await;
    client.post_form("/console/screens", &[("name", "")]).await.expect(422, "错误");
    let made = client.post_form("/console/screens", &[("name", "三楼指挥中心")]).await.expect(200, "/screen/").text();
    let path =
        made.split("http://mashang.test/screen/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let path = format!("/screen/{path}");
    let mut wall = world.test.client();
    let shown = wall.get(&path).await.expect(200, "青禾区");
    assert_eq!(shown.header("refresh"), "60");
    let text = shown.text();
    for hidden in ["青禾精密机械有限公司", "/console", "INT-01", "廉洁"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    for told in ["企业上报", "应急", "消防救援", "市场监督"] {
        assert!(!text.contains(told), "{told}");
    }
    // A visit of this month, and a report of it, change nothing before the month is over, whatever day is asked for.
    world.file(FIRE, "03-10 10:00").await;
    world.report(Some(FIRE), "03-03 09:00", &[]).await;
    for asked in ["", "?from=2026-03-01&to=2026-03-31"] {
        assert_eq!(wall.get(&format!("{path}{asked}")).await.text(), text);
    }
    let before = world.test.app.clock.now();
    world.test.app.clock.set(at("04-01 10:00"));
    let later = wall.get(&path).await.text();
    assert!(
        later.contains("<b>&#60;5</b>") || later.contains("<b>&lt;5</b>"),
        "few problems are not told apart: {later}"
    );
    world.test.app.clock.set(before);
    assert!(!client.get("/console/screens").await.text().contains(&path), "a link is shown once");
    let page = client.get("/console/screens").await.text();
    let id = page.split("/console/screens/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id").to_owned();
    client.post_form(&format!("/console/screens/{id}/revoke"), &[]).await.location();
    wall.get(&path).await.expect(404, "没有找到");
    wall.get("/screen/short").await.expect(404, "没有找到");
}

#[tokio::test]
async fn a_liaison_takes_out_the_own_agency_only_and_nothing_that_rests_on_reports() {
    let world = busy().await;
    let mut client = world.signed_in("fire").await;
    for list in ["cases", "reports", "enterprises", "mails", "audit", "nothing"] {
        let fields = [("list", list), ("query", ""), ("format", "csv")];
        assert_eq!(client.post_form("/console/export", &fields).await.status, 404, "{list}");
    }
    let market = world.test.seed.agencies[MARKET];
    for (list, own) in [("filings", FIRE), ("inspectors", FIRE), ("matters", FIRE), ("agencies", FIRE)] {
        let fields = [("list", list), ("query", ""), ("format", "csv")];
        let task = client.post_form("/console/export", &fields).await.location();
        jobs::run_tasks(&world.test.app).await.expect("worked on");
        let file = client.get(&format!("{task}/file")).await.text();
        assert!(file.contains(own) && !file.contains(MARKET), "{list}: {file}");
        let query = format!("agency={market}");
        let fields = [("list", list), ("query", query.as_str()), ("format", "csv")];
        let task = client.post_form("/console/export", &fields).await.location();
        jobs::run_tasks(&world.test.app).await.expect("worked on");
        assert!(!client.get(&format!("{task}/file")).await.text().contains(MARKET), "{list}");
    }
    let mut other = world.signed_in("market").await;
    let fields = [("list", "filings"), ("query", ""), ("format", "xlsx")];
    let task = client.post_form("/console/export", &fields).await.location();
    other.get(&task).await.expect(404, "没有找到");
    let mut admin = world.signed_in("admin").await;
    admin.get("/console/audit").await.expect(200, "导出名单");
}

#[tokio::test]
async fn charts_are_as_wide_as_their_place_and_numbers_stand_before_their_bars() {
    let world = busy().await;
    let mut client = world.signed_in("reform").await;
    let page = client.get("/console/dashboard?from=2026-01-01&to=2026-03-31").await.expect(200, "数据看板").text();
    let bars: Vec<&str> = page.split("<rect class=\"bar ").skip(1).collect();
    assert!(bars.len() > 5, "{} bars", bars.len());
    let share = |tag: &str| {
        let width = tag.split(" width=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a width");
        width.strip_suffix('%').and_then(|share| share.parse::<f64>().ok()).unwrap_or_else(|| panic!("{width}"))
    };
    assert!(bars.iter().all(|bar| share(bar) <= 82.0), "a bar leaves room for its number");
    for row in page.split("<rect class=\"bar ").take(bars.len()) {
        let before = row.rsplit("<text class=\"end\"").next();
        assert!(before.is_some_and(|text| text.contains("</text>")), "no number before a bar");
    }
    let charts = page.split("class=\"chart").skip(1).map(|rest| rest.split("</section>").next().unwrap_or_default());
    let fixed =
        |chart: &str| chart.split('>').next().is_some_and(|tag| tag.contains(" width=") || tag.contains("viewBox"));
    assert!(!charts.into_iter().any(fixed), "a chart has a width of its own");
    assert!(page.matches("<svg viewBox=\"0 0 103 ").count() >= 3, "each month is a drawing of its own, and wraps");
}
