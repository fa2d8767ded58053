//! The records of a workbook of the old Excel (MS-XLS, BIFF).

/// The end of a part.
pub const END: u16 = 0x000A;
/// A formula with the number that it gave.
pub const FORMULA: u16 = 0x0006;
/// A sheet's name and where it lies.
pub const SHEET: u16 = 0x0085;
/// The beginning of a part.
const BEGIN: u16 = 0x0809;

/// The records one after another: kind and bytes.
#[derive(Debug)]
pub struct Records<'a>(pub &'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16::from_le_bytes(self.0.get(..2)?.try_into().ok()?);
        let length = usize::from(u16::from_le_bytes(self.0.get(2..4)?.try_into().ok()?));
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

/// A number of two bytes.
pub fn short(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?)))
}

/// A number of four bytes.
pub fn long(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// The records of a sheet itself up to its end, as the reader takes them: not those of the parts that are nested in it, such as charts.
pub fn own(sheet: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let (mut begun, mut nested) = (false, 0_usize);
    Records(sheet)
        .map_while(move |(kind, data)| match (kind, nested) {
            (END, 0) => None,
            (END, _) => {
                nested -= 1;
                Some(None)
            }
            (BEGIN, _) => {
                nested += usize::from(begun);
                begun = true;
                Some(None)
            }
            (_, 0) => Some(Some((kind, data))),
            _ => Some(None),
        })
        .flatten()
}
