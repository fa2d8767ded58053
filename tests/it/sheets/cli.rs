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

/// Everything in the order that the command takes, without a look at the pages.
#[test]
fn each_condition_and_form_of_the_command_is_heeded() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let file = |name: &str| folder.path().join(name).to_str().expect("a plain name").to_owned();
    let (agencies, enterprises, out) = (file("a.csv"), file("e.csv"), file("out"));
    std::fs::write(
        &agencies,
        "单位名称,单位简称,上级单位\n清河区应急管理局,区应急局,\n应急一中队,,清河区应急管理局\n清河区税务局,,\n",
    )
    .expect("written");
    let rows = "企业名称,统一社会信用代码,镇街,重点企业类别\n清河一厂,91500107MAYPBPC761,城东街道,规上工业\n\
        禾味食品厂,91500107MA93291ADT,城西镇,\n";
    std::fs::write(&enterprises, rows).expect("written");
    expect(&mashang(&data, &["import", "agencies", &agencies]), 0, "3");
    expect(&mashang(&data, &["import", "enterprises", &enterprises]), 0, "2");
    let sheet = |more: &[&str]| {
        let mut args = vec!["sheet", "--kind", "label_l7160", "--out", &out];
        args.extend_from_slice(more);
        mashang(&data, &args)
    };
    for (more, words) in [
        (&["--no-cover"][..], "5 块码牌，共 1 页"),
        (&["--no-cover", "--unit", "agency"], "3 块码牌，共 1 页"),
        (&["--no-cover", "--unit", "enterprise"], "2 块码牌，共 1 页"),
        (&["--no-cover", "--agency", "区应急局"], "2 块码牌，共 1 页"),
        (&["--no-cover", "--tag", "规上工业"], "1 块码牌，共 1 页"),
        (&["--no-cover", "--skip", "19"], "5 块码牌，共 2 页"),
        (&["--outdoor"], "5 块码牌，共 2 页"),
        (&["--lang", "en", "--no-cover"], "5 signs"),
    ] {
        expect(&sheet(more), 0, words);
        assert!(std::fs::read(&out).expect("the file").starts_with(b"%PDF-"), "{more:?}");
    }
    expect(&sheet(&["--zip", "--json"]), 0, "\"signs\":5");
    assert!(std::fs::read(&out).expect("the file").starts_with(b"PK"));
    let piped = mashang(&data, &["sheet", "--kind", "a6_card", "--out", "-", "--json"]);
    assert!(piped.stdout.starts_with(b"%PDF-") && String::from_utf8_lossy(&piped.stderr).contains("\"signs\":5"));
    for (more, words) in [
        (&["--blank"][..], "没有符合条件的码牌"),
        (&["--replaced"], "没有符合条件的码牌"),
        (&["--all", "--blank"], "--all"),
        (&["--agency", "区气象局"], "区气象局"),
        (&["--unit", "school"], "enterprise"),
        (&["--skip", "many"], "--skip"),
    ] {
        expect(&sheet(more), 2, words);
    }
}
