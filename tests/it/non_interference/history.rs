//! Two histories of one district that differ only in what enterprises report.

use crate::api;
use crate::cases::world::PDF;
use crate::console::world::{FIRE, MARKET, World, at};
use mashang::actions::cases::{NewAnswer, answer_request, check_attachments, send_request};
use mashang::actions::{
    Actor, Decision, Marks, ReportVisit, Target, add_to_report, arrive, decide_violation, leave, link_report,
    rate_visit, record_result, report_visit, reporters, suspend_inspector, withdraw_report,
};
use mashang::domain::api_token::Holder;
use mashang::domain::cases::AnswerChoice;
use mashang::domain::filing::{Kind, VisitResult};
use mashang::domain::id::{FilingId, ReportId};
use mashang::domain::reporter::{Identity, OpeningReason, Phrase};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::domain::visit_report::{Answer, ArrivalKnown};
use mashang::ids::Ids;
use mashang::jobs;
use mashang::mail::{Mailer, Memory};
use mashang::storage::cases::{answers, items};
use mashang::storage::filings::Scope;
use mashang::storage::violations::{self, ViolationRecord};
use mashang::storage::{Tx, contact_openings, users};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// How much randomness one call may use up.
const STRIDE: u64 = 1 << 20;

/// Where the randomness of the reporters, of those who ask, and of everything else begins.
const REPORTERS: u64 = 1 << 40;
/// See [`REPORTERS`].
const ASKING: u64 = 1 << 50;

/// One history and what was made in it.
pub struct History {
    pub world: World,
    reported: bool,
    calls: u64,
    reports: u64,
    asked: u64,
    mailer: Memory,
    /// What the requests of the table call by name.
    pub names: BTreeMap<&'static str, String>,
    /// Reports and what followed from them: what only the history with reports has.
    secrets: Vec<String>,
    filings: Vec<FilingId>,
}

impl History {
    /// The district before anything happens.
    pub async fn begin(reported: bool) -> Self {
        let world = World::new().await;
        let mut names = BTreeMap::new();
        let seed = &world.test.seed;
        let (enterprise, sign) = &seed.enterprises[0];
        names.insert("enterprise", enterprise.to_string());
        names.insert("sign", sign.id.to_string());
        names.insert("token", sign.token.clone());
        names.insert("agency", seed.agencies[FIRE].to_string());
        names.insert("other_agency", seed.agencies[MARKET].to_string());
        names.insert("agency_token", seed.agency_signs[FIRE].token.clone());
        names.insert("own_sign", seed.agency_signs[FIRE].id.to_string());
        names.insert("inspector", seed.inspectors["陈小明"].to_string());
        names.insert("matter", seed.matters["消防安全检查"].to_string());
        let home = world.test.client().get("/").await.text();
        let css = home.split('"').find(|part| part.starts_with("/static/") && part.rsplit('.').next() == Some("css"));
        names.insert("css", css.expect("a style sheet").to_owned());
        names.insert("nobody", "00000000-0000-7000-8000-000000000000".to_owned());
        // The liaison of the fire brigade is its head too, who approves visits.
        let mut tx = world.test.app.db.write().await.expect("a transaction");
        users::set_lead(&mut tx, world.users[2], true).await.expect("a head");
        tx.commit().await.expect("a commit");
        Self {
            world,
            reported,
            calls: 0,
            reports: 0,
            asked: 0,
            mailer: Memory::default(),
            names,
            secrets: Vec::new(),
            filings: Vec::new(),
        }
    }

    fn randomness(&self, start: u64) {
        let Ids::Seeded(counter) = &self.world.test.app.service.ids else { panic!("tests have seeded ids") };
        counter.store(start, Ordering::Relaxed);
    }

    /// The randomness of the next call that both histories make.
    fn call(&mut self) {
        self.calls += 1;
        self.randomness(self.calls * STRIDE + (1 << 30));
    }

    /// The randomness of the next call that only the history with reports makes.
    fn report_call(&mut self) {
        self.reports += 1;
        self.randomness(REPORTERS + self.reports * STRIDE);
    }

    /// The randomness of the next request of somebody who looks.
    pub fn ask(&mut self) {
        self.asked += 1;
        self.randomness(ASKING + self.asked * STRIDE);
    }

    /// A token of the fire brigade for the API.
    pub async fn api_token(&mut self) -> String {
        self.call();
        let app = &self.world.test;
        let mut tx = app.app.db.write().await.expect("a transaction");
        let token = api::token(app, &mut tx, Holder::Agency(app.seed.agencies[FIRE])).await;
        tx.commit().await.expect("a commit");
        token
    }

    async fn write(&self) -> Tx {
        self.world.test.app.db.write().await.expect("a transaction")
    }

    async fn file(&mut self, name: &'static str, agency: &str, start: &str, kind: Kind) {
        self.call();
        let id = self.world.file_as(agency, start, kind).await;
        self.names.insert(name, id.to_string());
        self.filings.push(id);
        let mut tx = self.write().await;
        let filed = mashang::storage::filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing");
        let code = match name {
            "filing" => "code",
            "theirs" => "their_code",
            _ => return,
        };
        self.names.insert(code, filed.inspection_code);
    }

    /// A whole visit of a filing: arrival and leaving at these instants, and its result.
    async fn visited(&mut self, filing: usize, arrived: &str, left: &str) {
        let id = self.filings[filing];
        let clock = self.world.test.app.clock.clone();
        let actor = Actor::System;
        let target = Target { id, scope: Scope::All, version: None, actor: &actor };
        clock.set(at(arrived));
        self.call();
        let service = self.world.test.app.service.clone();
        let mut tx = self.write().await;
        arrive(&mut tx, &service, clock.now(), target).await.expect("arrived");
        tx.commit().await.expect("a commit");
        clock.set(at(left));
        self.call();
        let mut tx = self.write().await;
        leave(&mut tx, &service, clock.now(), target).await.expect("left");
        record_result(&mut tx, &service, clock.now(), target, VisitResult::NoProblem).await.expect("a result");
        tx.commit().await.expect("a commit");
    }

    /// A report, in the history that has them.
    async fn report(&mut self, agency: Option<&str>, enterprise: usize, arrived: &str, what: What) -> Option<ReportId> {
        if !self.reported {
            return None;
        }
        self.report_call();
        let app = &self.world.test.app;
        let enterprise = self.world.test.seed.enterprises[enterprise].0;
        let command = ReportVisit {
            matters: Vec::new(),
            enterprise,
            agency: agency.map(|name| self.world.test.seed.agencies[name]),
            agency_text: if agency.is_none() { "穿制服的".to_owned() } else { String::new() },
            arrived_at: at(arrived),
            arrival_known: ArrivalKnown::Time,
            verified: true,
            visitors: Some(5),
            shown_certificate: Some(Answer::No),
            shown_notice: Some(Answer::No),
            documents_demanded: true,
            premises_inspected: true,
            rectification_asked: true,
            form_signed: true,
            prohibited: if matches!(what, What::Prohibited) { vec![1, 3] } else { Vec::new() },
            service: matches!(what, What::Service),
            words: "举报人的话".to_owned(),
            contact: "举报人的电话 13900000000".to_owned(),
            held: false,
        };
        let mut tx = self.write().await;
        let actor = Actor::Enterprise(enterprise);
        let done = report_visit(&mut tx, &app.service, app.clock.now(), &actor, None, command).await.expect("reported");
        tx.commit().await.expect("a commit");
        let id = done.record.report.id;
        self.secrets.extend([id.to_string(), done.record.receipt]);
        Some(id)
    }

    /// The first three days: filings before, between and after the reports.
    pub async fn first_days(&mut self) {
        let clock = self.world.test.app.clock.clone();
        let early = self.report(Some(FIRE), 0, "02-20 09:00", What::Prohibited).await;
        self.file("filing", FIRE, "03-05 09:00", Kind::Daily).await;
        let unknown = self.report(None, 0, "03-02 15:00", What::Plain).await;
        self.file("quiet", FIRE, "03-15 10:00", Kind::Daily).await;
        self.file("theirs", MARKET, "03-12 10:00", Kind::Daily).await;
        self.report(Some(MARKET), 1, "03-03 09:00", What::Prohibited).await;
        self.file("service", FIRE, "03-04 10:00", Kind::ServiceVisit).await;
        clock.set(at("03-04 11:00"));
        self.report(Some(FIRE), 0, "03-04 09:00", What::Plain).await;
        self.report(Some(FIRE), 0, "03-04 10:00", What::Service).await;
        self.file("again", FIRE, "03-06 10:00", Kind::Daily).await;
        self.visited(0, "03-05 09:05", "03-05 10:40").await;
        let service = self.world.test.app.service.clone();
        // The registry goes on: the next occasion to judge would show it in every verdict that she is in, and a report is none.
        self.call();
        let suspended = self.world.test.seed.inspectors["李芳"];
        let mut tx = self.write().await;
        suspend_inspector(&mut tx, &service, clock.now(), &Actor::System, None, suspended, true)
            .await
            .expect("suspended");
        tx.commit().await.expect("a commit");
        if let (Some(early), Some(unknown)) = (early, unknown) {
            let filing = self.filings[3];
            self.report_call();
            let mut tx = self.write().await;
            let now = clock.now();
            add_to_report(&mut tx, &service, now, early, "举报人后来的话").await.expect("added");
            let supervisor = Actor::User(self.world.users[1]);
            link_report(&mut tx, &service, now, &supervisor, unknown, 1, Some(filing), "人数和时间对得上")
                .await
                .expect("linked");
            let marks = Marks { closeness: 1, integrity: 1, satisfaction: 1 };
            rate_visit(&mut tx, &service, now, self.filings[0], marks).await.expect("rated");
            self.care(&mut tx, early).await;
            tx.commit().await.expect("a commit");
        }
        self.ask_and_answer().await;
        self.pass_to("03-06 16:00").await;
    }

    /// Supervisors write to the reporter, who lets herself be named, and two of them open her contact.
    async fn care(&self, tx: &mut Tx, report: ReportId) {
        let (service, now) = (&self.world.test.app.service, self.world.test.app.clock.now());
        let [first, second] = [self.world.users[1], self.world.users[0]];
        let phrase = Some(Phrase::Who);
        reporters::write_to_reporter(tx, service, now, first, true, report, phrase, "监督员的话")
            .await
            .expect("written");
        reporters::raise_identity(tx, service, now, report, Identity::Open).await.expect("raised");
        let reason = OpeningReason::Verify;
        reporters::ask_to_open(tx, service, now, first, true, report, reason, "核实时间").await.expect("asked");
        let asked = contact_openings::of_report(tx, report).await.expect("openings").remove(0).id;
        reporters::decide_opening(tx, service, now, second, true, report, asked, true).await.expect("agreed");
        reporters::open_contact(tx, service, now, first, true, report).await.expect("opened");
    }

    /// A supervisor asks about a filing of the fire brigade, and its liaison answers: a request is what an agency may know of.
    async fn ask_and_answer(&mut self) {
        let ours = self.world.violation(RuleCode::Ndd01, Subject::Filing(self.filings[1])).await;
        let (service, now) = (self.world.test.app.service.clone(), self.world.test.app.clock.now());
        let (supervisor, liaison) = (Actor::User(self.world.users[1]), self.world.users[2]);
        let agency = self.world.test.seed.agencies[FIRE];
        self.call();
        let mut tx = self.write().await;
        let request =
            send_request(&mut tx, &service, now, &supervisor, &[(ours.id, ours.version)]).await.expect("sent");
        let answer = NewAnswer {
            choice: AnswerChoice::Exception,
            words: "上级临时部署".to_owned(),
            document: String::new(),
            files: check_attachments(vec![("批复.pdf".to_owned(), PDF.to_vec())]).expect("a plain file"),
        };
        answer_request(&mut tx, &service, now, liaison, agency, request.id, 1, &answer).await.expect("answered");
        let items = items::of_request(&mut tx, request.id).await.expect("read");
        let files = answers::files(&mut tx, request.id).await.expect("read");
        tx.commit().await.expect("a commit");
        self.names.insert("request", request.id.to_string());
        self.names.insert("asked_item", items[0].id.to_string());
        self.names.insert("attachment", files[0].id.to_string());
        self.names.insert("liaison", liaison.to_string());
    }

    /// The clock goes on, and what falls due happens: deadlines, digests, mails.
    async fn pass_to(&mut self, instant: &str) {
        self.world.test.app.clock.set(at(instant));
        self.call();
        let app = self.world.test.app.clone();
        jobs::run_due(&app, app.clock.now()).await.expect("what is due");
        self.call();
        jobs::deliver_everything(&app, &Mailer::Memory(self.mailer.clone())).await.expect("delivered");
    }

    /// The deadlines of the reports pass; supervisors decide.
    pub async fn deadlines_pass(&mut self) {
        for instant in ["03-09 09:30", "03-13 09:30", "03-20 09:30"] {
            self.pass_to(instant).await;
        }
        let service = self.world.test.app.service.clone();
        let now = self.world.test.app.clock.now();
        let supervisor = Actor::User(self.world.users[1]);
        let ours = self.world.violation(RuleCode::Ndd01, Subject::Filing(self.filings[1])).await;
        self.call();
        let mut tx = self.write().await;
        decide_violation(&mut tx, &service, now, &supervisor, ours.id, None, Decision::Confirm, "")
            .await
            .expect("decided");
        tx.commit().await.expect("a commit");
        if !self.reported {
            return;
        }
        let following = self.following().await;
        let rules: Vec<RuleCode> = following.iter().map(|violation| violation.rule).collect();
        for rule in [RuleCode::Fil04, RuleCode::Int01, RuleCode::Prc01, RuleCode::Rec01, RuleCode::Dis01] {
            assert!(rules.contains(&rule), "the reports raise no {rule}: {rules:?}");
        }
        self.report_call();
        let mut tx = self.write().await;
        // A request about one of them waits for its batch, and is taken back before it leaves.
        let told =
            following.iter().find(|v| v.rule == RuleCode::Prc01 && v.agency.is_some()).expect("one to ask about");
        let seen = [(told.id, told.version)];
        let held = reporters::hold_request(&mut tx, &service, now, self.world.users[1], &seen).await.expect("held");
        reporters::take_back(&mut tx, &service, now, &supervisor, held.id).await.expect("taken back");
        self.secrets.push(held.id.to_string());
        for violation in &following {
            if violation.rule == RuleCode::Fil04 {
                let id = violation.id;
                decide_violation(&mut tx, &service, now, &supervisor, id, None, Decision::Confirm, "")
                    .await
                    .expect("decided");
            }
        }
        tx.commit().await.expect("a commit");
        self.secrets.extend(following.iter().map(|violation| violation.id.to_string()));
    }

    /// The violations that there would not be without reports.
    async fn following(&self) -> Vec<ViolationRecord> {
        let mut tx = self.world.test.app.db.read().await.expect("a connection");
        let mut found = Vec::new();
        for (enterprise, _) in &self.world.test.seed.enterprises {
            found.extend(violations::by_enterprise(&mut tx, *enterprise).await.expect("violations"));
        }
        found
            .retain(|v| matches!(v.subject, Subject::Report(_)) || matches!(v.rule, RuleCode::Rec01 | RuleCode::Dis01));
        found
    }

    /// Later days: the agency files again after it was reported, a report is taken back, everything that is left falls due.
    pub async fn more_days(&mut self) {
        self.pass_to("03-30 09:00").await;
        let back = self.report(Some(FIRE), 0, "03-27 09:00", What::Plain).await;
        self.file("later", FIRE, "03-31 10:00", Kind::Daily).await;
        if let Some(back) = back {
            self.report_call();
            let app = self.world.test.app.clone();
            let mut tx = self.write().await;
            withdraw_report(&mut tx, &app.service, app.clock.now(), back).await.expect("withdrawn");
            tx.commit().await.expect("a commit");
        }
        self.pass_to("04-20 10:00").await;
    }

    /// What only the history with reports has: ids and receipts.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// All letters to anybody but supervisors, in the order of their delivery. A Message-ID is random in life: it stands for its place.
    pub fn letters(&self) -> String {
        let supervisors = ["reform@qh.gov.cn", "discipline@qh.gov.cn"];
        let delivered = self.mailer.delivered();
        let mut letters: Vec<_> =
            delivered.iter().map(|d| &d.letter).filter(|l| !supervisors.contains(&l.to.as_str())).collect();
        // Those of one instant go out by their ids, which are random.
        letters.sort_by_key(|letter| (letter.created_at, &letter.to, &letter.subject, &letter.text));
        let mut ids: Vec<&str> = Vec::new();
        let mut text = String::new();
        for letter in letters {
            ids.push(&letter.message_id);
            let reply = letter.in_reply_to.as_deref().map(|id| ids.iter().position(|known| *known == id));
            let head = format!("to {} at {}, reply to {reply:?}", letter.to, letter.created_at);
            text += &[head.as_str(), &letter.subject, &letter.text, &letter.html, ""].join("\n");
        }
        text
    }
}

/// What a report is about.
#[derive(Clone, Copy)]
enum What {
    Plain,
    Prohibited,
    Service,
}
