//! Spreadsheets of the old Excel, made byte by byte: one that is read, and those that would cost too much or are locked.

use super::{Office, code};

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a short record");
    [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
}

fn bytes(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn text(row: u16, column: u16, text: &str) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let count = u16::try_from(letters.len()).expect("a short text");
    record(0x0204, &[bytes(&[row, column, 0, count]), vec![1], bytes(&letters)].concat())
}

fn begin(kind: u16) -> Vec<u8> {
    record(0x0809, &bytes(&[0x0600, kind, 0, 0, 0, 0, 0, 0]))
}

fn end() -> Vec<u8> {
    record(0x000A, &[])
}

/// What a sheet says of its size: so many rows, the first column, and the one behind the last.
fn claim(rows: u32, first: u16, last: u16) -> Vec<u8> {
    record(0x0200, &[&0_u32.to_le_bytes()[..], &rows.to_le_bytes(), &bytes(&[first, last, 0])].concat())
}

/// A workbook with one sheet of these cells; `more` comes before the list of sheets.
fn workbook(more: &[u8], claimed: (u32, u16), cells: &[Vec<u8>]) -> Vec<u8> {
    let front = [begin(5), record(0x0042, &bytes(&[1200])), more.to_vec()].concat();
    let name = [6, 0].into_iter().chain(*b"Sheet1").collect::<Vec<u8>>();
    let sheet_at = u32::try_from(front.len() + 4 + 6 + name.len() + end().len()).expect("a place");
    let sheet = record(0x0085, &[&sheet_at.to_le_bytes()[..], &[0, 0], &name].concat());
    [front, sheet, end(), begin(0x10), claim(claimed.0, 0, claimed.1), cells.concat(), end()].concat()
}

/// A compound file with a workbook and a folder or stream of another name.
fn compound(book: &[u8], other: &str) -> Vec<u8> {
    let mut stream = book.to_vec();
    stream.resize(book.len().max(4096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).expect("few sectors");
    let mut head = vec![0; 512];
    head[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    head[24..34].copy_from_slice(&bytes(&[0x3E, 3, 0xFFFE, 9, 6]));
    let numbers = [(44, 1), (48, 1), (56, 4096), (60, u32::MAX - 1), (68, u32::MAX - 1), (76, 0)];
    for (at, number) in numbers {
        head[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    head[80..].fill(0xFF);
    let mut table: Vec<u32> = vec![u32::MAX - 2, u32::MAX - 1];
    table.extend((3..2 + sectors).chain([u32::MAX - 1]));
    assert!(table.len() <= 128, "one sector of the table is enough");
    table.resize(128, u32::MAX);
    let entry = |name: &str, kind: u8, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        let letters: Vec<u16> = name.encode_utf16().collect();
        entry[..letters.len() * 2].copy_from_slice(&bytes(&letters));
        entry[64] = u8::try_from(letters.len() * 2 + 2).expect("a short name");
        entry[66] = kind;
        entry[67] = 1;
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(size).expect("small").to_le_bytes());
        entry
    };
    let folder = [
        entry("Root Entry", 5, u32::MAX - 1, 0),
        entry("Workbook", 2, 2, stream.len()),
        entry(other, 1, 0, 0),
        vec![0; 128],
    ];
    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [head, table, folder.concat(), stream].concat()
}

fn header() -> Vec<Vec<u8>> {
    vec![text(0, 0, "企业名称"), text(0, 1, "统一社会信用代码")]
}

#[tokio::test]
async fn a_spreadsheet_of_the_old_excel_is_read() {
    let mut office = Office::new().await;
    let cells = [header(), vec![text(1, 0, "甲公司"), text(1, 1, &code(1))]].concat();
    let file = compound(&workbook(&[], (2, 2), &cells), "Other");
    let page = office.send("enterprises", "名录.xls", &file).await.location();
    office.browser.get(&page).await.expect(200, "XLS · Sheet1").expect(200, "将新增 1 条");
    office.confirm(&page, &[]).await.location();
    assert_eq!(office.enterprise(1).await.expect("stored").name, "甲公司");
}

#[tokio::test]
async fn merged_cells_and_zeros_in_front_are_read_as_they_are_shown() {
    let mut office = Office::new().await;
    let names = ["姓名", "执法证号", "单位名称", "有效期起"];
    let mut cells: Vec<Vec<u8>> = (0..).zip(names).map(|(column, name)| text(0, column, name)).collect();
    for (row, name) in [(1, "赵六"), (2, "钱七"), (3, "孙八")] {
        cells.extend([text(row, 0, name), text(row, 3, "2024-01-01")]);
    }
    cells.push(text(1, 2, "青禾区消防救援大队"));
    // The second look has the format of zeros: a number, a short one, and one of several in a row.
    let short = |number: u32| (number << 2 | 2).to_le_bytes();
    cells.push(record(0x0203, &[bytes(&[1, 1, 1]), 1001_f64.to_le_bytes().to_vec()].concat()));
    cells.push(record(0x027E, &[bytes(&[2, 1, 1]), short(1002).to_vec()].concat()));
    let several = [bytes(&[3, 1, 1]), short(1003).to_vec(), bytes(&[1])].concat();
    cells.push(record(0x00BD, &several));
    cells.push(record(0x00E5, &bytes(&[1, 1, 3, 2, 2])));
    let zeros = [bytes(&[164, 12]), vec![0], b"000000000000".to_vec()].concat();
    let looks = [bytes(&[0, 0]), bytes(&[0, 164])].map(|look| record(0x00E0, &look)).concat();
    let file = compound(&workbook(&[record(0x041E, &zeros), looks].concat(), (4, 4), &cells), "Other");
    let page = office.send("inspectors", "人员.xls", &file).await.location();
    office.confirm(&page, &[]).await.location();
    let app = &office.world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let stored =
        mashang::storage::registries::load(&mut tx, app.service.settings.zone).await.expect("registries").inspectors;
    for (number, name) in [("000000001001", "赵六"), ("000000001002", "钱七"), ("000000001003", "孙八")] {
        assert_eq!(stored[number].name, name);
    }
}

#[tokio::test]
async fn what_a_part_within_a_sheet_holds_is_neither_read_nor_counted() {
    let mut office = Office::new().await;
    // A chart with one of its own in it: both claim much, and have a cell far away.
    let much = [claim(u32::MAX, 0, 255), text(65_535, 255, "远")].concat();
    let chart = [begin(0x20), much.clone(), begin(0x20), much.clone(), end(), much, end()].concat();
    let cells = [header(), vec![chart], vec![text(1, 0, "甲公司"), text(1, 1, &code(1))]].concat();
    let file = compound(&workbook(&[], (2, 2), &cells), "Other");
    let page = office.send("enterprises", "名录.xls", &file).await.location();
    office.browser.get(&page).await.expect(200, "将新增 1 条");
}

#[tokio::test]
async fn locked_ones_macros_and_bombs_are_refused_before_they_are_read() {
    let mut office = Office::new().await;
    let far = [header(), vec![text(65_535, 255, "远")]].concat();
    // One text of 8,000 letters, which 3,000 cells share.
    let letters = vec![b'x'; 8_000];
    let shared = [&1_u32.to_le_bytes()[..], &1_u32.to_le_bytes(), &8_000_u16.to_le_bytes(), &[0], &letters].concat();
    let sharing: Vec<Vec<u8>> = (0..3_000).map(|row| record(0x00FD, &bytes(&[row, 0, 0, 0, 0]))).collect();
    let sheet = |more: Vec<u8>| compound(&workbook(&[], (2, 2), &[header(), vec![more]].concat()), "Other");
    let short_claim = record(0x0200, &bytes(&[0, u16::MAX, 0, 255, 0]));
    let behind_a_chart = [begin(0x20), end(), claim(u32::MAX, 0, 255)].concat();
    // Two numbers in a row, from column 65,535 to column 0.
    let around = record(0x00BD, &bytes(&[0, u16::MAX, 0, 0, 0, 0, 0, 0, 0]));
    let without_formula = record(0x0207, &[1, 0, 0, b'x']);
    let cases = [
        ("password", compound(&workbook(&record(0x002F, &bytes(&[1, 1, 1])), (2, 2), &header()), "Other"), "设了密码"),
        ("new with password", compound(&workbook(&[], (2, 2), &header()), "EncryptedPackage"), "设了密码"),
        ("macros", compound(&workbook(&[], (2, 2), &header()), "_VBA_PROJECT_CUR"), "带有宏"),
        ("far apart", compound(&workbook(&[], (2, 2), &far), "Other"), "单元格太多"),
        ("claims", compound(&workbook(&[], (u32::MAX, 255), &header()), "Other"), "单元格太多"),
        ("claims from behind the last column", sheet(claim(65_536, 200, 100)), "单元格太多"),
        ("claims from far to the right", sheet(claim(65_536, 256, 300)), "单元格太多"),
        ("claims in short", sheet(short_claim), "单元格太多"),
        ("claims behind a chart", sheet(behind_a_chart), "单元格太多"),
        ("claims of another length", sheet(record(0x0200, &[0; 12])), "这个文件坏了"),
        ("around the end of a row", sheet(around), "这个文件坏了"),
        ("a text of no formula", sheet(without_formula), "这个文件坏了"),
        ("shared text", compound(&workbook(&record(0x00FC, &shared), (2, 2), &sharing), "Other"), "单元格太多"),
    ];
    for (name, file, words) in cases {
        let answer = office.send("enterprises", "a.xls", &file).await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.text().contains(words), "{name}: “{words}” is not in\n{}", answer.text());
    }
}
