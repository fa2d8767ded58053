//! Real SMTP conversations: plain, STARTTLS and TLS, with login, over a wire that fails at each stage.

use crate::support::smtp_server::{Fault, Security, SmtpServer, Stage};
use chrono::{DateTime, Utc};
use mashang::domain::day::Zone;
use mashang::mail::{Letter, Mailer, SendError, Smtp};
use std::path::Path;
use std::time::Duration;

fn letter() -> Letter {
    Letter {
        from: "码上报备 <mashang@example.org>".to_owned(),
        to: "jiwei@example.org".to_owned(),
        subject: "【码上报备】提醒 编号 ABCD-1234".to_owned(),
        text: ".一行\n以点开头\n".to_owned(),
        html: "<p>一行</p>".to_owned(),
        message_id: "<1@example.org>".to_owned(),
        in_reply_to: None,
        created_at: "2026-03-03T02:00:00Z".parse::<DateTime<Utc>>().expect("an instant"),
        zone: Zone::SHANGHAI,
    }
}

fn plain(server: &SmtpServer) -> Mailer {
    let url = format!("smtp://user:p%40ss@localhost:{}", server.port);
    Mailer::Smtp(Smtp::with_step_limit(&url, None, Duration::from_millis(500)).expect("a mailer"))
}

#[tokio::test]
async fn each_kind_of_connection_delivers_with_login() {
    let folder = tempfile::tempdir().expect("a folder");
    let roots = folder.path().join("ca.pem");
    for (security, scheme) in
        [(Security::Plain, "smtp"), (Security::StartTls, "smtp+starttls"), (Security::Tls, "smtps")]
    {
        let server = SmtpServer::start(security).await;
        server.write_certificate(&roots);
        let url = format!("{scheme}://user:p%40ss@localhost:{}", server.port);
        let mailer = Mailer::smtp(&url, Some(&roots)).expect("a mailer");
        mailer.send(&letter()).await.expect("delivered");
        let received = server.received();
        assert_eq!(received.len(), 1);
        assert_eq!(received[0].to, "jiwei@example.org");
        // "\0user\0p@ss" in base64.
        assert_eq!(received[0].login.as_deref(), Some("AHVzZXIAcEBzcw=="));
        assert_eq!(received[0].encrypted, security != Security::Plain);
        assert_eq!(received[0].header("Message-ID"), "<1@example.org>");
        assert_eq!(received[0].header("Date"), "Tue, 03 Mar 2026 10:00:00 +0800");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_mail() {
    for (security, scheme) in [(Security::StartTls, "smtp+starttls"), (Security::Tls, "smtps")] {
        let server = SmtpServer::start(security).await;
        let mailer = Mailer::smtp(&format!("{scheme}://u:p@localhost:{}", server.port), None).expect("a mailer");
        assert!(matches!(mailer.send(&letter()).await, Err(SendError::Temporary(_))));
        assert!(server.received().is_empty());
    }
}

#[tokio::test]
async fn starttls_is_never_given_up_for_plain_text() {
    let server = SmtpServer::start(Security::Plain).await;
    let mailer = Mailer::smtp(&format!("smtp+starttls://u:p@localhost:{}", server.port), None).expect("a mailer");
    assert!(matches!(mailer.send(&letter()).await, Err(SendError::Temporary(_))));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_cut_and_a_silence_at_any_stage_are_temporary() {
    for stage in Stage::ALL {
        for fault in [Fault::Cut, Fault::Hang, Fault::Say("421 4.3.0 later"), Fault::Say("nonsense")] {
            let server = SmtpServer::start(Security::Plain).await;
            server.fail_next([(stage, fault)]);
            let result = plain(&server).send(&letter()).await;
            assert!(matches!(result, Err(SendError::Temporary(_))), "{stage:?} {fault:?}: {result:?}");
            assert_eq!(server.received().len(), usize::from(stage == Stage::Stored), "{stage:?} {fault:?}");
        }
    }
}

#[tokio::test]
async fn only_what_is_said_of_the_recipient_or_the_mail_is_for_good() {
    for (stage, for_good) in [
        (Stage::Greeting, false),
        (Stage::Login, false),
        (Stage::Sender, false),
        (Stage::Recipient, true),
        (Stage::Data, true),
        (Stage::Content, true),
    ] {
        let server = SmtpServer::start(Security::Plain).await;
        server.fail_next([(stage, Fault::Say("550 5.1.1 no"))]);
        let result = plain(&server).send(&letter()).await;
        assert_eq!(matches!(result, Err(SendError::Refused(_))), for_good, "{stage:?}: {result:?}");
        assert!(result.is_err());
    }
    let server = SmtpServer::start(Security::Plain).await;
    server.fail_next([(Stage::Recipient, Fault::Say("530 5.7.0 authentication required"))]);
    assert!(matches!(plain(&server).send(&letter()).await, Err(SendError::Temporary(_))));
}

#[tokio::test]
async fn nobody_listening_is_temporary() {
    let server = SmtpServer::start(Security::Plain).await;
    let mailer = plain(&server);
    drop(server);
    tokio::task::yield_now().await;
    assert!(matches!(mailer.send(&letter()).await, Err(SendError::Temporary(_))));
}

#[tokio::test]
async fn a_folder_gets_one_file_a_message_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailer = Mailer::Folder(folder.path().join("mail"));
    mailer.send(&letter()).await.expect("written");
    mailer.send(&letter()).await.expect("written again");
    let other = Letter { message_id: "<2@example.org>".to_owned(), ..letter() };
    mailer.send(&other).await.expect("written");
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("mail"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        names
            .iter()
            .all(|name| name.starts_with("20260303T020000")
                && Path::new(name).extension().is_some_and(|end| end == "eml")),
        "{names:?}"
    );
}
