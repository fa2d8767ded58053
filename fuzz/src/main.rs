//! Coverage-guided fuzzing by libFuzzer: one program, the target by its name in `FUZZ_TARGET`. `tests/fuzz` builds and runs them all.
//!
//! Each target asserts what has to hold of whatever comes in, not only that nothing panics.

#![cfg_attr(fuzzing, no_main)]

mod audit;
mod bodies;
mod codes;
mod keys;
mod mails;
mod tables;
mod world;

use libfuzzer_sys::fuzz_target;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::sync::LazyLock;

type Target = fn(&[u8]);

/// Every target by its name, which is that of its folder of seeds too.
const TARGETS: &[(&str, Target)] = &[
    ("form", bodies::form),
    ("json", bodies::json),
    ("replay", bodies::replay),
    ("attachment", bodies::attachment),
    ("multipart", bodies::multipart),
    ("credit_code", codes::credit_code),
    ("tokens", codes::tokens),
    ("texts", codes::texts),
    ("csv", tables::csv),
    ("xlsx", tables::xlsx),
    ("xls", tables::xls),
    ("import", tables::import),
    ("mail", mails::mail),
    ("cbor", keys::cbor),
    ("id_token", keys::id_token),
    ("audit", audit::audit),
];

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    std::panic::set_hook(Box::new(remember));
    let wanted = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(name, _)| *name == wanted);
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    found.unwrap_or_else(|| stop(&format!("FUZZ_TARGET is one of {names:?}"))).1
});

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The program expects that a reader of spreadsheets panics, catches it and refuses the file: that is nothing found. What panics in the
/// program itself is, even where it would be caught.
fn remember(info: &PanicHookInfo<'_>) {
    let foreign =
        info.location().is_some_and(|at| at.file().contains("/registry/src/") || at.file().contains("/rustc/"));
    if !foreign {
        stop(&format!("{info}\n{}", Backtrace::force_capture()));
    }
    LAST.with(|last| *last.borrow_mut() = info.to_string());
}

fn stop(why: &str) -> ! {
    eprintln!("{why}");
    std::process::abort();
}

fuzz_target!(|data: &[u8]| {
    let target = *TARGET;
    if std::panic::catch_unwind(|| target(data)).is_err() {
        stop(&LAST.with(|last| last.borrow().clone()));
    }
});
