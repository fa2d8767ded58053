//! Taking out of a PDF file what it says of its makers: author, program, times, hidden earlier versions. Its pages stay what they are.

use super::jpeg;
use super::{MOST_UNPACKED, check};
use flate2::read::ZlibDecoder;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};
use std::collections::BTreeSet;
use std::io::Read as _;

/// Entries that any object may have and that tell of makers, programs and times; `Perms` and `DSS` go with signatures, which do not survive that
/// a file is written anew.
const TELLING: [&[u8]; 6] = [b"Metadata", b"PieceInfo", b"LastModified", b"CreatorInfo", b"Perms", b"DSS"];

/// Entries of a note on a page: who wrote it and when.
const OF_NOTES: [&[u8]; 4] = [b"T", b"M", b"CreationDate", b"NM"];

/// Writes the file anew from what its pages need: no document information, no XMP, no names on notes, no signatures, nothing about the camera in
/// its photographs, and nothing that nothing refers to, so no earlier version either.
///
/// # Errors
/// `pdf_broken` when it cannot be read as a PDF with pages; otherwise as [`check`], which looks through the result as well.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    check(bytes)?;
    let most = usize::try_from(MOST_UNPACKED).unwrap_or(usize::MAX);
    let options = LoadOptions::with_max_decompressed_size(most);
    let mut document = Document::load_mem_with_options(bytes, options).map_err(|_| "pdf_broken")?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err("pdf_encrypted");
    }
    let root = document.trailer.get(b"Root").map_err(|_| "pdf_broken")?.clone();
    if document.page_iter().next().is_none() {
        return Err("pdf_broken");
    }
    // The rest of a trailer is about the file as it was: its information, its identity, its earlier versions.
    document.trailer = Dictionary::from_iter([("Root", root)]);
    document.binary_mark = Document::new().binary_mark;
    let signed = |(id, object): (&ObjectId, &Object)| object.as_dict().is_ok_and(is_signature).then_some(*id);
    let signatures: BTreeSet<ObjectId> = document.objects.iter().filter_map(signed).collect();
    for object in document.objects.values_mut() {
        strip(object, &signatures);
    }
    document.prune_objects();
    let mut cleaned = Vec::with_capacity(bytes.len());
    document.save_modern(&mut cleaned).map_err(|_| "pdf_broken")?;
    check(&cleaned)?;
    Ok(cleaned)
}

fn is_signature(dictionary: &Dictionary) -> bool {
    dictionary.has(b"ByteRange")
}

fn strip(object: &mut Object, signatures: &BTreeSet<ObjectId>) {
    match object {
        Object::Array(items) => items.iter_mut().for_each(|item| strip(item, signatures)),
        Object::Dictionary(dictionary) => strip_dictionary(dictionary, signatures),
        Object::Stream(stream) => {
            strip_dictionary(&mut stream.dict, signatures);
            strip_photograph(stream);
        }
        _ => {}
    }
}

fn strip_dictionary(dictionary: &mut Dictionary, signatures: &BTreeSet<ObjectId>) {
    for key in TELLING {
        dictionary.remove(key);
    }
    let kind = dictionary.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    // `T` of a field of a form is its name.
    if dictionary.has(b"Rect") && kind != b"Widget" {
        for key in OF_NOTES {
            dictionary.remove(key);
        }
    }
    let signed = match dictionary.get(b"V") {
        Ok(Object::Reference(id)) => signatures.contains(id),
        Ok(Object::Dictionary(value)) => is_signature(value),
        _ => false,
    };
    if signed {
        dictionary.remove(b"V");
        dictionary.remove(b"Lock");
    }
    dictionary.iter_mut().for_each(|(_, value)| strip(value, signatures));
}

/// A photograph within the file is the camera's own JPEG, with all that it says of place, time and maker.
fn strip_photograph(stream: &mut Stream) {
    let filters: Vec<Vec<u8>> = stream.filters().unwrap_or_default().into_iter().map(<[u8]>::to_vec).collect();
    let photograph = match filters.iter().map(Vec::as_slice).collect::<Vec<_>>().as_slice() {
        [b"DCTDecode" | b"DCT"] => jpeg::pixels(&stream.content),
        [b"FlateDecode" | b"Fl", b"DCTDecode" | b"DCT"] if !stream.dict.has(b"DecodeParms") => {
            let mut unpacked = Vec::new();
            let whole = ZlibDecoder::new(stream.content.as_slice()).take(MOST_UNPACKED).read_to_end(&mut unpacked);
            whole.ok().and_then(|_| jpeg::pixels(&unpacked))
        }
        _ => return,
    };
    if let Some(photograph) = photograph {
        stream.dict.set("Filter", Object::Name(b"DCTDecode".to_vec()));
        stream.set_content(photograph);
    }
}
