//! Mashang 码上报备: inspection filings by QR code, judged against the no-disturb calendar and the repetition rules.
//!
//! The layers, each importing only what stands to its right:
//! `main → cli → app → { web, jobs } → actions → { storage, mail, print, identity } → outgoing → domain`.

pub mod actions;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod i18n;
pub mod identity;
pub mod ids;
pub mod jobs;
pub mod mail;
pub mod outgoing;
pub mod print;
pub mod replay;
pub mod storage;
pub mod telemetry;
pub mod web;
