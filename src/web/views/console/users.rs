//! `/console/users`: who may sign in: list, a new one, deactivate, alert choice.

use super::shown_once::ShownOnce;
use super::{Choice, agency_choices};
use crate::actions::first_password::was_given;
use crate::actions::second_step::{require_second_step, reset_second_step};
use crate::actions::{
    NewUser, check_new_user, create_user, password, reset_password, set_user_active, set_user_lead,
    set_user_preferences,
};
use crate::app::App;
use crate::domain::id::{AgencyId, UserId};
use crate::domain::second_step::{RECOVERY_BYTES, recovery_code};
use crate::domain::user::{AlertChoice, Office, Role, User};
use crate::i18n::Lang;
use crate::storage::{Tx, passkeys, second_steps, sign_in_rules, users};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ADMINISTRATOR, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use askama::Template;
use axum::extract::{Path, State};

#[expect(clippy::struct_excessive_bools, reason = "each is a fact about one person")]
struct Line {
    id: UserId,
    name: String,
    email: String,
    role: String,
    place: String,
    alerts: AlertChoice,
    supervisor: bool,
    active: bool,
    own: bool,
    /// May be marked as lead: supervisors and liaisons.
    may_lead: bool,
    lead: bool,
    /// Has a second step.
    second_step: bool,
    passkey: bool,
}

#[derive(Template)]
#[template(path = "pages/console/users.html")]
struct List {
    page: Page,
    filters: Filters,
    lines: Vec<Line>,
    alerts: Vec<Choice>,
    /// Whether the district requires the second step.
    step_required: bool,
}

#[derive(Template)]
#[template(path = "pages/console/user-new.html")]
struct New {
    page: Page,
    form: Form,
    roles: Vec<Choice>,
    offices: Vec<Choice>,
    agencies: Vec<Choice>,
}

/// `GET /console/users`.
pub(super) async fn list(State(app): State<App>, me: Console<ADMINISTRATOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let mut leads = users::leads(&mut tx, Role::Supervisor).await?;
    leads.extend(users::leads(&mut tx, Role::Liaison).await?);
    let second = second_steps::owners(&mut tx).await?;
    let passkeys = passkeys::owners(&mut tx).await?;
    let agency = |id| snapshot.registries.agencies.get(&id).map(|agency| agency.name.clone());
    let line = |user: User| Line {
        role: page.t(&format!("role-{}", user.role)),
        place: match (user.office, user.agency) {
            (Some(office), _) => page.t(&format!("office-{office}")),
            (None, Some(id)) => agency(id).unwrap_or_default(),
            _ => String::new(),
        },
        second_step: second.contains(&user.id),
        passkey: passkeys.contains(&user.id),
        id: user.id,
        alerts: user.alerts,
        supervisor: user.role == Role::Supervisor,
        active: user.active,
        own: user.id == me.user.id,
        may_lead: matches!(user.role, Role::Supervisor | Role::Liaison),
        lead: leads.iter().any(|lead| lead.id == user.id),
        name: user.name,
        email: user.email,
    };
    let lines = users::list(&mut tx).await?.into_iter().map(line).collect();
    let step_required = sign_in_rules::step_required(&mut tx).await?;
    html(&List { lines, alerts: alert_choices(&page), page, filters, step_required })
}

/// `GET /console/users/new`.
pub(super) async fn new(State(app): State<App>, me: Console<ADMINISTRATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    show_new(&app, &mut tx, &me, Form::prefilled([("role", "supervisor")])).await
}

/// `POST /console/users/new`.
pub(super) async fn create(State(app): State<App>, me: Console<ADMINISTRATOR>, form: Form) -> Answer {
    let mut form = form.only(&["email", "name", "role", "office", "agency", "password"]);
    let typed = form.one("password").to_owned();
    form.set("password", "");
    let role = form.choice("role", Role::parse);
    let new = NewUser {
        email: form.one("email").to_owned(),
        name: form.one("name").to_owned(),
        role: role.unwrap_or(Role::Liaison),
        office: Office::parse(form.one("office")),
        agency: AgencyId::parse(form.one("agency")),
        alerts: AlertChoice::Default,
        lang: me.bare().lang,
    };
    let known = [app.service.settings.district.as_str(), &new.email, &new.name];
    if let Err(error) = password::check_new(&typed, &known) {
        form.fail_all([error]);
    }
    // Everything that is wrong is said at once, and a password is hashed only where nothing is.
    let mut tx = app.db.read().await?;
    form.fail_all(check_new_user(&mut tx, &new).await?);
    drop(tx);
    if !form.has_errors() {
        let hash = password::hash(&app.service, &typed).await?;
        let mut tx = app.db.write().await?;
        let done = create_user(&mut tx, &app.service, me.now, &me.actor(), &new, &hash).await;
        if let Some(user) = form.heed(done)? {
            was_given(&mut tx, me.now, user.id).await?;
            tx.commit().await?;
            return see_other(&paths::done(paths::USERS, "user-made"));
        }
        tx.rollback().await?;
    }
    let mut tx = app.db.read().await?;
    show_new(&app, &mut tx, &me, form).await
}

/// `POST /console/users/{id}` with `active` or `lead` = `yes` or `no`, `second_step` to take it off, or `alerts`.
pub(super) async fn change(
    State(app): State<App>,
    me: Console<ADMINISTRATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = UserId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let done = if form.filled("active") {
        let active = form.one("active") == "yes";
        set_user_active(&mut tx, &app.service, me.now, me.user.id, id, active).await?;
        if active { "user-on" } else { "user-off" }
    } else if form.filled("second_step") {
        reset_second_step(&mut tx, &app.service, me.now, me.user.id, id).await?;
        "user-step-off"
    } else if form.filled("lead") {
        let lead = form.one("lead") == "yes";
        set_user_lead(&mut tx, &app.service, me.now, me.user.id, id, lead).await?;
        if lead { "user-lead" } else { "user-no-lead" }
    } else {
        let alerts = AlertChoice::parse(form.one("alerts")).ok_or(AppError::BadRequest("alerts"))?;
        let user = users::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let lang = Lang::parse(&user.lang).unwrap_or_default();
        set_user_preferences(&mut tx, &app.service, me.now, me.user.id, id, alerts, lang).await?;
        "user-alerts"
    };
    tx.commit().await?;
    see_other(&paths::done(paths::USERS, done))
}

/// `POST /console/users/{id}/password`: for who forgot it, a new password that is shown this once; all sessions end. A second step stays.
pub(super) async fn new_password(State(app): State<App>, me: Console<ADMINISTRATOR>, Path(id): Path<String>) -> Answer {
    let id = UserId::parse(&id).ok_or(AppError::NotFound)?;
    let mut random = [0; RECOVERY_BYTES];
    app.service.ids.fill(&mut random);
    let secret = recovery_code(&random);
    let hash = password::hash(&app.service, &secret).await?;
    let mut tx = app.db.write().await?;
    let user = reset_password(&mut tx, &app.service, me.now, &me.actor(), id, &hash).await?;
    tx.commit().await?;
    let page = me.page(&mut app.db.read().await?).await?;
    html(&ShownOnce {
        back: (paths::USERS.to_owned(), page.t("nav-users")),
        title: page.t1("user-password-for", "name", user.name),
        secret,
        hand_over: page.t("user-password-hand-over"),
        page,
    })
}

/// `POST /console/users/sign-in-rule` with `second_step` = `yes` or `no`.
pub(super) async fn rule(State(app): State<App>, me: Console<ADMINISTRATOR>, form: Form) -> Answer {
    let required = super::yes_or_no(&form, "second_step")?;
    let mut tx = app.db.write().await?;
    require_second_step(&mut tx, &app.service, me.now, me.user.id, required).await?;
    tx.commit().await?;
    see_other(&paths::done(paths::USERS, if required { "step-rule-on" } else { "step-rule-off" }))
}

/// When a supervisor wants to hear of violations, in words.
pub(super) fn alert_choices(page: &Page) -> Vec<Choice> {
    AlertChoice::ALL
        .iter()
        .map(|choice| Choice {
            value: choice.as_str().to_owned(),
            label: page.t(&format!("alerts-{}", choice.as_str().replace('_', "-"))),
        })
        .collect()
}

async fn show_new(app: &App, tx: &mut Tx, me: &Console<ADMINISTRATOR>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let roles = Role::ALL
        .iter()
        .map(|role| Choice { value: role.as_str().to_owned(), label: page.t(&format!("role-{role}")) })
        .collect();
    let offices = Office::ALL
        .iter()
        .map(|office| Choice { value: office.as_str().to_owned(), label: page.t(&format!("office-{office}")) })
        .collect();
    html_with(form.status(), &New { roles, offices, agencies: agency_choices(&snapshot.registries), form, page })
}
