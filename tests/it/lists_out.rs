//! Lists as files: what the filter shows, no more; every list of the console has it.

use crate::console::world::{FIRE, MARKET, World};
use crate::support::{Client, routes};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;

/// Pages of the console that list nothing, or nothing to take out, each with what it is.
const NO_LISTS: &[(&str, &str)] = &[
    ("/console", "leads to the first page of a role"),
    ("/console/sign-in", "a form"),
    ("/console/sign-in/code", "a form"),
    ("/console/dashboard", "figures, each of which opens its list"),
    ("/console/backups", "the last files on the disk and what came of them, for whoever looks after the machine"),
    ("/console/screens", "links of the big screen: secrets"),
    ("/console/monthly", "a form that makes a document"),
    ("/console/bells", "addresses of robots: secrets"),
    ("/console/violations/ask", "a form over what was ticked"),
    ("/console/violations/bulk", "a form over what was ticked"),
    ("/console/quarantine", "what nobody has looked at: once released it is in the lists of reports and filings"),
    ("/console/watch", "whom enterprises named: for the discipline office's eyes, not for files"),
    ("/console/enterprises/suggest", "a part of a page"),
    ("/console/enterprises/new", "a form"),
    ("/console/agencies/new", "a form"),
    ("/console/matters/new", "a form"),
    ("/console/inspectors/new", "a form"),
    ("/console/inspectors/invite", "a form"),
    ("/console/users/new", "a form"),
    ("/console/policy", "numbers with their versions"),
    ("/console/policy/new", "a form"),
    ("/console/policy/what-if", "leads to the latest comparison"),
    ("/console/sheets", "a form; batches are files themselves"),
    ("/console/sheets/preview.svg", "a picture"),
    ("/console/signs/bind", "a form"),
    ("/console/signs/blank", "a form"),
    ("/console/signs/new", "a form"),
    ("/console/import", "a form; past imports have their files"),
    ("/console/settings", "a form"),
    ("/console/settings/second-step", "a form"),
    ("/console/settings/first-password", "a form"),
    ("/console/settings/passkeys", "a form"),
    ("/console/unverified", "what a liaison has yet to answer; each is a filing of the list of filings"),
];

/// A list of a page as a CSV file; the page has to offer it.
async fn file(world: &World, client: &mut Client, page: &str) -> String {
    let shown = client.get(page).await;
    assert_eq!(shown.status, 200, "{page}");
    let text = shown.text();
    let form = text.split("<form").find(|form| form.contains("action=\"/console/export\""));
    let form = form.unwrap_or_else(|| panic!("{page} offers no file"));
    assert!(form.contains("value=\"xlsx\"") && form.contains("value=\"csv\""), "{page}");
    let hidden = shown.hidden_inputs();
    let value = |name: &str| hidden.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let (list, query) = (value("list").expect("a list"), value("query").expect("a query"));
    taken(world, client, &list, &query).await
}

async fn taken(world: &World, client: &mut Client, list: &str, query: &str) -> String {
    let fields = [("list", list), ("query", query), ("format", "csv")];
    let task = client.post_form("/console/export", &fields).await.location();
    jobs::run_tasks(&world.test.app).await.expect("worked on");
    let answer = client.get(&format!("{task}/file")).await;
    assert_eq!(answer.status, 200, "the file of {list}");
    answer.text()
}

#[tokio::test]
async fn every_list_page_of_the_console_can_be_taken_out_by_each_role_that_sees_it() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await;
    let all = routes::all();
    let pages: Vec<&str> = all
        .iter()
        .filter(|route| route.method == "GET" && route.path.starts_with("/console") && !route.path.contains('{'))
        .map(|route| route.path.as_str())
        .collect();
    assert!(pages.len() > 30, "{pages:?}");
    for (page, why) in NO_LISTS {
        assert!(pages.contains(page), "{page} ({why}) is no page any more");
    }
    let lists: Vec<&str> = pages.into_iter().filter(|page| NO_LISTS.iter().all(|(other, _)| other != page)).collect();
    for page in &lists {
        let mut readers = 0;
        for who in ["discipline", "fire", "operator", "admin"] {
            let mut client = world.signed_in(who).await;
            if client.get(page).await.status != 200 {
                continue;
            }
            readers += 1;
            if *page == "/console/dashboard/agencies" {
                let file = client.get(&format!("{page}?format=csv")).await;
                assert!(file.status == 200 && file.text().contains(FIRE));
                client.get(page).await.expect(200, "format=xlsx");
            } else {
                let csv = file(&world, &mut client, page).await;
                assert!(csv.lines().next().is_some_and(|head| head.contains(',')), "{page}: {csv}");
            }
        }
        assert!(readers > 0, "nobody reads {page}");
    }
}

#[tokio::test]
async fn a_file_has_what_the_filter_shows_and_what_the_role_may_see() {
    let world = World::new().await;
    for agency in [FIRE, MARKET] {
        world.file(agency, "03-15 10:00").await;
    }
    let fire = world.test.seed.agencies[FIRE];
    let mut reform = world.signed_in("reform").await;
    let all = file(&world, &mut reform, "/console/violations").await;
    assert!(all.contains(FIRE) && all.contains(MARKET) && all.contains("NDD-01"), "{all}");
    let some = file(&world, &mut reform, &format!("/console/violations?agency={fire}")).await;
    assert!(some.contains(FIRE) && !some.contains(MARKET), "{some}");
    let closed = file(&world, &mut reform, "/console/violations?tab=closed").await;
    assert_eq!(closed.lines().count(), 1, "{closed}");

    let mut operator = world.signed_in("operator").await;
    let signs = file(&world, &mut operator, "/console/signs?kind=agency").await;
    assert!(signs.contains(FIRE) && !signs.contains("青禾精密机械"), "{signs}");

    let mut admin = world.signed_in("admin").await;
    let people = file(&world, &mut admin, "/console/users").await;
    assert!(people.lines().count() == 7 && people.contains("fire@qh.gov.cn"), "{people}");
    assert!(!people.contains("$argon2"), "no password leaves");

    // A quarter with too few ratings says so, as the page does.
    let mut liaison = world.signed_in("fire").await;
    let ratings = file(&world, &mut liaison, "/console/ratings").await;
    assert!(ratings.lines().count() == 9 && ratings.contains("少于 5 份"), "{ratings}");
    for list in ["inbox", "circulation", "signs", "users"] {
        let fields = [("list", list), ("query", ""), ("format", "csv")];
        assert_eq!(liaison.post_form("/console/export", &fields).await.status, 404, "{list}");
    }
}

#[tokio::test]
async fn a_search_without_words_finds_nothing_on_the_page_and_in_the_file() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    for typed in ["。，！", "---", "（）"] {
        let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let page = format!("/console/enterprises?q={query}");
        operator.get(&page).await.expect(200, "没有符合筛选条件的记录");
        let file = file(&world, &mut operator, &page).await;
        assert_eq!(file.lines().count(), 1, "{typed}: {file}");
    }
}
