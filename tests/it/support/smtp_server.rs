//! A small SMTP server of our own: plain, STARTTLS or TLS, with login, and with faults that a test orders.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How connections are secured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Security {
    Plain,
    StartTls,
    Tls,
}

/// Where in a conversation a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Greeting,
    Ehlo,
    Login,
    Sender,
    Recipient,
    Data,
    /// After the whole mail was read, before it is stored.
    Content,
    /// After it was stored, before that is said: the ambiguous cut.
    Stored,
}

impl Stage {
    pub const ALL: [Self; 8] = [
        Self::Greeting,
        Self::Ehlo,
        Self::Login,
        Self::Sender,
        Self::Recipient,
        Self::Data,
        Self::Content,
        Self::Stored,
    ];
}

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The connection ends without a word.
    Cut,
    /// The server says this instead.
    Say(&'static str),
    /// The server says nothing, and keeps the connection.
    Hang,
}

/// A mail that the server stored.
#[derive(Clone, Debug)]
pub struct Received {
    pub to: String,
    pub raw: String,
    pub login: Option<String>,
    pub encrypted: bool,
}

impl Received {
    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    /// One a connection, in order.
    faults: VecDeque<(Stage, Fault)>,
    /// What is said to a recipient.
    refused: HashMap<String, &'static str>,
}

/// The server; ends with the test.
pub struct SmtpServer {
    pub port: u16,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
    certificate: String,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}
type Wire = BufReader<Box<dyn Stream>>;

impl SmtpServer {
    /// Listens on a free port of this machine, with a certificate of its own for `localhost`.
    pub async fn start(security: Security) -> Self {
        Self::start_at(security, 0).await
    }

    /// The same on a given port.
    pub async fn start_at(security: Security, port: u16) -> Self {
        let key = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let certificate = key.cert.pem();
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("usual versions")
            .with_no_client_auth()
            .with_single_cert(vec![key.cert.der().clone()], secret)
            .expect("a usable certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (state, acceptor) = (shared.clone(), acceptor.clone());
                // A conversation that is cut ends with `None`; that is what was ordered.
                tokio::spawn(async move { Conversation::hold(socket, security, acceptor, state).await });
            }
        });
        Self { port, state, task, certificate }
    }

    /// Writes the certificate to a file, for clients to trust.
    pub fn write_certificate(&self, path: &Path) {
        std::fs::write(path, &self.certificate).expect("a file");
    }

    /// Orders faults, one for each of the next connections.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = (Stage, Fault)>) {
        self.state.lock().expect("unpoisoned").faults.extend(faults);
    }

    /// Answers this to a recipient from now on.
    pub fn refuse(&self, recipient: &str, answer: &'static str) {
        self.state.lock().expect("unpoisoned").refused.insert(recipient.to_owned(), answer);
    }

    /// Takes everybody again.
    pub fn refuse_nobody(&self) {
        self.state.lock().expect("unpoisoned").refused.clear();
    }

    /// What was stored so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.lock().expect("unpoisoned").received.clone()
    }
}

struct Conversation {
    wire: Wire,
    state: Arc<Mutex<State>>,
    fault: Option<(Stage, Fault)>,
    encrypted: bool,
    login: Option<String>,
}

impl Conversation {
    async fn hold(
        socket: TcpStream,
        security: Security,
        acceptor: TlsAcceptor,
        state: Arc<Mutex<State>>,
    ) -> Option<()> {
        let fault = { state.lock().expect("unpoisoned").faults.pop_front() };
        let (stream, encrypted): (Box<dyn Stream>, bool) = match security {
            Security::Tls => (Box::new(acceptor.accept(socket).await.ok()?), true),
            _ => (Box::new(socket), false),
        };
        let mut own = Self { wire: BufReader::new(stream), state, fault, encrypted, login: None };
        own.answer(Stage::Greeting, "220 localhost ESMTP").await?;
        let mut recipient = String::new();
        loop {
            let line = own.line().await?;
            let command = line.to_ascii_uppercase();
            if command.starts_with("EHLO") {
                let starttls = if security == Security::StartTls && !own.encrypted { "250-STARTTLS\r\n" } else { "" };
                let hello = format!("250-localhost\r\n{starttls}250-8BITMIME\r\n250 AUTH PLAIN LOGIN");
                own.answer(Stage::Ehlo, &hello).await?;
            } else if command == "STARTTLS" {
                own.say("220 go ahead").await?;
                let stream = acceptor.accept(own.wire.into_inner()).await.ok()?;
                own.wire = BufReader::new(Box::new(stream));
                own.encrypted = true;
            } else if command.starts_with("AUTH PLAIN ") {
                own.login = Some(line["AUTH PLAIN ".len()..].to_owned());
                own.answer(Stage::Login, "235 welcome").await?;
            } else if command.starts_with("MAIL FROM:") {
                own.answer(Stage::Sender, "250 ok").await?;
            } else if command.starts_with("RCPT TO:<") {
                recipient = line["RCPT TO:<".len()..].trim_end_matches('>').to_owned();
                let refused = own.state.lock().expect("unpoisoned").refused.get(&recipient).copied();
                own.answer(Stage::Recipient, refused.unwrap_or("250 ok")).await?;
            } else if command == "DATA" {
                own.answer(Stage::Data, "354 go on").await?;
                if !own.fault_says_no(Stage::Data) {
                    own.store(&recipient).await?;
                }
            } else if command == "QUIT" {
                own.say("221 bye").await?;
                return None;
            } else {
                own.say("250 ok").await?;
            }
        }
    }

    async fn store(&mut self, recipient: &str) -> Option<()> {
        let mut raw = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                break;
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            raw.push_str("\r\n");
        }
        if self.fault.is_some_and(|(stage, _)| stage == Stage::Content) {
            return self.answer(Stage::Content, "").await;
        }
        let received = Received { to: recipient.to_owned(), raw, login: self.login.clone(), encrypted: self.encrypted };
        self.state.lock().expect("unpoisoned").received.push(received);
        self.answer(Stage::Stored, "250 stored").await
    }

    fn fault_says_no(&self, stage: Stage) -> bool {
        matches!(self.fault, Some((at, Fault::Say(_))) if at == stage)
    }

    /// Says a line, unless a fault was ordered for this stage.
    async fn answer(&mut self, stage: Stage, usual: &str) -> Option<()> {
        match self.fault.filter(|(at, _)| *at == stage) {
            None => self.say(usual).await,
            Some((_, Fault::Say(other))) => self.say(other).await,
            Some((_, Fault::Cut)) => None,
            Some((_, Fault::Hang)) => std::future::pending().await,
        }
    }

    async fn say(&mut self, line: &str) -> Option<()> {
        self.wire.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
        self.wire.flush().await.ok()
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.wire.read_line(&mut line).await.ok()? {
            0 => None,
            _ => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
        }
    }
}
