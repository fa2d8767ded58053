//! Each rule's sentence, with the words that must be in it.

use super::Facts;
use crate::domain::agency::{Agency, Matter};
use crate::domain::day::Zone;
use crate::domain::dossier::Registries;
use crate::domain::holidays::Holidays;
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::rules::Inputs;
use crate::i18n::Lang;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

const ID: &str = "00000000-0000-7000-8000-000000000001";

fn registries() -> Registries {
    let id = Uuid::try_parse(ID).expect("an id");
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    let agency = Agency {
        id: AgencyId(id),
        name: "区市场监督管理局".to_owned(),
        short_name: String::new(),
        parent: None,
        emails: Vec::new(),
        areas: Vec::new(),
    };
    let matter = Matter {
        id: MatterId(id),
        agency: AgencyId(id),
        name: "食品安全检查".to_owned(),
        group: String::new(),
        legal_basis: String::new(),
        published_from: day,
        published_to: None,
    };
    Registries {
        zone: Zone::SHANGHAI,
        holidays: Holidays::official(),
        agencies: HashMap::from([(agency.id, agency)]),
        matters: HashMap::from([(matter.id, matter)]),
        inspectors: HashMap::new(),
    }
}

fn sentence(lang: Lang, inputs: Value) -> String {
    let inputs: Inputs = serde_json::from_value(inputs).expect("inputs");
    let now = "2026-03-10T02:00:00Z".parse().expect("an instant");
    Facts { lang, registries: &registries(), now }.sentence(&inputs)
}

#[test]
fn each_rule_is_explained_by_its_facts() {
    let nearest =
        json!({ "filing": ID, "agency": ID, "first": "2026-01-05", "last": "2026-01-05", "gap": 59, "limit": 60 });
    let (early, late) = ("2026-03-10T01:00:00Z", "2026-03-10T03:30:00Z");
    let cases = [
        (
            json!({ "rule": "NDD-01", "days": ["2026-03-15"], "executed": false }),
            "检查时段涉及无扰日：3月15日（周日）。没有可适用的例外。",
        ),
        (
            json!({ "rule": "DUP-01", "nearest": nearest, "matters": [ID], "executed": false }),
            "区市场监督管理局 已报备在 1月5日（周一）检查同一事项（食品安全检查），两次相隔 59 天，不足 60 天",
        ),
        (
            json!({ "rule": "DUP-02", "nearest": nearest, "groups": ["消防通道"], "executed": true }),
            "同类事项（消防通道）",
        ),
        (
            json!({ "rule": "DUP-03", "day": "2026-03-10", "day_rank": 3,
                "exceeded": [{ "period": "day", "before": 2, "limit": 1 }, { "period": "week", "before": 2, "limit": 2 }] }),
            "当天第 3 次，此前当天已有 2 次（上限 1 次）、本周已有 2 次（上限 2 次）",
        ),
        (
            json!({ "rule": "FRQ-01", "year": 2026, "root": ID, "rank": 3, "cap": 2, "credit_class": null, "executed": true }),
            "2026 年对这家企业的第 3 次检查，按信用等级（未评级）每年上限 2 次",
        ),
        (
            json!({ "rule": "FIL-01", "planned_on": "2026-03-09", "rescheduled": true, "first": "2026-03-10",
                "working_days": 1, "required": 3 }),
            "改期为 3月10日（周二）检查，提前 1 个工作日",
        ),
        (
            json!({ "rule": "FIL-02", "filed_at": late, "arrived_at": early, "report": null, "same_day": true }),
            "3月10日（周二）09:00 已入企，3月10日（周二）11:30 才报备",
        ),
        (
            json!({ "rule": "FIL-03", "filed_at": late, "arrived_at": early, "report": ID, "hours": 24, "grave_from": late }),
            "据企业上报",
        ),
        (
            json!({ "rule": "FIL-04", "day": "2026-03-25", "deadline": "2026-03-30T16:00:00Z", "verified": true }),
            "补报期限到 3月30日（周一）。上报的企业身份已核实",
        ),
        (json!({ "rule": "PER-01", "named": 2, "valid": 1, "min": 2, "executed": false }), "证件有效的 1 名"),
        (
            json!({ "rule": "PER-02", "day": "2026-03-10", "executed": true,
                "invalid": [{ "cert_no": "C1", "fault": "expired" }, { "cert_no": "C2", "fault": "suspended" }] }),
            "C1（已过期）、C2（暂扣）",
        ),
        (
            json!({ "rule": "SCO-02", "day": "2026-03-10", "executed": true, "matters": [{ "matter": ID, "fault": "no_longer" }] }),
            "食品安全检查（已停止公布）",
        ),
        (
            json!({ "rule": "EXM-01", "code": "E04", "reason_chars": 2, "min_chars": 10, "evidence_missing": true, "deadline": null }),
            "“投诉举报核查”（E04），但理由只有 2 字，少于 10 字、没有填写依据编号",
        ),
        (
            json!({ "rule": "TIM-01", "day": "2026-03-10", "time": "22:30:00", "from": "08:30:00", "to": "18:00:00",
                "working_day": true, "executed": true }),
            "到达时间是 3月10日（周二）22:30，不在工作时间 08:30–18:00 内",
        ),
        (
            json!({ "rule": "LOW-01", "cert_no": "C1", "inspections": [ID, ID, ID], "days": 365 }),
            "最近 3 次检查都未发现问题",
        ),
        (
            json!({ "rule": "RES-01", "day": "2026-04-30", "left": true, "deadline": "2026-05-11T16:00:00Z" }),
            "结果应在 5月11日（周一）前上传",
        ),
        (
            json!({ "rule": "REC-01", "report": ID, "filing_at": early, "filing_arrived": true, "report_at": late,
                "inspectors": 2, "visitors": 4, "differences": ["date", "time", "visitors"], "minutes": 30 }),
            "企业上报是 3月10日（周二）11:30、报备 2 人，企业上报 4 人",
        ),
        (
            json!({ "rule": "REC-01", "report": ID, "filing_at": early, "filing_arrived": true, "report_at": late, "known": "day",
                "inspectors": 2, "visitors": null, "differences": ["date"], "minutes": 30 }),
            "企业上报是 3月10日（周二），几点不清楚",
        ),
        (json!({ "rule": "PRC-01", "certificate": true, "notice": true, "filing": null }), "也没有出示检查通知书"),
        (
            json!({ "rule": "DIS-01", "ticks": ["documents_demanded", "form_signed"], "service": true, "filing": null }),
            "要求提供资料、要求签字",
        ),
        (json!({ "rule": "INT-01", "prohibited": [2, 5] }), "第 2、5 项"),
    ];
    for (inputs, words) in cases {
        let zh = sentence(Lang::Zh, inputs.clone());
        assert!(zh.contains(words), "“{words}” is not in “{zh}”");
        let en = sentence(Lang::En, inputs);
        assert!(en.ends_with('.') && !en.contains(['[', '{', '$']), "{en}");
    }
}

#[test]
fn english_sentences_hold_for_one() {
    let filed = json!({ "rule": "FIL-01", "planned_on": "2026-03-09", "rescheduled": false, "first": "2026-03-10",
        "working_days": 1, "required": 3 });
    let words = sentence(Lang::En, filed);
    assert!(words.contains("1 working day ahead; required: 3"), "{words}");
}
