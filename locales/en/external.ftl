# Signing in to the console through OpenID Connect, WeCom and 政务钉钉.
external-with = Sign in with { $name }
external-oidc = Unified sign-in
external-wecom = WeCom
external-zwdingtalk = Government DingTalk
external-accounts = Accounts elsewhere
external-linked = Linked accounts
external-none = None yet.
external-since = Linked { $time }
external-used = last signed in { $time }
external-on = Signs in
external-off = Taken off { $time }
external-unlink = Take off
external-unlink-hint = The person is signed out everywhere at once. The account is not linked by itself again; link it below if it is needed.
external-no-provider = No sign-in through others is set up here.
external-link = Link an account
external-link-hint = The person may then sign in with this account, without the password. Who has two-step sign-in still enters the code.
external-provider = Provider
external-subject = Account number
external-subject-hint = The member's userid at WeCom, the accountId at Government DingTalk, the subject (sub) at the unified sign-in. After one attempt to sign in, the page and the audit show it.
external-link-do = Link
err-external-stale = This sign-in is over, or began in another browser. Please press the button below again.
err-external-wait = Many sign-ins from your network failed. Wait { $hint ->
    [one] one minute
   *[other] { $hint } minutes
}, or use your password.
err-external-denied = You did not agree to sign in. Press the button below when you want to, or use your password.
err-external-refused = Signing in did not work. Please try once more; if it fails again, use your password and tell the administrator.
err-external-down = The sign-in service cannot be reached now. Please try later, or use your password.
err-external-untrusted = What the sign-in service sent did not pass our checks, so you are not signed in. Use your password and tell the administrator.
err-external-weak = The district demands a stronger sign-in there, such as two steps, and this one was not, so you are not signed in. Sign in there in another way; if you do not know how, ask the administrator.
err-external-remembered = For this step the sign-in service has to ask anew who you are, and it did not, so that it does not count. Sign out there and try once more; if it fails again, tell the administrator.
err-external-unknown = The account { $hint } is not linked to a user here. Please tell the administrator this account; sign in once it is linked.
err-external-inactive = Your user is deactivated. Ask the administrator if you need it again.
err-subject-required = Please enter the account number.
err-subject-invalid = An account number has at most 255 bytes and no special characters.
err-subject-taken = This account is linked to another user. Take it off there first.
err-subject-second = The person has an account of this provider already. Take it off first.
audit-user-sign-in-linked = Account elsewhere linked
audit-user-sign-in-unlinked = Account elsewhere taken off
audit-user-sign-in-refused = Sign-in with an account elsewhere refused
