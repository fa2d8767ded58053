//! Reading the cells of one row as values. Every cell that is wrong is noted, so that a file is corrected in one go.

use super::columns::Columns;
use super::problem::{Problem, Rejection};
use super::read_table::{TableRow, typed};
use super::sheet::FORMULA;
use crate::domain::certificate;
use crate::domain::credit_code::{CreditCode, CreditCodeError};
use crate::domain::text::{self, Email, TextError, half_width};
use chrono::NaiveDate;

/// How much of a wrong cell is repeated, in characters.
const SHOWN: usize = 40;
/// What a formula shows that failed.
const FAILED: [&str; 7] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"];
/// What stands for the end of something that has none.
const NO_END: [&str; 12] =
    ["长期", "长期有效", "永久", "永久有效", "无固定期限", "至今", "无", "/", "-", "--", "—", "——"];
/// The last day that a spreadsheet knows, which stands for no end.
const LAST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(9999, 12, 31);
/// What separates several values in one cell.
const SEPARATORS: &[char] = &['、', ';', '；', ',', '，', '|', '/', '\n'];

/// Reads one row. An optional column that the file does not have is `None`: what is stored stays as it is.
#[derive(Debug)]
pub struct RowReader<'a> {
    columns: &'a Columns,
    row: &'a TableRow,
    rejections: Vec<Rejection>,
}

impl<'a> RowReader<'a> {
    /// A reader of a row. A row with more filled cells than the header has is wrong: a separator too many moves all others. So is a formula
    /// without a value, whatever the column holds.
    #[must_use]
    pub fn new(columns: &'a Columns, row: &'a TableRow) -> Self {
        let mut reader = Self { columns, row, rejections: Vec::new() };
        if let Some(extra) = row.apart().skip(columns.width).find(|cell| !cell.trim().is_empty()) {
            let problem = Problem::new("extra-cells").with("width", columns.width).hint("quote-commas");
            reader.rejections.push(rejection(row.number, "", extra, problem));
        }
        for column in 0..columns.count() {
            if reader.cell(column).is_some_and(|cell| FAILED.contains(&cell) || cell.starts_with(FORMULA)) {
                reader.reject(column, Problem::new("formula"));
            }
        }
        reader
    }

    /// The number of the row.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.row.number
    }

    /// `value` if every cell that was read is fine, else what is wrong.
    ///
    /// # Errors
    /// The rejections of the row.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Rejection>> {
        match value {
            Some(value) if self.rejections.is_empty() => Ok(value),
            _ => Err(self.rejections),
        }
    }

    /// Notes that a column of this row is wrong; of a formula without a value nothing else is.
    pub fn reject(&mut self, column: usize, problem: Problem) {
        let header = self.columns.header(column);
        if !self.rejections.iter().any(|known| known.column == header && known.problem.code == "formula") {
            let value = self.columns.cell(self.row, column).unwrap_or_default();
            self.rejections.push(rejection(self.row.number, header, value, problem));
        }
    }

    fn cell(&self, column: usize) -> Option<&'a str> {
        self.columns.cell(self.row, column).map(typed)
    }

    fn note<T>(&mut self, column: usize, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.reject(column, problem)).ok()
    }

    /// A text that must be there.
    pub fn line(&mut self, column: usize, max: usize) -> Option<String> {
        let text = self.cell(column).unwrap_or_default();
        self.note(column, line(text, max))
    }

    /// A text that may be empty.
    pub fn optional_line(&mut self, column: usize, max: usize) -> Option<String> {
        let text = self.cell(column)?;
        if text.is_empty() { Some(String::new()) } else { self.note(column, line(text, max)) }
    }

    /// Several short texts in one cell, without repetitions.
    pub fn list(&mut self, column: usize, max: usize) -> Option<Vec<String>> {
        let mut all: Vec<String> = Vec::new();
        for part in self.cell(column)?.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty()) {
            let part = self.note(column, line(part, max))?;
            if !all.contains(&part) {
                all.push(part);
            }
        }
        Some(all)
    }

    /// Several mail addresses in one cell.
    pub fn emails(&mut self, column: usize) -> Option<Vec<String>> {
        let mut all: Vec<String> = Vec::new();
        let separators: Vec<char> = SEPARATORS.iter().copied().filter(|c| *c != '/').collect();
        let cell = self.cell(column)?;
        for part in cell.split(separators.as_slice()).flat_map(str::split_whitespace) {
            let email = Email::parse(part).map_err(|_| Problem::new("email"));
            let email = self.note(column, email)?.as_str().to_owned();
            if !all.contains(&email) {
                all.push(email);
            }
        }
        Some(all)
    }

    /// A date that must be there.
    pub fn date(&mut self, column: usize) -> Option<NaiveDate> {
        let text = self.cell(column).unwrap_or_default();
        if text.is_empty() {
            return self.note(column, Err(Problem::new("required")));
        }
        self.note(column, date(text))
    }

    /// A date that may be empty; 长期 and the last of all days mean empty, too.
    #[expect(clippy::option_option, reason = "no such column, an empty cell and a value are three answers")]
    pub fn optional_date(&mut self, column: usize) -> Option<Option<NaiveDate>> {
        let text = self.cell(column)?;
        if text.is_empty() || NO_END.contains(&half_width(text).as_str()) || day(text).ok() == LAST_DAY {
            return Some(None);
        }
        self.note(column, date(text)).map(Some)
    }

    /// A unified social credit code.
    pub fn credit_code(&mut self, column: usize) -> Option<String> {
        let text = self.cell(column).unwrap_or_default();
        self.note(column, credit_code(text)).map(|code| code.as_str().to_owned())
    }

    /// The number of a certificate.
    pub fn certificate(&mut self, column: usize) -> Option<String> {
        let text = self.cell(column).unwrap_or_default();
        let result = line(text, certificate::MAX).and_then(|text| {
            if is_scientific(&text) {
                return Err(Problem::new("scientific").hint("text-format"));
            }
            certificate::parse(&text).ok_or_else(|| Problem::new("certificate"))
        });
        self.note(column, result)
    }

    /// Yes or no; empty is no.
    pub fn yes_no(&mut self, column: usize) -> Option<bool> {
        let text = self.cell(column)?.to_lowercase();
        let result = match text.as_str() {
            "" | "否" | "no" | "n" | "false" | "0" | "正常" | "有效" => Ok(false),
            "是" | "yes" | "y" | "true" | "1" | "暂扣" | "停用" | "注销" => Ok(true),
            _ => Err(Problem::new("yes-no")),
        };
        self.note(column, result)
    }

    /// One of a few words, by a function that knows them.
    pub fn word<T>(&mut self, column: usize, parse: impl Fn(&str) -> Option<T>, otherwise: Problem) -> Option<T> {
        let text = self.cell(column).unwrap_or_default();
        let result = if text.is_empty() { Err(Problem::new("required")) } else { parse(text).ok_or(otherwise) };
        self.note(column, result)
    }

    /// One of a few words or nothing.
    #[expect(clippy::option_option, reason = "no such column, an empty cell and a value are three answers")]
    pub fn optional_word<T>(
        &mut self,
        column: usize,
        parse: impl Fn(&str) -> Option<T>,
        otherwise: Problem,
    ) -> Option<Option<T>> {
        let text = self.cell(column)?;
        if text.is_empty() {
            return Some(None);
        }
        self.note(column, parse(text).ok_or(otherwise)).map(Some)
    }
}

/// A rejection of a row that was read already.
#[must_use]
pub fn rejection(row: u32, column: &str, value: &str, problem: Problem) -> Rejection {
    let shown = value.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    Rejection { row, column: column.to_owned(), value: shown.take(SHOWN).collect(), problem }
}

fn line(cell: &str, max: usize) -> Result<String, Problem> {
    // A line break within a cell is a space: spreadsheets have them to make a cell fit.
    let joined = cell.split(['\r', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    text::line(&joined, max).map_err(|error| match error {
        TextError::Empty => Problem::new("required"),
        TextError::TooLong { found, max } => Problem::new("too-long").with("found", found).with("max", max),
        TextError::Control { position } => Problem::new("control").with("position", position),
        TextError::Bidi { position } => Problem::new("bidi").with("position", position),
        TextError::Unreadable { position } => {
            Problem::new("unreadable").with("position", position).hint("save-as-utf8")
        }
    })
}

/// A date as people and spreadsheets write it: 2024-01-31, 2024/1/31, 2024.1.31, 2024年1月31日, 20240131, with or without 00:00.
fn date(cell: &str) -> Result<NaiveDate, Problem> {
    let day = day(cell)?;
    if (1900..=2200).contains(&chrono::Datelike::year(&day)) { Ok(day) } else { Err(no_date()) }
}

fn no_date() -> Problem {
    Problem::new("date").hint("date-form")
}

/// The same of whatever year.
fn day(cell: &str) -> Result<NaiveDate, Problem> {
    let text = half_width(cell);
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let rest = text[day.len()..].trim_start_matches([' ', 'T']);
    if !rest.is_empty() && !rest.starts_with("00:00") && !rest.starts_with("0:00") {
        return Err(no_date());
    }
    let serial = day.parse::<f64>().ok().filter(|_| day.len() == 5);
    if serial.is_some() {
        return Err(Problem::new("date-serial").hint("date-format"));
    }
    let day = if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])
    } else {
        day.replace(['/', '.', '年', '月'], "-").trim_end_matches(['日', '号']).to_owned()
    };
    NaiveDate::parse_from_str(&day, "%Y-%m-%d").map_err(|_| no_date())
}

fn credit_code(cell: &str) -> Result<CreditCode, Problem> {
    if cell.is_empty() {
        return Err(Problem::new("required"));
    }
    if is_scientific(cell) {
        return Err(Problem::new("scientific").hint("text-format"));
    }
    CreditCode::parse(cell).map_err(|error| {
        if is_rounded(cell) {
            return Problem::new("scientific").hint("text-format");
        }
        let suggestion = error.suggestion().cloned();
        let problem = match error {
            CreditCodeError::Length { found: found @ 15 } => {
                Problem::new("code-length").with("found", found).hint("code-15")
            }
            CreditCodeError::Length { found } => Problem::new("code-length").with("found", found),
            CreditCodeError::Letter { position, found, replacement, .. } => {
                let problem = Problem::new("code-letter").with("position", position).with("letter", found);
                match replacement {
                    Some(letter) => problem.hint_with("letter-meant", "value", letter),
                    None => problem,
                }
            }
            CreditCodeError::Check { found, expected, .. } => {
                Problem::new("code-check").with("found", found).with("expected", expected).hint("code-compare")
            }
        };
        match suggestion {
            Some(code) => problem.hint_with("meant", "value", code),
            None => problem,
        }
    })
}

/// Whether a spreadsheet turned a long number into 9.15E+17, or 9E17 where nothing is behind the first digit.
fn is_scientific(cell: &str) -> bool {
    let short = cell.len() == 4 && cell.as_bytes()[1] == b'E' && cell.parse().is_ok_and(|number: f64| number >= 1e15);
    short || (cell.contains(['E', 'e']) && cell.contains(['+', '.']) && cell.parse::<f64>().is_ok())
}

/// Whether a spreadsheet kept fifteen digits of a code: what it put for the others says nothing of what they were.
fn is_rounded(cell: &str) -> bool {
    let plain: String = half_width(cell).chars().filter(|c| !c.is_whitespace()).collect();
    plain.len() == 18 && plain.ends_with("000") && plain.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{credit_code, date};
    use crate::i18n::Lang;
    use chrono::NaiveDate;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let expected = NaiveDate::from_ymd_opt(2024, 1, 31);
        for text in [
            "2024-01-31",
            "2024/1/31",
            "2024.1.31",
            "2024年1月31日",
            "20240131",
            "2024-01-31 00:00:00",
            "２０２４－１－３１",
        ] {
            assert_eq!(date(text).ok(), expected, "{text}");
        }
        for text in ["2024-02-30", "31/01/2024", "45322", "2024-01-31 14:00", "明天", "0024-01-31", "1月31日"] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_that_a_spreadsheet_rounded_is_told_from_a_mistyped_one() {
        assert_eq!(credit_code("9.15001E+17").map_err(|p| p.code).err(), Some("scientific"));
        assert_eq!(credit_code("9E17").map_err(|p| p.code).err(), Some("scientific"));
        let rounded = credit_code("９１５００１０７ 1234567000").expect_err("three digits are lost");
        assert_eq!(rounded.code, "scientific");
        assert!(!rounded.advice(Lang::Zh).expect("advice").contains("是不是"), "nothing is made up");
        assert_eq!(credit_code("915001071234567001").map_err(|p| p.code).err(), Some("code-check"));
        assert_eq!(credit_code("500107123456789").map_err(|p| p.code).err(), Some("code-length"));
    }
}
