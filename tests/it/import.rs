//! Taking over registries: what is new, changed, unchanged and rejected, and that nothing happens by halves.

use crate::support::TestApp;
use mashang::actions::Actor;
use mashang::actions::import_registry::{Import, Limits, Problem, Registry, Summary, import_registry};
use mashang::domain::dossier::Registries;
use mashang::i18n::Lang;
use mashang::storage::{audit, enterprises, registries, signs};

const AGENCIES: &str = "单位名称,简称,上级单位,联系邮箱\n甲队,,区应急局,\n区应急局,应急,,yj@a.example\n";
const ENTERPRISES: &str = "企业名称,统一社会信用代码,镇街,地址,行业代码,信用等级,重点企业类别,联系邮箱\n\
    重庆长岭商贸有限公司,91500107MAYPBPC761,陶家镇,石杨路103号,F51,,,a@q.example\n\
    重庆华岩精密机械制造有限公司,91500107MA93291ADT,二郎街道,兴业路250号,C34,D,危化、冷链,\n";

async fn attempt(app: &TestApp, registry: Registry, file: &str, skip_bad: bool) -> Result<Summary, Problem> {
    let import =
        Import {
            registry, name: "名录.csv", bytes: file.as_bytes(), limits: Limits::UPLOAD, skip_bad, dry_run: false
        };
    let done = import_registry(&app.app.db, &app.app.service, app.app.clock.now(), &Actor::System, &import).await;
    done.expect("the store works")
}

async fn import(app: &TestApp, registry: Registry, file: &str) -> Summary {
    attempt(app, registry, file, false).await.expect("a readable file")
}

async fn stored(app: &TestApp) -> (Registries, i64) {
    let mut tx = app.app.db.read().await.expect("a connection");
    let all = registries::load(&mut tx, app.app.service.settings.zone).await.expect("registries");
    (all, registries::version(&mut tx).await.expect("a version"))
}

fn counts(summary: &Summary) -> (usize, usize, usize, usize) {
    (summary.new, summary.changed, summary.unchanged, summary.rejected_rows)
}

fn faults(summary: &Summary) -> Vec<(u32, &str, &'static str)> {
    summary.rejected.iter().map(|r| (r.row, r.column.as_str(), r.problem.code)).collect()
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let app = TestApp::empty().await;
    assert_eq!(counts(&import(&app, Registry::Agencies, AGENCIES).await), (2, 0, 0, 0));
    let (_, version) = stored(&app).await;
    let again = import(&app, Registry::Agencies, AGENCIES).await;
    assert_eq!((counts(&again), again.written), ((0, 0, 2, 0), false));
    assert_eq!(stored(&app).await.1, version, "no snapshot is made stale");

    assert_eq!(counts(&import(&app, Registry::Enterprises, ENTERPRISES).await), (2, 0, 0, 0));
    assert_eq!(counts(&import(&app, Registry::Enterprises, ENTERPRISES).await), (0, 0, 2, 0));
    let changed = ENTERPRISES.replace(",D,", ",B,");
    assert_eq!(counts(&import(&app, Registry::Enterprises, &changed).await), (0, 1, 1, 0));
}

#[tokio::test]
async fn a_parent_may_stand_further_down_and_each_unit_gets_a_sign() {
    let app = TestApp::empty().await;
    import(&app, Registry::Agencies, AGENCIES).await;
    import(&app, Registry::Enterprises, ENTERPRISES).await;
    let (all, _) = stored(&app).await;
    let by_name = |name: &str| all.agencies.values().find(|a| a.name == name).expect("stored");
    assert_eq!(by_name("甲队").parent, Some(by_name("区应急局").id));
    let mut tx = app.app.db.read().await.expect("a connection");
    let sign = signs::of_unit(&mut tx, by_name("甲队").id.0).await.expect("signs");
    assert_eq!(sign.len(), 1);
    let enterprise = enterprises::by_uscc(&mut tx, "91500107MA93291ADT").await.expect("read").expect("stored");
    assert_eq!(enterprise.tags, ["危化", "冷链"]);
    assert!(enterprise.search.contains("cqhyjm") && enterprise.search.contains("huayanjingmi"));
    assert_eq!(signs::of_unit(&mut tx, enterprise.id.0).await.expect("signs").len(), 1);
}

#[tokio::test]
async fn one_bad_row_keeps_all_out_unless_bad_rows_are_skipped() {
    let app = TestApp::empty().await;
    let file = format!("{ENTERPRISES}重庆某某有限公司,9150O107MAYPBPC761,,,,E,,not an address\n");
    let refused = import(&app, Registry::Enterprises, &file).await;
    assert!(!refused.written);
    assert_eq!(
        faults(&refused),
        [(4, "统一社会信用代码", "code-letter"), (4, "信用等级", "credit-class"), (4, "联系邮箱", "email")]
    );
    let hint = refused.rejected[0].words(Lang::En).hint.expect("a suggestion");
    assert!(hint.contains("91500107MAYPBPC761"), "{hint}");
    assert_eq!(refused.rejected_rows, 1);
    let mut tx = app.app.db.read().await.expect("a connection");
    assert!(enterprises::by_uscc(&mut tx, "91500107MA93291ADT").await.expect("read").is_none());
    assert!(audit::newest(&mut tx).await.expect("read").is_none(), "not even an audit row");
    drop(tx);
    let taken = attempt(&app, Registry::Enterprises, &file, true).await.expect("readable");
    assert_eq!((counts(&taken), taken.written), ((2, 0, 0, 1), true));
}

#[tokio::test]
async fn repeated_rows_name_each_other() {
    let app = TestApp::empty().await;
    let file = "单位名称\n区税务局\n区统计局\n区税务局\n";
    let summary = attempt(&app, Registry::Agencies, file, true).await.expect("readable");
    assert_eq!(faults(&summary), [(2, "单位名称", "duplicate"), (4, "单位名称", "duplicate")]);
    assert!(summary.rejected[0].words(Lang::Zh).reason.contains('4'));
    assert_eq!(summary.new, 1);
}

#[tokio::test]
async fn a_column_that_is_not_there_leaves_what_is_stored_and_an_empty_cell_empties_it() {
    let app = TestApp::empty().await;
    import(&app, Registry::Enterprises, ENTERPRISES).await;
    let fewer = "单位全称,信用代码 (18位),备注\n重庆华岩精密机械制造有限公司,91500107ma93291adt,x\n"
        .replace("单位全称", "企业全称");
    let summary = import(&app, Registry::Enterprises, &fewer).await;
    assert_eq!((counts(&summary), summary.ignored_columns), ((0, 0, 1, 0), vec!["备注".to_owned()]));
    let empty = "名称,USCC,Credit Class\n重庆华岩精密机械制造有限公司,91500107MA93291ADT,\n";
    assert_eq!(counts(&import(&app, Registry::Enterprises, empty).await), (0, 1, 0, 0));
}

#[tokio::test]
async fn a_missing_column_is_named_and_a_title_above_the_header_is_no_fault() {
    let app = TestApp::empty().await;
    let problem = attempt(&app, Registry::Agencies, "简称,邮箱\nx,\n", false).await.expect_err("no names");
    assert_eq!(problem.code, "missing-column");
    assert!(problem.reason(Lang::Zh).contains("单位名称"));
    let titled = format!("全区执法单位名录（2026年）,,,\n,,,\n{AGENCIES}");
    assert_eq!(counts(&import(&app, Registry::Agencies, &titled).await), (2, 0, 0, 0));
}

#[tokio::test]
async fn agencies_above_themselves_and_unknown_ones_are_rejected() {
    let app = TestApp::empty().await;
    let file = "单位名称,上级单位\n甲,乙\n乙,甲\n丙,甲\n丁,丁\n戊,没有这个单位\n己,戊\n庚,\n";
    let summary = attempt(&app, Registry::Agencies, file, true).await.expect("readable");
    let mut found: Vec<(u32, &str)> = faults(&summary).into_iter().map(|(row, _, code)| (row, code)).collect();
    found.sort_unstable();
    let cycle = "parent-cycle";
    assert_eq!(
        found,
        [(2, cycle), (3, cycle), (4, cycle), (5, "own-parent"), (6, "unknown-parent"), (7, "unknown-parent")]
    );
    assert_eq!(summary.new, 1);
}

#[tokio::test]
async fn matters_and_inspectors_need_their_agency() {
    let app = TestApp::empty().await;
    import(&app, Registry::Agencies, AGENCIES).await;
    let matters = "单位名称,事项名称,事项组,法定依据,公布日期,停用日期\n区应急局,安全检查,安全,法第一条,2023/1/1,\n";
    assert_eq!(counts(&import(&app, Registry::Matters, matters).await), (1, 0, 0, 0));
    assert_eq!(counts(&import(&app, Registry::Matters, matters).await), (0, 0, 1, 0));
    let inspectors = "姓名,执法证号,单位名称,有效期起,有效期止\n\
        张三,500101233820,区应急局,2022-06-01,长期\n李四,500101233821,应急,2022-06-01,2021-01-01\n";
    let summary = import(&app, Registry::Inspectors, inspectors).await;
    assert_eq!(faults(&summary), [(3, "单位名称", "unknown-agency"), (3, "有效期止", "date-order")]);
    let hint = summary.rejected[0].words(Lang::Zh).hint.expect("a suggestion");
    assert!(hint.contains("区应急局"), "{hint}");
    let good: String = inspectors.split_inclusive('\n').take(2).collect();
    assert_eq!(counts(&import(&app, Registry::Inspectors, &good).await), (1, 0, 0, 0));
    let (all, _) = stored(&app).await;
    assert_eq!(all.inspectors["500101233820"].valid_to, None);
}

#[tokio::test]
async fn next_years_holidays_take_nothing_away() {
    let app = TestApp::empty().await;
    let (before, _) = stored(&app).await;
    let file = "date,kind,name\n2027-01-01,off,元旦\n2027-01-03,work,元旦\n";
    assert_eq!(counts(&import(&app, Registry::Holidays, file).await), (2, 0, 0, 0));
    let (after, _) = stored(&app).await;
    assert_eq!(after.holidays.rows().count(), before.holidays.rows().count() + 2);
    assert_eq!(counts(&import(&app, Registry::Holidays, file).await), (0, 0, 2, 0));
}

#[tokio::test]
async fn a_preview_says_the_same_and_writes_nothing() {
    let app = TestApp::empty().await;
    let import_it = Import {
        registry: Registry::Enterprises,
        name: "",
        bytes: ENTERPRISES.as_bytes(),
        limits: Limits::UPLOAD,
        skip_bad: false,
        dry_run: true,
    };
    let now = app.app.clock.now();
    let done = import_registry(&app.app.db, &app.app.service, now, &Actor::System, &import_it).await;
    let summary = done.expect("the store works").expect("readable");
    assert_eq!((counts(&summary), summary.written), ((2, 0, 0, 0), false));
    assert_eq!(counts(&import(&app, Registry::Enterprises, ENTERPRISES).await), (2, 0, 0, 0));
}

/// Codes are written out where they are made; their words are looked up by a key that is put together.
#[test]
fn every_problem_and_hint_has_words_in_both_languages() {
    let texts =
        ["zh-CN", "en"].map(|tag| std::fs::read_to_string(format!("locales/{tag}/import.ftl")).expect("a text"));
    let mut keys = 0;
    for file in std::fs::read_dir("src/actions/import_registry").expect("the folder") {
        let source = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        for (start, prefix) in [("Problem::new(\"", ""), (".hint(\"", "hint-"), (".hint_with(\"", "hint-")] {
            for (at, _) in source.match_indices(start) {
                let code = source[at + start.len()..].split('"').next().expect("a code");
                let line = format!("\nimport-{prefix}{code} = ");
                assert!(texts.iter().all(|text| text.contains(&line)), "no words for {prefix}{code}");
                keys += 1;
            }
        }
    }
    assert!(keys > 50, "only {keys} were found");
}
