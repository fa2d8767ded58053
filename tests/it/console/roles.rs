//! Who may open what: every route of the console for every role, and whose objects a liaison may open.

use super::world::{FIRE, MARKET, World};
use crate::support::routes;
use mashang::domain::violation::{RuleCode, Subject};

/// The roles of the matrix and their columns: supervisors of the three offices, liaison and head of an agency, operator, administrator, nobody.
const WHO: [(usize, &str); 8] = [
    (0, "reform"),
    (0, "discipline"),
    (0, "justice"),
    (1, "fire"),
    (1, "head"),
    (2, "operator"),
    (3, "admin"),
    (4, ""),
];

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a line a route")]
async fn every_route_answers_every_role_as_the_matrix_says() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-15 10:00").await;
    let report = world.report(None, "03-02 09:00", &[]).await;
    let violation = world.violation(RuleCode::Ndd01, Subject::Filing(filing)).await.id;
    let (enterprise, sign) = &world.test.seed.enterprises[0];
    let agency = world.test.seed.agencies[FIRE];
    let inspector = world.test.seed.inspectors["陈小明"];
    let matter = world.test.seed.matters["消防安全检查"];
    let own_sign = &world.test.seed.agency_signs[FIRE].id;
    let nothing = "00000000-0000-7000-8000-000000000000";
    let get: Vec<(String, [u16; 5])> = vec![
        ("/console".into(), [303, 303, 303, 303, 303]),
        ("/console/sign-in".into(), [200, 200, 200, 200, 200]),
        ("/console/dashboard".into(), [200, 404, 404, 404, 303]),
        ("/console/dashboard/days/table.xlsx".into(), [200, 404, 404, 404, 303]),
        ("/console/dashboard/agencies".into(), [200, 404, 404, 404, 303]),
        ("/console/dashboard/cases".into(), [200, 404, 404, 404, 303]),
        ("/console/screens".into(), [200, 404, 404, 404, 303]),
        ("/console/monthly".into(), [200, 404, 404, 404, 303]),
        ("/console/bells".into(), [404, 404, 404, 200, 303]),
        ("/console/violations".into(), [200, 404, 404, 404, 303]),
        (format!("/console/violations/{violation}"), [200, 404, 404, 404, 303]),
        ("/console/violations/ask".into(), [409, 404, 404, 404, 303]),
        ("/console/violations/bulk".into(), [200, 404, 404, 404, 303]),
        ("/console/explanations".into(), [200, 200, 404, 404, 303]),
        (format!("/console/explanations/{nothing}"), [404, 404, 404, 404, 303]),
        (format!("/console/explanations/{nothing}/files/{nothing}"), [404, 404, 404, 404, 303]),
        ("/console/circulation".into(), [200, 404, 404, 404, 303]),
        ("/console/filings".into(), [200, 200, 404, 404, 303]),
        (format!("/console/filings/{filing}"), [200, 200, 404, 404, 303]),
        ("/console/reports".into(), [200, 404, 404, 404, 303]),
        ("/console/quarantine".into(), [200, 404, 404, 404, 303]),
        (format!("/console/reports/{report}"), [200, 404, 404, 404, 303]),
        ("/console/ratings".into(), [200, 200, 404, 404, 303]),
        // For the discipline office alone.
        ("/console/watch".into(), [404, 404, 404, 404, 303]),
        ("/console/enterprises".into(), [200, 404, 200, 404, 303]),
        (format!("/console/enterprises/{enterprise}"), [200, 404, 200, 404, 303]),
        ("/console/enterprises/suggest".into(), [200, 404, 200, 404, 303]),
        ("/console/enterprises/new".into(), [404, 404, 200, 404, 303]),
        (format!("/console/enterprises/{enterprise}/edit"), [404, 404, 200, 404, 303]),
        (format!("/console/enterprises/{enterprise}/history"), [200, 404, 200, 404, 303]),
        (format!("/console/enterprises/{enterprise}/merge"), [404, 404, 200, 404, 303]),
        (format!("/console/enterprises/{enterprise}/sites/new"), [404, 404, 200, 404, 303]),
        ("/console/agencies/new".into(), [404, 404, 200, 404, 303]),
        (format!("/console/agencies/{agency}/edit"), [404, 404, 200, 404, 303]),
        ("/console/matters/new".into(), [404, 404, 200, 404, 303]),
        (format!("/console/matters/{matter}"), [200, 200, 200, 404, 303]),
        (format!("/console/matters/{matter}/edit"), [404, 404, 200, 404, 303]),
        ("/console/inspectors/new".into(), [404, 404, 200, 404, 303]),
        (format!("/console/inspectors/{inspector}/edit"), [404, 404, 200, 404, 303]),
        (format!("/console/sites/{nothing}/edit"), [404, 404, 404, 404, 303]),
        (format!("/console/sites/{nothing}/history"), [404, 404, 404, 404, 303]),
        ("/console/agencies".into(), [200, 200, 200, 404, 303]),
        (format!("/console/agencies/{agency}"), [200, 200, 200, 404, 303]),
        ("/console/matters".into(), [200, 200, 200, 404, 303]),
        ("/console/inspectors/invite".into(), [404, 200, 404, 404, 303]),
        (format!("/console/inspectors/{inspector}/access"), [404, 200, 404, 404, 303]),
        ("/console/inspectors".into(), [200, 200, 200, 404, 303]),
        (format!("/console/inspectors/{inspector}"), [200, 200, 200, 404, 303]),
        ("/console/signs".into(), [200, 404, 200, 404, 303]),
        ("/console/signs/blank".into(), [404, 404, 200, 404, 303]),
        (format!("/console/signs/new?unit_kind=enterprise&unit={enterprise}"), [404, 404, 200, 404, 303]),
        (format!("/console/signs/bind?token={}", sign.token), [404, 404, 303, 404, 303]),
        (format!("/console/signs/{}", sign.id), [200, 404, 200, 404, 303]),
        (format!("/console/signs/{}/move", sign.id), [404, 404, 200, 404, 303]),
        (format!("/console/signs/{}/code.svg", sign.id), [200, 404, 200, 404, 303]),
        (format!("/console/signs/{own_sign}/code.png"), [200, 200, 200, 404, 303]),
        (format!("/console/signs/{}/other.txt", sign.id), [404, 404, 404, 404, 303]),
        ("/console/sheets".into(), [404, 404, 200, 404, 303]),
        ("/console/sheets/preview.svg".into(), [404, 404, 200, 404, 303]),
        ("/console/sheets/00000000-0000-7000-8000-000000000000".into(), [404, 404, 404, 404, 303]),
        ("/console/sheets/00000000-0000-7000-8000-000000000000/file".into(), [404, 404, 404, 404, 303]),
        ("/console/policy".into(), [200, 404, 404, 200, 303]),
        ("/console/policy/new".into(), [200, 404, 404, 200, 303]),
        ("/console/policy/what-if".into(), [303, 404, 404, 303, 303]),
        ("/console/policy/what-if/00000000-0000-7000-8000-000000000000".into(), [404, 404, 404, 404, 303]),
        ("/console/mails".into(), [404, 404, 404, 200, 303]),
        ("/console/audit".into(), [404, 404, 404, 200, 303]),
        ("/console/backups".into(), [404, 404, 404, 200, 303]),
        ("/console/users".into(), [404, 404, 404, 200, 303]),
        ("/console/users/new".into(), [404, 404, 404, 200, 303]),
        (format!("/console/users/{}/accounts", world.users[0]), [404, 404, 404, 200, 303]),
        ("/console/unverified".into(), [200, 200, 404, 404, 303]),
        ("/console/settings".into(), [200, 200, 200, 200, 303]),
        ("/console/settings/second-step".into(), [200, 200, 200, 200, 303]),
        ("/console/settings/passkeys".into(), [404, 404, 404, 404, 303]),
        // Who chose the own password is led to the settings.
        ("/console/settings/first-password".into(), [303, 303, 303, 303, 303]),
        // Whose session waits for nothing is sent to sign in.
        ("/console/sign-in/code".into(), [303, 303, 303, 303, 303]),
        // No provider is set up here; tests/it/external_sign_in has them.
        ("/console/sign-in/oidc".into(), [404, 404, 404, 404, 404]),
        ("/console/sign-in/oidc/back".into(), [404, 404, 404, 404, 404]),
        ("/console/import".into(), [404, 404, 200, 404, 303]),
        ("/console/import/templates/enterprises.csv".into(), [404, 404, 200, 404, 303]),
        ("/console/import/00000000-0000-7000-8000-000000000000".into(), [404, 404, 404, 404, 303]),
        ("/console/import/00000000-0000-7000-8000-000000000000/rejected.csv".into(), [404, 404, 404, 404, 303]),
        ("/console/tasks/00000000-0000-7000-8000-000000000000".into(), [404, 404, 404, 404, 303]),
        ("/console/tasks/00000000-0000-7000-8000-000000000000/file".into(), [404, 404, 404, 404, 303]),
    ];
    // With a form that is not right: what matters is whether the handler is reached (400, 404 of the object, 422, 303) or hidden.
    let post: Vec<(String, [u16; 5])> = vec![
        (format!("/console/violations/{violation}/confirm"), [422, 404, 404, 404, 303]),
        (format!("/console/violations/{violation}/dismiss"), [422, 404, 404, 404, 303]),
        ("/console/export".into(), [400, 400, 400, 400, 303]),
        ("/console/screens".into(), [422, 404, 404, 404, 303]),
        ("/console/monthly".into(), [422, 404, 404, 404, 303]),
        (format!("/console/violations/{nothing}/evidence"), [404, 404, 404, 404, 303]),
        ("/console/bells".into(), [404, 404, 404, 422, 303]),
        (format!("/console/bells/{nothing}/test"), [404, 404, 404, 404, 303]),
        (format!("/console/screens/{nothing}/revoke"), [404, 404, 404, 404, 303]),
        ("/console/violations/ask".into(), [409, 404, 404, 404, 303]),
        ("/console/violations/bulk".into(), [422, 404, 404, 404, 303]),
        (format!("/console/violations/{violation}/decide"), [422, 404, 404, 404, 303]),
        (format!("/console/violations/{violation}/undo"), [404, 404, 404, 404, 303]),
        (format!("/console/violations/{violation}/appeal"), [422, 404, 404, 404, 303]),
        // Not multipart: refused where the handler is reached.
        (format!("/console/explanations/{nothing}/answer"), [404, 400, 404, 404, 303]),
        (format!("/console/explanations/{nothing}/extension"), [404, 404, 404, 404, 303]),
        (format!("/console/explanations/{nothing}/hand-over"), [404, 404, 404, 404, 303]),
        (format!("/console/explanations/{nothing}/appeal"), [404, 404, 404, 404, 303]),
        (format!("/console/explanations/{nothing}/review"), [404, 404, 404, 404, 303]),
        ("/console/export".into(), [400, 400, 400, 400, 303]),
        ("/console/screens".into(), [422, 404, 404, 404, 303]),
        (format!("/console/screens/{nothing}/revoke"), [404, 404, 404, 404, 303]),
        ("/console/quarantine".into(), [422, 404, 404, 404, 303]),
        (format!("/console/reports/{report}/link"), [422, 404, 404, 404, 303]),
        (format!("/console/held-requests/{nothing}/take-back"), [404, 404, 404, 404, 303]),
        (format!("/console/reports/{report}/say"), [422, 404, 404, 404, 303]),
        (format!("/console/reports/{report}/read"), [303, 404, 404, 404, 303]),
        (format!("/console/reports/{report}/contact"), [422, 404, 404, 404, 303]),
        (format!("/console/reports/{report}/contact/decide"), [422, 404, 404, 404, 303]),
        (format!("/console/reports/{report}/contact/open"), [409, 404, 404, 404, 303]),
        (format!("/console/inspectors/{inspector}/invite"), [404, 200, 404, 404, 303]),
        ("/console/inspectors/invite".into(), [404, 422, 404, 404, 303]),
        (format!("/console/inspectors/{inspector}/access/withdraw"), [404, 303, 404, 404, 303]),
        (format!("/console/inspectors/{inspector}/access/reset"), [404, 200, 404, 404, 303]),
        (format!("/console/inspectors/{inspector}/devices/{nothing}/revoke"), [404, 409, 404, 404, 303]),
        (format!("/console/inspectors/{inspector}/suspend"), [404, 409, 404, 404, 303]),
        ("/console/enterprises/new".into(), [404, 404, 422, 404, 303]),
        (format!("/console/enterprises/{enterprise}/edit"), [404, 404, 422, 404, 303]),
        (format!("/console/enterprises/{enterprise}/active"), [404, 404, 400, 404, 303]),
        (format!("/console/enterprises/{enterprise}/merge"), [404, 404, 422, 404, 303]),
        (format!("/console/enterprises/{enterprise}/pin"), [404, 404, 200, 404, 303]),
        (format!("/console/enterprises/{enterprise}/sites/new"), [404, 404, 422, 404, 303]),
        ("/console/agencies/new".into(), [404, 404, 422, 404, 303]),
        (format!("/console/agencies/{agency}/edit"), [404, 404, 422, 404, 303]),
        (format!("/console/agencies/{agency}/active"), [404, 404, 400, 404, 303]),
        ("/console/matters/new".into(), [404, 404, 422, 404, 303]),
        (format!("/console/matters/{matter}/edit"), [404, 404, 422, 404, 303]),
        (format!("/console/matters/{matter}/active"), [404, 404, 400, 404, 303]),
        ("/console/inspectors/new".into(), [404, 404, 422, 404, 303]),
        (format!("/console/inspectors/{inspector}/edit"), [404, 404, 422, 404, 303]),
        (format!("/console/sites/{nothing}/edit"), [404, 404, 404, 404, 303]),
        (format!("/console/sites/{nothing}/active"), [404, 404, 400, 404, 303]),
        ("/console/signs/issue".into(), [404, 404, 404, 404, 303]),
        ("/console/signs/blank".into(), [404, 404, 422, 404, 303]),
        ("/console/signs/bind".into(), [404, 404, 404, 404, 303]),
        ("/console/signs/handed-out".into(), [404, 404, 303, 404, 303]),
        (format!("/console/signs/{}/move", sign.id), [404, 404, 422, 404, 303]),
        (format!("/console/signs/{nothing}/rotate"), [404, 404, 404, 404, 303]),
        (format!("/console/signs/{}/revoke", sign.id), [404, 404, 422, 404, 303]),
        ("/console/sheets".into(), [404, 404, 303, 404, 303]),
        (format!("/console/sheets/{nothing}/printed"), [404, 404, 404, 404, 303]),
        ("/console/policy/new".into(), [404, 404, 404, 422, 303]),
        ("/console/policy/what-if".into(), [422, 404, 404, 422, 303]),
        (format!("/console/mails/{nothing}/retry"), [404, 404, 404, 404, 303]),
        ("/console/backups/release".into(), [404, 404, 404, 303, 303]),
        ("/console/users/new".into(), [404, 404, 404, 422, 303]),
        (format!("/console/users/{nothing}"), [404, 404, 404, 400, 303]),
        (format!("/console/users/{nothing}/password"), [404, 404, 404, 404, 303]),
        (format!("/console/users/{nothing}/accounts"), [404, 404, 404, 400, 303]),
        ("/console/import".into(), [404, 404, 400, 404, 303]),
        (format!("/console/import/{nothing}/read"), [404, 404, 404, 404, 303]),
        (format!("/console/import/{nothing}/apply"), [404, 404, 404, 404, 303]),
        (format!("/console/import/{nothing}/undo"), [404, 404, 404, 404, 303]),
        ("/console/sign-in".into(), [422, 422, 422, 422, 422]),
        ("/console/settings/alerts".into(), [422, 422, 422, 422, 303]),
        (format!("/console/tasks/{nothing}/cancel"), [404, 404, 404, 404, 303]),
        ("/console/settings/password".into(), [422, 422, 422, 422, 303]),
        (format!("/console/unverified/{nothing}"), [404, 400, 404, 404, 303]),
        (format!("/console/filings/{nothing}/approve"), [404, 404, 404, 404, 303]),
        ("/console/settings/second-step".into(), [400, 400, 400, 400, 303]),
        ("/console/settings/first-password".into(), [303, 303, 303, 303, 303]),
        ("/console/settings/sessions".into(), [400, 400, 400, 400, 303]),
        // Over plain http there are no passkeys; tests/it/console/passkeys.rs asks over https.
        ("/console/settings/passkeys".into(), [404, 404, 404, 404, 303]),
        ("/console/settings/passkeys/challenge".into(), [404, 404, 404, 404, 303]),
        ("/console/sign-in/passkey".into(), [404, 404, 404, 404, 404]),
        ("/console/sign-in/passkey/challenge".into(), [404, 404, 404, 404, 404]),
        ("/console/users/sign-in-rule".into(), [404, 404, 404, 400, 303]),
        ("/console/sign-in/code".into(), [303, 303, 303, 303, 303]),
        // The last line: it ends the session.
        ("/console/sign-out".into(), [303, 303, 303, 303, 303]),
    ];
    every_console_route_is_in(&get, &post);
    world.enter_more().await;
    for (column, who) in WHO {
        let mut client = if who.is_empty() { world.test.client() } else { world.signed_in(who).await };
        for (path, expected) in &get {
            let expected = match (who, path.as_str()) {
                ("discipline", "/console/watch") => 200,
                _ => expected[column],
            };
            assert_eq!(client.get(path).await.status, expected, "GET {path} as {who}");
        }
        for (path, expected) in &post {
            assert_eq!(client.post_form(path, &[]).await.status, expected[column], "POST {path} as {who}");
        }
    }
}

/// The matrix is held against the router: a route of the console that nobody asks fails here.
fn every_console_route_is_in(get: &[(String, [u16; 5])], post: &[(String, [u16; 5])]) {
    let routes = routes::all();
    let asked: Vec<_> = [("GET", get), ("POST", post)]
        .into_iter()
        .flat_map(|(method, lines)| lines.iter().map(move |(path, _)| (method, path)))
        .map(|(method, path)| {
            routes::of(&routes, method, path)
                .unwrap_or_else(|| panic!("{method} {path} is no route: take the line out"))
        })
        .collect();
    let missing: Vec<String> = routes
        .iter()
        .filter(|route| route.path.starts_with("/console") && !asked.contains(route))
        .map(ToString::to_string)
        .collect();
    assert!(
        missing.is_empty(),
        "add to the matrix in tests/it/console/roles.rs, with what each role gets:\n{}",
        missing.join("\n")
    );
}

#[tokio::test]
async fn a_liaison_opens_only_what_is_of_the_own_agency() {
    let world = World::new().await;
    let mine = world.file(FIRE, "03-10 10:00").await;
    let theirs = world.file(MARKET, "03-12 10:00").await;
    let mut client = world.signed_in("fire").await;
    client.get(&format!("/console/filings/{mine}")).await.expect(200, FIRE);
    client.get(&format!("/console/filings/{theirs}")).await.expect(404, "没有找到");
    let market = world.test.seed.agencies[MARKET];
    client.get(&format!("/console/agencies/{market}")).await.expect(404, "没有找到");
    let list = client.get(&format!("/console/filings?agency={market}")).await.expect(200, "没有符合筛选条件");
    assert!(!list.text().contains(MARKET));
    let list = client.get("/console/filings").await.expect(200, FIRE).text();
    assert!(!list.contains(MARKET), "a filter of a liaison names no other agency");
    let other = world.test.seed.inspectors["周平"];
    client.get(&format!("/console/inspectors/{other}")).await.expect(404, "没有找到");
    client.post_form(&format!("/console/inspectors/{other}/invite"), &[]).await.expect(404, "没有找到");
    client
        .post_form(&format!("/console/inspectors/{other}/suspend"), &[("suspended", "yes")])
        .await
        .expect(404, "没有找到");
    let people = client.get("/console/inspectors").await.expect(200, "陈小明").text();
    assert!(!people.contains("周平"));
    let sign = &world.test.seed.agency_signs[MARKET].id;
    client.get(&format!("/console/signs/{sign}/code.svg")).await.expect(404, "没有找到");
}

#[tokio::test]
async fn only_the_discipline_office_sees_severity_4_and_the_words_beside_it() {
    let world = World::new().await;
    let report = world.report(Some(MARKET), "02-20 09:00", &[3]).await;
    let violation = world.violation(RuleCode::Int01, Subject::Report(report)).await.id;
    let mut reform = world.signed_in("reform").await;
    reform.get(&format!("/console/violations/{violation}")).await.expect(404, "没有找到");
    let decide = format!("/console/violations/{violation}/confirm");
    reform.post_form(&decide, &[("version", "1"), ("note", "")]).await.expect(404, "没有找到");
    for path in ["/console/violations".to_owned(), format!("/console/reports/{report}")] {
        let text = reform.get(&path).await.expect(200, "周敏").text();
        for hidden in ["INT-01", "廉洁线索", "不得</", "来人没有说明来意"] {
            assert!(!text.contains(hidden), "{hidden} on {path}");
        }
    }
    let mut discipline = world.signed_in("discipline").await;
    discipline.get("/console/violations").await.expect(200, "廉洁线索");
    discipline.get(&format!("/console/violations/{violation}")).await.expect(200, "廉洁线索");
    discipline.get(&format!("/console/reports/{report}")).await.expect(200, "来人没有说明来意");
}
