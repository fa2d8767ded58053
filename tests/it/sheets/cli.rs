//! `mashang sheet`, as a person at a terminal runs it.

use super::{codes_of, words_of};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn mashang(data: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mashang"));
    command.env_clear().env("MASHANG_DATA", data).env("LANG", "zh_CN.UTF-8").stdin(Stdio::null());
    command.env("MASHANG_PUBLIC_URL", "https://bb.qinghe.gov.cn").env("MASHANG_DISTRICT", "清河区");
    command.args(args).output().expect("the program runs")
}

#[track_caller]
fn expect(output: &Output, status: i32, words: &str) {
    let all = format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{all}");
    assert!(all.contains(words), "“{words}” is not in\n{all}");
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn from_a_spreadsheet_to_posters_of_one_town() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (table, pdf) = (folder.path().join("e.csv"), folder.path().join("posters.pdf"));
    let rows = "企业名称,统一社会信用代码,镇街,地址\n清河区䶮㙟机械有限公司,91500107MAYPBPC761,城东街道,振华路 2 号\n\
        禾味食品厂,91500107MA93291ADT,城西镇,新街 1 号\n";
    std::fs::write(&table, rows).expect("written");
    let (table, pdf) = (table.to_str().expect("a plain name"), pdf.to_str().expect("a plain name"));
    expect(&mashang(&data, &["import", "enterprises", table]), 0, "2");
    let help = mashang(&data, &["sheet", "--help"]);
    expect(&help, 0, "label_l7160");
    expect(&mashang(&data, &["sheet", "--kind", "a3", "--out", pdf]), 2, "a4_poster");
    expect(&mashang(&data, &["sheet", "--kind", "a4_poster", "--town", "城北", "--out", pdf]), 2, "没有符合条件的码牌");
    let made = mashang(
        &data,
        &["sheet", "--kind", "a4_poster", "--town", "城东街道", "--out", pdf, "--json", "--mark-printed"],
    );
    expect(&made, 0, "\"signs\":1");
    let bytes = std::fs::read(pdf).expect("the file");
    let codes = codes_of(&bytes);
    assert!(codes.len() == 1 && codes[0].starts_with("https://bb.qinghe.gov.cn/e/"), "{codes:?}");
    assert!(words_of(&bytes).contains("清河区䶮㙟机械有限公司"));
    // Those that were printed are not among the never printed any more.
    expect(&mashang(&data, &["sheet", "--kind", "a6_card", "--out", pdf]), 0, "1 块码牌，共 2 页");
    expect(
        &mashang(&data, &["sheet", "--kind", "a6_card", "--all", "--no-cover", "--out", pdf]),
        0,
        "2 块码牌，共 1 页",
    );
    let nowhere = folder.path().join("not/there.pdf");
    let nowhere = nowhere.to_str().expect("a plain name");
    expect(&mashang(&data, &["sheet", "--kind", "a6_card", "--all", "--out", nowhere]), 1, "not/there.pdf");
}
