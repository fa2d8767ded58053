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
# Requests for an explanation: the fixed sentences that an agency reads, one a rule; none says where anything came from
ask-title = Ask for an explanation
ask-lead = This is all that the agency will see. The sentences are fixed and do not say where anything came from.
ask-due = Please explain by { $day }, { $days } working days.
ask-send = Send the request
ask-not-yet = Not yet
ask-nobody = This agency has no liaison who can sign in; the request can only be mailed to the agency's address. Have an administrator enter a liaison first.
ask-conflict-do = The request was not sent. Please look at how things stand now.
ask-refused-none = Nothing is selected. Go back to the list and tick one or several of one agency.
ask-refused-too-many = At most 50 at a time.
ask-refused-no-agency = The agency of one of them is not known, so nobody can be asked.
ask-refused-agencies = They belong to several agencies. A request goes to one agency: send them apart.
ask-refused-explaining = An explanation of one of them was asked for already.
ask-refused-closed = One of them is closed.
ask-refused-suspected = One of them cannot be asked about.
ask-refused-confirmed = One of them cannot be asked about.
ask-refused-dismissed = One of them was dismissed.
ask-refused-cleared = One of them has cleared.
explanation-title = Request for an explanation
explanation-to = To
explanation-lead = The following was found, or is to be checked, in the course of supervision. Please explain it truthfully.
explanation-asked = What is asked
explanation-conflict-do = Nothing was saved. Please look at how things stand now, and try again.
back-to-explanations = ‹ Back to requests
nav-explanations = Requests
nav-circulation = Circulation
case-number = Number
requests-tab-waiting = Waiting
requests-tab-overdue = Overdue
requests-tab-replied = To review
requests-tab-over = Over
requests-tab-all = All
requests-empty = No requests here
requests-empty-do = Have a look at the other tabs.
request-sent = Sent
request-seen = Opened by the agency
request-replied = Explained, to be reviewed
request-accepted = Accepted
request-returned = Returned, to be explained again
request-closed = Over
request-to-answer = To be explained
due-by = { $days ->
    [one] Please explain by { $day }, one working day left.
   *[other] Please explain by { $day }, { $days } working days left.
}
due-line = { $days ->
    [one] { $day }, one working day left
   *[other] { $day }, { $days } working days left
}
due-passed = The explanation was due by { $day }. Please explain as soon as possible.
due-was = Explanation due by { $day }
answer-heading = Explain
answer-again-hint = You have explained already. Until it is reviewed you can send again; the last one counts, the earlier ones are kept.
answer-choice = Is it so?
answer-corrected = Yes, and corrected
answer-correcting = Yes, being corrected
answer-exception = There were special circumstances
answer-disputed = No, that is not what happened
answer-other = Other
answer-words = Explanation
answer-words-hint = What happened, why, on what basis, and what was corrected; up to 2,000 characters.
answer-document = Number of a document
answer-files = Attachments
answer-files-hint = JPEG or PNG pictures, or PDF; at most 9, 6 MB together. Place and time in pictures, and author and program in PDFs, are removed; an electronic signature in a PDF becomes invalid by that, the look of a seal stays.
answer-send = Send the explanation
answer-title = Explanation { $round } (version { $version })
answer-was-returned = Returned, please explain again
extension-heading = More time
extension-hint = Once, before the deadline; a supervisor decides.
extension-ask = Ask for more time
extension-decide = The agency asks for more time
extension-grant = Grant
extension-refuse = Refuse
hand-over-heading = Hand over
hand-over-now = { $name } is dealing with it.
hand-over-to = Colleague
hand-over = Hand over
appeal-heading = Appeal against the decision on item { $position }
appeal-hint = Within 10 working days after you came to know of it, once a decision.
appeal-words = Reasons
appeal-send = Appeal
appeal-line = Appeal of { $time }: { $state }.
appeal-asked = to be decided
appeal-granted = taken up again
appeal-rejected = the decision stands
appeal-moot = the decision was changed
review-accept = Accept and close
review-accept-hint = All that is still open in this request is closed as accepted.
review-return = Return
review-return-hint = Twice at most; the deadline begins anew.
review-return-words = Reason of the return
review-withdraw = Withdraw this request
review-withdraw-words = Reason (stays in the console)
review-cleared = All that was asked about has cleared; nothing needs to be explained any more. Accept what was answered, or withdraw the request, to end it.
review-must-decide = It was returned twice and cannot be returned again. Accept it, or decide each violation.
agency-reads-this = The agency reads this. Do not say where anything came from.
circulation-lead = Agencies that have not explained five working days after the deadline, to be circulated.
circulation-empty = No agency is listed at present.
circulation-listed = Listed
circulation-done = Note as circulated
outcome-confirm = Confirmed as a violation
outcome-exempt = The exemption holds
outcome-dismiss = Dismissed
outcome-accept = Explanation accepted
outcome-correct = To be corrected
outcome-follow-up = Correction verified
outcome-circulate = Circulated
outcome-transfer = Transferred to another body
outcome-reopen = Taken up again
outcome-uphold = The decision stands
outcome-by = { $outcome }, by { $day }
decide-confirm = Confirm as a violation
decide-exempt = The exemption holds (no violation)
decide-dismiss = Dismiss (false alarm)
decide-accept = Accept the explanation and close
decide-correct = Order a correction and close
decide-follow-up = Correction verified
decide-circulate = Circulate and close
decide-transfer = Transfer and close
decide-reopen = Take up again
decide-uphold = The decision stands
decide-more = Other decisions
decide-more-hint = As it stands, these decisions are possible.
decide-kind = Decision
decide-follow-up-on = Correction due (only for a correction)
decide-follow-up-hint = Left empty: in 15 working days.
decide-reason = Reason
decide-reason-hint = Stays in the console. May be empty to confirm, accept or verify.
decide-told = What the agency reads
decide-told-hint = Only an agency that was asked sees it; may be empty. Do not say where anything came from.
decide-send = Decide
err-kind-required = Choose a decision.
err-reason-required = Give a reason.
err-follow-up-on-past = The correction cannot be due before today.
err-words-required = Describe what happened.
err-choice-required = Choose one.
err-return-words-required = Give the reason of the return.
err-withdraw-words-required = Give the reason of the withdrawal.
err-appeal-words-required = Give your reasons.
err-reply-required = Write a reply.
err-files-too-many = At most { $hint } attachments.
err-files-too-large = The attachments are larger than 6 MB together. Please shrink the pictures or attach fewer; what you typed is kept, the files are to be chosen again.
err-files-kind = "{ $hint }" is no JPEG, PNG or PDF.
err-files-picture = "{ $hint }" cannot be opened; it may be damaged.
err-files-pixels = "{ $hint }" is too large: a picture may have about 50 million pixels, and 12,000 a side. Take it again in the normal mode of the phone, or shrink it; what you typed is kept, the files are to be chosen again.
err-files-pixels-together = The pictures are too large: 120 million pixels together at most. Please attach fewer, or shrink them; what you typed is kept, the files are to be chosen again.
err-files-pdf-broken = "{ $hint }" is no whole PDF, or cannot be checked. Please open it and print it to PDF again, or attach a picture of it.
err-files-pdf-encrypted = "{ $hint }" is encrypted. Please remove the password first.
err-files-pdf-active = "{ $hint }" contains scripts, programs or a form and is not taken. Please print it to a plain PDF.
err-files-pdf-embedded = "{ $hint }" contains other files and is not taken. Please attach them one by one.
undo = Take this decision back
undo-until = It can be taken back until { $time }. Everything is then as before, and the mail to the agency is not sent.
undo-hint = It can be taken back for 10 minutes; the mail to the agency leaves only then.
bulk-title = Decide together
bulk-heading = { $count ->
    [one] One decision on one
   *[other] One decision on { $count }
}
bulk-nothing = No decision fits all that is selected. Please decide them apart, by their states.
bulk-choose = Decision
bulk-next = Preview
bulk-next-hint = The next page lists what becomes of each and when its agency hears of it. Nothing changes before you confirm there.
bulk-preview = { $count ->
    [one] One violation: { $decision }
   *[other] { $count } violations: { $decision }
}
bulk-preview-lead = Nothing has changed yet. Please look at each, then decide.
bulk-change = Another decision
bulk-unfit = { $count ->
    [one] One does not allow this decision and stays as it is.
   *[other] { $count } do not allow this decision and stay as they are.
}
bulk-now = Now
bulk-becomes = Afterwards
bulk-becomes-by = { $state }, to be verified by { $day }
bulk-becomes-seen = { $state }, verified
bulk-not-this = Not possible, stays as it is
bulk-told = Agency
bulk-told-unasked = Was never asked, is not told
bulk-told-silent = Is not told again
bulk-told-mailed = Mail 10 minutes after the decision
bulk-told-with-request = Told once all of its request is decided
bulk-told-appeal = { $told }; { $appeal }
bulk-appeal-ends = ends its appeal
bulk-appeal-waits = its appeal still waits
bulk-follow-up = Correction due
bulk-follow-up-hint = Left empty: the day listed above.
bulk-reason-hint = Stays in the console.
bulk-reason-optional = Stays in the console; may be empty.
bulk-send = { $count ->
    [one] Decide this one
   *[other] Decide these { $count }
}
bulk-ask = Ask for an explanation
bulk-decide = Decide together
bulk-hint = With those ticked:
bulk-pick = Select { $number }
handling-explaining = awaiting explanation
handling-explained = explained
handling-reopened = taken up again
handling-none = untouched
handling-closed = closed
closed-accepted = closed, accepted
closed-corrected = closed, to be corrected
closed-circulated = closed, circulated
closed-transferred = closed, transferred
next-step = Next step
next-decide = Decide, or ask
next-wait = Explanation by { $day }
next-late = Explanation was due by { $day }
next-review = Review the explanation
next-close = Close: correct, circulate or transfer
next-appeal = Decide the appeal by { $day }
next-follow-up = Verify the correction by { $day }
next-nothing = None
inbox-tab-overdue = Overdue
inbox-tab-due = Due today
inbox-tab-waiting = Waiting
inbox-tab-closed = Closed
inbox-empty-overdue = Nothing is overdue.
inbox-empty-due = Nothing is due today.
inbox-empty-waiting = No agency is being waited for.
inbox-empty-closed = Nothing is closed yet.
requests-of-violation = Explanation
not-asked-yet = The agency was not asked yet.
case-appeal = The agency appeals
appeal-due = To be decided by { $day }.
appeal-reply = Reply to the agency
appeal-grant = Take up again
appeal-reject = The decision stands
event-asked-about = { $name } asked the agency to explain
event-explained = The agency explained
event-appealed = The agency appealed
event-appeal-granted = { $name } takes it up again
event-appeal-rejected = { $name }: the decision stands
event-appeal-moot = The decision was changed, which ends the appeal
event-appeal-waits = The decision was taken back, and the appeal waits again
event-undone = { $name } took the last decision back
event-exempted = { $name }: the exemption holds
event-accepted = { $name } accepted the explanation and closed it
event-corrected = { $name } ordered a correction
event-followed-up = { $name } verified the correction
event-circulated = { $name } circulated it
event-transferred = { $name } transferred it
event-reopened = { $name } takes it up again
event-mail = Mail to { $recipient }: { $state }
event-ahead = Ahead: { $step }
step-three-before = reminder three working days before
step-one-before = reminder one working day before
step-on-the-day = reminder on the day
step-passed = noted as not explained in time
step-to-head = the agency's head is told
step-grave = not explained in time, graver
step-to-lead = the supervisors' lead is told, listed for circulation
step-follow-up = whether the correction is late
audit-request-sent = Request sent
audit-request-seen = Request opened by the agency
audit-request-handed-over = Request handed over
audit-request-extension-asked = More time asked for
audit-request-extended = More time granted
audit-request-not-extended = More time refused
audit-request-answered = Explanation given
audit-request-returned = Explanation returned
audit-request-accepted = Explanation accepted
audit-request-ended = Ended by itself: all that was asked about has cleared
audit-request-withdrawn = Request withdrawn
audit-request-listed = Listed for circulation
audit-request-circulated = Circulated
audit-violation-asked = Explanation asked for
audit-violation-explained = Explained
audit-violation-appealed = Appeal
audit-violation-appeal-granted = Appeal granted, taken up again
audit-violation-appeal-rejected = Appeal rejected
audit-violation-appeal-moot = Decision changed, appeal ended
audit-violation-appeal-waits = Appeal waits again
audit-user-lead = Lead set
object-request = Request
user-lead = Lead
user-lead-set = Make lead
user-lead-unset = No longer lead
user-lead-hint = An agency's head is told of missed deadlines; the supervisors' lead of agencies to be circulated.
mail-label-due = Due:{" "}
mail-due-left = { $days ->
    [one] { $day }, one working day left
   *[other] { $day }, { $days } working days left
}
mail-asked-subject = [Mashang] Explanation requested, no. { $number }, due { $due }
mail-asked-lead = There is a request for an explanation. Please sign in, read it and explain.
mail-returned-subject = [Mashang] Please explain again, no. { $number }, due { $due }
mail-returned-lead = Your explanation was returned. Please sign in, read why and explain again.
mail-extended-subject = [Mashang] More time granted, no. { $number }, due { $due }
mail-extended-lead = More time was granted. Please explain by the new deadline.
mail-not-extended-subject = [Mashang] More time refused, no. { $number }, due { $due }
mail-not-extended-lead = More time was not granted. Please explain by the deadline.
mail-reminder-subject = [Mashang] Deadline, no. { $number }, due { $due }
mail-reminder-lead = The deadline for an explanation is near. Please sign in and explain.
mail-overdue-subject = [Mashang] Overdue, no. { $number }, due { $due }
mail-overdue-lead = A request to your agency has not been answered by its deadline. Please see that it is.
mail-outcome-subject = [Mashang] Outcome, no. { $number }
mail-outcome-lead = There is an outcome of the request. Please sign in to read it.
mail-ended-request-subject = [Mashang] Request over, no. { $number }
mail-ended-request-lead = This request is over. Nothing needs to be explained any more.
mail-withdrawn-request-subject = [Mashang] Request withdrawn, no. { $number }
mail-withdrawn-request-lead = This request was withdrawn. Nothing needs to be explained.
mail-handed-over-subject = [Mashang] Handed over to you, no. { $number }, due { $due }
mail-handed-over-lead = A colleague has handed a request over to you. Please sign in to read it.
mail-appeal-decided-subject = [Mashang] Reply to your appeal, no. { $number }
mail-appeal-decided-lead = There is a reply to your appeal. Please sign in to read it.
mail-answered-subject = [Mashang] Explained, no. { $number }
mail-answered-lead = The agency has explained. Please sign in to review it.
mail-extension-asked-subject = [Mashang] More time asked for, no. { $number }, due { $due }
mail-extension-asked-lead = The agency asks for more time. Please sign in to decide.
mail-appealed-subject = [Mashang] Appeal, no. { $number }
mail-appealed-lead = The agency appeals against an outcome. Please sign in to decide.
mail-listed-subject = [Mashang] Listed for circulation, no. { $number }, due { $due }
mail-listed-lead = An agency has not explained five working days after the deadline and is listed for circulation.
