# Passkeys
passkey = Passkey
passkeys = Passkeys
passkeys-what = Sign in with the fingerprint, face or screen lock of this computer or phone, or with a security key, instead of password and code. No other site can take a passkey from you.
passkeys-none = There is no passkey yet.
passkeys-count = { $count } registered
passkeys-change = Add or remove
passkeys-own = My passkeys
passkey-times = Added { $since }, last used { $used }
passkey-never-used = Added { $since }, not used yet
passkey-add = Add a passkey
passkey-add-now = Add
passkey-name = Name
passkey-name-hint = So that you know it again, for example “Office computer”.
passkey-no-browser = This browser knows no passkeys, or scripts are off.
passkey-failed-new = The passkey was not added. Please try again.
passkey-cancelled = Cancelled, or not verified. Please try again.
passkey-known = There is a passkey of yours on this device already.
passkey-remove = Remove a passkey
passkey-remove-now = Remove
passkey-which = Which one
passkey-use = Sign in with a passkey
passkey-use-hint = Without password, if you have added one under “My settings”.
passkey-failed = You are not signed in. Please try again, or use your password.
passkey-instead = You may add a passkey instead
err-passkey-refused = The passkey was not added: it took too long, or this passkey cannot be used. Please try again.
err-passkey-required = Choose the passkey to remove.
err-passkey-wrong = You are not signed in: it took too long, or this passkey was removed. Please try again, or use your password.
err-passkey-wait = Wrong several times. Please wait { $hint ->
    [one] one minute
   *[other] { $hint } minutes
}.
err-name-too-many = There may be 10 passkeys. Remove one that you do not use.
err-password-passkey = The district requires two steps, and the password alone does not suffice. Use your passkey below; if you lost it, ask the administrator for a reset.
audit-user-passkey-added = Passkey added
audit-user-passkey-removed = Passkey removed
audit-user-passkey-failed = Sign-in failed (passkey not right)
