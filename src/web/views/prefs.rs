//! `POST /prefs`: remembers language, theme or text size, and goes back to where the reader was.

use crate::app::App;
use crate::i18n::Lang;
use crate::web::form::Form;
use crate::web::page::{Page, Theme};
use crate::web::respond::{Answer, see_other};
use crate::web::{cookies, paths};
use axum::extract::State;
use axum::http::header::SET_COOKIE;

/// `POST /prefs` with one or more of `lang`, `theme`, `care`, and `back`.
pub(in crate::web) async fn post(State(app): State<App>, mut page: Page, form: Form) -> Answer {
    page.lang = Lang::parse(form.one("lang")).unwrap_or(page.lang);
    match form.one("theme") {
        "light" => page.theme = Some(Theme::Light),
        "dark" => page.theme = Some(Theme::Dark),
        "system" => page.theme = None,
        _ => {}
    }
    match form.one("care") {
        "on" => page.care = true,
        "off" => page.care = false,
        _ => {}
    }
    let back = form.one("back");
    let mut answer = see_other(if paths::is_local(back) && back.is_ascii() { back } else { paths::HOME })?;
    answer.headers_mut().insert(SET_COOKIE, cookies::set(&app, cookies::PREFS, &page.prefs(), cookies::YEAR)?);
    Ok(answer)
}
