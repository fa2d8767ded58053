//! The list of filings is searched by words of the enterprise and by the filing's number, however few or many enterprises have the words.

use super::world::{FIRE, MARKET, World, at};
use crate::support::Client;
use mashang::domain::filing::Kind;
use mashang::domain::id::{EnterpriseId, FilingId};
use mashang::storage::enterprises;
use mashang::storage::filings::{self, Scope};

/// Which of the filings a list shows, in its order.
async fn listed(client: &mut Client, query: &str, all: &[FilingId]) -> Vec<usize> {
    let page = client.get(&format!("/console/filings?{query}")).await.expect(200, "").text();
    let mut places: Vec<_> = all.iter().map(|id| page.find(&format!("/console/filings/{id}"))).enumerate().collect();
    places.retain(|(_, place)| place.is_some());
    places.sort_unstable_by_key(|(_, place)| *place);
    places.into_iter().map(|(n, _)| n).collect()
}

async fn numbers(world: &World, all: &[FilingId]) -> Vec<String> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let mut numbers = Vec::new();
    for id in all {
        numbers.push(filings::get(&mut tx, *id, Scope::All).await.expect("read").expect("a filing").number);
    }
    numbers
}

/// Enterprises with one word in common that no other has.
pub async fn crowd(world: &World, size: usize) -> Vec<EnterpriseId> {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let first = world.test.seed.enterprises[0].0;
    let like = enterprises::get(&mut tx, first).await.expect("read").expect("an enterprise");
    let mut crowd = Vec::new();
    for n in 0..size {
        let id = EnterpriseId(app.service.ids.uuid(app.clock.now()));
        let mut one = like.clone();
        (one.id, one.name, one.uscc) = (id, format!("繁星第{n}号商行"), format!("92350100M{n:09}"));
        one.search = one.name.clone();
        enterprises::insert(&mut tx, &one).await.expect("an enterprise");
        crowd.push(id);
    }
    tx.commit().await.expect("a commit");
    crowd
}

#[tokio::test]
async fn filings_are_found_by_words_of_their_enterprise_and_by_number() {
    let world = World::new().await;
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let (one, other) = (world.test.seed.enterprises[0].0, world.test.seed.enterprises[1].0);
    let name = async |tx: &mut _, id| enterprises::get(tx, id).await.expect("read").expect("an enterprise");
    let (one, other) = (name(&mut tx, one).await, name(&mut tx, other).await);
    drop(tx);
    let mut all = vec![world.file(FIRE, "03-06 10:00").await, world.file(MARKET, "03-06 15:00").await];
    world.test.app.clock.set(at("03-03 11:00"));
    all.push(world.file_at(1, FIRE, "03-07 10:00").await);
    let numbers = numbers(&world, &all).await;
    let mut supervisor = world.signed_in("reform").await;
    assert_eq!(listed(&mut supervisor, "", &all).await.len(), 3);
    let of_one = |q: &str| format!("q={q}");
    let mut first = listed(&mut supervisor, &of_one(&one.name), &all).await;
    first.sort_unstable();
    assert_eq!(first, [0, 1], "by name");
    assert_eq!(listed(&mut supervisor, &of_one(&other.uscc), &all).await, [2], "by credit code");
    assert_eq!(listed(&mut supervisor, &of_one("繁星"), &all).await, [] as [usize; 0]);
    for (n, number) in numbers.iter().enumerate() {
        let as_shown = format!("{}+{}+{}", &number[..4], &number[4..8], &number[8..]);
        for typed in
            [number.clone(), as_shown, number[2..7].to_lowercase(), format!("{}-{}", &number[..3], &number[3..6])]
        {
            assert_eq!(listed(&mut supervisor, &of_one(&typed), &all).await, [n], "by {typed} of its number {number}");
        }
    }
    // With other conditions, and in the scope of one agency.
    let with = format!("q={}&agency={}", one.name, world.test.seed.agencies[MARKET]);
    assert_eq!(listed(&mut supervisor, &with, &all).await, [1]);
    assert_eq!(listed(&mut supervisor, &format!("q={}&enterprise={}", one.name, other.id), &all).await.len(), 0);
    let mut fire = world.signed_in("fire").await;
    assert_eq!(listed(&mut fire, &of_one(&one.name), &all).await, [0]);
    assert_eq!(
        listed(&mut fire, &of_one(&numbers[1]), &all).await.len(),
        0,
        "another agency's is not found by its number"
    );
}

#[tokio::test]
async fn words_of_some_or_of_very_many_enterprises_find_the_newest_filings_first() {
    for size in [70, 330] {
        let world = World::new().await;
        let crowd = crowd(&world, size).await;
        let mut all = Vec::new();
        for (hour, n) in [(9, size - 1), (10, 0), (11, 40)] {
            world.test.app.clock.set(at(&format!("03-03 {hour:02}:00")));
            all.push(world.file_of(crowd[n], FIRE, "03-06 10:00", Kind::Daily).await);
        }
        world.file(FIRE, "03-06 15:00").await;
        let mut supervisor = world.signed_in("reform").await;
        assert_eq!(listed(&mut supervisor, "q=繁星", &all).await, [2, 1, 0], "{size} enterprises");
        assert_eq!(listed(&mut supervisor, "q=繁星第40号", &all).await, [2]);
    }
}
