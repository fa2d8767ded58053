//! Filing as an inspector does: the fields of the form, and the way over the review.

use super::{Client, TestApp, seed};

/// The fields of a filing by 陈小明 and 李芳 at this time.
pub fn fields<'a>(app: &TestApp, times: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let matter = app.seed.matters["消防安全检查"].to_string();
    let mut fields = vec![
        ("submission".to_owned(), seed::some_submission()),
        ("kind".to_owned(), "daily".to_owned()),
        ("matters".to_owned(), matter),
        ("inspectors".to_owned(), "XF-002".to_owned()),
    ];
    fields.extend(times.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

/// A planned visit on 6 March, an open day.
pub const FRIDAY: &[(&str, &str)] =
    &[("when", "day"), ("date", "2026-03-06"), ("planned_start", "09:00"), ("planned_end", "11:00")];
/// A planned visit on 10 March, a no-disturb day.
pub const QUIET: &[(&str, &str)] =
    &[("when", "day"), ("date", "2026-03-10"), ("planned_start", "09:00"), ("planned_end", "11:00")];

pub fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Sends the fields, reads the review, and gives the fields that its form sends.
pub async fn review(phone: &mut Client, path: &str, fields: &[(String, String)]) -> Vec<(String, String)> {
    let page = phone.post_form(path, &borrowed(fields)).await.expect(200, "请核对，尚未提交");
    let mut hidden = page.hidden_inputs();
    hidden.retain(|(name, _)| name != "back");
    hidden.push(("step".to_owned(), "send".to_owned()));
    hidden
}

/// Files and gives the path of the receipt.
pub async fn file(app: &TestApp, phone: &mut Client, times: &[(&str, &str)]) -> String {
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(phone, &path, &fields(app, times)).await;
    phone.post_form(&path, &borrowed(&sent)).await.location()
}
