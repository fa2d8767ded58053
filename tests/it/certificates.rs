//! Certificates that run out: announced to the liaisons 30 days ahead, once, in the daytime, and shown where a liaison looks first.

use crate::console::world::{World, at};
use mashang::jobs;
use mashang::mail::{Letter, Mailer, Memory};
use mashang::storage::{inspector_lists, registries, registry_updates};

/// A certificate of the seed gets this last day.
async fn ends(world: &World, name: &str, day: &str) {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let id = world.test.seed.inspectors[name];
    let mut inspector = inspector_lists::get(&mut tx, id, None).await.expect("read").expect("an inspector").inspector;
    inspector.valid_to = Some(day.parse().expect("a day"));
    registry_updates::update_inspector(&mut tx, &inspector).await.expect("stored");
    registries::bump(&mut tx).await.expect("a version");
    tx.commit().await.expect("a commit");
}

/// What goes out when the jobs run at this instant of 2026.
async fn mails(world: &World, instant: &str) -> Vec<Letter> {
    let app = &world.test.app;
    app.clock.set(at(instant));
    jobs::run_due(app, app.clock.now()).await.expect("the jobs run");
    let memory = Memory::default();
    jobs::deliver_due(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
    memory.take().into_iter().map(|delivered| delivered.letter).collect()
}

#[tokio::test]
async fn a_certificate_is_announced_30_days_ahead_once_in_the_daytime_and_anew_when_it_was_renewed() {
    let world = World::new().await;
    for name in ["陈小明", "李芳"] {
        ends(&world, name, "2026-04-03").await;
    }
    for silent in ["03-03 10:00", "03-03 19:00", "03-04 00:00", "03-04 07:59"] {
        assert!(mails(&world, silent).await.is_empty(), "{silent}");
    }
    let told = mails(&world, "03-04 08:00").await;
    assert_eq!(told.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["fire@qh.gov.cn"]);
    assert!(told[0].subject.contains("2 个执法证 30 天内到期"), "{}", told[0].subject);
    for words in ["XF-001", "XF-002", "4月3日", "/console/inspectors?valid=soon"] {
        assert!(told[0].text.contains(words), "“{words}” is not in\n{}", told[0].text);
    }
    for name in ["陈小明", "李芳"] {
        assert!(!format!("{:?}", told[0]).contains(name), "a mail names nobody");
    }
    for silent in ["03-04 08:01", "03-05 10:00", "03-06 10:00"] {
        assert!(mails(&world, silent).await.is_empty(), "{silent}");
    }
    // One is renewed for a few days only, and another one comes near its end.
    ends(&world, "陈小明", "2026-04-10").await;
    assert!(mails(&world, "03-10 10:00").await.is_empty());
    let again = mails(&world, "03-11 10:00").await;
    assert_eq!(again.len(), 1);
    assert!(again[0].text.contains("XF-001") && !again[0].text.contains("XF-002"), "{}", again[0].text);
    assert!(mails(&world, "03-12 10:00").await.is_empty());
}

#[tokio::test]
async fn what_ran_out_is_suspended_or_has_no_reader_is_not_announced_until_it_has() {
    let world = World::new().await;
    let app = &world.test.app;
    ends(&world, "陈小明", "2026-03-02").await;
    ends(&world, "李芳", "2026-03-20").await;
    let id = world.test.seed.inspectors["李芳"];
    let switch = async |suspended| {
        let mut tx = app.db.write().await.expect("a transaction");
        inspector_lists::set_suspended(&mut tx, id, suspended).await.expect("stored");
        tx.commit().await.expect("a commit");
    };
    switch(true).await;
    assert!(mails(&world, "03-03 10:00").await.is_empty(), "one has run out, the other is suspended");
    switch(false).await;
    let mut tx = app.db.write().await.expect("a transaction");
    let liaison = world.users[2];
    mashang::storage::users::set_active(&mut tx, liaison, false).await.expect("stored");
    tx.commit().await.expect("a commit");
    assert!(mails(&world, "03-04 10:00").await.is_empty(), "nobody to tell");
    let mut tx = app.db.write().await.expect("a transaction");
    mashang::storage::users::set_active(&mut tx, liaison, true).await.expect("stored");
    tx.commit().await.expect("a commit");
    assert_eq!(mails(&world, "03-05 10:00").await.len(), 1, "kept until there is a reader");
}

#[tokio::test]
async fn a_liaison_sees_at_once_which_certificates_run_out() {
    let world = World::new().await;
    ends(&world, "陈小明", "2026-03-20").await;
    let mut fire = world.signed_in("fire").await;
    let home = fire.get("/console").await.location();
    let page = fire.get(&home).await.expect(200, "1 个执法证 30 天内到期").text();
    let href = page.split("href=\"").find(|rest| rest.starts_with("/console/inspectors?")).expect("a link");
    let list = fire.get(href.split('"').next().expect("an address")).await.expect(200, "陈小明").text();
    assert!(list.contains("1 个执法证 30 天内到期") && !list.contains("李芳</a>"), "{list}");
    for who in ["market", "reform"] {
        let mut other = world.signed_in(who).await;
        for path in ["/console/filings", "/console/inspectors"] {
            assert!(!other.get(path).await.text().contains("个执法证 30 天内到期"), "{path} of {who}");
        }
    }
}
