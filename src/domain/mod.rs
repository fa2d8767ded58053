//! What the district's rules are about, as pure values: no I/O, no clock, no SQL, no HTML.
//!
//! `RULES` in the documentation below is the normative description of the rules; a rule names its code.
