//! The numbers and the exemption codes of a policy: the name of each on the form, its rule, and where it is. The form, the differences and
//! their words all use it.

use crate::domain::policy::{Codes, Policy};
use crate::domain::violation::RuleCode;
use crate::web::page::Page;

/// A number of the form.
pub(super) struct Number {
    pub name: &'static str,
    pub rule: RuleCode,
    pub place: fn(&mut Policy) -> &mut u32,
}

macro_rules! numbers {
    ($($name:literal $rule:ident $($field:ident).+;)+) => {
        &[$(Number { name: $name, rule: RuleCode::$rule, place: |policy| &mut policy.rules.$($field).+ }),+]
    };
}

pub(super) const NUMBERS: &[Number] = numbers! {
    "dup_01_days" Dup01 dup_01.days;
    "dup_02_days" Dup02 dup_02.days;
    "dup_03_day" Dup03 dup_03.day;
    "dup_03_week" Dup03 dup_03.week;
    "dup_03_month" Dup03 dup_03.month;
    "frq_01_default" Frq01 frq_01.default;
    "fil_01_days" Fil01 fil_01.working_days;
    "fil_03_hours" Fil03 fil_03.hours;
    "fil_03_days" Fil03 fil_03.working_days;
    "fil_04_tolerance" Fil04 fil_04.tolerance_days;
    "fil_04_days" Fil04 fil_04.working_days;
    "per_01_min" Per01 per_01.min;
    "exm_01_chars" Exm01 exm_01.min_chars;
    "exm_01_days" Exm01 exm_01.working_days;
    "low_01_count" Low01 low_01.count;
    "low_01_days" Low01 low_01.days;
    "res_01_days" Res01 res_01.working_days;
    "rec_01_minutes" Rec01 rec_01.minutes;
    "jnt_02_minutes" Jnt02 jnt_02.minutes;
    "jnt_02_days" Jnt02 jnt_02.days;
    "ndd_02_percent" Ndd02 ndd_02.percent;
    "ndd_02_min" Ndd02 ndd_02.min;
    "frq_02_max" Frq02 frq_02.max;
    "frq_02_days" Frq02 frq_02.days;
    "frq_02_complaint" Frq02 frq_02.per_complaint;
    "frq_03_visits" Frq03 frq_03.visits;
    "frq_03_persons" Frq03 frq_03.persons;
    "fil_05_days" Fil05 fil_05.working_days;
    "fil_08_hours" Fil08 fil_08.hours;
    "fil_08_count" Fil08 fil_08.count;
    "per_03_max" Per03 per_03.max;
    "per_03_joint" Per03 per_03.joint_max;
    "tim_02_minutes" Tim02 tim_02.minutes;
    "tim_02_hours" Tim02 tim_02.hours;
    "prc_02_count" Prc02 prc_02.count;
    "prc_02_days" Prc02 prc_02.days;
    "eva_01_count" Eva01 eva_01.count;
    "eva_01_days" Eva01 eva_01.days;
    "eva_01_mean" Eva01 eva_01.mean;
    "ret_01_days" Ret01 ret_01.days;
    "exp_01_days" Exp01 exp_01.working_days;
    "exp_01_extension" Exp01 exp_01.extension_days;
    "exp_01_grave" Exp01 exp_01.grave_days;
    "exp_02_days" Exp02 exp_02.working_days;
    "exp_02_again" Exp02 exp_02.days;
    "agg_01_days" Agg01 agg_01.days;
    "agg_01_yellow" Agg01 agg_01.yellow;
    "agg_01_red" Agg01 agg_01.red;
};

/// Where a cap is in a policy.
type Cap = fn(&mut Policy) -> &mut Option<u32>;

/// Caps by credit class, where an empty field is no cap.
pub(super) const CAPS: [(&str, Cap); 4] = [
    ("cap_a", |policy| &mut policy.rules.frq_01.by_class.a),
    ("cap_b", |policy| &mut policy.rules.frq_01.by_class.b),
    ("cap_c", |policy| &mut policy.rules.frq_01.by_class.c),
    ("cap_d", |policy| &mut policy.rules.frq_01.by_class.d),
];

/// The exemption codes that a rule honours: a set of check boxes on the form.
pub(super) struct Honoured {
    pub name: &'static str,
    pub rule: RuleCode,
    pub place: fn(&mut Policy) -> &mut Codes,
}

macro_rules! honoured {
    ($($name:literal $rule:ident $($field:ident).+;)+) => {
        &[$(Honoured { name: $name, rule: RuleCode::$rule, place: |policy| &mut policy.$($field).+ }),+]
    };
}

pub(super) const HONOURED: &[Honoured] = honoured! {
    "ndd_01_exempt" Ndd01 no_disturb.exemptions;
    "dup_01_exempt" Dup01 rules.dup_01.exemptions;
    "dup_02_exempt" Dup02 rules.dup_02.exemptions;
    "dup_03_exempt" Dup03 rules.dup_03.exemptions;
    "frq_01_exempt" Frq01 rules.frq_01.exemptions;
    "fil_01_exempt" Fil01 rules.fil_01.exemptions;
    "tim_01_exempt" Tim01 rules.tim_01.exemptions;
    "jnt_02_exempt" Jnt02 rules.jnt_02.exemptions;
    "frq_02_exempt" Frq02 rules.frq_02.exemptions;
    "fil_05_exempt" Fil05 rules.fil_05.exemptions;
    "per_03_exempt" Per03 rules.per_03.exemptions;
    "sco_03_exempt" Sco03 rules.sco_03.exemptions;
    "tim_02_exempt" Tim02 rules.tim_02.exemptions;
    "ret_01_exempt" Ret01 rules.ret_01.exemptions;
};

/// The exemption codes that a rule honours, in words; `None` of a rule that no exemption lifts.
pub(super) fn honoured_words(page: &Page, rule: RuleCode, policy: &mut Policy) -> Option<String> {
    let honoured = HONOURED.iter().find(|honoured| honoured.rule == rule)?;
    let codes: Vec<String> = (honoured.place)(policy).iter().map(ToString::to_string).collect();
    Some(if codes.is_empty() { page.t("none") } else { page.lang.join(&codes) })
}

/// The key of the words of a field.
pub(super) fn label_key(name: &str) -> String {
    format!("policy-{}", name.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_parameter_of_a_policy_is_on_the_form() {
        let mut policy = Policy::default();
        for number in NUMBERS {
            *(number.place)(&mut policy) = 7;
        }
        for (_, cap) in CAPS {
            *cap(&mut policy) = Some(7);
        }
        for honoured in HONOURED {
            (honoured.place)(&mut policy).clear();
        }
        let json = json!(policy);
        assert_eq!(json["no_disturb"]["exemptions"], json!([]));
        for (rule, parameters) in json["rules"].as_object().expect("the rules") {
            for (name, value) in parameters.as_object().expect("the parameters") {
                let on_the_form = match value {
                    Value::Number(_) => *value == 7,
                    Value::Array(_) => *value == json!([]),
                    Value::Object(caps) => caps.values().all(|cap| *cap == 7),
                    // The switch and the working hours have fields of their own.
                    _ => name == "enabled" || rule == "TIM-01",
                };
                assert!(on_the_form, "{rule} {name} is not on the form: {value}");
            }
        }
    }
}
