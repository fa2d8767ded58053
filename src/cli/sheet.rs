//! `mashang sheet`: the sheets that carry codes to walls.

use super::output::{CliError, say};
use super::{lookup, open};
use crate::actions::make_sheets::{SheetOrder, Sheets, SheetsFailed, compose_sheets, gather_sheets};
use crate::actions::{Actor, mark_printed};
use crate::clock::Clock;
use crate::config::{SiteArgs, StoreArgs};
use crate::domain::sheet::{SheetForm, SheetKind, SheetScope};
use crate::domain::sign::{UnitKind, host_of};
use crate::i18n::Lang;
use serde_json::json;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

/// Make sheets of codes to print: posters, stands, cards, labels
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
#[command(
    after_help = "Without further conditions, every sign is taken that was never printed, in the order of delivery (town, street, number).\n\
    Each sign is drawn, decoded and compared before the file is written; if one differs, nothing is written and the sign is named.\n\n  \
    mashang sheet --kind a4_poster --town 城东街道 --out posters.pdf\n  \
    mashang sheet --kind label_l7160 --skip 5 --out labels.pdf\n  \
    mashang sheet --kind a6_card --all --zip --out for-the-print-shop.zip\n\n\
    Sheets:  a4_poster    A4 for a door, code 94 mm       a5_stand     A5 for a desk, code 66 mm\n         \
    a6_card      A6, four on an A4 page, code 47 mm\n         \
    label_70x50  15 on an A4 page   label_60x50  15 on an A4 page   label_l7160  63.5 x 38.1 mm, 21 on an A4 page\n\n\
    A file is not a wall: signs count as printed only with --mark-printed, or when the console is told so.\n\
    Exit status: 0 written, 2 no sign meets the conditions or the input is wrong, 1 it failed or a sign did not pass its proof."
)]
pub struct Args {
    /// The kind of sheet (see below)
    #[arg(long, value_parser = kind, value_name = "SHEET")]
    kind: SheetKind,
    /// The file to write; - writes to standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only of enterprises in this town (镇街)
    #[arg(long, value_name = "NAME")]
    town: Option<String>,
    /// Only of this agency with its teams and stations, by full or short name
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// Only of enterprises with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only of enterprises, or only of agencies
    #[arg(long, value_parser = unit, value_name = "enterprise|agency")]
    unit: Option<UnitKind>,
    /// All signs in use, also those that were printed before
    #[arg(long, conflicts_with_all = ["replaced", "blank"])]
    all: bool,
    /// Those made within the last 30 days in the place of another one
    #[arg(long, conflicts_with = "blank")]
    replaced: bool,
    /// Blank signs, bound to nobody yet
    #[arg(long)]
    blank: bool,
    /// Labels of the first page that are used up
    #[arg(long, default_value_t = 0, value_name = "N")]
    skip: u16,
    /// For outdoors: codes that bear more damage (level H instead of Q)
    #[arg(long)]
    outdoor: bool,
    /// No cover page with counts
    #[arg(long)]
    no_cover: bool,
    /// An archive for a print shop: the document, a table, and each code as a vector
    #[arg(long)]
    zip: bool,
    /// Note these signs as printed
    #[arg(long)]
    mark_printed: bool,
    /// Print what was made as one line of JSON, to standard error if the file goes to standard output
    #[arg(long)]
    json: bool,
    /// Language of messages: zh-CN or en [default: that of the terminal]
    #[arg(long, env = "MASHANG_LANG")]
    lang: Option<String>,
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    store: StoreArgs,
}

fn kind(name: &str) -> Result<SheetKind, String> {
    let all = SheetKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    SheetKind::parse(name).ok_or_else(|| format!("one of {all} is meant"))
}

fn unit(name: &str) -> Result<UnitKind, String> {
    UnitKind::parse(name).ok_or_else(|| "enterprise or agency is meant".to_owned())
}

/// Makes the sheets and writes the file.
///
/// # Errors
/// When the public address is not set, no sign meets the conditions, a sign does not pass its proof, or the file cannot be written.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    let lang = store.lang(args.lang.as_deref())?;
    let (db, service) = open::both(&store, &args.site).await?;
    if service.settings.public_url.is_empty() {
        return Err(CliError::Input(
            "--public-url (MASHANG_PUBLIC_URL) is missing: it is printed in every code. Give the same as to `mashang serve`.".to_owned(),
        ));
    }
    let now = Clock::System.now();
    let mut tx = db.read().await?;
    let mut order = order(&args);
    if let Some(name) = &args.agency {
        let registries = lookup::stored(&mut tx, service.settings.zone).await?;
        order.agency = Some(lookup::agency(&registries, name.trim())?.id);
    }
    let gathered = gather_sheets(&mut tx, &service, now, &order).await?;
    drop(tx);
    let gathered = gathered.map_err(|none| CliError::Input(none.words(lang)))?;
    let ids = gathered.ids.clone();
    let made = tokio::task::spawn_blocking(move || compose_sheets(&gathered, &progress())).await;
    let made = made.map_err(|error| CliError::Failure(error.to_string()))?.map_err(|error| failed(&error, lang))?;
    write(&args.out, &made)?;
    let batch = service.ids.uuid(now);
    if args.mark_printed {
        let mut tx = db.write().await?;
        let host = host_of(&service.settings.public_url);
        mark_printed(&mut tx, &service, now, &Actor::System, &ids, batch, host).await?;
        tx.commit().await?;
    }
    db.close().await;
    let summary = if args.json {
        json!({ "signs": ids.len(), "pages": made.pages, "bytes": made.bytes.len(), "printed": args.mark_printed, "batch": batch })
            .to_string()
    } else {
        lang.ta("sheets-count", &[("count", &ids.len()), ("pages", &made.pages)])
    };
    if args.out.as_os_str() == "-" {
        eprintln!("{summary}");
    } else {
        say(summary);
    }
    Ok(())
}

fn order(args: &Args) -> SheetOrder {
    let mut order = SheetOrder::new(args.kind);
    order.scope = match (args.all, args.replaced, args.blank) {
        (true, ..) => SheetScope::InUse,
        (_, true, _) => SheetScope::Replaced,
        (_, _, true) => SheetScope::Blank,
        _ => SheetScope::NeverPrinted,
    };
    order.form = if args.zip { SheetForm::Zip } else { SheetForm::Pdf };
    order.outdoor = args.outdoor;
    order.unit = args.unit;
    order.town.clone_from(&args.town);
    order.tag.clone_from(&args.tag);
    order.skip = args.skip;
    order.cover = !args.no_cover;
    order
}

/// Tells a terminal how far it is.
fn progress() -> impl Fn(usize, usize) -> bool {
    let terminal = std::io::stderr().is_terminal();
    move |done, total| {
        if terminal {
            eprint!("\r{done} / {total}{}", if done == total { "\n" } else { "" });
        }
        true
    }
}

fn failed(error: &SheetsFailed, lang: Lang) -> CliError {
    CliError::Failure(error.words(lang))
}

fn write(file: &std::path::Path, made: &Sheets) -> Result<(), CliError> {
    let done = if file.as_os_str() == "-" {
        std::io::stdout().lock().write_all(&made.bytes)
    } else {
        std::fs::write(file, &made.bytes)
    };
    done.map_err(|error| CliError::Failure(format!("{} cannot be written: {error}", file.display())))
}
