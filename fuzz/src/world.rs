//! What targets need of the program around: a runtime, settings, an empty database.

use mashang::actions::{Service, Settings};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::domain::day::Zone;
use mashang::ids::Ids;
use mashang::storage::Db;
use std::cell::OnceCell;
use tokio::runtime::Runtime;

/// A program with nothing in its database.
pub struct World {
    pub runtime: Runtime,
    pub app: App,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let db = runtime.block_on(Db::open_scratch(&folder.path().join("fuzz.db"))).expect("a database");
        let clock = Clock::manual("2026-03-03T02:00:00Z".parse().expect("an instant"));
        Self { runtime, app: App { db, service: service(), clock }, _folder: folder }
    }
}

/// A service that remembers nothing of another input.
pub fn service() -> Service {
    let settings = Settings {
        public_url: "http://mashang.test".to_owned(),
        also_hosts: Vec::new(),
        district: "青禾区".to_owned(),
        hotline: "023-1234 5678".to_owned(),
        mail_from: "mashang@example.org".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [7; 32],
    };
    Service::new(Ids::seeded(1), settings)
}

thread_local! {
    static WORLD: OnceCell<World> = const { OnceCell::new() };
}

/// The one world of this process.
pub fn with<T>(act: impl FnOnce(&World) -> T) -> T {
    WORLD.with(|cell| act(cell.get_or_init(World::new)))
}

/// Texts out of bytes: what stands between the bytes 0x1F, which no text has.
pub fn texts<const N: usize>(data: &[u8]) -> [String; N] {
    let mut parts = data.split(|byte| *byte == 0x1F).map(|part| String::from_utf8_lossy(part).into_owned());
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
