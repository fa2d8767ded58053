//! Looking a report up by its sixteen digits: what is known in words, adding, withdrawing.

use crate::enterprise_world::{World, at, input, key};

#[tokio::test]
async fn a_report_with_a_filing_is_matched_and_one_without_waits_and_then_is_listed() {
    let world = World::new().await;
    let mut client = world.app.client();
    world.file(world.fire, at("03-03 14:00"), None).await;
    let matched = world.reported(&mut client, &key(1), &[]).await;
    client.post_form("/r", &[("receipt", &matched)]).await.expect(200, "这次到访有报备登记");
    let market = world.market.to_string();
    let alone = world.reported(&mut client, &key(2), &[("agency", &market)]).await;
    let spaced: String = alone.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four) + " ").collect();
    let page = client.post_form("/r", &[("receipt", &spaced)]).await.expect(200, "目前没有找到对应的报备");
    page.expect(200, "3月6日（周五）结束以前还可以补报");
    world.app.app.clock.set(at("03-07 00:00"));
    client.post_form("/r", &[("receipt", &alone)]).await.expect(200, "没有找到对应的报备，已经列给督查人员");
}

#[tokio::test]
async fn what_nobody_can_compare_is_not_promised() {
    let world = World::new().await;
    let mut client = world.app.client();
    let nobody = world.reported(&mut client, &key(1), &[("agency", "unknown")]).await;
    client.post_form("/r", &[("receipt", &nobody)]).await.expect(200, "系统没法自动比对");
    let service = world.reported(&mut client, &key(2), &[("what", "service")]).await;
    client.post_form("/r", &[("receipt", &service)]).await.expect(200, "走访不要求报备");
    // What only the discipline office sees is not told here: the page is that of a report without ticks.
    let plain = world.reported(&mut client, &key(3), &[]).await;
    let ticked = world.reported(&mut client, &key(4), &[("prohibited", "1")]).await;
    let of = async |client: &mut crate::support::Client, receipt: &str| {
        let page = client.post_form("/r", &[("receipt", receipt)]).await.expect(200, "您的上报").text();
        let start = page.find("class=\"timeline\"").expect("a timeline");
        page[start..start + page[start..].find("</ol>").expect("it ends")].to_owned()
    };
    assert_eq!(of(&mut client, &plain).await, of(&mut client, &ticked).await);
}

#[tokio::test]
async fn words_are_added_once_however_often_they_are_sent() {
    let world = World::new().await;
    let mut client = world.app.client();
    let receipt = world.reported(&mut client, &key(1), &[]).await;
    let submission = input(&client.post_form("/r", &[("receipt", &receipt)]).await, "submission");
    let fields = [("receipt", receipt.as_str()), ("submission", &submission), ("added", "他们还带走了账本")];
    for _ in 0..3 {
        client.post_form("/r/add", &fields).await.expect(200, "补充的内容已经收下");
    }
    let other = [("receipt", receipt.as_str()), ("submission", &submission), ("added", "另外的话")];
    let page = client.post_form("/r/add", &other).await.expect(422, "这张表已经补充过一次");
    assert!(page.text().contains(">另外的话</textarea>"), "what was typed is kept");
    client.post_form("/r/add", &[("receipt", &receipt), ("added", "")]).await.expect(422, "请写几句再提交");
    let bad = [("receipt", receipt.as_str()), ("submission", &submission), ("added", "前\0后")];
    client.post_form("/r/add", &bad).await.expect(422, "看不见的控制字符");
    let id = world.reports().await[0].report.id;
    let mut tx = world.app.app.db.read().await.expect("a connection");
    let notes = mashang::storage::reports::notes(&mut tx, id).await.expect("notes");
    assert_eq!(notes.iter().map(|n| n.words.as_str()).collect::<Vec<_>>(), ["他们还带走了账本"]);
}

#[tokio::test]
async fn a_report_is_withdrawn_after_asking_and_stays_on_record() {
    let world = World::new().await;
    let mut client = world.app.client();
    let receipt = world.reported(&mut client, &key(1), &[]).await;
    client.post_form("/r/withdraw", &[("receipt", &receipt)]).await.expect(200, "确定撤回吗");
    assert!(!world.reports().await[0].report.withdrawn, "asking withdraws nothing");
    for _ in 0..2 {
        let sure = [("receipt", receipt.as_str()), ("sure", "yes")];
        let page = client.post_form("/r/withdraw", &sure).await.expect(200, "已经撤回");
        assert!(!page.text().contains("/r/add"), "nothing can be added any more");
    }
    assert!(world.reports().await[0].report.withdrawn);
    client.post_form("/r", &[("receipt", &receipt)]).await.expect(200, "您撤回了这份上报");
}
