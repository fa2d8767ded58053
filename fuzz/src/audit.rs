//! The audit's chain: whatever one field is changed to, it is found; and no made-up checkpoint is believed.

use super::world::{self, World};
use mashang::actions::{
    Actor, Broken, CheckpointKey, Unchained, audit as entries, chain_entries, checkpoint_audit, unchained_entries,
    verify_audit,
};
use mashang::domain::audit_chain::{Checkpoint, hex, unhex};
use mashang::storage::{Param, Tx};
use serde_json::json;
use std::cell::OnceCell;
use uuid::Uuid;

const ENTRIES: u8 = 8;

/// What somebody with the database in hand does to one entry or link.
const CHANGES: [&str; 7] = [
    "UPDATE audit SET actor = $2 WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = $1)",
    "UPDATE audit SET action = $2 WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = $1)",
    "UPDATE audit SET object_kind = $2 WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = $1)",
    "UPDATE audit SET detail = $2 WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = $1)",
    "DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = $1)",
    "UPDATE audit_chain SET hash = $2 WHERE seq = $1 AND hash <> $2",
    "DELETE FROM audit_chain WHERE seq = $1",
];

thread_local! {
    static CHAINED: OnceCell<()> = const { OnceCell::new() };
}

fn key() -> CheckpointKey {
    CheckpointKey::from_seed(&[3; 32]).expect("a key")
}

async fn chain(world: &World) {
    let (now, service) = (world.app.clock.now(), world::service());
    let mut tx = world.app.db.write().await.expect("a transaction");
    for number in 1..=ENTRIES {
        let object = ("sign", Uuid::from_u128(number.into()));
        let detail = json!({ "n": number, "a": "码" });
        entries::record(&mut tx, &service, now, &Actor::System, "sign.issued", object, detail).await.expect("recorded");
    }
    let rows = unchained_entries(&mut tx, now, Unchained::All).await.expect("read");
    chain_entries(&mut tx, &rows).await.expect("chained");
    checkpoint_audit(&mut tx, now, &key()).await.expect("signed");
    tx.commit().await.expect("a commit");
}

async fn check(tx: &mut Tx, kept: Vec<(Checkpoint, Vec<u8>)>) -> Result<(), Broken> {
    let public = unhex(&key().public()).expect("hexadecimal");
    verify_audit(tx, Some(&public), kept).await.expect("the store answers").map(|_| ())
}

pub fn audit(data: &[u8]) {
    let [kind, place, words @ ..] = data else { return };
    let text = String::from_utf8_lossy(words);
    if let Some(bytes) = unhex(&text) {
        assert_eq!(hex(&bytes), text.to_lowercase());
    }
    world::with(|world| {
        world.runtime.block_on(async {
            if CHAINED.with(|done| done.set(()).is_ok()) {
                chain(world).await;
            }
            let seq = i64::from(1 + place % ENTRIES);
            let mut tx = world.app.db.write().await.expect("a transaction");
            assert_eq!(check(&mut tx, Vec::new()).await, Ok(()), "whole before it is touched");
            let mut hash = [0; 32];
            for (to, from) in hash.iter_mut().zip(words) {
                *to = *from;
            }
            let other = format!("x{text}");
            let (sql, value) = match kind % 8 {
                7 => {
                    let seq = i64::from_be_bytes(hash[..8].try_into().expect("8 bytes"));
                    let point = Checkpoint { seq, hash, at: world.app.clock.now() };
                    let signature = words.get(32..).unwrap_or_default().to_vec();
                    let found = check(&mut tx, vec![(point, signature)]).await;
                    assert_eq!(found, Err(Broken::BadSignature(seq)), "a made-up checkpoint");
                    return;
                }
                kind @ (0..=2) => (CHANGES[usize::from(kind)], Some(Param::from(other))),
                3 => (CHANGES[3], Some(Param::from(json!({ "x": text })))),
                5 => (CHANGES[5], Some(Param::from(hash.to_vec()))),
                kind => (CHANGES[usize::from(kind)], None),
            };
            let mut params = vec![Param::from(seq)];
            params.extend(value);
            let changed = tx.execute(sql, &params).await.expect("the database allows it");
            if changed == 0 && sql == CHANGES[5] {
                // The fuzzer reads what is compared, and so found the very hash that stands there.
                return;
            }
            assert_eq!(changed, 1, "{sql}");
            assert!(check(&mut tx, Vec::new()).await.is_err(), "{sql} of {seq} was not found");
        });
    });
}
