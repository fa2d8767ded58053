//! Breaking text into lines and fitting it into a box: Chinese breaks between any two characters but not before a closing mark nor after an
//! opening one, other scripts break at spaces, and a word longer than a line breaks anywhere.

use super::font::{Font, MM_PER_PT};

/// Marks that do not begin a line.
const NEVER_FIRST: &str = "，。、；：？！）】》〉」』”’…—·,.;:?!)]}%％℃";

/// Marks that do not end a line.
const NEVER_LAST: &str = "（【《〈「『“‘([{￥¥";

/// Distance of two baselines in sizes.
pub const LEADING: f32 = 1.35;

/// Lines of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// The lines, without spaces at their ends.
    pub lines: Vec<String>,
    /// The size in points.
    pub size: f32,
}

impl Lines {
    /// The distance of two baselines in millimetres.
    #[must_use]
    pub fn step(&self) -> f32 {
        self.size * LEADING * MM_PER_PT
    }

    /// The height of all lines in millimetres.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|_| self.step()).sum()
    }
}

/// A text in lines of at most `width` millimetres at a size in points. A line break in the text is kept.
#[must_use]
pub fn wrap(text: &str, size: f32, width: f32) -> Vec<String> {
    let font = Font::shared();
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            if !line.is_empty() && font.width(&line, size) + font.width(piece.trim_end(), size) > width {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            line.push_str(if line.is_empty() { piece.trim_start() } else { piece });
            while font.width(line.trim_end(), size) > width && line.chars().nth(1).is_some() {
                let cut = cut_at(&line, size, width);
                let rest = line.split_off(cut);
                lines.push(std::mem::replace(&mut line, rest));
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Where a piece that is too long for a line is cut: before the first character that no longer fits, after one at least.
fn cut_at(line: &str, size: f32, width: f32) -> usize {
    let font = Font::shared();
    let ends = line.char_indices().map(|(at, c)| at + c.len_utf8());
    let first = line.chars().next().map_or(0, char::len_utf8);
    ends.take_while(|end| font.width(&line[..*end], size) <= width).last().unwrap_or(first)
}

/// The largest size from `largest` down to `smallest` points at which a text fits into `width` by `height` millimetres, in lines of
/// about equal length. At the smallest size what does not fit is cut off, with `…` in its place.
#[must_use]
pub fn fit(text: &str, (width, height): (f32, f32), (largest, smallest): (f32, f32)) -> Lines {
    let mut size = largest;
    loop {
        let fitted = Lines { lines: wrap(text, size, width), size };
        if fitted.height() <= height && unbroken(&fitted.lines, text) {
            return Lines { lines: balanced(text, size, width, fitted.lines.len()), size };
        }
        if size <= smallest {
            return cut_off(fitted, width, height);
        }
        size = (size - (size * 0.04).max(0.25)).max(smallest);
    }
}

/// One line at the largest size at which it fits, in points, never below `smallest`.
#[must_use]
pub fn fit_line(text: &str, width: f32, (largest, smallest): (f32, f32)) -> f32 {
    let wide = Font::shared().width(text, largest);
    if wide <= width { largest } else { (largest * width / wide).max(smallest) }
}

/// Whether no word was broken inside.
fn unbroken(lines: &[String], text: &str) -> bool {
    let pieces = pieces(text).len();
    lines.iter().map(|line| self::pieces(line).len()).sum::<usize>() <= pieces
}

/// The same number of lines with the shortest longest line.
fn balanced(text: &str, size: f32, width: f32, count: usize) -> Vec<String> {
    let (mut low, mut high) = (0.0, width);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        let lines = wrap(text, size, middle);
        if lines.len() <= count && unbroken(&lines, text) {
            high = middle;
        } else {
            low = middle;
        }
    }
    wrap(text, size, high)
}

fn cut_off(mut fitted: Lines, width: f32, height: f32) -> Lines {
    let font = Font::shared();
    let step = fitted.step();
    let mut shown = 0.0;
    let whole = fitted.lines.len();
    fitted.lines.retain(|_| {
        shown += step;
        shown <= height || shown <= step
    });
    if fitted.lines.len() < whole
        && let Some(last) = fitted.lines.last_mut()
    {
        while !last.is_empty() && font.width(last, fitted.size) + font.width("…", fitted.size) > width {
            last.pop();
        }
        last.push('…');
    }
    fitted
}

/// A paragraph in pieces between which a line may break. Spaces stay at the end of their piece.
fn pieces(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        if previous.is_some_and(|p| breaks(p, c)) {
            cuts.push(at);
        }
        previous = Some(c);
    }
    cuts.push(text.len());
    cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).filter(|piece| !piece.is_empty()).collect()
}

/// Whether a line may break between two characters.
fn breaks(before: char, after: char) -> bool {
    if after.is_whitespace() || NEVER_FIRST.contains(after) || NEVER_LAST.contains(before) {
        return false;
    }
    before.is_whitespace() || wide(before) || wide(after)
}

/// Whether a character is of a script without spaces.
fn wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
