//! `mashang import`: taking over a registry from a file.

use super::open;
use super::output::{CliError, say};
use crate::actions::Actor;
use crate::actions::import_registry::{Import, Limits, Registry, Summary, import_registry};
use crate::clock::Clock;
use crate::config::{SiteArgs, StoreArgs};
use crate::i18n::Lang;
use serde_json::json;
use std::fmt::Display;
use std::io::Read as _;
use std::path::PathBuf;

/// How many rejected rows are shown one by one; all of them with `--json`.
const SHOWN: usize = 100;

/// Take over a registry from a CSV, XLSX or XLS file
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Take the registries over in this order: agencies, matters, inspectors, enterprises. Columns, * = required:\n  \
    agencies     单位名称* 简称 上级单位 联系邮箱\n  \
    matters      单位名称* 事项名称* 公布日期* 事项组 法定依据 停用日期\n  \
    inspectors   姓名* 执法证号* 单位名称* 有效期起* 有效期止 暂扣\n  \
    enterprises  企业名称* 统一社会信用代码* 镇街 地址 行业代码 信用等级 重点企业类别 联系邮箱\n  \
    holidays     date* kind* name   (kind: off or work)\n\n\
    The order of columns is free, usual other names and English ones are understood. CSV may be UTF-8, UTF-16 or GBK/GB18030,\n\
    separated by commas, semicolons or tabs. All rows are taken or none, unless --skip-bad; nothing is ever deleted; the same\n\
    file twice changes nothing. Exit status: 0 done, 2 rows were rejected and nothing was written, 1 it failed."
)]
pub struct Args {
    /// Which registry the file holds
    #[arg(value_parser = registry, value_name = "agencies|matters|inspectors|enterprises|holidays")]
    registry: Registry,
    /// The file; - reads standard input
    file: PathBuf,
    /// Take the good rows although others are rejected
    #[arg(long)]
    skip_bad: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Print the summary as one line of JSON
    #[arg(long)]
    json: bool,
    /// Language of messages: zh-CN or en [default: that of the terminal]
    #[arg(long, env = "MASHANG_LANG")]
    lang: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
}

fn registry(name: &str) -> Result<Registry, String> {
    Registry::parse(name)
        .ok_or_else(|| "one of agencies, matters, inspectors, enterprises, holidays is meant".to_owned())
}

/// Imports the file and prints the summary.
///
/// # Errors
/// When the file cannot be read, rows are rejected and nothing is written, or the store fails.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    let lang = store.lang(args.lang.as_deref())?;
    let bytes = read(&args.file)?;
    let (db, service) = open::both(&store, &SiteArgs::default()).await?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let import = Import {
        registry: args.registry,
        name: &name,
        bytes: &bytes,
        limits: Limits::COMMAND,
        skip_bad: args.skip_bad,
        dry_run: args.dry_run,
    };
    let summary = match import_registry(&db, &service, Clock::System.now(), &Actor::System, &import).await? {
        Ok(summary) => summary,
        Err(problem) => {
            db.close().await;
            let hint = problem.advice(lang).map(|hint| format!(" {hint}")).unwrap_or_default();
            return Err(CliError::Input(format!("{}: {}{hint}", args.file.display(), problem.reason(lang))));
        }
    };
    if !args.dry_run {
        db.tidy().await;
    }
    db.close().await;
    if args.json {
        print_json(&summary, lang);
    } else {
        print(&args, &summary, lang);
    }
    let refused = !summary.rejected.is_empty() && !args.skip_bad;
    if refused { Err(CliError::Rejected) } else { Ok(()) }
}

fn read(file: &std::path::Path) -> Result<Vec<u8>, CliError> {
    let most = Limits::COMMAND.bytes as u64 + 1;
    let mut bytes = Vec::new();
    let done = if file.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(most).read_to_end(&mut bytes))
    };
    match done {
        Ok(_) => Ok(bytes),
        Err(e) => Err(CliError::Input(format!("{} cannot be read: {e}", file.display()))),
    }
}

fn print_json(summary: &Summary, lang: Lang) {
    let rejected: Vec<_> = summary.rejected.iter().map(|rejection| rejection.words(lang)).collect();
    say(json!({
        "new": summary.new,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "rejected": rejected,
        "ignored_columns": summary.ignored_columns,
        "written": summary.written,
    }));
}

/// The rejected rows go to standard error, the summary to standard output.
fn print(args: &Args, summary: &Summary, lang: Lang) {
    for rejection in summary.rejected.iter().take(SHOWN) {
        let words = rejection.words(lang);
        let hint = words.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
        let values: [(&'static str, &dyn Display); 4] =
            [("row", &words.row), ("column", &words.column), ("value", &words.value), ("reason", &words.reason)];
        let key = if words.column.is_empty() { "import-row" } else { "import-row-column" };
        eprintln!("{}{hint}", lang.ta(key, &values));
    }
    if summary.rejected.len() > SHOWN {
        eprintln!("{}", lang.ta("import-more", &[("count", &(summary.rejected.len() - SHOWN))]));
    }
    if !summary.ignored_columns.is_empty() {
        eprintln!("{}", lang.ta("import-ignored", &[("columns", &summary.ignored_columns.join("、"))]));
    }
    if let Some(sheet) = &summary.sheet {
        eprintln!("{}", lang.ta("import-sheet", &[("sheet", sheet)]));
    }
    let counts: [(&'static str, &dyn Display); 4] = [
        ("new", &summary.new),
        ("changed", &summary.changed),
        ("unchanged", &summary.unchanged),
        ("rejected", &summary.rejected_rows),
    ];
    say(lang.ta("import-summary", &counts));
    let outcome = match (args.dry_run, summary.rejected.is_empty() || args.skip_bad, summary.written) {
        (true, _, _) => "import-previewed",
        (false, false, _) => "import-refused",
        (false, true, true) => "import-done",
        (false, true, false) => "import-nothing",
    };
    say(lang.t(outcome));
}
