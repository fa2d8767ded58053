# Signs: made, handed out, scanned, replaced, revoked.
sign-blank = Blank
sign-issued = Handed out
code-blank = This sign is not in use yet
code-blank-do = It was made in advance and belongs to no enterprise yet. Ask whoever gave it to you, or call the office.
audit-sign-bound = Sign bound
audit-sign-moved = Sign moved
audit-sign-handed-out = Sign handed out
audit-sign-retired = Sign retired
audit-sign-activated = Sign active (first scan)
audit-signs-printed = Signs printed
audit-signs-blank-made = Blank signs made
object-sign_batch = Batch of signs
