//! The streams of a compound file (MS-CFB), as far as it takes to look into a spreadsheet of the old Excel before it is opened.

/// Sector numbers from here on are marks, not sectors.
const MARKS: u32 = 0xFFFF_FFFA;
/// Streams below this many bytes lie in the small sectors.
const SMALL: usize = 4096;
/// Bytes of a small sector.
const SMALL_SECTOR: usize = 64;

/// One stream or folder.
#[derive(Debug)]
struct Entry {
    name: String,
    start: u32,
    size: usize,
}

/// A compound file.
#[derive(Debug)]
pub struct Streams<'a> {
    bytes: &'a [u8],
    sector: usize,
    next: Vec<u32>,
    next_small: Vec<u32>,
    entries: Vec<Entry>,
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four))
}

/// Reads the tables of a compound file of at most 7 MB, whose first table names all others. `None` if they make no sense.
pub fn open(bytes: &[u8]) -> Option<Streams<'_>> {
    let sector = match bytes.get(30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let mut streams = Streams { bytes, sector, next: Vec::new(), next_small: Vec::new(), entries: Vec::new() };
    for table in numbers(bytes.get(76..512)?).take_while(|table| *table < MARKS) {
        let more: Vec<u32> = numbers(streams.sector(table)?).collect();
        streams.next.extend(more);
    }
    let folder = streams.chain(number(bytes, 48)?, usize::MAX)?;
    for entry in folder.as_chunks::<128>().0 {
        let letters = usize::from(u16::from_le_bytes([entry[64], entry[65]])).saturating_sub(2).min(64) / 2;
        let units: Vec<u16> =
            entry.as_chunks::<2>().0.iter().take(letters).map(|two| u16::from_le_bytes(*two)).collect();
        let (start, size) = (number(entry, 116)?, usize::try_from(number(entry, 120)?).ok()?);
        streams.entries.push(Entry { name: String::from_utf16_lossy(&units), start, size });
    }
    if number(bytes, 60)? < MARKS {
        streams.next_small = numbers(&streams.chain(number(bytes, 60)?, usize::MAX)?).collect();
    }
    Some(streams)
}

impl Streams<'_> {
    /// Whether there is a stream or folder of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The bytes of a stream.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        if entry.size >= SMALL {
            return self.chain(entry.start, entry.size);
        }
        let small = self.chain(self.entries.first()?.start, usize::MAX)?;
        let mut made = Vec::with_capacity(entry.size);
        let mut at = entry.start;
        while made.len() < entry.size {
            let start = usize::try_from(at).ok()? * SMALL_SECTOR;
            made.extend_from_slice(small.get(start..start + SMALL_SECTOR)?);
            at = *self.next_small.get(usize::try_from(at).ok()?)?;
        }
        made.truncate(entry.size);
        Some(made)
    }

    fn sector(&self, at: u32) -> Option<&[u8]> {
        let start = usize::try_from(at).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The sectors behind each other from `start` on, at most `size` bytes. A chain that is longer than the file goes in a circle.
    fn chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        let (mut made, mut at) = (Vec::new(), start);
        while at < MARKS && made.len() < size {
            made.extend_from_slice(self.sector(at)?);
            if made.len() > self.bytes.len() {
                return None;
            }
            at = *self.next.get(usize::try_from(at).ok()?)?;
        }
        made.truncate(size);
        Some(made)
    }
}
