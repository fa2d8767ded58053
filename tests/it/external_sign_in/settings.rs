//! What the settings of providers lead to at the terminal: clear words where some are missing, and what the doctor finds.

use super::stand_in::{CLIENT, SECRET, StandIn};
use crate::cli::{expect, folder, run, write};
use mashang::clock::Clock;

const SITE: [&str; 3] = ["serve", "--public-url", "https://m.example"];

#[test]
fn settings_that_belong_together_are_asked_for_together() {
    let data = folder();
    let secret = write(data.path(), "secret", SECRET);
    let empty = write(data.path(), "empty", "\n");
    let serve = |more: &[&str]| run(data.path(), &[&SITE[..], more].concat());
    let issuer = ["--oidc-issuer", "https://id.example"];
    expect(&serve(&issuer), 2, "--oidc-client-id is missing");
    expect(&serve(&["--oidc-name", "统一认证"]), 2, "--oidc-issuer is missing");
    for lonely in [["--oidc-anew", "yes"], ["--oidc-acr", "gold"], ["--oidc-amr", "mfa"]] {
        expect(&serve(&lonely), 2, "--oidc-issuer is missing");
    }
    expect(&serve(&["--wecom-corp-id", "ww1", "--wecom-agent-id", "1"]), 2, "--wecom-secret-path is missing");
    expect(&serve(&["--wecom-api-url", "https://w.example"]), 2, "--wecom-corp-id is missing");
    expect(&serve(&["--zwdingtalk-app-key", "k"]), 2, "--zwdingtalk-client-id is missing");
    let whole =
        |issuer, path| serve(&["--oidc-issuer", issuer, "--oidc-client-id", "m", "--oidc-client-secret-path", path]);
    expect(&whole("http://id.example", &secret), 2, "--oidc-issuer");
    expect(&whole("https://id.example", "/not/there"), 2, "cannot be read");
    expect(&whole("https://id.example", &empty), 2, "holds no secret");
    let all = ["--oidc-issuer", "https://id.example", "--oidc-client-id", "m", "--oidc-client-secret-path", &secret];
    expect(&serve(&[&all[..], &["--oidc-anew", "maybe"]].concat()), 2, "--oidc-anew: \"maybe\" is neither yes nor no");
    expect(&serve(&["--sign-in-ca", &secret]), 2, "--sign-in-ca");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_asks_the_provider_and_names_the_address_to_register() {
    let providers = StandIn::start(Clock::System).await;
    let url = providers.lock().url.clone();
    let data = folder();
    let secret = write(data.path(), "secret", SECRET);
    let doctor = |issuer: &str, corp: &str| {
        let args = [
            ["doctor", "--public-url=https://m.example", "--wecom-agent-id=1"].map(str::to_owned).to_vec(),
            vec![format!("--oidc-issuer={issuer}"), format!("--oidc-client-id={CLIENT}")],
            vec![format!("--oidc-client-secret-path={secret}"), format!("--wecom-secret-path={secret}")],
            vec![format!("--wecom-corp-id={corp}"), format!("--wecom-api-url={url}")],
        ]
        .concat();
        run(data.path(), &args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (found, wrong, away) = tokio::task::block_in_place(|| {
        (doctor(&url, CLIENT), doctor(&format!("{url}/"), "other"), doctor("http://127.0.0.1:1", CLIENT))
    });
    // The database is not there yet, so there is a problem in any case.
    expect(&found, 1, "OK       sign-in through oidc");
    expect(&found, 1, "https://m.example/console/sign-in/oidc/back");
    expect(&found, 1, "OK       sign-in through wecom");
    expect(&wrong, 1, "PROBLEM  sign-in through oidc: what the provider sent is not trusted: the issuer calls itself");
    expect(&wrong, 1, "PROBLEM  sign-in through wecom: the provider refused: gettoken: errcode 40013");
    expect(&away, 1, "PROBLEM  sign-in through oidc: the provider is out of order");
}
