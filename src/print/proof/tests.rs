//! What level Q promises holds for codes drawn from a page: small, turned, blurred, with a tenth of them covered.

use super::{PIXELS, decode, raster};
use crate::domain::sheet::SheetKind;
use crate::domain::sign::UnitKind;
use crate::print::display::Display;
use crate::print::pdf::Rect;
use crate::print::sheet::{Sign, draw};
use image::imageops::{FilterType, blur, resize};
use image::{GrayImage, Luma};

/// A code as it stands on a card, drawn at a resolution that keeps a module larger than six pixels.
fn drawn(kind: SheetKind) -> (GrayImage, Sign) {
    let frame = crate::print::sheet::tests::frame(kind);
    let sign = crate::print::sheet::tests::sign(1, UnitKind::Enterprise, "清河一厂");
    let (page, expected) = draw(&frame, std::slice::from_ref(&sign), 0).expect("drawn");
    let display = Display::read(&page).expect("read");
    let side = 800;
    let pixels = raster::draw(&display, expected[0].code, side);
    (GrayImage::from_raw(side.into(), side.into(), pixels).expect("a square"), sign)
}

fn read(image: &GrayImage) -> Option<String> {
    decode(image.as_raw(), u16::try_from(image.width()).expect("small"))
}

/// The picture turned about its middle on white.
fn turned(image: &GrayImage, degrees: f32) -> GrayImage {
    let side = image.width();
    let middle = f64::from(side) / 2.0;
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    GrayImage::from_fn(side, side, |x, y| {
        let (dx, dy) = (f64::from(x) - middle, f64::from(y) - middle);
        let (from_x, from_y) = (middle + dx * cos + dy * sin, middle - dx * sin + dy * cos);
        let inside = |at: f64| (0.0..f64::from(side) - 1.0).contains(&at);
        if !inside(from_x) || !inside(from_y) {
            return Luma([255]);
        }
        // Nearest pixel: harder than a smooth turn.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside of the picture")]
        let at = (from_x.round() as u32, from_y.round() as u32);
        *image.get_pixel(at.0, at.1)
    })
}

/// A tenth of the code's own area covered by a blot of white or black, away from the corners that find it.
fn covered(image: &GrayImage, tone: u8) -> GrayImage {
    let mut image = image.clone();
    // The code is 33 of 41 modules wide; a tenth of its area is a square of 0.316 of its side.
    let side = image.width() * 33 / 41 * 316 / 1000;
    let (left, top) = (image.width() * 46 / 100, image.width() * 45 / 100);
    for (x, y) in (0..side).flat_map(|x| (0..side).map(move |y| (x, y))) {
        image.put_pixel(left + x, top + y, Luma([tone]));
    }
    image
}

#[test]
fn a_code_of_25_mm_at_200_dpi_turned_and_blurred_is_read() {
    for kind in [SheetKind::Poster, SheetKind::Card, SheetKind::L7160] {
        let (image, sign) = drawn(kind);
        // 25 mm of code with its quiet zone are 31 mm: 245 pixels at 200 dpi.
        let small = resize(&image, 245, 245, FilterType::Triangle);
        for (what, picture) in [
            ("small", small.clone()),
            ("turned", turned(&small, 10.0)),
            ("blurred", blur(&small, 1.2)),
            ("turned and blurred", blur(&turned(&small, 10.0), 1.0)),
        ] {
            assert_eq!(read(&picture).as_deref(), Some(sign.link.as_str()), "{kind} {what}");
        }
    }
}

#[test]
fn a_tenth_covered_in_the_middle_is_read_back() {
    let (image, sign) = drawn(SheetKind::Card);
    let small = resize(&image, 245, 245, FilterType::Triangle);
    for tone in [0, 255] {
        assert_eq!(read(&covered(&small, tone)).as_deref(), Some(sign.link.as_str()), "{tone}");
        assert_eq!(
            read(&blur(&turned(&covered(&small, tone), 10.0), 0.8)).as_deref(),
            Some(sign.link.as_str()),
            "{tone}"
        );
    }
    // Half of it covered is more than any level promises: the decoder says nothing rather than something else.
    let mut half = small;
    for (x, y) in (0..245).flat_map(|x| (60..245).map(move |y| (x, y))) {
        half.put_pixel(x, y, Luma([255]));
    }
    assert_eq!(read(&half), None);
}

#[test]
fn pixels_are_shares_of_what_covers_them() {
    let mut page = crate::print::pdf::Page::new(crate::print::pdf::Size::A4);
    page.cells(Rect::new(10.0, 10.0, 10.0, 10.0), 2, [(0, 0, 1), (1, 1, 1)]);
    let display = Display::read(&page).expect("read");
    let pixels = raster::draw(&display, Rect::new(10.0, 10.0, 10.0, 10.0), 4);
    let near = |at: usize, grey: u8| pixels[at].abs_diff(grey) <= 1;
    assert!(near(0, 0) && near(5, 0) && near(2, 255) && near(8, 255) && near(10, 0));
    let shifted = raster::draw(&display, Rect::new(8.75, 10.0, 10.0, 10.0), 4);
    assert!(shifted[0].abs_diff(128) <= 1 && shifted[1] <= 1, "{shifted:?}");
    assert_eq!(
        raster::draw(&display, Rect::new(100.0, 100.0, 20.0, 20.0), PIXELS),
        vec![255; usize::from(PIXELS).pow(2)]
    );
}

#[test]
fn a_code_that_is_missed_when_held_straight_is_read_when_turned() {
    // Each has an inside that the decoder takes for a corner, until it is turned by 7 or by −11 degrees.
    for token in ["GB4FPT5Q7WFN9", "Z38CC5SMWAAVH", "TD46PQ9T3TRF2", "FKWQ6F5SC2P83"] {
        let frame = crate::print::sheet::tests::frame(SheetKind::Card);
        let mut sign = crate::print::sheet::tests::sign(1, UnitKind::Enterprise, "清河一厂");
        sign.link = format!("https://bb.qinghe.gov.cn/e/{token}");
        let (page, expected) = draw(&frame, std::slice::from_ref(&sign), 0).expect("drawn");
        let display = Display::read(&page).expect("read");
        assert_eq!(
            decode(&raster::draw(&display, expected[0].code, PIXELS), PIXELS),
            None,
            "{token}: no longer missed"
        );
        assert_eq!(super::check(&page, &expected), Ok(()), "{token}");
    }
}
