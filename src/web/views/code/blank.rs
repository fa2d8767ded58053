//! What a blank sign shows: to an operator, where to bind it; to anybody else, that it is not in use yet, and how to go on.

use crate::domain::sign_code::{ShortCode, SignToken};
use crate::storage::{Tx, signs};
use crate::web::error::AppError;
use crate::web::extract::console::MaybeOperator;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/code/blank.html")]
struct Blank {
    page: Page,
    serial: String,
    short_code: String,
    bind: String,
}

/// The answer to the scan of a blank sign.
pub(super) async fn get(tx: &mut Tx, page: Page, operator: MaybeOperator, token: &str) -> Answer {
    let token = SignToken::parse(token).map_err(|_| AppError::NotFound)?;
    let bind = paths::sign_bind(token.as_str());
    if operator.0 {
        return see_other(&bind);
    }
    let sign = signs::by_token(tx, token.as_str()).await?.ok_or(AppError::NotFound)?;
    let short_code = ShortCode::parse(&sign.short_code).map_or(sign.short_code, |code| code.display_groups());
    html(&Blank { page, serial: sign.serial, short_code, bind })
}
