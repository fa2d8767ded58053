//! The year of the demonstration with hostile words in every column that keeps somebody's words.

use super::corpus::{self, TAKEN};
use crate::support::{Client, OLD_HOST};
use mashang::actions::{Service, Settings};
use mashang::app::App;
use mashang::clock::Clock;
use mashang::demo::{self, Guide, SignIn};
use mashang::domain::day::Zone;
use mashang::ids::Ids;
use mashang::storage::{Db, Param, Tx};
use serde_json::Value;
use tokio::sync::OnceCell;

/// Columns that keep words which somebody typed.
const WORDS: &[(&str, &[&str])] = &[
    ("agencies", &["name", "short_name"]),
    ("answer_files", &["name"]),
    ("api_tokens", &["name"]),
    ("appeals", &["words", "reply"]),
    ("bell_messages", &["words", "last_error"]),
    ("bells", &["name", "host"]),
    ("contact_openings", &["words"]),
    ("decisions", &["reason"]),
    ("enterprises", &["name", "town", "address", "industry"]),
    ("explanation_requests", &["extension_words"]),
    ("external_identities", &["issuer", "subject"]),
    ("files", &["name"]),
    ("filings", &["exemption_reason", "evidence_ref", "joint_group", "note", "cancel_reason"]),
    ("holidays", &["name"]),
    ("imports", &["file_name"]),
    ("inspectors", &["name"]),
    ("mails", &["subject", "body_text", "last_error"]),
    ("matters", &["name", "matter_group", "legal_basis"]),
    ("passkeys", &["name"]),
    ("policies", &["note"]),
    ("report_messages", &["words"]),
    ("report_notes", &["words"]),
    ("reports", &["agency_text", "words"]),
    ("request_answers", &["words", "document", "verdict_words"]),
    ("request_items", &["asked_zh", "asked_en", "rule_zh", "rule_en", "outcome_words"]),
    ("screens", &["name"]),
    ("signs", &["place", "revoked_reason"]),
    ("sites", &["name", "town", "address"]),
    ("unverified_filings", &["name", "phone", "reason"]),
    ("users", &["name"]),
    ("violations", &["decision_reason"]),
];

/// The other columns of texts: codes of the program, ids, hashes, addresses, and what is made of words for a search.
const NO_WORDS: &[(&str, &[&str])] = &[
    ("alerts", &["state"]),
    ("answer_files", &["media_type"]),
    ("api_tokens", &["role", "office"]),
    ("appeals", &["state"]),
    ("attempts", &["scope", "subject"]),
    ("audit", &["actor_kind", "actor", "action", "object_kind"]),
    ("backup_drills", &["file", "how", "trouble"]),
    ("backups", &["file", "trouble"]),
    ("bell_messages", &["state"]),
    ("bells", &["kind", "office", "state"]),
    ("case_mails", &["subject_kind"]),
    ("case_steps", &["subject_kind", "step", "state"]),
    ("contact_openings", &["state", "reason"]),
    ("decisions", &["kind"]),
    ("enterprise_keys", &["kind", "key"]),
    ("enterprises", &["uscc", "credit_class", "email", "search", "pin_hash"]),
    ("explanation_requests", &["number", "state", "extension"]),
    ("external_identities", &["provider"]),
    ("figure_changes", &["kind"]),
    ("figure_days", &["kind"]),
    ("figure_violation_changes", &["state", "rule"]),
    ("figure_violations", &["state", "rule"]),
    ("files", &["media_type"]),
    ("filings", &["number", "kind", "exemption", "source", "filed_by", "result", "inspection_code", "arrival_pin"]),
    ("held_requests", &["state"]),
    ("holidays", &["kind"]),
    ("import_pages", &["kind"]),
    ("imports", &["registry", "state", "sha256", "digest"]),
    ("inspectors", &["cert_no", "pin_hash", "kind"]),
    ("key_marks", &["name"]),
    ("leases", &["name"]),
    ("mails", &["recipient", "kind", "body_html", "message_id", "in_reply_to", "state"]),
    ("open_form_counts", &["scope", "subject"]),
    ("quarantine", &["kind", "state", "reason", "decided_by"]),
    ("report_messages", &["phrase"]),
    ("reports", &["receipt", "shown_certificate", "shown_notice", "identity", "arrival_known"]),
    ("request_answers", &["choice", "verdict"]),
    ("request_items", &["rule", "filing_number", "outcome"]),
    ("sessions", &["proof", "device"]),
    ("sign_prints", &["host"]),
    ("signs", &["serial", "token", "short_code", "unit_kind", "state", "printed_host"]),
    ("submissions", &["scope", "key", "answer"]),
    ("tasks", &["kind", "state", "trouble", "lang"]),
    ("unverified_filings", &["cert_no", "outcome"]),
    ("visit_invitations", &["state"]),
    ("users", &["email", "role", "office", "password_hash", "alert_choice", "lang"]),
    ("violations", &["rule", "subject_kind", "state", "handling", "decision_kind", "dismissal", "closed_as"]),
];

/// The site, as it is served: over https there are passkeys too.
pub const PUBLIC: &str = "https://mashang.test";

/// Rows that the demonstration has not.
const MORE: [&str; 9] = [
    "INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, name, created_at)
        SELECT id, id, x'01', x'01', 0, 'x', created_at FROM users WHERE email = 'supervisor@demo.example'",
    "INSERT INTO external_identities (id, provider, issuer, subject, user_id, linked_at)
        SELECT id, 'oidc', 'x', 'x', id, created_at FROM users WHERE email = 'supervisor@demo.example'",
    "INSERT INTO unverified_filings (filing_id, agency_id, name, cert_no, phone, filed_at, due_at, reason)
        SELECT id, agency_id, 'x', '1', '1', filed_at, filed_at, '' FROM filings
        WHERE agency_id = (SELECT agency_id FROM users WHERE role = 'liaison' LIMIT 1) ORDER BY filed_at DESC LIMIT 3",
    "INSERT INTO appeals (id, request_id, violation_id, agency_id, words, asked_at, asked_by, due_on, state, reply)
        SELECT i.id, r.id, i.violation_id, r.agency_id, 'x', r.sent_at, (SELECT id FROM users WHERE role = 'liaison' LIMIT 1), r.due_on,
            CASE WHEN i.rowid % 2 = 0 THEN 'asked' ELSE 'rejected' END, 'x'
        FROM request_items i JOIN explanation_requests r ON r.id = i.request_id LIMIT 6",
    "INSERT INTO answer_files (id, answer_id, position, file_id, name, media_type, size)
        SELECT a.id, a.id, 1, f.id, 'x.jpg', 'image/jpeg', f.size FROM request_answers a, (SELECT id, size FROM files LIMIT 1) f LIMIT 3",
    "INSERT INTO holidays (day, kind, name, active) VALUES ('2026-05-01', 'off', 'x', TRUE)",
    "UPDATE contact_openings SET state = 'asked', decided_at = NULL",
    "UPDATE explanation_requests SET extension = 'asked', extension_words = 'x'
        WHERE id IN (SELECT id FROM explanation_requests ORDER BY sent_at DESC LIMIT 3)",
    "UPDATE filings SET joint_group = 'x'
        WHERE id IN (SELECT id FROM filings WHERE arrived_at IS NULL ORDER BY filed_at DESC LIMIT 3)",
];

/// Noon of a Wednesday, an open day.
pub const NOW: &str = "2026-03-25T04:00:00Z";

/// The demonstration, made up once: its file and who is in it.
static MADE_UP: OnceCell<(Vec<u8>, Guide)> = OnceCell::const_new();

/// The program over a demonstration of its own.
pub struct Dressed {
    pub app: App,
    pub guide: Guide,
    _folder: tempfile::TempDir,
}

fn settings() -> Settings {
    Settings {
        public_url: PUBLIC.to_owned(),
        also_hosts: vec![OLD_HOST.to_owned()],
        district: demo::DISTRICT.to_owned(),
        hotline: demo::HOTLINE.to_owned(),
        mail_from: "mashang@example.org".to_owned(),
        zone: Zone::SHANGHAI,
        contact_key: [7; 32],
    }
}

impl Dressed {
    /// The demonstration as it is.
    pub async fn plain() -> Self {
        let now = NOW.parse().expect("an instant");
        let (bytes, guide) = MADE_UP
            .get_or_init(|| async {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("mashang.db");
                let guide = demo::build(&path, settings(), now, |_, _| ()).await.expect("made up");
                (std::fs::read(&path).expect("the file"), guide)
            })
            .await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mashang.db");
        std::fs::write(&path, bytes).expect("a copy");
        let db = Db::open_sqlite(&path).await.expect("a SQLite file");
        let app = App { db, service: Service::new(Ids::seeded(9), settings()), clock: Clock::manual(now) };
        Self { app, guide: guide.clone(), _folder: folder }
    }

    /// Rows of what nobody in the demonstration has: passkeys, an account at a provider, urgent visits, appeals, files, a holiday, a joint visit.
    pub async fn complete(&self) {
        let mut tx = self.app.db.write().await.expect("a transaction");
        for sql in MORE {
            assert!(tx.execute(sql, &[]).await.expect("the database allows it") > 0, "{sql}");
        }
        tx.commit().await.expect("a commit");
    }

    /// Puts the words of the corpus into every column of words, in turn, and into every Chinese word of a JSON column.
    pub async fn dress(&self) {
        let mut tx = self.app.db.write().await.expect("a transaction");
        for (number, (table, column)) in columns().iter().enumerate() {
            let rows = rows(&mut tx, table, column).await;
            let sql = leak(format!("UPDATE {table} SET {column} = $2 WHERE rowid = $1"));
            for (nth, row) in rows.into_iter().enumerate() {
                let words = corpus::marked((nth + 5 * number) % TAKEN.len(), number, row);
                tx.execute(sql, &[Param::from(row), Param::from(words)]).await.expect("dressed");
            }
        }
        for (number, (table, column)) in (1_000..).zip(of_type(&mut tx, "JSONB").await) {
            dress_json(&mut tx, number, &table, &column).await;
        }
        tx.execute("UPDATE registry_state SET version = version + 1", &[]).await.expect("read anew");
        tx.commit().await.expect("a commit");
    }

    /// A browser.
    pub fn client(&self) -> Client {
        Client::new(mashang::web::demo_router(self.app.clone()))
    }

    /// A browser that somebody of the guide has signed in with.
    pub async fn signed_in(&self, who: &SignIn) -> Client {
        let mut client = self.client();
        let fields = [("email", who.email.as_str()), ("password", &who.password), ("next", "")];
        client.post_form("/console/sign-in", &fields).await.location();
        client
    }

    /// The inspector's enrolled phone.
    pub async fn phone(&self) -> Client {
        let mut phone = self.client();
        let pin = self.guide.inspector.pin.as_str();
        phone.post_form(path_of(&self.guide.inspector.enrol_url), &[("pin", pin), ("pin_again", pin)]).await.location();
        phone
    }

    /// One text a row.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        let mut tx = self.app.db.read().await.expect("a connection");
        let rows = tx.fetch_all(sql, &[]).await.expect("read");
        rows.iter().map(|row| row.get("value").expect("a text")).collect()
    }

    /// One id a row, with a path before it.
    pub async fn paths(&self, before: &str, sql: &'static str) -> Vec<String> {
        let mut tx = self.app.db.read().await.expect("a connection");
        let rows = tx.fetch_all(sql, &[]).await.expect("read");
        rows.iter().map(|row| format!("{before}{}", row.get::<uuid::Uuid>("value").expect("an id"))).collect()
    }
}

/// The path of an address of this site.
pub fn path_of(url: &str) -> &str {
    url.strip_prefix(PUBLIC).expect("an address of this site")
}

/// The columns of words in the order of their numbers.
pub fn columns() -> Vec<(&'static str, &'static str)> {
    WORDS.iter().flat_map(|(table, columns)| columns.iter().map(move |column| (*table, *column))).collect()
}

fn leak(sql: String) -> &'static str {
    Box::leak(sql.into_boxed_str())
}

/// The rows that have something in a column.
async fn rows(tx: &mut Tx, table: &str, column: &str) -> Vec<i64> {
    let sql = leak(format!("SELECT rowid AS value FROM {table} WHERE {column} IS NOT NULL ORDER BY rowid"));
    tx.fetch_all(sql, &[]).await.expect("read").iter().map(|row| row.get("value").expect("a number")).collect()
}

async fn of_type(tx: &mut Tx, kind: &str) -> Vec<(String, String)> {
    let sql = "SELECT t.name AS tbl, c.name AS col
        FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE '\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%' AND c.type = $1
        ORDER BY t.name, c.cid";
    let rows = tx.fetch_all(sql, &[Param::from(kind.to_owned())]).await.expect("the schema");
    rows.iter().map(|row| (row.get("tbl").expect("a name"), row.get("col").expect("a name"))).collect()
}

async fn dress_json(tx: &mut Tx, number: usize, table: &str, column: &str) {
    let sql = leak(format!("UPDATE {table} SET {column} = $2 WHERE rowid = $1"));
    let read = leak(format!("SELECT {column} AS value FROM {table} WHERE rowid = $1"));
    let mut turn = number;
    for row in rows(tx, table, column).await {
        let found = tx.fetch_one(read, &[Param::from(row)]).await.expect("a row");
        let before: Value = found.json("value").expect("JSON");
        let mut after = before.clone();
        dress_value(&mut after, &mut || {
            turn += 1;
            corpus::marked(turn % TAKEN.len(), number, row)
        });
        if after != before {
            tx.execute(sql, &[Param::from(row), Param::from(after)]).await.expect("dressed");
        }
    }
}

/// Words have Chinese characters in the demonstration; codes, ids and instants have none.
fn dress_value(value: &mut Value, words: &mut impl FnMut() -> String) {
    match value {
        Value::String(text) if text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) => *text = words(),
        Value::Array(list) => list.iter_mut().for_each(|value| dress_value(value, words)),
        Value::Object(fields) => fields.values_mut().for_each(|value| dress_value(value, words)),
        _ => {}
    }
}

#[tokio::test]
async fn every_column_of_texts_is_known_to_keep_words_or_none() {
    let dressed = Dressed::plain().await;
    let mut tx = dressed.app.db.read().await.expect("a connection");
    let schema = of_type(&mut tx, "TEXT").await;
    assert!(schema.len() > 100, "{schema:?}");
    let listed: Vec<(String, String)> = WORDS
        .iter()
        .chain(NO_WORDS)
        .flat_map(|(table, columns)| columns.iter().map(|column| ((*table).to_owned(), (*column).to_owned())))
        .collect();
    for column in &schema {
        let times = listed.iter().filter(|other| *other == column).count();
        assert_eq!(times, 1, "{column:?} belongs to WORDS or to NO_WORDS of tests/it/markup/dressed.rs");
    }
    for column in &listed {
        assert!(schema.contains(column), "{column:?} is no column any more: take it out");
    }
}
