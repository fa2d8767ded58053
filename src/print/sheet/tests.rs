//! Every kind of sheet, with long names and rare characters, for every kind of sign.

use super::{Cover, Frame, SheetError, Sign, cover, draw, pages};
use crate::domain::sheet::SheetKind;
use crate::domain::sign::UnitKind;
use crate::print::pdf::Document;
use crate::print::proof::{self, Fault};
use crate::print::qr::Medium;
use chrono::DateTime;
use std::process::Command;

pub(crate) const LONG: &str = "清河区新材料与高端装备制造产业创新服务综合体投资发展（集团）有限责任公司第三分公司城东生产基地Qinghe International Precision Manufacturing Co., Ltd.";

pub(crate) fn sign(number: usize, kind: UnitKind, name: &str) -> Sign {
    let token = ["7K3M9PQRXYZ2A", "QW8RTZ5PASDF4", "ZX3CVB9NMKJHG"][number % 3];
    let door = if kind == UnitKind::Agency { 'a' } else { 'e' };
    Sign {
        serial: format!("2026-{number:06}"),
        kind,
        name: name.to_owned(),
        place: "城东街道 · 振华路 188 号 3 幢 · 大门".to_owned(),
        short_code: "7K3M-9PQR-X".to_owned(),
        link: format!("https://bb.qinghe.gov.cn/{door}/{token}"),
        edition: 2,
        issued: "2026年11月25日".to_owned(),
    }
}

pub(crate) fn frame(kind: SheetKind) -> Frame {
    Frame {
        kind,
        medium: Medium::Paper,
        district: "清河区".to_owned(),
        host: "bb.qinghe.gov.cn".to_owned(),
        hotline: "0512-12345678".to_owned(),
    }
}

/// A page's worth of signs of all kinds.
fn mixed() -> Vec<Sign> {
    vec![
        sign(1, UnitKind::Enterprise, "清河区䶮㙟机械有限公司"),
        sign(2, UnitKind::Agency, "清河区市场监督管理局城东分局"),
        sign(3, UnitKind::Enterprise, LONG),
        sign(4, UnitKind::Enterprise, ""),
        sign(5, UnitKind::Enterprise, "Bosch & Co. (Suzhou) Ltd."),
    ]
}

fn document(kind: SheetKind, signs: &[Sign], skip: u16) -> Vec<u8> {
    let mut document = Document::new("码牌", DateTime::UNIX_EPOCH);
    for page in pages(&frame(kind), signs, skip).expect("proved") {
        document.push(page);
    }
    document.finish()
}

#[test]
fn every_kind_of_sheet_passes_its_proof_with_names_of_any_length() {
    for kind in SheetKind::ALL {
        for medium in [Medium::Paper, Medium::Outdoor] {
            let frame = Frame { medium, ..frame(*kind) };
            let made = pages(&frame, &mixed(), 0);
            assert!(made.is_ok(), "{kind}: {}", made.err().map(|error| error.to_string()).unwrap_or_default());
        }
    }
}

#[test]
fn codes_have_the_sizes_that_each_kind_promises() {
    let sizes = [(90.0, 100.0), (60.0, 70.0), (45.0, 50.0), (30.0, 35.0), (29.5, 35.0), (29.5, 35.0)];
    for (kind, (least, most)) in SheetKind::ALL.iter().zip(sizes) {
        for host in ["a.cn", "bb.qinghe.gov.cn", "baobei.shichangjianguan.qinghe.gov.cn:8443"] {
            let mut sign = sign(1, UnitKind::Enterprise, "甲");
            sign.link = format!("https://{host}/e/7K3M9PQRXYZ2A");
            let (_, expected) = draw(&frame(*kind), &[sign], 0).expect("drawn");
            let code = expected[0].code.width * (1.0 - 2.0 * expected[0].quiet);
            assert!((least..=most).contains(&code), "{kind} {host}: {code} mm");
        }
    }
}

#[test]
fn skipped_places_stay_free_and_pages_follow() {
    let signs: Vec<Sign> = (0..25).map(|n| sign(n, UnitKind::Enterprise, "清河一厂")).collect();
    let made = pages(&frame(SheetKind::L7160), &signs, 20).expect("proved");
    assert_eq!(made.len(), 3);
    let (_, expected) = draw(&frame(SheetKind::L7160), &signs[..1], 20).expect("drawn");
    let grid = SheetKind::L7160.grid();
    assert!((expected[0].cell.x - (grid.origin.0 + 2.0 * grid.pitch.0)).abs() < 0.01);
    assert!((expected[0].cell.y - (grid.origin.1 + 6.0 * grid.pitch.1)).abs() < 0.01);
}

#[test]
fn a_character_that_the_font_lacks_names_the_sign() {
    let mut signs = mixed();
    signs[2].name = "清河区😀有限公司".to_owned();
    let error = pages(&frame(SheetKind::Card), &signs, 0).expect_err("refused");
    let SheetError { serial, fault, .. } = error;
    assert_eq!((serial.as_str(), fault), ("2026-000003", Fault::Character('😀')));
}

#[test]
fn a_wrong_code_a_lost_word_and_a_mark_in_the_white_are_found() {
    let signs = [sign(1, UnitKind::Enterprise, "清河一厂")];
    let drawn = || draw(&frame(SheetKind::Poster), &signs, 0).expect("drawn");
    let (page, mut expected) = drawn();
    assert_eq!(proof::check(&page, &expected), Ok(()));
    expected[0].link = "https://bb.qinghe.gov.cn/e/AAAAAAAAAAAAA".to_owned();
    assert_eq!(proof::check(&page, &expected), Err((0, Fault::Link)));
    let (page, mut expected) = drawn();
    expected[0].words.push("清河二厂".to_owned());
    assert_eq!(proof::check(&page, &expected), Err((0, Fault::Words("清河二厂".to_owned()))));
    let (mut page, expected) = drawn();
    let code = expected[0].code;
    page.text((code.x - 1.0, code.y + 20.0), "字", crate::print::pdf::Style::new(12.0));
    assert_eq!(proof::check(&page, &expected), Err((0, Fault::Quiet)));
    let (mut page, expected) = drawn();
    let inner = code.inset(code.width * 0.2);
    page.fill(inner, crate::print::pdf::Color::WHITE);
    assert_eq!(proof::check(&page, &expected), Err((0, Fault::Unreadable)));
}

#[test]
#[ignore = "an independent reader looks: poppler-utils and zbar-tools, which tests/run installs"]
fn zbar_reads_every_code_of_the_pages_as_poppler_draws_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for kind in SheetKind::ALL {
        let signs = mixed();
        let file = folder.path().join("sheet.pdf");
        std::fs::write(&file, document(*kind, &signs, 0)).expect("written");
        if let Some(keep) = std::env::var_os("MASHANG_KEEP_SHEETS") {
            std::fs::copy(&file, std::path::Path::new(&keep).join(format!("{kind}.pdf"))).expect("kept");
        }
        let root = folder.path().join(kind.as_str());
        let drawn = Command::new("pdftoppm").args(["-r", "150", "-gray", "-png"]).args([&file, &root]).status();
        assert!(drawn.is_ok_and(|status| status.success()), "poppler-utils are installed");
        let mut read = Vec::new();
        for entry in std::fs::read_dir(folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ext| ext == "png") {
                let seen = Command::new("zbarimg")
                    .args(["--quiet", "--raw"])
                    .arg(&path)
                    .output()
                    .expect("zbar-tools are installed");
                read.extend(String::from_utf8(seen.stdout).expect("a text").lines().map(str::to_owned));
                std::fs::remove_file(path).expect("removed");
            }
        }
        let mut links: Vec<String> = signs.into_iter().map(|sign| sign.link).collect();
        read.sort();
        links.sort();
        assert_eq!(read, links, "{kind}");
    }
}

#[test]
fn the_cover_tells_towns_and_pages() {
    let towns = ["城东", "城东", "城西", "城西", "城西", ""].map(str::to_owned);
    let found = Cover::towns(SheetKind::Card, 1, &towns);
    let expected = [("城东", 2, (2, 2)), ("城西", 3, (2, 3)), ("", 1, (3, 3))];
    assert_eq!(found, expected.map(|(town, count, pages)| (town.to_owned(), count, pages)));
    let facts = vec![("版面".to_owned(), "A6 卡片".to_owned())];
    let many = (0..100).map(|n| (format!("第{n}街道"), 2, (n, n + 1))).collect();
    let page = cover(&Cover { kind: SheetKind::Card, district: "清河区".to_owned(), facts, towns: many }, &mixed());
    let text: String = page.glyphs().values().collect();
    for c in "码牌清单清河区卡片其余街道".chars() {
        assert!(text.contains(c), "{c}");
    }
}
