//! A provider with a certificate of the district's own.

use mashang::outgoing::{Ask, Http};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

#[tokio::test]
async fn a_certificate_of_one_s_own_is_trusted_where_it_is_named_and_for_its_name_alone() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("usual versions");
    let config = config.with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut read = [0; 1024];
            let _ = stream.read(&mut read).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue").await;
            let _ = stream.shutdown().await;
        }
    });
    let ask = |host: &str, most| Ask::get(format!("https://{host}:{port}/").parse().expect("an address"), most);
    let own = Http::trusting(made.cert.pem().as_bytes()).expect("a certificate");
    let (status, body) = own.send(ask("localhost", 100)).await.expect("an answer");
    assert_eq!((status, &body[..]), (200, &b"true"[..]));
    assert!(own.send(ask("localhost", 3)).await.is_err(), "no more is read than was asked for");
    assert!(own.send(ask("127.0.0.1", 100)).await.is_err(), "another name");
    assert!(Http::default().send(ask("localhost", 100)).await.is_err(), "nobody named it");
}
