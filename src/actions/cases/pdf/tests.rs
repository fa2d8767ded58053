//! A PDF keeps its pages and loses what it says of its makers.

use super::*;
use image::codecs::jpeg::JpegEncoder;
use lopdf::{Dictionary, Document, IncrementalDocument, Object, Stream, dictionary};

/// What must not be found afterwards.
const SECRETS: [&str; 9] = [
    "Zhang San",
    "WPS Office",
    "PrivateData",
    "Li Si",
    "signed by",
    "GPS 29.56N",
    "Scanner 7",
    "Old Words",
    "20260301",
];

/// A JPEG with what a camera says of itself, and what a maker hides after its end.
fn photograph() -> Vec<u8> {
    let mut plain = Vec::new();
    image::RgbImage::new(16, 8).write_with_encoder(JpegEncoder::new(&mut plain)).expect("drawn");
    let mut bytes = plain[..2].to_vec();
    for (marker, words) in [(0xe1, "Exif\0\0 GPS 29.56N"), (0xfe, "Scanner 7"), (0xe2, "ICC_PROFILE\0 a profile")] {
        bytes.extend_from_slice(&[0xff, marker]);
        bytes.extend_from_slice(&u16::try_from(words.len() + 2).expect("short").to_be_bytes());
        bytes.extend_from_slice(words.as_bytes());
    }
    bytes.extend_from_slice(&plain[2..]);
    bytes.extend_from_slice(b"Scanner 7");
    bytes
}

/// A page with words, a photograph, a note, a signature field; and everything that tells of its makers.
fn document() -> Document {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let picture = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => 16, "Height" => 8, "ColorSpace" => "DeviceRGB",
        "BitsPerComponent" => 8, "Filter" => "DCTDecode",
    };
    let picture = document.add_object(Stream::new(picture, photograph()));
    let words = Stream::new(
        Dictionary::new(),
        b"BT /F1 24 Tf 50 700 Td (Kept Words) Tj ET q 160 0 0 80 50 500 cm /P Do Q".to_vec(),
    );
    let words = document.add_object(words);
    let note = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Rect" => vec![10.into(), 10.into(), 30.into(), 30.into()],
        "Contents" => Object::string_literal("a remark"), "T" => Object::string_literal("Li Si"),
        "M" => Object::string_literal("D:20260301"),
    });
    let signature = document.add_object(dictionary! {
        "Type" => "Sig", "Name" => Object::string_literal("signed by Li Si"),
        "ByteRange" => vec![0.into(), 10.into(), 20.into(), 30.into()],
    });
    let field = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "T" => Object::string_literal("seal"), "V" => signature,
        "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
    });
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => words, "Annots" => vec![note.into(), field.into()],
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => dictionary! { "P" => picture } },
        "PieceInfo" => dictionary! { "Maker" => Object::string_literal("PrivateData") },
    });
    document.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    let xmp = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let xmp = document.add_object(Stream::new(xmp, b"<x:xmpmeta>Zhang San WPS Office</x:xmpmeta>".to_vec()));
    let root = document.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages, "Metadata" => xmp,
        "AcroForm" => dictionary! { "Fields" => vec![field.into()], "SigFlags" => 3 },
    });
    let info = document.add_object(dictionary! {
        "Author" => Object::string_literal("Zhang San"), "Producer" => Object::string_literal("WPS Office"),
    });
    document.add_object(Stream::new(Dictionary::new(), b"Old Words that nothing refers to".to_vec()));
    document.trailer.set("Root", root);
    document.trailer.set("Info", info);
    document
}

fn plainly(document: &mut Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("written");
    bytes
}

/// All that stands in a file, unpacked.
fn unpacked(bytes: &[u8]) -> String {
    let mut document = Document::load_mem(bytes).expect("a PDF");
    document.decompress();
    String::from_utf8_lossy(&plainly(&mut document)).into_owned()
}

#[test]
fn a_pdf_keeps_its_pages_and_loses_what_it_says_of_its_makers() {
    let mut packed = Vec::new();
    document().save_modern(&mut packed).expect("written");
    for sent in [plainly(&mut document()), packed] {
        let before = unpacked(&sent);
        for secret in SECRETS {
            assert!(before.contains(secret), "the test would prove nothing of {secret}");
        }
        let cleaned = clean(&sent).expect("taken");
        let after = unpacked(&cleaned);
        for secret in SECRETS {
            assert!(!after.contains(secret), "{secret} is still there");
        }
        for kept in ["Kept Words", "a remark", "(seal)", "ICC_PROFILE"] {
            assert!(after.contains(kept), "{kept} is gone");
        }
        let read = Document::load_mem(&cleaned).expect("a PDF");
        assert!(!read.trailer.has(b"Info") && read.xref_recovery.is_none());
        assert!(read.objects.values().all(|object| object.as_dict().map_or(true, |d| !d.has(b"Metadata"))));
        assert_eq!(read.extract_text(&[1]).expect("words").trim(), "Kept Words");
        assert_eq!(clean(&cleaned).expect("taken").len(), cleaned.len(), "there is nothing more to take out");
    }
}

#[test]
fn a_version_that_was_replaced_goes() {
    let first = plainly(&mut document());
    let read = Document::load_mem(&first).expect("a PDF");
    let (id, _) =
        read.objects.iter().find(|(_, o)| o.as_stream().is_ok_and(|s| s.content.starts_with(b"BT"))).expect("words");
    let mut second = IncrementalDocument::create_from(first.clone(), read.clone());
    second
        .new_document
        .objects
        .insert(*id, Stream::new(Dictionary::new(), b"BT /F1 24 Tf (New Words) Tj ET".to_vec()).into());
    let mut sent = Vec::new();
    second.save_to(&mut sent).expect("written");
    assert!(String::from_utf8_lossy(&sent).contains("Kept Words"), "the test would prove nothing");
    let after = unpacked(&clean(&sent).expect("taken"));
    assert!(after.contains("New Words") && !after.contains("Kept Words"));
}

#[test]
fn a_photograph_in_a_pdf_keeps_its_pixels() {
    let sent = photograph();
    let kept = jpeg::pixels(&sent).expect("a JPEG");
    assert!(kept.len() < sent.len());
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).expect("a picture").to_rgb8();
    assert_eq!(pixels(&kept), pixels(&sent));
    assert_eq!(jpeg::pixels(&kept).as_deref(), Some(kept.as_slice()));
    for broken in [&sent[..30], &sent[..sent.len() / 2], b"\xff\xd8\xff", b"", b"\xff\xd8\xff\xe1\0\0"] {
        assert_eq!(jpeg::pixels(broken), None);
    }
}
