//! What the rules need to know of an enterprise (企业).

use super::code_enum::code_enum;
use super::id::EnterpriseId;

code_enum! {
    /// Credit class (信用等级) of an enterprise.
    CreditClass {
        /// Best.
        A = "A",
        /// Good.
        B = "B",
        /// Fair.
        C = "C",
        /// Poor: no cap on the yearly number of inspections.
        D = "D",
    }
}

/// The facts about an enterprise that rules look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enterprise {
    /// Identity.
    pub id: EnterpriseId,
    /// Credit class, `None` if unclassified.
    pub credit_class: Option<CreditClass>,
    /// The town (镇街) it is in; empty if not known.
    pub town: String,
}

/// Tags (重点企业类别) in one spelling each, without repetition: registries write 规模以上工业 or 规上工业, and one kind is one filter.
#[must_use]
pub fn tags(written: Vec<String>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::with_capacity(written.len());
    for tag in written {
        let known = match tag.trim_end_matches("企业") {
            "规上工业" | "规模以上工业" | "规上" | "规模以上" => "规上工业",
            "高新技术" | "高新" | "国家高新技术" => "高新技术",
            "专精特新" | "专精特新中小" => "专精特新",
            "科技型中小" | "科技型" => "科技型中小",
            _ => tag.as_str(),
        };
        if !tags.iter().any(|tag| tag == known) {
            tags.push(known.to_owned());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn one_kind_of_key_enterprise_has_one_tag() {
        let written = ["规模以上工业", "规上工业企业", "专精特新企业", "外贸企业"].map(str::to_owned).to_vec();
        assert_eq!(tags(written), ["规上工业", "专精特新", "外贸企业"]);
    }
}
