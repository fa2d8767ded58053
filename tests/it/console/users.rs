//! The list of users: a new one, and what is changed of one.

use super::world::{PASSWORD, World};
use mashang::actions::{Actor, NewUser, create_user, password};
use mashang::domain::id::AgencyId;
use mashang::domain::user::{AlertChoice, Role};
use mashang::i18n::Lang;

const USERS: &str = "/console/users";

#[tokio::test]
async fn everything_that_is_wrong_with_a_new_user_is_said_at_once() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    let empty = [("name", ""), ("email", ""), ("role", "liaison"), ("office", ""), ("agency", ""), ("password", "")];
    let page = admin.post_form("/console/users/new", &empty).await.expect(422, "有 4 处");
    for field in ["name", "email", "agency", "password"] {
        assert!(page.text().contains(&format!("id=\"{field}-e\"")), "{field}:\n{}", page.text());
    }
    let page = page.expect(422, "请选择单位").text();
    assert!(!page.contains("不清楚"), "there is no such choice here: {page}");
}

#[tokio::test]
async fn what_was_changed_of_a_user_is_told_and_putting_out_asks_first() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    let fire = format!("{USERS}/{}", world.users[2]);
    let page = admin.get(USERS).await.expect(200, "“联络员甲”马上退出登录").text();
    // The button that puts out stands below a question that is folded away, with or without script.
    for (at, _) in page.match_indices("name=\"active\" value=\"no\"") {
        let (opened, closed) = (page[..at].matches("<details").count(), page[..at].matches("</details>").count());
        assert!(opened > closed, "it is not folded away");
    }
    let reform = format!("{USERS}/{}", world.users[0]);
    for (path, field, value, words) in [
        (&reform, "alerts", "never", "提醒方式已保存"),
        (&fire, "lead", "yes", "已设为负责人"),
        (&fire, "active", "no", "已停用，此人已退出登录"),
        (&fire, "active", "yes", "已启用"),
    ] {
        let value = if field == "alerts" { AlertChoice::ALL[0].as_str() } else { value };
        let page = admin.submit(path, &[(field, value)]).await.expect(200, "<div class=\"note ok\" role=\"status\">");
        page.expect(200, words).expect(200, "<h1>");
    }
    // The list as a file is what it was before: the note is no filter.
    let page = admin.get(&format!("{USERS}?done=user-on")).await;
    assert!(page.hidden_inputs().contains(&("query".to_owned(), String::new())), "{}", page.text());
}

#[tokio::test]
async fn an_agency_with_nothing_in_its_lists_is_told_so_and_not_that_no_filter_matches() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let new = [("name", "青禾区新设单位"), ("short_name", "新设")];
    let agency = operator.post_form("/console/agencies/new", &new).await.location();
    let agency = AgencyId::parse(agency.rsplit('/').next().expect("an id")).expect("an id");
    let app = &world.test.app;
    let hash = password::hash(&app.service, PASSWORD).await.expect("a hash");
    let new = NewUser {
        email: "new@qh.gov.cn".to_owned(),
        name: "新联络员".to_owned(),
        role: Role::Liaison,
        office: None,
        agency: Some(agency),
        alerts: AlertChoice::AnyHour,
        lang: Lang::Zh,
    };
    let mut tx = app.db.write().await.expect("a transaction");
    create_user(&mut tx, &app.service, app.clock.now(), &Actor::System, &new, &hash).await.expect("a user");
    tx.commit().await.expect("a commit");
    let mut liaison = world.test.client();
    let fields = [("email", "new@qh.gov.cn"), ("password", PASSWORD), ("next", "")];
    liaison.post_form("/console/sign-in", &fields).await.location();
    for (path, words) in [("/console/matters", "还没有公布检查事项"), ("/console/inspectors", "还没有检查人员")]
    {
        let page = liaison.get(path).await.expect(200, words).text();
        assert!(!page.contains("没有符合筛选条件的记录"), "{path}");
        liaison.get(&format!("{path}?q=nothing")).await.expect(200, "没有符合筛选条件的记录");
    }
}
