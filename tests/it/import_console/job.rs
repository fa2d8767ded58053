//! The whole job of an operator, small and large files, a preview that is no longer true.

use super::{HEADER, Office, code, row};
use encoding_rs::GBK;
use mashang::actions::Actor;
use mashang::actions::import_registry::{Import, Limits, Registry, import_registry};
use mashang::domain::import::ImportState;
use mashang::jobs;
use mashang::storage::{audit, signs};

#[tokio::test]
async fn an_operator_corrects_what_was_rejected_and_takes_it_over() {
    let mut office = Office::new().await;
    let o_for_0 = code(3).replacen('0', "O", 1);
    let text = format!(
        "{HEADER}{}{}重庆三号有限公司,{o_for_0},二郎街道,兴业路3号,C34,,,\n",
        row(1, "重庆一号有限公司", "陶家镇"),
        row(2, "重庆二号有限公司", "陶家镇"),
    );
    let (gbk, _, lossy) = GBK.encode(&text);
    assert!(!lossy);
    let page = office.send("enterprises", "企业.csv", &gbk).await.location();
    let shown = office.browser.get(&page).await.expect(200, "GBK / GB18030 · 逗号 · 表头在第 1 行 · 3 行数据").text();
    assert!(shown.contains("代码里没有 I、O、S、V、Z") && shown.contains(&format!("是不是“{}”", code(3))), "{shown}");
    let file = office.browser.get(&format!("{page}/rejected.csv")).await.text();
    office.confirm(&page, &[("skip_bad", "yes")]).await.location();
    office.import("enterprises", &file.replace(&o_for_0, &code(3))).await;
    for number in 1..=3 {
        assert!(office.enterprise(number).await.expect("stored").active);
    }
    assert_eq!(office.seeded().len(), 3);
}

#[tokio::test]
async fn a_preview_writes_nothing_and_the_command_line_plans_the_same() {
    let mut office = Office::new().await;
    let text = format!("{HEADER}{}{}{}", row(1, "甲公司", "陶家镇"), row(2, "乙公司", ""), "丙公司,123,,,,,,\n");
    let page = office.sent("enterprises", &text).await;
    assert!(office.enterprise(1).await.is_none(), "nothing is written before it is confirmed");
    let app = &office.world.test.app;
    let import = Import {
        registry: Registry::Enterprises,
        name: "",
        bytes: text.as_bytes(),
        limits: Limits::COMMAND,
        skip_bad: true,
        dry_run: true,
    };
    let now = app.clock.now();
    let summary = import_registry(&app.db, &app.service, now, &Actor::System, &import).await.expect("read");
    let summary = summary.expect("a table");
    let record = office.record(&page).await;
    assert_eq!(summary.digest, record.digest, "the plan of both is the same, line by line");
    assert_eq!((summary.new, summary.rejected_rows), (2, 1));
    office.confirm(&page, &[]).await.expect(422, "请勾选只导入其余的行");
    assert!(office.enterprise(1).await.is_none());
    office.confirm(&page, &[("skip_bad", "yes")]).await.location();
    let first = office.enterprise(1).await.expect("stored");
    assert!(first.search.contains("jgs"), "{}", first.search);
    let mut tx = office.world.test.app.db.read().await.expect("a connection");
    assert_eq!(signs::of_unit(&mut tx, first.id.0).await.expect("signs").len(), 1);
    let record = office.record(&page).await;
    let rows = audit::by_object(&mut tx, record.id).await.expect("audit");
    let imported = rows.iter().find(|row| row.action == "registry.imported").expect("an audit row");
    assert_eq!(imported.detail["sha256"], record.sha256.as_str());
    assert_eq!((imported.detail["new"].as_i64(), imported.detail["rejected"].as_i64()), (Some(2), Some(1)));
    office.browser.get("/console/import").await.expect(200, "新增 2，变更 0，不变 0，退回 1");
    office.browser.get(&page).await.expect(200, "撤销这次导入");
}

#[tokio::test]
async fn the_rejected_rows_come_back_with_their_reason_and_are_taken_once_corrected() {
    let mut office = Office::new().await;
    let wrong = code(7).replacen('0', "O", 1);
    let text = format!("备注,{HEADER}=1+1,甲公司,{wrong},,,,,,\n\"a,b\",乙公司,{},,,,E,,\n", code(8));
    let page = office.sent("enterprises", &text).await;
    office.browser.get(&page).await.expect(200, &format!("是不是“{}”", code(7))).expect(200, "信用等级只有");
    let file = office.browser.get(&format!("{page}/rejected.csv")).await;
    assert!(file.header("content-disposition").contains("filename*=UTF-8''"));
    let text = String::from_utf8(file.bytes).expect("UTF-8");
    assert!(text.starts_with('\u{feff}') && text.lines().next().expect("a header").ends_with(",原因"));
    assert!(text.contains("'=1+1,甲公司"), "no formula is handed out: {text}");
    let corrected = text.replace(&wrong, &code(7)).replace(",E,", ",B,");
    let again = office.sent("enterprises", &corrected).await;
    let record = office.record(&again).await;
    assert_eq!((record.counts.new, record.counts.rejected), (2, 0));
    office.confirm(&again, &[]).await.location();
    assert_eq!(office.enterprise(7).await.expect("stored").name, "甲公司");
    // The file of the second rejection has the reason once.
    let twice = office.sent("enterprises", &text).await;
    let second = office.browser.get(&format!("{twice}/rejected.csv")).await.text();
    assert_eq!(second.lines().next().expect("a header").matches("原因").count(), 1);
}

#[tokio::test]
async fn old_and_new_stand_beside_each_other_and_the_same_file_twice_changes_nothing() {
    let mut office = Office::new().await;
    let text = format!("{HEADER}{}", row(1, "甲公司", "陶家镇"));
    office.import("enterprises", &text).await;
    let again = office.sent("enterprises", &text).await;
    office.browser.get(&again).await.expect(200, "没有需要写入的内容");
    assert_eq!(office.confirm(&again, &[]).await.status, 409);
    let moved = office.sent("enterprises", &text.replace("陶家镇", "二郎街道")).await;
    office.browser.get(&moved).await.expect(200, "<del>陶家镇</del> → <ins>二郎街道</ins>");
    office.confirm(&moved, &[]).await.location();
    assert_eq!(office.enterprise(1).await.expect("stored").town, "二郎街道");
}

#[tokio::test]
async fn what_changed_since_the_preview_is_shown_again_instead_of_being_written() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    let first = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "二郎街道"))).await;
    let old = office.record(&first).await.digest;
    office.import("enterprises", &format!("{HEADER}{}", row(1, "甲公司（新）", "陶家镇"))).await;
    office.confirm(&first, &[]).await.location();
    office.browser.get(&first).await.expect(200, "预览之后名录有了变动").expect(200, "甲公司（新）");
    assert_eq!(office.enterprise(1).await.expect("stored").town, "陶家镇", "nothing was written");
    // A page that was open all the time confirms what it showed, which is no longer so.
    let answer = office.browser.post_form(&format!("{first}/apply"), &[("digest", old.as_str())]).await;
    answer.location();
    assert_eq!(office.record(&first).await.state, ImportState::Previewed);
    office.confirm(&first, &[]).await.location();
    assert_eq!(office.enterprise(1).await.expect("stored").town, "二郎街道");
}

#[tokio::test]
async fn a_large_file_is_work_in_the_background_that_can_be_cancelled() {
    let mut office = Office::new().await;
    let rows: String = (0..2_100).map(|number| row(number, &format!("企业{number}"), "陶家镇")).collect();
    let page = office.sent("enterprises", &format!("{HEADER}{rows}")).await;
    let waiting = office.browser.get(&page).await.expect(200, "排队中");
    assert_eq!(waiting.header("refresh"), "2");
    assert_eq!(jobs::run_tasks(&office.world.test.app).await.expect("worked"), 1);
    let shown = office.browser.get(&page).await.expect(200, "将新增 2100 条");
    assert_eq!(shown.header("refresh"), "");
    office.browser.get(&format!("{page}?tab=new&page=42")).await.expect(200, "企业2099");
    office.confirm(&page, &[]).await.location();
    let task = office.record(&page).await.task.expect("a task");
    office.browser.post_form(&format!("/console/tasks/{task}/cancel"), &[]).await.location();
    jobs::run_tasks(&office.world.test.app).await.expect("nothing to do");
    assert!(office.enterprise(5).await.is_none(), "cancelled before it began");
    office.confirm(&page, &[]).await.location();
    jobs::run_tasks(&office.world.test.app).await.expect("worked");
    assert_eq!(office.record(&page).await.state, ImportState::Applied);
    assert!(office.enterprise(2_099).await.is_some());
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    jobs::run_tasks(&office.world.test.app).await.expect("worked");
    assert_eq!(office.record(&page).await.counts.restored, 2_100);
    assert!(!office.enterprise(2_099).await.expect("never deleted").active);
}

#[tokio::test]
async fn an_import_that_is_cancelled_in_the_midst_of_writing_leaves_nothing_behind() {
    let mut office = Office::new().await;
    let rows: String = (0..3_000).map(|number| row(number, &format!("企业{number}"), "陶家镇")).collect();
    let page = office.sent("enterprises", &format!("{HEADER}{rows}")).await;
    let app = office.world.test.app.clone();
    jobs::run_tasks(&app).await.expect("previewed");
    office.confirm(&page, &[]).await.location();
    let task = office.record(&page).await.task.expect("a task");
    let cancel = async {
        loop {
            let done = app.service.running.get(task).map_or(0, |running| running.get().0);
            // Some are written by now, and some are not.
            if done >= 500 {
                break done;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    let cancelled = async {
        let done = cancel.await;
        let answer = office.browser.post_form(&format!("/console/tasks/{task}/cancel"), &[]).await;
        (done, answer.location())
    };
    let (worked, (done, _)) = tokio::join!(jobs::run_tasks(&app), cancelled);
    worked.expect("worked");
    assert!((500..3_000).contains(&done), "in the midst of it: {done}");
    assert_eq!(office.record(&page).await.state, ImportState::Previewed);
    for number in [0, 1, 499, 2_999] {
        assert!(office.enterprise(number).await.is_none(), "{number} is not there");
    }
    let mut tx = app.db.read().await.expect("a connection");
    let id = office.record(&page).await.id;
    assert_eq!(mashang::storage::imports::count_changes(&mut tx, id).await.expect("counted"), 0);
    let rows = audit::by_object(&mut tx, id).await.expect("audit");
    assert!(rows.iter().all(|row| row.action != "registry.imported"), "{rows:?}");
    drop(tx);
    // It can be confirmed again, and is whole then.
    office.browser.get(&page).await.expect(200, "将新增 3000 条");
    office.confirm(&page, &[]).await.location();
    jobs::run_tasks(&app).await.expect("worked");
    assert_eq!(office.record(&page).await.state, ImportState::Applied);
    for number in [0, 2_999] {
        assert!(office.enterprise(number).await.is_some());
    }
}

#[tokio::test]
async fn columns_and_encoding_are_chosen_where_the_guess_is_wrong() {
    let mut office = Office::new().await;
    let text = format!("招牌;执照号;备注\n甲公司;{};x\n", code(1));
    let page = office.sent("enterprises", &text).await;
    office.browser.get(&page).await.expect(200, "有必填的列没有找到").expect(200, "分号");
    let read = format!("{page}/read");
    let fields = [("encoding-as", "utf-8"), ("separator-as", "semicolon"), ("c0", "0"), ("c1", "1")];
    office.browser.post_form(&read, &fields).await.location();
    office.browser.get(&page).await.expect(200, "将新增 1 条");
    let fields = [("encoding-as", "utf-16le"), ("separator-as", "semicolon")];
    office.browser.post_form(&read, &fields).await.expect(422, "错误：");
    assert_eq!(office.record(&page).await.counts.new, 1, "what cannot be read like that stays as it was");
    office.confirm(&page, &[]).await.location();
    assert_eq!(office.enterprise(1).await.expect("stored").name, "甲公司");
    assert_eq!(office.browser.post_form(&read, &fields).await.status, 409);
}

#[tokio::test]
async fn templates_have_the_headers_an_example_that_is_passed_over_and_hints() {
    let mut office = Office::new().await;
    for registry in ["agencies", "matters", "inspectors", "enterprises", "holidays"] {
        for kind in ["csv", "xlsx"] {
            let file = office.browser.get(&format!("/console/import/templates/{registry}.{kind}")).await;
            assert_eq!(file.status, 200, "{registry}.{kind}");
            office.send(registry, &format!("t.{kind}"), &file.bytes).await.expect(422, "只有表头");
        }
    }
    let file = office.browser.get("/console/import/templates/enterprises.csv").await.text();
    let page = office.sent("enterprises", &file.replace("【示例】", "")).await;
    office.browser.get(&page).await.expect(200, "将新增 1 条").expect(200, "规上工业、专精特新");
    assert_eq!(office.browser.get("/console/import/templates/other.csv").await.status, 404);
    assert_eq!(office.browser.get("/console/import/templates/enterprises.exe").await.status, 404);
}
