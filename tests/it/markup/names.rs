//! One name that looks like markup, followed by hand over the pages that show it.

use crate::console::world::{FIRE, World};
use crate::support::Client;

const NAME: &str = "<img src=x onerror=alert(1)>\"'";
/// What would run if it stood on a page.
const LIVE: &str = "<img src=x";

/// The page shows the name, and nothing of it is live.
async fn shows(client: &mut Client, path: &str) -> String {
    let text = client.get(path).await.expect(200, "img src=x onerror").text();
    assert!(!text.contains(LIVE), "{path}\n{text}");
    text
}

#[tokio::test]
async fn a_name_with_markup_is_words_on_every_page_that_shows_it() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let enterprise =
        [("name", NAME), ("uscc", "91500107MAYPBPC761"), ("town", NAME), ("address", NAME), ("tags", NAME)];
    let page = operator.post_form("/console/enterprises/new", &enterprise).await.location();
    let text = shows(&mut operator, &page).await;
    let token =
        text.split("/e/").nth(1).expect("a sign").chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    let agency = operator.post_form("/console/agencies/new", &[("name", NAME), ("short_name", NAME)]).await.location();
    let fire = world.test.seed.agencies[FIRE].to_string();
    let matter = [
        ("agency", fire.as_str()),
        ("name", NAME),
        ("group", NAME),
        ("legal_basis", NAME),
        ("published_from", "2026-01-01"),
    ];
    let matter = operator.post_form("/console/matters/new", &matter).await.location();
    for path in [
        "/console/enterprises",
        "/console/enterprises?q=img",
        "/console/enterprises/suggest?q=img",
        "/console/agencies",
        "/console/matters",
        "/console/signs?unit=enterprise",
        &agency,
        &matter,
        &format!("{page}/history"),
        &format!("{page}/edit"),
        &format!("{page}/merge"),
    ] {
        shows(&mut operator, path).await;
    }
    let preview = operator.get("/console/sheets/preview.svg?kind=a6_card").await;
    assert!(preview.status == 200 && !preview.text().contains(LIVE));

    let mut anybody = world.test.client();
    for path in [
        format!("/e/{token}"),
        format!("/e/{token}/enterprise"),
        format!("/e/{token}/report"),
        format!("/e/{token}/urgent"),
    ] {
        shows(&mut anybody, &path).await;
    }
    shows(&mut anybody, "/go/suggest?q=img").await;
    let mut inspector = world.test.inspector("王强").await;
    shows(&mut inspector, &format!("/e/{token}/file")).await;
    let mut supervisor = world.signed_in("reform").await;
    for path in
        ["/console/enterprises", "/console/filings", "/console/violations", "/console/dashboard", "/console/policy/new"]
    {
        let text = supervisor.get(path).await;
        assert!(text.status == 200 && !text.text().contains(LIVE), "{path}");
    }
    shows(&mut supervisor, &page).await;
    let mut admin = world.signed_in("admin").await;
    let user = [("email", "x@a.example"), ("name", NAME), ("role", "operator"), ("password", "a long enough one")];
    admin.post_form("/console/users/new", &user).await.location();
    shows(&mut admin, "/console/users").await;
}
