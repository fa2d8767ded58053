//! Work in the background: who sees it, how it is cancelled, what becomes of it when its process dies, and files that expire.

use crate::console::world::World;
use chrono::TimeDelta;
use mashang::actions::{Actor, NewFile, enqueue_task, keep_file};
use mashang::domain::task::{TaskKind, TaskState};
use mashang::storage::{attempts, files, sessions, tasks};
use mashang::web::respond::send_file;
use serde_json::json;
use std::io::{Seek as _, Write as _};
use uuid::Uuid;

async fn ask(world: &World) -> Uuid {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let actor = Actor::User(world.users[4]);
    let id = enqueue_task(
        &mut tx,
        &app.service,
        app.clock.now(),
        &actor,
        TaskKind::Export,
        json!({ "next": "/console" }),
        "zh-CN",
    );
    let id = id.await.expect("queued");
    tx.commit().await.expect("a commit");
    id
}

#[tokio::test]
async fn only_whoever_asked_sees_a_task_and_may_cancel_it_once() {
    let world = World::new().await;
    let id = ask(&world).await;
    let mut operator = world.signed_in("operator").await;
    let page = operator.get(&format!("/console/tasks/{id}")).await.expect(200, "排队中");
    assert_eq!(page.header("refresh"), "2", "the page loads itself anew until the task has ended");
    for who in ["reform", "fire", "admin"] {
        let mut other = world.signed_in(who).await;
        assert_eq!(other.get(&format!("/console/tasks/{id}")).await.status, 404, "{who}");
        assert_eq!(other.post_form(&format!("/console/tasks/{id}/cancel"), &[]).await.status, 404, "{who}");
    }
    operator.post_form(&format!("/console/tasks/{id}/cancel"), &[]).await.location();
    let page = operator.get(&format!("/console/tasks/{id}")).await.expect(200, "已取消");
    assert_eq!(page.header("refresh"), "");
    assert_eq!(operator.post_form(&format!("/console/tasks/{id}/cancel"), &[]).await.status, 409);
}

#[tokio::test]
async fn a_task_whose_worker_gives_no_sign_of_life_is_taken_over_and_the_first_worker_can_no_longer_end_it() {
    let world = World::new().await;
    let id = ask(&world).await;
    let app = &world.test.app;
    let (now, lease) = (app.clock.now(), TimeDelta::minutes(3));
    let mut tx = app.db.write().await.expect("a transaction");
    let first = tasks::claim(&mut tx, id, now, now + lease).await.expect("claimed").expect("free");
    assert_eq!(tasks::next(&mut tx, now + lease).await.expect("a look"), None, "the lease lasts to its last instant");
    let late = now + lease + TimeDelta::milliseconds(1);
    assert_eq!(tasks::next(&mut tx, late).await.expect("a look"), Some(id));
    let second = tasks::claim(&mut tx, id, late, late + lease).await.expect("claimed").expect("free again");
    assert!(tasks::claim(&mut tx, id, late, late + lease).await.expect("a look").is_none());
    assert!(!tasks::prolong(&mut tx, &first, late + lease, (1, 2)).await.expect("a look"));
    assert!(tasks::prolong(&mut tx, &second, late + lease, (1, 2)).await.expect("kept"));
    let ending = tasks::Ending {
        state: TaskState::Done,
        result: json!({ "rows": 2 }),
        trouble: String::new(),
        file: None,
        progress: (2, 2),
    };
    assert!(!tasks::end(&mut tx, &first, &ending, late).await.expect("a look"));
    assert!(tasks::end(&mut tx, &second, &ending, late).await.expect("ended"));
    let stored = tasks::get(&mut tx, id).await.expect("read").expect("there");
    assert_eq!((stored.state, stored.done, stored.attempts), (TaskState::Done, 2, 2));
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn a_file_of_several_pieces_comes_back_whole_and_goes_when_it_expires() {
    let world = World::new().await;
    let app = &world.test.app;
    let now = app.clock.now();
    let bytes: Vec<u8> = (0..600_000_u32).map(|n| (n % 251) as u8).collect();
    let end = now + TimeDelta::days(30);
    let file = |content| NewFile { name: "表.csv".to_owned(), media_type: "text/csv", expires_at: Some(end), content };
    let mut tx = app.db.write().await.expect("a transaction");
    let kept = keep_file(&mut tx, &app.service, now, file(bytes.clone().into())).await.expect("kept");
    assert_eq!(kept.pieces(), 3);
    assert_eq!(files::bytes(&mut tx, &kept).await.expect("read"), bytes);
    // The same from a file on the disk, and as it is downloaded.
    let mut on_disk = tempfile::tempfile().expect("a file");
    on_disk.write_all(&bytes).expect("written");
    on_disk.rewind().expect("rewound");
    let other = keep_file(&mut tx, &app.service, now, file(on_disk.into())).await.expect("kept");
    assert_eq!((other.size, &other.sha256), (kept.size, &kept.sha256));
    tx.commit().await.expect("a commit");
    let sent = send_file(&app.db, other).expect("an answer");
    assert_eq!(sent.headers()["content-length"], "600000");
    let body = axum::body::to_bytes(sent.into_body(), usize::MAX).await.expect("sent");
    assert_eq!(body, bytes);
    let mut tx = app.db.write().await.expect("a transaction");
    let before = end - TimeDelta::milliseconds(1);
    assert_eq!(files::drop_expired(&mut tx, before).await.expect("dropped"), 0);
    assert_eq!(files::get(&mut tx, kept.id, before).await.expect("read"), Some(kept.clone()));
    assert_eq!(files::drop_expired(&mut tx, end).await.expect("dropped"), 6);
    assert_eq!(files::get(&mut tx, kept.id, end).await.expect("read"), None);
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn attempts_and_sessions_of_long_ago_go_and_young_ones_stay() {
    let world = World::new().await;
    let app = &world.test.app;
    let before = app.clock.now();
    let second = TimeDelta::seconds(1);
    let mut tx = app.db.write().await.expect("a transaction");
    for (who, hash, at) in [("old", [1_u8; 32], before - second), ("young", [2_u8; 32], before)] {
        attempts::failed(&mut tx, "pin", who, at, at - second).await.expect("counted");
        let began = at - TimeDelta::hours(12);
        sessions::insert(&mut tx, &hash, world.users[0], began, at, (false, "password")).await.expect("begun");
    }
    assert_eq!(attempts::drop_old(&mut tx, before).await.expect("dropped"), 1);
    assert!(attempts::get(&mut tx, "pin", "old").await.expect("read").is_none());
    assert!(attempts::get(&mut tx, "pin", "young").await.expect("read").is_some());
    assert_eq!(sessions::drop_expired(&mut tx, before).await.expect("dropped"), 1);
    assert!(sessions::get(&mut tx, &[1; 32]).await.expect("read").is_none());
    assert!(sessions::get(&mut tx, &[2; 32]).await.expect("read").is_some());
    tx.commit().await.expect("a commit");
}
