//! Requests for an explanation, deadlines, decisions: the whole loop through the console, with the clock moved by hand.

mod answers;
mod appeals;
mod attachments;
mod bulk;
mod cleared;
mod decisions;
mod evidence;
mod known;
mod ladder;
mod neutral;
mod requests;
mod told;
pub mod world;
