//! Signs: each transition with its boundaries, what a code shows in each state, scan counts, blank ones, and what operators see.

mod printing;
mod transitions;
mod world;
