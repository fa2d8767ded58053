//! An urgent filing from a phone that is not enrolled: accepted, marked, told to the liaison, confirmed or refused.

use crate::console::world::{FIRE, World, input};
use crate::support::Client;
use chrono::TimeDelta;
use mashang::actions::unverified::VERIFY_TIME;
use mashang::domain::id::{AgencyId, FilingId};
use mashang::domain::violation::Subject;
use mashang::i18n::Lang;
use mashang::jobs;
use mashang::storage::filings::{self, Scope};
use mashang::storage::{figure_days, mails, unverified, violations};

/// Files at enterprise 0 in the name of the fire brigade; returns the page of the filing.
async fn file(world: &World, client: &mut Client) -> String {
    let token = world.test.seed.enterprises[0].1.token.clone();
    let url = format!("/e/{token}/urgent");
    let first = client.get(&url).await.expect(200, "紧急检查，先报备");
    let submission = input(&first, "submission");
    let agency = world.test.seed.agencies[FIRE].to_string();
    let who = [
        ("submission", submission.as_str()),
        ("step", "who"),
        ("agency", &agency),
        ("name", "王急"),
        ("cert_no", "XF-900"),
        ("colleagues", "XF-002、 XF-003"),
        ("phone", "138"),
    ];
    let second = client.post_form(&url, &who).await.expect(200, "消防安全检查");
    let begin = input(&second, "begin");
    let matter = world.test.seed.matters["消防安全检查"].to_string();
    let mut fields = who.to_vec();
    fields[1] = ("step", "send");
    fields.extend([
        ("begin", begin.as_str()),
        ("matters", &matter),
        ("exemption", "E01"),
        ("exemption_reason", "接报火情，现场处置"),
    ]);
    let to = client.post_form(&url, &fields).await.location();
    assert_eq!(client.post_form(&url, &fields).await.location(), to, "sent twice it is one filing");
    to
}

fn id_of(page: &str) -> FilingId {
    FilingId::parse(page.rsplit('/').next().expect("an id")).expect("an id")
}

#[tokio::test]
async fn whatever_is_wrong_with_who_comes_is_said_where_it_can_be_corrected() {
    let world = World::new().await;
    let mut phone = world.test.client();
    let url = format!("/e/{}/urgent", world.test.seed.enterprises[0].1.token);
    let submission = input(&phone.get(&url).await, "submission");
    let agency = world.test.seed.agencies[FIRE].to_string();
    let matter = world.test.seed.matters["消防安全检查"].to_string();
    let long = "9".repeat(101);
    let number = &long[..41];
    for (step, field, typed) in [
        ("who", "phone", "13\u{1}8"),
        ("send", "phone", "13\u{1}8"),
        ("who", "phone", &long),
        ("who", "cert_no", number),
        ("send", "cert_no", number),
        ("who", "colleagues", number),
        ("send", "colleagues", &long),
    ] {
        let mut fields = vec![
            ("submission", submission.as_str()),
            ("step", step),
            ("agency", &agency),
            ("name", "王急"),
            ("cert_no", "XF-900"),
            ("matters", &matter),
            ("exemption", "E01"),
            ("exemption_reason", "接报火情，现场处置"),
        ];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, typed));
        let page = phone.post_form(&url, &fields).await.expect(422, &format!("href=\"#{field}\"")).text();
        assert!(page.contains(&format!("id=\"{field}-e\"")), "{step} {field}: {page}");
        assert!(
            page.contains("value=\"who\"") && page.contains("value=\"王急\""),
            "the first page, with what was typed"
        );
        assert!(page.contains(&matter) && page.contains("接报火情，现场处置"), "and what for");
    }
    // Marks that nobody sees are none of it.
    let who = [
        ("submission", submission.as_str()),
        ("step", "who"),
        ("agency", &agency),
        ("name", "王急"),
        ("cert_no", "XF-900"),
        ("phone", "\u{202D}138 0000 0000\u{202C}"),
    ];
    let page = phone.post_form(&url, &who).await.expect(200, "消防安全检查");
    assert_eq!(input(&page, "phone"), "138 0000 0000");
}

#[tokio::test]
async fn an_unknown_phone_files_what_is_urgent_and_the_liaison_confirms_it() {
    let world = World::new().await;
    let mut phone = world.test.client();
    let token = world.test.seed.enterprises[0].1.token.clone();
    let to = phone.get(&format!("/e/{token}/file")).await.location();
    phone.get(&to).await.expect(200, &format!("/e/{token}/urgent"));
    let page = file(&world, &mut phone).await;
    let id = id_of(&page);
    phone.get(&page).await.expect(200, "未核验：已列入单位联络员的待确认名单");
    world.test.client().get(&format!("/e/{token}")).await.expect(200, "未核验");

    let app = &world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing");
    assert_eq!(
        (record.source.as_str(), record.filing.inspectors.as_slice()),
        ("unverified", &["XF-900", "XF-002", "XF-003"].map(str::to_owned)[..])
    );
    let waiting = mails::list(&mut tx, None, None, 50).await.expect("mails");
    let asked = waiting.iter().find(|mail| mail.mail.recipient == "fire@qh.gov.cn").expect("a mail");
    let due = Lang::Zh.time(app.clock.now() + VERIFY_TIME, app.clock.now(), app.service.settings.zone);
    assert_eq!(asked.mail.subject, format!("【码上报备】请确认 编号 {} 期限 {due}", record.number), "and no more");
    drop(tx);

    // The enterprise that types the inspection code is warned.
    let code = record.inspection_code.clone();
    let told = world.test.client().get(&format!("/i/{code}")).await.expect(200, "来人用的手机没有登记").text();
    assert!(!told.contains("这是登记过的检查"), "nothing says that it is well while nobody has confirmed it");

    let url = format!("/console/unverified/{id}");
    let mut other = world.signed_in("market").await;
    other.get("/console/unverified").await.expect(200, "没有未核验的报备");
    other.post_form(&url, &[("ours", "yes")]).await.expect(404, "");
    let mut liaison = world.signed_in("fire").await;
    liaison.get("/console/unverified").await.expect(200, "等待确认");
    liaison.post_form(&url, &[("ours", "yes")]).await.location();
    liaison.get("/console/unverified").await.expect(200, "已确认");
    liaison.post_form(&url, &[("ours", "no"), ("reason", "查无此人")]).await.expect(409, "");
    phone.get(&page).await.expect(200, "单位联络员已确认");
    let landing = world.test.client().get(&format!("/e/{token}")).await.expect(200, "消防").text();
    assert!(!landing.contains("未核验"));
    let told = world.test.client().get(&format!("/i/{code}")).await.expect(200, "这是登记过的检查").text();
    assert!(!told.contains("来人用的手机没有登记"));
    world.signed_in("reform").await.get(&format!("/console/filings/{id}")).await.expect(200, "单位联络员已经确认");
}

#[tokio::test]
async fn a_refused_one_no_longer_counts_and_supervisors_see_it() {
    let world = World::new().await;
    let mut phone = world.test.client();
    let page = file(&world, &mut phone).await;
    let id = id_of(&page);
    let url = format!("/console/unverified/{id}");
    let mut liaison = world.signed_in("fire").await;
    liaison.post_form(&url, &[("ours", "no"), ("reason", " ")]).await.expect(422, "请写明理由");
    liaison.post_form(&url, &[("ours", "no"), ("reason", "查无此人")]).await.location();
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing");
    assert!(!record.filing.live() && record.cancel_reason == "查无此人");
    drop(tx);
    phone.get(&page).await.expect(200, "不是本单位的检查");
    let told = world.test.client().get(&format!("/i/{}", record.inspection_code)).await.text();
    assert!(!told.contains("单位还没有确认"), "the authority has answered");
    let mut supervisor = world.signed_in("reform").await;
    supervisor.get("/console/unverified").await.expect(200, "查无此人");
    supervisor.get(&format!("/console/filings/{id}")).await.expect(200, "这不是本单位的检查");
    supervisor.post_form(&url, &[("ours", "yes")]).await.expect(404, "");
}

#[tokio::test]
async fn after_24_hours_it_is_overdue_and_can_still_be_confirmed() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let page = file(&world, &mut world.test.client()).await;
    clock.advance(TimeDelta::hours(24));
    world.signed_in("reform").await.get("/console/unverified").await.expect(200, "等待确认");
    clock.advance(TimeDelta::seconds(1));
    world.signed_in("reform").await.get("/console/unverified").await.expect(200, "逾期未确认");
    let id = id_of(&page);
    world.signed_in("fire").await.post_form(&format!("/console/unverified/{id}"), &[("ours", "yes")]).await.location();
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let row = unverified::get(&mut tx, id).await.expect("read").expect("a row");
    assert_eq!(row.confirmed, Some(true));
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let world = World::new().await;
    let token = world.test.seed.enterprises[0].1.token.clone();
    let url = format!("/e/{token}/urgent");
    let mut phone = world.test.client();
    phone
        .post_form(&url, &[("step", "who"), ("agency", ""), ("name", ""), ("cert_no", "")])
        .await
        .expect(422, "请选择单位");
    let agency = world.test.seed.agencies[FIRE].to_string();
    let fields =
        [("submission", "x"), ("step", "send"), ("agency", agency.as_str()), ("name", "王急"), ("cert_no", "XF-900")];
    let page = phone.post_form(&url, &fields).await.expect(422, "消防安全检查");
    assert!(page.text().contains("王急"), "nothing typed is lost");
    let reason = [fields[0], fields[1], fields[2], fields[3], fields[4], ("exemption_reason", "接报火情，现场处置")];
    let page = phone.post_form(&url, &reason).await.expect(422, "没有选是哪一种例外");
    assert!(page.text().contains("接报火情，现场处置"), "a reason without its exemption is asked about, not dropped");
}

/// How many mails have asked the fire brigade's liaison to confirm.
async fn asked(world: &World) -> usize {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let all = mails::list(&mut tx, None, None, 50).await.expect("mails");
    let to_confirm = all.iter().filter(|mail| mail.mail.subject.contains("请确认"));
    to_confirm.filter(|mail| mail.mail.recipient == "fire@qh.gov.cn").count()
}

#[tokio::test]
async fn a_flood_is_accepted_and_listed_but_not_mailed_one_by_one() {
    let world = World::new().await;
    let mut phone = world.test.client();
    for _ in 0..5 {
        file(&world, &mut phone).await;
    }
    assert_eq!(asked(&world).await, 5);
    for beyond in 1..=2 {
        let page = file(&world, &mut phone).await;
        phone.get(&page).await.expect(200, "未核验：已列入单位联络员的待确认名单");
        let list = world.signed_in("fire").await.get("/console/unverified").await.text();
        assert!(list.contains(&id_of(&page).to_string()));
        assert_eq!(list.matches("等待确认").count(), 5 + beyond);
        assert_eq!(asked(&world).await, 5, "none of those beyond is mailed");
    }
    world.test.app.clock.advance(TimeDelta::minutes(2));
    file(&world, &mut phone).await;
    assert_eq!(asked(&world).await, 6, "after a while, one is again");
}

/// What is found of the filing blames which agency, and how many filings of the month count for the fire brigade.
async fn blamed_and_counted(world: &World, id: FilingId) -> (Vec<Option<AgencyId>>, i64) {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let record = filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing");
    let all = violations::by_enterprise(&mut tx, record.filing.enterprise).await.expect("violations");
    let blamed = all.iter().filter(|v| v.subject == Subject::Filing(id)).map(|v| v.agency).collect();
    let day = world.test.app.service.settings.zone.local_date(record.filing.planned.start());
    let sums = figure_days::by_agency(&mut tx, (day, day)).await.expect("sums");
    let own = sums.iter().find(|(agency, _)| *agency == world.test.seed.agencies[FIRE]);
    (blamed, own.map_or(0, |(_, sums)| sums.filed))
}

#[tokio::test]
async fn until_it_is_confirmed_it_blames_nobody_and_counts_for_nobody() {
    let world = World::new().await;
    let page = file(&world, &mut world.test.client()).await;
    let id = id_of(&page);
    let fire = world.test.seed.agencies[FIRE];
    let (blamed, counted) = blamed_and_counted(&world, id).await;
    assert!(
        !blamed.is_empty() && blamed.iter().all(Option::is_none),
        "a certificate that nobody knows is found, of nobody"
    );
    assert_eq!(counted, 0);
    let mut supervisor = world.signed_in("reform").await;
    supervisor.get("/console/filings").await.expect(200, "未核验").expect(200, &id.to_string());
    supervisor.get("/console/filings?mark=unconfirmed").await.expect(200, &id.to_string());
    assert!(!supervisor.get("/console/filings?mark=counted").await.text().contains(&id.to_string()));
    jobs::fold_figures(&world.test.app).await.expect("folded");
    assert_eq!(blamed_and_counted(&world, id).await.1, 0, "folded it is the same");

    let mut liaison = world.signed_in("fire").await;
    liaison.post_form(&format!("/console/unverified/{id}"), &[("ours", "yes")]).await.location();
    let (blamed, counted) = blamed_and_counted(&world, id).await;
    assert!(!blamed.is_empty() && blamed.iter().all(|agency| *agency == Some(fire)));
    assert_eq!(counted, 1);
    jobs::fold_figures(&world.test.app).await.expect("folded");
    assert_eq!(blamed_and_counted(&world, id).await.1, 1);
    supervisor.get("/console/filings?mark=counted").await.expect(200, &id.to_string());
}
