//! What comes back, read as a browser does: which elements, attributes and links there are, and which words.

use super::corpus;
use super::dressed::PUBLIC;
use super::sheets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// The type of an input; `textarea`, `select` or `button`.
    pub kind: String,
    pub value: String,
    /// Whether it is sent as the page stands: ticked, chosen, or not to be ticked.
    pub sent: bool,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub post: bool,
    pub action: String,
    pub files: bool,
    pub fields: Vec<Field>,
}

/// What a page has.
#[derive(Default)]
pub struct Page {
    pub wrong: Vec<String>,
    /// Pieces of text, and attributes that are read or heard.
    pub words: Vec<String>,
    pub links: Vec<String>,
    pub forms: Vec<Form>,
}

/// Attributes that lead somewhere.
const LEADS: [&str; 10] =
    ["href", "src", "action", "formaction", "poster", "data", "xlink:href", "srcset", "background", "ping"];

/// Elements that no page of this program has.
const NEVER: [&str; 12] = [
    "style",
    "iframe",
    "frame",
    "object",
    "embed",
    "base",
    "applet",
    "video",
    "audio",
    "foreignobject",
    "noscript",
    "math",
];

/// Everything that the program's own pages are written with: its elements and attributes have no others.
fn own_markup() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders: Vec<PathBuf> = ["templates", "src/web", "src/print"].map(|name| root.join(name)).to_vec();
        let mut text = String::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("tests.rs") {
                    text += &fs::read_to_string(path).expect("a text");
                }
            }
        }
        text.to_lowercase()
    })
}

/// Elements that every document has, written or not.
const IMPLIED: [&str; 5] = ["html", "head", "body", "tbody", "colgroup"];

/// Whether the program's own markup has one of these texts; asked for a few hundred names, again and again.
fn is_written(what: String, as_one_of: impl FnOnce(&str) -> Vec<String>) -> bool {
    static KNOWN: Mutex<BTreeMap<String, bool>> = Mutex::new(BTreeMap::new());
    if let Some(known) = KNOWN.lock().expect("unpoisoned").get(&what) {
        return *known;
    }
    let written = as_one_of(&what).iter().any(|text| own_markup().contains(text));
    KNOWN.lock().expect("unpoisoned").insert(what, written);
    written
}

fn is_own_element(name: &str) -> bool {
    let ends = [" ", ">", "{", "/"];
    IMPLIED.contains(&name) || is_written(format!("<{name}"), |start| ends.map(|end| format!("{start}{end}")).to_vec())
}

fn is_own_attribute(name: &str) -> bool {
    is_written(name.to_lowercase(), |name| {
        let ends = ["=", ">", " ", "{", "\\"];
        [" ", "}"].iter().flat_map(|before| ends.map(|end| format!("{before}{name}{end}"))).collect()
    })
}

/// A style within an element, as the template of a mail has it.
fn is_own_style(style: &str) -> bool {
    is_written(format!("style=\"{}\"", style.to_lowercase()), |style| vec![style.to_owned()])
}

/// Reads a page.
pub fn page(text: &str) -> Page {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(text);
    let mut page = Page::default();
    walk(&dom.document, &mut page);
    let whole: Vec<String> = page.words.iter().flat_map(|words| corpus::changed(words)).collect();
    page.wrong.extend(whole);
    page
}

fn walk(node: &Handle, page: &mut Page) {
    match &node.data {
        NodeData::Text { contents } => page.words.push(contents.borrow().to_string()),
        NodeData::Comment { contents } => page.wrong.push(format!("a comment: {contents}")),
        NodeData::ProcessingInstruction { target, .. } => page.wrong.push(format!("an instruction: {target}")),
        NodeData::Element { name, attrs, .. } => {
            let element = name.local.to_string();
            let attributes: Vec<(String, String)> = attrs
                .borrow()
                .iter()
                .map(|attribute| {
                    let prefix = attribute.name.prefix.as_ref().map_or(String::new(), |prefix| format!("{prefix}:"));
                    (format!("{prefix}{}", attribute.name.local), attribute.value.to_string())
                })
                .collect();
            look_at(node, &element, &attributes, page);
        }
        NodeData::Document | NodeData::Doctype { .. } => {}
    }
    for child in node.children.borrow().iter() {
        walk(child, page);
    }
    if let NodeData::Element { name, .. } = &node.data
        && name.local.to_string() == "form"
        && let Some(form) = page.forms.last_mut()
    {
        form.fields.retain(|field| !field.name.is_empty());
    }
}

fn look_at(node: &Handle, element: &str, attributes: &[(String, String)], page: &mut Page) {
    if NEVER.contains(&element) || !is_own_element(element) {
        page.wrong.push(format!("an element <{element}> with {attributes:?}"));
    }
    let value = |name: &str| attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
    for (name, text) in attributes {
        // Mails have styles within their elements, each as its template has it; pages have none.
        let other_style = name == "style" && !is_own_style(text);
        if name.starts_with("on") || name == "srcdoc" || other_style || !is_own_attribute(name) {
            page.wrong.push(format!("an attribute {name}={text:?} of <{element}>"));
        }
        if LEADS.contains(&name.as_str()) {
            let picture = text.strip_prefix("data:image/svg+xml;base64,").filter(|_| element == "img");
            if let Some(picture) = picture.and_then(|base64| STANDARD.decode(base64).ok()) {
                // The code of an invitation, drawn into the page, so that its link is in no address.
                page.wrong.extend(sheets::read("image/svg+xml", &picture).wrong);
            } else if !(leads_here(text) || (element == "a" && text.starts_with("tel:"))) {
                page.wrong.push(format!("<{element}> leads to {text:?}"));
            }
        } else {
            page.words.push(text.clone());
        }
    }
    match element {
        "script" if !value("src").starts_with("/static/") || !node.children.borrow().is_empty() => {
            page.wrong.push("a script within the page".to_owned());
        }
        "meta" if !value("http-equiv").is_empty() => {
            let own = value("http-equiv") == "refresh" && value("content").chars().all(|c| c.is_ascii_digit());
            if !own {
                page.wrong.push(format!("a page that leads away: {attributes:?}"));
            }
        }
        "a" => page.links.push(value("href").to_owned()),
        "img" if !value("src").starts_with("data:") => page.links.push(value("src").to_owned()),
        "form" => page.forms.push(Form {
            post: value("method").eq_ignore_ascii_case("post"),
            action: value("action").to_owned(),
            files: value("enctype") == "multipart/form-data",
            fields: Vec::new(),
        }),
        "input" | "textarea" | "select" | "button" => {
            let of_other = value("form");
            let field = field(node, element, attributes);
            if let Some(form) = page.forms.last_mut().filter(|_| of_other.is_empty()) {
                form.fields.push(field);
            }
        }
        _ => {}
    }
}

fn field(node: &Handle, element: &str, attributes: &[(String, String)]) -> Field {
    let value = |name: &str| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let name = value("name").unwrap_or_default();
    let typed = value("type").unwrap_or_else(|| "text".to_owned());
    let (kind, content) = match element {
        "input" => (typed.clone(), value("value").unwrap_or_default()),
        "textarea" => ("textarea".to_owned(), text_of(node)),
        "select" => ("select".to_owned(), chosen(node)),
        _ => ("button".to_owned(), value("value").unwrap_or_default()),
    };
    let sent = match kind.as_str() {
        "radio" | "checkbox" => value("checked").is_some(),
        "button" | "submit" => false,
        _ => value("disabled").is_none(),
    };
    Field { name, kind, value: content, sent }
}

fn text_of(node: &Handle) -> String {
    let parts = node.children.borrow();
    parts
        .iter()
        .map(
            |child| {
                if let NodeData::Text { contents } = &child.data {
                    contents.borrow().to_string()
                } else {
                    text_of(child)
                }
            },
        )
        .collect()
}

/// The option that is selected, or the first with a value.
fn chosen(node: &Handle) -> String {
    let mut options = Vec::new();
    gather(node, &mut options);
    let selected =
        options.iter().find(|(_, selected)| *selected).or_else(|| options.iter().find(|(value, _)| !value.is_empty()));
    selected.map(|(value, _)| value.clone()).unwrap_or_default()
}

fn gather(node: &Handle, options: &mut Vec<(String, bool)>) {
    if let NodeData::Element { name, attrs, .. } = &node.data
        && name.local.to_string() == "option"
    {
        let attrs = attrs.borrow();
        let value = |name: &str| attrs.iter().find(|a| a.name.local.to_string() == name).map(|a| a.value.to_string());
        options.push((value("value").unwrap_or_else(|| text_of(node)), value("selected").is_some()));
    }
    for child in node.children.borrow().iter() {
        gather(child, options);
    }
}

/// Whether an address stays on this site, in a way that no browser reads otherwise.
fn leads_here(address: &str) -> bool {
    let rest =
        address.strip_prefix(PUBLIC).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?'])).unwrap_or(address);
    let inside = rest.is_empty() || rest.starts_with(['#', '?']) || (rest.starts_with('/') && !rest.starts_with("//"));
    inside && !rest.contains('\\') && !rest.chars().any(char::is_control)
}

#[test]
fn each_kind_of_harm_is_found() {
    let harmless = "<!doctype html><html lang=\"en\"><body><p>a &lt;b&gt;</p><a href=\"/go?q=1\">x</a></body></html>";
    assert_eq!(page(harmless).wrong, Vec::<String>::new());
    for harm in [
        "<img src=x onerror=alert(1)>",
        "<img src=x>",
        "<p onclick=\"a()\">",
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" javascript:alert(1)\">x</a>",
        "<a href=\"//evil.example\">x</a>",
        "<a href=\"/\\evil.example\">x</a>",
        "<a href=\"https://mashang.test.evil.example/\">x</a>",
        "<form action=//evil.example>",
        "<meta http-equiv=refresh content=0;//evil.example>",
        "<p style=\"color:red\">",
        "<style>*{}</style>",
        "<iframe src=\"/\"></iframe>",
        "<!-- a -->",
        "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\"><a href=\"data:text/html;base64,PGI+\">x</a>",
        "<hostile-tag>",
        "<p hostile>",
        "<a href=\"tel:1\"></a><base href=\"/x\">",
    ] {
        assert!(!page(&harmless.replace("<p>a", &format!("{harm}<p>a"))).wrong.is_empty(), "{harm}");
    }
    let escaped_twice = format!("<p>{}</p>", corpus::marked(0, 1, 1).replace('<', "&amp;lt;"));
    assert_eq!(page(&escaped_twice).wrong.len(), 1);
    let form = page(
        "<form method=post action=\"/x\"><input name=a><select name=b><option value=\"\"><option value=2></select></form>",
    );
    let fields: Vec<_> =
        form.forms[0].fields.iter().map(|f| (f.name.as_str(), f.kind.as_str(), f.value.as_str())).collect();
    assert_eq!(fields, [("a", "text", ""), ("b", "select", "2")]);
}
