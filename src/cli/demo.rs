//! `mashang demo`: a made-up district to look around in, with nothing to set up.

use super::open;
use super::output::{CliError, say};
use crate::actions::{Service, Settings};
use crate::app::App;
use crate::clock::Clock;
use crate::demo::{self, Guide};
use crate::domain::day::Zone;
use crate::ids::Ids;
use crate::mail::Mailer;
use crate::storage::Db;
use crate::{jobs, web};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Look around: a made-up district with a year of history, in a temporary folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    mashang demo\n  \
    mashang demo --listen 192.168.1.20:8080     so that phones in the same network can scan the code\n\n\
    Everything in it is invented, and everybody knows the passwords: it is not for real use.")]
pub struct Args {
    /// Address and port to listen on; also what the codes lead to. Port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "MASHANG_LISTEN")]
    listen: String,
    /// Keep the data here, in a folder without a database; otherwise they are in a temporary folder and gone at the end
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print where to go and who can sign in as one line of JSON
    #[arg(long)]
    json: bool,
}

/// Makes the district up and serves it until Ctrl-C or SIGTERM.
///
/// # Errors
/// When the address is taken, the folder cannot be used, or the program fails.
pub async fn run(args: Args) -> Result<(), CliError> {
    crate::telemetry::start_quietly();
    let listener = TcpListener::bind(&args.listen).await.map_err(|e| {
        CliError::Failure(format!("cannot listen on {}: {e}; choose another address with --listen", args.listen))
    })?;
    let address = listener.local_addr().map_err(|e| CliError::Failure(e.to_string()))?;
    let temporary = if args.data.is_none() {
        Some(tempfile::tempdir().map_err(|e| CliError::Failure(format!("no temporary folder can be made: {e}")))?)
    } else {
        None
    };
    let folder = match (&args.data, &temporary) {
        (Some(folder), _) => folder.clone(),
        (None, Some(folder)) => folder.path().to_owned(),
        (None, None) => PathBuf::from("."),
    };
    open::folder(&folder)?;
    let path = folder.join("mashang.db");
    if path.exists() {
        return Err(CliError::Input(format!(
            "{} is there already: the demonstration begins with a fresh database; name another folder with --data",
            path.display()
        )));
    }
    let host =
        if address.ip().is_unspecified() { format!("127.0.0.1:{}", address.port()) } else { address.to_string() };
    let settings = settings(format!("http://{host}"));
    let guide = demo::build(&path, settings.clone(), Clock::System.now(), progress).await?;
    // What was made up is on the disk before anybody relies on it; from here on every commit is.
    std::fs::File::open(&path).and_then(|file| file.sync_all()).map_err(|e| CliError::Failure(e.to_string()))?;
    let db = Db::open_sqlite(&path).await?;
    let app = App { db: db.clone(), service: Service::new(Ids::Random, settings), clock: Clock::System };
    if args.json {
        say(serde_json::to_string(&guide).map_err(|e| CliError::Failure(e.to_string()))?);
    } else {
        tell(&guide)?;
    }
    let stopped = serve(app, listener, &folder).await;
    db.close().await;
    stopped.map_err(|e| CliError::Failure(format!("serving failed: {e}")))
}

fn settings(public_url: String) -> Settings {
    Settings {
        public_url,
        also_hosts: Vec::new(),
        district: demo::DISTRICT.to_owned(),
        hotline: demo::HOTLINE.to_owned(),
        mail_from: "mashang@demo.example".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: Ids::Random.secret(),
    }
}

async fn serve(app: App, listener: TcpListener, folder: &Path) -> std::io::Result<()> {
    let shutdown = CancellationToken::new();
    let mailer = Mailer::Folder(folder.join("mail"));
    let jobs = tokio::spawn(jobs::run(app.clone(), mailer, shutdown.clone()));
    let served = web::serve::serve(listener, web::demo_router(app), web::serve::stop_signal()).await;
    shutdown.cancel();
    let _ = jobs.await;
    served
}

/// Shows on a terminal how far the year is.
fn progress(done: usize, all: usize) {
    let mut out = std::io::stderr();
    if out.is_terminal() && (done.is_multiple_of(25) || done == all) {
        let end = if done == all { "\n" } else { "" };
        let _ = write!(out, "\r正在编出一年的示例数据 Making up a year: {done} / {all}{end}");
    }
}

/// Says where to go, in both languages, with the code of an enterprise to scan.
fn tell(guide: &Guide) -> Result<(), CliError> {
    let code = qrcode::QrCode::with_error_correction_level(&guide.enterprise_url, qrcode::EcLevel::M)
        .map_err(|e| CliError::Failure(e.to_string()))?;
    let picture = code.render::<qrcode::render::unicode::Dense1x2>().build();
    // Black on white on a dark terminal too: many phones read no inverted code.
    let (paint, plain) = if std::io::stdout().is_terminal() { ("\x1b[38;5;16;48;5;231m", "\x1b[0m") } else { ("", "") };
    let picture: Vec<String> = picture.lines().map(|line| format!("  {paint}{line}{plain}")).collect();
    say(format_args!("\n{}\n", picture.join("\n")));
    say(format_args!(
        "  企业码 Enterprise code  {}\n    {} · {}",
        guide.enterprise_url, guide.enterprise.name, guide.enterprise.short_code
    ));
    say(format_args!("  单位码 Agency code      {}", guide.agency_url));
    say(format_args!(
        "  检查人员 Inspector       {} {}\n    绑定手机 enrol a phone: {}\n    PIN {}",
        guide.inspector.name, guide.inspector.cert_no, guide.inspector.enrol_url, guide.inspector.pin
    ));
    say(format_args!("  邮箱 Mailbox             {}", guide.mailbox_url));
    say(format_args!("  管理台 Console           {}/console", guide.url));
    for (role, person) in [
        ("督查人员 Supervisor", &guide.supervisor),
        ("联络员 Liaison", &guide.liaison),
        ("经办员 Operator", &guide.operator),
        ("管理员 Administrator", &guide.admin),
    ] {
        say(format_args!("    {role}: {}  {}", person.email, person.password));
    }
    say(format_args!("  接口令牌 API token       {}", guide.api_token));
    say("\n  全部为虚构数据。 Everything is made up. Ctrl-C 结束 stops.");
    Ok(())
}
