//! The program itself, as a person at a terminal runs it: exit status, words, settings.

use mashang::storage::{Db, users};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The program with a data folder and none of this machine's settings.
pub fn mashang(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mashang"));
    command.env_clear().env("MASHANG_DATA", data).env("LANG", "C.UTF-8").stdin(Stdio::null());
    command
}

pub fn run(data: &Path, args: &[&str]) -> Output {
    mashang(data).args(args).output().expect("the program runs")
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
pub fn expect(output: &Output, status: i32, words: &str) {
    let all = format!("{}\n{}", out(output), err(output));
    assert_eq!(output.status.code(), Some(status), "{all}");
    assert!(all.contains(words), "“{words}” is not in\n{all}");
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path.to_str().expect("a plain path").to_owned()
}

#[test]
fn wrong_arguments_and_settings_have_status_2_and_say_what_to_do() {
    let data = folder();
    expect(&run(data.path(), &[]), 2, "Usage");
    expect(&run(data.path(), &["--help"]), 0, "import");
    expect(&run(data.path(), &["nonsense"]), 2, "nonsense");
    expect(&run(data.path(), &["serve"]), 2, "--public-url");
    expect(&run(data.path(), &["serve", "--public-url", "m.example"]), 2, "https://");
    let mysql = ["serve", "--public-url", "https://m.example", "--database-url", "mysql://h/n"];
    expect(&run(data.path(), &mysql), 2, "postgres://");
    expect(&run(data.path(), &["import", "birds", "x.csv"]), 2, "agencies");
    expect(&run(data.path(), &["import", "agencies", "/not/there.csv"]), 2, "cannot be read");
    expect(&run(data.path(), &["invite", "--cert-no", "1", "--public-url", "https://m.example"]), 2, "1");
}

#[test]
fn a_setting_comes_from_flag_environment_then_file_and_from_a_file_of_its_own() {
    let (data, other) = (folder(), folder());
    let url = write(other.path(), "url", "mysql://from-secret\n");
    let config = write(other.path(), "conf", "MASHANG_DATABASE_URL=oracle://from-file\n");
    let args = ["user", "list", "--config", &config];
    expect(&run(data.path(), &args), 2, "oracle");
    let from_secret = mashang(data.path()).args(args).env("MASHANG_DATABASE_URL_FILE", &url).output();
    expect(&from_secret.expect("runs"), 2, "mysql");
    let from_environment = mashang(data.path())
        .args(args)
        .env("MASHANG_DATABASE_URL_FILE", &url)
        .env("MASHANG_DATABASE_URL", "mongo://from-environment")
        .output();
    expect(&from_environment.expect("runs"), 2, "mongo");
    let flag = mashang(data.path())
        .args(args)
        .args(["--database-url", "redis://from-flag"])
        .env("MASHANG_DATABASE_URL", "mongo://from-environment")
        .output();
    expect(&flag.expect("runs"), 2, "redis");
    let typo = write(other.path(), "typo", "MASHANG_DATABSE_URL=x\n");
    expect(&run(data.path(), &["user", "list", "--config", &typo]), 2, "MASHANG_DATABSE_URL");
}

#[test]
fn an_import_says_what_it_did_and_a_bad_row_has_status_2() {
    let data = folder();
    let text = "单位名称,简称\n区税务局,税务\n";
    let utf8 = write(data.path(), "a.csv", text);
    let gbk = write(data.path(), "b.csv", encoding_rs::GBK.encode(text).0);
    expect(&run(data.path(), &["import", "agencies", &utf8, "--dry-run"]), 0, "nothing was written");
    expect(&run(data.path(), &["import", "agencies", &utf8]), 0, "new 1, changed 0, unchanged 0, rejected 0");
    let again = run(data.path(), &["import", "agencies", &gbk, "--json"]);
    expect(&again, 0, "\"unchanged\":1");
    let parsed: serde_json::Value = serde_json::from_str(out(&again).trim()).expect("one line of JSON");
    assert_eq!((&parsed["new"], &parsed["rejected"]), (&0.into(), &serde_json::json!([])));

    let bad = write(data.path(), "c.csv", "单位名称,联系邮箱\n区统计局,a@b.example\n区审计局,nowhere\n");
    let refused = run(data.path(), &["import", "agencies", &bad]);
    expect(&refused, 2, "Row 3, 联系邮箱 “nowhere”");
    assert!(out(&refused).contains("rejected 1") && err(&refused).contains("Row 3"), "rows on stderr");
    let json = run(data.path(), &["import", "agencies", &bad, "--json", "--lang", "zh-CN"]);
    let parsed: serde_json::Value = serde_json::from_str(out(&json).trim()).expect("one line of JSON");
    assert_eq!(parsed["rejected"][0]["row"], 3);
    assert_eq!(parsed["rejected"][0]["column"], "联系邮箱");
    assert!(parsed["rejected"][0]["reason"].as_str().is_some_and(|words| words.contains("邮箱")));
    assert_eq!(json.status.code(), Some(2));
    expect(&run(data.path(), &["import", "agencies", &bad, "--skip-bad"]), 0, "new 1");
    let columns = write(data.path(), "d.csv", "a,b\n1,2\n");
    expect(&run(data.path(), &["import", "agencies", &columns]), 2, "单位名称");
}

#[test]
fn users_and_tokens_are_made_listed_and_revoked() {
    let data = folder();
    let agencies = write(data.path(), "a.csv", "单位名称\n区税务局\n");
    run(data.path(), &["import", "agencies", &agencies]);
    let password = write(data.path(), "p", "a long enough password\n");
    let create = |more: &[&str]| {
        let mut args = vec!["user", "create", "--name", "王", "--password-file", &password];
        args.extend(more);
        run(data.path(), &args)
    };
    expect(&create(&["--email", "w@a.example", "--role", "supervisor", "--office", "discipline"]), 0, "w@a.example");
    expect(&create(&["--email", "W@A.example", "--role", "operator"]), 2, "already");
    expect(&create(&["--email", "V@A.example", "--role", "operator"]), 0, "v@a.example");
    expect(&create(&["--email", "w@A.EXAMPLE", "--role", "operator"]), 2, "already");
    expect(&create(&["--email", "l@a.example", "--role", "liaison"]), 2, "--agency");
    expect(&create(&["--email", "l@a.example", "--role", "liaison", "--agency", "区农业局"]), 2, "区税务局");
    expect(&create(&["--email", "l@a.example", "--role", "liaison", "--agency", "区税务局"]), 0, "liaison");
    let short = write(data.path(), "s", "short\n");
    let args =
        ["user", "create", "--email", "x@a.example", "--name", "x", "--role", "operator", "--password-file", &short];
    expect(&run(data.path(), &args), 2, "too short");
    for (weak, words) in [("Qwertyuiop\n", "commonest"), ("mashang2026!\n", "name of this program")] {
        let weak = write(data.path(), "weak", weak);
        let args =
            ["user", "create", "--email", "x@a.example", "--name", "x", "--role", "operator", "--password-file", &weak];
        expect(&run(data.path(), &args), 2, words);
    }
    // What is made of the district's own name, however the program is told it.
    let weak = write(data.path(), "weak", "QingHe-2026!\n");
    let args =
        ["user", "create", "--email", "x@a.example", "--name", "x", "--role", "operator", "--password-file", &weak];
    let again = ["user", "password", "--email", "w@a.example", "--password-file", &weak];
    expect(&run(data.path(), &[&args[..], &["--district", "青禾区"]].concat()), 2, "name of this program");
    for args in [&args[..], &again[..]] {
        let from_environment = mashang(data.path()).args(args).env("MASHANG_DISTRICT", "青禾区").output();
        expect(&from_environment.expect("runs"), 2, "name of this program");
    }
    let config = write(data.path(), "conf", "MASHANG_DISTRICT=青禾区\n");
    expect(&run(data.path(), &[&again[..], &["--config", &config]].concat()), 2, "name of this program");
    let list = run(data.path(), &["user", "list"]);
    expect(&list, 0, "区税务局");
    assert_eq!(out(&list).lines().count(), 3);

    let token = run(data.path(), &["token", "create", "--role", "agency", "--agency", "区税务局", "--name", "系统"]);
    expect(&token, 0, "mashang_");
    assert_eq!(out(&token).lines().count(), 1, "standard output is the token alone");
    expect(&run(data.path(), &["token", "create", "--role", "agency", "--name", "x"]), 2, "--agency");
    let list = out(&run(data.path(), &["token", "list"]));
    let id = list.split('\t').next().expect("an id");
    expect(&run(data.path(), &["token", "revoke", id]), 0, "revoked");
    expect(&run(data.path(), &["token", "revoke", id]), 2, "no valid token");
}

#[test]
fn who_forgot_the_password_gets_a_new_one() {
    let data = folder();
    let (old, new) =
        (write(data.path(), "old", "the first password\n"), write(data.path(), "new", "the second password\n"));
    let user =
        ["user", "create", "--email", "w@a.example", "--name", "王", "--role", "operator", "--password-file", &old];
    expect(&run(data.path(), &user), 0, "w@a.example");
    expect(
        &run(data.path(), &["user", "password", "--email", "w@a.example", "--own-password", "--password-file", &new]),
        0,
        "new password",
    );
    expect(&run(data.path(), &["user", "password", "--email", "x@a.example", "--password-file", &new]), 2, "user list");
    let short = write(data.path(), "short", "short\n");
    expect(
        &run(data.path(), &["user", "password", "--email", "w@a.example", "--password-file", &short]),
        2,
        "too short",
    );
}

#[tokio::test]
async fn what_is_typed_for_somebody_else_is_changed_first_and_an_own_password_is_not() {
    let data = folder();
    let password = write(data.path(), "password", "a long pass phrase\n");
    let given = async |email: &str| {
        let db = Db::open_sqlite(&data.path().join("mashang.db")).await.expect("a database");
        let mut tx = db.read().await.expect("a transaction");
        let (user, _) = users::by_email(&mut tx, email).await.expect("asked").expect("a user");
        let given = users::password_given(&mut tx, user.id).await.expect("asked");
        drop(tx);
        db.close().await;
        given.is_some()
    };
    let create = ["user", "create", "--name", "甲", "--role", "operator", "--password-file", &password, "--email"];
    let again = ["user", "password", "--password-file", &password, "--email"];
    let own = ["--own-password"];
    expect(&run(data.path(), &[&create[..], &["a@qh.gov.cn"]].concat()), 0, "");
    assert!(given("a@qh.gov.cn").await);
    expect(&run(data.path(), &[&again[..], &["a@qh.gov.cn"], &own[..]].concat()), 0, "");
    assert!(!given("a@qh.gov.cn").await);
    expect(&run(data.path(), &[&create[..], &["b@qh.gov.cn"], &own[..]].concat()), 0, "");
    assert!(!given("b@qh.gov.cn").await);
    expect(&run(data.path(), &[&again[..], &["b@qh.gov.cn"]].concat()), 0, "");
    assert!(given("b@qh.gov.cn").await);
}

#[test]
fn a_backup_is_a_whole_database_and_overwrites_nothing() {
    let (old, new) = (folder(), folder());
    let secret = write(old.path(), "secret", "a long pass phrase");
    let user =
        ["user", "create", "--email", "a@qh.gov.cn", "--name", "甲", "--role", "operator", "--password-file", &secret];
    expect(&run(old.path(), &user), 0, "");
    let copy = new.path().join("mashang.db");
    let copy = copy.to_str().expect("a plain path");
    let made = run(old.path(), &["backup", copy]);
    expect(&made, 0, "checked");
    expect(&made, 0, "too, but in another place");
    let permissions = std::fs::metadata(copy).expect("a file").permissions().mode();
    assert_eq!(permissions & 0o777, 0o600, "only its owner may read it");
    expect(&run(new.path(), &["user", "list"]), 0, "a@qh.gov.cn");
    expect(&run(old.path(), &["backup", copy]), 2, "name a new file");
}

#[test]
fn the_doctor_finds_what_is_missing() {
    let data = folder();
    let sick = run(data.path(), &["doctor"]);
    expect(&sick, 1, "PROBLEM  public address");
    expect(&sick, 1, "PROBLEM  database");
    assert!(!data.path().join("mashang.db").exists(), "looking does not make a database");
}

#[test]
fn a_clock_that_is_not_in_doubt_is_told_and_left() {
    let data = folder();
    let shown = run(data.path(), &["clock"]);
    expect(&shown, 0, "the newest entry is of –");
    expect(&run(data.path(), &["clock", "--is-right"]), 0, "not in doubt: nothing was changed");
}

/// Stops a server however the test ends.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that has begun to answer, and its address. What it says on standard error is in the file `log`, on standard output in `log.out`.
pub fn serve(data: &Path, log: &str) -> (Server, String) {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let file = |name: &str| std::fs::File::create(data.join(name)).expect("a file");
    let child = mashang(data)
        .args(["serve", "--listen", &address, "--public-url", &format!("http://{address}")])
        .stdout(file(&format!("{log}.out")))
        .stderr(file(log))
        .spawn()
        .expect("it starts");
    let server = Server(child);
    for _ in 0..300 {
        if std::net::TcpStream::connect(&address).is_ok() {
            return (server, address);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it does not answer: {}", std::fs::read_to_string(data.join(log)).unwrap_or_default());
}

#[test]
fn one_server_at_a_time_serves_a_data_folder_and_it_stops_when_it_is_told() {
    let data = folder();
    let (mut server, address) = serve(data.path(), "log");
    let url = format!("http://{address}");
    expect(&run(data.path(), &["serve", "--listen", "127.0.0.1:0", "--public-url", &url]), 1, "already serves");
    // Other commands work beside it.
    let agencies = write(data.path(), "a.csv", "单位名称\n区税务局\n");
    expect(&run(data.path(), &["import", "agencies", &agencies]), 0, "new 1");
    let stop = Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status().expect("kill runs");
    assert!(stop.success());
    assert_eq!(server.0.wait().expect("it ends").code(), Some(0));
    let (_again, _) = serve(data.path(), "log2");
}

#[test]
fn a_server_with_other_keys_than_those_before_it_does_not_start() {
    let data = folder();
    let stop = |server: &mut Server| {
        assert!(
            Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status().expect("kill runs").success()
        );
        assert_eq!(server.0.wait().expect("it ends").code(), Some(0));
    };
    let (mut server, address) = serve(data.path(), "log");
    stop(&mut server);
    let keys = data.path().join("keys");
    std::fs::rename(&keys, data.path().join("kept")).expect("moved");
    let url = format!("http://{address}");
    let start = ["serve", "--listen", "127.0.0.1:0", "--public-url", &url];
    expect(&run(data.path(), &start), 1, "--accept-new-keys");
    std::fs::remove_dir_all(&keys).expect("those it made");
    std::fs::rename(data.path().join("kept"), &keys).expect("back");
    let (mut server, _) = serve(data.path(), "log2");
    stop(&mut server);
}

#[test]
fn the_signal_of_the_file_size_limit_does_not_kill_the_server() {
    let data = folder();
    let (mut server, address) = serve(data.path(), "log");
    let sent = Command::new("kill").args(["-XFSZ", &server.0.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.0.try_wait().expect("it can be asked").is_none(), "it runs on");
    assert!(std::net::TcpStream::connect(&address).is_ok());
}

#[test]
fn a_history_with_a_dirty_name_says_line_and_field_and_one_with_rules_that_are_not_judged_runs() {
    let data = folder();
    let policy = r#"{"type":"policy","effective_from":"2026-01-01","rules":{"JNT-01":{"enabled":false}}}"#;
    let agency = r#"{"type":"agency","ref":"A1","name":"区应急管理局"}"#;
    let sound = write(data.path(), "sound.jsonl", format!("{policy}\n{agency}\n"));
    expect(&run(data.path(), &["replay", &sound]), 0, "");
    let dirty = write(data.path(), "dirty.jsonl", agency.replace('局', "\u{202e}局"));
    let into = data.path().join("into").to_str().expect("a plain path").to_owned();
    for arguments in [vec!["replay", dirty.as_str()], vec!["replay", &dirty, "--into", &into]] {
        expect(&run(data.path(), &arguments), 2, "line 1, field `name`: has an invisible direction mark at position 6");
    }
}

#[test]
fn a_history_is_loaded_into_a_fresh_folder_once_and_its_people_sign_in_afterwards() {
    let data = folder();
    let into = data.path().join("year").to_str().expect("a plain path").to_owned();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario-2024.jsonl");
    let load = ["replay", scenario, "--into", &into];
    expect(&run(data.path(), &load), 0, "17 units, 234 records, 63 problems");
    expect(&run(data.path(), &load), 2, "is not empty");
    let password = write(data.path(), "password", "长一点的密码才足够好用");
    let mut user = mashang(Path::new(&into));
    user.args(["user", "create", "--email", "s@example.org", "--name", "周明", "--role", "supervisor"]);
    user.args(["--office", "discipline", "--password-file", &password]);
    expect(&user.output().expect("runs"), 0, "s@example.org");
}
