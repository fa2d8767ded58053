//! One page or form a file: the template's struct, `get` and `post` together.

pub(super) mod code;
pub(super) mod console;
pub(super) mod demo_mail;
pub(super) mod enrol;
pub(super) mod enterprise;
pub(super) mod filing;
pub(super) mod health;
pub(super) mod home;
mod open_form;
pub(super) mod prefs;
