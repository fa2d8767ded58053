//! The console through the real router: who may open what, decisions, filters, sign-in.

mod audit;
mod decisions;
pub mod filing_search;
mod first_duty;
mod pages;
mod passkeys;
mod roles;
mod second_step;
mod sign_in;
mod users;
pub mod world;
