# The conversation with those who report, how far they may be named, contacts, ratings, watch periods
invite-subject = [Mashang] Please check and rate no. { $number }
invite-lead = An inspection was registered for your enterprise. If the inspectors came, please check what is registered and rate the visit; if they did not, there is nothing to rate.
invite-how = The link opens without signing in.
invite-note = After every inspection every enterprise gets the same invitation. The agency sees only the sum of a quarter, once there are 5 ratings, never who rated. If something was not as registered, scan the enterprise code and report it.
mail-kind-visit_invitation = Invitation to rate

identity-hidden = Not disclosed
identity-hidden-hint = Only supervisors know that you reported; it is written in no document.
identity-superiors = To superiors only
identity-superiors-hint = Supervisors may tell their own superiors that you reported.
identity-open = May be named to verify
identity-open-hint = Supervisors may say that you reported, and ask the agency about it.
identity-title = How far you may be named
identity-now = Now: { $level }
identity-lead = You alone decide. It can be widened, not narrowed. Your report is handled all the same if you leave it.
identity-raise = Widen to
identity-go = Widen
identity-done = Widened as you wish.
err-identity-only-upward = It can be widened only, not narrowed
err-identity-required = Choose one

phrase-received = Your report has arrived and is being looked into.
phrase-when = Please add: when exactly did they come, and when did they leave?
phrase-who = Please add: how many came, from which agency, in uniform or not?
phrase-papers = Please add: did they show certificates and the notice of inspection, did they leave any papers?
phrase-contact = If you can, leave a way to reach you. It is kept encrypted, and this page tells you if it is opened.
phrase-identity = Some things can be verified only if we may say where we know them from. You can widen on this page how far you may be named; your report is handled all the same if you do not.
phrase-verified = What you reported was verified and is being dealt with.
phrase-done = What you reported has been dealt with. Thank you.

talk-title = Conversation with the enterprise
talk-hint = The enterprise reads it by its receipt number; the system sends no notice. Write nothing that would give the enterprise away.
talk-none = No conversation yet.
talk-enterprise = Enterprise
talk-you = Supervisor { $name }
talk-seen = Seen by the enterprise
talk-unseen = Not seen by the enterprise yet
talk-unread = Unread
talk-mark = Mark as read
talk-phrase = Fixed phrase
talk-no-phrase = None
talk-words = Own words
talk-words-hint = May be empty; at most 2,000 characters
talk-send = Send to the enterprise
err-message-required = Choose a phrase or write something
reports-unread = New additions
reports-unread-count = { $count ->
    [one] 1 report has new additions
   *[other] { $count } reports have new additions
}
report-has-unread = New additions
report-new-words = New

look-from = Supervisor
look-from-you = You
look-messages = What the supervisor wrote and what you added
look-contact-opened = A supervisor opened the contact that you left, as the rules allow. Reason: { $reason }
opening-verify = to verify facts with you
opening-result = to tell you the result
opening-safety = you may need protection

contact-title = Contact
contact-sealed = Kept encrypted. Opening it needs a reason and the agreement of another supervisor; it can be read for 15 minutes, and the enterprise sees on its page that it was opened.
contact-reason = Reason (the enterprise sees it)
contact-words = Explanation (for the person who agrees)
contact-words-hint = Why it is needed and how you will use it
contact-ask = Ask to open
contact-asked = { $name } asked to open it on { $time }: { $reason }
contact-waiting = Waiting for another supervisor.
contact-agree = Agree
contact-refuse = Refuse
contact-agreed = { $name } agreed on { $time }; this holds for 24 hours.
contact-refused = { $name } refused on { $time }.
contact-open = Open for 15 minutes
contact-opened = Opened on { $time }.
contact-until = Closes by itself at { $time }.
contact-lapsed = The agreement has lapsed; ask again.
contact-others = Contacts that wait for your agreement
contact-others-line = { $name } asked on { $time }
contact-conflict = Somebody has dealt with it already; below is how it stands.
err-contact-words-required = Write why it is needed

link-reason = Grounds
link-reason-hint = Why you take it for this inspection; kept in the audit
err-link-reason-required = Write the grounds

watch-title = Watch periods
watch-lead = For { $days } days after an enterprise told something adverse, a new filing there by the agency concerned, its parent or its sub-units is suspected retaliation, for the discipline office only.
watch-off = The rule on suspected retaliation is switched off: new filings raise nothing by themselves. Please look out for them.
watch-none = No enterprise is under watch now.
watch-enterprise = Enterprise
watch-agency = Agency concerned
watch-since = Last told
watch-until = Watched until
watch-filings = Filings since
watch-here = Under watch until { $until }
watch-here-words = If { $agency } files at this enterprise again before then, the discipline office is told.
watch-rated = Rating
watch-reported = Report
nav-watch = Watch periods

ratings-title = Ratings
nav-ratings = Ratings
ratings-lead-agency = How enterprises rate your agency's inspections, summed by quarter. A quarter is shown once it is over and has at least 5 ratings. After every inspection every enterprise gets the same invitation.
ratings-lead = How enterprises rate each inspection. Agencies see the sum of a quarter only, once there are 5.
ratings-quarter = { $year }, quarter { $number }
ratings-count = Ratings
ratings-few = fewer than 5, not shown
ratings-closeness = Closeness
ratings-integrity = Integrity
ratings-satisfaction = Satisfaction
ratings-mean = { $mean }
ratings-by-agency = By agency
ratings-each = One by one
ratings-none = No ratings in this quarter.
ratings-when = Time
ratings-filing = Filing

desk-invite-title = Please rate the inspections that took place
desk-invite-lead = After every inspection every enterprise gets the same invitation. One rating each; the agency does not see who rated.
desk-invite-go = Check and rate
desk-rate-pin = Enterprise PIN
desk-rate-pin-hint = 6 digits, given out by the service office. Without one, scan the inspection code that the inspectors show.
err-pin-wrong-rate = The PIN is wrong
err-pin-wait-rate = Wrong PINs too often, so that none is checked now. Wait { $hint ->
    [one] one minute
   *[other] { $hint } minutes
}. A device that has rated with the PIN before is not held up by others; or scan the inspection code that the inspectors show.
err-pin-busy-rate = Too many PINs are being checked now. Yours was not looked at, and does not count as wrong. Send again in a few seconds, or scan the inspection code that the inspectors show.
desk-rate-known = After a right PIN this device is remembered for 180 days: others who guess at the PIN do not keep you from rating here. A report makes no device known.
insp-invite = Please check this inspection and rate it
audit-report-answered = Reporter answered
audit-report-read = Additions read
audit-report-identity = Naming widened
audit-contact-asked = Opening of contact asked for
audit-contact-approved = Opening of contact agreed to
audit-contact-refused = Opening of contact refused
audit-contact-opened = Contact opened


ask-refused-held = One of them already waits for the next batch.
ask-when = When to send
ask-now = Now (to be explained by { $day })
ask-now-hint = Only for what cannot wait until the next batch: where most leave with one, the time tells nothing.
ask-batch = With the next batch ({ $time })
ask-batch-hint = Together with others and in random order: this shields enterprises that report.
ask-batch-only = Leaves with the next batch: { $time }
ask-batch-why = Something in it rests on what an enterprise told. So that neither time nor order gives away who it was, it leaves only with the batch of the next working day, in random order. Until then you can take it back.
held-until = The request waits for its batch and leaves on { $time } ({ $name }). The agency does not see it yet.
held-returned = The request did not leave with its batch, because something had changed. Look at it again before sending.
held-take-back = Take it back
audit-violation-held = Request waits for its batch
audit-violation-unheld = Waiting request taken back or returned
