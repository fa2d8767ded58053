//! Codes are read by an independent decoder (rqrr), at their own size and scaled to what is printed.

use super::{Medium, QUIET, png, svg};
use image::GrayImage;
use image::imageops::{FilterType, resize};

const LINK: &str = "https://bb.qinghe.gov.cn/e/7K3M9PQRXYZ2A";
const MEDIA: [Medium; 3] = [Medium::Screen, Medium::Paper, Medium::Outdoor];

fn read(image: GrayImage) -> Vec<String> {
    let mut prepared = rqrr::PreparedImage::prepare(image);
    prepared.detect_grids().into_iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn image(medium: Medium, pixels: usize) -> GrayImage {
    let bytes = png(LINK, medium, pixels).expect("a code");
    image::load_from_memory(&bytes).expect("a picture").to_luma8()
}

#[test]
fn every_medium_is_read_back_at_its_own_size() {
    for medium in MEDIA {
        for pixels in [3, 8, 20] {
            assert_eq!(read(image(medium, pixels)), [LINK], "{medium:?} at {pixels}");
        }
    }
}

#[test]
fn a_code_printed_at_30_mm_and_300_dpi_is_read_back() {
    // 30 mm at 300 dpi are 354 pixels; a printer's scaling is not a whole number of pixels a module.
    for medium in MEDIA {
        for filter in [FilterType::Nearest, FilterType::Triangle, FilterType::CatmullRom] {
            let scaled = resize(&image(medium, 20), 354, 354, filter);
            assert_eq!(read(scaled), [LINK], "{medium:?} {filter:?}");
        }
    }
}

#[test]
fn a_damaged_code_on_paper_is_read_back() {
    let mut image = image(Medium::Paper, 8);
    let (width, height) = image.dimensions();
    // A stain of about 4 % of the code, away from the three corners that find it.
    for (x, y) in (0..width / 5).flat_map(|x| (0..height / 5).map(move |y| (x, y))) {
        image.put_pixel(width / 2 + x, height / 2 + y, image::Luma([255]));
    }
    assert_eq!(read(image), [LINK]);
}

#[test]
fn the_quiet_zone_is_white() {
    let image = image(Medium::Paper, 5);
    let (width, height) = image.dimensions();
    let edge = u32::try_from(QUIET).expect("small") * 5;
    for (x, y, pixel) in image.enumerate_pixels() {
        if x < edge || y < edge || x >= width - edge || y >= height - edge {
            assert_eq!(pixel.0, [255], "{x},{y}");
        }
    }
}

#[test]
fn the_vector_draws_the_same_modules_as_the_image() {
    for medium in MEDIA {
        let svg = svg(LINK, medium).expect("a code");
        let image = image(medium, 1);
        let mut drawn = GrayImage::from_pixel(image.width(), image.height(), image::Luma([255]));
        let path = svg.split("<path d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
        for run in path.split('M').filter(|run| !run.is_empty()) {
            let numbers: Vec<u32> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().expect("a number"))
                .collect();
            for x in numbers[0]..numbers[0] + numbers[2] {
                drawn.put_pixel(x, numbers[1], image::Luma([0]));
            }
        }
        assert!(drawn == image, "{medium:?}");
        assert!(!svg.contains("script") && svg.starts_with("<svg"));
    }
}

#[test]
fn a_text_that_no_code_can_hold_is_an_error() {
    assert!(svg(&"x".repeat(5000), Medium::Screen).is_err());
    assert!(png(&"x".repeat(5000), Medium::Outdoor, 4).is_err());
}
