//! A page as SVG for a screen: the same areas, and text in the reader's own fonts at the places and widths of the printed ones.

use super::display::Display;
use super::pdf::Page;
use std::fmt::Write as _;

/// A page as an SVG picture.
///
/// # Errors
/// The command of the page that cannot be read.
pub fn svg(page: &Page) -> Result<String, String> {
    let display = Display::read(page)?;
    let size = page.size();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}mm\" height=\"{1}mm\" \
         font-family=\"'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif\"><rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>",
        size.width, size.height
    );
    // Writing into a text cannot fail.
    for area in &display.areas {
        let _ = write!(out, "<path fill=\"{}\" d=\"", color(area.color));
        for rect in &area.rects {
            let _ =
                write!(out, "M{:.3} {:.3}h{:.3}v{:.3}h-{:.3}z", rect.x, rect.y, rect.width, rect.height, rect.width);
        }
        out.push_str("\"/>");
    }
    for line in &display.lines {
        let weight = if line.bold { " font-weight=\"700\"" } else { "" };
        let _ = write!(
            out,
            "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{:.2}\" textLength=\"{:.2}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{weight}>",
            line.at.0,
            line.at.1,
            line.size,
            line.area.width,
            color(line.color)
        );
        for c in line.text.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '&' => out.push_str("&amp;"),
                // Otherwise `]]>` in a name would make the whole picture unreadable.
                '>' => out.push_str("&gt;"),
                c => out.push(c),
            }
        }
        out.push_str("</text>");
    }
    out.push_str("</svg>");
    Ok(out)
}

fn color(parts: [f32; 3]) -> String {
    let [red, green, blue] = parts.map(|part| part * 100.0);
    format!("rgb({red:.1}% {green:.1}% {blue:.1}%)")
}
