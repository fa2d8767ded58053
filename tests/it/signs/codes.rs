//! What a code shows: in use, in grace, retired, revoked, blank, mistyped by one character, unknown.

use super::world::{act, sign, spot};
use crate::console::world::World;
use crate::support::TestApp;
use mashang::actions::{Actor, Service, Settings, issue_first_signs};
use mashang::domain::id::SignId;
use mashang::domain::sign::{GRACE, SignState, UnitKind};
use mashang::ids::Ids;
use mashang::jobs;
use mashang::storage::sign_prints::{self, PrintFilter};
use mashang::storage::signs::SignRecord;
use mashang::storage::{batches, signs};

#[tokio::test]
async fn a_code_shows_where_its_sign_stands() {
    let app = TestApp::new().await;
    let gate = act!(&app, issue_sign(spot(&app, 0, "大门"))).expect("made");
    let path = format!("/e/{}", gate.token);
    app.client().get(&path).await.expect(200, "青禾精密机械有限公司").expect(200, "大门");
    act!(&app, rotate_sign(gate.id)).expect("replaced");
    app.client().get(&path).await.expect(200, "这块码牌已更换").expect(200, "青禾精密机械有限公司");
    app.app.clock.advance(GRACE);
    jobs::run_due(&app.app, app.app.clock.now()).await.expect("swept");
    assert_eq!(sign(&app, gate.id).await.state, SignState::Retired);
    let retired = app.client().get(&path).await.expect(410, "这个码已经停用");
    assert!(!retired.text().contains("青禾精密机械"), "a closed code names nobody");
    let lost = app.seed.enterprises[1].1.clone();
    act!(&app, revoke_sign(lost.id, "丢失")).expect("revoked");
    app.client().get(&format!("/e/{}", lost.token)).await.expect(410, "name=\"code\"");
    // One wrong character is told from a code that was never given out.
    let other = if gate.token.ends_with('2') { "3" } else { "2" };
    let slip = format!("/e/{}{other}", &gate.token[..gate.token.len() - 1]);
    app.client().get(&slip).await.expect(404, "这个编号有字打错了");
    let unknown = app.app.service.ids.sign_token();
    app.client().get(&format!("/e/{}", unknown.as_str())).await.expect(404, "没有这个码");
}

#[tokio::test]
async fn a_blank_sign_helps_everybody_and_an_operator_binds_it_on_the_spot() {
    let world = World::new().await;
    let app = &world.test;
    let batch = act!(app, make_blank_signs(UnitKind::Enterprise, 2)).expect("made");
    let filter = PrintFilter { blank_batch: Some(batch), ..PrintFilter::default() };
    let id = sign_prints::select(&mut super::world::read(app).await, &filter).await.expect("read")[0];
    let blank = sign(app, id).await;
    let path = format!("/e/{}", blank.token);
    let page = app.client().get(&path).await.expect(200, "这块码牌还没有启用").expect(200, &blank.serial);
    page.expect(200, "绑定这块码牌").expect(200, "name=\"code\"");
    for part in ["/file", "/enterprise"] {
        let answer = app.client().get(&format!("{path}{part}")).await;
        assert!(matches!(answer.status.as_u16(), 303 | 404), "{part}: {}", answer.status);
    }
    let typed = app.client().get(&format!("/go?code={}", blank.short_code)).await.location();
    assert_eq!(typed, path);
    // A liaison and an inspector see what everybody sees.
    world.signed_in("fire").await.get(&path).await.expect(200, "这块码牌还没有启用");
    app.inspector("陈小明").await.get(&path).await.expect(200, "这块码牌还没有启用");
    let mut operator = world.signed_in("operator").await;
    let bind = operator.get(&path).await.location();
    assert_eq!(bind, format!("/console/signs/bind?token={}", blank.token));
    operator.get(&bind).await.expect(200, "查找企业");
    operator.get(&format!("{bind}&q=%E9%A3%9F%E5%93%81")).await.expect(200, "禾味食品厂");
    let form = |unit: String| vec![("token", blank.token.clone()), ("sign_unit", unit), ("place", "前台".into())];
    let post = async |operator: &mut crate::support::Client, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        operator.post_form("/console/signs/bind", &fields).await
    };
    post(&mut operator, form(String::new())).await.expect(422, "请选择一家");
    post(&mut operator, form(uuid::Uuid::max().to_string())).await.expect(422, "没有找到，请重新选择");
    let unit = app.seed.enterprises[1].0.to_string();
    let to = post(&mut operator, form(unit.clone())).await.location();
    operator.get(&to).await.expect(200, "禾味食品厂").expect(200, "现场绑定，启用");
    app.client().get(&path).await.expect(200, "禾味食品厂").expect(200, "前台");
    post(&mut operator, form(unit)).await.expect(409, "现在的状态不能这样做");
    assert_eq!(operator.get(&bind).await.location(), to, "a sign that is bound already shows its page");
}

#[tokio::test]
async fn a_short_code_that_is_taken_is_named_and_all_others_are_stored() {
    let test = TestApp::new().await;
    let app = &test.app;
    let known = &test.seed.enterprises[0].1;
    let sign = |n: usize, short_code: &str| SignRecord {
        id: SignId(app.service.ids.uuid(app.clock.now())),
        serial: format!("2026-9{n:05}"),
        token: format!("TOKEN{n:08}"),
        short_code: short_code.to_owned(),
        ..known.clone()
    };
    // One in a chunk and one in what is left over after it have a code that stands on a wall; one has the code of one before it.
    let mut all: Vec<SignRecord> = (0..120).map(|n| sign(n, &format!("N{n:07}"))).collect();
    all[7].short_code.clone_from(&known.short_code);
    all[110].short_code.clone_from(&known.short_code);
    all[118].short_code = all[117].short_code.clone();
    let mut tx = app.db.write().await.expect("a transaction");
    assert_eq!(batches::insert_signs(&mut tx, &all).await.expect("stored"), [7, 110, 118]);
    for (place, sign) in all.iter().enumerate() {
        let stored = signs::get(&mut tx, sign.id).await.expect("read").is_some();
        assert_eq!(stored, ![7, 110, 118].contains(&place), "{place}");
    }
}

#[tokio::test]
async fn a_code_that_is_taken_or_there_twice_is_drawn_anew() {
    let test = TestApp::new().await;
    let app = &test.app;
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let now = app.clock.now();
    let units: Vec<uuid::Uuid> = (0..60).map(|n| uuid::Uuid::from_u128(7_000_000 + n)).collect();
    // The same chance twice: what is drawn first is known, and one of it is given to another sign before it is drawn again.
    let chance = || Service::new(Ids::seeded(77), Settings::clone(&app.service.settings));
    let mut tx = app.db.write().await.expect("a transaction");
    issue_first_signs(&mut tx, &chance(), now, &Actor::System, UnitKind::Enterprise, &units).await.expect("made");
    let mut drawn = Vec::new();
    for unit in &units {
        drawn.push(signs::of_unit(&mut tx, *unit).await.expect("read").remove(0).short_code);
    }
    tx.rollback().await.expect("as if it had never been");
    let mut tx = app.db.write().await.expect("a transaction");
    let mut other = test.seed.enterprises[0].1.clone();
    other.id = SignId(uuid::Uuid::from_u128(7_999_999));
    (other.serial, other.token) = ("2026-999999".to_owned(), "TOKEN99999999".to_owned());
    other.short_code.clone_from(&drawn[3]);
    assert!(batches::insert_signs(&mut tx, &[other]).await.expect("stored").is_empty());
    issue_first_signs(&mut tx, &chance(), now, &Actor::System, UnitKind::Enterprise, &units).await.expect("made");
    for (place, unit) in units.iter().enumerate() {
        let code = signs::of_unit(&mut tx, *unit).await.expect("read").remove(0).short_code;
        assert_eq!(code == drawn[place], place != 3, "{place}: {code}");
    }
}
