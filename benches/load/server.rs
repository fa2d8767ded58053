//! A server process: started, waited for, looked at, stopped.

use super::support::{FILE, Failure};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer its first request.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long it is looked at to see whether it works.
const GLANCE: Duration = Duration::from_millis(300);

/// A server process; killed when it is dropped.
pub struct Server {
    pub address: SocketAddr,
    pub started_in: Duration,
    child: Child,
}

impl Server {
    /// The program over the database, with mails into a folder.
    pub async fn start(folder: &Path, url: Option<&str>) -> Result<Self, Failure> {
        let address = free()?;
        let database = url.map_or_else(|| format!("sqlite:{}", folder.join(FILE).display()), str::to_owned);
        let mut command =
            Command::new(std::env::var("MASHANG_BIN").unwrap_or(env!("CARGO_BIN_EXE_mashang").to_owned()));
        command.args(["serve", "--database-url", &database]).arg("--data").arg(folder.join("data"));
        command.args(["--listen", &address.to_string(), "--public-url", &format!("http://{address}")]);
        command.args(["--mail-from", "mashang@bench.invalid", "--district", "青禾区"]).env("RUST_LOG", "warn");
        Self::spawn(command, address).await
    }

    /// Starts a process and waits until it answers.
    pub async fn spawn(mut command: Command, address: SocketAddr) -> Result<Self, Failure> {
        let begin = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self { address, started_in: Duration::ZERO, child };
        let ready = super::client::Request::get("/readyz");
        while super::client::run(address, vec![ready.clone()], PATIENCE, false).await.is_err() {
            if begin.elapsed() > PATIENCE || server.child.try_wait()?.is_some() {
                return Err("the server did not get ready".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.started_in = begin.elapsed();
        Ok(server)
    }

    /// A number of `/proc/PID/status` (`VmRSS`, `VmHWM`), in MB.
    pub fn memory(&self, what: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(what));
        let kib = line.and_then(|line| line.trim_matches([':', ' ', '\t']).trim_end_matches(" kB").parse::<u64>().ok());
        kib.unwrap_or(0) / 1024
    }

    /// Waits until it has nothing left to do (mails to send, sums to fold), so that it does not slow down what is measured next.
    pub async fn rests(&self) -> Result<(), Failure> {
        let begin = Instant::now();
        let mut before = self.worked();
        loop {
            tokio::time::sleep(GLANCE).await;
            let now = self.worked();
            if now <= before + 1 {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                return Err("the server does not come to rest".into());
            }
            before = now;
        }
    }

    /// Time on a processor so far, in hundredths of a second.
    fn worked(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let behind_name = stat.rsplit(')').next().unwrap_or_default();
        behind_name.split_ascii_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
    }

    /// Asks it to stop and waits.
    pub async fn stop(mut self) -> Result<(), Failure> {
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        while self.child.try_wait()?.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// An address that nobody listens on.
pub fn free() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
