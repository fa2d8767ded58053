# Names of rules, kinds, exemptions and results
rule-ndd-01 = Inspection on a no-disturb day
rule-dup-01 = Repeated by the same authority
rule-dup-02 = Repeated by another authority on the same subject
rule-dup-03 = Too many visits in a short time
rule-frq-01 = Above the yearly number
rule-fil-01 = Filed too late beforehand
rule-fil-02 = Inspected first, filed later
rule-fil-03 = Immediate inspection filed too late
rule-fil-04 = Visit without a filing
rule-per-01 = Too few inspectors
rule-per-02 = Certificate not valid
rule-sco-02 = Matter not published
rule-exm-01 = Exception without grounds
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
