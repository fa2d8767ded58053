//! A JPEG without the segments that say where, when and with what it was taken. Its pixels are copied, not drawn anew.

/// Start and end of a picture, start of its pixels, a comment, and the segments of applications.
const START: u8 = 0xd8;
const END: u8 = 0xd9;
const PIXELS: u8 = 0xda;
const COMMENT: u8 = 0xfe;
const APPLICATIONS: std::ops::RangeInclusive<u8> = 0xe0..=0xef;

/// The same picture with only what its pixels need: the frame (JFIF), the colour profile, Adobe's colour transform. What follows its end, such as
/// a second picture, is left out. `None` when it cannot be read as a JPEG.
pub(super) fn pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.strip_prefix(&[0xff, START]).map(|_| vec![0xff, START])?;
    let mut at = 2;
    loop {
        // Any number of fill bytes may stand before a marker.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        if marker == END {
            kept.extend_from_slice(&[0xff, END]);
            return Some(kept);
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let segment = bytes.get(at..at + 2 + length)?;
        at += segment.len();
        if is_needed(marker, segment.get(4..)?) {
            kept.extend_from_slice(segment);
        }
        if marker == PIXELS {
            let scan = bytes.get(at..)?;
            let length = scan.windows(2).position(|pair| pair[0] == 0xff && ends_scan(pair[1]))?;
            kept.extend_from_slice(&scan[..length]);
            at += length;
        }
    }
}

fn is_needed(marker: u8, content: &[u8]) -> bool {
    match marker {
        COMMENT => false,
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        marker => !APPLICATIONS.contains(&marker),
    }
}

/// Among pixels a 0xff is followed by 0, or by a restart marker, or by more of its kind.
const fn ends_scan(byte: u8) -> bool {
    !matches!(byte, 0x00 | 0xd0..=0xd7 | 0xff)
}
