# Alert mails: number, rule, agency and time only; no enterprise, no person
mail-alert-subject = [Mashang] Alert, case { $number }
mail-alert-lead = A suspected violation was found. Please sign in and check it.
mail-alert-risen = A suspected violation that you were told of is now at level “{ $level }”. Please sign in and check it.
mail-digest-subject = [Mashang] Alerts: { $count }
mail-digest-lead = { $count ->
    [one] 1 suspected violation waits for you. Please sign in and check it.
   *[other] { $count } suspected violations wait for you. Please sign in and check them.
 }
mail-digest-more = { $count ->
    [one] 1 more is not listed here. Please sign in to see it.
   *[other] { $count } more are not listed here. Please sign in to see them.
 }
mail-referral-subject = [Mashang] Please sign in
mail-referral-lead = There is a lead that you need to sign in to see.
mail-label-number = Case:{" "}
mail-label-what = What:{" "}
mail-label-rule = Rule:{" "}
mail-label-level = Level:{" "}
mail-label-agency = Agency:{" "}
mail-label-when = When:{" "}
mail-what-filing = A filed inspection met a rule
mail-what-unfiled = Visit without a filing
mail-what-visit = A visit met a rule
mail-agency-unknown = not stated
mail-level-1 = 1 notice
mail-level-2 = 2 warning
mail-level-3 = 3 violation
mail-level-4 = 4 referral
mail-sign-in = The link asks you to sign in.
mail-suspected = The system suspects this by its rules. Nobody has confirmed it yet.
mail-contact = Questions? Call { $hotline }.
mail-contact-none = Questions? Ask your system administrator.
mail-automatic = This mail was sent automatically. Please do not reply.
mail-footer = { $district } · Mashang 码上报备
# Kinds and states of mails
mail-kind-violation_alert = Alert
mail-kind-violation_alert_daytime = Alert (working hours)
mail-kind-violation_digest = Digest
mail-kind-referral_notice = Referral notice
mail-state-pending = Waiting
mail-state-retry = Will be tried again
mail-state-sent = Sent
mail-state-stuck = Refused, needs a person
mail-state-gathered = Gathered into a digest
mail-state-withheld = Of a loaded history, not sent
mail-alert-state-pending = Waits for the digest
mail-alert-state-gathering = Being gathered
mail-alert-state-mailed = In a mail
mail-alert-state-superseded = Told of at a higher level
mail-alert-state-dropped = Cleared or decided before the digest
# Certificates that run out: numbers and days only
mail-kind-certificates_running_out = Certificates running out
mail-certificates-subject = [Mashang] { $count ->
    [one] 1 certificate runs out
   *[other] { $count } certificates run out
 } within 30 days
mail-certificates-lead = { $count ->
    [one] 1 certificate of your agency runs out
   *[other] { $count } certificates of your agency run out
 } within 30 days. Please have them renewed and the registry updated.
mail-certificates-note = Once a certificate has run out, visits filed with it are flagged.
mail-certificates-all = All certificates that run out:
mail-label-certificate = Certificate:
mail-label-valid-to = Valid until:
mail-checkpoint = Checkpoint of the audit (keeping this mail is enough):
