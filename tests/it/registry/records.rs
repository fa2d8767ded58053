//! Entering, changing, deactivating a record, and what its history says.

use crate::console::world::{World, input};
use mashang::actions::import_registry::{Import, Limits, Registry, import_registry};
use mashang::actions::{Actor, password};
use mashang::storage::enterprises;

const FIELDS: [(&str, &str); 8] = [
    ("name", "重庆长岭商贸有限公司"),
    ("uscc", "91500107MAYPBPC761"),
    ("town", "陶家镇"),
    ("address", "石杨路103号"),
    ("industry", "f51"),
    ("credit_class", "C"),
    ("tags", "专精特新，高新技术 专精特新"),
    ("email", "a@qiye.example"),
];

fn with(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let value = |name: &str, old: &str| {
        changes.iter().find(|(changed, _)| *changed == name).map_or(old, |(_, new)| new).to_owned()
    };
    let mut fields: Vec<(&'static str, String)> =
        FIELDS.into_iter().map(|(name, old)| (name, value(name, old))).collect();
    fields.extend(changes.iter().filter(|(name, _)| *name == "seen").map(|(name, seen)| (*name, (*seen).to_owned())));
    fields
}

fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn an_operator_enters_and_changes_an_enterprise_and_its_history_says_what_was_and_what_is() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let page = operator.submit("/console/enterprises/new", &FIELDS).await.expect(200, "重庆长岭商贸有限公司");
    assert!(page.text().contains("专精特新、高新技术") && page.text().contains("F51"), "{}", page.text());
    assert!(page.text().contains("未打印") || page.text().contains("/e/"), "a first sign is there");
    let list = operator.get("/console/enterprises?q=cqcl").await.expect(200, "重庆长岭商贸有限公司").text();
    let path = list.split("href=\"").find(|part| part.starts_with("/console/enterprises/0")).expect("a link");
    let path = path.split('"').next().expect("an address").to_owned();

    let form = operator.get(&format!("{path}/edit")).await.expect(200, "重庆长岭商贸有限公司");
    let seen = input(&form, "seen");
    world.test.app.clock.advance(chrono::TimeDelta::minutes(5));
    let changed = with(&[("seen", &seen), ("address", "石杨路105号"), ("credit_class", ""), ("tags", "")]);
    let page = operator.submit(&format!("{path}/edit"), &pairs(&changed)).await.expect(200, "石杨路105号").text();
    for told in [
        "经办员",
        "<del>石杨路103号</del> → <ins>石杨路105号</ins>",
        "<del>C</del> → <ins>空</ins>",
        "<del>专精特新、高新技术</del>",
    ] {
        assert!(page.contains(told), "{told} is not in\n{page}");
    }
    assert!(!page.contains("<del>重庆长岭"), "what stays is not told");
    operator.get(&format!("{path}/history")).await.expect(200, "登记");
    let mut reader = world.signed_in("reform").await;
    reader.get(&path).await.expect(200, "<ins>石杨路105号</ins>");

    // A form that was opened before the change.
    let late = with(&[("seen", &seen), ("address", "石杨路999号")]);
    let again = operator.post_form(&format!("{path}/edit"), &pairs(&late)).await.expect(422, "别人改了这条记录");
    assert_eq!(input(&again, "address"), "石杨路999号", "what was typed is kept");
    let fresh = input(&again, "seen");
    assert_ne!(fresh, seen);
    let meant = with(&[("seen", &fresh), ("address", "石杨路999号")]);
    operator.submit(&format!("{path}/edit"), &pairs(&meant)).await.expect(200, "石杨路999号");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_field_and_nothing_is_lost() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let other = with(&[("name", "重庆华岩机械有限公司"), ("uscc", "91500107MA93291ADT")]);
    operator.post_form("/console/enterprises/new", &pairs(&other)).await.location();
    let cases = [
        ("name", "", "请填写这一项"),
        ("uscc", "91500107MAYPBPC76", "18 位"),
        ("uscc", "915OO1O7MAYPBPC761", "是不是 91500107MAYPBPC761"),
        ("uscc", "91500107MA93291ADT", "已经登记为“重庆华岩机械有限公司”"),
        ("email", "nobody", "邮箱地址写得不对"),
        ("credit_class", "Z", "这一项填得不对"),
    ];
    for (field, typed, words) in cases {
        let fields = with(&[(field, typed)]);
        let page = operator.post_form("/console/enterprises/new", &pairs(&fields)).await.expect(422, words);
        if field != "credit_class" {
            assert_eq!(input(&page, field), typed);
        }
        assert_eq!(input(&page, "town"), "陶家镇");
    }
    let list = operator.get("/console/enterprises?q=%E9%95%BF%E5%B2%AD").await;
    assert!(!list.text().contains("长岭商贸"), "nothing was entered");
}

#[tokio::test]
async fn a_deactivated_enterprise_opens_nothing_until_it_is_taken_back() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let (id, token) = (world.test.seed.enterprises[0].0, world.test.token(0).to_owned());
    let path = format!("/console/enterprises/{id}");
    let mut anybody = world.test.client();
    anybody.get(&format!("/e/{token}")).await.expect(200, "青禾精密机械");
    operator.submit(&format!("{path}/active"), &[("active", "no")]).await.expect(200, "停用");
    operator.post_form(&format!("{path}/active"), &[("active", "no")]).await.expect(409, "");
    for page in ["", "/urgent"] {
        anybody.get(&format!("/e/{token}{page}")).await.expect(410, "这个码已经停用");
    }
    anybody.get("/go/suggest?q=qhjm").await.expect(200, "没有找到");
    let list = operator.get("/console/enterprises").await.expect(200, "共 2 条").text();
    assert!(!list.contains("青禾精密机械"));
    operator.get("/console/enterprises?state=off").await.expect(200, "青禾精密机械");
    operator.submit(&format!("{path}/active"), &[("active", "yes")]).await.expect(200, "恢复");
    anybody.get(&format!("/e/{token}")).await.expect(200, "青禾精密机械");
}

#[tokio::test]
async fn an_operator_gives_an_enterprise_a_pin_that_is_shown_once_and_ends_the_one_before() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let path = format!("/console/enterprises/{}", world.test.seed.enterprises[0].0);
    let stored = async || {
        let mut tx = world.test.app.db.read().await.expect("a connection");
        let id = world.test.seed.enterprises[0].0;
        let found = enterprises::get(&mut tx, id).await.expect("read").expect("an enterprise");
        found.pin_hash
    };
    let mut earlier = stored().await;
    for _ in 0..2 {
        let shown = operator.post_form(&format!("{path}/pin"), &[]).await.expect(200, "只显示这一次").text();
        let pin = shown.split("<p class=\"big\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a PIN");
        assert!(pin.len() == 6 && pin.chars().all(|c| c.is_ascii_digit()), "{pin}");
        let hash = stored().await.expect("a hash");
        assert!(
            password::verify(&world.test.app.service, pin, Some(&hash)).await.expect("checked") && !hash.contains(pin)
        );
        assert!(earlier.is_none_or(|earlier| earlier != hash), "the one before has ended");
        let page = operator.get(&path).await.expect(200, "换发新的 PIN").expect(200, "发放企业 PIN").text();
        assert!(!page.contains(pin), "never again");
        earlier = Some(hash);
    }
    operator.submit(&format!("{path}/active"), &[("active", "no")]).await.expect(200, "停用");
    operator.post_form(&format!("{path}/pin"), &[]).await.expect(404, "");
}

#[tokio::test]
async fn what_an_import_changed_stands_in_the_history() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let entered = operator.post_form("/console/enterprises/new", &FIELDS).await.location();
    let file = "企业名称,统一社会信用代码,镇街\n重庆新岭商贸有限公司,91500107MAYPBPC761,二郎街道\n";
    let app = &world.test.app;
    let import = Import {
        registry: Registry::Enterprises,
        name: "",
        bytes: file.as_bytes(),
        limits: Limits::UPLOAD,
        skip_bad: false,
        dry_run: false,
    };
    let actor = Actor::User(world.users[4]);
    import_registry(&app.db, &app.service, app.clock.now(), &actor, &import)
        .await
        .expect("the store works")
        .expect("read");
    let page = operator.get(&entered).await.expect(200, "经办员（批量导入）").text();
    assert!(page.contains("<del>重庆长岭商贸有限公司</del> → <ins>重庆新岭商贸有限公司</ins>"), "{page}");
    assert!(page.contains("<del>陶家镇</del> → <ins>二郎街道</ins>"), "{page}");
    operator.get("/console/enterprises/suggest?q=cqxlsm").await.expect(200, "重庆新岭商贸有限公司");
}

#[tokio::test]
async fn an_agency_is_entered_changed_found_by_initials_and_taken_out_of_use() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let fire = world.test.seed.agencies[crate::console::world::FIRE];
    let fields = [
        ("name", "青禾区消防一大队"),
        ("short_name", "一大队"),
        ("parent", &*fire.to_string()),
        ("emails", "a@x.example，b@x.example"),
        ("areas", "陶家镇，石桥街道 陶家镇"),
    ];
    let path = operator.post_form("/console/agencies/new", &fields).await.location();
    operator.get(&path).await.expect(200, "a@x.example、b@x.example").expect(200, "陶家镇、石桥街道");
    operator.post_form("/console/agencies/new", &fields).await.expect(422, "已经有同名的记录");
    operator.get("/console/agencies?q=ydd").await.expect(200, "青禾区消防一大队");

    let edit = format!("{path}/edit");
    let seen = input(&operator.get(&edit).await.expect(200, "青禾区消防一大队"), "seen");
    let changed =
        [("seen", seen.as_str()), ("name", "青禾区消防第一大队"), ("short_name", "一大队"), ("emails", "不是邮箱")];
    operator.post_form(&edit, &changed).await.expect(422, "邮箱地址写得不对");
    let changed = [("seen", seen.as_str()), ("name", "青禾区消防第一大队"), ("short_name", "一大队"), ("emails", "")];
    let page = operator.submit(&edit, &changed).await.expect(200, "<ins>青禾区消防第一大队</ins>").text();
    assert!(page.contains("<del>青禾区消防救援大队</del> → <ins>空</ins>"), "the parent by its name: {page}");

    let above = format!("/console/agencies/{fire}/edit");
    let seen = input(&operator.get(&above).await.expect(200, "消防救援大队"), "seen");
    let itself = [("seen", seen.as_str()), ("name", "青禾区消防救援大队"), ("parent", &*fire.to_string())];
    operator.post_form(&above, &itself).await.expect(422, "上级单位不能是自己");

    let token = world.test.seed.agency_signs[crate::console::world::FIRE].token.clone();
    operator.submit(&format!("/console/agencies/{fire}/active"), &[("active", "no")]).await.expect(200, "已停用");
    operator.post_form(&format!("/console/agencies/{fire}/active"), &[("active", "no")]).await.expect(409, "");
    world.test.client().get(&format!("/a/{token}")).await.expect(410, "");
    let list = operator.get("/console/agencies").await.expect(200, "青禾区消防第一大队").text();
    assert!(!list.contains("青禾区消防救援大队</a>"), "{list}");
    operator.get("/console/agencies?state=off").await.expect(200, "青禾区消防救援大队");
    operator.submit(&format!("/console/agencies/{fire}/active"), &[("active", "yes")]).await.expect(200, "恢复");
    world.test.client().get(&format!("/a/{token}")).await.expect(200, "青禾区消防救援大队");
}

#[tokio::test]
async fn a_matter_is_entered_found_by_group_and_day_and_taken_off_the_list() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let market = world.test.seed.agencies[crate::console::world::MARKET].to_string();
    let fields = [
        ("agency", market.as_str()),
        ("name", "特种设备检查"),
        ("group", "特种设备"),
        ("legal_basis", "《特种设备安全法》第五十七条"),
        ("published_from", "2026-03-10"),
        ("published_to", "2026-03-01"),
    ];
    operator.post_form("/console/matters/new", &fields).await.expect(422, "不能早于开始日期");
    let mut right = fields;
    right[5] = ("published_to", "");
    let path = operator.post_form("/console/matters/new", &right).await.location();
    operator.get(&path).await.expect(200, "登记");
    operator.post_form("/console/matters/new", &right).await.expect(422, "已经有同名的记录");
    for (query, found) in [
        ("q=tzsb", true),
        ("group=特种设备", true),
        ("day=2026-03-09", false),
        ("day=2026-03-10", true),
        ("group=食品安全", false),
    ] {
        let list = operator.get(&format!("/console/matters?{query}")).await;
        assert_eq!(list.text().contains("特种设备检查</a>"), found, "{query}");
    }
    world.test.app.clock.advance(chrono::TimeDelta::days(20));
    let mut operator = world.signed_in("operator").await;
    let page = operator.submit(&format!("{path}/active"), &[("active", "no")]).await.expect(200, "停用日期").text();
    assert!(page.contains("<del>空</del> → <ins>3月23日"), "{page}");
    operator.post_form(&format!("{path}/active"), &[("active", "no")]).await.expect(409, "");
    let list = operator.get("/console/matters?day=2026-03-24").await.text();
    assert!(!list.contains("特种设备检查</a>"), "from tomorrow on it is not published");
    operator.submit(&format!("{path}/active"), &[("active", "yes")]).await.expect(200, "停用这个事项");
    operator.get("/console/matters?day=2026-03-24").await.expect(200, "特种设备检查</a>");
    let mut other = world.signed_in("fire").await;
    other.get(&path).await.expect(404, "");
}

#[tokio::test]
async fn an_inspector_is_entered_changed_and_found_by_pinyin_and_validity() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let fire = world.test.seed.agencies[crate::console::world::FIRE].to_string();
    let fields = [
        ("name", "欧阳雪"),
        ("cert_no", "ｘｆ-009"),
        ("agency", fire.as_str()),
        ("valid_from", "2025-01-01"),
        ("valid_to", "2026-04-02"),
    ];
    let path = operator.post_form("/console/inspectors/new", &fields).await.location();
    operator.get(&path).await.expect(200, "XF-009");
    operator.post_form("/console/inspectors/new", &fields).await.expect(422, "这个证号已经登记");
    for (query, found) in [
        ("q=oyx", true),
        ("q=ouyang", true),
        ("q=xf-009", true),
        ("valid=soon", true),
        ("valid=now", false),
        ("valid=suspended", false),
    ] {
        let list = operator.get(&format!("/console/inspectors?{query}")).await;
        assert_eq!(list.text().contains("欧阳雪</a>"), found, "{query}");
    }
    let edit = format!("{path}/edit");
    operator.get(&path).await.expect(200, "<dd>执法人员</dd>");
    let seen = input(&operator.get(&edit).await.expect(200, "XF-009"), "seen");
    let changed = [
        ("seen", seen.as_str()),
        ("name", "欧阳雪"),
        ("agency", fire.as_str()),
        ("valid_from", "2025-01-01"),
        ("valid_to", "2027-04-02"),
        ("suspended", "yes"),
        ("kind", "assistant"),
    ];
    let page = operator.submit(&edit, &changed).await.expect(200, "<del>否</del> → <ins>是</ins>").text();
    assert!(page.contains("<del>执法人员</del> → <ins>辅助人员</ins>") && page.contains("<dd>辅助人员</dd>"), "{page}");
    operator.get(&edit).await.expect(200, "value=\"assistant\" checked");
    assert!(page.contains("2027年4月2日"), "{page}");
    operator.get("/console/inspectors?valid=suspended").await.expect(200, "欧阳雪</a>");
    operator.post_form(&edit, &changed).await.expect(422, "别人改了这条记录");
}
