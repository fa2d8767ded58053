//! Branches and sites: entering, changing, closing; and noting which one a filing is about.

use crate::console::world::{FIRE, World, input};
use mashang::actions::edit_records::note_site;
use mashang::domain::violation::Subject;
use mashang::storage::sites::{self, Site};

async fn stored(world: &World) -> Vec<Site> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    sites::of_enterprise(&mut tx, world.test.seed.enterprises[0].0).await.expect("sites")
}

#[tokio::test]
async fn an_operator_enters_changes_and_closes_a_site() {
    let world = World::new().await;
    let mut operator = world.signed_in("operator").await;
    let page = format!("/console/enterprises/{}", world.test.seed.enterprises[0].0);
    operator.get(&page).await.expect(200, "没有登记分支或经营场所");
    let new = format!("{page}/sites/new");
    let form = operator.get(&new).await.expect(200, "新增场所");
    assert_eq!(input(&form, "town"), "禾口镇", "the enterprise's own town is a good guess");
    let empty = operator.post_form(&new, &[("name", "二分厂"), ("town", "陶家镇"), ("address", " ")]).await;
    assert_eq!(input(&empty.expect(422, "请填写这一项"), "name"), "二分厂");
    let fields = [("name", "二分厂"), ("town", "陶家镇"), ("address", "陶兴路9号")];
    operator.submit(&new, &fields).await.expect(200, "陶兴路9号");

    let site = stored(&world).await.remove(0);
    let edit = format!("/console/sites/{}/edit", site.id);
    let seen = input(&operator.get(&edit).await.expect(200, "二分厂"), "seen");
    let changed = [("seen", seen.as_str()), ("name", "二分厂"), ("town", "陶家镇"), ("address", "陶兴路11号")];
    operator.submit(&edit, &changed).await.expect(200, "陶兴路11号");
    operator.post_form(&edit, &changed).await.expect(422, "别人改了这条记录");
    let active = format!("/console/sites/{}/active", site.id);
    operator.submit(&active, &[("active", "no")]).await.expect(200, "已关闭");
    operator.post_form(&active, &[("active", "no")]).await.expect(409, "");
    operator.post_form(&active, &[("active", "perhaps")]).await.expect(400, "");
    let open = operator.submit(&active, &[("active", "yes")]).await.expect(200, "二分厂").text();
    assert!(!open.contains("已关闭"), "{open}");
    let past = operator.get(&format!("/console/sites/{}/history", site.id)).await.expect(200, "停用").text();
    assert!(past.contains("<del>陶兴路9号</del> → <ins>陶兴路11号</ins>"), "{past}");
}

#[tokio::test]
async fn a_filing_is_about_one_site_of_its_own_enterprise() {
    let world = World::new().await;
    let filing = world.file(FIRE, "03-05 10:00").await;
    let mut operator = world.signed_in("operator").await;
    for (nth, name) in [(0, "二分厂"), (0, "三分厂"), (1, "门店")] {
        let new = format!("/console/enterprises/{}/sites/new", world.test.seed.enterprises[nth].0);
        operator.submit(&new, &[("name", name), ("town", ""), ("address", "某路1号")]).await.expect(200, name);
    }
    let own = stored(&world).await;
    let mut tx = world.test.app.db.write().await.expect("a transaction");
    let foreign = sites::of_enterprise(&mut tx, world.test.seed.enterprises[1].0).await.expect("sites").remove(0);
    let subject = Subject::Filing(filing);
    for (site, noted) in [(&foreign, None), (&own[0], Some(&own[0])), (&own[1], Some(&own[0]))] {
        note_site(&mut tx, subject, Some(site.id)).await.expect("the store works");
        assert_eq!(sites::of_filing(&mut tx, filing).await.expect("the store works").as_ref(), noted);
    }
    tx.commit().await.expect("a commit");
}
