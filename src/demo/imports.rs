//! Two files of the operator: one taken over this morning, which can still be undone, and one with faults that waits to be confirmed.

use crate::actions::import_registry::{Choices, Limits, Registry, read};
use crate::actions::imports::{Confirm, apply_import, preview_import, upload_import};
use crate::actions::{ActionError, Actor, Progress, Result};
use crate::app::App;
use crate::domain::user::Role;
use crate::storage::imports::ImportRecord;
use crate::storage::users;
use chrono::{DateTime, TimeDelta, Utc};

const TAKEN: &str = "\u{feff}企业名称,统一社会信用代码,镇街,地址,行业代码,信用等级,重点企业类别,联系邮箱\r\n\
    青禾云帆软件有限公司,91500107MA0000001M,青禾街道,创新路18号,I65,A,高新技术,yunfan@qiye.example\r\n\
    青禾百味食品有限公司,91500107MA0000002Q,南桥镇,工业园7号,C14,B,,baiwei@qiye.example\r\n";

const FAULTY: &str = "\u{feff}企业名称,统一社会信用代码,镇街,地址,信用等级\r\n\
    青禾百味食品有限公司,91500107MA0000002Q,南桥镇,工业园9号,B\r\n\
    青禾新芽农业有限公司,915O0107MA0000003U,北塘镇,兴农路3号,A\r\n\
    青禾明镜光学有限公司,91500107MA0000004,青禾街道,创新路20号,甲\r\n";

/// Sends both and confirms the first.
///
/// # Errors
/// When the store fails, or a file cannot be read.
pub async fn take_over(app: &App, now: DateTime<Utc>) -> Result<()> {
    let mut tx = app.db.read().await?;
    let people = users::list(&mut tx).await?;
    drop(tx);
    let Some(operator) = people.iter().find(|user| user.role == Role::Operator) else { return Ok(()) };
    let actor = Actor::User(operator.id);
    let taken = send(app, now - TimeDelta::hours(2), &actor, ("企业名录补充.csv", TAKEN)).await?;
    let confirm = Confirm { import: taken.id, digest: taken.digest, skip_bad: true, absent: None };
    apply_import(&app.db, &app.service, now - TimeDelta::hours(2), &actor, &confirm, &Progress::default()).await?;
    send(app, now - TimeDelta::minutes(20), &actor, ("新增企业-待核对.csv", FAULTY)).await.map(drop)
}

async fn send(app: &App, at: DateTime<Utc>, actor: &Actor, (name, text): (&str, &str)) -> Result<ImportRecord> {
    let unreadable = |code: &str| ActionError::Internal(format!("a file of the demonstration: {code}"));
    let registry = Registry::Enterprises;
    let reading = read(registry, text.as_bytes(), Limits::UPLOAD, &Choices::default());
    let reading = reading.map_err(|problem| unreadable(problem.code))?;
    let mut tx = app.db.write().await?;
    let file = (registry, name, text.as_bytes().to_vec());
    let sent = upload_import(&mut tx, &app.service, at, actor, file, &reading).await?;
    tx.commit().await?;
    let previewed = preview_import(&app.db, &app.service, at, sent.id, false, &Progress::default()).await?;
    previewed.map_err(|problem| unreadable(problem.code))
}
