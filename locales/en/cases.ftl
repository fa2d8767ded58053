# Explanations, deadlines, decisions
rule-exp-01 = No explanation in time
rule-exp-02 = Correction late or relapsed
rule-agg-01 = Agency's running count
rule-text-exp-01 = An explanation is due within { $days } working days of the request; it can be extended once, by { $more } working days. { $grave } working days after the deadline it is graver, and the agency is listed for circulation.
rule-text-exp-02 = A correction is due by the day agreed, as a rule { $days } working days; the same problem confirmed again within { $again } days after closing is a relapse.
rule-text-agg-01 = { $yellow } confirmed warnings or violations of one agency within { $days } days are a yellow card; { $red } of them, or one visit without filing and one explanation not given in time, a red card.
fact-exp-01 = { $answered ->
    [yes] Asked on { $asked }, due by { $due }{ $extended ->
        [yes] {" "}after an extension
       *[no] {""}
    }, explained only on { $day }.
   *[no] Asked on { $asked }, due by { $due }{ $extended ->
        [yes] {" "}after an extension
       *[no] {""}
    }, no explanation received.
}
fact-exp-02 = { $passed ->
    [yes] Closed on { $closed }, to be corrected by { $due }; not seen as corrected by then.
   *[no] Closed on { $closed }.
}{ $relapsed ->
    [yes] {" "}The same problem was confirmed again on { $again } (within { $days } days).
   *[no] {""}
}
fact-agg-01 = { $card }: { $count } violations of { $agency } were confirmed from { $first } to { $last }.
card-yellow = Yellow card
card-red = Red card
mail-what-request = A request for an explanation was not answered in time
mail-what-count = An agency's confirmed count has reached a limit
mail-what-correction = A correction is late or has relapsed
mail-kind-explanation_request = Request for an explanation
mail-kind-deadline_reminder = Deadline reminder
mail-kind-case_notice = Case notice
mail-state-withdrawn = Decision taken back, not sent
mail-withdrawn = decision taken back, not sent
policy-exp-01-days = Working days to explain
policy-exp-01-extension = Working days of extension
policy-exp-01-grave = Working days until graver
policy-exp-02-days = Working days to correct
policy-exp-02-again = Days of relapse
policy-agg-01-days = Days counted
policy-agg-01-yellow = For a yellow card
policy-agg-01-red = For a red card
event-asked = Explanation requested, { $number }
event-seen = Request opened by the agency
event-answered = Agency explained
event-first = Earlier suspicion: { $rule }
event-closed = Closed
case-request = Request
case-sent = Sent
case-due = Explanation due
case-extension = Extension
case-replied = Explained
case-closed-at = Closed
case-follow-up-on = Correction due
extension-none = not asked for
extension-asked = asked for, to be decided
extension-granted = granted
extension-refused = refused
audit-violation-exempted = Exemption accepted
audit-violation-accepted = Explanation accepted, closed
audit-violation-corrected = Correction ordered
audit-violation-followed-up = Correction verified
audit-violation-circulated = Circulated
audit-violation-transferred = Transferred
audit-violation-reopened = Reopened
audit-violation-undone = Decision taken back
