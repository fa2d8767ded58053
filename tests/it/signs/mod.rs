//! Signs: each transition with its boundaries, what a code shows in each state, scan counts, blank ones, and what operators see.

mod codes;
mod console;
mod hosts;
mod printing;
mod scans;
mod transitions;
mod world;
