# Second wave of rules: names, texts, facts; approval, papers of special inspections, assistants, matters really inspected
rule-jnt-02 = Came alone after agreeing to come together
rule-ndd-02 = Unusual share of exemptions
rule-frq-02 = Inspections with cause too often
rule-frq-03 = Total burden on the enterprise
rule-fil-05 = Not approved
rule-fil-07 = Special inspection without approval and publication
rule-fil-08 = Filed but not carried out
rule-per-03 = Too many people
rule-per-04 = Assistants without an officer
rule-sco-01 = Beyond the filed scope
rule-sco-03 = Outside the agency’s area
rule-tim-02 = Stayed too long
rule-prc-02 = Did not check in
rule-eva-01 = Bad ratings
rule-ret-01 = Suspected retaliation
rule-text-jnt-02 = Agencies that agreed on a joint inspection arrive on the same day, at most { $minutes } minutes after the first of them.
rule-text-ndd-02 = An agency whose inspections on no-disturb days under an exemption reach { $min } in a month, and more than { $percent }% of all its inspections, is unusual.
rule-text-frq-02 = Inspections with cause by one agency at one enterprise: at most { $max } in { $days } days, and at most { $complaint } on one complaint number.
rule-text-frq-03 = When the visits of a year reach { $visits } (a joint one counts once, a service visit half), or the inspectors of a month { $persons }, coordination is asked for. Nobody is blamed.
rule-text-fil-05 = Except for immediate inspections, the head of the unit approves before the arrival, and is not one of the inspectors; an approval that is not entered within { $days } { $days ->
    [one] working day
   *[other] working days
} weighs more.
rule-text-fil-07 = A special inspection has an approval document, a filing reference and a link to its publication.
rule-text-fil-08 = Neither arrived nor cancelled { $hours } hours after the planned end: the agency is asked; it is listed from no. { $count } in a quarter on.
rule-text-per-03 = At most { $max } people on one inspection, { $joint } on a joint one, assistants included.
rule-text-per-04 = Assistants do not come alone; an officer with a valid certificate leads them.
rule-text-sco-01 = What is inspected is what was filed.
rule-text-sco-03 = Inspections stay within the agency’s towns, except by order from above, with the district’s approval, or jointly.
rule-text-tim-02 = Inspectors leave at most { $minutes } minutes after the planned end and stay at most { $hours } hours.
rule-text-prc-02 = The enterprise confirms a visit and the agency did not check in: listed from no. { $count } in { $days } days on. The agency is not told of reports and ratings that this rests on.
rule-text-eva-01 = A mean below { $mean } of at least { $count } ratings in { $days } days, or a rating with the worst mark. The agency is not told of ratings.
rule-text-ret-01 = Within { $days } days after an adverse report or rating, the same agency, its parent or its units file there again, without an emergency or a complaint from outside. For the discipline office only.
fact-jnt-02 = For the joint inspection “{ $group }” { $agency } arrived first, on { $first }; this agency arrived on { $arrived }. Asked for: the same day, at most { $minutes } minutes apart.
fact-ndd-02 = In { $month } the agency carried out { $executed } inspections, { $exempt } of them on no-disturb days under an exemption: more than { $percent }%.
fact-frq-02 = This is inspection with cause no. { $rank } of { $agency } at this enterprise in { $days } days; at most { $max } are allowed.
fact-frq-02-complaint = This is inspection no. { $rank } of { $agency } at this enterprise on one complaint ({ $number }); at most { $max } are allowed.
fact-frq-03-visits = With this one the visits of { $year } reach { $reached } (mark: { $limit }). Please coordinate; nobody is blamed.
fact-frq-03-persons = With this one the inspectors of { $month } reach { $reached } (mark: { $limit }). Please coordinate; nobody is blamed.
fact-fil-05-missing = { $reported ->
    [yes] The inspectors arrived on { $arrived } (as the enterprise reported); no approval by the unit’s head is entered. It can be entered until { $until }.
   *[no] The inspectors arrived on { $arrived }; no approval by the unit’s head is entered. It can be entered until { $until }.
}
fact-fil-05-late = { $reported ->
    [yes] The inspectors arrived on { $arrived } (as the enterprise reported); { $approver } approved on { $approved } only.
   *[no] The inspectors arrived on { $arrived }; { $approver } approved on { $approved } only.
}
fact-fil-05-own = { $approver }, who approved, is one of the inspectors.
fact-fil-07 = The special inspection lacks: { $list }.
fact-fil-08 = Planned to end on { $end }; { $hours } hours later neither arrived nor cancelled. It is no. { $rank } of the agency in the quarter that began in { $quarter }.
fact-per-03 = { $joint ->
    [yes] { $people } people on the joint inspection together; at most { $max }.
   *[no] { $people } people on this inspection, assistants included; at most { $max }.
}
fact-per-04 = { $assistants ->
    [one] One assistant comes
   *[other] { $assistants } assistants come
}; of the { $officers } officers named none has a valid certificate.
fact-sco-01 = { $reported ->
    [yes] Matters were inspected that were not filed: { $list } (some as the enterprise reported).
   *[no] The result names matters that were not filed: { $list }.
}
fact-sco-03 = The enterprise is in { $town }, outside the agency’s area ({ $areas }).
fact-tim-02 = They left on { $left }: { $list }.
fact-tim-02-late = { $over } minutes after the planned end, { $end } ({ $minutes } minutes are allowed)
fact-tim-02-long = { $stayed } minutes on site (at most { $hours } hours)
fact-prc-02 = { $reported ->
    [yes] The enterprise reported a visit on { $day }; the agency did not check in. It is no. { $rank }.
   *[no] The enterprise confirmed that the inspectors had come ({ $day }); the agency did not check in. It is no. { $rank }.
}
fact-eva-01 = The agency received { $ratings } ratings in { $days } days, with a mean of { $mean } out of 5.
fact-eva-01-worst = The enterprise’s rating of this visit has the worst mark in it. The agency received { $ratings } { $ratings ->
    [one] rating
   *[other] ratings
} in { $days } days, with a mean of { $mean }.
fact-ret-01 = { $reported ->
    [yes] On { $day } the enterprise made an adverse report about { $agency }; after { $days } days the same agency, its parent or its units filed there again.
   *[no] On { $day } the enterprise rated { $agency } adversely; after { $days } days the same agency, its parent or its units filed there again.
}
remedy-fil-05 = Enter the approval by the unit’s head; it must have been given before the arrival.
remedy-fil-07 = Enter the approval document, the filing reference and the link.
remedy-per-03 = Come with fewer people; for a joint inspection agree on the numbers.
remedy-per-04 = Add an officer with a valid certificate.
remedy-sco-03 = If ordered from above, claim the exemption with the document number; or inspect jointly with the local agency.
papers-title = Approval and papers
papers-lead = The approval by the unit’s head, given before the arrival; it can be entered afterwards.
papers-lead-special = The approval by the unit’s head, and the approval, filing and publication of the special inspection.
papers-special = Papers of a special inspection
papers-special-hint = For special inspections only.
papers-send = Save
field-approval = Approval
field-approver = Approved by (optional)
field-approver-position = Position (optional)
field-approved-at = Approved at (optional)
field-approval-document = Number of the approval (optional)
field-special-document = Approval document of the special inspection
field-special-reference = Filing reference of the special inspection
field-special-link = Link to its publication
inspected-title = Inspected something else than was filed?
inspected-hint = Tick what was really inspected.
inspected-filed = filed
assistant-named = { $name } (assistant)

# The planned time has passed: what became of the visit?
overdue-ask = The planned time has passed, and no arrival was recorded.
overdue-ask-do = If you were there, record the arrival; if not, cancel the visit. This is a question, not an accusation.
overdue-ask-count = { $count } { $count ->
    [one] visit is
   *[other] visits are
  } past the planned time without an arrival. Open each and record the arrival, or cancel it.
overdue-ask-liaison = { $count } { $count ->
    [one] filing
   *[other] filings
  } of the last 30 days passed without an arrival. Please remind the inspectors to record it or to cancel.
papers-by-head = { $approval } (by the head in person, signed in)
err-approver-by-head = The head of the unit has approved it in person; it cannot be changed here. Reload the page to see it.
