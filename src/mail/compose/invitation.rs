//! The invitation to confirm and rate that every enterprise with an address gets after every visit: the same words for all.

use super::{Composed, Letterhead, Page, line};
use crate::i18n::Lang;
use askama::Template;

#[derive(Template)]
#[template(path = "email/visit_invitation/subject.txt")]
struct Subject<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "email/visit_invitation/body.txt")]
struct Text<'a> {
    page: &'a Page,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "email/visit_invitation/body.html")]
struct Html<'a> {
    page: &'a Page,
    link: &'a str,
}

/// The mail about the filing with this number and inspection code: it names neither the agency nor the enterprise.
///
/// # Errors
/// When a template cannot be rendered.
pub fn invitation(head: &Letterhead<'_>, lang: Lang, number: &str, code: &str) -> askama::Result<Composed> {
    let title = lang.ta("invite-subject", &[("number", &number)]);
    let mut page = super::page(head, lang, title, lang.t("invite-lead"), lang.t("invite-note"));
    page.sign_in = lang.t("invite-how");
    let link = format!("{}/i/{code}", head.public_url);
    Ok(Composed {
        subject: line(&Subject { page: &page }.render()?),
        text: Text { page: &page, link: &link }.render()?,
        html: Html { page: &page, link: &link }.render()?,
    })
}
