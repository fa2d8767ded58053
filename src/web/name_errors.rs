//! Puts the label of its field before each line of the error summary, as the page itself has it: a line that only says 请填写这一项 names nothing.
//!
//! A template cannot do it: the summary stands above the fields whose labels it needs.

/// What `errors()` of `parts/form.html` writes before the words of a line, with the field's id and the separator.
const MARK: &str = "<span data-of=\"";

/// The page with each mark replaced by the label of its field and the separator, or by nothing where the field has no label.
pub(super) fn named(page: String) -> String {
    if !page.contains(MARK) {
        return page;
    }
    let mut parts = page.split(MARK);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((field, (separator, rest))) =
            part.split_once("\">").and_then(|(field, rest)| Some((field, rest.split_once("</span>")?)))
        else {
            named.push_str(MARK);
            named.push_str(part);
            continue;
        };
        if let Some(label) = label(&page, field) {
            named.push_str(&label);
            named.push_str(separator);
        }
        named.push_str(rest);
    }
    named
}

/// The words of the label of an input, or of the legend of the fieldset that an element is or stands in; without what is in brackets.
fn label(page: &str, field: &str) -> Option<String> {
    let (from, end) = if let Some(at) = page.find(&format!(" for=\"{field}\"")) {
        (&page[at..], "</label>")
    } else {
        let at = page.find(&format!(" id=\"{field}\""))?;
        let fieldset = page[..at].rfind("<fieldset").filter(|open| !page[*open..at].contains("</fieldset>"))?;
        (page[fieldset..].split_once("<legend")?.1, "</legend>")
    };
    let text = from.split_once('>')?.1.split_once(end)?.0;
    let mut inside = false;
    let words: String = text
        .chars()
        .filter(|c| {
            inside = (inside || *c == '<') && *c != '>';
            !inside && *c != '>'
        })
        .collect();
    let words = words.split(['（', '(']).next().unwrap_or_default();
    let words = words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '？' | '?'));
    (!words.is_empty()).then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::named;

    /// A summary with one line about `field`, above `fields`.
    fn page(field: &str, fields: &str) -> String {
        format!("<a href=\"#{field}\"><span data-of=\"{field}\">：</span>请填写这一项。</a>{fields}")
    }

    fn line(field: &str, fields: &str) -> String {
        let named = named(page(field, fields));
        named
            .split_once("\">")
            .and_then(|(_, rest)| rest.split_once("</a>"))
            .map(|(line, _)| line.to_owned())
            .expect("a line")
    }

    #[test]
    fn a_line_begins_with_the_label_of_its_field() {
        let fields =
            "<label class=\"label\" for=\"note\">备注 <span class=\"opt\">（选填）</span></label><input id=\"note\">";
        assert_eq!(line("note", fields), "备注：请填写这一项。");
        let fields = "<fieldset id=\"when\" tabindex=\"-1\"><legend><h1>什么时候？</h1></legend></fieldset>";
        assert_eq!(line("when", fields), "什么时候：请填写这一项。");
        let fields = "<fieldset><legend class=\"label\">纸张</legend><div id=\"paper\"></div></fieldset>";
        assert_eq!(line("paper", fields), "纸张：请填写这一项。");
    }

    #[test]
    fn what_has_no_label_keeps_its_words() {
        let fields = "<fieldset><legend>别的</legend></fieldset><div id=\"alone\"></div>";
        assert_eq!(line("alone", fields), "请填写这一项。");
        assert_eq!(line("none", fields), "请填写这一项。");
        assert_eq!(named("<p>没有错误</p>".to_owned()), "<p>没有错误</p>");
    }
}
