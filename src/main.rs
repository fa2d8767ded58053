//! The program `mashang`. Everything is in the library; `mashang --help` lists the commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Mail and database connections share this one; without it the first TLS connection would panic.
    let _ = rustls::crypto::ring::default_provider().install_default();
    mashang::cli::run()
}
