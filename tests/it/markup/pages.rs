//! Every page of every role, with hostile words in every column that it shows.

use super::crawl::Crawl;
use super::dressed::{Dressed, NOW, columns, path_of};
use crate::support::Client;
use chrono::TimeDelta;
use mashang::demo::SignIn;
use mashang::jobs;
use std::collections::BTreeSet;

/// Routes that nobody opens with 200 here, and why no words could be shown there.
const NOT_OPENED: &[(&str, &str)] = &[
    ("GET /console", "leads to the first page of a role"),
    ("GET /console/policy/what-if", "leads to the latest comparison"),
    ("GET /console/settings/first-password", "for a password that somebody else gave; nothing but a form"),
    ("GET /console/sign-in/code", "a form between two steps"),
    ("GET /console/sign-in/{provider}", "leads to a provider"),
    ("GET /console/sign-in/{provider}/back", "comes back from a provider"),
    ("GET /console/signs/bind", "leads to the sign"),
    ("GET /e/{token}/check", "leads to the form"),
    ("GET /e/{token}/confirm", "leads to the page of the enterprise"),
    ("GET /e/{token}/report/receipt/{key}", "after a report; tests/it/markup/fields.rs sends one"),
    ("GET /e/{token}/report/receipt/{key}/image.png", "a picture of digits"),
    ("GET /e/{token}/urgent/{id}", "after an urgent visit; tests/it/markup/fields.rs sends one"),
    ("GET /favicon.ico", "leads to a picture"),
];

/// Columns whose words were seen on no page and in no file that a link leads to, and why.
const NOT_SHOWN: &[(&str, &str, &str)] = &[
    ("api_tokens", "name", "told by the command line only"),
    ("decisions", "reason", "kept for who undoes a decision; the page shows the violation's own"),
    ("bell_messages", "words", "sent to a chat by a robot; none was rung here"),
    ("bell_messages", "last_error", "what a robot answered; none was rung here"),
];

/// People of the demonstration that the guide does not name.
fn of(email: &str) -> SignIn {
    let name = email.split('@').next().unwrap_or_default();
    SignIn { email: email.to_owned(), password: format!("demo-{name}") }
}

fn owned(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// What has to be asked for before there is a page of it.
async fn stage(dressed: &Dressed, supervisor: &mut Client, admin: &mut Client) -> Vec<String> {
    let screen = supervisor.post_form("/console/screens", &[("name", "<b>大屏</b>")]).await;
    let bell = [
        ("kind", "wecom"),
        ("name", "<b>群</b>"),
        ("url", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555"),
    ];
    admin.post_form("/console/bells", &bell).await;
    let mut more = Vec::new();
    for (reader, paper) in [("internal", "docx"), ("agencies", "pdf")] {
        let fields = [("month", "2026-02"), ("reader", reader), ("paper", paper)];
        more.push(supervisor.post_form("/console/monthly", &fields).await.location());
    }
    // The policy as it stands, over the past.
    let draft = super::reader::page(&admin.get("/console/policy/new").await.text());
    let form = draft.forms.into_iter().find(|form| form.post && form.fields.len() > 20).expect("the form of a policy");
    let fields = form.fields.iter().filter(|field| field.sent).map(|field| (field.name.as_str(), field.value.as_str()));
    let fields: Vec<(&str, &str)> = fields.collect();
    let compared = admin.post_form("/console/policy/what-if", &fields).await;
    assert_eq!(compared.status, 303, "{}", compared.text());
    let compared = compared.location();
    more.extend([compared.replace("/tasks/", "/policy/what-if/"), compared]);
    while jobs::run_tasks(&dressed.app).await.expect("worked on") > 0 {}
    let link = super::reader::page(&screen.text());
    more.extend(link.links.into_iter().filter(|link| link.contains("/screen/")).map(|link| path_of(&link).to_owned()));
    more
}

/// Fields that hold a secret. A code of an app or a receipt is read from elsewhere and typed once: it is shown.
const SECRET: [&str; 5] = ["password", "current", "pin", "pin_again", "secret"];

/// Pages of one filing on the phone.
const FILING: [&str; 6] = ["", "/arrive", "/change", "/papers", "/cancel", "/result"];

/// Objects whose pages show what few others do, found before their words are changed.
struct Ids {
    console: Vec<String>,
    own: Vec<String>,
}

impl Ids {
    async fn of(dressed: &Dressed) -> Self {
        let mut console = Vec::new();
        for (before, sql) in [
            ("/console/reports/", "SELECT report_id AS value FROM contact_openings LIMIT 3"),
            ("/console/violations/", "SELECT violation_id AS value FROM decisions WHERE reason <> '' LIMIT 4"),
            (
                "/console/explanations/",
                "SELECT id AS value FROM explanation_requests WHERE extension_words <> '' LIMIT 3",
            ),
            ("/console/explanations/", "SELECT request_id AS value FROM appeals LIMIT 3"),
            ("/console/violations/", "SELECT violation_id AS value FROM appeals WHERE state = 'asked'"),
            (
                "/console/explanations/",
                "SELECT r.request_id AS value FROM answer_files f JOIN request_answers r ON r.id = f.answer_id",
            ),
            (
                "/console/filings/",
                "SELECT id AS value FROM filings WHERE exemption IS NOT NULL AND evidence_ref <> '' LIMIT 3",
            ),
            ("/console/filings/", "SELECT id AS value FROM filings WHERE cancel_reason <> '' LIMIT 3"),
            ("/console/filings/", "SELECT filing_id AS value FROM unverified_filings"),
            ("/console/filings/", "SELECT id AS value FROM filings WHERE joint_group IS NOT NULL LIMIT 3"),
            ("/console/enterprises/", "SELECT enterprise_id AS value FROM sites LIMIT 2"),
        ] {
            console.extend(dressed.paths(before, sql).await);
        }
        for id in dressed.paths("", "SELECT id AS value FROM sites LIMIT 1").await {
            console.extend([format!("/console/sites/{id}/edit"), format!("/console/sites/{id}/history")]);
        }
        for id in dressed.paths("", "SELECT id AS value FROM enterprises LIMIT 1").await {
            console.push(format!("/console/enterprises/{id}/history"));
        }
        for id in dressed.paths("", "SELECT id AS value FROM users WHERE email = 'supervisor@demo.example'").await {
            console.push(format!("/console/users/{id}/accounts"));
        }
        let sql = "SELECT id AS value FROM filings
            WHERE agency_id = (SELECT agency_id FROM users WHERE role = 'liaison' LIMIT 1) AND arrived_at IS NULL
            ORDER BY filed_at DESC LIMIT 4";
        let own = dressed.paths("", sql).await;
        let sql = "SELECT id AS value FROM filings
            WHERE agency_id = (SELECT agency_id FROM users WHERE role = 'liaison' LIMIT 1) AND result IS NOT NULL
            ORDER BY filed_at DESC LIMIT 2";
        let own = [own, dressed.paths("", sql).await].concat();
        Self { console, own }
    }
}

#[tokio::test]
async fn whatever_the_words_are_every_page_of_every_role_shows_them_as_words() {
    let dressed = Dressed::plain().await;
    let guide = dressed.guide.clone();
    let mut supervisor = dressed.signed_in(&guide.supervisor).await;
    let mut admin = dressed.signed_in(&guide.admin).await;
    let mut operator = dressed.signed_in(&guide.operator).await;
    let mut phone = dressed.phone().await;
    dressed.complete().await;
    let ids = Ids::of(&dressed).await;
    let staged = stage(&dressed, &mut supervisor, &mut admin).await;
    dressed.dress().await;

    let mut crawl = Crawl::new();
    let no_parameter = crawl.routes.iter().filter(|route| route.method == "GET" && !route.path.contains('{'));
    let first: Vec<String> =
        no_parameter.map(|route| route.path.clone()).filter(|path| !path.starts_with("/api")).collect();
    let token = path_of(&guide.enterprise_url);
    let codes =
        dressed.texts("SELECT '/i/' || inspection_code AS value FROM filings ORDER BY filed_at DESC LIMIT 40").await;
    let left = "SELECT id AS value FROM filings WHERE left_at IS NOT NULL ORDER BY left_at DESC LIMIT 1";
    let there = "SELECT '/e/' || token AS value FROM signs
        WHERE unit_id = (SELECT enterprise_id FROM filings WHERE left_at IS NOT NULL ORDER BY left_at DESC LIMIT 1)";
    let there = dressed.texts(there).await.remove(0);
    let rates = dressed.paths(&format!("{there}/rate/"), left).await;
    let asked = dressed
        .paths("/console/violations/ask?v=", "SELECT id AS value FROM violations WHERE state = 'suspected' LIMIT 3")
        .await;
    let bulk = dressed
        .paths("/console/violations/bulk?v=", "SELECT id AS value FROM violations WHERE state = 'suspected' LIMIT 3")
        .await;
    let grave = dressed
        .paths("/console/violations/", "SELECT id AS value FROM violations ORDER BY severity DESC, id LIMIT 9")
        .await;
    let reports =
        dressed.paths("/console/reports/", "SELECT id AS value FROM reports ORDER BY filed_at DESC LIMIT 9").await;
    let requests =
        dressed.paths("/console/explanations/", "SELECT id AS value FROM explanation_requests LIMIT 9").await;
    let signs = dressed.paths("/console/signs/", "SELECT id AS value FROM signs WHERE state = 'revoked' LIMIT 2").await;
    let search = owned(&[
        "/console/enterprises?q=青禾",
        "/console/enterprises/suggest?q=青禾",
        "/go?code=青禾",
        "/go/suggest?q=青禾",
        "/console/audit?q=x",
        "/console/violations?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22'",
        "/console/sign-in?next=javascript:alert(1)",
        "/console/sign-in?next=//evil.example",
    ]);

    let mut start = [&first, &asked, &bulk, &grave, &reports, &requests, &search, &signs].map(Clone::clone).concat();
    start.extend(staged);
    start.extend(ids.console.clone());
    crawl.walk("discipline", &mut supervisor, "", &start).await;
    let mut reform = dressed.signed_in(&of("reform@demo.example")).await;
    crawl.walk("reform", &mut reform, "", &[first.clone(), grave, ids.console.clone()].concat()).await;
    let mut liaison = dressed.signed_in(&guide.liaison).await;
    crawl.walk("liaison", &mut liaison, "", &[first.clone(), requests, ids.console.clone()].concat()).await;
    supervisor.language = "en";
    crawl.walk("discipline, in English", &mut supervisor, "", &ids.console).await;
    crawl.walk("operator", &mut operator, "", &start).await;
    crawl.walk("admin", &mut admin, "", &start).await;
    let own = ids.own.iter().flat_map(|id| FILING.map(|page| format!("/f/{id}{page}"))).collect::<Vec<_>>();
    let below = |rests: &[&str]| rests.iter().map(|rest| format!("{token}{rest}")).collect::<Vec<_>>();
    let mut filing = below(&["", "/file", "/check", "/urgent"]);
    filing.push("/my".to_owned());
    crawl.walk("phone", &mut phone, "", &[filing, codes.clone(), own].concat()).await;
    dressed.app.clock.advance(TimeDelta::hours(13));
    crawl.walk("phone that rested", &mut phone, "", &owned(&["/pin?next=/my"])).await;
    dressed.app.clock.set(NOW.parse().expect("an instant"));
    let mut rest = below(&["", "/enterprise", "/confirm", "/report", "/urgent"]);
    rest.push(path_of(&guide.agency_url).to_owned());
    rest.push(path_of(&guide.inspector.more_enrol_urls[0]).to_owned());
    crawl.walk("anybody", &mut dressed.client(), "", &[first, rest, codes, rates, search].concat()).await;

    assert!(crawl.wrong.is_empty(), "{} of {} answers:\n{}", crawl.wrong.len(), crawl.pages, listed(&crawl.wrong));
    ledger(&dressed, &crawl).await;
    secrets_are_masked(&crawl);
    one_can_sign_out(&crawl);
}

/// What must not be read over a shoulder is masked, and a password manager may fill it in.
fn secrets_are_masked(crawl: &Crawl) {
    let mut met = BTreeSet::new();
    for (what, _, form) in &crawl.forms {
        for field in form.fields.iter().filter(|field| SECRET.contains(&field.name.as_str())) {
            assert!(
                ["password", "hidden"].contains(&field.kind.as_str()),
                "{what}: {} is a {}",
                field.name,
                field.kind
            );
            if field.kind == "password" {
                met.insert(field.name.as_str());
            }
        }
    }
    assert_eq!(met, SECRET.iter().copied().collect(), "each was looked at");
}

/// Every page of the console that somebody who is signed in sees has the way out.
fn one_can_sign_out(crawl: &Crawl) {
    let inside = |what: &str| what.contains(": GET /console") && !what.contains("/console/sign-in");
    let (with, without): (Vec<_>, Vec<_>) = crawl
        .ways_out
        .iter()
        .filter(|(what, _)| inside(what) && !what.starts_with("anybody"))
        .partition(|(_, out)| *out);
    assert!(without.is_empty(), "{without:?}");
    assert!(with.len() > 200, "{} pages", with.len());
}

fn listed(wrong: &[String]) -> String {
    let mut shown: Vec<&str> = wrong.iter().map(String::as_str).collect();
    shown.dedup();
    shown.truncate(60);
    shown.join("\n")
}

/// Every route is opened, every column is seen, or it is said why not.
async fn ledger(dressed: &Dressed, crawl: &Crawl) {
    let mut missing = Vec::new();
    for route in &crawl.routes {
        let name = route.to_string();
        if route.method == "GET" && !route.path.starts_with("/api") {
            let excused = NOT_OPENED.iter().any(|(other, _)| *other == name);
            if crawl.opened.contains(&name) == excused {
                missing.push(format!("{name}: opened {excused}, excused {excused}"));
            }
        }
    }
    for (number, (table, column)) in columns().into_iter().enumerate() {
        let excused = NOT_SHOWN.iter().any(|(t, c, _)| (*t, *c) == (table, column));
        let sql: &'static str = format!("SELECT '' AS value FROM {table} WHERE {column} IS NOT NULL LIMIT 1").leak();
        let empty = dressed.texts(sql).await.is_empty();
        if crawl.seen.contains(&number) == excused {
            missing.push(format!("{table}.{column}: seen {excused}, excused {excused}, empty {empty}"));
        }
    }
    assert!(missing.is_empty(), "tests/it/markup/pages.rs:\n{}", missing.join("\n"));
}
