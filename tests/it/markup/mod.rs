//! Whatever words people type, they are shown as words: on every page, in every mail, in every file.
//!
//! [`corpus`] has the words. [`dressed`] puts them into every column of the database that keeps somebody's words, in the year of the
//! demonstration, so that no page is without something hostile; [`crawl`] follows every link of every role, and [`reader`] reads what comes back
//! as a browser, a spreadsheet or a mail program would. Three lists keep that from growing old: a column of the schema that is in none of the
//! two lists of `dressed.rs`, a route that nobody has opened, and a field of a form that nobody has filled in fail the tests.

mod api;
mod corpus;
mod crawl;
mod dressed;
mod fields;
mod files;
mod forms;
mod mails;
mod names;
mod pages;
mod reader;
mod sheets;
