//! Bad input to the enterprise's forms: the form again with the words that help and with what was typed, nothing saved.

use crate::enterprise_world::{World, input, key};

/// What is sent, the words that help, what stays on the page.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[tokio::test]
async fn a_report_with_bad_input_comes_back_with_what_was_typed_and_nothing_is_saved() {
    let long = "长".repeat(2001);
    let long_name = "名".repeat(101);
    let cases: [Case; _] = [
        (&[("words", "前\0后")], "看不见的控制字符", "name=\"words\""),
        (&[("words", "前\u{202e}后")], "看不见的方向符号", "前\u{202e}后"),
        (&[("words", "乱码\u{fffd}")], "乱码", "乱码\u{fffd}"),
        (&[("words", &long)], "太长了", &long),
        (&[("agency", ""), ("agency_text", &long_name)], "太长了", &long_name),
        (&[("what", "")], "请选一项", "name=\"what\""),
        (&[("what", "raid")], "这一项填得不对", "name=\"what\""),
        (&[("agency", "")], "请选一个单位", "name=\"agency\""),
        (&[("agency", "2026")], "名单里没有这个单位", "name=\"agency\""),
        (&[("agency_list", "01912345-0000-7000-8000-000000000000")], "名单里没有这个单位", "name=\"agency_list\""),
        (&[("when", "")], "请选一项", "name=\"when\""),
        (&[("when", "other")], "请填写是哪一天", "name=\"day\""),
        (&[("when", "other"), ("day", "2026-02-30")], "这不是一个日期", "value=\"2026-02-30\""),
        (&[("when", "other"), ("day", "2026-03-04")], "这一天还没有到", "value=\"2026-03-04\""),
        (&[("when", "today"), ("time", "25:00")], "这不是一个时间", "value=\"25:00\""),
        (&[("when", "today"), ("time", "23:00")], "这个时间还没有到", "value=\"23:00\""),
        (&[("visitors", "-1")], "请填写人数", "value=\"-1\""),
        (&[("visitors", "100000")], "请填写人数", "value=\"100000\""),
        (&[("visitors", "两个")], "请填写人数", "value=\"两个\""),
        (&[("certificate", "maybe")], "这一项填得不对", "name=\"certificate\""),
        (&[("did", "everything")], "这一项填得不对", "name=\"did\""),
        (&[("prohibited", "9")], "这一项填得不对", "name=\"prohibited\""),
        (&[("contact", "a\nb")], "看不见的控制字符", "name=\"contact\""),
        (&[("surprise", "1")], "不认识的项目“surprise”", "请核对"),
        (&[("submission", "short")], "换了一张新表", "请核对"),
    ];
    let world = World::new().await;
    let mut client = world.app.client();
    for (changes, words, kept) in cases {
        let page = world.send(&mut client, &key(1), changes).await.expect(422, words);
        assert!(page.text().contains(kept), "{changes:?}: “{kept}” is lost in\n{}", page.text());
        assert!(page.text().contains("<title>错误："), "{changes:?}");
        assert!(page.text().contains("class=\"errors\""), "{changes:?}");
        assert!(world.reports().await.is_empty(), "{changes:?} was saved");
    }
    // What was typed on other pages is not lost by an error on this one.
    let page = world.send(&mut client, &key(1), &[("words", "说过的话"), ("visitors", "x")]).await;
    assert!(page.expect(422, "请填写人数").text().contains("name=\"words\" value=\"说过的话\""));
}

#[tokio::test]
async fn bytes_that_are_no_form_are_refused_with_words() {
    let world = World::new().await;
    let mut client = world.app.client();
    client.post_bytes(&world.path("/report"), b"words=%BC%EC%B2%E9".to_vec()).await.expect(400, "提交的内容读不出来");
    client.post_bytes(&world.path("/report"), vec![b'a'; 70_000]).await.expect(413, "提交的内容太多");
    client.post_bytes("/r", b"receipt=%FF".to_vec()).await.expect(400, "提交的内容读不出来");
    assert!(world.reports().await.is_empty());
}

#[tokio::test]
async fn a_wrong_token_leads_to_the_page_that_helps() {
    let world = World::new().await;
    let mut client = world.app.client();
    let mut mistyped = world.token.clone();
    let last = if mistyped.ends_with('A') { 'B' } else { 'A' };
    mistyped.replace_range(mistyped.len() - 1.., &last.to_string());
    for path in ["/enterprise", "/report"] {
        assert_eq!(client.get(&format!("/e/{mistyped}{path}")).await.location(), format!("/e/{mistyped}"));
        // Nothing that a header cannot carry gets into one.
        assert_eq!(client.get(&format!("/e/%E7%A0%81%0D%0Ax{path}")).await.location(), "/e/x");
    }
}

#[tokio::test]
async fn a_receipt_mistyped_by_one_digit_says_so_and_guesses_are_slowed_down() {
    let world = World::new().await;
    let mut client = world.app.client();
    let receipt = world.reported(&mut client, &key(1), &[]).await;
    let cases = [
        (String::new(), "请填写 16 位回执号"),
        (receipt[..15].to_owned(), "这里有 15 位"),
        (format!("{}x", &receipt[..15]), "第 16 位不是数字"),
        (wrong_digit(&receipt), "有一位数字可能抄错了"),
    ];
    for (typed, words) in cases {
        let page = client.post_form("/r", &[("receipt", &typed)]).await.expect(422, words);
        assert_eq!(input(&page, "receipt"), typed, "what was typed is kept");
    }
    // Well formed, but nobody's.
    let nobody = "0000000000000000";
    for _ in 0..30 {
        client.post_form("/r", &[("receipt", nobody)]).await.expect(422, "没有这个回执号");
    }
    client.post_form("/r", &[("receipt", nobody)]).await.expect(200, "回执号有很多对不上");
    world.app.app.clock.advance(chrono::TimeDelta::minutes(11));
    client.post_form("/r", &[("receipt", &receipt)]).await.expect(200, "您的上报");
}

fn wrong_digit(receipt: &str) -> String {
    let first = receipt.as_bytes()[0];
    let other = if first == b'9' { '0' } else { char::from(first + 1) };
    format!("{other}{}", &receipt[1..])
}
