//! One number of a certificate, however it is typed: by an unknown phone at the gate, by another program, in the console, at a terminal.

use crate::api::{District, id, json_of, rules};
use crate::console::world::{FIRE, World, input};
use axum::http::Method;
use mashang::domain::id::FilingId;
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::storage::filings::{self, Scope};
use mashang::storage::violations;
use serde_json::json;

/// Files urgently for the fire brigade with these numbers typed; returns those that are stored, and whether PER-01 or PER-02 stands.
async fn urgently(world: &World, own: &str, colleagues: &str) -> (Vec<String>, bool) {
    let mut phone = world.test.client();
    let url = format!("/e/{}/urgent", world.test.seed.enterprises[0].1.token);
    let submission = input(&phone.get(&url).await.expect(200, "紧急检查"), "submission");
    let agency = world.test.seed.agencies[FIRE].to_string();
    let matter = world.test.seed.matters["消防安全检查"].to_string();
    let fields = [
        ("submission", submission.as_str()),
        ("step", "send"),
        ("agency", &agency),
        ("name", "陈小明"),
        ("cert_no", own),
        ("colleagues", colleagues),
        ("matters", &matter),
    ];
    let to = phone.post_form(&url, &fields).await.location();
    let id = FilingId::parse(to.rsplit('/').next().expect("an id")).expect("an id");
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let filing = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing").filing;
    let found = violations::by_enterprise(&mut tx, filing.enterprise).await.expect("read");
    let wrong = found.iter().any(|v| {
        v.subject == Subject::Filing(id)
            && v.state == ViolationState::Suspected
            && matches!(v.rule, RuleCode::Per01 | RuleCode::Per02)
    });
    (filing.inspectors, wrong)
}

#[tokio::test]
async fn numbers_typed_on_an_unknown_phone_are_those_of_the_registry() {
    let world = World::new().await;
    let both = ["XF-001", "XF-002"].map(str::to_owned).to_vec();
    for (own, colleagues) in [
        ("ｘｆ－００１", "xf-002"),
        (" xf- 001 ", "XF- 002"),
        ("XF-001", "ＸＦ－００２，xf-001、xf-002"),
        ("XF-001", "XF-001 XF-002"),
        ("\u{202D}XF-001\u{202C}", "XF-001/XF-002\u{200B}"),
        ("XF-001", "XF-001和XF-002"),
        ("XF-001", "xf-001 及 xf-002"),
    ] {
        assert_eq!(urgently(&world, own, colleagues).await, (both.clone(), false), "{own} / {colleagues}");
    }
    let (named, _) = urgently(&world, "XF-001", "呼和浩特001").await;
    assert_eq!(named[1], "呼和浩特001");
    // What is none is taken as it stands, and flagged.
    let (named, flagged) = urgently(&world, "没带证 / 稍后补", "xf 002 003").await;
    assert_eq!((named, flagged), (["没带证 / 稍后补", "XF", "002", "003"].map(str::to_owned).to_vec(), true));
}

#[tokio::test]
async fn numbers_sent_by_a_program_are_those_of_the_registry() {
    let d = District::new().await;
    let mut draft = d.fine();
    draft["inspectors"] = json!(["ｘｆ－１", " xf- 2 ", "XF-1"]);
    draft["assistants"] = json!(["f 1", "F1"]);
    let checked = json_of(&d.post(&d.token_a, "/api/v1/filings/check", &draft).await, 200);
    assert_eq!(rules(&checked["verdict"]), []);
    let filing = d.file(&d.token_a, &draft).await;
    assert_eq!((&filing["inspectors"], &filing["assistants"]), (&json!(["XF-1", "XF-2"]), &json!(["F1"])));
    assert_eq!(filing["verdict"], json!([]));
    let path = format!("/api/v1/filings/{}", id(&filing));
    let change = json!({ "inspectors": ["xf-2", "ｙｊ-1"] });
    let changed = json_of(&d.send(Method::PATCH, &d.token_a, &path, Some(&change), &[]).await, 200);
    assert_eq!(changed["inspectors"], json!(["XF-2", "YJ-1"]));
}

#[tokio::test]
async fn a_number_entered_or_looked_for_in_the_console_has_the_same_form() {
    let world = World::new().await;
    let fire = world.test.seed.agencies[FIRE].to_string();
    let fields = [("name", "欧阳雪"), ("cert_no", "ｘｆ 00 9"), ("agency", &fire), ("valid_from", "2025-01-01")];
    let mut operator = world.signed_in("operator").await;
    let path = operator.post_form("/console/inspectors/new", &fields).await.location();
    operator.get(&path).await.expect(200, "XF009");
    let mut liaison = world.signed_in("fire").await;
    let pasted = [("cert_list", "xf 009 xf-002\tＸＦ－００１")];
    liaison.post_form("/console/inspectors/invite", &pasted).await.expect(200, "3 个邀请");
}

#[tokio::test]
async fn a_joint_group_keeps_the_words_of_each_agency() {
    let d = District::new().await;
    let mut draft = d.fine();
    draft["joint_group"] = json!("安全 联检１");
    assert_eq!(d.file(&d.token_a, &draft).await["joint_group"], "安全 联检１");
    // The same matter at the same place again: no repetition within the group, whoever typed its name.
    draft["joint_group"] = json!("安全联检1");
    let second = d.file(&d.token_a, &draft).await;
    assert_eq!((&second["joint_group"], rules(&second["verdict"])), (&json!("安全联检1"), Vec::new()));
    draft["joint_group"] = json!("消防联检");
    let third = rules(&d.file(&d.token_a, &draft).await["verdict"]);
    assert!(third.iter().any(|(rule, _)| rule == "DUP-01"), "{third:?}");
}
