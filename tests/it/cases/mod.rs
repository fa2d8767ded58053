//! Requests for an explanation, deadlines, decisions: the whole loop through the console, with the clock moved by hand.

mod answers;
mod decisions;
mod ladder;
mod neutral;
mod requests;
pub mod world;
