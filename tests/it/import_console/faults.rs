//! Files that are not taken, each refused in words; rows of every kind of fault.

use super::{HEADER, Office, code, row};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        archive.start_file(*name, options).expect("a part");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

/// An archive whose directory says that its part is small, while it unpacks to more.
fn liar() -> Vec<u8> {
    let blank = vec![b' '; 45 << 20];
    let mut bytes = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/a.xml", &blank)]);
    let size = u32::try_from(blank.len()).expect("a size").to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|four| four == size) {
        bytes[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
    }
    bytes
}

#[tokio::test]
async fn what_is_no_table_is_refused_in_words_that_say_what_to_do() {
    let mut office = Office::new().await;
    let blank = vec![b' '; 45 << 20];
    let compound = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 600]].concat();
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let million = |width: usize| format!("{}\n", ",".repeat(width - 1)).repeat(1_000_000 / width);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty.csv", Vec::new(), "没有内容"),
        ("header.csv", HEADER.into(), "只有表头，没有数据"),
        ("a.csv", b"%PDF-1.7\n1 0 obj".to_vec(), "不是可以读取的表格"),
        ("b.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "不是可以读取的表格"),
        ("c.csv", b"\xFF\xD8\xFF\xE0\0\x10JFIF".to_vec(), "不是可以读取的表格"),
        ("nul.csv", format!("{HEADER}甲\0公司,1\n").into_bytes(), "不是可以读取的表格"),
        (
            "two.csv",
            format!("{HEADER}甲,1,,\"路1号,,,,\n乙,2,,\"路2号,,,,\n").into_bytes(),
            "第 2 行开始的双引号没有结束",
        ),
        ("rows.csv", format!("{HEADER}甲,1,\"x,,,,,\n乙,2,y\",,,,,\n").into_bytes(), "第 2 行开始的双引号没有结束"),
        (
            "words.csv",
            format!("{HEADER}甲,1,,,,,,\n\"乙\"公司,2,,,,,,\n").into_bytes(),
            "第 3 行有一格的双引号后面还有别的字",
        ),
        ("open.csv", format!("{HEADER}\"甲公司,1\n乙,2\n").into_bytes(), "双引号没有结束"),
        ("cells.csv", million(8).into_bytes(), "单元格太多"),
        ("bomb.xlsx", archive(&[types, ("xl/a.xml", &blank)]), "解压后太大"),
        ("liar.xlsx", liar(), "文件"),
        ("macro.xlsm", archive(&[types, ("xl/vbaProject.bin", b"x")]), "带有宏"),
        ("other.xlsx", archive(&[("mimetype", b"x"), ("content.xml", b"<x/>")]), "不是可以读取的表格"),
        ("cut.xlsx", b"PK\x03\x04 nothing".to_vec(), "文件坏了"),
        ("cut.xls", compound, "文件坏了"),
        ("big.xlsx", [b"PK\x03\x04".to_vec(), vec![7; 5 << 20]].concat(), "最大 5 MB"),
    ];
    for (name, bytes, words) in cases {
        let answer = office.send("enterprises", name, &bytes).await;
        assert_eq!(answer.status, 422, "{name}");
        let text = answer.text();
        assert!(text.contains(words) && text.contains("<title>错误："), "{name}: {words} is not in\n{text}");
        assert!(text.contains("value=\"enterprises\" checked"), "{name}: what was chosen is kept");
    }
    office.send("", "a.csv", b"").await.expect(422, "请选择是哪种名录");
    assert!(office.browser.get("/console/import").await.text().contains("还没有导入过文件"), "nothing was kept");
}

#[tokio::test]
async fn a_text_of_more_than_32_mib_is_not_read_and_the_form_says_so() {
    let mut office = Office::new().await;
    let answer = office.send("enterprises", "a.csv", &vec![b'x'; 33 << 20]).await;
    answer.expect(422, "文件太大，最大 32 MB").expect(422, "value=\"enterprises\" checked");
    let answer = office.send("enterprises", "a.csv", &vec![b'x'; 41 << 20]).await;
    answer.expect(413, "压缩文件");
}

#[tokio::test]
async fn every_fault_of_a_row_is_named_with_its_column_and_a_hint() {
    let mut office = Office::new().await;
    let good = code(1);
    let last = good.chars().last().expect("a letter");
    let other = if last == 'A' { 'B' } else { 'A' };
    let check = format!("{}{other}", &good[..17]);
    let text = format!(
        "{HEADER}{}同号公司,{},,,,,,\n,{},,,,,,\n甲,{},,,,,,\n乙,{check},,,,,,\n丙,123,,,,,,\n丁,9.15E+17,,,,,,\n\
         戊,{},,,,E,,\n己,{},,,,,,not-an-address\n\"庚\n公司\",{},,,,,,\n辛,{},,,,,,,多出来的\n壬,\n",
        row(2, "重复公司", ""),
        code(2),
        code(3),
        code(4).replacen('1', "I", 1),
        code(5),
        code(6),
        code(7),
        code(8),
    );
    let page = office.sent("enterprises", &text).await;
    let record = office.record(&page).await;
    let shown = office.browser.get(&page).await.expect(200, "退回").text();
    for words in [
        "与第 3 行重复",
        "与第 2 行重复",
        "不能为空",
        "第 2 位不会是“I”",
        &format!("按前 17 位应是“{last}”"),
        "18 位，这里是 3 位",
        "科学计数",
        "信用等级只有 A、B、C、D",
        "不是邮箱地址",
        "表头只有 8 列",
        "含逗号的内容请用双引号",
    ] {
        assert!(shown.contains(words), "“{words}” is not in\n{shown}");
    }
    assert_eq!((record.counts.new, record.counts.rejected), (1, 11), "a line break within a cell is no fault");
    office.confirm(&page, &[("skip_bad", "yes")]).await.location();
    assert_eq!(office.enterprise(7).await.expect("stored").name, "庚 公司");
}

#[tokio::test]
async fn what_a_spreadsheet_did_to_a_text_is_undone_or_said() {
    let mut office = Office::new().await;
    let text = format!(
        "{HEADER}'甲公司,'{},'陶家镇,'路1号,'F51,'A,'规上工业,'\n乙公司,\"=\"\"{}\"\"\",,,,,,\n丙公司,915001071234567000,,,,,,\n",
        code(1),
        code(2)
    );
    let page = office.sent("enterprises", &text).await;
    let shown = office.browser.get(&page).await.expect(200, "科学计数").text();
    assert!(!shown.contains("是不是"), "what was lost is not made up: {shown}");
    assert_eq!((office.record(&page).await.counts.new, office.record(&page).await.counts.rejected), (2, 1));
    office.confirm(&page, &[("skip_bad", "yes")]).await.location();
    let first = office.enterprise(1).await.expect("stored");
    assert_eq!((first.name.as_str(), first.town.as_str(), first.address.as_str()), ("甲公司", "陶家镇", "路1号"));
    assert_eq!(first.tags, ["规上工业"]);
    assert_eq!(office.enterprise(2).await.expect("stored").name, "乙公司");
}

#[tokio::test]
async fn a_certificate_in_powers_of_ten_is_told_and_words_for_no_end_are_known() {
    let mut office = Office::new().await;
    let unit = "青禾区消防救援大队";
    let mut text = "姓名,执法证号,单位名称,有效期起,有效期止\n".to_owned();
    for (number, end) in (1..).zip(["永久", "长期", "/", "9999-12-31", "9999年12月31日", "——", ""]) {
        writeln!(text, "甲,A-000{number},{unit},2024-01-01,{end}").expect("written");
    }
    writeln!(text, "乙,5.00101E+11,{unit},2024-01-01,\n丙,A-0010,{unit},2024-01-01,9998-12-31").expect("written");
    let page = office.sent("inspectors", &text).await;
    let shown = office.browser.get(&page).await.expect(200, "科学计数").expect(200, "不是日期").text();
    assert!(!shown.contains("至少 4 位字母或数字"), "{shown}");
    office.confirm(&page, &[("skip_bad", "yes")]).await.location();
    let app = &office.world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let stored =
        mashang::storage::registries::load(&mut tx, app.service.settings.zone).await.expect("registries").inspectors;
    for number in 1..=7 {
        assert_eq!(stored[&format!("A-000{number}")].valid_to, None, "{number}");
    }
    assert!(!stored.contains_key("A-0010"));
}

#[tokio::test]
async fn dates_and_agencies_are_rejected_with_the_nearest_name() {
    let mut office = Office::new().await;
    let text = "姓名,执法证号,单位名称,有效期起,有效期止\n\
        甲,A-0001,青禾区消防救援队,2024-01-01,\n乙,A-0002,青禾区消防救援大队,2024-02-30,\n丙,A-0003,青禾区消防救援大队,45322,\n\
        丁,A-0004,青禾区消防救援大队,2024-01-01,2023-01-01\n戊,A-0005,没有的单位,2024/1/1,长期\n";
    let page = office.sent("inspectors", text).await;
    let shown = office.browser.get(&page).await.expect(200, "退回").text();
    for words in [
        "名录里没有单位“青禾区消防救援队”",
        "是不是“青禾区消防救援大队”",
        "不是日期",
        "请写成 2024-01-31",
        "日期的内部编号",
        "早于起始日期",
        "请先导入单位名录",
    ] {
        assert!(shown.contains(words), "“{words}” is not in\n{shown}");
    }
    assert_eq!(office.record(&page).await.counts.rejected, 5);
}

#[tokio::test]
async fn a_file_of_rejected_rows_alone_is_not_said_to_be_what_the_registry_has() {
    let mut office = Office::new().await;
    let page = office.sent("enterprises", &format!("{HEADER}坏公司,1,,,,,,\n")).await;
    let shown = office.browser.get(&page).await.expect(200, "除退回的行以外，没有需要写入的内容").text();
    assert!(!shown.contains("文件内容与名录一致"), "{shown}");
}
