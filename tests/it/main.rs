//! The integration tests: the real router over a temporary database, time moved by hand. One binary, so that it links once.

mod frame;
mod i18n;
mod storage;
mod structure;
mod support;
