# Names of rules, kinds, exemptions and results
rule-ndd-01 = Inspection on a no-disturb day
rule-dup-01 = Repeated by the same agency
rule-dup-02 = Repeated by another agency on the same subject
rule-dup-03 = Too many visits in a short time
rule-frq-01 = Above the yearly number
rule-fil-01 = Filed too late beforehand
rule-fil-02 = Inspected first, filed later
rule-fil-03 = Immediate inspection filed too late
rule-fil-04 = Visit without a filing
rule-per-01 = Too few inspectors
rule-per-02 = Certificate not valid
rule-sco-02 = Matter not published
rule-exm-01 = Exemption without grounds
rule-tim-01 = Outside working hours
rule-low-01 = Inspections without findings
rule-res-01 = Result missing
rule-rec-01 = The two sides differ
rule-prc-01 = Certificate or notice not shown
rule-dis-01 = Inspection in disguise
rule-int-01 = Integrity lead
kind-daily = Routine inspection
kind-special = Special inspection
kind-clue = Follow-up of a lead
kind-immediate = Immediate inspection
kind-on-request = At the enterprise's request
kind-service-visit = Service visit
result-no-problem = No problem found
result-corrected-on-site = Corrected on the spot
result-order-to-rectify = Ordered to rectify
result-case-opened = Case opened
result-other = Other
exemption-e01 = Safety, fire or special equipment: danger or accident
exemption-e02 = Environmental emergency
exemption-e03 = Food, drug or public health event
exemption-e04 = Check of a complaint
exemption-e05 = Ordered by a higher authority
exemption-e06 = Investigation of a case
exemption-e07 = Must be done within a legal time limit
exemption-e08 = Re-check of an order to rectify
exemption-e09 = Requested by the enterprise, or on-site check for a permit
exemption-e10 = Abnormal monitoring data
exemption-e11 = Tax risk
exemption-e12 = Approved by the district government
filing-state-registered = Filed, not yet arrived
filing-state-arrived = Under way
filing-state-left = Left, result to follow
filing-state-completed = Completed
filing-state-cancelled = Cancelled
filing-state-overdue = Past its time, nobody arrived

rule-no-cap = no limit
rule-text-ndd-01 = Days { $ranges } of each month are no-disturb days: no inspection at an enterprise unless an exemption applies.
rule-text-dup-01 = One agency does not inspect the same matter at the same enterprise twice within { $days } days.
rule-text-dup-02 = Different agencies do not inspect matters of the same group at the same enterprise within { $days } days; they inspect together.
rule-text-dup-03 = At most { $day } visit a day, { $week } a week and { $month } a month at one enterprise; a joint inspection counts once.
rule-text-frq-01 = Inspections a year by one agency at one enterprise, by credit class: A { $a }, B { $b }, C { $c }, D { $d }, unclassified { $other }.
rule-text-fil-01 = Daily and special inspections are filed at least { $days } working days ahead.
rule-text-fil-02 = File first, visit afterwards; immediate inspections excepted.
rule-text-fil-03 = An immediate inspection may be filed within { $hours } hours after arrival; more than { $days } working days is graver.
rule-text-fil-04 = Each inspection is filed. If there is still no filing { $days } working days after an enterprise reports a visit, it is a violation.
rule-text-per-01 = At least { $min } inspectors with valid certificates.
rule-text-per-02 = Inspectors hold a valid certificate of their own agency.
rule-text-sco-02 = The matters inspected are on the agency's published list.
rule-text-exm-01 = A claimed exemption has a reason of at least { $chars } characters and a reference; in an emergency they may follow within { $days } working days.
rule-text-tim-01 = Inspections take place on working days, { $from }–{ $to }.
rule-text-low-01 = An inspector who found no problem { $count } times within { $days } days should not inspect the same enterprise again.
rule-text-res-01 = The result is uploaded within { $days } working days after the inspection.
rule-text-rec-01 = Date, time (within { $minutes } minutes) and number of people reported by the enterprise agree with the filing.
rule-text-prc-01 = Inspectors show their certificates and the notice of inspection; an immediate inspection needs no notice.
rule-text-dis-01 = No inspection under the name of a service visit or a survey.
rule-text-int-01 = Inspectors do nothing that the eight prohibitions name. Only the discipline office sees this.
fact-ndd-01 = { $executed ->
    [yes] The time of the inspection touches no-disturb days: { $days }. No exemption applies. The inspectors have arrived.
   *[no] The time of the inspection touches no-disturb days: { $days }. No exemption applies.
}
fact-dup-01 = { $agency } has filed an inspection of the same matter ({ $what }) for { $when }. Days between the two: { $gap }. Required: at least { $limit }.
fact-dup-02 = Another agency, { $agency }, has filed an inspection of the same group of matters ({ $what }) for { $when }. Days between the two: { $gap }. Required: at least { $limit }.
fact-dup-03 = On { $day } this is visit number { $rank } of the day; before it there were already { $exceeded }.
fact-dup-day = { $before } that day (limit { $limit })
fact-dup-week = { $before } that week (limit { $limit })
fact-dup-month = { $before } that month (limit { $limit })
fact-frq-01 = This is inspection number { $rank } by { $agency } at this enterprise in { $year }; for credit class { $class } the limit is { $cap } a year.
fact-fil-01 = { $moved ->
    [yes] Moved on { $on } to { $first }: { $days ->
        [one] { $days } working day
       *[other] { $days } working days
    } ahead; required: { $required }.
   *[no] Filed on { $on } for { $first }: { $days ->
        [one] { $days } working day
       *[other] { $days } working days
    } ahead; required: { $required }.
}
fact-fil-02 = { $reported ->
    [yes] The inspectors arrived { $arrived } (as the enterprise reports) and filed only { $filed }.
   *[no] The inspectors arrived { $arrived } and filed only { $filed }.
}
fact-fil-03 = { $reported ->
    [yes] An immediate inspection: arrived { $arrived } (as the enterprise reports), filed only { $filed }, more than { $hours } hours later.
   *[no] An immediate inspection: arrived { $arrived }, filed only { $filed }, more than { $hours } hours later.
}
fact-fil-04 = { $verified ->
    [yes] The enterprise reports a visit on { $day }; there is no filing for it. A late filing counts until { $until }. The enterprise has proved itself.
   *[no] The enterprise reports a visit on { $day }; there is no filing for it. A late filing counts until { $until }. The enterprise has not proved itself.
}
fact-fil-04-some-day = { $verified ->
    [yes] The enterprise reports a visit, but does not know the day; around { $day } there is no filing for it. The enterprise has proved itself.
   *[no] The enterprise reports a visit, but does not know the day; around { $day } there is no filing for it. The enterprise has not proved itself.
}
fact-per-01 = Inspectors named: { $named }. With a valid certificate: { $valid }. Needed: at least { $min }.
fact-per-02 = These certificates were not valid on { $day }: { $list }.
fact-sco-02 = These matters were not on the agency's published list on { $day }: { $list }.
fact-exm-01 = The exemption “{ $name }” ({ $code }) is claimed, but { $missing }.
fact-exm-reason = the reason is too short (characters: { $chars }, at least { $min })
fact-exm-evidence = there is no reference
fact-tim-01 = { $executed ->
    [yes] Arrival on { $day } at { $time }: { $working ->
        [yes] outside working hours { $from }–{ $to }
       *[no] not a working day
    }.
   *[no] Planned to begin on { $day } at { $time }: { $working ->
        [yes] outside working hours { $from }–{ $to }
       *[no] not a working day
    }.
}
fact-low-01 = The last { $count } inspections of { $inspector } at this enterprise within { $days } days found no problem.
fact-res-01 = { $left ->
    [yes] The inspectors left on { $day }; the result was due by { $until } and is not there.
   *[no] The inspection was planned to end on { $day }; the result was due by { $until } and is not there.
}
fact-rec-01 = The enterprise's report and the filing differ: { $list }.
fact-rec-time = { $arrived ->
    [yes] arrival { $filing } by the filing, { $report } by the report
   *[no] planned { $filing } by the filing, arrival { $report } by the report
}
fact-rec-visitors = number of people: { $filing } in the filing, { $report } in the report
fact-prc-01 = { $certificate ->
    [yes] { $notice ->
        [yes] The enterprise reports that neither a certificate nor a notice of inspection was shown.
       *[no] The enterprise reports that no certificate was shown.
    }
   *[no] The enterprise reports that no notice of inspection was shown.
}
fact-dis-01 = { $service ->
    [yes] The enterprise calls it a service visit, but reports: { $list }.
   *[no] It was filed as a service visit, but the enterprise reports: { $list }.
}
fact-int-01 = The enterprise's report concerns number { $list } of the eight prohibitions.
fact-and-more = { $list } and more, { $count } days in all
fact-fault = { $what } ({ $fault })
fault-inspector-unknown = not in the registry
fault-inspector-other-agency = of another agency
fault-inspector-suspended = suspended
fault-inspector-not-yet = not valid yet
fault-inspector-expired = expired
fault-matter-unknown = not in the registry
fault-matter-other-agency = of another agency
fault-matter-not-yet = not published yet
fault-matter-no-longer = no longer published
tick-documents = documents demanded
tick-premises = premises inspected
tick-rectification = rectification asked for
tick-form = a form to sign
credit-none = unclassified
agency-unknown = (unknown agency)
matter-unknown = (unknown matter)
violation-suspected = Suspected
violation-confirmed = Confirmed
violation-dismissed = Dismissed
violation-cleared = Cleared
evidence-e01 = Event number, or photo and words
evidence-e02 = Event number, or photo and words
evidence-e03 = Event number, or photo and words
evidence-e04 = Complaint number, never the complainant
evidence-e05 = Document number and issuer
evidence-e06 = Case number
evidence-e07 = Law, article and deadline
evidence-e08 = Order number and due date
evidence-e09 = Application number
evidence-e10 = Monitoring record
evidence-e11 = Notice number
evidence-e12 = Approval number
