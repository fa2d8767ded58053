# Inspectors: invites, phones, certificates that run out.
people-access = Phones and invites
people-phones = Enrolled phones
people-phones-none = No phone is enrolled yet.
people-phone-enrolled = Enrolled { $time }
people-phone-seen = last used { $time }
people-phone-known = May be used
people-phone-revoked = Revoked { $time }
people-phone-revoke = Revoke this phone
people-invites = Invites
people-invites-none = Never invited so far.
people-invite-open = Waiting
people-invite-used = Used
people-invite-withdrawn = Withdrawn
people-invite-expired = Run out
people-invite-again = Another invite
people-invites-withdraw = Withdraw what is not used yet
people-reset = PIN forgotten or phone lost
people-reset-hint = All phones are revoked, open invites are withdrawn, and a new invite is made. The inspector sets a new PIN on the phone; you neither see it nor set it.
people-reset-do = Begin anew
people-invite-many = Invite several
people-invite-many-lead = Tick them, or paste certificate numbers. You get a code for each to print; each works for 72 hours and once.
people-invite-unknown = Not of your agency: { $list }
people-not-enrolled = Without a phone so far
people-cert-list = Certificate numbers
people-cert-list-hint = One a line, at most 100.
people-invite-do = Make the invites
people-invited = { $count ->
    [one] One invite
   *[other] { $count } invites
 }
people-expiring = Certificates that run out within 30 days
err-cert-list-required = Tick somebody, or paste certificate numbers.
err-cert-list-too-many = At most 100 at once.
err-cert-list-not-ours = Some numbers are not of your agency; no invite was made.
audit-inspector-device-revoked = Inspector's phone revoked
audit-inspector-invites-withdrawn = Invites withdrawn
audit-inspector-access-reset = Inspector begins anew
people-running-out = { $count ->
    [one] 1 certificate runs out within 30 days.
   *[other] { $count } certificates run out within 30 days.
 }
people-running-out-go = Show the list

# The head of an agency approves a visit
approve-title = Approve this visit
approve-words = Except for immediate inspections, the head of the unit approves a visit before it begins. Approver and time are those of this account and of now; nobody enters them for somebody else.
approve-do = Approve
approve-waits = The head of your unit has yet to sign in and approve it. What was approved on paper is entered by the inspector on the phone.
approve-position = Head of the unit
approve-count = { $count } { $count ->
    [one] visit waits
   *[other] visits wait
  } for your approval.
approve-count-go = Show
