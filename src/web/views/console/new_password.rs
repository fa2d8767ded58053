//! A new password of one's own, chosen on the page of settings or before anything else.

use super::proof::proves;
use crate::actions::{change_password, password as hashing};
use crate::app::App;
use crate::web::cookies;
use crate::web::error::AppError;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::form::Form;
use axum::http::HeaderMap;

/// Stores what `form` has in `password`, if `current` proves who asks; whether it did. What is wrong is noted in the form, and what was
/// typed is taken out of it. With `another` the new one must not be the present one.
///
/// # Errors
/// When the store fails, or too many passwords wait to be looked at.
pub(super) async fn choose(
    app: &App,
    me: &Console<ANYBODY>,
    headers: &HeaderMap,
    form: &mut Form,
    another: bool,
) -> Result<bool, AppError> {
    let (current, new) = (form.one("current").to_owned(), form.one("password").to_owned());
    form.set("current", "");
    form.set("password", "");
    let names = [app.service.settings.district.as_str(), &me.user.email, &me.user.name];
    if let Err(error) = hashing::check_new(&new, &names) {
        form.fail_all([error]);
    } else if another && hashing::is_same(&current, &new) {
        form.fail("password", "same");
    }
    if current.is_empty() {
        form.fail("current", "required");
    }
    if form.has_errors() {
        return Ok(false);
    }
    if !proves(app, me, &current).await? {
        form.fail("current", "wrong");
        return Ok(false);
    }
    let hash = hashing::hash(&app.service, &new).await?;
    let known = cookies::hash_of(app, headers, cookies::KNOWN);
    let mut tx = app.db.write().await?;
    let here = (me.session.as_slice(), known.as_deref());
    change_password(&mut tx, &app.service, me.now, &me.user, &hash, here).await?;
    tx.commit().await?;
    Ok(true)
}
