# The second step of signing in: an authenticator app and recovery codes.
step-title = Second step
step-lead = Open the authenticator app on your phone and type the six digits that it shows now.
step-code = Six digits
step-lost = Phone not at hand? Use a recovery code
step-recovery = Recovery code
step-recovery-hint = One of the ten that you wrote down; each works once.
step-help = Neither phone nor recovery codes? Ask an administrator for a reset.
step-other = Sign in as somebody else
step-setting = Two-step sign-in
step-short = Two steps
step-state-on = On
step-what = Beside the password, signing in then asks for six digits that an app on your phone shows. Who has only the password gets no further.
step-on = It is on.
step-left = { $count } recovery codes are left.
step-off = Two-step sign-in is off. Supervisors and administrators should turn it on.
step-begin = Turn on two-step sign-in
step-change = Renew recovery codes, or turn it off
step-renew = New recovery codes
step-end = Turn it off
step-scan = Scan with an authenticator app
step-scan-how = Open an authenticator app that knows TOTP (Microsoft Authenticator, Aegis, 2FAS and others) on your phone, scan the code below, then type the six digits that it shows.
step-picture = Code for the authenticator app
step-by-hand = Cannot scan? Type the key
step-code-first = The six digits that the app shows
step-confirm = Turn it on
step-anew = Make a new code
step-codes = Recovery codes
step-codes-once = They are shown this once. Write them down or print them and keep them safe: when the phone is lost, one of them signs you in.
step-codes-kept = I have written them down
step-reset = Reset two-step sign-in
err-otp-wrong = This code is wrong, or was used already. Wait for the next one; if that is wrong too, check the time of your phone.
err-otp-required = Type the six digits.
err-otp-wait = Wrong too often. Wait { $hint ->
    [one] one minute
   *[other] { $hint } minutes
} and try again.
err-recovery-wrong = This recovery code is wrong, or was used already.
err-recovery-wait = Wrong too often. Wait { $hint ->
    [one] one minute
   *[other] { $hint } minutes
} and try again.
audit-user-second-step-on = Two-step sign-in turned on
audit-user-second-step-off = Two-step sign-in turned off
audit-user-second-step-reset = Two-step sign-in of somebody else reset
audit-user-recovery-codes = Recovery codes renewed
