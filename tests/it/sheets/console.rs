//! An operator prints: preview, task, download, the note that it was printed.

use super::{codes_of, words_of};
use crate::console::world::{World, at};
use crate::support::{Answer, Client, HOST};
use chrono::TimeDelta;
use mashang::actions::{Actor, make_blank_signs, revoke_sign, rotate_sign};
use mashang::domain::id::SignId;
use mashang::domain::sign::{SignState, UnitKind};
use mashang::jobs::run_tasks;
use mashang::storage::signs;
use std::io::{Cursor, Read as _};

/// Asks for sheets and has them made; returns the path of the batch.
async fn make(world: &World, operator: &mut Client, fields: &[(&str, &str)]) -> String {
    let task = operator.post_form("/console/sheets", fields).await.location();
    assert_eq!(run_tasks(&world.test.app).await.expect("worked"), 1);
    task.replace("/tasks/", "/sheets/")
}

async fn download(operator: &mut Client, batch: &str) -> Answer {
    let answer = operator.get(&format!("{batch}/file")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

fn links(world: &World) -> Vec<String> {
    let enterprises = world.test.seed.enterprises.iter().map(|(_, sign)| format!("/e/{}", sign.token));
    let agencies = world.test.seed.agency_signs.values().map(|sign| format!("/a/{}", sign.token));
    let mut all: Vec<String> = enterprises.chain(agencies).map(|path| format!("http://{HOST}{path}")).collect();
    all.sort();
    all
}

async fn state(world: &World, id: SignId) -> SignState {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    signs::get(&mut tx, id).await.expect("read").expect("the sign").state
}

#[tokio::test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
async fn an_operator_prints_all_codes_and_zbar_reads_every_one() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let page = operator.get("/console/sheets?kind=a6_card").await.expect(200, "6 块码牌，共 3 页");
    let preview =
        page.text().split("src=\"").find(|part| part.starts_with("/console/sheets/preview")).map(str::to_owned);
    let preview =
        preview.and_then(|part| part.split('"').next().map(|path| path.replace("&#38;", "&"))).expect("a preview");
    let svg = operator.get(&preview).await.expect(200, "<svg");
    assert_eq!(svg.header("content-type"), "image/svg+xml");

    let batch = make(&world, &mut operator, &[("kind", "a6_card")]).await;
    operator.get(&batch).await.expect(200, "待付印");
    let file = download(&mut operator, &batch).await;
    assert_eq!(file.header("content-type"), "application/pdf");
    let mut read = codes_of(&file.bytes);
    read.sort();
    assert_eq!(read, links(&world));
    let words = words_of(&file.bytes);
    for expected in [
        "码牌清单",
        "共6张",
        "企业码3，单位码3",
        "从未付印",
        "青禾精密机械有限公司",
        "本码不收费、不下载、不要验证码",
        "打印时选择100%",
    ] {
        assert!(words.contains(expected), "{expected} is not in {words}");
    }
}

#[tokio::test]
async fn only_the_confirmation_makes_signs_printed_and_names_those_revoked_in_between() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let batch = make(&world, &mut operator, &[("kind", "a4_poster"), ("unit", "enterprise")]).await;
    download(&mut operator, &batch).await;
    let ids: Vec<SignId> = world.test.seed.enterprises.iter().map(|(_, sign)| sign.id).collect();
    assert_eq!(state(&world, ids[0]).await, SignState::Generated, "a download is not a print");

    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    revoke_sign(&mut tx, &app.service, app.clock.now(), &Actor::System, ids[1], "丢失").await.expect("revoked");
    tx.commit().await.expect("a commit");
    let printed = format!("{batch}/printed");
    operator.post_form(&printed, &[]).await.location();
    assert_eq!(state(&world, ids[0]).await, SignState::Printed);
    assert_eq!(state(&world, ids[1]).await, SignState::Revoked);
    let page = operator.get(&batch).await.expect(200, "有 1 块在付印前已停用").text();
    let mut tx = app.db.read().await.expect("a connection");
    let revoked = signs::get(&mut tx, ids[1]).await.expect("read").expect("the sign");
    assert!(page.contains(&revoked.serial) && page.contains("已记录 2 块码牌付印"), "{page}");
    assert_eq!(operator.post_form(&printed, &[]).await.status, 409, "once");
    operator.get("/console/sheets?unit=enterprise").await.expect(200, "没有符合条件的码牌");
    operator.get("/console/sheets?unit=enterprise&scope=in_use").await.expect(200, "2 块码牌");
}

#[tokio::test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
async fn replacements_and_blank_signs_are_printed_by_themselves() {
    let world = World::new().await;
    let app = &world.test.app;
    let now = app.clock.now();
    let mut tx = app.db.write().await.expect("a transaction");
    let worn = world.test.seed.enterprises[0].1.id;
    let new = rotate_sign(&mut tx, &app.service, now, &Actor::System, worn).await.expect("replaced");
    make_blank_signs(&mut tx, &app.service, now, &Actor::System, UnitKind::Enterprise, 5).await.expect("made");
    tx.commit().await.expect("a commit");
    let mut operator = world.signed_in("operator").await;
    let batch =
        make(&world, &mut operator, &[("kind", "a5_stand"), ("scope", "replaced"), ("medium", "outdoor")]).await;
    let file = download(&mut operator, &batch).await;
    assert_eq!(codes_of(&file.bytes), [format!("http://{HOST}/e/{}", new.token)]);
    assert!(words_of(&file.bytes).contains("第2版"), "the second edition at its place");

    let fields = [("kind", "label_l7160"), ("scope", "blank"), ("skip", "19"), ("cover", "no")];
    let batch = make(&world, &mut operator, &fields).await;
    operator.get(&batch).await.expect(200, "5 块码牌，共 2 页");
    let file = download(&mut operator, &batch).await;
    assert_eq!(codes_of(&file.bytes).len(), 5);
    let words = words_of(&file.bytes);
    assert!(words.contains("空白码") && !words.contains("企业码"), "{words}");
    // Once they are on paper they are not put on another sheet.
    operator.post_form(&format!("{batch}/printed"), &[]).await.location();
    operator.post_form("/console/sheets", &fields).await.expect(422, "没有符合条件的码牌");
}

#[tokio::test]
async fn what_cannot_be_printed_is_said_before_and_names_the_sign() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let fields = [("kind", "a4_poster"), ("town", "没有这个镇")];
    operator.post_form("/console/sheets", &fields).await.expect(422, "没有符合条件的码牌");

    let app = &world.test.app;
    let (enterprise, sign) = &world.test.seed.enterprises[2];
    let mut tx = app.db.write().await.expect("a transaction");
    let mut record = mashang::storage::enterprises::get(&mut tx, *enterprise).await.expect("read").expect("there");
    record.name = "笑脸😀有限公司".to_owned();
    mashang::storage::enterprises::update(&mut tx, &record).await.expect("stored");
    let serial = signs::get(&mut tx, sign.id).await.expect("read").expect("the sign").serial;
    tx.commit().await.expect("a commit");
    let batch = make(&world, &mut operator, &[("kind", "label_l7160")]).await;
    let page = operator.get(&batch).await.expect(200, "没有完成").text();
    assert!(page.contains(&serial) && page.contains('😀'), "{page}");
    let task = operator.get(&batch.replace("/sheets/", "/tasks/")).await.expect(200, "没有完成").text();
    assert!(task.contains(&serial) && task.contains("字库里没有"), "{task}");
    assert_eq!(operator.get(&format!("{batch}/file")).await.status, 404);
    assert_eq!(operator.post_form(&format!("{batch}/printed"), &[]).await.status, 409);
}

#[tokio::test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
async fn a_print_shop_gets_a_table_and_a_vector_for_each_code() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let batch = make(&world, &mut operator, &[("kind", "a5_stand"), ("form", "zip"), ("cover", "no")]).await;
    let file = download(&mut operator, &batch).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(file.bytes)).expect("an archive");
    assert_eq!(
        archive.file_names().filter(|name| name.as_ref().is_ok_and(|name| name.starts_with("codes/"))).count(),
        6
    );
    let mut table = String::new();
    archive.by_name("signs.csv").expect("a table").read_to_string(&mut table).expect("a text");
    assert!(table.starts_with("\u{FEFF}编号 serial,类别 kind"));
    for link in links(&world) {
        assert!(table.contains(&link), "{link}");
    }
    let mut pdf = Vec::new();
    archive.by_name("sheets.pdf").expect("a document").read_to_end(&mut pdf).expect("bytes");
    assert_eq!(codes_of(&pdf).len(), 6);
}

#[tokio::test]
async fn a_document_carries_the_day_of_the_district() {
    let world = World::new().await;
    // Ten past one at night in the district: of Greenwich it is still the day before.
    world.test.app.clock.set(at("03-05 01:10"));
    let mut operator = world.signed_in("operator").await;
    let batch = make(&world, &mut operator, &[("kind", "a6_card"), ("cover", "no")]).await;
    let file = download(&mut operator, &batch).await;
    assert!(file.header("content-disposition").ends_with("-6-20260305.pdf"), "{}", file.header("content-disposition"));
}

#[tokio::test]
async fn sheets_that_are_cancelled_in_the_midst_make_no_file_and_can_be_made_again() {
    let world = World::new().await;
    let app = world.test.app.clone();
    let mut tx = app.db.write().await.expect("a transaction");
    make_blank_signs(&mut tx, &app.service, app.clock.now(), &Actor::System, UnitKind::Enterprise, 300)
        .await
        .expect("made");
    tx.commit().await.expect("a commit");
    let mut operator = world.signed_in("operator").await;
    let fields = [("kind", "a6_card"), ("scope", "blank"), ("cover", "no")];
    let path = operator.post_form("/console/sheets", &fields).await.location();
    let task = uuid::Uuid::try_parse(path.rsplit('/').next().expect("an id")).expect("an id");
    let cancelled = async {
        let done = loop {
            let done = app.service.running.get(task).map_or(0, |running| running.get().0);
            // Some are drawn by now, and some are not.
            if done > 0 {
                break done;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        };
        let page = operator.get(&path).await.expect(200, "/ 300").text();
        assert!(page.contains("取消"), "{page}");
        operator.post_form(&format!("{path}/cancel"), &[]).await.location();
        done
    };
    let (worked, done) = tokio::join!(run_tasks(&app), cancelled);
    worked.expect("worked");
    assert!((1..300).contains(&done), "in the midst of it: {done}");
    let batch = path.replace("/tasks/", "/sheets/");
    let page = operator.get(&batch).await.expect(200, "已取消").text();
    assert!(!page.contains(&format!("{batch}/file")), "nothing to download: {page}");
    assert_eq!(operator.get(&format!("{batch}/file")).await.status, 404);
    assert_eq!(operator.post_form(&format!("{batch}/printed"), &[]).await.status, 409);
    let again = make(&world, &mut operator, &fields).await;
    operator.get(&again).await.expect(200, "300 块码牌，共 75 页");
}

#[tokio::test]
async fn files_go_after_30_days_and_a_cancelled_order_makes_none() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let batch = make(&world, &mut operator, &[("kind", "a4_poster"), ("scope", "in_use")]).await;
    world.test.app.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    let mut operator = world.signed_in("operator").await;
    download(&mut operator, &batch).await;
    world.test.app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(operator.get(&format!("{batch}/file")).await.status, 404);
    operator.get("/console/sheets").await.expect(200, "文件已过期");

    let task = operator.post_form("/console/sheets", &[("scope", "in_use")]).await.location();
    operator.post_form(&format!("{task}/cancel"), &[]).await.location();
    assert_eq!(run_tasks(&world.test.app).await.expect("nothing to do"), 0);
    operator.get(&task.replace("/tasks/", "/sheets/")).await.expect(200, "已取消");
}
