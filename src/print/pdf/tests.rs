//! Documents as an independent reader sees them: `pdftotext`, `pdffonts`, `pdfinfo` and `pdftoppm`, which `tests/run` installs.

use super::{Align, Color, Document, Page, Picture, Rect, Size, Style};
use crate::print::lines::fit;
use chrono::DateTime;
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use std::path::Path;
use std::process::Command;

/// What a reader prints about a document.
fn ask(tool: &str, options: &[&str], bytes: &[u8], output: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, bytes).expect("written");
    let run = Command::new(tool).args(options).arg(&file).args(output).output().expect("poppler-utils are installed");
    assert!(run.status.success() && run.stderr.is_empty(), "{tool}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("a text")
}

fn document(pages: impl IntoIterator<Item = Page>) -> Document {
    let mut document = Document::new("码牌 · Signs", DateTime::UNIX_EPOCH);
    for page in pages {
        document.push(page);
    }
    document
}

/// The first page as grey pixels at 100 dpi.
fn seen(bytes: &[u8]) -> image::GrayImage {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("page");
    let target = target.to_str().expect("a plain name");
    ask("pdftoppm", &["-r", "100", "-png", "-singlefile"], bytes, &[target]);
    image::open(Path::new(&format!("{target}.png"))).expect("a picture").to_luma8()
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn text_can_be_copied_with_its_rare_characters() {
    let mut page = Page::new(Size::A4);
    page.text((20.0, 30.0), "清河区䶮㙟机械（集团）有限公司", Style::new(18.0).bold());
    page.text_in((20.0, 170.0), 45.0, Align::Right, "Qinghe & Co., Ltd. 7K3M-9PQR-X", Style::new(10.0));
    let bytes = document([page]).finish();
    let text = ask("pdftotext", &["-layout"], &bytes, &["-"]);
    assert!(text.contains("清河区䶮㙟机械（集团）有限公司"), "{text}");
    assert!(text.contains("Qinghe & Co., Ltd. 7K3M-9PQR-X"), "{text}");
    let fonts = ask("pdffonts", &[], &bytes, &[]);
    assert!(fonts.contains("NotoSansSC") && fonts.contains("CID TrueType"), "{fonts}");
    // emb sub uni: embedded, a subset, with meaning.
    assert!(fonts.lines().last().is_some_and(|line| line.contains("yes yes yes")), "{fonts}");
    assert!(bytes.len() < 40_000, "{} bytes for two lines", bytes.len());
}

/// A character that the font lacks is drawn as 〓; a rare one that it has must look like itself, different from that and from each other.
#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn rare_characters_are_drawn_as_themselves_and_not_as_boxes() {
    let drawn = |character: &str| {
        let mut page = Page::new(Size::A5.lying());
        page.text((20.0, 60.0), character, Style::new(96.0));
        let picture = seen(&document([page]).finish());
        let ink = picture.pixels().filter(|pixel| pixel.0[0] < 128).count();
        assert!(ink > 800, "{character}: {ink} dark pixels");
        picture.into_raw()
    };
    let all: Vec<_> = ["䶮", "㙟", "〓", "口"].map(drawn).into_iter().collect();
    for (nth, one) in all.iter().enumerate() {
        for other in &all[..nth] {
            let different = one.iter().zip(other).filter(|(a, b)| a.abs_diff(**b) > 128).count();
            assert!(different > 800, "{nth} looks like another: {different} pixels differ");
        }
    }
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn the_document_says_what_it_is_and_wants_its_own_size() {
    let mut page = Page::new(Size::A5.lying());
    page.fill(Rect::new(0.0, 0.0, 1.0, 1.0), Color::BLACK);
    let bytes = document([page, Page::new(Size::A4)]).finish();
    let info = ask("pdfinfo", &["-isodates"], &bytes, &[]);
    for line in ["码牌 · Signs", "1970-01-01", "Pages:           2", "595.276 x 419.528 pts"] {
        assert!(info.contains(line), "{line} in {info}");
    }
    assert!(String::from_utf8_lossy(&bytes).contains("/PrintScaling /None"));
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let make = || {
        let mut page = Page::new(Size::A4);
        page.text((20.0, 30.0), "同样的内容", Style::new(18.0));
        document([page]).finish()
    };
    assert_eq!(make(), make());
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn things_stand_where_they_were_put() {
    let mut page = Page::new(Size::A4);
    page.fill(Rect::new(25.4, 50.8, 25.4, 12.7), Color::BLACK);
    page.cells(Rect::new(101.6, 50.8, 50.8, 50.8), 2, [(0, 0, 1), (1, 1, 1)]);
    page.line((0.0, 254.0), (210.0, 254.0), 2.54, Color::BLACK);
    let image = seen(&document([page]).finish());
    // An inch is 100 pixels.
    let dark = |x, y| image.get_pixel(x, y).0[0] < 128;
    assert!(dark(105, 205) && dark(195, 245) && !dark(95, 205) && !dark(205, 205) && !dark(105, 255));
    assert!(dark(450, 250) && dark(550, 350) && !dark(550, 250) && !dark(450, 350));
    assert!(dark(10, 1000) && !dark(10, 990) && !dark(10, 1010));
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn a_missing_character_is_reported_and_shown_as_such() {
    let mut page = Page::new(Size::A4);
    page.text((20.0, 30.0), "有😀限", Style::new(18.0));
    assert_eq!(page.missing().iter().collect::<String>(), "😀");
    let document = document([page]);
    assert_eq!(document.missing().iter().collect::<String>(), "😀");
    assert!(ask("pdftotext", &[], &document.finish(), &["-"]).contains("有〓限"));
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn lines_stand_under_each_other() {
    let lines = fit("清河区新材料与高端装备制造产业创新服务综合体", (40.0, 60.0), (14.0, 6.0));
    let mut page = Page::new(Size::A4);
    let end = page.lines((20.0, 40.0), 30.0, Align::Center, &lines, Style::new(1.0));
    assert!(lines.lines.len() > 1 && (end - 30.0 - lines.height()).abs() < 1e-3);
    let text = ask("pdftotext", &["-layout"], &document([page]).finish(), &["-"]);
    assert_eq!(text.split_whitespace().collect::<String>(), lines.lines.concat());
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn a_picture_on_many_pages_is_embedded_once() {
    let pixels: Vec<u8> = (0..100 * 100 * 3_u32).map(|n| u8::try_from(n * 7 % 256).expect("a byte")).collect();
    let (mut png, mut jpeg, mut clear) = (Vec::new(), Vec::new(), Vec::new());
    PngEncoder::new(&mut png).write_image(&pixels, 100, 100, ExtendedColorType::Rgb8).expect("a picture");
    JpegEncoder::new(&mut jpeg).write_image(&pixels, 100, 100, ExtendedColorType::Rgb8).expect("a picture");
    PngEncoder::new(&mut clear).write_image(&[0; 4], 1, 1, ExtendedColorType::Rgba8).expect("a picture");
    let pictures = [&png, &jpeg, &clear].map(|bytes| Picture::read(bytes).expect("a picture"));
    assert_eq!(pictures[1].pixels(), (100, 100));
    let page = || {
        let mut page = Page::new(Size::A4);
        for (picture, x) in pictures.iter().zip([10.0, 60.0, 110.0]) {
            page.picture(Rect::new(x, 10.0, 40.0, 40.0), picture);
        }
        page
    };
    let bytes = document([page(), page(), page()]).finish();
    let list = ask("pdfimages", &["-list"], &bytes, &[]);
    let objects: std::collections::BTreeSet<&str> =
        list.lines().skip(2).filter_map(|line| line.split_whitespace().nth(10)).collect();
    assert_eq!((list.lines().count() - 2, objects.len()), (9, 3), "{list}");
    // What is transparent is white.
    assert_eq!(seen(&bytes).get_pixel(500, 100).0, [255]);
    assert!(Picture::read(b"GIF89a").is_err() && Picture::read(&png[..40]).is_err());
}
