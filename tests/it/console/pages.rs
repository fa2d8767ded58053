//! Each page is rendered in both languages without a key that has no words; with `MASHANG_DUMP` set the pages are kept there, to be looked at.

use super::world::{FIRE, MARKET, World, at};
use mashang::domain::violation::{RuleCode, Subject};
use std::path::Path;

/// A page as a file that opens without the server.
fn keep(name: &str, html: &str) {
    let Some(folder) = std::env::var_os("MASHANG_DUMP") else { return };
    let root = env!("CARGO_MANIFEST_DIR");
    let mut html = html.to_owned();
    while let Some(start) = html.find("\"/static/") {
        let end = start + 1 + html[start + 1..].find('"').expect("an attribute ends");
        let name = html[start + "\"/static/".len()..end].to_owned();
        // A name is `app-HASH.css`.
        let (stem, extension) = name.rsplit_once('.').expect("an extension");
        let stem = stem.rsplit_once('-').map_or(stem, |(stem, _)| stem);
        html.replace_range(start..end, &format!("\"file://{root}/static/{stem}.{extension}"));
    }
    std::fs::write(Path::new(&folder).join(format!("{name}.html")), html).expect("the page is kept");
}

#[tokio::test]
async fn every_page_has_words_in_both_languages() {
    let world = World::new().await;
    let fire = world.file(FIRE, "03-15 10:00").await;
    let market = world.file(MARKET, "03-16 22:30").await;
    let report = world.report(Some(MARKET), "02-20 09:00", &[3]).await;
    let unknown = world.report(None, "03-02 09:00", &[]).await;
    world.test.app.clock.set(at("03-04 09:00"));
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(fire)).await.id;
    let integrity = world.violation(RuleCode::Int01, Subject::Report(report)).await.id;
    let (enterprise, sign) = &world.test.seed.enterprises[0];
    let agency = world.test.seed.agencies[FIRE];
    let inspector = world.test.seed.inspectors["陈小明"];
    let pages: Vec<(&str, &str, String)> = vec![
        ("sign-in", "", "/console/sign-in?next=/console/filings".into()),
        ("dashboard", "discipline", "/console/dashboard?from=2026-01-01&to=2026-03-31".into()),
        (
            "dashboard-agencies",
            "reform",
            "/console/dashboard/agencies?from=2026-01-01&to=2026-03-31&show=silent".into(),
        ),
        ("dashboard-cases", "reform", "/console/dashboard/cases".into()),
        ("screens", "reform", "/console/screens".into()),
        ("monthly", "reform", "/console/monthly".into()),
        ("bells", "admin", "/console/bells".into()),
        ("inbox", "discipline", "/console/violations".into()),
        ("inbox-empty", "discipline", "/console/violations?q=nobody".into()),
        ("violation", "reform", format!("/console/violations/{violation}")),
        ("violation-report", "discipline", format!("/console/violations/{integrity}")),
        ("filings", "reform", "/console/filings".into()),
        ("filings-liaison", "fire", "/console/filings".into()),
        ("filing", "reform", format!("/console/filings/{market}")),
        ("filing-liaison", "fire", format!("/console/filings/{fire}")),
        ("reports", "reform", "/console/reports".into()),
        ("report", "discipline", format!("/console/reports/{report}")),
        ("report-unknown", "reform", format!("/console/reports/{unknown}")),
        ("enterprises", "operator", "/console/enterprises".into()),
        ("enterprise", "reform", format!("/console/enterprises/{enterprise}")),
        ("enterprise-operator", "operator", format!("/console/enterprises/{enterprise}")),
        ("signs", "operator", "/console/signs".into()),
        ("signs-never-printed", "reform", "/console/signs?tab=never_printed".into()),
        ("signs-revoked", "operator", "/console/signs?tab=revoked".into()),
        ("signs-blank", "operator", "/console/signs/blank".into()),
        ("signs-new", "operator", format!("/console/signs/new?unit_kind=enterprise&unit={enterprise}")),
        ("sign", "operator", format!("/console/signs/{}", sign.id)),
        ("sign-move", "operator", format!("/console/signs/{}/move?q=%E9%A3%9F%E5%93%81", sign.id)),
        ("agencies", "operator", "/console/agencies".into()),
        ("agency", "operator", format!("/console/agencies/{agency}")),
        ("matters", "operator", "/console/matters".into()),
        ("inspector-access", "fire", format!("/console/inspectors/{inspector}/access")),
        ("invite-many", "fire", "/console/inspectors/invite".into()),
        ("inspectors", "fire", "/console/inspectors".into()),
        ("inspector", "fire", format!("/console/inspectors/{inspector}")),
        ("policy", "admin", "/console/policy".into()),
        ("policy-new", "admin", "/console/policy/new".into()),
        ("mails", "admin", "/console/mails".into()),
        ("audit", "admin", "/console/audit".into()),
        ("users", "admin", "/console/users".into()),
        ("user-new", "admin", "/console/users/new".into()),
        ("settings", "reform", "/console/settings".into()),
        ("import", "operator", "/console/import".into()),
    ];
    for (name, who, path) in &pages {
        let mut client = if who.is_empty() { world.test.client() } else { world.signed_in(who).await };
        for language in ["zh-CN", "en"] {
            client.language = language;
            let text = client.get(path).await.expect(200, &format!("<html lang=\"{language}\"")).text();
            let keys =
                text.match_indices('[').filter(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
            assert_eq!(keys.count(), 0, "a key without words on {path} in {language}:\n{text}");
            assert!(!text.contains("{$") && !text.contains("{ $"), "{path} in {language}:\n{text}");
            assert!(text.contains("<h1>") && !text.contains(" style=") && !text.contains(" onclick"), "{path}");
            keep(&format!("{name}.{language}"), &text);
        }
    }
    let mut operator = world.signed_in("operator").await;
    for file in ["code.svg", "code.png"] {
        let answer = operator.get(&format!("/console/signs/{}/{file}?medium=outdoor", sign.id)).await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-disposition").contains(&sign.short_code));
    }
}
