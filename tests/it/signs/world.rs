//! Short ways to do things to signs.

use crate::support::TestApp;
use mashang::actions::Result;
use mashang::domain::id::SignId;
use mashang::domain::sign::UnitKind;
use mashang::storage::Tx;
use mashang::storage::signs::{self, SignRecord, Spot};

/// A transaction for writing.
pub async fn write(app: &TestApp) -> Tx {
    app.app.db.write().await.expect("a transaction")
}

/// A connection for reading.
pub async fn read(app: &TestApp) -> Tx {
    app.app.db.read().await.expect("a connection")
}

/// A sign as it is stored now.
pub async fn sign(app: &TestApp, id: SignId) -> SignRecord {
    signs::get(&mut read(app).await, id).await.expect("read").expect("the sign")
}

/// A place of an enterprise of the seed.
pub fn spot(app: &TestApp, enterprise: usize, place: &str) -> Spot {
    Spot { kind: UnitKind::Enterprise, unit: app.seed.enterprises[enterprise].0.0, site: None, place: place.to_owned() }
}

/// Runs an action in a transaction of its own, as the program itself, and commits it if it went well.
macro_rules! act {
    ($app:expr, $action:ident($($argument:expr),* $(,)?)) => {{
        let mut tx = $crate::signs::world::write($app).await;
        let now = $app.app.clock.now();
        let actor = mashang::actions::Actor::System;
        let done = mashang::actions::$action(&mut tx, &$app.app.service, now, &actor, $($argument),*).await;
        if done.is_ok() {
            tx.commit().await.expect("a commit");
        }
        done
    }};
}
pub(super) use act;

/// Prints signs with the host of the tests.
pub async fn print(app: &TestApp, ids: &[SignId]) -> Result<Vec<SignId>> {
    let batch = app.app.service.ids.uuid(app.app.clock.now());
    act!(app, mark_printed(ids, batch, crate::support::HOST))
}

/// The actions in the audit of a sign, in order.
pub async fn history(app: &TestApp, id: SignId) -> Vec<String> {
    let rows = mashang::storage::audit::by_object(&mut read(app).await, id.0).await.expect("read");
    rows.into_iter().map(|row| row.action).collect()
}
