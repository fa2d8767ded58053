//! Every field of every form, filled in with hostile words: what comes back is words, and what is kept is clean.

use super::corpus::{NOT_IN_A_LINE, TAKEN};
use super::crawl::{Crawl, resolved};
use super::dressed::{Dressed, columns, path_of};
use super::forms::{self, Fill};
use super::reader::Form;
use crate::cases::world::PDF;
use crate::support::{Client, routes};
use std::collections::{BTreeSet, VecDeque};

/// Forms that are not sent, and why.
const NOT_SENT: &[(&str, &str)] = &[
    ("POST /console/sign-out", "ends the session; has no field"),
    ("POST /console/settings/sessions", "ends the session; has no field for words"),
    ("POST /console/settings/second-step", "wants a second step from then on; six digits"),
    ("POST /console/users/{id}", "ends accounts; has no field for words"),
    ("POST /console/users/sign-in-rule", "wants a second step of everybody; has no field for words"),
    ("POST /prefs", "changes the language; has no field for words"),
];

/// Fields of words that the source reads and no form has as such, and why.
const NOT_FILLED: &[(&str, &str)] = &[("secret", "an input for passwords, which no page shows")];

/// Whoever fills in forms, with the pages to begin with.
struct Writer {
    who: &'static str,
    client: Client,
    start: Vec<String>,
}

async fn writers(dressed: &Dressed, crawl: &Crawl) -> Vec<Writer> {
    let guide = &dressed.guide;
    let token = path_of(&guide.enterprise_url);
    let console: Vec<String> = crawl
        .routes
        .iter()
        .filter(|route| route.method == "GET" && route.path.starts_with("/console") && !route.path.contains('{'))
        .map(|route| route.path.clone())
        .collect();
    let mut writers = Vec::new();
    for (who, person) in [
        ("supervisor", &guide.supervisor),
        ("liaison", &guide.liaison),
        ("operator", &guide.operator),
        ("admin", &guide.admin),
    ] {
        let mut start = console.clone();
        if who == "supervisor" {
            let open = "SELECT id AS value FROM violations WHERE state = 'suspected' ORDER BY id LIMIT 2";
            start.extend(dressed.paths("/console/violations/ask?v=", open).await);
            start.extend(dressed.paths("/console/violations/bulk?v=", open).await);
            let asked = "SELECT violation_id AS value FROM request_items ORDER BY id LIMIT 3";
            start.extend(dressed.paths("/console/violations/", asked).await);
        }
        writers.push(Writer { who, client: dressed.signed_in(person).await, start });
    }
    let below = |rest: &[&str]| rest.iter().map(|rest| format!("{token}{rest}")).collect::<Vec<_>>();
    let mut phone = below(&["", "/file", "/check", "/urgent"]);
    phone.push("/my".to_owned());
    let planned = "SELECT id AS value FROM filings
        WHERE agency_id = (SELECT agency_id FROM users WHERE role = 'liaison' LIMIT 1) AND arrived_at IS NULL
            AND cancelled_at IS NULL
        ORDER BY filed_at DESC LIMIT 1";
    phone.extend(dressed.paths("/f/", planned).await.into_iter().map(|path| path + "/change"));
    writers.push(Writer { who: "phone", client: dressed.phone().await, start: phone });
    let mut anybody = below(&["", "/enterprise", "/report", "/urgent"]);
    anybody.extend(["/go", "/i", "/r", "/console/sign-in"].map(str::to_owned));
    anybody.push(path_of(&guide.inspector.more_enrol_urls[0]).to_owned());
    writers.push(Writer { who: "anybody", client: dressed.client(), start: anybody });
    writers
}

#[tokio::test]
async fn whatever_is_filled_in_comes_back_as_words_and_is_kept_clean() {
    let dressed = Dressed::plain().await;
    let mut crawl = Crawl::new();
    let mut filled: BTreeSet<String> = BTreeSet::new();
    for mut writer in writers(&dressed, &crawl).await {
        crawl.walk(writer.who, &mut writer.client, "", &writer.start).await;
        if writer.who == "anybody" {
            answered(&dressed, &mut crawl, &mut writer.client).await;
        }
        let mut queue: VecDeque<(String, Form)> =
            crawl.forms.drain(..).map(|(what, _, form)| (page_of(&what), form)).collect();
        let mut known: BTreeSet<String> = BTreeSet::new();
        while let Some((page, form)) = queue.pop_front() {
            let action = if form.action.is_empty() { page.clone() } else { resolved(&page, &form.action) };
            if !form.post {
                continue;
            }
            let Some(route) = routes::of(&crawl.routes, "POST", &action).map(ToString::to_string) else {
                crawl.wrong.push(format!("{page} sends to {action}, which is no route"));
                continue;
            };
            let names: BTreeSet<String> = form.fields.iter().map(|f| format!("{}:{}", f.name, f.kind)).collect();
            if NOT_SENT.iter().any(|(other, _)| *other == route) || !known.insert(format!("{route} {names:?}")) {
                continue;
            }
            filled
                .extend(form.fields.iter().filter(|field| forms::is_for_words(field)).map(|field| field.name.clone()));
            for (turn, (fill, words)) in (known.len()..).zip(rounds(known.len())) {
                let buttons = forms::buttons(&form);
                for button in buttons {
                    let mut fields = forms::filled(&form, fill, words);
                    fields.extend(button);
                    let file = if route.contains("import") { b"a,b\n=1,<b>\n".as_slice() } else { PDF };
                    let name = format!("{}.pdf", TAKEN[turn % TAKEN.len()].text);
                    let what = format!("{}: POST {action}", writer.who);
                    let answer = forms::send(&mut writer.client, &action, &form, &fields, (&name, file)).await;
                    for link in crawl.look(&what, &answer) {
                        if answer.status == 303 && !link.is_empty() {
                            let next = writer.client.get(&resolved(&action, &link)).await;
                            crawl.look(&format!("{}: GET {link}", writer.who), &next);
                        }
                    }
                    // What an answer asks next is filled in too.
                    let more = crawl.forms.drain(..).map(|(what, _, form)| (page_of(&what), form));
                    queue.extend(more.filter(|_| fill == Fill::Words));
                }
            }
        }
        assert!(known.len() > 2, "{} has {} forms", writer.who, known.len());
        // Once more over all pages, with what was taken.
        crawl.walk(writer.who, &mut writer.client, "", &writer.start).await;
        crawl.forms.clear();
    }
    crawl.wrong.dedup();
    assert!(crawl.wrong.is_empty(), "{}:\n{}", crawl.wrong.len(), crawl.wrong[..crawl.wrong.len().min(40)].join("\n"));
    all_is_clean(&dressed).await;
    let missing: Vec<String> = read_by_the_source()
        .into_iter()
        .filter(|name| filled.contains(name) == NOT_FILLED.iter().any(|(other, _)| other == name))
        .collect();
    assert!(
        missing.is_empty(),
        "fields of words that no form was sent with, or that are excused and were: {missing:?}"
    );
}

/// What a phone is shown on its way through a report, and of a report by its receipt: pages that come after a form.
async fn answered(dressed: &Dressed, crawl: &mut Crawl, client: &mut Client) {
    let report = format!("{}/report", path_of(&dressed.guide.enterprise_url));
    let agency = dressed.paths("", "SELECT id AS value FROM agencies LIMIT 1").await.remove(0);
    let at = dressed.app.clock.now().to_rfc3339();
    for step in ["1", "2", "3", "4", "5"] {
        let fields = [
            ("submission", "submission-of-a-test-001"),
            ("step", step),
            ("what", "inspection"),
            ("agency", &agency),
            ("when", "now"),
            ("at", &at),
            ("visitors", "2"),
            ("certificate", "yes"),
            ("notice", "unknown"),
        ];
        let answer = client.post_form(&report, &fields).await;
        crawl.look(&format!("anybody: GET {report}"), &answer);
    }
    for receipt in dressed.texts("SELECT receipt AS value FROM reports ORDER BY filed_at DESC LIMIT 3").await {
        let answer = client.post_form("/r", &[("receipt", &receipt)]).await;
        crawl.look("anybody: GET /r", &answer);
    }
}

/// What is sent: words that are taken, by turns; words that no line has; and anything everywhere.
fn rounds(turn: usize) -> Vec<(Fill, &'static str)> {
    let taken = |n: usize| TAKEN[(turn * 3 + n) % TAKEN.len()].text;
    let other = NOT_IN_A_LINE[turn % NOT_IN_A_LINE.len()].text;
    vec![
        (Fill::Words, other),
        (Fill::All, taken(0)),
        (Fill::Unseen, taken(1)),
        (Fill::Words, "'\"><img src=x onerror=alert(1)>{{7*7}}{ $x }"),
        (Fill::Words, taken(2)),
    ]
}

/// The page of what was done: `who: GET /path`.
fn page_of(what: &str) -> String {
    what.rsplit(' ').next().unwrap_or_default().to_owned()
}

/// What is kept has no controls and no marks of direction, whoever typed it.
async fn all_is_clean(dressed: &Dressed) {
    for (table, column) in columns() {
        let sql: &'static str = format!("SELECT {column} AS value FROM {table} WHERE {column} IS NOT NULL").leak();
        for text in dressed.texts(sql).await {
            let turns = ['\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{fffd}', '\u{2028}'];
            let dirty = text.chars().any(|c| c.is_control() && c != '\n') || text.contains(turns);
            assert!(!dirty || table == "mails", "{table}.{column} keeps {text:?}");
        }
    }
}

/// The names of the fields that views and actions read as words.
fn read_by_the_source() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in routes::sources().iter().filter(|source| source.name.contains("/views/")) {
        for call in [".line(\"", ".optional_line(\"", ".optional_paragraph(\""] {
            for rest in source.code.split(call).skip(1) {
                names.insert(rest.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    assert!(names.len() > 15, "{names:?}");
    names
}
