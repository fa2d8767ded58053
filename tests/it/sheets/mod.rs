//! Sheets of signs: from the console and from the command line, as an independent reader of codes sees them.

mod cli;
mod console;

use std::path::Path;
use std::process::Command;

/// What zbar reads on the pages of a document, drawn by poppler at 150 dpi.
pub fn codes_of(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, pdf).expect("written");
    let root = folder.path().join("page");
    let drawn = Command::new("pdftoppm").args(["-r", "150", "-gray", "-png"]).args([&file, &root]).status();
    assert!(drawn.is_ok_and(|status| status.success()), "poppler-utils are installed");
    let mut pages: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ext| ext == "png"));
    pages.sort();
    pages.iter().flat_map(|page| codes_on(page)).collect()
}

fn codes_on(picture: &Path) -> Vec<String> {
    let read =
        Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture).output().expect("zbar-tools are installed");
    String::from_utf8(read.stdout).expect("a text").lines().map(str::to_owned).collect()
}

/// The words of a document, without spaces.
pub fn words_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sheet.pdf");
    std::fs::write(&file, pdf).expect("written");
    let read = Command::new("pdftotext").arg(&file).arg("-").output().expect("poppler-utils are installed");
    String::from_utf8(read.stdout).expect("a text").split_whitespace().collect()
}
