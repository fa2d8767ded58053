//! Quotation marks of a CSV text that no writer makes. A reader takes them as well as it can, and rows are lost in a cell without a word.

use super::problem::Problem;
use crate::domain::import::Separator;

/// Where a character stands.
#[derive(Clone, Copy)]
enum At {
    /// At the beginning of a field.
    Start,
    /// Within a field without quotation marks around it.
    Plain,
    /// Within a quoted field.
    Quoted,
    /// Behind a mark within a quoted field: it ends it, unless another follows.
    Mark,
    /// Behind a quoted field and white space.
    Behind,
}

/// A row of the table, as far as it was read: which may be several lines of the text.
#[derive(Default)]
struct Row {
    fields: usize,
    /// The separators of this line of it, whatever they separate.
    here: usize,
    /// The line in which the field opened that goes on in the next.
    opened: Option<u32>,
    /// Whether each line before this one has as many separators as a row of the table.
    alike: bool,
    /// Whether another field follows the one of several lines.
    followed: bool,
}

impl Row {
    const fn new() -> Self {
        Self { fields: 1, here: 0, opened: None, alike: true, followed: false }
    }

    /// The line from which on a quoted field swallowed whole rows: each of its lines would be one by itself. In a row of two fields the last
    /// may well be of such lines, as addresses with commas between them are.
    fn swallowed(&self, width: usize) -> Option<u32> {
        let whole = self.alike && self.here + 1 == width;
        self.opened.filter(|_| whole && (width > 2 || (width == 2 && self.followed)))
    }
}

/// Checks that every quoted field ends before a separator or the end of its row, and that none swallows rows.
///
/// # Errors
/// A mark that opens and never closes, or words behind the one that closes, with their line.
pub fn check(text: &str, separator: Separator) -> Result<(), Problem> {
    let open = |line: u32| Problem::new("quote").with("line", line);
    let (mut at, mut row, mut width) = (At::Start, Row::new(), 0);
    let (mut line, mut opened, mut before) = (1_u32, 1_u32, 0_u8);
    for byte in text.bytes() {
        let second_of_an_end = before == b'\r' && byte == b'\n';
        before = byte;
        if second_of_an_end {
            continue;
        }
        let ends = matches!(byte, b'\r' | b'\n');
        if byte == separator.byte() {
            row.here += 1;
        }
        at = match at {
            At::Quoted if byte == b'"' => At::Mark,
            At::Quoted => {
                if ends {
                    row.alike &= row.here + 1 == width;
                    row.here = 0;
                    row.opened = row.opened.or(Some(opened));
                }
                At::Quoted
            }
            _ if ends => {
                if let Some(line) = row.swallowed(width) {
                    return Err(open(line));
                }
                width = width.max(row.fields);
                row = Row::new();
                At::Start
            }
            _ if byte == separator.byte() => {
                row.fields += 1;
                row.followed |= row.opened.is_some();
                At::Start
            }
            At::Start if byte == b'"' => {
                opened = line;
                At::Quoted
            }
            At::Start | At::Plain => At::Plain,
            At::Mark if byte == b'"' => At::Quoted,
            At::Mark | At::Behind if matches!(byte, b' ' | b'\t') => At::Behind,
            At::Mark | At::Behind if opened < line => return Err(open(opened)),
            At::Mark | At::Behind => return Err(Problem::new("quote-text").with("line", line)),
        };
        line += u32::from(ends);
    }
    match (at, row.swallowed(width)) {
        (At::Quoted, _) => Err(open(opened)),
        (_, Some(line)) => Err(open(line)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::domain::import::Separator;
    use crate::i18n::Lang;

    fn fault(text: &str) -> Option<(&'static str, String)> {
        let problem = check(text, Separator::Comma).err()?;
        let words = problem.reason(Lang::Zh);
        Some((problem.code, words.split(' ').nth(1).expect("a line").to_owned()))
    }

    #[test]
    fn marks_as_writers_make_them_are_fine() {
        for text in [
            "",
            "a,b\n",
            "\"a\",\"b\"\r\n\"c\",\"d\"",
            "a,b,c\n\"x\ny\",\"1\r\n2\",\"\"\n",
            "a,b\n\"say \"\"yes\"\"\",1\n\"\"\"x\"\" y\",2\n",
            "a,b\n3\" 管,=\"9150\"\n",
            "a,b\n\"x\" ,\"y\"\t\n",
            "\"a\nb\",\"c\nd\"\n\"e\nf\",g\n",
            "单位,邮箱\n甲局,\"a@x.example\nb@x.example,c@x.example\"\n",
            "a,b,c\n1,2,\"路1号,\n二楼\"\n",
            "a\n\"x\ny\"\n",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn rows_that_two_stray_marks_would_swallow_are_named_by_the_line_of_the_first() {
        let at = |line: &str| Some(("quote", line.to_owned()));
        assert_eq!(fault("a,b\n\"乙,1\n\"丁,2\n"), at("2"));
        assert_eq!(fault("a,b,c\r\n甲,1,x\r\n乙,1,\"路1号\r\n丁,2,\"路2号\r\n"), at("3"));
        assert_eq!(fault("a,b,c\n乙,1,\"路1号\n丙,3,路3号\n丁,2,路2号\"\n"), at("2"));
        assert_eq!(fault("a,b\n\"乙,1\n丁\",2\n"), at("2"));
        assert_eq!(fault("a,b\nx,\"y\nz,1\n"), at("2"));
        assert_eq!(fault("a,b\nx,\"y"), at("2"));
    }

    #[test]
    fn words_behind_a_quoted_field_are_named_by_their_line() {
        assert_eq!(fault("a,b\n\n\"甲\"路,1\n"), Some(("quote-text", "3".to_owned())));
        assert_eq!(fault("a,b\n1,\"甲\" 路\n"), Some(("quote-text", "2".to_owned())));
    }
}
