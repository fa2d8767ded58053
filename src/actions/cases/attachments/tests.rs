//! Pictures lose everything but their pixels; PDF files that would do something are refused.

use super::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::RgbImage;
use lopdf::{Dictionary, Document, Object, dictionary};
use std::io::Write as _;

/// A JPEG of 8 × 4 pixels with an EXIF block: a place, and an orientation that turns it by a quarter.
fn photograph() -> Vec<u8> {
    let mut plain = Cursor::new(Vec::new());
    let picture = RgbImage::from_fn(8, 4, |x, _| image::Rgb([u8::try_from(x * 30).expect("small"), 80, 120]));
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut plain, 90)).expect("drawn");
    let plain = plain.into_inner();
    // TIFF, little endian, one entry: orientation (0x0112) = 6; then words that stand for a place.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 29.5630N 106.5516E Huawei Mate 60");
    let length = u16::try_from(exif.len() + 2).expect("small").to_be_bytes();
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xff, 0xe1]);
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&exif);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}

fn one(name: &str, bytes: &[u8]) -> Result<Attachment, FieldError> {
    check_attachments(vec![(name.to_owned(), bytes.to_vec())]).map(|mut files| files.remove(0))
}

#[test]
fn a_photograph_keeps_its_pixels_and_nothing_else() {
    let sent = photograph();
    assert!(sent.windows(3).any(|window| window == b"GPS"), "the test would prove nothing");
    let kept = one("现场.png", &sent).expect("taken");
    assert_eq!((kept.name.as_str(), kept.media_type), ("现场.jpg", "image/jpeg"), "by its bytes, not its name");
    for secret in [&b"Exif"[..], b"GPS", b"Huawei"] {
        assert!(!kept.bytes.windows(secret.len()).any(|window| window == secret), "{secret:?} is still there");
    }
    let picture = image::load_from_memory(&kept.bytes).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (4, 8), "turned as the camera said");
}

#[test]
fn a_png_loses_its_comments() {
    let mut plain = Cursor::new(Vec::new());
    RgbImage::new(3, 2).write_to(&mut plain, ImageFormat::Png).expect("drawn");
    let mut bytes = plain.into_inner();
    // After the end of the picture anything may follow.
    bytes.extend_from_slice(b"tEXtAuthor\0somebody");
    let kept = one("a", &bytes).expect("taken");
    assert_eq!((kept.name.as_str(), kept.media_type), ("a.png", "image/png"));
    assert!(!kept.bytes.windows(8).any(|window| window == b"somebody"));
}

#[test]
fn what_is_no_picture_and_no_pdf_is_refused_with_its_name() {
    for (bytes, code) in [
        (&b"MZ\x90\0"[..], "kind"),
        (b"GIF89a", "kind"),
        (b"PK\x03\x04", "kind"),
        (b"", "kind"),
        (b"\x89PNG\r\n\x1a\n broken", "picture"),
        (b"\xff\xd8\xff\xe0 broken", "picture"),
    ] {
        let error = one("x.jpg", bytes).expect_err("refused");
        assert_eq!((error.field, error.code, error.hint.as_deref()), ("files", code, Some("x.jpg")));
    }
    let many = vec![("a".to_owned(), Vec::new()); MOST_FILES + 1];
    assert_eq!(check_attachments(many).expect_err("refused").code, "too_many");
    let large = vec![("a".to_owned(), vec![0; ATTACHMENTS_MAX + 1])];
    assert_eq!(check_attachments(large).expect_err("refused").code, "too_large");
}

/// A JPEG whose header says how large it is: grey, and nothing behind the header but a few bytes, so that drawing it fails.
fn said_to_be(width: u16, height: u16) -> Vec<u8> {
    let mut drawn = Cursor::new(Vec::new());
    let picture = image::GrayImage::new(8, 8);
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut drawn, 90)).expect("drawn");
    let mut bytes = drawn.into_inner();
    let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_by_its_header() {
    assert_eq!(pixels(&said_to_be(8192, 6144)), Ok(50_331_648), "what a phone of 50 megapixels makes");
    for (width, height) in [(12_000, 12_000), (9248, 6936), (12_001, 8), (8, 12_001), (65_535, 65_535)] {
        let error = one("全景.jpg", &said_to_be(width, height)).expect_err("refused");
        assert_eq!((error.code, error.hint.as_deref()), ("pixels", Some("全景.jpg")), "{width} × {height}");
    }
    let nine = |width, height| vec![("a.jpg".to_owned(), said_to_be(width, height)); MOST_FILES];
    let together =
        |files: &[(String, Vec<u8>)]| files.iter().map(|(_, bytes)| pixels(bytes).expect("few")).sum::<u64>();
    assert!(together(&nine(4000, 3000)) <= MOST_TOGETHER, "nine photographs of 12 megapixels");
    let many = nine(8192, 6144);
    let error = check_attachments(many).expect_err("refused");
    assert_eq!((error.code, error.hint), ("pixels_together", None));
}

fn file(objects: &str) -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj\n<</Type /Catalog {objects}>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

/// A file whose objects stand in a compressed stream.
fn packed(objects: &str, filter: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(objects.as_bytes()).expect("packed");
    let mut bytes = format!("%PDF-1.7\n2 0 obj\n<</Type /#4fbjStm {filter}>>\nstream\r\n").into_bytes();
    bytes.extend_from_slice(&encoder.finish().expect("packed"));
    bytes.extend_from_slice(b"\r\nendstream\nendobj\n%%EOF\n");
    bytes
}

/// A file with one page, as a program writes it, with these entries in its catalogue.
fn page_with(entries: &Dictionary) -> Document {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    document.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    let mut catalogue = dictionary! { "Type" => "Catalog", "Pages" => pages };
    catalogue.extend(entries);
    let root = document.add_object(catalogue);
    document.trailer.set("Root", root);
    document
}

#[test]
fn a_plain_pdf_is_taken_under_its_name() {
    let link = dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.org") };
    for entries in [
        dictionary! {},
        dictionary! { "Names" => dictionary! {}, "OpenAction" => dictionary! { "S" => "GoTo" } },
        dictionary! { "OpenAction" => link },
    ] {
        let (mut plain, mut packed) = (Vec::new(), Vec::new());
        page_with(&entries).save_to(&mut plain).expect("written");
        page_with(&entries).save_modern(&mut packed).expect("written");
        for bytes in [plain, packed] {
            let kept = one("批复.PDF", &bytes).expect("taken");
            assert_eq!((kept.name.as_str(), kept.media_type), ("批复.pdf", "application/pdf"));
            let read = Document::load_mem(&kept.bytes).expect("a PDF");
            assert_eq!(read.get_pages().len(), 1);
            let root = read.catalog().expect("a catalogue");
            assert!(entries.iter().all(|(name, _)| root.has(name)), "{root:?}");
        }
    }
}

#[test]
fn a_pdf_that_would_do_something_is_refused() {
    let flate = "/Filter /FlateDecode";
    for (bytes, code) in [
        (file("/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), "pdf_active"),
        (file("/OpenAction <</S /J#61vaScript>>"), "pdf_active"),
        (file("/AA <</O <</S /Launch /F (cmd.exe)>>>>"), "pdf_active"),
        (file("/A <</S/SubmitForm>>"), "pdf_active"),
        (file("/AcroForm <</XFA 3 0 R>>"), "pdf_active"),
        (file("/Names <</EmbeddedFiles 3 0 R>>"), "pdf_embedded"),
        (file("/Annots [<</Subtype /FileAttachment>>]"), "pdf_embedded"),
        (file("/Encrypt 4 0 R"), "pdf_encrypted"),
        (packed("<</S /JavaScript>>", flate), "pdf_active"),
        (packed("<</S /Lau#6ech>>", flate), "pdf_active"),
        (packed("<</Type /EmbeddedFile>>", flate), "pdf_embedded"),
        (packed("", "/Filter /LZWDecode"), "pdf_broken"),
        (packed("", "/Filter 9 0 R"), "pdf_broken"),
        (b"%PDF-1.7 cut short".to_vec(), "pdf_broken"),
        (b"%PDF-1.7\nnothing that could be read\n%%EOF\n".to_vec(), "pdf_broken"),
        (file("/Note (no page)"), "pdf_broken"),
    ] {
        assert_eq!(one("a.pdf", &bytes).expect_err("refused").code, code, "{}", String::from_utf8_lossy(&bytes));
    }
    let mut corrupt = packed("<</S /GoTo>>", flate);
    let at = corrupt.windows(7).position(|window| window == b"stream\r").expect("a stream") + 8;
    corrupt[at] ^= 0xff;
    assert_eq!(one("a.pdf", &corrupt).expect_err("refused").code, "pdf_broken");
}

#[test]
fn a_pdf_whose_objects_unpack_to_too_much_is_refused() {
    let much = " ".repeat(17 * 1024 * 1024);
    let mut bytes = packed(&much, "/Filter /FlateDecode");
    let second = packed(&much, "/Filter /FlateDecode");
    bytes.extend_from_slice(&second[b"%PDF-1.7\n".len()..]);
    assert_eq!(one("a.pdf", &bytes).expect_err("refused").code, "pdf_broken");
}
