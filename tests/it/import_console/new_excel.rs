//! Spreadsheets with rows in them: read as they are shown, and another sheet where the first is not the one that is meant.

use super::{HEADER, Office, code, row};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::io::{Cursor, Read as _, Write as _};

/// A workbook of sheets of texts.
fn workbook(sheets: &[(&str, Vec<Vec<String>>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn header() -> Vec<String> {
    HEADER.trim_end().split(',').map(str::to_owned).collect()
}

fn enterprise(number: u32, name: &str, town: &str) -> Vec<String> {
    [name, &code(number), town, "兴业路1号", "C34", "B", "规上工业、专精特新", "a@qiye.example"]
        .map(str::to_owned)
        .to_vec()
}

#[tokio::test]
async fn a_spreadsheet_with_rows_is_previewed_written_and_put_back() {
    let mut office = Office::new().await;
    let title = vec!["青禾区企业名录（2026年）".to_owned()];
    let wrong = vec!["丙公司".to_owned(), code(3).replacen('0', "O", 1)];
    let rows = vec![title, header(), enterprise(1, "甲公司", "陶家镇"), enterprise(2, "㙟记䶮公司", "二郎街道"), wrong];
    let file = workbook(&[("企业", rows)]);
    let page = office.send("enterprises", "名录.xlsx", &file).await.location();
    let shown = office.browser.get(&page).await.expect(200, "XLSX · 企业 · 表头在第 2 行 · 3 行数据").text();
    assert!(shown.contains("代码里没有 I、O、S、V、Z") && shown.contains("data-label=\"行\">5<"), "{shown}");
    office.browser.get(&format!("{page}?tab=new")).await.expect(200, "规上工业、专精特新");
    office.confirm(&page, &[("skip_bad", "yes")]).await.location();
    let second = office.enterprise(2).await.expect("stored");
    assert_eq!((second.name.as_str(), second.town.as_str()), ("㙟记䶮公司", "二郎街道"));
    assert_eq!(second.tags, ["规上工业", "专精特新"]);
    assert!(office.enterprise(3).await.is_none());
    let rejected = office.browser.get(&format!("{page}/rejected.csv")).await.text();
    assert!(rejected.contains("丙公司"), "{rejected}");
    // The same workbook again says what is stored.
    let again = office.send("enterprises", "名录.xlsx", &file).await.location();
    let counts = office.record(&again).await.counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged, counts.rejected), (0, 0, 2, 1));
    office.browser.post_form(&format!("{page}/undo"), &[]).await.location();
    assert!(!office.enterprise(1).await.expect("never deleted").active);
}

#[tokio::test]
async fn dates_and_numbers_of_a_spreadsheet_are_read_as_they_are_meant() {
    let mut office = Office::new().await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["姓名", "执法证号", "单位名称", "有效期起", "有效期止"]) {
        sheet.write_string(0, column, name).expect("a cell");
    }
    sheet.write_string(1, 0, "赵六").expect("a cell");
    sheet.write_number(1, 1, 50_019_901).expect("a cell");
    sheet.write_string(1, 2, "青禾区消防救援大队").expect("a cell");
    let day = Format::new().set_num_format("yyyy/m/d");
    for (column, text) in [(3, "2024-01-01"), (4, "2027-12-31")] {
        let date = ExcelDateTime::parse_from_str(text).expect("a date");
        sheet.write_datetime_with_format(1, column, date, &day).expect("a cell");
    }
    let file = book.save_to_buffer().expect("a workbook");
    let page = office.send("inspectors", "人员.xlsx", &file).await.location();
    office.browser.get(&page).await.expect(200, "将新增 1 条");
    office.confirm(&page, &[]).await.location();
    let app = &office.world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let stored =
        mashang::storage::registries::load(&mut tx, app.service.settings.zone).await.expect("registries").inspectors;
    let person = &stored["50019901"];
    assert_eq!(
        (person.valid_from.to_string(), person.valid_to.expect("an end").to_string()),
        ("2024-01-01".to_owned(), "2027-12-31".to_owned())
    );
}

#[tokio::test]
async fn a_formula_that_nobody_reckoned_is_named_and_empties_nothing() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([header(), enterprise(1, "甲公司", "")]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    // As programs write it that reckon nothing: a formula in a column of words, and one where a letter is meant.
    for (column, formula) in [(2, "=VLOOKUP(B2,Z:Z,1,0)"), (5, "=IF(1,\"A\",\"\")")] {
        sheet.write_formula(1, column, Formula::new(formula).set_result("空")).expect("a cell");
    }
    let file = without_results(&book.save_to_buffer().expect("a workbook"));
    let page = office.send("enterprises", "名录.xlsx", &file).await.location();
    let shown = office.browser.get(&page).await.expect(200, "文件里没有它的结果").text();
    for words in ["【公式】=VLOOKUP(B2", "镇街", "信用等级", "data-label=\"行\">2<"] {
        assert!(shown.contains(words), "{words} is not in\n{shown}");
    }
    assert!(!shown.contains("信用等级只有"), "one fault is said once: {shown}");
    assert_eq!(office.record(&page).await.counts.rejected, 1);
    // The file of the rejected rows is no way around it.
    let rejected = office.browser.get(&format!("{page}/rejected.csv")).await.text();
    let again = office.sent("enterprises", &rejected).await;
    assert_eq!(office.record(&again).await.counts.rejected, 1);
    assert_eq!(office.enterprise(1).await.expect("stored").town, "陶家镇");
}

/// The same workbook without what its formulas gave.
fn without_results(book: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("a text");
        let text = text.replace("<v>空</v>", "<v></v>").replace(" t=\"str\"", "");
        made.start_file(part.name().expect("a name").into_owned(), zip::write::SimpleFileOptions::default())
            .expect("a part");
        made.write_all(text.as_bytes()).expect("written");
    }
    made.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn merged_cells_and_zeros_in_front_are_read_as_they_are_shown() {
    let mut office = Office::new().await;
    office
        .import("enterprises", &format!("{HEADER}{}{}", row(1, "甲公司", "陶家镇"), row(2, "乙公司", "陶家镇")))
        .await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 8, "青禾区企业名录", &plain).expect("a title");
    for (row, cells) in (1..).zip([header(), enterprise(1, "甲公司", ""), enterprise(2, "乙公司", "")]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    sheet.merge_range(2, 2, 3, 2, "二郎街道", &plain).expect("two towns");
    let file = book.save_to_buffer().expect("a workbook");
    let page = office.send("enterprises", "名录.xlsx", &file).await.location();
    office.confirm(&page, &[]).await.location();
    for number in [1, 2] {
        assert_eq!(office.enterprise(number).await.expect("stored").town, "二郎街道", "{number}");
    }

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["姓名", "执法证号", "单位名称", "有效期起", "有效期止"]) {
        sheet.write_string(0, column, name).expect("a cell");
    }
    for (column, cell) in [(0, "赵六"), (2, "青禾区消防救援大队"), (3, "2024-01-01"), (4, "9999/12/31")] {
        sheet.write_string(1, column, cell).expect("a cell");
    }
    sheet.write_number_with_format(1, 1, 1001, &Format::new().set_num_format("000000000000")).expect("a cell");
    let file = book.save_to_buffer().expect("a workbook");
    let page = office.send("inspectors", "人员.xlsx", &file).await.location();
    office.confirm(&page, &[]).await.location();
    let app = &office.world.test.app;
    let mut tx = app.db.read().await.expect("a connection");
    let stored =
        mashang::storage::registries::load(&mut tx, app.service.settings.zone).await.expect("registries").inspectors;
    assert_eq!(stored["000000001001"].valid_to, None);
}

#[tokio::test]
async fn guidance_before_the_rows_is_passed_over_and_can_be_chosen() {
    let mut office = Office::new().await;
    let guidance = vec![
        vec!["填表说明".to_owned()],
        vec!["企业名称".to_owned(), "必填，写全称".to_owned()],
        vec!["统一社会信用代码".to_owned(), "必填，18 位".to_owned()],
    ];
    let rows = vec![header(), enterprise(1, "甲公司", "陶家镇")];
    let other = vec![header(), enterprise(2, "乙公司", "陶家镇")];
    let file = workbook(&[("填表说明", guidance), ("名录", rows), ("旧名录", other)]);
    let page = office.send("enterprises", "名录.xlsx", &file).await.location();
    office.browser.get(&page).await.expect(200, "<option value=\"名录\" selected>").expect(200, "将新增 1 条");
    office.browser.post_form(&format!("{page}/read"), &[("sheet-as", "填表说明")]).await.location();
    office.browser.get(&page).await.expect(200, "有必填的列没有找到");
    // Where no sheet has a header, the first that has anything in it is shown, so that its columns can be chosen.
    let file =
        workbook(&[("甲", vec![vec!["某".to_owned()], vec!["x".to_owned()]]), ("乙", vec![vec!["别".to_owned()]])]);
    let page = office.send("enterprises", "名录.xlsx", &file).await.location();
    office.browser.get(&page).await.expect(200, "<option value=\"甲\" selected>");
}

#[tokio::test]
async fn another_sheet_is_chosen_and_its_columns_are_found_anew() {
    let mut office = Office::new().await;
    let old = vec![header(), enterprise(1, "旧公司", "陶家镇")];
    let new = vec![
        ["统一社会信用代码", "镇街", "企业名称"].map(str::to_owned).to_vec(),
        [code(2).as_str(), "陶家镇", "新公司"].map(str::to_owned).to_vec(),
        [code(3).as_str(), "二郎街道", "又一家新公司"].map(str::to_owned).to_vec(),
    ];
    let notes = vec![vec!["填表说明".to_owned()]];
    let file = workbook(&[("2025年", old), ("2026年", new), ("说明", notes)]);
    let page = office.send("enterprises", "名录.xlsx", &file).await.location();
    let shown = office.browser.get(&page).await.expect(200, "XLSX · 2025年").text();
    for sheet in ["2025年", "2026年", "说明"] {
        assert!(shown.contains(&format!("<option value=\"{sheet}\"")), "{sheet} is not offered in\n{shown}");
    }
    assert!(shown.contains("<option value=\"2025年\" selected>"), "{shown}");
    // What the form sends when only the sheet is changed: the old columns too, which mean nothing on the other sheet.
    let read = format!("{page}/read");
    let fields = [("sheet-as", "2026年"), ("c0", "0"), ("c1", "1"), ("c2", "2")];
    office.browser.post_form(&read, &fields).await.location();
    let shown = office.browser.get(&page).await.expect(200, "XLSX · 2026年").expect(200, "将新增 2 条").text();
    assert!(shown.contains("又一家新公司") && !shown.contains("旧公司"), "{shown}");
    // A sheet without the columns cannot be confirmed; the choice is offered again.
    office.browser.post_form(&read, &[("sheet-as", "说明")]).await.location();
    let shown = office.browser.get(&page).await.expect(200, "有必填的列没有找到").text();
    assert!(!shown.contains("/apply\""), "{shown}");
    office.browser.post_form(&read, &[("sheet-as", "2026年")]).await.location();
    office.confirm(&page, &[]).await.location();
    assert!(office.enterprise(1).await.is_none(), "the sheet that was not chosen is not written");
    assert_eq!(office.enterprise(3).await.expect("stored").name, "又一家新公司");
}
