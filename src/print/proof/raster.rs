//! Drawing a part of a page as grey pixels, with the exact share of each pixel that an area covers.

use crate::print::display::Display;
use crate::print::pdf::Rect;

/// A square of the page, `side` by `side` pixels, white where nothing is drawn.
pub(super) fn draw(display: &Display, part: Rect, side: u16) -> Vec<u8> {
    let pixels_per_mm = f32::from(side) / part.width;
    let width = usize::from(side);
    let mut light = vec![1.0_f32; width * width];
    let mut cover = vec![0.0_f32; width * width];
    let areas = display.areas.iter().map(|area| (area.rects.as_slice(), luminance(area.color)));
    // A line of text is a black box for the code: wherever it stands, a code is not.
    let lines = display.lines.iter().map(|line| (std::slice::from_ref(&line.area), 0.0));
    for (rects, shade) in areas.chain(lines) {
        let mut touched = false;
        for rect in rects.iter().filter(|rect| meets(**rect, part)) {
            touched = true;
            let across = Span::of((rect.x - part.x) * pixels_per_mm, rect.width * pixels_per_mm, side);
            let down = Span::of((rect.y - part.y) * pixels_per_mm, rect.height * pixels_per_mm, side);
            for y in down.pixels() {
                let share = down.share(y);
                let row = &mut cover[usize::from(y) * width..][..width];
                for x in across.pixels() {
                    row[usize::from(x)] += share * across.share(x);
                }
            }
        }
        if touched {
            for (light, cover) in light.iter_mut().zip(&mut cover) {
                let share = cover.min(1.0);
                *light = *light * (1.0 - share) + shade * share;
                *cover = 0.0;
            }
        }
    }
    light.into_iter().map(grey).collect()
}

/// A square turned about its middle, on white, each pixel mixed of the four that it falls on.
pub(super) fn turned(pixels: &[u8], side: u16, degrees: f32) -> Vec<u8> {
    if degrees == 0.0 {
        return pixels.to_vec();
    }
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = f32::from(side) / 2.0 - 0.5;
    let at = |x: f32, y: f32| match (index(x, side), index(y, side)) {
        (Some(x), Some(y)) => f32::from(pixels[y * usize::from(side) + x]) / 255.0,
        _ => 1.0,
    };
    let mixed = |x: u16, y: u16| {
        let (dx, dy) = (f32::from(x) - middle, f32::from(y) - middle);
        let (x, y) = (middle + dx * cos + dy * sin, middle - dx * sin + dy * cos);
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let upper = at(left, top) * (1.0 - right) + at(left + 1.0, top) * right;
        let lower = at(left, top + 1.0) * (1.0 - right) + at(left + 1.0, top + 1.0) * right;
        grey(upper * (1.0 - down) + lower * down)
    };
    (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| mixed(x, y)).collect()
}

/// A whole coordinate as an index, if it is inside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside of the square")]
fn index(at: f32, side: u16) -> Option<usize> {
    (at >= 0.0 && at < f32::from(side)).then_some(at as usize)
}

/// The grey of a colour, from black 0 to white 1.
fn luminance([red, green, blue]: [f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

fn meets(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/// A light between 0 and 1 as a grey.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn grey(light: f32) -> u8 {
    (light.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// The part of a row or column of pixels that a rectangle takes.
struct Span {
    from: f32,
    to: f32,
    first: u16,
    end: u16,
}

impl Span {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to the side before")]
    fn of(from: f32, length: f32, side: u16) -> Self {
        let within = |at: f32| at.clamp(0.0, f32::from(side));
        let (from, to) = (within(from), within(from + length));
        Self { from, to, first: from.floor() as u16, end: to.ceil() as u16 }
    }

    fn pixels(&self) -> std::ops::Range<u16> {
        self.first..self.end
    }

    /// How much of a pixel it covers.
    fn share(&self, pixel: u16) -> f32 {
        (self.to.min(f32::from(pixel) + 1.0) - self.from.max(f32::from(pixel))).max(0.0)
    }
}
