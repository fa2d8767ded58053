//! Reporting a visit through the real pages: question by question, sent once or twenty times, with and without PIN.

use crate::enterprise_world::{World, at, digits, input, key};
use mashang::domain::visit_report::{Answer as Known, ArrivalKnown};

#[tokio::test]
async fn before_the_first_question_it_says_who_reads_and_what_may_be_guessed() {
    let world = World::new().await;
    let page = world.app.client().get(&world.path("/report")).await;
    let page = page.expect(200, "只有本区的督查人员").expect(200, "它可能会猜").expect(200, "提交之前什么都不保存");
    assert!(input(&page, "submission").len() >= 20);
}

#[tokio::test]
async fn a_report_is_answered_page_by_page_and_stored_by_the_last_button_only() {
    let world = World::new().await;
    let mut client = world.app.client();
    let path = world.path("/report");
    let submission = input(&client.get(&path).await, "submission");
    let fire = world.fire.to_string();
    let own: [&[(&str, &str)]; 6] = [
        &[],
        &[("what", "inspection"), ("words", "来了两个人，看了<车间>")],
        &[("agency_list", &fire)],
        &[("when", "now"), ("visitors", "２")],
        &[("certificate", "no"), ("notice", "unknown"), ("did", "documents"), ("did", "signed")],
        &[("prohibited", "4"), ("contact", "138 0000 0000")],
    ];
    let asked = ["发生了什么", "是哪个单位来的", "什么时候来的", "他们做了什么", "有没有下面这些情况", "请核对"];
    let mut carried: Vec<(String, String)> = vec![("submission".into(), submission.clone())];
    for (step, (answers, next)) in own.iter().zip(asked).enumerate() {
        let number = step.to_string();
        let mut fields: Vec<(&str, &str)> = carried.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.extend_from_slice(&[("step", &number), ("go", "next")]);
        fields.extend_from_slice(answers);
        let page = client.post_form(&path, &fields).await.expect(200, next);
        carried = page.hidden_inputs();
        carried.retain(|(name, _)| name != "back" && name != "step");
        assert!(world.reports().await.is_empty(), "nothing is stored before the last button");
    }
    let mut fields: Vec<(&str, &str)> = carried.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.retain(|(name, _)| *name != "step" && *name != "pin_tried");
    fields.extend_from_slice(&[("step", "6"), ("go", "send"), ("pin", "")]);
    let page = client.submit(&path, &fields).await.expect(200, "已经收下").expect(200, "data-clear-draft=\"report-");
    let [stored] = &world.reports().await[..] else { panic!("one report") };
    assert_eq!(stored.receipt, digits(&page.text()));
    assert_eq!(stored.words, "来了两个人，看了<车间>");
    let report = &stored.report;
    assert_eq!((report.agency, report.visitors), (Some(world.fire), Some(2)));
    assert_eq!(report.arrived_at, world.app.app.clock.now());
    assert_eq!((report.shown_certificate, report.shown_notice), (Some(Known::No), Some(Known::Unknown)));
    assert!(report.documents_demanded && report.form_signed && !report.premises_inspected);
    assert_eq!((report.prohibited.as_slice(), report.verified), (&[4][..], false));
}

#[tokio::test]
async fn agencies_that_filed_here_lately_are_large_buttons_with_their_names() {
    let world = World::new().await;
    world.file(world.fire, at("03-03 14:00"), None).await;
    let mut client = world.app.client();
    let page = world.send(&mut client, &key(1), &[("go", "2")]).await.expect(200, "最近在您这里登记过的单位").text();
    let picks = &page[page.find("class=\"picks\"").expect("picks")..page.find("<select").expect("a list")];
    assert!(picks.contains("<span>区消防救援大队"), "{picks}");
    assert!(!picks.contains("区市场监督管理局"));
}

#[tokio::test]
async fn what_is_not_known_is_said_and_the_report_is_still_taken() {
    let world = World::new().await;
    let mut client = world.app.client();
    let unknown = [("what", "unknown"), ("agency", "unknown"), ("when", "unknown"), ("visitors", "")];
    world.reported(&mut client, &key(1), &unknown).await;
    world
        .reported(
            &mut client,
            &key(2),
            &[("agency", ""), ("agency_text", "自称环保的人"), ("when", "other"), ("day", "2026-02-27")],
        )
        .await;
    let reports = world.reports().await;
    assert_eq!((reports[0].report.agency, reports[0].report.visitors), (None, None));
    assert!(reports[0].words.contains("不清楚是哪天") && reports[0].words.contains("不清楚对方来做什么"));
    assert_eq!((reports[1].report.agency, reports[1].agency_text.as_str()), (None, "自称环保的人"));
    assert_eq!(reports[1].report.arrived_at, at("02-27 12:00"));
    let known = [reports[0].report.arrival_known, reports[1].report.arrival_known];
    assert_eq!(known, [ArrivalKnown::Nothing, ArrivalKnown::Day]);
    assert!(reports[1].words.contains("不清楚几点"));
}

#[tokio::test]
async fn what_was_typed_of_the_time_is_kept_or_asked_about() {
    let world = World::new().await;
    let mut client = world.app.client();
    let path = world.path("/report");
    let submission = input(&client.get(&path).await, "submission");
    for (when, typed, error) in [
        ("unknown", ("time", "08:30"), "上面选的是“不清楚”，这里却填了几点"),
        ("unknown", ("day", "2026-03-01"), "上面没有选“另一天”，这里却填了日期"),
        ("today", ("day", "2026-03-01"), "上面没有选“另一天”，这里却填了日期"),
    ] {
        let fields = [
            ("submission", submission.as_str()),
            ("step", "3"),
            ("go", "next"),
            ("what", "inspection"),
            ("agency", "unknown"),
            ("when", when),
            typed,
        ];
        client.post_form(&path, &fields).await.expect(422, error).expect(422, typed.1);
    }
    // They are still here, and came at half past eight.
    let told = [("when", "now"), ("time", "08:30"), ("agency", "unknown")];
    world.reported(&mut client, &key(1), &told).await;
    let [stored] = &world.reports().await[..] else { panic!("one report") };
    assert_eq!((stored.report.arrived_at, stored.report.arrival_known), (at("03-03 08:30"), ArrivalKnown::Time));
}

#[tokio::test]
async fn one_submission_is_one_report_and_other_content_is_shown_what_was_saved() {
    let world = World::new().await;
    let mut client = world.app.client();
    let first = world.send(&mut client, &key(1), &[("words", "第一次")]).await.location();
    world.app.app.clock.advance(chrono::TimeDelta::minutes(3));
    let fields = world.answers("unused", &[]);
    assert!(fields.iter().any(|(name, _)| *name == "at"));
    let same = [("words", "第一次"), ("at", "2026-03-03T02:00:00+00:00")];
    assert_eq!(world.send(&mut client, &key(1), &same).await.location(), first);
    let other = world.send(&mut client, &key(1), &[("words", "改了")]).await.expect(409, "先前收下的内容没有改动");
    let reports = world.reports().await;
    assert_eq!(reports.len(), 1);
    assert_eq!(digits(&other.text()), reports[0].receipt);
}

#[tokio::test]
async fn twenty_at_once_are_one_report_with_one_receipt() {
    let world = World::new().await;
    let pin = world.pin().await;
    let submission = key(1);
    let tries = (0..20).map(|_| async {
        let mut client = world.app.client();
        world.send(&mut client, &submission, &[("pin", &pin)]).await.location()
    });
    let answers = futures_all(tries).await;
    assert!(answers.iter().all(|to| *to == answers[0]));
    let reports = world.reports().await;
    assert_eq!((reports.len(), reports[0].report.verified), (1, true));
}

/// All of them, interleaved.
async fn futures_all<T>(tries: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = tries.map(|one| Some(Box::pin(one))).collect();
    let mut done: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut pending = false;
        for (one, place) in waiting.iter_mut().zip(&mut done) {
            if let Some(future) = one {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => {
                        *place = Some(value);
                        *one = None;
                    }
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    done.into_iter().map(|value| value.expect("done")).collect()
}

#[tokio::test]
async fn a_right_pin_verifies_and_a_wrong_one_never_refuses() {
    let world = World::new().await;
    let pin = world.pin().await;
    let wrong = if pin == "000000" { "111111" } else { "000000" };
    let mut client = world.app.client();
    let page = world.send(&mut client, &key(1), &[("pin", wrong)]).await.expect(422, "PIN 对不上");
    assert_eq!(input(&page, "pin_tried"), "1");
    assert_eq!(input(&page, "pin"), "", "the PIN is not sent back");
    assert!(
        page.text().contains("是哪个单位来的？") && page.text().contains("区消防救援大队"),
        "the answers are still shown"
    );
    assert!(world.reports().await.is_empty());
    world.reported(&mut client, &key(1), &[("pin", wrong), ("pin_tried", "1")]).await;
    let to = world.send(&mut client, &key(2), &[("pin", &pin)]).await.location();
    client.get(&to).await.expect(200, "核对上了");
    world.reported(&mut client, &key(3), &[]).await;
    let verified: Vec<bool> = world.reports().await.iter().map(|r| r.report.verified).collect();
    assert_eq!(verified, [false, true, false]);
}

#[tokio::test]
async fn guessing_the_pin_ends_but_reports_are_taken_all_the_same() {
    let world = World::new().await;
    let pin = world.pin().await;
    let mut client = world.app.client();
    for guess in 0..5 {
        let guess = format!("{:06}", if pin == format!("{guess:06}") { 999_999 } else { guess });
        world.send(&mut client, &key(1), &[("pin", &guess)]).await.expect(422, "PIN 对不上");
    }
    world.reported(&mut client, &key(2), &[("pin", &pin)]).await;
    assert!(!world.reports().await[0].report.verified, "no more guesses are looked at, not even a right one");
    world.app.app.clock.advance(chrono::TimeDelta::minutes(61));
    world.reported(&mut client, &key(3), &[("pin", &pin)]).await;
    assert!(world.reports().await[1].report.verified, "later the right PIN counts again");
}

#[tokio::test]
async fn the_receipt_is_a_real_image_with_a_code_that_another_reader_reads() {
    let world = World::new().await;
    let mut client = world.app.client();
    let to = world.send(&mut client, &key(1), &[]).await.location();
    let image = client.get(&format!("{to}/image.png")).await;
    assert_eq!((image.status.as_u16(), image.header("content-type")), (200, "image/png"));
    let picture = image::load_from_memory(&image.bytes).expect("a PNG").to_luma8();
    let (width, height) = picture.dimensions();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, |x, y| {
        picture.get_pixel(u32::try_from(x).expect("small"), u32::try_from(y).expect("small")).0[0]
    });
    let grids = prepared.detect_grids();
    assert_eq!(grids[0].decode().expect("readable").1, "http://mashang.test/r");
}

#[tokio::test]
async fn the_receipt_page_closes_after_a_day_and_opens_for_nobody_else() {
    let world = World::new().await;
    let mut client = world.app.client();
    let to = world.send(&mut client, &key(1), &[]).await.location();
    client.get(&world.path(&format!("/report/receipt/{}", key(2)))).await.expect(404, "用 16 位回执号查结果");
    world.app.app.clock.advance(chrono::TimeDelta::hours(24));
    client.get(&to).await.expect(404, "用 16 位回执号查结果");
    assert_eq!(client.get(&format!("{to}/image.png")).await.status, 404);
}
