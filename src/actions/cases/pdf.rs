//! Looking through a PDF file: nothing in it may run, send, open something else or hide another file.
//!
//! Names are read as PDF readers do (`#4a` stands for `J`), in the plain part of the file and in its compressed streams alike. What cannot be
//! looked into — an encrypted file, a stream that does not unpack — is refused. What passes is written anew without what it says of its makers.

mod clean;
mod jpeg;

pub use clean::clean;

use flate2::read::ZlibDecoder;
use std::io::Read as _;

/// The most bytes that the streams of objects may unpack to, together.
const MOST_UNPACKED: u64 = 32 * 1024 * 1024;

/// Kinds of actions and contents that make a file do something. What opens them (`OpenAction`, `AA`) is harmless without one of these.
const ACTIVE: [&[u8]; 11] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
    b"RichMedia",
    b"XFA",
    b"Rendition",
    b"Movie",
    b"Sound",
];

/// Names of files within a file.
const EMBEDDED: [&[u8]; 4] = [b"EmbeddedFile", b"EmbeddedFiles", b"FileAttachment", b"Collection"];

/// Whether a PDF file may be kept.
///
/// # Errors
/// `pdf_broken`, `pdf_encrypted`, `pdf_active`, `pdf_embedded`.
fn check(bytes: &[u8]) -> Result<(), &'static str> {
    let tail = bytes.len().saturating_sub(1024);
    let whole = bytes.starts_with(b"%PDF-") && find(&bytes[tail..], b"%%EOF").is_some();
    if !whole {
        return Err("pdf_broken");
    }
    look(bytes)?;
    let mut room = MOST_UNPACKED;
    // Objects may stand in compressed streams: each is unpacked and looked through as well.
    let mut rest = bytes;
    while let Some(at) = find(rest, b"stream") {
        let head = &rest[..at];
        let after = &rest[at + b"stream".len()..];
        rest = after;
        if head.ends_with(b"end") {
            continue;
        }
        let data = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
        let dictionary = &head[rfind(head, b"obj").unwrap_or(0)..];
        if !has(dictionary, b"ObjStm") {
            continue;
        }
        let plain = !has(dictionary, b"Filter") && !has(dictionary, b"F");
        if plain {
            // The plain part was looked through already.
            continue;
        }
        let other =
            [&b"LZWDecode"[..], b"ASCIIHexDecode", b"ASCII85Decode", b"RunLengthDecode", b"Crypt", b"Predictor"];
        if !has(dictionary, b"FlateDecode") || other.iter().any(|name| has(dictionary, name)) {
            return Err("pdf_broken");
        }
        let mut unpacked = Vec::new();
        let read = ZlibDecoder::new(data).take(room).read_to_end(&mut unpacked).map_err(|_| "pdf_broken")?;
        room = room.checked_sub(read as u64).filter(|room| *room > 0).ok_or("pdf_broken")?;
        look(&unpacked)?;
    }
    Ok(())
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    names(bytes).any(|name| name == wanted)
}

fn look(bytes: &[u8]) -> Result<(), &'static str> {
    for name in names(bytes) {
        if name == b"Encrypt" {
            return Err("pdf_encrypted");
        }
        if ACTIVE.contains(&name.as_slice()) {
            return Err("pdf_active");
        }
        if EMBEDDED.contains(&name.as_slice()) {
            return Err("pdf_embedded");
        }
    }
    Ok(())
}

/// The names in a piece of PDF, unescaped.
fn names(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
    starts.map(|start| {
        let mut name = Vec::new();
        let mut at = start;
        while let Some(byte) = bytes.get(at).copied().filter(|byte| is_regular(*byte)) {
            let escaped = (byte == b'#').then(|| bytes.get(at + 1..at + 3)).flatten().and_then(hex);
            at += if escaped.is_some() { 3 } else { 1 };
            name.push(escaped.unwrap_or(byte));
            // No name that matters is longer.
            if name.len() > 32 {
                break;
            }
        }
        name
    })
}

const fn is_regular(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'/' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'%') && byte != 0x7f
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

#[cfg(test)]
mod tests;
